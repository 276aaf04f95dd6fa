//! The envelope: start bytes, header, data, CRC, escapes, end byte.

use crc::{CRC_16_ARC, Crc};

use crate::stream::{Scan, Stream, between};

/// CRC-16/ARC: polynomial A001 reflected, initial 0, low byte first, over header and data before escaping.
const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_ARC);
/// In place of a CRC: not checked.
const UNCHECKED: [u8; 2] = [0xFF, 0xFF];
const START: u8 = 0xA5;
const END: u8 = 0x5A;
/// Start bytes before a frame.
const STARTS: usize = 8;
/// Bytes from the destination to the data length.
const HEADER: usize = 14;
const VERSION: u8 = 0x02;
/// Where the host's frames come from.
pub(super) const HOST: u16 = 0x8000;

/// A frame of `data` from `source` to `destination`, ready to send.
pub(super) fn encode(destination: u16, source: u16, device: u8, data: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(HEADER + data.len() + 2);
    body.extend(destination.to_le_bytes());
    body.extend(source.to_le_bytes());
    body.extend([0; 6]);
    body.extend([device, VERSION]);
    // Data is bounded by the encoders of this protocol, far under 64 KiB.
    body.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_le_bytes());
    body.extend_from_slice(data);
    let crc = CRC.checksum(&body);
    body.extend(crc.to_le_bytes());

    let mut frame = vec![START; STARTS];
    for byte in body {
        match byte {
            0xA5 => frame.extend([0xA6, 0x02]),
            0xA6 => frame.extend([0xA6, 0x01]),
            0x5A => frame.extend([0x5B, 0x02]),
            0x5B => frame.extend([0x5B, 0x01]),
            plain => frame.push(plain),
        }
    }
    frame.push(END);
    frame
}

/// A frame heard on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Whom it is for; 8000h is the host.
    pub destination: u16,
    /// Who sent it.
    pub source: u16,
    /// Command group; A0 in an answer.
    pub group: u8,
    /// Command; 0 in an acknowledgement.
    pub command: u8,
    /// In an answer: what went wrong, 0 for nothing. In a request: whether an answer is wanted.
    pub error: u8,
    /// What follows the two reserved bytes.
    pub data: Vec<u8>,
    /// Whether its CRC was there and right; `false` when the sender left it out (`FF FF`).
    pub checked: bool,
}

/// What a card says went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardFault {
    /// 3: busy; send again.
    Busy,
    /// 5: the frame arrived damaged; send again.
    Damaged,
    /// 12: it has no such font.
    NoFont,
    /// Another code of the maker's list (BX-5K/6K protocol, 6), which counts in decimals.
    Other(u8),
}

impl Frame {
    /// Our own frame, heard back from a two-wire bus.
    pub fn is_echo(&self) -> bool {
        self.source == HOST
    }

    /// The card did as told.
    pub fn is_acknowledgement(&self) -> bool {
        !self.is_echo() && self.error == 0
    }

    /// Why the card did not, if this is its answer and it did not.
    pub fn fault(&self) -> Option<CardFault> {
        if self.is_echo() {
            return None;
        }
        match self.error {
            0 => None,
            3 => Some(CardFault::Busy),
            5 => Some(CardFault::Damaged),
            12 => Some(CardFault::NoFont),
            other => Some(CardFault::Other(other)),
        }
    }
}

/// Finds frames in what the bus delivers.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    stream: Stream,
}

impl Decoder {
    /// The frames completed by `bytes`. Start bytes may be missing, because a receiver that wakes up late
    /// loses some of them; one is enough.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        self.stream.push(bytes, scan)
    }

    /// Forget half a frame, as after a port was opened again.
    pub fn clear(&mut self) {
        self.stream.clear();
    }
}

fn scan(at: &[u8]) -> Scan<Frame> {
    if at.first() != Some(&START) {
        return Scan::No;
    }
    let Some(starts) = at.iter().position(|b| *b != START) else {
        return Scan::Partial;
    };
    between(at, starts, (START, END), |body| open(&unescape(body)?))
}

fn unescape(escaped: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    while let Some(byte) = bytes.next() {
        body.push(match byte {
            0xA6 => match bytes.next()? {
                0x01 => 0xA6,
                0x02 => 0xA5,
                _ => return None,
            },
            0x5B => match bytes.next()? {
                0x01 => 0x5B,
                0x02 => 0x5A,
                _ => return None,
            },
            plain => *plain,
        });
    }
    Some(body)
}

fn open(body: &[u8]) -> Option<Frame> {
    let (content, crc) = body.split_last_chunk::<2>()?;
    let (header, data) = content.split_at_checked(HEADER)?;
    let checked = CRC.checksum(content).to_le_bytes() == *crc;
    if !checked && *crc != UNCHECKED {
        return None;
    }
    let word = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    if usize::from(word(12)) != data.len() {
        return None;
    }
    let [group, command, error, _, _, data @ ..] = data else {
        return None;
    };
    Some(Frame {
        destination: word(0),
        source: word(2),
        group: *group,
        command: *command,
        error: *error,
        data: data.to_vec(),
        checked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD: [u8; 9] = [0xA0, 0x00, 0x00, 0xA5, 0xA6, 0x5A, 0x5B, 0x01, 0x02];

    #[test]
    fn a_full_frame_survives_escaping() {
        let frame = encode(HOST, 0x5AA5, 0xFE, &HARD);
        assert!(!frame[STARTS..frame.len() - 1].iter().any(|b| *b == START || *b == END));
        let frames = Decoder::default().push(&frame);
        assert_eq!((frames[0].source, frames[0].data.as_slice()), (0x5AA5, &HARD[5..]));
    }

    #[test]
    fn a_frame_with_a_wrong_crc_is_dropped_and_the_next_one_heard() {
        let mut bad = encode(HOST, 1, 0xFE, &HARD);
        bad[12] ^= 1;
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(&bad), []);
        assert_eq!(decoder.push(&encode(HOST, 1, 0xFE, &HARD)).len(), 1);
    }

    #[test]
    fn a_frame_without_a_crc_is_heard_and_marked() {
        let mut frame = encode(HOST, 1, 0xFE, &[0xA0, 0, 3, 0, 0]);
        let end = frame.len();
        frame[end - 3..end - 1].copy_from_slice(&UNCHECKED);
        let frames = Decoder::default().push(&frame);
        assert_eq!((frames[0].checked, frames[0].fault()), (false, Some(CardFault::Busy)));
    }

    #[test]
    fn a_frame_cut_off_by_another_does_not_hide_it() {
        let good = encode(HOST, 1, 0xFE, &HARD);
        let mut bytes = good[..good.len() - 4].to_vec();
        bytes.extend(&good);
        assert_eq!(Decoder::default().push(&bytes).len(), 1);
    }

    #[test]
    fn lost_start_bytes_do_no_harm() {
        let frame = encode(HOST, 1, 0xFE, &HARD);
        assert_eq!(Decoder::default().push(&frame[STARTS - 1..]).len(), 1);
    }
}
