//! A reader of magnetic cards: it speaks when a card is swiped.

use codecs::track2::{Decoder, Track2, Track2Traits};
use wire::{DeviceReport, IdentityInput, IdentityKind};

use super::Heard;
use crate::device::{Driver, Request};
use crate::time::Now;

/// A reader sends a track in one go; after such a pause it is over.
const QUIET_MS: i64 = 100;
/// Bytes without a track in them that are more than a badly swiped card.
const NOISE: usize = 200;

/// The driver of one reader.
#[derive(Debug)]
pub(crate) struct CardReader {
    decoder: Decoder,
    heard_at: Option<i64>,
    since_track: usize,
    heard: Heard,
    read: Option<IdentityInput>,
}

impl CardReader {
    pub(crate) fn new() -> Self {
        Self {
            decoder: Decoder::new(Track2Traits::default()),
            heard_at: None,
            since_track: 0,
            heard: Heard::Nothing,
            read: None,
        }
    }

    fn read(&mut self, tracks: impl IntoIterator<Item = Track2>) {
        for track in tracks {
            self.since_track = 0;
            self.heard = Heard::Sense;
            self.read = Some(IdentityInput { kind: IdentityKind::Card, value: track.pan });
        }
    }
}

impl Driver for CardReader {
    fn opened(&mut self, _now: Now) {
        *self = Self::new();
    }

    /// Half a card ends with the port.
    fn gone(&mut self, _why: &str) {
        *self = Self::new();
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        self.heard_at = Some(now.line_ms);
        self.since_track += bytes.len();
        let tracks = self.decoder.push(bytes);
        self.read(tracks);
        if self.since_track > NOISE {
            self.heard = Heard::Nonsense("what it sends holds no second track: is its speed right?");
        }
        true
    }

    fn tick(&mut self, now: Now) {
        if self.next_look(now).is_some_and(|at| at <= now.line_ms) {
            self.heard_at = None;
            self.since_track = 0;
            let track = self.decoder.quiet();
            self.read(track);
        }
    }

    fn next_look(&self, _now: Now) -> Option<i64> {
        self.heard_at.map(|at| at + QUIET_MS)
    }

    fn health(&self) -> DeviceReport {
        self.heard.report("a card is swiped")
    }

    fn next_request(&mut self) -> Option<Request> {
        self.read.take().map(Request::Identify)
    }

    fn is_mute(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use wire::{Condition, DeviceState};

    use super::*;

    fn read(reader: &mut CardReader) -> Option<IdentityInput> {
        reader.next_request().map(|request| match request {
            Request::Identify(identity) => identity,
            other @ (Request::Printer(_) | Request::Keypad(_)) => panic!("a reader asked {other:?}"),
        })
    }

    fn at(line_ms: i64) -> Now {
        Now { hall_ms: 0, line_ms }
    }

    #[test]
    fn a_card_is_read_once_whether_or_not_its_lrc_comes() {
        let mut reader = CardReader::new();
        reader.heard(at(0), b";6225881234567890=2712101?");
        assert_eq!(reader.next_request(), None, "the LRC may come");
        reader.tick(at(QUIET_MS));
        let read = read(&mut reader).expect("a card");
        assert_eq!((read.kind, read.value.as_str()), (IdentityKind::Card, "6225881234567890"));
        assert_eq!((reader.next_request(), reader.next_look(at(500))), (None, None));
        assert_eq!(reader.health().state, DeviceState::Ok);
    }

    #[test]
    fn noise_is_told_and_the_next_card_is_read() {
        let mut reader = CardReader::new();
        assert_eq!(reader.health().state, DeviceState::Unknown);
        for n in 0..1_000 {
            reader.heard(at(n), &[0xF8, 0x3B, 0x80, 0x00]);
        }
        assert_eq!(reader.health().conditions, [Condition::Garbled]);
        reader.tick(at(2_000));
        reader.heard(at(2_001), b";6225881234567890=2712101?\r");
        reader.tick(at(2_200));
        assert!(reader.next_request().is_some());
        assert_eq!(reader.health().state, DeviceState::Ok);
    }
}
