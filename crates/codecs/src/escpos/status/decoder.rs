//! The printer's answers, taken apart byte by byte.

use std::collections::VecDeque;

use super::{Query, full};
use crate::escpos::StatusKind;

/// One thing a printer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// The answer to a `DLE EOT n`.
    RealTime {
        /// The oldest question still unanswered.
        query: Query,
        /// The answer's byte.
        bits: u8,
    },
    /// An automatic status report.
    Automatic([u8; 4]),
    /// The answer to a `DLE EOT 20`: paper, user, recoverable and unrecoverable errors.
    Full([u8; 4]),
    /// The answer to a `GS r 1`: everything sent before it has been printed.
    Printed {
        /// The answer's byte: paper sensors.
        bits: u8,
    },
    /// A byte shaped like the answer to a question nobody asked. It says nothing about the printer.
    Unasked(u8),
}

/// Takes a printer's answers apart.
///
/// An answer does not say which question it answers, so the decoder is told of every question sent:
/// [`StatusDecoder::expect`], [`StatusDecoder::expect_full`] and [`StatusDecoder::expect_printed`]. In doubt it prefers to miss an
/// answer: a confirmation made of line noise would let a ticket count as printed that never was.
///
/// Any single byte may be noise that looks like an answer, but noise (most often a wrong line speed) rarely keeps to
/// bytes that look like answers. So a byte that fits nothing the printer could say puts what came with it in doubt,
/// and a [`Reply::Printed`] is given only when all of this holds:
///
/// - its question was announced and is unanswered;
/// - no byte of the same [`StatusDecoder::push`] fits nothing;
/// - after the last stray byte that fits nothing, every question of a round was answered, or a whole automatic report
///   received, cleanly (for a printer that tells no state: the job was sent after it).
///
/// The full status has values in it that look like other answers. Its first byte is none of them, so the next answer is
/// found however the one before was broken off; a byte that comes with it and is no part of it fits nothing.
#[derive(Clone, Debug)]
pub struct StatusDecoder {
    kind: StatusKind,
    asked: VecDeque<Query>,
    confirmations: usize,
    report: Option<Report>,
    /// A `DLE EOT 20` is unanswered.
    asked_full: bool,
    frame: Option<full::Frame>,
    /// Bytes of the current push fit nothing.
    push_noise: bool,
    /// Bytes since the oldest open question fit nothing.
    round_noise: bool,
    /// Bytes fitted nothing since [`StatusDecoder::take_noise`].
    noise: bool,
    in_doubt: bool,
}

impl Default for StatusDecoder {
    /// One that understands every answer there is.
    fn default() -> Self {
        Self::new(StatusKind::Automatic)
    }
}

/// An automatic report being received.
#[derive(Clone, Debug)]
struct Report {
    bytes: [u8; 4],
    received: usize,
    damaged: bool,
}

impl StatusDecoder {
    /// Questions remembered; of more, the oldest is taken for unanswered.
    pub const MAX_ASKED: usize = 32;

    /// For a printer that tells its state in this way. Only one that does so by itself is believed automatic reports.
    pub fn new(kind: StatusKind) -> Self {
        Self {
            kind,
            asked: VecDeque::new(),
            confirmations: 0,
            report: None,
            asked_full: false,
            frame: None,
            push_noise: false,
            round_noise: false,
            noise: false,
            in_doubt: false,
        }
    }

    /// A `DLE EOT n` was sent.
    pub fn expect(&mut self, query: Query) {
        if self.asked.is_empty() {
            self.round_noise = false;
        }
        if self.asked.len() == Self::MAX_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(query);
    }

    /// A `DLE EOT 20` was sent. Only a printer that tells its state in that way is believed the answer.
    pub fn expect_full(&mut self) {
        if !self.asked_full {
            self.round_noise = false;
        }
        self.asked_full = true;
    }

    /// A job ending in `GS r 1` was sent.
    pub fn expect_printed(&mut self) {
        self.confirmations = (self.confirmations + 1).min(Self::MAX_ASKED);
        if self.kind == StatusKind::None {
            // No clean round will ever end the doubt.
            self.in_doubt = false;
        }
    }

    /// The questions still open are given up, because their time ran out. Doubt stays.
    pub fn forget(&mut self) {
        *self = Self { noise: self.noise, in_doubt: self.in_doubt, ..Self::new(self.kind) };
    }

    /// What `bytes`, following those pushed before, say. Bytes of no known shape are skipped and noted for
    /// [`StatusDecoder::take_noise`]; XON and XOFF are only skipped.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Reply> {
        self.push_noise = false;
        let open = self.confirmations;
        let mut replies: Vec<Reply> = bytes.iter().filter_map(|byte| self.one(*byte)).collect();
        let plain = |reply: &Reply| matches!(reply, Reply::Unasked(bits) if bits & 0x90 == 0);
        if replies.iter().any(|reply| matches!(reply, Reply::Full(_))) && replies.iter().any(plain) {
            self.stray();
        }
        if self.push_noise {
            self.noise = true;
            self.confirmations = open;
            for reply in &mut replies {
                if let Reply::Printed { bits } = *reply {
                    *reply = Reply::Unasked(bits);
                }
            }
        }
        replies
    }

    /// Whether bytes that fit nothing came since this was last asked.
    pub fn take_noise(&mut self) -> bool {
        std::mem::take(&mut self.noise)
    }

    /// Whether a confirmation would not be believed now, because of bytes that fitted nothing.
    pub fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// A byte outside a report that fits nothing.
    fn stray(&mut self) -> Option<Reply> {
        self.push_noise = true;
        self.round_noise = true;
        self.in_doubt = true;
        None
    }

    fn one(&mut self, byte: u8) -> Option<Reply> {
        const XON: u8 = 0x11;
        const XOFF: u8 = 0x13;
        if byte == XON || byte == XOFF {
            return None;
        }
        if self.kind == StatusKind::Full {
            return self.one_of_full(byte);
        }
        if byte & 0x93 == 0x12 {
            // Real-time answers may come in the middle of an automatic report.
            let Some(query) = self.asked.pop_front() else { return Some(Reply::Unasked(byte)) };
            self.in_doubt &= !self.asked.is_empty() || self.round_noise;
            return Some(Reply::RealTime { query, bits: byte });
        }
        if byte & 0x93 == 0x10 {
            if self.kind != StatusKind::Automatic {
                return self.stray();
            }
            self.report = Some(Report { bytes: [byte, 0, 0, 0], received: 1, damaged: false });
            return None;
        }
        let plain = byte & 0x90 == 0;
        if let Some(report) = &mut self.report {
            // A damaged byte still takes its place, so that the rest of a damaged report is not taken for
            // an answer to GS r.
            report.damaged |= !plain;
            self.push_noise |= report.damaged;
            self.round_noise |= report.damaged;
            report.bytes[report.received] = byte;
            report.received += 1;
            if report.received < report.bytes.len() {
                return None;
            }
            let whole = (!report.damaged).then_some(Reply::Automatic(report.bytes));
            self.report = None;
            self.in_doubt &= whole.is_none() || self.push_noise;
            return whole;
        }
        if plain { Some(self.plain(byte)) } else { self.stray() }
    }

    /// A byte outside the answers that have several, shaped like the answer to a `GS r`.
    fn plain(&mut self, byte: u8) -> Reply {
        if self.confirmations == 0 || self.in_doubt {
            return Reply::Unasked(byte);
        }
        self.confirmations -= 1;
        Reply::Printed { bits: byte }
    }

    /// A byte of a printer that answers `DLE EOT 20`.
    fn one_of_full(&mut self, byte: u8) -> Option<Reply> {
        if byte == full::FIRST {
            let broken_off = self.frame.replace(full::Frame::default()).is_some();
            return if broken_off { self.stray() } else { None };
        }
        let Some(frame) = &mut self.frame else {
            return if byte & 0x90 == 0 { Some(self.plain(byte)) } else { self.stray() };
        };
        match frame.take(byte) {
            full::Step::More => None,
            full::Step::Damaged => self.stray(),
            full::Step::Broken | full::Step::Done(None) => {
                self.frame = None;
                self.stray()
            }
            full::Step::Done(Some(bytes)) => {
                self.frame = None;
                if !std::mem::take(&mut self.asked_full) {
                    return Some(Reply::Unasked(full::FIRST));
                }
                self.in_doubt &= self.round_noise || self.push_noise;
                Some(Reply::Full(bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_given_to_the_questions_in_order() {
        let mut decoder = StatusDecoder::default();
        decoder.expect(Query::Printer);
        decoder.expect(Query::Paper);
        assert_eq!(
            decoder.push(&[0x16, 0x72]),
            [
                Reply::RealTime { query: Query::Printer, bits: 0x16 },
                Reply::RealTime { query: Query::Paper, bits: 0x72 },
            ]
        );
    }

    #[test]
    fn an_answer_nobody_asked_for_says_nothing() {
        let mut decoder = StatusDecoder::default();
        assert_eq!(decoder.push(&[0x12, 0x00]), [Reply::Unasked(0x12), Reply::Unasked(0x00)]);
    }

    #[test]
    fn a_real_time_answer_may_split_an_automatic_report() {
        let mut decoder = StatusDecoder::default();
        decoder.expect(Query::Printer);
        assert_eq!(
            decoder.push(&[0x14, 0x00, 0x16, 0x0C, 0x0F]),
            [Reply::RealTime { query: Query::Printer, bits: 0x16 }, Reply::Automatic([0x14, 0x00, 0x0C, 0x0F]),]
        );
    }

    #[test]
    fn the_confirmation_after_a_report_is_told_from_it() {
        let mut decoder = StatusDecoder::default();
        decoder.expect_printed();
        assert_eq!(
            decoder.push(&[0x10, 0x00, 0x00, 0x00, 0x00]),
            [Reply::Automatic([0x10, 0, 0, 0]), Reply::Printed { bits: 0 }]
        );
    }

    #[test]
    fn a_damaged_report_never_looks_like_a_confirmation() {
        let mut decoder = StatusDecoder::default();
        decoder.expect_printed();
        assert_eq!(decoder.push(&[0x10, 0x95, 0x00, 0x00]), []);
        assert_eq!(decoder.push(&[0x00]), [Reply::Printed { bits: 0 }]);
    }

    #[test]
    fn flow_control_bytes_are_not_answers() {
        let mut decoder = StatusDecoder::default();
        decoder.expect(Query::Printer);
        assert_eq!(decoder.push(&[0x13, 0x11]), []);
    }

    #[test]
    fn forgotten_questions_are_not_answered_later() {
        let mut decoder = StatusDecoder::default();
        decoder.expect(Query::Printer);
        decoder.forget();
        assert_eq!(decoder.push(&[0x12]), [Reply::Unasked(0x12)]);
    }

    #[test]
    fn only_a_printer_that_speaks_by_itself_is_believed_reports() {
        for kind in [StatusKind::RealTime, StatusKind::None] {
            let mut decoder = StatusDecoder::new(kind);
            decoder.expect_printed();
            assert_eq!(decoder.push(&[0x10, 0, 0, 0]), [Reply::Unasked(0); 3], "{kind:?}");
            assert!(decoder.take_noise() && !decoder.take_noise());
        }
    }

    #[test]
    fn a_confirmation_among_bytes_that_fit_nothing_is_not_believed_wherever_they_stand() {
        for bytes in [[0x00, 0xFE], [0xFE, 0x00]] {
            let mut decoder = StatusDecoder::new(StatusKind::RealTime);
            decoder.expect_printed();
            assert_eq!(decoder.push(&bytes), [Reply::Unasked(0)]);
        }
    }

    #[test]
    fn doubt_ends_with_a_round_answered_cleanly_and_not_before() {
        let mut decoder = StatusDecoder::new(StatusKind::RealTime);
        decoder.expect_printed();
        decoder.expect(Query::Printer);
        decoder.push(&[0xFE]);
        decoder.push(&[0x12]);
        assert_eq!(decoder.push(&[0x00]), [Reply::Unasked(0)], "the round had a stray byte");
        decoder.expect(Query::Printer);
        decoder.expect(Query::Paper);
        decoder.push(&[0x12]);
        assert!(decoder.is_in_doubt());
        decoder.push(&[0x12]);
        assert_eq!(decoder.push(&[0x00]), [Reply::Printed { bits: 0 }]);
    }

    #[test]
    fn doubt_outlives_forgotten_questions_and_ends_with_the_next_job_where_no_state_is_told() {
        let mut decoder = StatusDecoder::new(StatusKind::None);
        decoder.push(&[0xFE]);
        decoder.forget();
        assert!(decoder.is_in_doubt());
        decoder.expect_printed();
        assert_eq!(decoder.push(&[0x00]), [Reply::Printed { bits: 0 }]);
    }
}
