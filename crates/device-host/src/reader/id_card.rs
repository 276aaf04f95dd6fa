//! A reader of resident identity cards: it is asked for a card again and again, and then to read it.

use std::hash::{BuildHasher, RandomState};

use codecs::id_card::{self, Decoder, MIN_POLL_MS, Reply};
use wire::{Condition, DeviceReport, DeviceState, IdReaderProfile, IdentityInput, IdentityKind};

use crate::device::{After, Driver, Frame, Request, report};
use crate::time::Now;

/// How long the module may take to say whether there is a card, and to read one (1295 bytes, and a second of its own).
const FIND_MS: i64 = 600;
const READ_MS: i64 = 3_000;
/// Questions without an answer after which the reader counts as not answering.
const MISSES: u8 = 3;
/// A card left lying is read again by some modules: within this time after it was last seen it is the same customer's.
const SAME_CARD_MS: i64 = 5_000;

/// The driver of one reader.
#[derive(Debug)]
pub(crate) struct IdReader {
    poll_ms: i64,
    decoder: Decoder,
    open: bool,
    step: Step,
    /// When the step is asked, and, once it was, until when its answer is due.
    at_ms: i64,
    asked: bool,
    misses: u8,
    /// Something came since the last question that is no answer.
    noise: bool,
    /// The same of the last question that was given up.
    was_noise: bool,
    has_answered: bool,
    /// The card read last, as a keyed hash, and when it was last seen.
    last: Option<(u64, i64)>,
    hasher: RandomState,
    read: Option<IdentityInput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Find,
    Select,
    Read,
}

impl IdReader {
    pub(crate) fn new(profile: &IdReaderProfile) -> Self {
        Self {
            poll_ms: i64::from(profile.poll_ms.max(MIN_POLL_MS)),
            decoder: Decoder::default(),
            open: false,
            step: Step::Find,
            at_ms: 0,
            asked: false,
            misses: 0,
            noise: false,
            was_noise: false,
            has_answered: false,
            last: None,
            hasher: RandomState::new(),
            read: None,
        }
    }

    fn follow(&mut self, now: Now, reply: &Reply) {
        let (step, wait_ms) = match (self.step, reply) {
            (Step::Find, Reply::Found) => (Step::Select, 0),
            (Step::Select, Reply::Selected) => (Step::Read, 0),
            (Step::Read, Reply::Card(card)) => {
                self.seen(now, &card.number);
                (Step::Find, self.poll_ms)
            }
            // A card that was taken off too soon, one of another kind, or an answer to a question given up.
            (
                Step::Find | Step::Select | Step::Read,
                Reply::Ready
                | Reply::Found
                | Reply::NoCard
                | Reply::Selected
                | Reply::NotSelected
                | Reply::Card(_)
                | Reply::OtherCard
                | Reply::NotRead
                | Reply::Other(_),
            ) => (Step::Find, self.poll_ms),
        };
        self.next(step, now.line_ms + wait_ms);
    }

    fn seen(&mut self, now: Now, number: &str) {
        let card = self.hasher.hash_one(number);
        let again = self.last.is_some_and(|(last, at)| last == card && now.line_ms < at + SAME_CARD_MS);
        self.last = Some((card, now.line_ms));
        if !again {
            self.read = Some(IdentityInput { kind: IdentityKind::IdCard, value: number.to_owned() });
        }
    }

    fn next(&mut self, step: Step, at_ms: i64) {
        self.step = step;
        self.at_ms = at_ms;
        self.asked = false;
    }
}

impl Driver for IdReader {
    fn opened(&mut self, now: Now) {
        self.open = true;
        self.decoder.clear();
        self.misses = 0;
        self.noise = false;
        self.was_noise = false;
        self.has_answered = false;
        self.next(Step::Find, now.line_ms);
    }

    fn gone(&mut self, _why: &str) {
        self.open = false;
        self.decoder.clear();
        self.read = None;
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        let replies = self.decoder.push(bytes);
        self.noise |= replies.is_empty();
        for reply in &replies {
            self.misses = 0;
            self.noise = false;
            self.was_noise = false;
            self.has_answered = true;
            self.follow(now, reply);
        }
        !replies.is_empty()
    }

    fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open || self.at_ms > now.line_ms {
            return None;
        }
        if self.asked {
            self.misses = self.misses.saturating_add(1);
            self.was_noise = self.noise;
            self.decoder.clear();
            self.next(Step::Find, now.line_ms + self.poll_ms);
            return None;
        }
        let (bytes, limit_ms) = match self.step {
            Step::Find => (id_card::find(), FIND_MS),
            Step::Select => (id_card::select(), FIND_MS),
            Step::Read => (id_card::read(), READ_MS),
        };
        self.asked = true;
        self.noise = false;
        self.at_ms = now.line_ms + limit_ms;
        Some(Frame { bytes, after: After::Nothing })
    }

    fn next_look(&self, _now: Now) -> Option<i64> {
        self.open.then_some(self.at_ms)
    }

    fn health(&self) -> DeviceReport {
        match (self.misses >= MISSES, self.was_noise) {
            (true, true) => {
                let detail = "what it answers is no frame: is its speed right?".to_owned();
                report(DeviceState::Fault, vec![Condition::Garbled], Some(detail))
            }
            (true, false) => {
                let detail = "it does not answer when it is asked for a card".to_owned();
                report(DeviceState::Unknown, vec![Condition::NoAnswer], Some(detail))
            }
            (false, _) if self.has_answered => report(DeviceState::Ok, Vec::new(), None),
            (false, _) => report(DeviceState::Unknown, Vec::new(), None),
        }
    }

    fn next_request(&mut self) -> Option<Request> {
        self.read.take().map(Request::Identify)
    }

    fn is_mute(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];
    /// Frames of programs in use: a card found, none, one selected.
    const FOUND: [u8; 10] = [0x00, 0x08, 0x00, 0x00, 0x9F, 0x00, 0x00, 0x00, 0x00, 0x97];
    const NONE: [u8; 6] = [0x00, 0x04, 0x00, 0x00, 0x80, 0x84];
    const SELECTED: [u8; 14] = [0x00, 0x0C, 0x00, 0x00, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0x9C];

    struct Rig {
        reader: IdReader,
        now: Now,
    }

    impl Rig {
        fn new() -> Self {
            let mut reader = IdReader::new(&IdReaderProfile { baud: 115_200, poll_ms: 300 });
            let now = Now { hall_ms: 0, line_ms: 0 };
            reader.opened(now);
            Self { reader, now }
        }

        /// The command it asks next, however long it waits.
        fn asks(&mut self) -> [u8; 2] {
            loop {
                self.now.line_ms = self.now.line_ms.max(self.reader.next_look(self.now).expect("it is open"));
                if let Some(frame) = self.reader.next_frame(self.now) {
                    return [frame.bytes[7], frame.bytes[8]];
                }
            }
        }

        fn answers(&mut self, body: &[u8]) {
            let frame = [HEAD.as_slice(), body].concat();
            // In pieces, as a port delivers them.
            for piece in frame.chunks(7) {
                self.reader.heard(self.now, piece);
            }
        }

        /// A card is laid on and read.
        fn reads(&mut self) -> Option<IdentityInput> {
            assert_eq!(self.asks(), [0x20, 0x01]);
            self.answers(&FOUND);
            assert_eq!(self.asks(), [0x20, 0x02]);
            self.answers(&SELECTED);
            assert_eq!(self.asks(), [0x30, 0x01]);
            self.answers(&card("110101199003078515"));
            self.reader.next_request().map(|request| match request {
                Request::Identify(identity) => identity,
                other @ (Request::Printer(_) | Request::Keypad(_)) => panic!("a reader asked {other:?}"),
            })
        }
    }

    /// The answer with a card of this number and nothing else on it.
    fn card(number: &str) -> Vec<u8> {
        let mut text = vec![b' '; 256];
        for (at, unit) in "1".encode_utf16().chain(number.encode_utf16()).enumerate().skip(1) {
            // Name, sex, nation, birth and address come first: 30 + 2 + 4 + 16 + 70 bytes.
            text[122 + 2 * (at - 1)..][..2].copy_from_slice(&unit.to_le_bytes());
        }
        for pair in text.chunks_exact_mut(2).filter(|pair| *pair == b"  ") {
            pair.copy_from_slice(&[0x20, 0x00]);
        }
        let mut body = vec![0x05, 0x08, 0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00];
        body.extend(text);
        body.extend([0; 1024]);
        body.push(body.iter().fold(0, |xor, byte| xor ^ byte));
        body
    }

    #[test]
    fn a_card_laid_on_is_read_once_while_it_lies_there() {
        let mut rig = Rig::new();
        assert_eq!(rig.asks(), [0x20, 0x01]);
        rig.answers(&NONE);
        let read = rig.reads().expect("a card");
        assert_eq!((read.kind, read.value.as_str()), (IdentityKind::IdCard, "110101199003078515"));
        for _ in 0..20 {
            assert_eq!(rig.reads(), None, "it still lies there");
        }
        assert_eq!(rig.reader.health().state, DeviceState::Ok);
        rig.now.line_ms += SAME_CARD_MS;
        assert!(rig.reads().is_some(), "laid on again");
    }

    #[test]
    fn it_is_asked_no_faster_than_the_module_bears() {
        let mut rig = Rig::new();
        let mut asked = Vec::new();
        for _ in 0..5 {
            rig.asks();
            asked.push(rig.now.line_ms);
            rig.answers(&NONE);
        }
        assert_eq!(asked, [0, 300, 600, 900, 1_200]);
    }

    #[test]
    fn silence_and_garbage_are_told_apart_and_a_good_answer_ends_both() {
        let mut rig = Rig::new();
        for _ in 0..4 {
            rig.asks();
        }
        assert_eq!(rig.reader.health().conditions, [Condition::NoAnswer]);
        for _ in 0..4 {
            rig.asks();
            rig.reader.heard(rig.now, &[0x55; 40]);
        }
        assert_eq!(rig.reader.health().conditions, [Condition::Garbled]);
        for _ in 0..2 {
            rig.asks();
        }
        assert_eq!(rig.reader.health().conditions, [Condition::NoAnswer], "its power was cut");
        rig.asks();
        rig.answers(&NONE);
        assert_eq!(rig.reader.health().state, DeviceState::Ok);
    }
}
