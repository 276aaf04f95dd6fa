//! The hall and what its signs show: all that events make.

use std::collections::VecDeque;
use std::sync::Arc;

use hall::{CounterNumber, Event, Hall, Rules, TicketId};

/// The state that events make. The loop has two: the published one, and a draft that is ahead of it by the batch in hand.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) hall: Hall,
    recent: VecDeque<RecentCall>,
}

/// A call that screens still show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecentCall {
    pub(crate) ticket: TicketId,
    pub(crate) number: String,
    pub(crate) counter: CounterNumber,
    pub(crate) at_ms: i64,
}

/// Calls remembered for screens and the hall's sign.
const RECENT: usize = 12;

impl World {
    pub(crate) fn new(rules: Arc<Rules>) -> Self {
        Self { hall: Hall::new(rules), recent: VecDeque::with_capacity(RECENT) }
    }

    /// The latest calls, newest first.
    pub(crate) fn recent(&self) -> impl Iterator<Item = &RecentCall> {
        self.recent.iter()
    }

    pub(crate) fn apply(&mut self, at_ms: i64, event: &Event) {
        self.hall.apply(at_ms, event);
        match event {
            Event::TicketCalled { ticket, counter, .. } | Event::TicketRecalled { ticket, counter, .. } => {
                self.forget(*ticket);
                let Some(number) = self.hall.ticket(*ticket).map(|ticket| ticket.number.to_string()) else { return };
                self.recent.truncate(RECENT - 1);
                self.recent.push_front(RecentCall { ticket: *ticket, number, counter: *counter, at_ms });
            }
            // Nobody is to walk to a counter for these any more.
            Event::TicketNoShow { ticket, .. }
            | Event::TicketHeld { ticket, .. }
            | Event::TicketTransferred { ticket, .. }
            | Event::TicketReturned { ticket, .. }
            | Event::TicketCancelled { ticket, .. } => self.forget(*ticket),
            Event::DayOpened { .. } | Event::DayClosed { .. } => self.recent.clear(),
            Event::TicketingChanged { .. }
            | Event::Learnt(_)
            | Event::AppointmentBooked(_)
            | Event::AppointmentCancelled { .. }
            | Event::TicketIssued(_)
            | Event::ServiceStarted { .. }
            | Event::TicketCompleted { .. }
            | Event::TicketRated { .. }
            | Event::TicketPrioritised { .. }
            | Event::TicketReprinted { .. }
            | Event::TicketRejoined { .. }
            | Event::CounterOpened { .. }
            | Event::CounterClosed { .. }
            | Event::CounterPaused { .. }
            | Event::CounterResumed { .. } => {}
        }
    }

    fn forget(&mut self, ticket: TicketId) {
        self.recent.retain(|call| call.ticket != ticket);
    }
}
