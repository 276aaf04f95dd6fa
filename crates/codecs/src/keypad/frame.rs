//! The envelope of a keypad's frames, and finding it among collisions and echoes.

use std::collections::VecDeque;

use crate::stream::{Scan, Stream};

/// A frame heard on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The device, set by its switches.
    pub address: u8,
    /// What kind of frame.
    pub function: u8,
    /// What it says.
    pub data: Vec<u8>,
}

/// Finds frames in what the bus delivers.
///
/// An acknowledgement is the device's own frame sent back. On wires where the host hears itself it would
/// count as a second press of the key, so the decoder is told what was sent: [`Decoder::sent`].
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    stream: Stream,
    sent: VecDeque<Frame>,
}

impl Decoder {
    /// Echoes waited for; of more, the oldest is given up.
    pub const MAX_ECHOES: usize = 16;

    /// `bytes`, one frame of ours, went out on wires that echo: the next frame equal to it is skipped.
    pub fn sent(&mut self, bytes: &[u8]) {
        if let Scan::Frame(frame, _) = scan(bytes) {
            if self.sent.len() == Self::MAX_ECHOES {
                self.sent.pop_front();
            }
            self.sent.push_back(frame);
        }
    }

    /// No more echoes are coming: they arrive within the time of sending. What a collision destroyed would
    /// otherwise swallow the next press of the same key.
    pub fn forget_echoes(&mut self) {
        self.sent.clear();
    }

    /// The frames completed by `bytes`; those with a wrong checksum are skipped.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = self.stream.push(bytes, scan);
        frames.retain(|frame| match self.sent.iter().position(|sent| sent == frame) {
            Some(at) => {
                self.sent.remove(at);
                false
            }
            None => true,
        });
        frames
    }

    /// Forget half a frame and every echo, as after a port was opened again.
    pub fn clear(&mut self) {
        self.stream.clear();
        self.sent.clear();
    }
}

/// A frame ready to send; `data` holds six bytes at most.
pub(super) fn encode(address: u8, function: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(2 + data.len()).unwrap_or(u8::MAX);
    let mut frame = vec![0xFF, 0x68, length, length, 0x68, address, function];
    frame.extend_from_slice(data);
    frame.extend([sum(&frame[5..]), 0x16]);
    frame
}

fn scan(at: &[u8]) -> Scan<Frame> {
    const HEAD: usize = 5;
    // What arrived must look like the head as far as it goes.
    let head_like = match at {
        [0xFF] | [0xFF, 0x68] | [0xFF, 0x68, _] => true,
        [0xFF, 0x68, l, m] | [0xFF, 0x68, l, m, 0x68, ..] => l == m,
        _ => false,
    };
    if !head_like || at.get(2).is_some_and(|length| *length < 2) {
        return Scan::No;
    }
    let Some(length) = at.get(2).map(|length| usize::from(*length)) else {
        return Scan::Partial;
    };
    let Some(rest) = at.get(HEAD..HEAD + length + 2) else {
        return Scan::Partial;
    };
    let (content, tail) = rest.split_at(length);
    match content {
        [address, function, data @ ..] if *tail == [sum(content), 0x16] => {
            Scan::Frame(Frame { address: *address, function: *function, data: data.to_vec() }, HEAD + length + 2)
        }
        _ => Scan::No,
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Rating, acknowledge};
    use super::*;

    /// A queueing system in use: computed from its frame format.
    const CALL: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x0C, 0x0E, 0x16];
    const CALLED: [&[u8]; 1] = [&[0x0C]];

    /// The keys in `bytes`.
    fn keys(bytes: &[u8]) -> Vec<Vec<u8>> {
        let frames = Decoder::default().push(bytes);
        let keys = frames.iter().filter_map(|frame| match frame.event() {
            Some(Event::Keys(keys)) => Some(keys.to_vec()),
            Some(Event::Rating(_)) | None => None,
        });
        keys.collect()
    }

    #[test]
    fn the_call_key_is_understood() {
        assert_eq!(encode(1, 1, &[0x0C]), CALL);
        assert_eq!(keys(&CALL), CALLED);
    }

    #[test]
    fn digits_typed_before_a_key_come_with_it() {
        assert_eq!(keys(&encode(1, 1, &[0x01, 0x02, 0x13])), [[0x01, 0x02, 0x13]]);
    }

    #[test]
    fn a_rating_carries_its_score() {
        let frames = Decoder::default().push(&encode(1, 0x11, &[4]));
        assert_eq!(frames[0].event(), Some(Event::Rating(Rating(4))));
    }

    #[test]
    fn a_key_without_a_code_and_an_unknown_function_are_no_event() {
        let frames = Decoder::default().push(&[encode(1, 1, &[]), encode(1, 0x55, &[0x0C])].concat());
        assert!(frames.len() == 2 && frames.iter().all(|frame| frame.event().is_none()), "{frames:?}");
    }

    #[test]
    fn a_collided_frame_is_dropped_and_the_repeat_heard() {
        let mut collided = CALL;
        collided[7] = 0x0D;
        assert_eq!(keys(&[collided, CALL].concat()), CALLED);
    }

    #[test]
    fn noise_that_looks_like_a_long_header_does_not_hide_a_key() {
        assert_eq!(keys(&[&[0xFF, 0x68, 0xF0, 0xF0, 0x68][..], &CALL].concat()), CALLED);
    }

    #[test]
    fn an_acknowledgement_heard_back_is_not_a_second_press() {
        let mut decoder = Decoder::default();
        let pressed = decoder.push(&CALL);
        decoder.sent(&acknowledge(&pressed[0]));
        assert_eq!(decoder.push(&CALL), []);
        assert_eq!(decoder.push(&CALL), pressed, "the next one is a real press");
    }

    #[test]
    fn a_forgotten_echo_swallows_nothing() {
        let mut decoder = Decoder::default();
        decoder.sent(&CALL);
        decoder.forget_echoes();
        assert_eq!(decoder.push(&CALL).len(), 1);
    }
}
