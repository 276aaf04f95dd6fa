//! Who waits: per tier, in the order of their (head-started) arrival. The structure every routing profile picks from.

use std::collections::{BTreeMap, BTreeSet};

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
    counts: Vec<usize>,
    /// The same places by service index, but for those sent to one counter.
    by_service: Vec<BTreeSet<Place>>,
    /// Those sent to one counter, by its index in the rules.
    sent: BTreeMap<usize, BTreeSet<Place>>,
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
        let tier = TierQueue {
            counts: vec![0; services],
            by_service: vec![BTreeSet::new(); services],
            ..TierQueue::default()
        };
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
        self.tiers.get(tier).and_then(|queue| queue.counts.get(service)).copied().unwrap_or(0)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.tiers.iter().map(|queue| queue.order.len()).sum()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.tiers.iter().all(|queue| queue.order.is_empty())
    }

    /// How many of one tier wait for one service, but for those sent to one counter.
    pub fn count_unsent(&self, tier: usize, service: usize) -> usize {
        self.tiers.get(tier).and_then(|queue| queue.by_service.get(service)).map_or(0, BTreeSet::len)
    }

    /// Who came first of one tier for one service, but for those sent to one counter.
    pub fn first(&self, tier: usize, service: usize) -> Option<Place> {
        self.tiers.get(tier)?.by_service.get(service)?.first().copied()
    }

    /// Who came first of one tier of those sent to this counter (index in the rules).
    pub fn first_sent(&self, tier: usize, counter: usize) -> Option<Place> {
        self.tiers.get(tier)?.sent.get(&counter)?.first().copied()
    }

    /// Puts a ticket in; `sent` is the index of the one counter it was sent to.
    pub(crate) fn insert(&mut self, tier: usize, service: usize, place: Place, sent: Option<usize>) {
        let Some(queue) = self.tiers.get_mut(tier) else { return };
        if !queue.order.insert(place) {
            return;
        }
        if let Some(count) = queue.counts.get_mut(service) {
            *count += 1;
        }
        match sent {
            Some(counter) => {
                queue.sent.entry(counter).or_default().insert(place);
            }
            None => {
                if let Some(line) = queue.by_service.get_mut(service) {
                    line.insert(place);
                }
            }
        }
    }

    pub(crate) fn remove(&mut self, tier: usize, service: usize, place: Place, sent: Option<usize>) {
        let Some(queue) = self.tiers.get_mut(tier) else { return };
        if !queue.order.remove(&place) {
            return;
        }
        if let Some(count) = queue.counts.get_mut(service) {
            *count -= 1;
        }
        match sent {
            Some(counter) => {
                if let Some(line) = queue.sent.get_mut(&counter)
                    && line.remove(&place)
                    && line.is_empty()
                {
                    queue.sent.remove(&counter);
                }
            }
            None => {
                if let Some(line) = queue.by_service.get_mut(service) {
                    line.remove(&place);
                }
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        for queue in &mut self.tiers {
            queue.order.clear();
            queue.counts.fill(0);
            queue.by_service.iter_mut().for_each(BTreeSet::clear);
            queue.sent.clear();
        }
    }
}
