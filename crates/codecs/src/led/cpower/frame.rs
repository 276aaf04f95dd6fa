//! The envelope: start byte, header, data, sum, escapes, end byte.

use super::BROADCAST;
use crate::stream::{Scan, Stream, between};

/// Command of the "external calls": texts among them.
pub(super) const EXTERNAL_CALL: u8 = 0x7B;
/// Command that switches the display and tells whether it is on.
pub(super) const POWER: u8 = 0x76;
/// Command that sets the brightness.
pub(super) const BRIGHTNESS: u8 = 0x46;

const START: u8 = 0xA5;
const END: u8 = 0xAE;
const ESCAPE: u8 = 0xAA;
/// High half of the bytes that need an escape.
const ESCAPED: u8 = 0xA0;
const REQUEST: u8 = 0x68;
const ANSWER: u8 = 0xE8;
const CARD_TYPE: u8 = 0x32;
/// Bit 0 of the byte after a request's command: the card shall answer.
const WANTS_ANSWER: u8 = 1;

/// A request to `id`, ready to send.
pub(super) fn encode(id: u8, command: u8, data: &[u8]) -> Vec<u8> {
    let flag = if id == BROADCAST { 0 } else { WANTS_ANSWER };
    let mut body = vec![REQUEST, CARD_TYPE, id, command, flag];
    body.extend_from_slice(data);
    body.extend(sum(&body).to_le_bytes());

    let mut frame = vec![START];
    for byte in body {
        match byte {
            START | END | ESCAPE => frame.extend([ESCAPE, byte & !ESCAPED]),
            plain => frame.push(plain),
        }
    }
    frame.push(END);
    frame
}

/// A frame heard on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The card it is for, or that answers.
    pub id: u8,
    /// The command; an answer has its request's.
    pub command: u8,
    /// In an answer to an external call (7B), such as a text: what went wrong, 0 for nothing. In a request:
    /// whether an answer is wanted.
    pub code: u8,
    /// What follows.
    pub data: Vec<u8>,
    answer: bool,
}

/// What a card says went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardFault {
    /// 01: the frame arrived damaged; send again.
    Damaged,
    /// 02: packets out of order; send again.
    OutOfOrder,
    /// It did not do it and does not say why.
    Refused,
    /// Another code.
    Other(u8),
}

impl Frame {
    /// Our own frame, heard back from a two-wire bus.
    pub fn is_echo(&self) -> bool {
        !self.answer
    }

    /// The card did as told.
    pub fn is_acknowledgement(&self) -> bool {
        self.answer && self.fault().is_none()
    }

    /// Why the card did not, if this is its answer and it did not.
    pub fn fault(&self) -> Option<CardFault> {
        match (self.command, self.code) {
            _ if !self.answer => None,
            (EXTERNAL_CALL, 0x00) => None,
            (EXTERNAL_CALL, 0x01) => Some(CardFault::Damaged),
            (EXTERNAL_CALL, 0x02) => Some(CardFault::OutOfOrder),
            (EXTERNAL_CALL, other) => Some(CardFault::Other(other)),
            // Basic Protocol, 1.2.6.2: 0 failed, 1 done.
            (BRIGHTNESS, _) if self.data.first() == Some(&0) => Some(CardFault::Refused),
            (_, _) => None,
        }
    }

    /// Whether the display is on, if this is a card's answer that says so.
    pub fn is_on(&self) -> Option<bool> {
        match (self.answer, self.command, self.data.as_slice()) {
            (true, POWER, [_, on, ..]) => Some(*on != 0),
            (_, _, _) => None,
        }
    }
}

/// Finds frames in what the bus delivers.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    stream: Stream,
}

impl Decoder {
    /// The frames completed by `bytes`, requests (echoes) and answers alike; those with a wrong sum are skipped.
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
    between(at, 1, (START, END), |body| open(&unescape(body)?))
}

fn unescape(escaped: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    while let Some(byte) = bytes.next() {
        body.push(match byte {
            &ESCAPE => match bytes.next()? {
                low @ (0x05 | 0x0A | 0x0E) => ESCAPED | low,
                _ => return None,
            },
            plain => *plain,
        });
    }
    Some(body)
}

fn open(body: &[u8]) -> Option<Frame> {
    let (content, check) = body.split_last_chunk::<2>()?;
    if sum(content).to_le_bytes() != *check {
        return None;
    }
    let [kind, CARD_TYPE, id, command, code, data @ ..] = content else {
        return None;
    };
    let answer = match *kind {
        REQUEST => false,
        ANSWER => true,
        _ => return None,
    };
    Some(Frame { id: *id, command: *command, code: *code, data: data.to_vec(), answer })
}

/// The sum of all bytes, modulo 65536, before escaping.
fn sum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(u16::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by hand from External Calls Communication Protocol, 2.1.2: card 1 took a text.
    const TAKEN: [u8; 14] = [0xA5, 0xE8, 0x32, 0x01, 0x7B, 0x00, 0x01, 0x00, 0x00, 0x00, 0x12, 0xA9, 0x01, 0xAE];

    /// A card's answer, escaped by hand.
    fn answer(body: &[u8]) -> Vec<u8> {
        let mut frame = vec![START];
        for byte in [body, &sum(body).to_le_bytes()].concat() {
            match byte {
                0xA5 => frame.extend([0xAA, 0x05]),
                0xAA => frame.extend([0xAA, 0x0A]),
                0xAE => frame.extend([0xAA, 0x0E]),
                plain => frame.push(plain),
            }
        }
        frame.push(END);
        frame
    }

    #[test]
    fn a_text_that_was_taken_is_understood() {
        let frames = Decoder::default().push(&TAKEN);
        let [frame] = frames.as_slice() else { panic!("{frames:?}") };
        assert_eq!((frame.id, frame.command, frame.code), (1, 0x7B, 0));
        assert!(frame.is_acknowledgement() && !frame.is_echo());
    }

    #[test]
    fn a_card_says_why_it_did_not() {
        for (code, fault) in [(1, CardFault::Damaged), (2, CardFault::OutOfOrder), (0x12, CardFault::Other(0x12))] {
            let frames = Decoder::default().push(&answer(&[0xE8, 0x32, 0x01, 0x7B, code]));
            assert_eq!(frames[0].fault(), Some(fault));
            assert!(!frames[0].is_acknowledgement());
        }
        let refused = Decoder::default().push(&answer(&[0xE8, 0x32, 0x01, 0x46, 0x00, 0x00]));
        assert_eq!(refused[0].fault(), Some(CardFault::Refused));
        let done = Decoder::default().push(&answer(&[0xE8, 0x32, 0x01, 0x46, 0x00, 0x01]));
        assert!(done[0].is_acknowledgement());
    }

    #[test]
    fn a_card_says_whether_its_display_is_on() {
        for on in [false, true] {
            let body = [0xE8, 0x32, 0xA5, 0x76, 0x01, 0x01, u8::from(on), 8, 0, 18, 0, 0, 0, 0, 0];
            let frames = Decoder::default().push(&answer(&body));
            assert_eq!((frames[0].id, frames[0].is_on()), (0xA5, Some(on)));
        }
    }

    #[test]
    fn a_full_frame_survives_escaping() {
        let hard = [0xA5, 0xAA, 0xAE, 0x05, 0x0A, 0x0E, 0xAA, 0x05];
        let frame = encode(0xAE, 0xAA, &hard);
        assert!(!frame[1..frame.len() - 1].iter().any(|b| *b == START || *b == END));
        let frames = Decoder::default().push(&frame);
        assert_eq!((frames[0].id, frames[0].command, frames[0].data.as_slice()), (0xAE, 0xAA, &hard[..]));
    }

    #[test]
    fn a_frame_with_a_wrong_sum_is_dropped_and_the_next_one_heard() {
        let good = answer(&[0xE8, 0x32, 0x01, 0x7B, 0x00]);
        let mut bad = good.clone();
        bad[5] ^= 1;
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(&bad), []);
        assert_eq!(decoder.push(&good).len(), 1);
    }

    #[test]
    fn a_frame_cut_off_by_another_does_not_hide_it() {
        let good = answer(&[0xE8, 0x32, 0x01, 0x7B, 0x00]);
        let bytes = [&good[..4], &good].concat();
        assert_eq!(Decoder::default().push(&bytes).len(), 1);
    }
}
