//! The live hall's queues as routing sees them.

use std::borrow::Cow;

use super::lines::{Lines, Waiting};
use super::outlook::Outlook;
use crate::ids::CounterNumber;
use crate::queue::Place;
use crate::state::Hall;
use crate::ticket::Ticket;

impl Lines for Hall {
    fn first(&self, tier: usize, post: usize) -> Option<Waiting> {
        let skills = &self.floor().posts.get(post)?.skills;
        let firsts = skills.iter().filter_map(|service| self.queue().first(tier, *service));
        firsts.min().and_then(|place| self.waiting(place))
    }

    fn first_sent(&self, tier: usize, post: usize) -> Option<Waiting> {
        self.queue().first_sent(tier, post).and_then(|place| self.waiting(place))
    }

    fn count(&self, tier: usize, service: usize) -> usize {
        self.queue().count_unsent(tier, service)
    }

    fn each_in_order(&self, tier: usize, each: &mut dyn FnMut(Waiting)) {
        for place in self.queue().tier(tier) {
            let unsent = self.ticket(place.ticket).is_some_and(|ticket| self.sent_to(ticket).is_none());
            if let Some(who) = self.waiting(place).filter(|_| unsent) {
                each(who);
            }
        }
    }

    fn outlook(&self) -> &Outlook {
        Hall::outlook(self)
    }

    fn turns_taken(&self, tier: usize) -> u32 {
        Hall::turns_taken(self).get(tier).copied().unwrap_or(0)
    }
}

/// The queues as they are once a counter is done with its customer, who is then no event yet: the next one is chosen in the same
/// commit, and by what the journal will say then.
pub(crate) struct LinesAfter<'h> {
    hall: &'h Hall,
    outlook: Cow<'h, Outlook>,
}

impl Lines for LinesAfter<'_> {
    fn first(&self, tier: usize, post: usize) -> Option<Waiting> {
        self.hall.first(tier, post)
    }

    fn first_sent(&self, tier: usize, post: usize) -> Option<Waiting> {
        self.hall.first_sent(tier, post)
    }

    fn count(&self, tier: usize, service: usize) -> usize {
        self.hall.count(tier, service)
    }

    fn each_in_order(&self, tier: usize, each: &mut dyn FnMut(Waiting)) {
        self.hall.each_in_order(tier, each);
    }

    fn outlook(&self) -> &Outlook {
        &self.outlook
    }

    fn turns_taken(&self, tier: usize) -> u32 {
        Lines::turns_taken(self.hall, tier)
    }
}

impl Hall {
    /// The queues once this ticket, if any, has left its counter at `at_ms` (UTC).
    pub(crate) fn lines_after(&self, done: Option<&Ticket>, at_ms: i64) -> LinesAfter<'_> {
        let mut outlook = Cow::Borrowed(Hall::outlook(self));
        if let Some((ticket, took_ms)) = done.and_then(|ticket| Some((ticket, ticket.visit_ms(at_ms)?))) {
            let (_, service) = self.indices(ticket);
            outlook.to_mut().ends(service, took_ms);
        }
        LinesAfter { hall: self, outlook }
    }

    /// Whether a counter may call this ticket by itself: its kind admits the tier and it can do the service, or the ticket
    /// was sent to this very counter. A dedicated desk that diverts calls others too.
    pub fn may_call(&self, counter: CounterNumber, ticket: &Ticket) -> bool {
        match self.sent_to(ticket) {
            Some(only) => only == counter,
            None => self
                .rules()
                .counter(counter)
                .is_some_and(|rule| self.rules().serves(rule, &ticket.service, &ticket.tier)),
        }
    }

    /// The one counter a ticket was sent to. A counter that is no longer configured binds nobody: its customers would wait for
    /// ever.
    pub fn sent_to(&self, ticket: &Ticket) -> Option<CounterNumber> {
        ticket.only_counter.filter(|only| self.floor().post(*only).is_some())
    }

    /// A place in the queue with its deadline. The head start that moved the place moves the deadline that routing sees;
    /// the customer's own stays as it was promised.
    pub fn waiting(&self, place: Place) -> Option<Waiting> {
        let ticket = self.ticket(place.ticket)?;
        let head_start_ms = ticket.identified_at_ms - place.order_ms;
        let (_, service) = self.indices(ticket);
        Some(Waiting {
            order_ms: place.order_ms,
            due_ms: ticket.deadline_at_ms - head_start_ms,
            promised_ms: (!ticket.was_called()).then_some(ticket.deadline_at_ms),
            ticket: ticket.id,
            service,
        })
    }
}
