//! Frames of the Onbon BX-5K / BX-6K font cards, read and written anew.
//!
//! Start `A5` × 8, end `5A`; between them `A5`, `A6`, `5A`, `5B` travel as `A6 02`, `A6 01`, `5B 02`, `5B 01`
//! (Onbon BX-5K/6K protocol, physical layer).

use crate::bus::{Framing, Heard};

/// Length of the header before the data: destination 2, source 2, reserved 6, device 1, version 1, length 2.
const HEADER: usize = 14;
/// Start bytes of a frame. Fewer are taken as damage: a card may need all of them to synchronise.
const PREAMBLE: usize = 8;
/// No frame of this protocol is longer; more is noise.
const LONGEST: usize = 8192;

/// One frame without escapes and check sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnbonMessage {
    pub(crate) destination: u16,
    pub(crate) source: u16,
    pub(crate) group: u8,
    pub(crate) command: u8,
    /// Byte 3 of a request: 01 asks for an answer, 02 for none. Of an answer: the error.
    pub(crate) response: u8,
    /// What follows the two reserved bytes.
    pub(crate) data: Vec<u8>,
    device: u8,
}

impl OnbonMessage {
    /// Stands for a request that could not be read: answers to it go to the host's usual address 8000, device FE.
    pub(crate) fn to_host() -> Self {
        Self { destination: 0, source: 0x8000, group: 0, command: 0, response: 0, data: Vec::new(), device: 0xFE }
    }
}

/// Finds the frames.
#[derive(Debug, Default)]
pub(crate) struct OnbonFraming {
    raw: Vec<u8>,
}

impl Framing for OnbonFraming {
    type Message = OnbonMessage;

    fn push(&mut self, byte: u8) -> Vec<Heard<OnbonMessage>> {
        let mut heard = Vec::new();
        // A start byte after anything but start bytes begins a new frame: it never occurs inside one.
        if byte == 0xA5 && self.raw.iter().any(|byte| *byte != 0xA5) {
            heard.extend(self.damaged("a frame without its end".to_owned()));
        }
        self.raw.push(byte);
        if byte == 0x5A {
            let bytes = std::mem::take(&mut self.raw);
            heard.push(match parse(&bytes) {
                Ok(message) => Heard::Message { message, bytes },
                Err(why) => Heard::Damaged { bytes, why },
            });
        } else if self.raw.len() > LONGEST {
            heard.extend(self.damaged("too long".to_owned()));
        }
        heard
    }

    fn is_mid_frame(&self) -> bool {
        !self.raw.is_empty()
    }

    fn give_up(&mut self) -> Vec<Heard<OnbonMessage>> {
        self.damaged("a frame without its end".to_owned()).into_iter().collect()
    }
}

impl OnbonFraming {
    fn damaged(&mut self, why: String) -> Option<Heard<OnbonMessage>> {
        let bytes = std::mem::take(&mut self.raw);
        (!bytes.is_empty()).then_some(Heard::Damaged { bytes, why })
    }
}

/// An answer of a card: group A0, command 00 (done) or 01 (not done), the error, two reserved bytes. Other
/// implementations lay answers out like this; no card's own answer has been seen, so it is this simulator's choice.
pub(crate) fn answer(to: &OnbonMessage, own_address: u16, error: u8) -> Vec<u8> {
    let mut body = Vec::with_capacity(HEADER + 7);
    body.extend(to.source.to_le_bytes());
    body.extend(own_address.to_le_bytes());
    body.extend([0; 6]);
    body.extend([to.device, 0x02]);
    body.extend(5_u16.to_le_bytes());
    body.extend([0xA0, u8::from(error != 0), error, 0, 0]);
    let sum = crc16(&body);
    body.extend(sum.to_le_bytes());
    let mut wire = vec![0xA5; PREAMBLE];
    for byte in body {
        match byte {
            0xA5 => wire.extend([0xA6, 0x02]),
            0xA6 => wire.extend([0xA6, 0x01]),
            0x5A => wire.extend([0x5B, 0x02]),
            0x5B => wire.extend([0x5B, 0x01]),
            plain => wire.push(plain),
        }
    }
    wire.push(0x5A);
    wire
}

fn parse(wire: &[u8]) -> Result<OnbonMessage, String> {
    let preamble = wire.iter().take_while(|byte| **byte == 0xA5).count();
    if preamble != PREAMBLE {
        return Err(format!("{preamble} start bytes instead of {PREAMBLE}"));
    }
    let body = unescape(wire.get(preamble..wire.len() - 1).unwrap_or_default())?;
    let (content, sum) = body.split_last_chunk::<2>().ok_or("shorter than a check sum")?;
    let (sent, computed) = (u16::from_le_bytes(*sum), crc16(content));
    // FFFF: the sender did not compute one.
    if sent != 0xFFFF && sent != computed {
        return Err(format!("check sum {sent:04X} instead of {computed:04X}"));
    }
    let (header, data) = content.split_first_chunk::<HEADER>().ok_or("shorter than a header")?;
    let word = |at: usize| {
        u16::from_le_bytes([
            header.get(at).copied().unwrap_or_default(),
            header.get(at + 1).copied().unwrap_or_default(),
        ])
    };
    if usize::from(word(12)) != data.len() {
        return Err(format!("length {} with {} bytes of data", word(12), data.len()));
    }
    let [group, command, response, _, _, data @ ..] = data else {
        return Err("shorter than a command".to_owned());
    };
    Ok(OnbonMessage {
        destination: word(0),
        source: word(2),
        device: header[10],
        group: *group,
        command: *command,
        response: *response,
        data: data.to_vec(),
    })
}

fn unescape(wire: &[u8]) -> Result<Vec<u8>, String> {
    let mut plain = Vec::with_capacity(wire.len());
    let mut bytes = wire.iter().copied();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            lead @ (0xA6 | 0x5B) => match (lead, bytes.next()) {
                (0xA6, Some(0x02)) => 0xA5,
                (0xA6, Some(0x01)) => 0xA6,
                (0x5B, Some(0x02)) => 0x5A,
                (0x5B, Some(0x01)) => 0x5B,
                (lead, next) => return Err(format!("escape {lead:02X} {next:02X?}")),
            },
            0x5A => return Err("an end byte inside the frame".to_owned()),
            plain => plain,
        });
    }
    Ok(plain)
}

/// CRC-16 with polynomial A001 (reflected 8005), initial value 0.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xA001 } else { sum >> 1 })
    })
}
