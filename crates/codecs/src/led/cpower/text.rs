//! Pure text: one window of the card's layout, replaced as a whole.

use thiserror::Error;

use super::frame::{EXTERNAL_CALL, encode};
use crate::Charset;
use crate::charset;

/// One card's profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CPowerTraits {
    /// The card's address, 1–254; [`super::BROADCAST`] for all.
    pub id: u8,
    /// Which characters its font has; no source says.
    pub charset: Charset,
    /// The window of the card's layout that shows the text, 0–7.
    pub window: u8,
    /// How text appears: 0 is at once.
    pub effect: u8,
    /// Alignment: bits 0–1 left, centre, right; bits 2–3 top, middle, bottom.
    pub align: u8,
    /// Speed of moving text, 1 (fastest) to 100.
    pub speed: u8,
    /// Seconds a page stays.
    pub stay_s: u16,
    /// Bits 0–3: 8, 12, 16, 24, 32, 40, 48 or 56 dots; bits 4–6: style.
    pub font: u8,
    /// Red, green, blue, each 0–255.
    pub colour: [u8; 3],
}

impl Default for CPowerTraits {
    fn default() -> Self {
        Self {
            id: 1,
            charset: Charset::Gb2312,
            window: 0,
            effect: 0,
            align: 0,
            speed: 1,
            stay_s: 10,
            font: 2,
            colour: [0xFF, 0, 0],
        }
    }
}

/// Most bytes of one text. No source says how much a card takes in one packet of text; its file commands take
/// 512 bytes, and the text has 12 of its own.
pub const MAX_TEXT: usize = 500;

/// A text the card does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("showing a text of {len} bytes on a card that takes {MAX_TEXT}")]
pub struct TextTooLong {
    /// Its bytes in the card's encoding.
    pub len: usize,
}

/// Show `text` in the window of `traits`. A line feed in it begins a new line, as 0D, the way the maker's
/// example does it.
///
/// # Errors
/// [`TextTooLong`] over [`MAX_TEXT`] bytes: a text cut off would name a wrong number.
pub fn pure_text(traits: &CPowerTraits, text: &str) -> Result<Vec<u8>, TextTooLong> {
    let lines: Vec<Vec<u8>> = text.split('\n').map(|line| charset::bytes(traits.charset, line)).collect();
    let text = lines.join(&LINE_BREAK);
    if text.len() > MAX_TEXT {
        return Err(TextTooLong { len: text.len() });
    }

    let mut call = vec![PURE_TEXT, traits.window, traits.effect, traits.align, traits.speed];
    call.extend(traits.stay_s.to_be_bytes());
    call.push(traits.font);
    call.extend(traits.colour);
    call.extend(text);
    call.push(TEXT_END);

    // At most MAX_TEXT and 12.
    let length = u16::try_from(call.len()).unwrap_or(u16::MAX);
    let mut data = length.to_le_bytes().to_vec();
    data.extend([FIRST_PACKET, LAST_PACKET]);
    data.extend(call);
    Ok(encode(traits.id, EXTERNAL_CALL, &data))
}

const PURE_TEXT: u8 = 0x12;
const LINE_BREAK: u8 = 0x0D;
const TEXT_END: u8 = 0x00;
/// Packets count from 0; the only one is also the last.
const FIRST_PACKET: u8 = 0;
const LAST_PACKET: u8 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_the_card_is_refused() {
        let traits = CPowerTraits::default();
        assert!(pure_text(&traits, &"号".repeat(250)).is_ok());
        assert_eq!(pure_text(&traits, &"号".repeat(251)), Err(TextTooLong { len: 502 }));
    }

    #[test]
    fn chinese_goes_out_in_the_encoding_of_the_card() {
        let frame = |charset| pure_text(&CPowerTraits { charset, ..CPowerTraits::default() }, "3号镕").unwrap();
        let shows = |frame: &[u8], bytes: &[u8]| frame.windows(bytes.len()).any(|at| at == bytes);
        assert!(shows(&frame(Charset::Gb2312), &[0x33, 0xBA, 0xC5, 0xA1, 0xFE, 0x00]));
        assert!(shows(&frame(Charset::Gb18030TwoByte), &[0x33, 0xBA, 0xC5, 0xE9, 0x46, 0x00]));
    }

    #[test]
    fn no_text_can_end_itself_or_smuggle_a_command() {
        let frame = pure_text(&CPowerTraits::default(), "A\0\r\u{1b}B").unwrap();
        assert!(frame.windows(6).any(|at| at == b"A   B\0"), "{frame:02X?}");
    }
}
