//! Readers of magnetic cards that send the second track as text, 9600 8N1.
//!
//! Source: ISO/IEC 7811-6 (characters, longitudinal redundancy check) and 7813 (fields).
//! `; PAN = YYMM SSS … ? LRC`, 40 characters at most, each 30h and four bits. Readers that behave like
//! keyboards leave the LRC out. Members' cards of a company may end after the number.

mod decoder;

use std::fmt;

pub use decoder::Decoder;

/// What one kind of reader sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track2Traits {
    /// Whether it sends the check character.
    pub lrc: LrcUse,
    /// Whether only cards are wanted whose number passes [`is_luhn`], as those of banks do; members' cards need not.
    pub luhn: bool,
}

impl Default for Track2Traits {
    fn default() -> Self {
        Self { lrc: LrcUse::Optional, luhn: false }
    }
}

/// Whether a reader sends the check character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LrcUse {
    /// Always: a track without it is not believed.
    Always,
    /// Perhaps: a track without it is believed once something else follows, or the line is quiet.
    Optional,
    /// Never.
    Never,
}

/// The second track of a card. Its [`fmt::Debug`] keeps the number to itself: what is printed ends up in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Track2 {
    /// The card's number, 1–19 digits.
    pub pan: String,
    /// The month it is valid to, where the track has one.
    pub expiry: Option<Expiry>,
    /// Service code, 0–999, where the track has one.
    pub service_code: Option<u16>,
    /// How far the track can be believed.
    pub lrc: Lrc,
}

/// The last month a card is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Expiry {
    /// Last two digits of the year.
    pub year: u8,
    /// Month, 1–12.
    pub month: u8,
}

/// What became of the check character. A track whose LRC is wrong is not delivered at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lrc {
    /// It was there and right.
    Checked,
    /// The reader left it out.
    Absent,
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track2").field("lrc", &self.lrc).finish_non_exhaustive()
    }
}

/// Whether the last digit of `pan` is the check digit of the others (ISO/IEC 7812-1, Luhn's formula).
pub fn is_luhn(pan: &str) -> bool {
    if pan.len() < 2 || !pan.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let digits = pan.bytes().rev().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit,
            _ => 2 * digit / 10 + 2 * digit % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO/IEC 7812-1's formula; test numbers that card schemes publish.
    #[test]
    fn published_test_numbers_pass_luhn() {
        for pan in ["4111111111111111", "5555555555554444", "378282246310005", "6200000000000005"] {
            assert!(is_luhn(pan), "{pan}");
        }
        for pan in ["4111111111111112", "", "0", "411111111111111a", "１８"] {
            assert!(!is_luhn(pan), "{pan}");
        }
    }
}
