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
    use super::super::{Event, Key, Rating, acknowledge};
    use super::*;

    /// A queueing system in use: computed from its frame format.
    const CALL: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x0C, 0x0E, 0x16];

    fn events(bytes: &[u8]) -> Vec<Event> {
        Decoder::default().push(bytes).iter().filter_map(Frame::event).collect()
    }

    #[test]
    fn the_call_key_is_understood() {
        assert_eq!(encode(1, 1, &[0x0C]), CALL);
        assert_eq!(events(&CALL), [Event::Key(Key::Next)]);
    }

    #[test]
    fn every_key_has_its_code() {
        for (data, key) in [
            (&[0x0C][..], Key::Next),
            (&[0x0D], Key::Recall),
            (&[0x0B], Key::Evaluate),
            (&[0x12], Key::Pause),
            (&[0x13], Key::Transfer),
            (&[0x02, 0x13], Key::Transfer),
            (&[0x06, 0x0F], Key::NoShow),
            (&[0x00, 0x0F], Key::Hold),
            (&[0x03, 0x0F], Key::CallBack),
        ] {
            assert_eq!(events(&encode(1, 1, data)), [Event::Key(key)], "{data:02X?}");
        }
    }

    #[test]
    fn a_rating_carries_its_score() {
        assert_eq!(events(&encode(1, 0x11, &[4])), [Event::Rating(Rating(4))]);
    }

    #[test]
    fn an_unknown_key_is_no_event() {
        assert_eq!(events(&[encode(1, 1, &[0x0F]), encode(1, 1, &[]), encode(1, 0x55, &[0x0C])].concat()), []);
    }

    #[test]
    fn a_collided_frame_is_dropped_and_the_repeat_heard() {
        let mut collided = CALL;
        collided[7] = 0x0D;
        assert_eq!(events(&[collided, CALL].concat()), [Event::Key(Key::Next)]);
    }

    #[test]
    fn noise_that_looks_like_a_long_header_does_not_hide_a_key() {
        assert_eq!(events(&[&[0xFF, 0x68, 0xF0, 0xF0, 0x68][..], &CALL].concat()), [Event::Key(Key::Next)]);
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
