//! Asking a printer how it is, in the way its profile says, and noticing when it stops answering.

use codecs::escpos::status::{Condition, PrinterState, Query, Reply, StatusDecoder, enable_automatic};
use wire::PrinterStatus;

use crate::time::Now;

/// How often a printer is asked, and how long it may take to answer.
pub(crate) const POLL_MS: i64 = 2_000;
/// Rounds without an answer after which nothing is known any more.
const MISSES: u8 = 2;

/// What is known of a printer, and the questions under way.
#[derive(Debug)]
pub(super) struct Status {
    kind: PrinterStatus,
    decoder: StatusDecoder,
    known: PrinterState,
    /// Answers of this round still to come.
    open_answers: usize,
    misses: u8,
    next_at: i64,
    awaits_confirmation: bool,
    /// The confirmation of a job already given up may still come. It must not count for the next one.
    owes_confirmation: bool,
}

/// What an answer brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The printer said something about itself.
    pub(super) understood: bool,
    /// The job under way came out.
    pub(super) confirmed: bool,
    /// It answered a `GS r`, for whichever job.
    pub(super) confirms: bool,
}

impl Status {
    pub(super) fn new(kind: PrinterStatus) -> Self {
        Self {
            kind,
            decoder: StatusDecoder::default(),
            known: PrinterState::default(),
            open_answers: 0,
            misses: 0,
            next_at: 0,
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
        for reply in self.decoder.push(bytes) {
            self.known.fold(reply);
            heard.understood |= !matches!(reply, Reply::Unasked(_));
            heard.confirms |= matches!(reply, Reply::Printed { .. });
            match reply {
                Reply::RealTime { .. } => {
                    self.open_answers = self.open_answers.saturating_sub(1);
                    self.misses = 0;
                }
                Reply::Automatic(_) => {
                    self.open_answers = 0;
                    self.misses = 0;
                }
                Reply::Printed { .. } if self.owes_confirmation => self.owes_confirmation = false,
                Reply::Printed { .. } => heard.confirmed |= std::mem::take(&mut self.awaits_confirmation),
                Reply::Unasked(_) => {}
            }
        }
        heard
    }

    /// A round whose answers did not come in time is a miss.
    pub(super) fn tick(&mut self, now: Now) {
        if self.open_answers == 0 || now.line_ms < self.next_at {
            return;
        }
        self.open_answers = 0;
        self.misses = self.misses.saturating_add(1);
        // A while of silence: an answer that comes late must not be taken for one to a newer question.
        self.next_at = now.line_ms + POLL_MS / 2;
        if self.is_silent() {
            self.known = PrinterState::default();
        }
        self.forget_questions();
    }

    /// The bytes that ask, when it is time to.
    pub(super) fn next_question(&mut self, now: Now) -> Option<Vec<u8>> {
        let due = self.next_at()?;
        if now.line_ms < due || self.open_answers > 0 {
            return None;
        }
        self.next_at = now.line_ms + POLL_MS;
        match self.kind {
            PrinterStatus::RealTime => {
                self.open_answers = Query::ALL.len();
                Query::ALL.into_iter().for_each(|query| self.decoder.expect(query));
                Some(Query::ALL.into_iter().flat_map(Query::bytes).collect())
            }
            PrinterStatus::Automatic => {
                self.open_answers = 1;
                Some(enable_automatic().to_vec())
            }
            PrinterStatus::None => None,
        }
    }

    /// When to ask, or to look whether the answers came.
    pub(super) fn next_at(&self) -> Option<i64> {
        match self.kind {
            PrinterStatus::RealTime => Some(self.next_at),
            // It speaks by itself from its first report on.
            PrinterStatus::Automatic => {
                let asked_or_unknown = self.open_answers > 0 || self.condition() == Condition::Unknown;
                asked_or_unknown.then_some(self.next_at)
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

    /// It should answer and does not.
    pub(super) fn is_silent(&self) -> bool {
        self.misses >= MISSES
    }
}
