//! What goes into a desk and what comes out of it.

use look::Language;
use wire::{Issued, KioskSettings, PrintState, Problem, ServiceOffer, TakeTicket};

/// What a customer can touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// The card of this service.
    Choose(String),
    /// The card that turns the page.
    More,
    /// The confirm page's one button.
    Confirm,
    /// The bar: back.
    Back,
    /// The bar: the other language.
    Language,
    /// The bar: large text.
    TextSize,
    /// The bar: high contrast.
    Contrast,
    /// "Still there?" Yes.
    Stay,
    /// "Still there?" No.
    Leave,
    /// Done with a ticket or a notice.
    Done,
}

/// What comes from the broker.
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
    /// This attempt got no answer: whether there is a number is not known.
    Unanswered {
        /// The attempt of [`Command::Take`].
        attempt: u64,
    },
    /// How a print job stands.
    Printing {
        /// Of the ticket with this id.
        ticket: u64,
        /// How.
        state: PrintState,
    },
    /// Whether this kiosk's printer has paper.
    Paper {
        /// It has none.
        out: bool,
    },
    /// A reader has identified somebody who stands before this kiosk.
    Identified(Identified),
}

/// Somebody whom a reader has identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// What their number is taken with.
    pub key: String,
    /// What they were identified by, masked.
    pub masked: String,
    /// Their tier's id.
    pub tier: String,
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
}
