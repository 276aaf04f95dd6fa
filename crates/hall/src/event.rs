//! What happened. Events are what the journal keeps: they carry all that [`crate::Hall::apply`] needs, so that an old day
//! replays alike under any later configuration. The serialised form is a file format: fields are added, never changed.

use serde::{Deserialize, Serialize};

use crate::appointment::Booking;
use crate::command::{Actor, Destination};
use crate::identity::Identity;
use crate::ids::{AppointmentCode, CounterNumber, Number, Prefix, ServiceId, TellerId, TicketCode, TicketId, TierId};
use crate::routing::{Because, Lesson};
use crate::ticket::Care;
use crate::time::Date;

/// One thing that happened at a moment the journal notes beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A business day began; numbers start at 001 again.
    DayOpened {
        /// The day's date.
        date: Date,
        /// The id that its first ticket gets: ids never repeat.
        first_ticket: TicketId,
        /// Appointments that earlier days have left: a journal is read from here on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        appointments: Vec<Booking>,
    },
    /// The business day ended: open tickets are cancelled, counters closed.
    DayClosed {
        /// The day's date.
        date: Date,
    },
    /// Numbers are given out, or not.
    TicketingChanged {
        /// Whether they are.
        open: bool,
    },
    /// What earlier days have taught, for the rules that look ahead.
    Learnt(Lesson),
    /// A number was promised.
    TicketIssued(TicketIssued),
    /// A time was booked.
    AppointmentBooked(Booking),
    /// A booked time was called off.
    AppointmentCancelled {
        /// Which.
        code: AppointmentCode,
    },
    /// A ticket was called to a counter.
    TicketCalled {
        /// Which.
        ticket: TicketId,
        /// To where.
        counter: CounterNumber,
        /// By whom.
        teller: TellerId,
        /// Why this one.
        because: Because,
    },
    /// The same number was called again.
    TicketRecalled {
        /// Which.
        ticket: TicketId,
        /// To where.
        counter: CounterNumber,
        /// How many times by now.
        recalls: u8,
    },
    /// The wait ended.
    ServiceStarted {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
        /// When, UTC ms: earlier than the event when nobody pressed *start*.
        started_at_ms: i64,
    },
    /// Served.
    TicketCompleted {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
        /// In the teller's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// Nobody came.
    TicketNoShow {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
    },
    /// Set aside.
    TicketHeld {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
        /// Why.
        reason: String,
        /// Whom it waits for.
        kind: HoldKind,
    },
    /// Sent on; waiting again, by its original arrival unless it was given a new place.
    TicketTransferred {
        /// Which.
        ticket: TicketId,
        /// From where.
        counter: CounterNumber,
        /// Where to.
        to: Destination,
        /// For the colleague.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// The place it now has, UTC ms; none = it keeps its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order_ms: Option<i64>,
    },
    /// A held customer is back and waits again, by their original arrival; or waits for any counter, because the one they came
    /// back to closed.
    TicketRejoined {
        /// Which.
        ticket: TicketId,
        /// The only counter that calls it by itself: the one that had it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only_counter: Option<CounterNumber>,
    },
    /// The call was undone; waiting again in its place.
    TicketReturned {
        /// Which.
        ticket: TicketId,
        /// From where.
        counter: CounterNumber,
    },
    /// Given up.
    TicketCancelled {
        /// Which.
        ticket: TicketId,
        /// By whom.
        by: Actor,
    },
    /// Rated by the customer.
    TicketRated {
        /// Which.
        ticket: TicketId,
        /// 1 (worst) to 5.
        score: u8,
        /// In the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// To be cared for first.
    TicketPrioritised {
        /// Which.
        ticket: TicketId,
        /// Why.
        care: Care,
        /// The place it now has, UTC ms.
        order_ms: i64,
    },
    /// Printed again, marked as a copy.
    TicketReprinted {
        /// Which.
        ticket: TicketId,
    },
    /// A teller began at a counter.
    CounterOpened {
        /// Where.
        counter: CounterNumber,
        /// Who.
        teller: TellerId,
    },
    /// The teller left.
    CounterClosed {
        /// Where.
        counter: CounterNumber,
        /// Who.
        teller: TellerId,
    },
    /// The teller pauses.
    CounterPaused {
        /// Where.
        counter: CounterNumber,
        /// Why.
        reason: String,
    },
    /// The teller goes on.
    CounterResumed {
        /// Where.
        counter: CounterNumber,
    },
}

/// The content of [`Event::TicketIssued`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// The new ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: Number,
    /// The prefix whose count it moved.
    pub prefix: Prefix,
    /// Behind its QR.
    pub code: TicketCode,
    /// The customer's tier.
    pub tier: TierId,
    /// What for.
    pub service: ServiceId,
    /// From when the wait counts, UTC ms.
    pub identified_at_ms: i64,
    /// When the limit ends, UTC ms.
    pub deadline_at_ms: i64,
    /// What the queue sorts by, UTC ms.
    pub order_ms: i64,
    /// Priority care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<Care>,
    /// The time they had booked, UTC ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_ms: Option<i64>,
    /// The appointment it was taken with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentCode>,
    /// Whether nothing is printed, whatever the kiosk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paperless: bool,
    /// Language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The kind of customer they said they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Where it prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<String>,
    /// Masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// Whom a held ticket waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// The customer fetches something.
    Customer,
    /// The hall finds something out.
    Staff,
}
