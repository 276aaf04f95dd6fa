//! Pure text: sub-command 12 of the external calls (Lumen, External Calls Communication Protocol, CC = 0x12).

use crate::gb2312;
use crate::led::board::Place;

/// The sub-command.
const PURE_TEXT: u8 = 0x12;

/// Heights of letters in dots, by the low four bits of the font byte.
const LETTERS: [usize; 8] = [8, 12, 16, 24, 32, 40, 48, 56];

/// One text as the card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CPowerText {
    /// The window it is in, 0 to 7.
    pub window: u8,
    /// How it appears; 0: at once.
    pub effect: u8,
    /// Bits 0 and 1: left, centre, right; bits 2 and 3: top, middle, bottom.
    pub align: u8,
    /// Speed of the effect; smaller is faster.
    pub speed: u8,
    /// Seconds a page stays.
    pub stay_seconds: u16,
    /// Height of the letters in dots.
    pub letter: usize,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// The text; `▯` stands for what a GB 2312 font lacks.
    pub text: String,
}

impl CPowerText {
    /// Across and down.
    pub(super) fn places(&self) -> (Place, Place) {
        (place(self.align), place(self.align >> 2))
    }
}

/// The envelope of one packet of an external call.
pub(super) struct Packet<'a> {
    pub(super) number: u8,
    pub(super) last: u8,
    pub(super) content: &'a [u8],
}

impl<'a> Packet<'a> {
    pub(super) fn read(data: &'a [u8]) -> Result<Self, String> {
        let [low, high, number, last, content @ ..] = data else {
            return Err("shorter than the head of a packet".to_owned());
        };
        let length = u16::from_le_bytes([*low, *high]);
        if usize::from(length) != content.len() {
            return Err(format!("length {length} with {} bytes", content.len()));
        }
        Ok(Self { number: *number, last: *last, content })
    }
}

/// `12 window effect align speed stay:2 font R G B text 00`; the stay has its high byte first.
pub(super) fn pure_text(call: &[u8]) -> Result<CPowerText, String> {
    let [PURE_TEXT, window, effect, align, speed, high, low, font, red, green, blue, text @ ..] = call else {
        return Err(format!("sub-command {:02X?}, {} bytes", call.first(), call.len()));
    };
    let end = text.iter().position(|byte| *byte == 0).ok_or("text without its end")?;
    let (text, rest) = text.split_at(end);
    if rest.len() > 1 {
        return Err(format!("{} bytes after the end of the text", rest.len() - 1));
    }
    Ok(CPowerText {
        window: *window,
        effect: *effect,
        align: *align,
        speed: *speed,
        stay_seconds: u16::from_be_bytes([*high, *low]),
        letter: LETTERS.get(usize::from(font & 0x0F)).copied().ok_or_else(|| format!("font size {font:02X}"))?,
        colour: [*red, *green, *blue],
        text: gb2312::text(text).chars().map(on_board).collect(),
    })
}

/// The maker's example breaks lines with 0D; no other control code is described.
fn on_board(character: char) -> char {
    match character {
        '\r' => '\n',
        control if control.is_ascii_control() => '▯',
        plain => plain,
    }
}

fn place(bits: u8) -> Place {
    match bits & 3 {
        1 => Place::Middle,
        2 => Place::End,
        _ => Place::Start,
    }
}
