//! Who comes before whom: the "people ahead" of a ticket and of somebody who would take one now.

use std::sync::Arc;

use crate::ids::{CounterNumber, TicketId};
use crate::rules::{CounterRule, Rules};
use crate::state::Hall;
use crate::ticket::{Ticket, TicketState};

/// People ahead, by service (index in [`Rules::services`]): those who come first at a counter that could also serve the one
/// who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// How many, service by service.
    pub by_service: Vec<usize>,
}

impl Ahead {
    /// How many altogether.
    pub fn total(&self) -> usize {
        self.by_service.iter().sum()
    }

    fn count(&mut self, service: usize) {
        if let Some(count) = self.by_service.get_mut(service) {
            *count += 1;
        }
    }

    fn discount(&mut self, service: usize) {
        if let Some(count) = self.by_service.get_mut(service) {
            *count = count.saturating_sub(1);
        }
    }
}

impl Hall {
    /// People ahead of a waiting ticket; `None` when it is not waiting (any more).
    pub fn ahead_of(&self, id: TicketId) -> Option<Ahead> {
        let ticket = self.ticket(id).filter(|ticket| ticket.state == TicketState::Waiting)?;
        let (tier, _) = self.rules().tier(&ticket.tier)?;
        let (service, _) = self.rules().service(&ticket.service)?;
        if let Some(only) = self.sent_to(ticket) {
            return Some(self.ahead_at(only, id));
        }
        let mut ahead = self.ahead_of_newcomer(tier, service);
        // Counted from the tail, because most who ask have just come.
        for place in self.queue().tier(tier).rev() {
            let behind = self.ticket(place.ticket).filter(|other| self.may_be_called_where(tier, service, other));
            if let Some(behind) = behind {
                ahead.discount(self.indices(behind).1);
            }
            if place.ticket == id {
                break;
            }
        }
        Some(ahead)
    }

    /// Everybody who waits, in the order of tiers and arrival, each with how many people are ahead. One walk over the queue: a
    /// snapshot asks it of all.
    pub fn everybody_with_ahead(&self) -> Vec<(&Ticket, usize)> {
        let mut before = vec![0_usize; self.rules().services.len()];
        let mut sent_before: Vec<&Ticket> = Vec::new();
        let mut all = Vec::with_capacity(self.queue().len());
        for ticket in self.queue().iter().filter_map(|place| self.ticket(place.ticket)) {
            let (tier, service) = self.indices(ticket);
            if self.sent_to(ticket).is_some() {
                all.push((ticket, self.ahead_of(ticket.id).map_or(0, |ahead| ahead.total())));
                sent_before.push(ticket);
                continue;
            }
            let shared = before
                .iter()
                .enumerate()
                .filter(|(other, _)| self.overlap().share_a_counter(tier, service, *other))
                .map(|(_, count)| count);
            let sent = sent_before.iter().filter(|sent| self.may_be_called_where(tier, service, sent)).count();
            all.push((ticket, shared.sum::<usize>() + sent));
            if let Some(count) = before.get_mut(service) {
                *count += 1;
            }
        }
        all
    }

    /// People ahead of somebody of this tier and service (indices) who would take a number now.
    pub fn ahead_of_newcomer(&self, tier: usize, service: usize) -> Ahead {
        let by_service = (0..self.rules().services.len())
            .map(|other| {
                if !self.overlap().share_a_counter(tier, service, other) {
                    return 0;
                }
                (0..=tier).map(|before| self.queue().count(before, other)).sum()
            })
            .collect();
        let mut ahead = Ahead { by_service };
        for sent in self.sent() {
            let (their_tier, their_service) = self.indices(sent);
            let counted = their_tier <= tier && self.overlap().share_a_counter(tier, service, their_service);
            if counted && !self.may_be_called_where(tier, service, sent) {
                ahead.discount(their_service);
            }
        }
        ahead
    }

    /// People ahead of a ticket that was sent to one counter.
    fn ahead_at(&self, only: CounterNumber, id: TicketId) -> Ahead {
        let mut ahead = Ahead { by_service: vec![0; self.rules().services.len()] };
        for place in self.queue().iter().take_while(|place| place.ticket != id) {
            if let Some(other) = self.ticket(place.ticket).filter(|other| self.may_call(only, other)) {
                ahead.count(self.indices(other).1);
            }
        }
        ahead
    }

    /// Whether another ticket, of this tier or one before it, competes with this tier and service (indices) for a counter.
    fn may_be_called_where(&self, tier: usize, service: usize, other: &Ticket) -> bool {
        match self.sent_to(other) {
            None => self.overlap().share_a_counter(tier, service, self.indices(other).1),
            Some(only) => {
                let rules = self.rules();
                let open = |counter: &CounterRule| {
                    let (Some(tier), Some(service)) = (rules.tiers.get(tier), rules.services.get(service)) else {
                        return false;
                    };
                    rules.serves(counter, &service.id, &tier.id)
                };
                rules.counter(only).is_some_and(open)
            }
        }
    }
}

/// For each tier, which services compete for a counter. Worked out once: it is asked with every number given out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Overlap {
    services: usize,
    table: Arc<[bool]>,
}

impl Overlap {
    pub(crate) fn of(rules: &Rules) -> Self {
        let services = rules.services.len();
        let mut table = Vec::with_capacity(rules.tiers.len() * services * services);
        for tier in &rules.tiers {
            let open: Vec<_> = rules.counters.iter().filter(|counter| rules.admits(&counter.kind, &tier.id)).collect();
            for one in &rules.services {
                for other in &rules.services {
                    let both = |counter: &&CounterRule| {
                        counter.services.contains(&one.id) && counter.services.contains(&other.id)
                    };
                    table.push(open.iter().any(both));
                }
            }
        }
        Self { services, table: table.into() }
    }

    fn share_a_counter(&self, tier: usize, one: usize, other: usize) -> bool {
        let index = (tier * self.services + one) * self.services + other;
        self.table.get(index).copied().unwrap_or(false)
    }
}
