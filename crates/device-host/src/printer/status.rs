//! Asking a printer how it is, in the way its profile says, and noticing when it stops answering.

use codecs::escpos::status::{Condition, FULL, PrinterState, Query, Reply, StatusDecoder, enable_automatic};
use wire::PrinterStatus;

use super::traits::status_kind;
use crate::time::Now;

/// How often a printer is asked, and how long it may take to answer.
pub(crate) const POLL_MS: i64 = 2_000;
/// How often one is asked from whose next answer something is expected.
const HURRY_MS: i64 = 500;
/// How often a printer that speaks by itself is asked all the same.
const STILL_THERE_MS: i64 = 10_000;
/// Rounds without an answer after which nothing is known any more.
const MISSES: u8 = 2;
/// Rounds in a row with bytes that fit nothing after which nothing is known any more.
const GARBLED: u8 = 3;

/// What is known of a printer, and the questions under way.
///
/// The answers of a round count together: when a byte that fits nothing came among them, none does.
#[derive(Debug)]
pub(super) struct Status {
    kind: PrinterStatus,
    decoder: StatusDecoder,
    known: PrinterState,
    /// What the answers of this round have told so far.
    round: PrinterState,
    /// Bytes that fit nothing came since the last question.
    noise: bool,
    /// So did bytes like an answer to a `GS r` nobody waits for: what a wrong speed makes of a pause on the line.
    stray: bool,
    /// Rounds discarded in a row.
    garbled: u8,
    /// Answers of this round still to come.
    open_answers: usize,
    misses: u8,
    asked_at: i64,
    next_at: i64,
    is_hurried: bool,
    awaits_confirmation: bool,
    /// The confirmation of a job already given up may still come. It must not count for the next one.
    owes_confirmation: bool,
}

/// What an answer brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The printer said something about itself.
    pub(super) understood: bool,
    /// With that, everything it was asked is answered.
    pub(super) round: bool,
    /// The job under way came out.
    pub(super) confirmed: bool,
    /// It answered a `GS r`, for whichever job.
    pub(super) confirms: bool,
}

impl Status {
    pub(super) fn new(kind: PrinterStatus) -> Self {
        Self {
            kind,
            decoder: StatusDecoder::new(status_kind(kind)),
            known: PrinterState::default(),
            round: PrinterState::default(),
            noise: false,
            stray: false,
            garbled: 0,
            open_answers: 0,
            misses: 0,
            asked_at: 0,
            next_at: 0,
            is_hurried: false,
            awaits_confirmation: false,
            owes_confirmation: false,
        }
    }

    pub(super) fn opened(&mut self, now: Now) {
        *self = Self { next_at: now.line_ms, ..Self::new(self.kind) };
    }

    pub(super) fn gone(&mut self) {
        *self = Self::new(self.kind);
    }

    pub(super) fn heard(&mut self, bytes: &[u8]) -> Heard {
        let mut heard = Heard::default();
        let replies = self.decoder.push(bytes);
        self.noise |= self.decoder.take_noise();
        for reply in replies {
            self.round.fold(reply);
            match reply {
                Reply::RealTime { .. } => {
                    heard.understood |= !self.noise;
                    self.open_answers = self.open_answers.saturating_sub(1);
                    if self.open_answers == 0 {
                        heard.round |= self.end_round();
                    }
                }
                Reply::Automatic(_) | Reply::Full(_) => {
                    heard.understood |= !self.noise;
                    self.open_answers = 0;
                    heard.round |= self.end_round();
                }
                Reply::Printed { .. } => {
                    heard.understood = true;
                    heard.confirms = true;
                    self.known.fold(reply);
                    if self.owes_confirmation {
                        self.owes_confirmation = false;
                    } else {
                        heard.confirmed |= std::mem::take(&mut self.awaits_confirmation);
                    }
                }
                // Bit 4 tells answers to DLE EOT, which may merely be late, from those to GS r.
                Reply::Unasked(bits) => self.stray |= bits & 0x10 == 0,
            }
        }
        heard
    }

    /// A round whose answers did not come in time is a miss.
    pub(super) fn tick(&mut self, now: Now) {
        if self.open_answers == 0 || now.line_ms < self.next_at {
            return;
        }
        if self.noise || self.stray {
            self.discard_round();
        } else {
            let answered_some = self.open_answers < self.answers_a_round();
            self.known = self.round;
            self.misses = if answered_some { 1 } else { self.misses.saturating_add(1) };
        }
        self.open_answers = 0;
        // A while of silence: an answer that comes late must not be taken for one to a newer question.
        self.next_at = now.line_ms + POLL_MS / 2;
        self.asked_at = self.next_at;
        if self.is_silent() {
            self.known = PrinterState::default();
            self.garbled = 0;
        }
        self.forget_questions();
    }

    /// Everything that was asked has been answered. Returns whether it is believed.
    fn end_round(&mut self) -> bool {
        if self.noise {
            self.discard_round();
        } else {
            self.known = self.round;
            self.misses = 0;
            self.garbled = 0;
        }
        self.hurry(self.is_hurried);
        !self.noise
    }

    /// Whether something is expected from the next answer, so that it is asked for sooner.
    pub(super) fn hurry(&mut self, is_hurried: bool) {
        self.is_hurried = is_hurried;
        if is_hurried && self.open_answers == 0 {
            self.next_at = self.next_at.min(self.asked_at + HURRY_MS);
        }
    }

    /// Nothing of this round is believed.
    fn discard_round(&mut self) {
        self.misses = 0;
        self.garbled = self.garbled.saturating_add(1);
        if self.is_garbled() {
            self.known = PrinterState::default();
        }
        self.round = self.known;
    }

    /// The bytes that ask, when it is time to.
    pub(super) fn next_question(&mut self, now: Now) -> Option<Vec<u8>> {
        let due = self.next_at()?;
        if now.line_ms < due || self.open_answers > 0 {
            return None;
        }
        self.next_at = now.line_ms + POLL_MS;
        self.asked_at = now.line_ms;
        self.noise = false;
        self.stray = false;
        self.round = self.known;
        self.open_answers = self.answers_a_round();
        match self.kind {
            PrinterStatus::RealTime => {
                Query::ALL.into_iter().for_each(|query| self.decoder.expect(query));
                Some(Query::ALL.into_iter().flat_map(Query::bytes).collect())
            }
            PrinterStatus::Automatic => Some(enable_automatic().to_vec()),
            PrinterStatus::Full => {
                self.decoder.expect_full();
                Some(FULL.to_vec())
            }
            PrinterStatus::None => None,
        }
    }

    fn answers_a_round(&self) -> usize {
        match self.kind {
            PrinterStatus::RealTime => Query::ALL.len(),
            PrinterStatus::Automatic | PrinterStatus::Full => 1,
            PrinterStatus::None => 0,
        }
    }

    /// When to ask, or to look whether the answers came.
    pub(super) fn next_at(&self) -> Option<i64> {
        match self.kind {
            PrinterStatus::RealTime | PrinterStatus::Full => Some(self.next_at),
            // It speaks by itself from its first report on; one that was lost in noise is asked for, and now and then whether
            // it is still there: a printer without power says nothing either.
            PrinterStatus::Automatic => {
                let is_unknown = self.noise || self.condition() == Condition::Unknown;
                let is_due = self.open_answers > 0 || is_unknown || self.misses > 0;
                Some(if is_due { self.next_at } else { self.next_at.max(self.asked_at + STILL_THERE_MS) })
            }
            PrinterStatus::None => None,
        }
    }

    pub(super) fn expect_confirmation(&mut self) {
        self.awaits_confirmation = true;
        self.decoder.expect_printed();
    }

    /// The confirmation is given up. Where an older one was owed and came, it was this one's and the older one is lost:
    /// then nothing is owed any more.
    pub(super) fn give_up_confirmation(&mut self, owed_before: bool) {
        self.awaits_confirmation = false;
        self.owes_confirmation |= !owed_before;
        self.open_answers = 0;
        self.forget_questions();
    }

    pub(super) fn owes_confirmation(&self) -> bool {
        self.owes_confirmation
    }

    /// Forgets the questions about its state, not those about jobs.
    fn forget_questions(&mut self) {
        self.decoder.forget();
        for expected in [self.owes_confirmation, self.awaits_confirmation] {
            if expected {
                self.decoder.expect_printed();
            }
        }
    }

    pub(super) fn known(&self) -> &PrinterState {
        &self.known
    }

    pub(super) fn condition(&self) -> Condition {
        self.known.condition()
    }

    /// Its answers have been unreadable for a while.
    pub(super) fn is_garbled(&self) -> bool {
        self.garbled >= GARBLED
    }

    /// A confirmation would not be believed now; a clean round of answers ends that.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.kind != PrinterStatus::None && self.decoder.is_in_doubt()
    }

    /// It should answer and does not.
    pub(super) fn is_silent(&self) -> bool {
        self.misses >= MISSES
    }
}
