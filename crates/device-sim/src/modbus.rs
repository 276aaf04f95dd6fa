//! Modbus RTU as a slave hears it, read anew (MODBUS over Serial Line 1.02, MODBUS Application Protocol 1.1b3).

use crate::bus::{Framing, Heard};

/// Longest frame of Modbus RTU.
const LONGEST: usize = 256;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// 0: broadcast.
    pub(crate) unit: u8,
    pub(crate) function: u8,
    pub(crate) ask: Ask,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Function 02.
    ReadInputs { from: u16, count: u16 },
    /// Function 03.
    Read { from: u16, count: u16 },
    /// Function 06.
    WriteOne { at: u16, value: u16 },
    /// Function 10 (16).
    WriteMany { from: u16, values: Vec<u16> },
    /// A well-formed frame of another function.
    Other,
    /// Function 10 whose byte count is not twice its register count.
    Contradiction,
}

/// Finds requests by their content: gaps of 3.5 characters cannot be relied on through adapters and terminals.
#[derive(Debug, Default)]
pub(crate) struct RtuFraming {
    raw: Vec<u8>,
}

impl Framing for RtuFraming {
    type Message = Request;

    fn push(&mut self, byte: u8) -> Vec<Heard<Request>> {
        self.raw.push(byte);
        // The frame ends at this byte; noise may lie before it.
        let found = (0..self.raw.len()).find_map(|start| {
            let tail = self.raw.get(start..).unwrap_or_default();
            // A function this reader does not know has no known length: any bytes whose check sum comes right by
            // chance would pass for one. So it is taken only where a frame is expected to start.
            parse(tail).filter(|request| start == 0 || request.ask != Ask::Other).map(|request| (start, request))
        });
        let mut heard = Vec::new();
        if let Some((start, request)) = found {
            let bytes = self.raw.split_off(start);
            heard.extend(self.damaged());
            heard.push(Heard::Message { message: request, bytes });
        } else if self.raw.len() >= 2 * LONGEST {
            heard.extend(self.damaged());
        }
        heard
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<Request>> {
        self.damaged().into_iter().collect()
    }
}

impl RtuFraming {
    fn damaged(&mut self) -> Option<Heard<Request>> {
        let bytes = std::mem::take(&mut self.raw);
        let why = "no frame with a right check sum".to_owned();
        (!bytes.is_empty()).then_some(Heard::Damaged { bytes, why })
    }
}

/// The request could not be carried out because the slave has no such function.
pub(crate) const ILLEGAL_FUNCTION: u8 = 1;
/// No such input or register.
pub(crate) const ILLEGAL_ADDRESS: u8 = 2;
/// A count or a value outside what the standard allows.
pub(crate) const ILLEGAL_VALUE: u8 = 3;

/// The exception code of a refusal, and why.
pub(crate) type Exception = (u8, String);

/// The answer of `unit` to `function`: the body, or the exception.
pub(crate) fn reply(unit: u8, function: u8, body: Result<&[u8], u8>) -> Vec<u8> {
    with_sum(match body {
        Ok(body) => [&[unit, function], body].concat(),
        Err(exception) => vec![unit, function | 0x80, exception],
    })
}

/// `bytes` with the check sum behind it, low byte first.
fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = crc16(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

fn parse(frame: &[u8]) -> Option<Request> {
    if !(4..=LONGEST).contains(&frame.len()) {
        return None;
    }
    let (content, sum) = frame.split_last_chunk::<2>()?;
    if u16::from_le_bytes(*sum) != crc16(content) {
        return None;
    }
    let [unit, function, rest @ ..] = content else {
        return None;
    };
    let ask = match (*function, rest) {
        (0x02, [a, b, c, d]) => {
            Ask::ReadInputs { from: u16::from_be_bytes([*a, *b]), count: u16::from_be_bytes([*c, *d]) }
        }
        (0x03, [a, b, c, d]) => Ask::Read { from: u16::from_be_bytes([*a, *b]), count: u16::from_be_bytes([*c, *d]) },
        (0x06, [a, b, c, d]) => Ask::WriteOne { at: u16::from_be_bytes([*a, *b]), value: u16::from_be_bytes([*c, *d]) },
        (0x10, [a, b, c, d, bytes, data @ ..]) if usize::from(*bytes) == data.len() => {
            let count = u16::from_be_bytes([*c, *d]);
            let values: Vec<u16> = data.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            if usize::from(count) * 2 == data.len() {
                Ask::WriteMany { from: u16::from_be_bytes([*a, *b]), values }
            } else {
                Ask::Contradiction
            }
        }
        // Of the wrong length: the right check sum came about by chance inside a longer frame.
        (0x02 | 0x03 | 0x06 | 0x10, _) => return None,
        (_, _) => Ask::Other,
    };
    Some(Request { unit: *unit, function: *function, ask })
}

/// CRC-16 with polynomial A001 (reflected 8005), initial value FFFF.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xA001 } else { sum >> 1 })
    })
}
