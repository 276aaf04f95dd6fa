//! What goes into a desk and what comes out of it.

use crate::language::Language;
use crate::typed::Typed;
use wire::{
    Appointment, Care, IdentifyBy, IdentityKind, Issued, KioskSettings, PrintState, Problem, ServiceOffer, StaffCorner,
    StaffDeed, TakeTicket,
};

/// What can be touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// The card of this service.
    Choose(String),
    /// The card of this group, counted from 0.
    Group(usize),
    /// The card that turns the page.
    More,
    /// The button or card "who are you".
    Who,
    /// One of the ways to say who one is.
    Way(IdentifyBy),
    /// The way to priority care.
    CareWay,
    /// A reason for priority care.
    Care(Care),
    /// A digit.
    Digit(u8),
    /// The last digit away.
    Erase,
    /// What was typed is to be seen while a finger rests on the button, or not any more.
    Reveal(bool),
    /// What was typed is complete.
    Enter,
    /// A kind of customer on the page of papers, counted from 0.
    Customer(usize),
    /// The papers of the business on the confirm page.
    Papers,
    /// With paper, or without.
    Paperless(bool),
    /// The one button that goes on: to the next page, or to the number. On "who are you" it skips.
    Confirm,
    /// The bar: back.
    Back,
    /// The bar: the other language, or the page of languages.
    Language,
    /// A language of that page, by its tag.
    Speak(String),
    /// The bar: large text.
    TextSize,
    /// The bar: high contrast.
    Contrast,
    /// The bar: the page is read aloud, or not any more.
    Speech,
    /// A key of the keypad, whichever.
    Key,
    /// A finger on a control, before what it does.
    Finger,
    /// The bar: help.
    Help,
    /// "Still there?" Yes.
    Stay,
    /// "Still there?" No.
    Leave,
    /// Done with a ticket or a notice.
    Done,
    /// Anywhere on a poster.
    Wake,
    /// The hidden corner of the header.
    Corner,
    /// Staff want this done.
    Deed(StaffDeed),
    /// Staff: louder.
    Louder,
    /// Staff: quieter.
    Quieter,
    /// Staff end the window.
    Exit,
}

/// What comes from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What a kiosk has to know of its hall.
    Settings(KioskSettings),
    /// The businesses, as they stand.
    Services(Vec<ServiceOffer>),
    /// The businesses could not be asked for.
    Unreached,
    /// A number was given to this attempt.
    Issued {
        /// The attempt of [`Command::Take`].
        attempt: u64,
        /// The ticket and its wait.
        issued: Box<Issued>,
    },
    /// This attempt was refused: there is no number.
    Refused {
        /// The attempt of [`Command::Take`].
        attempt: u64,
        /// Why.
        problem: Problem,
    },
    /// This attempt got no answer, or one that may be another in a moment: whether there is a number is not known.
    Unanswered {
        /// The attempt of [`Command::Take`].
        attempt: u64,
    },
    /// The broker answered this attempt that it can give no number at this moment, and why.
    Unable {
        /// The attempt of [`Command::Take`].
        attempt: u64,
        /// Why.
        problem: Problem,
    },
    /// How a print job stands.
    Printing {
        /// Of the ticket with this id.
        ticket: u64,
        /// How.
        state: PrintState,
    },
    /// Whether a device of this kiosk asks for paper.
    Paper {
        /// Its name.
        device: String,
        /// It does.
        out: bool,
    },
    /// Somebody who stands before this kiosk was identified.
    Identified(Identified),
    /// What became of a code of an appointment.
    Booked {
        /// The visitor of [`Command::FindAppointment`].
        visit: u64,
        /// What was found.
        found: Lookup,
    },
    /// What became of a wish of staff.
    Staff {
        /// The visitor of [`Command::OpenStaffCorner`] or [`Command::StaffAct`].
        visit: u64,
        /// The answer.
        reply: StaffReply,
    },
    /// Whether there are posters to show.
    Posters(bool),
    /// The kiosk speaks, this loud, of 100.
    Volume(u8),
    /// Whether the broker doubts its clock.
    ClockDoubted(bool),
}

/// Somebody who was identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// What their number is taken with.
    pub key: String,
    /// By what: a reader tells of cards and codes, a typed number is a phone's.
    pub kind: IdentityKind,
    /// What they were identified by, masked.
    pub masked: String,
    /// Their tier's id.
    pub tier: String,
    /// Their level within it, in the words of the directory of customers.
    pub level: Option<String>,
    /// The appointment that a code turned out to be.
    pub appointment: Option<Appointment>,
    /// The broker has told staff that they are here.
    pub staff_told: bool,
}

/// What became of a code of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It is this one.
    Found(Appointment),
    /// There is none with this code.
    Unknown,
    /// Too many wrong codes were tried at this kiosk.
    TooMany,
    /// Nobody answered.
    Unreached,
}

/// What became of a wish of staff.
#[derive(Debug, Clone, PartialEq)]
pub enum StaffReply {
    /// The corner is open, and this is how things stand.
    Open(Box<StaffCorner>),
    /// Another PIN opens it.
    WrongPin,
    /// Too many wrong ones: not for so many seconds.
    Locked,
    /// The corner was closed by the broker, or the deed refused, in the broker's words.
    Refused(String),
    /// Nobody answered.
    Unreached,
}

/// What the desk wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Ask for the businesses now, worded in this language.
    AskServices(Language),
    /// Write this request down with a fresh key, then send it.
    Take {
        /// Named again by the answer.
        attempt: u64,
        /// What is asked.
        request: TakeTicket,
    },
    /// Send the request that is written down once more, with the same key.
    TakeAgain {
        /// Named again by the answer.
        attempt: u64,
    },
    /// The request that is written down was answered and shown.
    Forget,
    /// The customer left before the answer was shown: whatever number the request got, or is still to get, is nobody's.
    Abandon,
    /// Tell the broker who stands here; the answer comes as [`News::Identified`], or never.
    Identify {
        /// A mobile number.
        number: Typed,
    },
    /// Ask which appointment has this code.
    FindAppointment {
        /// Named again by the answer.
        visit: u64,
        /// The code.
        code: Typed,
    },
    /// Ask for the staff corner.
    OpenStaffCorner {
        /// Named again by the answer.
        visit: u64,
        /// The kiosk's PIN.
        pin: Typed,
    },
    /// Do what staff want done.
    StaffAct {
        /// Named again by the answer.
        visit: u64,
        /// The key of the opened corner.
        key: String,
        /// What.
        deed: StaffDeed,
    },
    /// Speak this loud, of 100.
    SetVolume(u8),
    /// End the window, and say that staff wanted it.
    Exit,
}
