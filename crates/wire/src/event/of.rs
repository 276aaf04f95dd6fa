//! A hall's events, worded for the network.

use hall::{Hall, TicketId, TicketState};

use super::{EventKind, TicketRef, timestamp};
use crate::reply::LocalNames;

impl EventKind {
    /// The event as it is told. `hall` has applied it already.
    pub(super) fn of(hall: &Hall, at_ms: i64, event: &hall::Event) -> Self {
        let reference = |id: TicketId| TicketRef::of(hall, id);
        match event {
            hall::Event::DayOpened { date, .. } => Self::DayOpened { date: date.to_string() },
            hall::Event::DayClosed { date } => Self::DayClosed { date: date.to_string() },
            hall::Event::TicketingChanged { open } => Self::TicketingChanged { open: *open },
            hall::Event::Learnt(_) => Self::HallLearnt {},
            hall::Event::AppointmentBooked(booking) => {
                Self::AppointmentBooked { service: booking.service.to_string(), booked_at: timestamp(booking.at_ms) }
            }
            hall::Event::AppointmentCancelled { code } => {
                let booking = hall.appointment(code).map(|appointment| &appointment.booking);
                Self::AppointmentCancelled {
                    service: booking.map(|booking| booking.service.to_string()).unwrap_or_default(),
                    booked_at: timestamp(booking.map_or(at_ms, |booking| booking.at_ms)),
                }
            }
            hall::Event::TicketIssued(issued) => Self::TicketIssued { ticket: reference(issued.ticket) },
            hall::Event::TicketCalled { ticket, counter, because, .. } => {
                let words = |language| {
                    let called = hall.ticket(*ticket);
                    called.map(|one| because.text(&one.number, hall.rules(), language)).unwrap_or_default()
                };
                Self::TicketCalled {
                    ticket: reference(*ticket),
                    counter: counter.0,
                    because: LocalNames { zh: words(hall::Language::Zh), en: words(hall::Language::En) },
                    rule: Some(because.rule),
                }
            }
            hall::Event::TicketRejoined { ticket, only_counter } => {
                Self::TicketRejoined { ticket: reference(*ticket), only_counter: only_counter.map(|only| only.0) }
            }
            hall::Event::TicketRecalled { ticket, counter, recalls } => {
                Self::TicketRecalled { ticket: reference(*ticket), counter: counter.0, recalls: *recalls }
            }
            hall::Event::ServiceStarted { ticket, counter, started_at_ms } => Self::TicketStarted {
                ticket: reference(*ticket),
                counter: counter.0,
                started_at: timestamp(*started_at_ms),
            },
            hall::Event::TicketCompleted { ticket, counter, .. } => {
                Self::TicketCompleted { ticket: reference(*ticket), counter: counter.0 }
            }
            hall::Event::TicketNoShow { ticket, counter } => {
                Self::TicketNoShow { ticket: reference(*ticket), counter: counter.0 }
            }
            hall::Event::TicketHeld { ticket, counter, kind, .. } => {
                Self::TicketHeld { ticket: reference(*ticket), counter: counter.0, kind: *kind }
            }
            hall::Event::TicketTransferred { ticket, counter, .. } => Self::TicketTransferred {
                ticket: reference(*ticket),
                counter: counter.0,
                only_counter: hall.ticket(*ticket).and_then(|ticket| ticket.only_counter).map(|only| only.0),
            },
            hall::Event::TicketReturned { ticket, counter } => {
                Self::TicketReturned { ticket: reference(*ticket), counter: counter.0 }
            }
            hall::Event::TicketCancelled { ticket, .. } => Self::TicketCancelled { ticket: reference(*ticket) },
            hall::Event::TicketRated { ticket, score, .. } => {
                Self::TicketRated { ticket: reference(*ticket), score: *score }
            }
            hall::Event::TicketPrioritised { ticket, care, .. } => {
                Self::TicketPrioritised { ticket: reference(*ticket), care: *care }
            }
            hall::Event::TicketReprinted { ticket } => Self::TicketReprinted { ticket: reference(*ticket) },
            hall::Event::CounterOpened { counter, .. } => Self::CounterOpened { counter: counter.0 },
            hall::Event::CounterClosed { counter, .. } => Self::CounterClosed { counter: counter.0 },
            hall::Event::CounterPaused { counter, reason } => {
                Self::CounterPaused { counter: counter.0, reason: reason.clone() }
            }
            hall::Event::CounterResumed { counter } => Self::CounterResumed { counter: counter.0 },
        }
    }
}

impl TicketRef {
    fn of(hall: &Hall, id: TicketId) -> Self {
        match hall.ticket(id) {
            Some(ticket) => Self {
                id,
                number: ticket.number.to_string(),
                tier: ticket.tier.to_string(),
                service: ticket.service.to_string(),
                state: ticket.state,
                language: ticket.language.clone(),
            },
            // Only a journal of another hall could name one; the event is told all the same.
            None => Self {
                id,
                number: String::new(),
                tier: String::new(),
                service: String::new(),
                state: TicketState::Cancelled,
                language: None,
            },
        }
    }
}
