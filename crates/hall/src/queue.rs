//! Who waits: per tier, in the order of their (head-started) arrival. The structure every routing profile picks from.

use std::collections::BTreeSet;

use crate::ids::TicketId;

/// The waiting tickets of a hall.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    tiers: Vec<TierQueue>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct TierQueue {
    order: BTreeSet<Place>,
    /// Waiting tickets by service index.
    by_service: Vec<usize>,
}

/// A place in a tier's queue: by order time, then by issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// UTC ms.
    pub order_ms: i64,
    /// Which ticket.
    pub ticket: TicketId,
}

impl Queue {
    /// An empty queue.
    pub fn new(tiers: usize, services: usize) -> Self {
        let tier = TierQueue { order: BTreeSet::new(), by_service: vec![0; services] };
        Self { tiers: vec![tier; tiers] }
    }

    /// The tickets of one tier (index in order of precedence), first come first.
    pub fn tier(&self, tier: usize) -> impl DoubleEndedIterator<Item = Place> {
        self.tiers.get(tier).into_iter().flat_map(|queue| queue.order.iter().copied())
    }

    /// Everybody, tier by tier in order of precedence.
    pub fn iter(&self) -> impl Iterator<Item = Place> {
        (0..self.tiers.len()).flat_map(|tier| self.tier(tier))
    }

    /// How many of one tier wait for one service.
    pub fn count(&self, tier: usize, service: usize) -> usize {
        self.tiers.get(tier).and_then(|queue| queue.by_service.get(service)).copied().unwrap_or(0)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.tiers.iter().map(|queue| queue.order.len()).sum()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.tiers.iter().all(|queue| queue.order.is_empty())
    }

    pub(crate) fn insert(&mut self, tier: usize, service: usize, place: Place) {
        let Some(queue) = self.tiers.get_mut(tier) else { return };
        if queue.order.insert(place)
            && let Some(count) = queue.by_service.get_mut(service)
        {
            *count += 1;
        }
    }

    pub(crate) fn remove(&mut self, tier: usize, service: usize, place: Place) {
        let Some(queue) = self.tiers.get_mut(tier) else { return };
        if queue.order.remove(&place)
            && let Some(count) = queue.by_service.get_mut(service)
        {
            *count -= 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        for queue in &mut self.tiers {
            queue.order.clear();
            queue.by_service.fill(0);
        }
    }
}
