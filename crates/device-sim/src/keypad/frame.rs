//! Frames of the deployed 呼叫器: `FF 68 L L 68 addr func data… sum 16`, read and written anew.

use crate::bus::{Framing, Heard};

const START: u8 = 0xFF;
const MARK: u8 = 0x68;
const END: u8 = 0x16;
/// Start, mark, length twice, mark.
const HEAD: usize = 5;

/// One frame without its wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeypadMessage {
    pub(super) address: u8,
    pub(super) function: u8,
    pub(super) data: Vec<u8>,
}

/// Finds the frames.
#[derive(Debug, Default)]
pub(super) struct KeypadFraming {
    raw: Vec<u8>,
}

/// A frame on the wire.
pub(super) fn frame(address: u8, function: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len() + 2).unwrap_or(u8::MAX);
    let mut wire = vec![START, MARK, length, length, MARK, address, function];
    wire.extend(data);
    wire.extend([sum(wire.get(HEAD..).unwrap_or_default()), END]);
    wire
}

/// Whether bytes are one frame, and nothing else.
pub(super) fn readable(wire: &[u8]) -> bool {
    let mut framing = KeypadFraming::default();
    let heard: Vec<_> = wire.iter().flat_map(|byte| framing.push(*byte)).collect();
    matches!(heard[..], [Heard::Message { .. }]) && !framing.is_mid_frame()
}

impl Framing for KeypadFraming {
    type Message = KeypadMessage;

    fn push(&mut self, byte: u8) -> Vec<Heard<KeypadMessage>> {
        self.raw.push(byte);
        let fits = match *self.raw {
            [] | [START] | [START, MARK] => true,
            [START, MARK, length] => length >= 2,
            [START, MARK, length, again] => length == again,
            [START, MARK, _, _, mark, ..] => mark == MARK,
            [_, ..] => false,
        };
        if !fits {
            // A byte that cannot continue the frame may begin the next.
            let restart = byte == START;
            if restart {
                self.raw.pop();
            }
            let heard = self.damaged("not the start of a frame");
            if restart {
                self.raw.push(START);
            }
            return heard.into_iter().collect();
        }
        let whole = self.raw.get(2).map(|length| HEAD + usize::from(*length) + 2);
        if whole != Some(self.raw.len()) || self.raw.len() < HEAD {
            return Vec::new();
        }
        let bytes = std::mem::take(&mut self.raw);
        vec![match parse(&bytes) {
            Ok(message) => Heard::Message { message, bytes },
            Err(why) => Heard::Damaged { bytes, why },
        }]
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<KeypadMessage>> {
        self.damaged("a frame without its end").into_iter().collect()
    }
}

impl KeypadFraming {
    fn damaged(&mut self, why: &str) -> Option<Heard<KeypadMessage>> {
        let bytes = std::mem::take(&mut self.raw);
        (!bytes.is_empty()).then(|| Heard::Damaged { bytes, why: why.to_owned() })
    }
}

fn parse(wire: &[u8]) -> Result<KeypadMessage, String> {
    match wire.get(HEAD..) {
        Some([content @ .., check, END]) => match content {
            _ if sum(content) != *check => Err(format!("sum {check:02X} instead of {:02X}", sum(content))),
            [address, function, data @ ..] => {
                Ok(KeypadMessage { address: *address, function: *function, data: data.to_vec() })
            }
            [_] | [] => Err("shorter than a command".to_owned()),
        },
        Some(_) | None => Err("without its end byte".to_owned()),
    }
}

fn sum(content: &[u8]) -> u8 {
    content.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
}
