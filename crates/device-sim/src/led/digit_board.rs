//! Small RS-485 boards of three digits (9600 8N1), of two kinds. They answer nothing.
//!
//! Addressed boards hear `ID hi lo sum`: `05 03 E7 EF` shows 999 on board 5. 讯鹏's board has no address and hears
//! `3A colour lo hi info sum 0A`: `3A 00 78 03 01 B6 0A` shows 888. The sum is that of all bytes before it, modulo 256.

use std::io;
use std::time::Instant;

use tokio::sync::watch;

use super::segments;
use crate::bus::{Framing, Heard, OnBus, Unit, Verdict, unit_methods};
use crate::line::LineOptions;

/// The largest number three digits show.
const LARGEST: u16 = 999;
/// Start byte of 讯鹏's frame.
const START: u8 = 0x3A;
/// End byte of 讯鹏's frame.
const END: u8 = 0x0A;

/// A running board. Dropping the last one of a line unplugs the line.
pub struct DigitBoard {
    on_bus: OnBus<DigitFraming, Digits>,
    shown: watch::Receiver<Option<u16>>,
    id: Option<u8>,
}

impl DigitBoard {
    /// Plugs addressed boards into one line. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start_bus(line: &LineOptions, ids: impl IntoIterator<Item = u8>) -> io::Result<Vec<Self>> {
        Self::start_kind(line, Kind::Addressed, ids.into_iter().map(Some).collect())
    }

    /// Plugs one board of 讯鹏 in, which takes every frame on its line.
    ///
    /// # Errors
    /// As [`DigitBoard::start_bus`].
    pub fn start_xunpeng(line: &LineOptions) -> io::Result<Self> {
        let mut boards = Self::start_kind(line, Kind::Xunpeng, vec![None])?;
        boards.pop().ok_or_else(|| io::Error::other("no board"))
    }

    fn start_kind(line: &LineOptions, kind: Kind, ids: Vec<Option<u8>>) -> io::Result<Vec<Self>> {
        let unit = |id: &Option<u8>| Digits { id: *id, details: None, shown: watch::Sender::new(None) };
        let units: Vec<_> = ids.iter().map(unit).collect();
        let shown: Vec<_> = units.iter().map(|unit| unit.shown.subscribe()).collect();
        Ok(OnBus::start(line, DigitFraming { kind, raw: Vec::new() }, units)?
            .zip(shown)
            .zip(ids)
            .map(|((on_bus, shown), id)| Self { on_bus, shown, id })
            .collect())
    }

    unit_methods!(on_bus);

    /// Id of the board; `None` for 讯鹏's.
    pub fn id(&self) -> Option<u8> {
        self.id
    }

    /// The number it shows, 0 to 999; `None` before the first.
    pub fn shows(&self) -> Option<u16> {
        *self.shown.borrow()
    }

    /// The shown number, to be watched.
    pub fn watch(&self) -> watch::Receiver<Option<u16>> {
        self.shown.clone()
    }

    /// Waits until it shows `number`.
    pub async fn wait_for_number(&self, number: u16) {
        self.on_bus.wait_for(|place| (*place.unit.shown.borrow() == Some(number)).then_some(())).await;
    }

    /// The colour and information bytes of the newest frame 讯鹏's board carried out; what they mean on a real one
    /// is not known.
    pub fn colour_and_info(&self) -> Option<(u8, u8)> {
        self.on_bus.read(|place| place.unit.details)
    }

    /// The board as it looks: lit and dark segments.
    pub fn png(&self) -> Vec<u8> {
        segments::png(&self.shows().map_or_else(|| " ".repeat(3), |number| format!("{number:>3}")))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Addressed,
    Xunpeng,
}

struct DigitMessage {
    id: Option<u8>,
    number: u16,
    details: Option<(u8, u8)>,
}

/// Finds frames by their length: these have no escapes, and the addressed ones no start byte. A board that lost count
/// finds it again after a silence.
struct DigitFraming {
    kind: Kind,
    raw: Vec<u8>,
}

impl Framing for DigitFraming {
    type Message = DigitMessage;

    fn push(&mut self, byte: u8) -> Vec<Heard<DigitMessage>> {
        let mut heard = Vec::new();
        if self.kind == Kind::Xunpeng && byte == START && self.raw.first().is_some_and(|first| *first != START) {
            heard.extend(self.damaged("not the start of a frame"));
        }
        self.raw.push(byte);
        let whole = match self.kind {
            Kind::Addressed => 4,
            Kind::Xunpeng => 7,
        };
        if self.raw.len() == whole {
            let bytes = std::mem::take(&mut self.raw);
            heard.push(match parse(&bytes) {
                Ok(message) => Heard::Message { message, bytes },
                Err(why) => Heard::Damaged { bytes, why },
            });
        }
        heard
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<DigitMessage>> {
        self.damaged("a frame without its end").into_iter().collect()
    }
}

impl DigitFraming {
    fn damaged(&mut self, why: &str) -> Option<Heard<DigitMessage>> {
        let bytes = std::mem::take(&mut self.raw);
        (!bytes.is_empty()).then(|| Heard::Damaged { bytes, why: why.to_owned() })
    }
}

fn parse(wire: &[u8]) -> Result<DigitMessage, String> {
    let checked = |bytes: &[u8], sent: u8| {
        let sum = bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
        if sum == sent { Ok(()) } else { Err(format!("sum {sent:02X} instead of {sum:02X}")) }
    };
    match *wire {
        [id, high, low, sum] => {
            checked(&[id, high, low], sum)?;
            Ok(DigitMessage { id: Some(id), number: u16::from_be_bytes([high, low]), details: None })
        }
        [START, colour, low, high, info, sum, END] => {
            checked(&[START, colour, low, high, info], sum)?;
            Ok(DigitMessage { id: None, number: u16::from_le_bytes([low, high]), details: Some((colour, info)) })
        }
        _ => Err("without its start or end byte".to_owned()),
    }
}

struct Digits {
    id: Option<u8>,
    details: Option<(u8, u8)>,
    shown: watch::Sender<Option<u16>>,
}

impl Unit for Digits {
    type Message = DigitMessage;

    fn is_for_me(&self, message: &DigitMessage) -> bool {
        message.id == self.id
    }

    fn hear(&mut self, message: &DigitMessage, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        if message.number > LARGEST {
            return (Verdict::Refused(format!("{} has more than three digits", message.number)), None);
        }
        self.details = message.details;
        self.shown.send_if_modified(|shown| shown.replace(message.number) != Some(message.number));
        (Verdict::Understood, None)
    }
}
