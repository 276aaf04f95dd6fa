//! Who comes before whom: the "people ahead" of a ticket and of somebody who would take one now.

use std::sync::Arc;

use crate::ids::TicketId;
use crate::rules::{CounterRule, Rules};
use crate::state::Hall;
use crate::ticket::TicketState;

/// People ahead, by service (index in [`Rules::services`]): those who will be called first at a counter that could also
/// serve the one who asks.
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
}

impl Hall {
    /// People ahead of a waiting ticket; `None` when it is not waiting (any more).
    pub fn ahead_of(&self, id: TicketId) -> Option<Ahead> {
        let ticket = self.ticket(id).filter(|ticket| ticket.state == TicketState::Waiting)?;
        let (tier, _) = self.rules().tier(&ticket.tier)?;
        let (service, _) = self.rules().service(&ticket.service)?;
        let mut ahead = self.ahead_of_newcomer(tier, service);
        // Counted from the tail, because most who ask have just come.
        for place in self.queue().tier(tier).rev() {
            let behind = self.ticket(place.ticket).and_then(|other| self.rules().service(&other.service));
            if let Some((other, _)) = behind {
                ahead.by_service[other] = ahead.by_service[other].saturating_sub(1);
            }
            if place.ticket == id {
                break;
            }
        }
        Some(ahead)
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
        Ahead { by_service }
    }
}

/// For each tier, which services compete for a counter. Worked out once: it is asked with every number given out.
#[derive(Clone, Debug)]
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
