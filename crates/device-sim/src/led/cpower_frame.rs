//! Frames of the Lumen C-Power cards, read and written anew.
//!
//! Start `A5`, end `AE`; between them `A5`, `AA`, `AE` travel as `AA 05`, `AA 0A`, `AA 0E`; the sum of all plain
//! bytes stands before the end, low byte first (Lumen, External Calls Communication Protocol, 2.1).

use crate::bus::{Framing, Heard};

const START: u8 = 0xA5;
const END: u8 = 0xAE;
const ESCAPE: u8 = 0xAA;
/// Type of a request.
const REQUEST: u8 = 0x68;
/// Type of an answer.
const ANSWER: u8 = 0xE8;
/// Every card of this family calls itself so.
const CARD: u8 = 0x32;
/// No frame of this protocol is longer; more is noise.
const LONGEST: usize = 4096;

/// One request without escapes and sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CPowerMessage {
    /// The card it is for; FF: all.
    pub(crate) id: u8,
    pub(crate) command: u8,
    /// Whether the sender wants an answer.
    pub(crate) wants_answer: bool,
    pub(crate) data: Vec<u8>,
}

/// Finds the frames.
#[derive(Debug, Default)]
pub(crate) struct CPowerFraming {
    raw: Vec<u8>,
}

impl Framing for CPowerFraming {
    type Message = CPowerMessage;

    fn push(&mut self, byte: u8) -> Vec<Heard<CPowerMessage>> {
        let mut heard = Vec::new();
        // A start byte never occurs inside a frame.
        if byte == START {
            heard.extend(self.damaged("a frame without its end"));
        }
        self.raw.push(byte);
        if byte == END {
            let bytes = std::mem::take(&mut self.raw);
            heard.push(match parse(&bytes) {
                Ok(message) => Heard::Message { message, bytes },
                Err(why) => Heard::Damaged { bytes, why },
            });
        } else if self.raw.len() > LONGEST {
            heard.extend(self.damaged("too long"));
        }
        heard
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<CPowerMessage>> {
        self.damaged("a frame without its end").into_iter().collect()
    }
}

impl CPowerFraming {
    fn damaged(&mut self, why: &str) -> Option<Heard<CPowerMessage>> {
        let bytes = std::mem::take(&mut self.raw);
        (!bytes.is_empty()).then(|| Heard::Damaged { bytes, why: why.to_owned() })
    }
}

/// An answer of card `id`: `code` stands where a request says whether it wants one.
pub(crate) fn answer(id: u8, command: u8, code: u8, data: &[u8]) -> Vec<u8> {
    let mut plain = vec![ANSWER, CARD, id, command, code];
    plain.extend(data);
    plain.extend(sum(&plain).to_le_bytes());
    let mut wire = vec![START];
    for byte in plain {
        match byte {
            START | END | ESCAPE => wire.extend([ESCAPE, byte & 0x0F]),
            plain => wire.push(plain),
        }
    }
    wire.push(END);
    wire
}

/// Whom a frame with a wrong sum seems to be for, and its command, if it wants an answer.
pub(crate) fn addressee(wire: &[u8]) -> Option<(u8, u8)> {
    let plain = unescape(wire.strip_prefix(&[START])?.strip_suffix(&[END])?).ok()?;
    match *plain {
        [REQUEST, CARD, id, command, flag, _, _, ..] if flag & 1 == 1 => Some((id, command)),
        _ => None,
    }
}

fn parse(wire: &[u8]) -> Result<CPowerMessage, String> {
    let body =
        wire.strip_prefix(&[START]).and_then(|rest| rest.strip_suffix(&[END])).ok_or("without its start byte")?;
    let plain = unescape(body)?;
    let (content, sent) = plain.split_last_chunk::<2>().ok_or("shorter than a sum")?;
    let (sent, computed) = (u16::from_le_bytes(*sent), sum(content));
    if sent != computed {
        return Err(format!("sum {sent:04X} instead of {computed:04X}"));
    }
    let [kind, card, id, command, flag, data @ ..] = content else {
        return Err("shorter than a command".to_owned());
    };
    if *kind != REQUEST || *card != CARD {
        return Err(format!("type {kind:02X} {card:02X}"));
    }
    Ok(CPowerMessage { id: *id, command: *command, wants_answer: flag & 1 == 1, data: data.to_vec() })
}

fn unescape(body: &[u8]) -> Result<Vec<u8>, String> {
    let mut plain = Vec::with_capacity(body.len());
    let mut rest = body.iter();
    while let Some(byte) = rest.next() {
        plain.push(match (*byte, rest.len()) {
            (ESCAPE, 0) => return Err("ends in an escape".to_owned()),
            (ESCAPE, _) => match rest.next() {
                Some(low @ (0x05 | 0x0A | 0x0E)) => 0xA0 | low,
                other => return Err(format!("escape of {other:02X?}")),
            },
            (plain, _) => plain,
        });
    }
    Ok(plain)
}

/// Modulo 65536, over the plain bytes from the type to the last of the data.
fn sum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum: u16, byte| sum.wrapping_add(u16::from(*byte)))
}
