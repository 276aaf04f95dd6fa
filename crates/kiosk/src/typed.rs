//! What a customer or staff type and nobody else is to know.

use std::fmt;
use zeroize::Zeroizing;

/// The longest that anybody types here: an identity card's number.
const MOST: usize = 18;

/// Digits that somebody typed. They are wiped from memory when dropped, and debug output says only how many they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(Zeroizing<String>);

impl Default for Typed {
    fn default() -> Self {
        // Grown once: a string that grows leaves what it held behind.
        Self(Zeroizing::new(String::with_capacity(MOST)))
    }
}

impl Typed {
    /// One more digit, up to so many.
    pub fn push(&mut self, digit: u8, most: usize) {
        if digit < 10 && self.0.len() < most.min(MOST) {
            self.0.push(char::from(b'0' + digit));
        }
    }

    /// Takes the last digit away.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// How many digits.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The digits themselves: to be sent, or shown to whoever holds the button that reveals them.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A mobile number as it may be shown, also while it is typed: the fourth to the seventh digit are stars.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.char_indices().map(|(at, digit)| if (3..7).contains(&at) { '*' } else { digit }).collect()
    }

    /// Nothing but dots.
    #[must_use]
    pub fn dots(&self) -> String {
        "●".repeat(self.count())
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typed({} digits)", self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(digits: &str) -> Typed {
        let mut typed = Typed::default();
        digits.bytes().for_each(|digit| typed.push(digit - b'0', 11));
        typed
    }

    #[test]
    fn a_number_is_masked_while_it_is_typed_and_never_longer_than_asked_for() {
        assert_eq!(typed("13").masked(), "13");
        assert_eq!(typed("13812").masked(), "138**");
        assert_eq!(typed("138123456789").masked(), "138****5678");
    }

    #[test]
    fn debug_output_names_no_digit() {
        assert_eq!(format!("{:?}", typed("13812345678")), "Typed(11 digits)");
    }
}
