//! Which characters a device's own font can show, and the bytes it wants for them.

use std::borrow::Cow;

use encoding_rs::GB18030;

/// Printed or shown in place of a character the device's font does not have: the geta mark, which Chinese
/// typesetting uses for a missing glyph. It is in GB2312 (A1 FE), so every device here can show it.
pub const REPLACEMENT: char = '〓';

/// The repertoire of a device's built-in font. All of them are written in GB18030 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// ASCII and the 7445 characters of GB 2312-1980 (SPRT SP series, most LED font cards).
    Gb2312,
    /// ASCII and every two-byte code of GB18030 (SurePrint SP91: "only the two-byte areas").
    Gb18030TwoByte,
}

impl Charset {
    /// `text` with everything the font lacks replaced, by a plainer sign of the same meaning where there is
    /// one ("5–15" becomes "5-15" in GB2312), else by [`REPLACEMENT`], and every control character by a
    /// space, so that no text can smuggle a command into the byte stream. What the device can be sent in another way is kept.
    pub(crate) fn printable(self, text: &str, otherwise: impl Fn(char) -> bool) -> String {
        text.chars()
            .map(|c| match c {
                c if c.is_control() => ' ',
                c if self.has(c) => c,
                c => match stand_in(c) {
                    REPLACEMENT if otherwise(c) => c,
                    plainer => plainer,
                },
            })
            .collect()
    }

    pub(crate) fn has(self, c: char) -> bool {
        if c.is_ascii() {
            return true;
        }
        let mut utf8 = [0; 4];
        let bytes = match encode(c.encode_utf8(&mut utf8)) {
            Some(bytes) => bytes,
            None => return false,
        };
        match (self, bytes.as_ref()) {
            (Self::Gb2312, [lead, trail]) => is_gb2312(*lead, *trail),
            (Self::Gb18030TwoByte, [_, _]) => true,
            // A four-byte code: outside every font met in the field.
            (Self::Gb2312 | Self::Gb18030TwoByte, _) => false,
        }
    }
}

/// GB18030 bytes of printable `text`. Text from [`Charset::printable`] always has bytes; the one
/// private-use character GB18030 leaves out (U+E5E5) never reaches this point.
pub(crate) fn bytes(charset: Charset, text: &str) -> Vec<u8> {
    let text = charset.printable(text, |_| false);
    encode(&text).map(Cow::into_owned).unwrap_or_default()
}

/// Columns `c` takes on a device whose ASCII is half as wide as its Chinese.
pub(crate) fn columns(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

/// The plainer sign for a character a font lacks.
fn stand_in(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
        '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{a0}' => ' ',
        '•' => '·',
        _ => REPLACEMENT,
    }
}

fn encode(text: &str) -> Option<Cow<'_, [u8]>> {
    let (bytes, _, unmappable) = GB18030.encode(text);
    (!unmappable).then_some(bytes)
}

/// The cells GB 2312-1980 assigns, row by row (row = lead − A0). GBK and GB18030 fill the gaps between
/// them with characters a GB2312 font has no glyph for.
fn is_gb2312(lead: u8, trail: u8) -> bool {
    match lead {
        0xA1 | 0xA3 | 0xB0..=0xD6 | 0xD8..=0xF7 => matches!(trail, 0xA1..=0xFE),
        0xA2 => matches!(trail, 0xB1..=0xE2 | 0xE5..=0xEE | 0xF1..=0xFC),
        0xA4 => matches!(trail, 0xA1..=0xF3),
        0xA5 => matches!(trail, 0xA1..=0xF6),
        0xA6 => matches!(trail, 0xA1..=0xB8 | 0xC1..=0xD8),
        0xA7 => matches!(trail, 0xA1..=0xC1 | 0xD1..=0xF1),
        0xA8 => matches!(trail, 0xA1..=0xBA | 0xC5..=0xE9),
        0xA9 => matches!(trail, 0xA4..=0xEF),
        0xD7 => matches!(trail, 0xA1..=0xF9),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB 2312-1980: 682 symbols, 3755 level-1 and 3008 level-2 characters.
    #[test]
    fn gb2312_has_exactly_its_7445_characters() {
        let count = ('\u{80}'..=char::MAX).filter(|c| Charset::Gb2312.has(*c)).count();
        assert_eq!(count, 7445);
    }

    #[test]
    fn a_four_byte_character_becomes_the_geta_mark() {
        assert_eq!(Charset::Gb18030TwoByte.printable("㐀𠮷请", |_| false), "〓〓请");
    }

    #[test]
    fn a_gbk_only_character_is_kept_only_where_the_font_has_it() {
        assert_eq!(Charset::Gb18030TwoByte.printable("镕", |_| false), "镕");
        assert_eq!(Charset::Gb2312.printable("镕", |_| false), "〓");
    }

    #[test]
    fn a_dash_a_font_lacks_becomes_a_hyphen() {
        assert_eq!(Charset::Gb2312.printable("5–15 分钟", |_| false), "5-15 分钟");
        assert_eq!(Charset::Gb18030TwoByte.printable("5–15\u{a0}分钟", |_| false), "5–15 分钟");
    }

    #[test]
    fn control_characters_cannot_reach_the_device() {
        assert_eq!(Charset::Gb2312.printable("A\u{1b}@\n\u{85}B", |_| false), "A @  B");
    }

    #[test]
    fn the_bytes_are_gb18030() {
        // device makers' own example: "请 A013 号".
        assert_eq!(bytes(Charset::Gb2312, "请 A013 号"), [0xC7, 0xEB, 0x20, 0x41, 0x30, 0x31, 0x33, 0x20, 0xBA, 0xC5]);
    }

    #[test]
    fn the_one_character_gb18030_leaves_out_is_replaced() {
        assert_eq!(bytes(Charset::Gb18030TwoByte, "\u{e5e5}"), [0xA1, 0xFE]);
    }
}
