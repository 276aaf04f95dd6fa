//! Who a customer said they are. The rules only ever see the masked form: the whole number never reaches the journal.

use serde::{Deserialize, Serialize};

/// What a customer identified themselves with, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which kind of number it was.
    pub kind: IdentityKind,
    /// As staff may see it: `138****1234`.
    pub masked: String,
}

/// Kinds of identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// Mobile number.
    Phone,
    /// Club card.
    Card,
    /// Resident identity card.
    IdCard,
}

impl Identity {
    /// Masks a value after the confidentiality norm (138****1234): the first three and last four characters stay when at
    /// least four are hidden between them; of a shorter value nothing stays.
    pub fn mask(kind: IdentityKind, value: &str) -> Self {
        let chars: Vec<char> = value.chars().collect();
        let (head, tail) = if chars.len() >= 11 { (3, 4) } else { (0, 0) };
        let shown = |index: usize| index < head || index >= chars.len() - tail;
        let masked = chars.iter().enumerate().map(|(index, char)| if shown(index) { *char } else { '*' }).collect();
        Self { kind, masked }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_keeps_three_and_four_digits() {
        assert_eq!(Identity::mask(IdentityKind::Phone, "13812341234").masked, "138****1234");
    }

    #[test]
    fn of_a_short_value_nothing_stays() {
        assert_eq!(Identity::mask(IdentityKind::Card, "1234567890").masked, "**********");
        assert_eq!(Identity::mask(IdentityKind::Card, "7").masked, "*");
        assert_eq!(Identity::mask(IdentityKind::Card, "").masked, "");
    }
}
