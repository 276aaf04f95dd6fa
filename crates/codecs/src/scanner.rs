//! QR and bar code scanners that send what they read as a line of text, 9600 8N1.
//!
//! Most leave the factory sending Chinese in GBK; the line ends in CR, LF or both, by the scanner's setting.
//! Nothing checks what arrives: whoever uses a code has to know it.

use std::fmt;

use encoding_rs::{Encoding, GB18030, UTF_8};

/// What one kind of scanner sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScannerTraits {
    /// In which encoding.
    pub charset: ScannerCharset,
}

impl Default for ScannerTraits {
    fn default() -> Self {
        Self { charset: ScannerCharset::Gbk }
    }
}

/// In which encoding a scanner sends Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScannerCharset {
    /// GBK, and what GB18030 adds to it.
    Gbk,
    /// UTF-8.
    Utf8,
}

/// One thing a scanner sent. Its [`fmt::Debug`] keeps the code to itself: a member's code is as good as a card.
#[derive(Clone, PartialEq, Eq)]
pub enum Scan {
    /// A code, without the control characters around it, never empty.
    Code(String),
    /// More than [`Decoder::MAX_CODE`] bytes; the rest of them is dropped.
    TooLong,
    /// A line that is not text in the scanner's encoding.
    Undecodable,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "Code({} characters)", code.chars().count()),
            Self::TooLong => f.write_str("TooLong"),
            Self::Undecodable => f.write_str("Undecodable"),
        }
    }
}

/// Finds codes in what the port delivers.
#[derive(Clone, Default)]
pub struct Decoder {
    traits: ScannerTraits,
    line: Vec<u8>,
    /// The line was too long, and ends later.
    skipping: bool,
}

impl Decoder {
    /// Most bytes of one code; no ticket, card or coupon is longer.
    pub const MAX_CODE: usize = 1024;

    /// For a scanner with these traits.
    pub fn new(traits: ScannerTraits) -> Self {
        Self { traits, ..Self::default() }
    }

    /// The codes whose line ended in `bytes`; one that gets too long is told as soon as it does.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Scan> {
        bytes.iter().filter_map(|byte| self.one(*byte)).collect()
    }

    /// Forget half a code, as after a port was opened again.
    pub fn clear(&mut self) {
        self.line.clear();
        self.skipping = false;
    }

    fn one(&mut self, byte: u8) -> Option<Scan> {
        // No character of GBK, GB18030 or UTF-8 has these bytes inside.
        if byte == b'\r' || byte == b'\n' {
            let scan = if self.skipping { None } else { self.code() };
            self.clear();
            return scan;
        }
        if self.skipping {
            return None;
        }
        if self.line.len() == Self::MAX_CODE {
            self.skipping = true;
            return Some(Scan::TooLong);
        }
        self.line.push(byte);
        None
    }

    fn code(&self) -> Option<Scan> {
        let encoding: &Encoding = match self.traits.charset {
            ScannerCharset::Gbk => GB18030,
            ScannerCharset::Utf8 => UTF_8,
        };
        let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&self.line) else {
            return Some(Scan::Undecodable);
        };
        let code = text.trim_matches(char::is_control);
        (!code.is_empty()).then(|| Scan::Code(code.to_owned()))
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("traits", &self.traits)
            .field("pending", &self.line.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Scan {
        Scan::Code(text.to_owned())
    }

    fn utf8() -> Decoder {
        Decoder::new(ScannerTraits { charset: ScannerCharset::Utf8 })
    }

    #[test]
    fn a_code_ends_in_cr_lf_or_both() {
        for end in ["\r", "\n", "\r\n", "\n\r"] {
            let mut decoder = Decoder::default();
            let bytes = format!("A042{end}B007{end}");
            let scans: Vec<Scan> = bytes.bytes().flat_map(|byte| decoder.push(&[byte])).collect();
            assert_eq!(scans, [code("A042"), code("B007")], "{end:?}");
        }
    }

    #[test]
    fn chinese_is_read_in_the_scanners_encoding() {
        // GBK: 请 = C7 EB, 号 = BA C5, 镕 = E9 46. GB18030: 㐀 = 81 39 EE 39.
        let gbk = [0xC7, 0xEB, 0xBA, 0xC5, 0xE9, 0x46, 0x81, 0x39, 0xEE, 0x39, b'\r'];
        assert_eq!(Decoder::default().push(&gbk), [code("请号镕㐀")]);
        assert_eq!(utf8().push("请号镕\r".as_bytes()), [code("请号镕")]);
    }

    #[test]
    fn a_scanner_set_to_another_encoding_is_noticed() {
        assert_eq!(utf8().push(&[0xC7, 0xEB, b'\r']), [Scan::Undecodable]);
        assert_eq!(Decoder::default().push(&[0xC7, 0xFF, b'\r', b'A', b'\r']), [Scan::Undecodable, code("A")]);
    }

    #[test]
    fn a_code_too_long_is_told_once_and_the_next_one_read() {
        let mut decoder = Decoder::default();
        let long = vec![b'7'; 10 * 1024];
        let scans: Vec<Scan> = long.chunks(100).flat_map(|piece| decoder.push(piece)).collect();
        assert_eq!(scans, [Scan::TooLong]);
        assert!(decoder.line.capacity() <= 2 * Decoder::MAX_CODE);
        assert_eq!(decoder.push(b"\r\nA042\r\n"), [code("A042")]);
    }

    #[test]
    fn the_longest_code_is_read() {
        let longest = "7".repeat(Decoder::MAX_CODE);
        assert_eq!(Decoder::default().push(format!("{longest}\r").as_bytes()), [code(&longest)]);
        assert_eq!(Decoder::default().push(format!("{longest}7\r").as_bytes()), [Scan::TooLong]);
    }

    #[test]
    fn control_characters_around_a_code_do_not_belong_to_it() {
        assert_eq!(Decoder::default().push(b"\x02A042\x03\r\x00\r\r"), [code("A042")]);
    }

    #[test]
    fn half_a_code_is_forgotten_with_its_port() {
        let mut decoder = Decoder::default();
        decoder.push(b"A0");
        decoder.clear();
        assert_eq!(decoder.push(b"42\r"), [code("42")]);
    }

    #[test]
    fn nothing_that_is_printed_tells_the_code() {
        let mut decoder = Decoder::default();
        let scans = decoder.push(b"13800138000\r138");
        assert_eq!(format!("{scans:?}"), "[Code(11 characters)]");
        assert!(!format!("{decoder:?}").contains("51"));
    }
}
