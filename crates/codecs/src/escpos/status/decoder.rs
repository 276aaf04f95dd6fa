//! The printer's answers, taken apart byte by byte.

use std::collections::VecDeque;

use super::Query;

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
/// [`StatusDecoder::expect`] and [`StatusDecoder::expect_printed`]. In doubt it prefers to miss an
/// answer: a confirmation made of line noise would let a ticket count as printed that never was.
#[derive(Clone, Debug, Default)]
pub struct StatusDecoder {
    asked: VecDeque<Query>,
    confirmations: usize,
    report: Option<Report>,
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

    /// A `DLE EOT n` was sent.
    pub fn expect(&mut self, query: Query) {
        if self.asked.len() == Self::MAX_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(query);
    }

    /// A job ending in `GS r 1` was sent.
    pub fn expect_printed(&mut self) {
        self.confirmations = (self.confirmations + 1).min(Self::MAX_ASKED);
    }

    /// The questions still open are given up, because their time ran out or the port was opened again.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// What `bytes`, following those pushed before, say. Bytes of no known shape are skipped, among them
    /// XON and XOFF.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Reply> {
        bytes.iter().filter_map(|byte| self.one(*byte)).collect()
    }

    fn one(&mut self, byte: u8) -> Option<Reply> {
        const XON: u8 = 0x11;
        const XOFF: u8 = 0x13;
        if byte == XON || byte == XOFF {
            return None;
        }
        if byte & 0x93 == 0x12 {
            // Real-time answers may come in the middle of an automatic report.
            return Some(match self.asked.pop_front() {
                Some(query) => Reply::RealTime { query, bits: byte },
                None => Reply::Unasked(byte),
            });
        }
        if byte & 0x93 == 0x10 {
            self.report = Some(Report { bytes: [byte, 0, 0, 0], received: 1, damaged: false });
            return None;
        }
        let plain = byte & 0x90 == 0;
        if let Some(report) = &mut self.report {
            // A damaged byte still takes its place, so that the rest of a damaged report is not taken for
            // an answer to GS r.
            report.damaged |= !plain;
            report.bytes[report.received] = byte;
            report.received += 1;
            if report.received < report.bytes.len() {
                return None;
            }
            let whole = (!report.damaged).then_some(Reply::Automatic(report.bytes));
            self.report = None;
            return whole;
        }
        if !plain {
            return None;
        }
        if self.confirmations == 0 {
            return Some(Reply::Unasked(byte));
        }
        self.confirmations -= 1;
        Some(Reply::Printed { bits: byte })
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
}
