//! Where a desk can be, and what it knows of whoever stands before it.

use std::time::Duration;

use super::Moment;
use crate::typed::Typed;
use crate::view::{Deed, NoticeKind, Print};
use wire::{Appointment, Care, IdentifyBy, Issued, PrintState, StaffCorner};

/// The page and what it needs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    Welcome,
    /// Who are you.
    Who(Who),
    /// An appointment that cannot simply be checked in with, and what that means.
    Booked,
    /// The papers; `aside`: opened from the confirm page.
    Documents {
        aside: bool,
    },
    Confirm,
    /// The wait is long: is a number wanted all the same?
    LongWait,
    Taking {
        since: Moment,
        try_again_at: Option<Moment>,
        /// Why the broker gives no number at this moment.
        unable: Option<NoticeKind>,
    },
    Ticket {
        issued: Box<Issued>,
        print: Option<PrintState>,
        /// What the page last said of the paper.
        told: Print,
        issued_at: Moment,
        close_at: Moment,
    },
    Refused {
        kind: NoticeKind,
        reason: String,
        close_at: Moment,
    },
    Staff(Staff),
}

/// Where somebody is who says who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// Chooses a way.
    Choose,
    /// Types a mobile number.
    Phone { typed: Typed, revealed: bool },
    /// The typed number was sent; the broker has a moment to know it.
    Asking { since: Moment },
    /// A reader is to read something.
    Show(IdentifyBy),
    /// Types the code of an appointment.
    Code { typed: Typed, asked_at: Option<Moment>, trouble: Option<CodeTrouble> },
    /// Chooses why they come first.
    Care,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeTrouble {
    Unknown,
    TooMany,
    Unreached,
}

/// Where staff are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Staff {
    /// Types the PIN.
    Pin { typed: Typed, asked: bool, trouble: Option<PinTrouble> },
    /// The corner is open; without the broker's word there is only the way out.
    Open {
        corner: Option<Box<StaffCorner>>,
        /// What the broker has been asked to do and not answered yet.
        asking: Option<Deed>,
        done: Option<Deed>,
        trouble: Option<String>,
        unreached: bool,
    },
}

/// What was wrong with a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinTrouble {
    Wrong,
    Locked,
    Unreached,
}

/// What lies over the page, which goes on below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Help,
    Languages,
}

/// What the kiosk knows of one visit; the next visitor starts with none of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Visit {
    /// The business.
    pub(super) service: Option<String>,
    /// Which of the pages in between is shown, counted from 0.
    pub(super) step: usize,
    /// Priority care.
    pub(super) care: Option<Care>,
    /// The kind of customer whose papers are shown.
    pub(super) customer: usize,
    pub(super) paperless: bool,
    pub(super) appointment: Option<Appointment>,
    /// What they typed, masked: somebody who is identified by another phone number has left already.
    pub(super) expected: Option<String>,
    /// Nobody said in time who they are: ordinary, until told otherwise.
    pub(super) unknown: bool,
    /// They were asked who they are, and said so or did not want to.
    pub(super) asked: bool,
}

/// So long the broker has to say who somebody is; then they are served like everybody.
pub const IDENTIFY_LIMIT: Duration = Duration::from_secs(1);
/// Digits of a mobile number.
pub const PHONE_DIGITS: usize = 11;
/// Digits of an appointment's code.
pub const CODE_DIGITS: usize = 6;
/// Digits of a kiosk's PIN.
pub const PIN_DIGITS: usize = 6;
