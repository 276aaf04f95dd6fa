//! What is known of a printer, in the words of the CEN/XFS printer class (CWA 16926-3).

use super::{Query, Reply, full};

/// What is known of a printer. Everything is unknown until the printer said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PrinterState {
    /// Does it take data?
    pub device: Device,
    /// The paper roll.
    pub paper: Paper,
    /// The cover.
    pub cover: Cover,
    /// The cutter.
    pub cutter: Cutter,
    /// The presenter's mouth.
    pub media: Media,
    /// It says that it is printing or moving paper. Only the full status has a word for that.
    pub is_moving: bool,
    /// An error it reported beyond cover, paper and cutter.
    pub error: Option<Fault>,
    /// It says an error stopped it, whichever.
    pub stopped_by_error: bool,
}

/// Whether the printer takes data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Device {
    /// It never said.
    #[default]
    Unknown,
    /// It does.
    Online,
    /// It does not.
    Offline,
}

/// How much paper there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paper {
    /// It never said.
    #[default]
    Unknown,
    /// Plenty.
    Full,
    /// The near-end sensor sees the roll's end coming.
    Low,
    /// None.
    Out,
}

/// The printer's cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cover {
    /// It never said.
    #[default]
    Unknown,
    /// Closed.
    Closed,
    /// Open.
    Open,
}

/// The cutter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cutter {
    /// It never said.
    #[default]
    Unknown,
    /// Works.
    Ok,
    /// Jammed, or not in its place.
    Fault,
}

/// Whether there is a ticket in the mouth of the presenter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Media {
    /// It never said, or has no presenter.
    #[default]
    Unknown,
    /// There is none.
    NotPresent,
    /// There is one, not yet taken.
    Present,
}

/// What keeps a printer from printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The roll is at its end.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    Cutter,
    /// Paper is stuck on its way.
    PaperJam,
    /// An error only switching off ends.
    Unrecoverable,
    /// An error that ends by itself, such as a hot head.
    AutoRecoverable,
    /// An error the printer did not explain.
    Error,
    /// Offline for a reason it did not give.
    Offline,
}

/// The three answers to "can it print?". Unknown is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Everything asked was answered well.
    Ok,
    /// Something is wrong, the most useful first.
    Fault(Fault),
    /// Something was never answered.
    Unknown,
}

impl PrinterState {
    /// Take in one answer.
    ///
    /// Bits: Epson ESC/POS command reference, DLE EOT (n = 1 to 4), GS a and GS r; Custom's manuals, DLE EOT 20.
    pub fn fold(&mut self, reply: Reply) {
        match reply {
            Reply::RealTime { query, bits } => self.fold_real_time(query, bits),
            Reply::Automatic([printer, errors, paper, _]) => {
                self.device = device(printer & 0x08 != 0);
                self.cover = cover(printer & 0x20 != 0);
                self.fold_errors(errors);
                self.stopped_by_error = false;
                self.paper = paper_of(paper & 0x03 != 0, paper & 0x0C != 0);
            }
            Reply::Full(bytes) => *self = full::state(bytes),
            Reply::Printed { bits } => {
                self.paper = paper_of(bits & 0x03 != 0, bits & 0x0C != 0);
            }
            Reply::Unasked(_) => {}
        }
    }

    /// Can it print?
    pub fn condition(&self) -> Condition {
        if self.cover == Cover::Open {
            return Condition::Fault(Fault::CoverOpen);
        }
        if self.paper == Paper::Out {
            return Condition::Fault(Fault::PaperOut);
        }
        if self.cutter == Cutter::Fault {
            return Condition::Fault(Fault::Cutter);
        }
        if let Some(error) = self.error {
            return Condition::Fault(error);
        }
        if self.stopped_by_error {
            return Condition::Fault(Fault::Error);
        }
        if self.device == Device::Offline {
            return Condition::Fault(Fault::Offline);
        }
        let all_known = self.device == Device::Online
            && self.paper != Paper::Unknown
            && self.cover != Cover::Unknown
            && self.cutter != Cutter::Unknown;
        if all_known { Condition::Ok } else { Condition::Unknown }
    }

    fn fold_real_time(&mut self, query: Query, bits: u8) {
        match query {
            Query::Printer => self.device = device(bits & 0x08 != 0),
            Query::Offline => {
                self.cover = cover(bits & 0x04 != 0);
                if bits & 0x20 != 0 {
                    self.paper = Paper::Out;
                }
                self.stopped_by_error = bits & 0x40 != 0;
            }
            Query::Error => self.fold_errors(bits),
            Query::Paper => self.paper = paper_of(bits & 0x0C != 0, bits & 0x60 != 0),
        }
    }

    /// The error bits are the same in `DLE EOT 3` and in the second byte of an automatic report.
    fn fold_errors(&mut self, bits: u8) {
        self.cutter = if bits & 0x08 == 0 { Cutter::Ok } else { Cutter::Fault };
        self.error = if bits & 0x20 != 0 {
            Some(Fault::Unrecoverable)
        } else if bits & 0x40 != 0 {
            Some(Fault::AutoRecoverable)
        } else {
            None
        };
    }
}

fn device(offline: bool) -> Device {
    if offline { Device::Offline } else { Device::Online }
}

fn cover(open: bool) -> Cover {
    if open { Cover::Open } else { Cover::Closed }
}

fn paper_of(near_end: bool, end: bool) -> Paper {
    if end {
        Paper::Out
    } else if near_end {
        Paper::Low
    } else {
        Paper::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(answers: [(Query, u8); 4]) -> PrinterState {
        let mut state = PrinterState::default();
        for (query, bits) in answers {
            state.fold(Reply::RealTime { query, bits });
        }
        state
    }

    const WELL: [(Query, u8); 4] =
        [(Query::Printer, 0x12), (Query::Offline, 0x12), (Query::Error, 0x12), (Query::Paper, 0x12)];

    #[test]
    fn a_printer_that_never_answered_is_unknown_not_ok() {
        assert_eq!(PrinterState::default().condition(), Condition::Unknown);
    }

    #[test]
    fn a_printer_is_ok_only_when_everything_was_answered() {
        assert_eq!(after(WELL).condition(), Condition::Ok);
        let mut partly = PrinterState::default();
        partly.fold(Reply::RealTime { query: Query::Printer, bits: 0x12 });
        assert_eq!(partly.condition(), Condition::Unknown);
    }

    #[test]
    fn low_paper_still_prints() {
        let mut state = after(WELL);
        state.fold(Reply::RealTime { query: Query::Paper, bits: 0x1E });
        assert_eq!((state.paper, state.condition()), (Paper::Low, Condition::Ok));
    }

    #[test]
    fn every_fault_bit_is_seen() {
        for (query, bits, fault) in [
            (Query::Printer, 0x1A, Fault::Offline),
            (Query::Offline, 0x16, Fault::CoverOpen),
            (Query::Offline, 0x32, Fault::PaperOut),
            (Query::Offline, 0x52, Fault::Error),
            (Query::Error, 0x1A, Fault::Cutter),
            (Query::Error, 0x32, Fault::Unrecoverable),
            (Query::Error, 0x52, Fault::AutoRecoverable),
            (Query::Paper, 0x72, Fault::PaperOut),
        ] {
            let mut state = after(WELL);
            state.fold(Reply::RealTime { query, bits });
            assert_eq!(state.condition(), Condition::Fault(fault), "{query:?} {bits:02X}");
            for (query, bits) in WELL {
                state.fold(Reply::RealTime { query, bits });
            }
            assert_eq!(state.condition(), Condition::Ok, "recovered from {fault:?}");
        }
    }

    #[test]
    fn an_automatic_report_tells_everything_at_once() {
        let mut state = PrinterState::default();
        state.fold(Reply::Automatic([0x10, 0, 0, 0]));
        assert_eq!(state.condition(), Condition::Ok);
        state.fold(Reply::Automatic([0x38, 0, 0x0C, 0]));
        assert_eq!((state.device, state.cover, state.paper), (Device::Offline, Cover::Open, Paper::Out));
        state.fold(Reply::Automatic([0x18, 0x08, 0x03, 0]));
        assert_eq!((state.cutter, state.paper), (Cutter::Fault, Paper::Low));
    }

    #[test]
    fn an_answer_nobody_asked_for_changes_nothing() {
        let mut state = after(WELL);
        state.fold(Reply::Unasked(0x1A));
        assert_eq!(state, after(WELL));
    }
}
