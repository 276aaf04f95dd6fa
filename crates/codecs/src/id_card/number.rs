//! A citizen's number.

/// Whether `number` has 17 digits and the right check digit (GB 11643-1999, by ISO 7064 MOD 11-2), where X
/// stands for 10; whoever types it may write x.
///
/// ```
/// assert!(codecs::id_card::is_valid_number("11010519491231002X"));
/// assert!(!codecs::id_card::is_valid_number("11010519491231003X"));
/// ```
pub fn is_valid_number(number: &str) -> bool {
    let [digits @ .., check] = number.as_bytes() else { return false };
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let check = match check {
        b'0'..=b'9' => check - b'0',
        b'X' | b'x' => 10,
        _ => return false,
    };
    // Each digit weighs twice as much as the next.
    let sum = digits.iter().fold(0, |sum, digit| (sum + u16::from(digit - b'0')) * 2 % 11);
    (sum + u16::from(check)) % 11 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB 11643-1999, examples.
    #[test]
    fn the_standards_examples_are_right() {
        for number in ["11010519491231002X", "11010519491231002x", "440524188001010014"] {
            assert!(is_valid_number(number), "{number}");
        }
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_two_neighbours_is_noticed() {
        let right = b"440524188001010014";
        for at in 0..18 {
            for digit in b'0'..=b'9' {
                let mut wrong = *right;
                wrong[at] = digit;
                assert_eq!(is_valid_number(str::from_utf8(&wrong).unwrap()), digit == right[at]);
            }
        }
        for at in 0..17 {
            let mut wrong = *right;
            wrong.swap(at, at + 1);
            assert_eq!(is_valid_number(str::from_utf8(&wrong).unwrap()), wrong == *right);
        }
    }

    #[test]
    fn what_is_no_number_is_not_valid() {
        for number in ["", "X", "1101051949123100", "11010519491231002X0", "1101051949123100２X", "+1010519491231002X"]
        {
            assert!(!is_valid_number(number), "{number}");
        }
    }
}
