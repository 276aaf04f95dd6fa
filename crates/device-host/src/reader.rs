//! Readers of who stands before a kiosk: an identity card laid on, a card swiped, a code held up.
//!
//! What was read goes to the broker and nowhere else: no log, no event and no field of a driver keeps it.

mod card;
mod id_card;
mod scanner;

use wire::{Condition, DeviceReport, DeviceState};

use crate::device::report;

pub(crate) use card::CardReader;
pub(crate) use id_card::IdReader;
pub(crate) use scanner::Scanner;

/// How a reader is that speaks only when somebody uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Nothing,
    Sense,
    /// What came last made no sense, for this reason.
    Nonsense(&'static str),
}

impl Heard {
    fn report(self, speaks_when: &str) -> DeviceReport {
        match self {
            Self::Nothing => {
                report(DeviceState::Unknown, Vec::new(), Some(format!("it speaks only when {speaks_when}")))
            }
            Self::Sense => report(DeviceState::Ok, Vec::new(), None),
            Self::Nonsense(why) => report(DeviceState::Warning, vec![Condition::Garbled], Some(why.to_owned())),
        }
    }
}
