//! A dynamic area: a rectangle of the display whose text is replaced as a whole.

use thiserror::Error;

use super::frame::{HOST, encode};
use crate::led::gb2312;

/// One card's profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnbonTraits {
    /// The card's address, from 1; [`super::BROADCAST`] for all.
    pub address: u16,
    /// The card's model code; FE fits any.
    pub device: u8,
    /// What X and width count. Published frames use both; the high bit tells the card which.
    pub across: Units,
    /// What Y and height count. Sources disagree; the maker's manual (9.1) and published frames count pixels.
    pub down: Units,
    /// Bytes put before every text, for cards told their colour or font by an escape in the text. Empty for
    /// the card's own settings.
    pub text_prefix: Vec<u8>,
    /// Run mode of the area: 0 loops, 1 stays on its last page, 2 disappears when not renewed in time.
    pub run_mode: u8,
    /// Seconds until an area counts as not renewed.
    pub timeout_s: u16,
    /// Alignment of the area: bits 0–1 left, right, centre; bits 2–3 top, bottom, middle (BX-5K/6K protocol, 9.1).
    pub align: u8,
    /// Whether the text stays on one line.
    pub single_line: bool,
    /// Whether the card wraps text by itself.
    pub wrap: bool,
    /// How text appears: 1 is at once.
    pub display_mode: u8,
    /// How text leaves: 0 is at once.
    pub exit_mode: u8,
    /// Speed of moving text, 0 fastest.
    pub speed: u8,
    /// Time a page stays, in half seconds.
    pub stay_half_seconds: u8,
}

impl Default for OnbonTraits {
    fn default() -> Self {
        Self {
            address: 1,
            device: 0xFE,
            across: Units::Eighths,
            down: Units::Pixels,
            text_prefix: Vec::new(),
            run_mode: 0,
            timeout_s: 0,
            align: 0,
            single_line: true,
            wrap: false,
            display_mode: 1,
            exit_mode: 0,
            speed: 0,
            stay_half_seconds: 10,
        }
    }
}

/// What a coordinate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Units {
    /// Eight pixels; a rectangle is widened to whole eights.
    Eighths,
    /// One pixel. Across, the value's high bit (8000h) is set to say so.
    Pixels,
}

/// A rectangle of the display, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Area {
    /// Which of the card's dynamic areas, from 0.
    pub id: u8,
    /// Left edge.
    pub x: u16,
    /// Top edge.
    pub y: u16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
}

/// The card takes frames of 1 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("sending {len} bytes of text to a font card that takes {MAX_TEXT} at once")]
pub struct TextTooLong {
    /// Bytes of the text and its prefix.
    pub len: usize,
}

/// Text bytes in one frame, so that it fits the card's receive buffer of 1024 bytes with header and escapes.
pub(super) const MAX_TEXT: usize = 480;

/// Show `text` in `area`, replacing what was there. The text is written in GB2312; other characters show as 〓.
///
/// Group A3 command 06: areas to delete, areas to update, and for each its length and fields.
///
/// # Errors
/// [`TextTooLong`] over 480 bytes (240 Chinese characters).
pub fn dynamic_text(traits: &OnbonTraits, area: &Area, text: &str) -> Result<Vec<u8>, TextTooLong> {
    let text = [traits.text_prefix.clone(), gb2312(text)].concat();
    let length = match u16::try_from(text.len()) {
        Ok(length) if text.len() <= MAX_TEXT => length,
        Ok(_) | Err(_) => return Err(TextTooLong { len: text.len() }),
    };

    let mut fields = vec![AREA_TYPE_DYNAMIC];
    fields.extend(across(edge(area.x, traits.across), traits.across));
    fields.extend(edge(area.y, traits.down).to_le_bytes());
    fields.extend(across(extent(area.x, area.width, traits.across), traits.across));
    fields.extend(extent(area.y, area.height, traits.down).to_le_bytes());
    fields.extend([area.id, LINE_SPACING, traits.run_mode]);
    fields.extend(traits.timeout_s.to_le_bytes());
    fields.extend([
        NO_SOUND,
        NO_EXTENSION,
        traits.align,
        one_or_two(traits.single_line),
        one_or_two(!traits.wrap),
        traits.display_mode,
        traits.exit_mode,
        traits.speed,
        traits.stay_half_seconds,
    ]);
    fields.extend(u32::from(length).to_le_bytes());
    fields.extend(text);

    let mut data = vec![0xA3, 0x06, WANTS_ANSWER, 0, 0, DELETE_NONE, UPDATE_ONE];
    // At most MAX_TEXT and 27 bytes of fields.
    data.extend(u16::try_from(fields.len()).unwrap_or(u16::MAX).to_le_bytes());
    data.extend(fields);
    Ok(encode(traits.address, HOST, traits.device, &data))
}

const AREA_TYPE_DYNAMIC: u8 = 0;
const LINE_SPACING: u8 = 0;
const NO_SOUND: u8 = 0;
const NO_EXTENSION: u8 = 0;
const WANTS_ANSWER: u8 = 1;
const DELETE_NONE: u8 = 0;
const UPDATE_ONE: u8 = 1;

/// The card writes yes as 1 and no as 2.
fn one_or_two(yes: bool) -> u8 {
    if yes { 1 } else { 2 }
}

/// A left or top edge: rounded down, so that nothing of the rectangle is lost.
fn edge(value: u16, units: Units) -> u16 {
    match units {
        Units::Pixels => value,
        Units::Eighths => value / 8,
    }
}

/// A width or height: from the rounded edge to the far side, rounded up.
fn extent(start: u16, length: u16, units: Units) -> u16 {
    match units {
        Units::Pixels => length,
        Units::Eighths => (start % 8).saturating_add(length).div_ceil(8),
    }
}

/// Across, a value in pixels says so by its high bit.
fn across(value: u16, units: Units) -> [u8; 2] {
    match units {
        Units::Pixels => (value | 0x8000).to_le_bytes(),
        Units::Eighths => value.to_le_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_in_eighths_loses_no_pixel() {
        // 12..37 lies in the eighths 1..5.
        assert_eq!((edge(12, Units::Eighths), extent(12, 25, Units::Eighths)), (1, 4));
        assert_eq!((edge(16, Units::Eighths), extent(16, 64, Units::Eighths)), (2, 8));
    }

    #[test]
    fn a_text_too_long_for_the_card_is_refused() {
        let area = Area { id: 0, x: 0, y: 0, width: 64, height: 16 };
        let traits = OnbonTraits::default();
        assert!(dynamic_text(&traits, &area, &"号".repeat(240)).is_ok());
        assert_eq!(dynamic_text(&traits, &area, &"号".repeat(241)), Err(TextTooLong { len: 482 }));
    }

    #[test]
    fn a_prefix_goes_before_the_text_and_counts() {
        let area = Area { id: 0, x: 0, y: 0, width: 64, height: 16 };
        let traits = OnbonTraits { text_prefix: b"\\C1".to_vec(), ..OnbonTraits::default() };
        let frame = dynamic_text(&traits, &area, "3号").unwrap();
        let tail = [&[6, 0, 0, 0][..], b"\\C1", &[0x33, 0xBA, 0xC5]].concat();
        assert!(frame.windows(tail.len()).any(|at| at == tail), "{frame:02X?}");
    }
}
