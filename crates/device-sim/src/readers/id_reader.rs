//! A reader of resident identity cards with the ministry's module (SDT/SAM), 115200 8N1.
//!
//! Frames are `AA AA AA 96 69 length:2 … xor`, the length high byte first and counting all behind it, the xor over all
//! from the length on. A request has a command and a parameter, an answer three status bytes.

use std::io;
use std::time::Instant;

use super::id_card::{IdCardData, PHOTO_BYTES, TEXT_BYTES};
use crate::bus::{Framing, Heard, OnBus, Unit, Verdict, unit_methods};
use crate::line::LineOptions;

/// Every frame begins so.
const START: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];
/// No request is longer; more is noise.
const LONGEST: usize = 64;

/// A running reader. Dropping it unplugs it.
pub struct IdCardReader {
    on_bus: OnBus<SamFraming, Sam>,
}

impl IdCardReader {
    /// Plugs a reader in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions) -> io::Result<Self> {
        let mut readers = OnBus::start(line, SamFraming::default(), [Sam::default()])?;
        readers.next().map(|on_bus| Self { on_bus }).ok_or_else(|| io::Error::other("no reader"))
    }

    unit_methods!(on_bus);

    /// Lays a card on, in place of one that lies there.
    pub fn lay_on(&self, card: IdCardData) {
        self.change(|sam| {
            sam.card = Some(card);
            sam.step = Step::Laid;
        });
    }

    /// Takes the card off.
    pub fn take_off(&self) {
        self.change(|sam| {
            sam.card = None;
            sam.step = Step::Laid;
        });
    }

    /// Whether a card lies on it.
    pub fn has_card(&self) -> bool {
        self.on_bus.read(|place| place.unit.card.is_some())
    }

    /// How many cards have been read to their end.
    pub fn cards_read(&self) -> usize {
        self.on_bus.read(|place| place.unit.cards_read)
    }

    /// Waits until `count` cards have been read to their end since the start.
    pub async fn wait_for_cards_read(&self, count: usize) {
        self.on_bus.wait_for(|place| (place.unit.cards_read >= count).then_some(())).await;
    }

    /// Answers with bytes that are no frame (`true`), as at a wrong line speed.
    pub fn garbage(&self, garbage: bool) {
        self.change(|sam| sam.garbage = garbage);
    }

    /// The next answer arrives with a wrong check byte.
    pub fn garble_next(&self) {
        self.change(|sam| sam.garble_next = true);
    }

    /// Whether a card that has been read is found again before it was taken off, as from the start, or not.
    pub fn reads_again(&self, again: bool) {
        self.change(|sam| sam.reads_once = !again);
    }

    /// Selecting or reading fails once, as with a card that is moved.
    pub fn slip_next(&self) {
        self.change(|sam| sam.slip_next = true);
    }

    fn change(&self, change: impl FnOnce(&mut Sam)) {
        self.on_bus.act(|place| {
            change(&mut place.unit);
            None
        });
    }
}

struct Request {
    command: u8,
    parameter: u8,
}

#[derive(Debug, Default)]
struct SamFraming {
    raw: Vec<u8>,
}

impl Framing for SamFraming {
    type Message = Request;

    fn push(&mut self, byte: u8) -> Vec<Heard<Request>> {
        self.raw.push(byte);
        let mut heard = Vec::new();
        let begun = self.raw.iter().zip(START).take_while(|(raw, start)| **raw == *start).count();
        if begun < self.raw.len().min(START.len()) {
            // The last bytes may begin the next frame.
            let kept = (1..self.raw.len()).find(|at| self.raw.get(*at..).is_some_and(|tail| START.starts_with(tail)));
            let tail = kept.map(|at| self.raw.split_off(at)).unwrap_or_default();
            heard.extend(self.damaged("not the start of a frame"));
            self.raw = tail;
        }
        let whole = match self.raw.get(START.len()..) {
            Some([high, low, ..]) => START.len() + 2 + usize::from(u16::from_be_bytes([*high, *low])),
            Some(_) | None => return heard,
        };
        if whole > LONGEST {
            heard.extend(self.damaged("too long"));
        } else if self.raw.len() == whole {
            let bytes = std::mem::take(&mut self.raw);
            heard.push(match parse(bytes.get(START.len()..).unwrap_or_default()) {
                Ok(message) => Heard::Message { message, bytes },
                Err(why) => Heard::Damaged { bytes, why },
            });
        }
        heard
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<Request>> {
        self.damaged("a frame without its end").into_iter().collect()
    }
}

impl SamFraming {
    fn damaged(&mut self, why: &str) -> Option<Heard<Request>> {
        let bytes = std::mem::take(&mut self.raw);
        (!bytes.is_empty()).then(|| Heard::Damaged { bytes, why: why.to_owned() })
    }
}

fn parse(content: &[u8]) -> Result<Request, String> {
    let (check, checked) = content.split_last().ok_or("shorter than a check byte")?;
    if *check != xor(checked) {
        return Err(format!("check byte {check:02X} instead of {:02X}", xor(checked)));
    }
    match *checked {
        [_, _, command, parameter, ..] => Ok(Request { command, parameter }),
        _ => Err("shorter than a command".to_owned()),
    }
}

fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// How far a card has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Laid,
    Found,
    Selected,
    Read,
}

#[derive(Debug, Default)]
struct Sam {
    card: Option<IdCardData>,
    step: Step,
    cards_read: usize,
    garbage: bool,
    garble_next: bool,
    reads_once: bool,
    slip_next: bool,
}

impl Sam {
    /// The three status bytes and the data, or why not.
    fn carry_out(&mut self, request: &Request) -> Result<(u8, Vec<u8>), (u8, &'static str)> {
        match (request.command, request.parameter) {
            // Status: ready.
            (0x11, 0xFF) => Ok((0x90, Vec::new())),
            // Find.
            (0x20, 0x01) => {
                if self.card.is_none() || (self.reads_once && self.step == Step::Read) {
                    return Err((0x80, "no card"));
                }
                self.step = Step::Found;
                Ok((0x9F, vec![0; 4]))
            }
            // Select.
            (0x20, 0x02) => {
                if self.card.is_none() || self.step != Step::Found || std::mem::take(&mut self.slip_next) {
                    return Err((0x81, "no card found to select"));
                }
                self.step = Step::Selected;
                Ok((0x90, vec![0; 8]))
            }
            // Read text and photograph.
            (0x30, 0x01) => {
                let card = self.card.as_ref().filter(|_| self.step == Step::Selected);
                let text = card.map(IdCardData::text).ok_or((0x41, "no card selected"))?;
                if std::mem::take(&mut self.slip_next) {
                    return Err((0x41, "the card slipped"));
                }
                self.step = Step::Read;
                self.cards_read += 1;
                let length = |bytes: usize| u16::try_from(bytes).unwrap_or(u16::MAX).to_be_bytes();
                let lengths = [length(TEXT_BYTES), length(PHOTO_BYTES)].concat();
                Ok((0x90, [lengths, text, IdCardData::photo()].concat()))
            }
            // Vendors' lists have this code for a wrong command.
            (_, _) => Err((0x21, "a command it has not")),
        }
    }
}

impl Unit for Sam {
    type Message = Request;

    fn is_for_me(&self, _request: &Request) -> bool {
        true
    }

    fn hear(&mut self, request: &Request, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let (verdict, status, data) = match self.carry_out(request) {
            Ok((status, data)) => (Verdict::Understood, status, data),
            Err((status, why)) => (Verdict::Refused(why.to_owned()), status, Vec::new()),
        };
        let mut content = u16::try_from(data.len() + 4).unwrap_or(u16::MAX).to_be_bytes().to_vec();
        content.extend([0, 0, status]);
        content.extend(data);
        let check = xor(&content) ^ if std::mem::take(&mut self.garble_next) { 0x20 } else { 0 };
        content.push(check);
        let mut answer = [&START, content.as_slice()].concat();
        if self.garbage {
            // Bytes read at half their speed come out like this: never a start of a frame.
            answer = answer.iter().map(|byte| byte & 0x55).collect();
        }
        (verdict, Some(answer))
    }
}
