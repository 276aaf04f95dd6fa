//! Small RS-485 boards that show digits only, 9600 8N1. They answer nothing.
//!
//! A ticket's prefix does not fit: such a board shows the last three digits of the number
//! ([`last_three`]), and a hall that uses them keeps its numbers apart by the window they hang over.

use thiserror::Error;

/// Why a number cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DigitsError {
    /// A board has three digits.
    #[error("showing {number} on a board of three digits")]
    TooLarge {
        /// The number asked for.
        number: u16,
    },
}

/// The largest number a board shows.
pub const MAX_NUMBER: u16 = 999;

/// The last three digits of a ticket's number, without its prefix: `A1042` is 42. `None` when it has no digit.
pub fn last_three(ticket: &str) -> Option<u16> {
    let mut value = None;
    for digit in ticket.chars().filter_map(|c| c.to_digit(10)) {
        value = Some((value.unwrap_or(0) * 10 + digit) % 1000);
    }
    value.and_then(|value| u16::try_from(value).ok())
}

/// `ID hi lo sum8`: show `number` (0–999) on the board with this ID.
///
/// Source: the boards' command sheet; its example `05 03 E7 EF` shows 999 on board 5.
///
/// # Errors
/// [`DigitsError::TooLarge`] over 999.
pub fn small_board(id: u8, number: u16) -> Result<[u8; 4], DigitsError> {
    let [hi, lo] = checked(number)?.to_be_bytes();
    Ok([id, hi, lo, sum(&[id, hi, lo])])
}

/// 讯鹏 boards: `3A colour lo hi info sum 0A`. `colour` and `info` mean what the board's profile says; the
/// maker's example has 0 and 1. The sum runs from 3A to `info`.
///
/// Source: 讯鹏 digit board command sheet; its example `3A 00 78 03 01 B6 0A` shows 888.
///
/// # Errors
/// [`DigitsError::TooLarge`] over 999.
pub fn xunpeng(colour: u8, number: u16, info: u8) -> Result<[u8; 7], DigitsError> {
    let [lo, hi] = checked(number)?.to_le_bytes();
    let sum = sum(&[0x3A, colour, lo, hi, info]);
    Ok([0x3A, colour, lo, hi, info, sum, 0x0A])
}

fn checked(number: u16) -> Result<u16, DigitsError> {
    if number > MAX_NUMBER {
        return Err(DigitsError::TooLarge { number });
    }
    Ok(number)
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_board_shows_999() {
        assert_eq!(small_board(5, 999), Ok([0x05, 0x03, 0xE7, 0xEF]));
    }

    #[test]
    fn a_xunpeng_board_shows_888() {
        assert_eq!(xunpeng(0, 888, 1), Ok([0x3A, 0x00, 0x78, 0x03, 0x01, 0xB6, 0x0A]));
    }

    #[test]
    fn only_the_last_three_digits_are_shown() {
        assert_eq!(last_three("A042"), Some(42));
        assert_eq!(last_three("VIP1234"), Some(234));
        assert_eq!(last_three("贵宾"), None);
        assert_eq!(last_three(&"9".repeat(500)), Some(999));
    }

    #[test]
    fn a_number_the_board_cannot_show_is_refused() {
        assert_eq!(small_board(1, 1000), Err(DigitsError::TooLarge { number: 1000 }));
        assert_eq!(xunpeng(0, 1000, 1), Err(DigitsError::TooLarge { number: 1000 }));
    }
}
