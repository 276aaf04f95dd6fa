//! Who somebody is.

use std::fmt;

use wire::{AppointmentStanding, IdentifyBy};

/// The ways to say who one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// What the hall offers.
    pub ways: Vec<IdentifyBy>,
    /// Priority care among them.
    pub care: bool,
}

/// Keys to type a number with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Which number.
    pub purpose: KeysFor,
    /// What was typed, as it may be seen.
    pub typed: Typing,
    /// Digits typed.
    pub count: usize,
    /// Digits wanted.
    pub wanted: usize,
    /// Whether it is complete.
    pub ready: bool,
    /// A word about it.
    pub hint: KeysHint,
}

/// Which number is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysFor {
    /// A mobile number.
    Phone,
    /// The code of an appointment.
    Appointment,
    /// The kiosk's PIN.
    Pin,
}

/// A word about what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysHint {
    /// Nothing yet, or all is well.
    None,
    /// It was sent; a moment.
    Asking,
    /// A mobile number begins otherwise.
    NoMobileNumber,
    /// There is no such appointment.
    UnknownCode,
    /// Too many wrong ones were typed here.
    TooMany,
    /// Another PIN.
    WrongPin,
    /// Nobody answers.
    Unreached,
}

/// What was typed, as it may be seen: masked, or in full while a finger rests on the button for it. Debug output never has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Typing {
    /// The characters to be drawn.
    pub text: String,
    /// In full.
    pub revealed: bool,
}

impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typing = f.debug_struct("Typing");
        if self.revealed { typing.finish_non_exhaustive() } else { typing.field("text", &self.text).finish() }
    }
}

/// An appointment that cannot simply be checked in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// How it stands; due, when its business gives no numbers now.
    pub standing: AppointmentStanding,
    /// The business.
    pub name: String,
    /// When it was for, such as 14:30.
    pub at: String,
    /// From when it can be checked in with.
    pub opens_at: String,
    /// Whether a number for the business can be taken now.
    pub open: bool,
}
