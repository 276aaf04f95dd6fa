//! What a keypad knows of its counter.

use codecs::led::digits::last_three;
use wire::{CounterStatus, CounterView, TicketId, TicketState, TicketView};

/// What the keypad's six digits show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) waiting: u16,
    pub(super) ticket: Option<u16>,
}

/// The counter as the last answer or snapshot had it.
#[derive(Debug, Default)]
pub(super) struct Desk {
    counter: Option<CounterView>,
}

impl Desk {
    pub(super) fn take(&mut self, counter: CounterView) {
        self.counter = Some(counter);
    }

    /// The ticket as it stands after a command: at the counter, or not any more.
    pub(super) fn take_ticket(&mut self, ticket: TicketView) {
        let Some(counter) = &mut self.counter else { return };
        counter.ticket = match ticket.state {
            TicketState::Called | TicketState::Serving => Some(ticket),
            TicketState::Waiting
            | TicketState::Held
            | TicketState::Completed
            | TicketState::NoShow
            | TicketState::Cancelled => None,
        };
    }

    pub(super) fn nobody_waits(&mut self) {
        if let Some(counter) = &mut self.counter {
            counter.waiting = 0;
        }
    }

    pub(super) fn status(&self) -> Option<CounterStatus> {
        self.counter.as_ref().map(|counter| counter.state)
    }

    /// The ticket at the counter.
    pub(super) fn ticket(&self) -> Option<TicketId> {
        self.counter.as_ref()?.ticket.as_ref().map(|ticket| ticket.id)
    }

    /// Too early after a call the key is refused here; what is not known the broker decides.
    pub(super) fn may_mark_no_show(&self, now_ms: i64) -> bool {
        let from = self.counter.as_ref().and_then(|counter| counter.ticket.as_ref()?.no_show_from);
        from.is_none_or(|from| now_ms >= from.as_millisecond())
    }

    /// Nothing before anything is known.
    pub(super) fn digits(&self) -> Option<Digits> {
        let counter = self.counter.as_ref()?;
        Some(Digits {
            waiting: u16::try_from(counter.waiting).unwrap_or(u16::MAX),
            ticket: counter.ticket.as_ref().and_then(|ticket| last_three(&ticket.number)),
        })
    }
}
