//! What happened, as the event stream tells it. Two kinds: *events* are durable, numbered and can be resumed from
//! ([`crate::EventId`]); *passing* ones ([`crate::passing`]) have no id, are never repeated, and a client that missed one finds
//! the truth in the snapshot.

mod of;

use hall::{Care, Hall, HoldKind, TicketId, TicketState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::VERSION;
use crate::reply::LocalNames;

/// A durable event: the `data` of one message of `GET /events`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Version of this format.
    pub v: u32,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event")]
pub enum EventKind {
    /// A business day began.
    #[serde(rename = "day.opened")]
    DayOpened {
        /// Its date.
        date: String,
    },
    /// The business day ended: who still waited is cancelled, counters are closed.
    #[serde(rename = "day.closed")]
    DayClosed {
        /// Its date.
        date: String,
    },
    /// Numbers are given out, or not.
    #[serde(rename = "ticketing.changed")]
    TicketingChanged {
        /// Whether they are.
        open: bool,
    },
    /// Earlier days have taught the hall how long services take and when people come.
    #[serde(rename = "hall.learnt")]
    HallLearnt {},
    /// A time was booked. The code is the customer's alone.
    #[serde(rename = "appointment.booked")]
    AppointmentBooked {
        /// The service's id.
        service: String,
        /// The booked time.
        #[schema(value_type = String, format = DateTime)]
        booked_at: Timestamp,
    },
    /// A booked time was called off.
    #[serde(rename = "appointment.cancelled")]
    AppointmentCancelled {
        /// The service's id.
        service: String,
        /// The time that was booked.
        #[schema(value_type = String, format = DateTime)]
        booked_at: Timestamp,
    },
    /// A number was promised.
    #[serde(rename = "ticket.issued")]
    TicketIssued {
        /// Which.
        ticket: TicketRef,
    },
    /// Called to a counter.
    #[serde(rename = "ticket.called")]
    TicketCalled {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
        /// Why this one.
        because: LocalNames,
        /// The rule that chose it: `precedence`, `transferred`, `came_back`, `by_hand`, `arrival`, `turn`, `claim`, `deadline`, `urgent`,
        /// `cap`, or `diversion` (分流) where a dedicated desk took over somebody it is not for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        rule: Option<hall::routing::Rule>,
    },
    /// Called again.
    #[serde(rename = "ticket.recalled")]
    TicketRecalled {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
        /// How many times by now.
        recalls: u8,
    },
    /// Service began.
    #[serde(rename = "ticket.started")]
    TicketStarted {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        started_at: Timestamp,
    },
    /// Served.
    #[serde(rename = "ticket.completed")]
    TicketCompleted {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
    },
    /// Nobody came.
    #[serde(rename = "ticket.no_show")]
    TicketNoShow {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
    },
    /// Set aside.
    #[serde(rename = "ticket.held")]
    TicketHeld {
        /// Which.
        ticket: TicketRef,
        /// Where.
        counter: u16,
        /// Whom it waits for.
        #[schema(value_type = String)]
        kind: HoldKind,
    },
    /// Sent on, waiting again.
    #[serde(rename = "ticket.transferred")]
    TicketTransferred {
        /// Which; its service is the new one.
        ticket: TicketRef,
        /// From where.
        counter: u16,
        /// Only this counter may call it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only_counter: Option<u16>,
    },
    /// A held customer is back, waiting again.
    #[serde(rename = "ticket.rejoined")]
    TicketRejoined {
        /// Which.
        ticket: TicketRef,
        /// Only this counter may call it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only_counter: Option<u16>,
    },
    /// The call was undone.
    #[serde(rename = "ticket.returned")]
    TicketReturned {
        /// Which.
        ticket: TicketRef,
        /// From where.
        counter: u16,
    },
    /// Given up.
    #[serde(rename = "ticket.cancelled")]
    TicketCancelled {
        /// Which.
        ticket: TicketRef,
    },
    /// Rated.
    #[serde(rename = "ticket.rated")]
    TicketRated {
        /// Which.
        ticket: TicketRef,
        /// 1 to 5.
        score: u8,
    },
    /// To be cared for first.
    #[serde(rename = "ticket.prioritised")]
    TicketPrioritised {
        /// Which.
        ticket: TicketRef,
        /// Why.
        #[schema(value_type = String)]
        care: Care,
    },
    /// Printed again, marked as a copy.
    #[serde(rename = "ticket.reprinted")]
    TicketReprinted {
        /// Which.
        ticket: TicketRef,
    },
    /// A teller began.
    #[serde(rename = "counter.opened")]
    CounterOpened {
        /// Where.
        counter: u16,
    },
    /// The teller left.
    #[serde(rename = "counter.closed")]
    CounterClosed {
        /// Where.
        counter: u16,
    },
    /// The teller pauses.
    #[serde(rename = "counter.paused")]
    CounterPaused {
        /// Where.
        counter: u16,
        /// Why.
        reason: String,
    },
    /// The teller goes on.
    #[serde(rename = "counter.resumed")]
    CounterResumed {
        /// Where.
        counter: u16,
    },
}

/// The ticket an event is about, as it stands after the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketRef {
    /// Its id.
    #[schema(value_type = u64)]
    pub id: TicketId,
    /// Its number.
    pub number: String,
    /// Its tier.
    pub tier: String,
    /// Its service.
    pub service: String,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: TicketState,
    /// The customer's language, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl Event {
    /// Words a hall's event for the network. `hall` has applied it already.
    pub fn of(hall: &Hall, at_ms: i64, event: &hall::Event) -> Self {
        Self { v: VERSION, at: timestamp(at_ms), kind: EventKind::of(hall, at_ms, event) }
    }

    /// The name in the stream's `event:` line.
    pub fn name(&self) -> &'static str {
        self.kind.name()
    }
}

impl EventKind {
    /// The names of all events, for the documents.
    pub const NAMES: [&'static str; 24] = [
        "day.opened",
        "day.closed",
        "ticketing.changed",
        "hall.learnt",
        "appointment.booked",
        "appointment.cancelled",
        "ticket.issued",
        "ticket.called",
        "ticket.recalled",
        "ticket.started",
        "ticket.completed",
        "ticket.no_show",
        "ticket.held",
        "ticket.transferred",
        "ticket.rejoined",
        "ticket.returned",
        "ticket.cancelled",
        "ticket.rated",
        "ticket.prioritised",
        "ticket.reprinted",
        "counter.opened",
        "counter.closed",
        "counter.paused",
        "counter.resumed",
    ];

    fn name(&self) -> &'static str {
        match self {
            Self::DayOpened { .. } => "day.opened",
            Self::DayClosed { .. } => "day.closed",
            Self::TicketingChanged { .. } => "ticketing.changed",
            Self::HallLearnt {} => "hall.learnt",
            Self::AppointmentBooked { .. } => "appointment.booked",
            Self::AppointmentCancelled { .. } => "appointment.cancelled",
            Self::TicketIssued { .. } => "ticket.issued",
            Self::TicketCalled { .. } => "ticket.called",
            Self::TicketRecalled { .. } => "ticket.recalled",
            Self::TicketStarted { .. } => "ticket.started",
            Self::TicketCompleted { .. } => "ticket.completed",
            Self::TicketNoShow { .. } => "ticket.no_show",
            Self::TicketHeld { .. } => "ticket.held",
            Self::TicketTransferred { .. } => "ticket.transferred",
            Self::TicketRejoined { .. } => "ticket.rejoined",
            Self::TicketReturned { .. } => "ticket.returned",
            Self::TicketCancelled { .. } => "ticket.cancelled",
            Self::TicketRated { .. } => "ticket.rated",
            Self::TicketPrioritised { .. } => "ticket.prioritised",
            Self::TicketReprinted { .. } => "ticket.reprinted",
            Self::CounterOpened { .. } => "counter.opened",
            Self::CounterClosed { .. } => "counter.closed",
            Self::CounterPaused { .. } => "counter.paused",
            Self::CounterResumed { .. } => "counter.resumed",
        }
    }
}

/// UTC milliseconds as a timestamp; out of range, the nearest there is.
pub fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
