//! What can be asked of a hall.

use serde::{Deserialize, Serialize};

use crate::event::HoldKind;
use crate::identity::Identity;
use crate::ids::{AppointmentCode, CounterNumber, ServiceId, TellerId, TicketCode, TicketId, TierId};
use crate::routing::Lesson;
use crate::ticket::Care;
use crate::time::{At, Date};

/// A wish; [`crate::Hall::decide`] answers it with events or a refusal.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Begin the business day of this date; closes an earlier one that is still open.
    OpenDay {
        /// The day's date.
        date: Date,
    },
    /// End the business day: whoever still waits is cancelled, counters are signed out.
    CloseDay,
    /// A supervisor opens or closes ticketing.
    SetTicketing {
        /// Whether numbers are given out.
        open: bool,
    },
    /// Take over what earlier days have taught.
    Learn(Lesson),
    /// A customer takes a number.
    TakeTicket(TakeTicket),
    /// A time is booked for a customer.
    BookAppointment(BookAppointment),
    /// A booked time is called off.
    CancelAppointment {
        /// Which.
        code: AppointmentCode,
    },
    /// A teller begins at a counter; the PIN was checked before.
    SignIn {
        /// Where.
        counter: CounterNumber,
        /// Who.
        teller: TellerId,
    },
    /// Anything a staffed counter does.
    AtCounter {
        /// Where.
        counter: CounterNumber,
        /// What.
        act: CounterAct,
    },
    /// A served customer rates.
    Rate {
        /// Which ticket.
        ticket: TicketId,
        /// 1 (worst) to 5.
        score: u8,
        /// In the customer's words.
        comment: Option<String>,
    },
    /// Give a ticket up.
    Cancel {
        /// Which ticket.
        ticket: TicketId,
        /// Who asks.
        by: Actor,
    },
    /// A held customer is back: wait again, in the place of their original arrival.
    Rejoin {
        /// Which ticket.
        ticket: TicketId,
        /// Whether only the counter that had it is to call it; as long as somebody works there.
        same_counter: bool,
    },
    /// Care for this customer first.
    Prioritise {
        /// Which ticket.
        ticket: TicketId,
        /// Why.
        care: Care,
    },
    /// Print the same number again, marked as a copy.
    Reprint {
        /// Which ticket.
        ticket: TicketId,
    },
}

/// A customer takes a number.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeTicket {
    /// What for.
    pub service: ServiceId,
    /// The recognised tier; `None` = the lowest.
    pub tier: Option<TierId>,
    /// Who they said they are, masked.
    pub identity: Option<Identity>,
    /// Priority care.
    pub care: Option<Care>,
    /// The time they had booked elsewhere, UTC ms.
    pub booked_ms: Option<i64>,
    /// The appointment they check in with; it says when they had booked.
    pub appointment: Option<AppointmentCode>,
    /// Nothing is printed, whatever the kiosk.
    pub paperless: bool,
    /// Language tag.
    pub language: Option<String>,
    /// The kind of customer they said they are, by its Chinese name among the service's documents.
    pub customer: Option<String>,
    /// Where it prints.
    pub kiosk: Option<String>,
    /// Made by the caller, unguessable.
    pub code: TicketCode,
}

/// A time is booked for a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct BookAppointment {
    /// What for.
    pub service: ServiceId,
    /// When: with the local time of that moment, which need not be as far from UTC as today's.
    pub at: At,
    /// The tier they will have; `None` = the lowest.
    pub tier: Option<TierId>,
    /// Codes made by the caller, unguessable; the first that is free is taken.
    pub codes: Vec<AppointmentCode>,
}

/// What a teller does at a counter.
#[derive(Clone, Debug, PartialEq)]
pub enum CounterAct {
    /// Stop working here.
    SignOut,
    /// Stop calling for a while.
    Pause {
        /// Why.
        reason: String,
    },
    /// Go on calling.
    Resume,
    /// Complete what is here, if anything, and call whom the profile picks.
    CallNext,
    /// Call this ticket, whoever's turn it is: waiting, held, or a no-show who came after all.
    Call {
        /// Which ticket.
        ticket: TicketId,
    },
    /// Call the same number again.
    Recall,
    /// Nobody came.
    NoShow,
    /// The customer sits down: the wait ends.
    Start,
    /// Done.
    Complete {
        /// In the teller's words.
        outcome: Option<String>,
    },
    /// Set the ticket aside.
    Hold {
        /// Why.
        reason: String,
        /// Whom it waits for.
        kind: HoldKind,
    },
    /// Send the customer on.
    Transfer {
        /// Where to.
        to: Destination,
        /// Whether they keep their place by original arrival, or queue as having come now.
        keep_place: bool,
        /// For the colleague.
        note: Option<String>,
    },
    /// Undo the call: back to its place in the queue, silently.
    Return,
}

/// Where a transferred ticket goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// To whoever serves this business.
    Service(ServiceId),
    /// To this counter only.
    Counter(CounterNumber),
}

/// Who gave a ticket up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The customer, at the kiosk.
    Customer,
    /// A teller or supervisor.
    Staff,
}
