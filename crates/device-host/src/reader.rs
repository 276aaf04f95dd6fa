//! Readers of who stands before a kiosk: an identity card laid on, a card swiped, a code held up.
//!
//! What was read goes to the broker and nowhere else: no log, no event and no field of a driver keeps it.

mod card;
mod id_card;
mod scanner;

use wire::{Condition, DeviceReport, DeviceState, IdentityInput};

use crate::device::{Frame, report};
use crate::time::Now;

pub(crate) use card::CardReader;
pub(crate) use id_card::IdReader;
pub(crate) use scanner::Scanner;

/// The driver of one reader.
#[derive(Debug)]
pub(crate) enum Reader {
    IdCard(IdReader),
    Card(CardReader),
    Scanner(Scanner),
}

impl Reader {
    pub(crate) fn opened(&mut self, now: Now) {
        match self {
            Self::IdCard(reader) => reader.opened(now),
            Self::Card(reader) => reader.opened(),
            Self::Scanner(scanner) => scanner.opened(),
        }
    }

    pub(crate) fn gone(&mut self) {
        match self {
            Self::IdCard(reader) => reader.gone(),
            // Half a card or code ends with the port.
            Self::Card(reader) => reader.opened(),
            Self::Scanner(scanner) => scanner.opened(),
        }
    }

    pub(crate) fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        match self {
            Self::IdCard(reader) => reader.heard(now, bytes),
            Self::Card(reader) => reader.heard(now, bytes),
            Self::Scanner(scanner) => scanner.heard(bytes),
        }
    }

    pub(crate) fn tick(&mut self, now: Now) {
        match self {
            Self::Card(reader) => reader.tick(now),
            Self::IdCard(_) | Self::Scanner(_) => {}
        }
    }

    pub(crate) fn next_frame(&mut self, now: Now) -> Option<Frame> {
        match self {
            Self::IdCard(reader) => reader.next_frame(now),
            Self::Card(_) | Self::Scanner(_) => None,
        }
    }

    pub(crate) fn next_look(&self) -> Option<i64> {
        match self {
            Self::IdCard(reader) => reader.next_look(),
            Self::Card(reader) => reader.next_look(),
            Self::Scanner(_) => None,
        }
    }

    pub(crate) fn next_request(&mut self) -> Option<IdentityInput> {
        match self {
            Self::IdCard(reader) => reader.next_request(),
            Self::Card(reader) => reader.next_request(),
            Self::Scanner(scanner) => scanner.next_request(),
        }
    }

    /// Whether it ever says anything when asked.
    pub(crate) fn is_mute(&self) -> bool {
        match self {
            Self::IdCard(_) => false,
            Self::Card(_) | Self::Scanner(_) => true,
        }
    }

    pub(crate) fn health(&self) -> DeviceReport {
        match self {
            Self::IdCard(reader) => reader.health(),
            Self::Card(reader) => reader.health(),
            Self::Scanner(scanner) => scanner.health(),
        }
    }
}

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
