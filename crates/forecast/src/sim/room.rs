//! A simulated hall at one moment.

use std::cmp::Reverse;

use hall::routing::{Base, Floor, Heads, Margin, Waiting};

use super::lines::SimLines;
use crate::day::Staffed;

/// Queues and counters.
#[derive(Clone, Debug)]
pub struct Room<'f> {
    /// Tiers, services and counters.
    pub floor: &'f Floor,
    /// The moment, UTC ms.
    pub now_ms: i64,
    /// Who waits.
    pub lines: SimLines,
    /// Counters, as in [`Floor::posts`].
    pub desks: Vec<Desk>,
    /// Dedicated desks, then general ones from the fewest skills to the most: the order in which the free choose.
    order: Vec<usize>,
    /// How many of them are dedicated.
    dedicated: usize,
}

/// A simulated counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Whether it calls.
    pub staffed: Staffed,
    /// Since when it is open, paused or closed, UTC ms.
    pub since_ms: i64,
    /// Whether its teller has had a long pause today, as for lunch.
    pub rested: bool,
    /// What it is doing.
    pub work: Option<Work>,
}

/// Somebody at a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The service's index.
    pub service: usize,
    /// Since when the counter has them, UTC ms.
    pub since_ms: i64,
    /// Until when, UTC ms; at and after this moment the counter is free.
    pub until_ms: i64,
}

/// From this long on a pause counts as a long one, in ms.
pub const LONG_PAUSE_MS: i64 = 20 * 60_000;

impl Desk {
    /// A counter with nobody there.
    pub fn new(staffed: Staffed, since_ms: i64) -> Self {
        Self { staffed, since_ms, rested: false, work: None }
    }

    /// Open, and nobody there.
    pub fn is_free(&self) -> bool {
        (self.staffed == Staffed::Open) & self.work.is_none()
    }

    /// Opens, pauses or closes it.
    pub fn staff(&mut self, staffed: Staffed, now_ms: i64) {
        if self.staffed == staffed {
            return;
        }
        let away = self.staffed == Staffed::Paused && now_ms - self.since_ms >= LONG_PAUSE_MS;
        self.rested |= away;
        self.staffed = staffed;
        self.since_ms = now_ms;
    }
}

impl<'f> Room<'f> {
    /// An empty room with every counter closed.
    pub fn new(floor: &'f Floor, now_ms: i64) -> Self {
        let mut order: Vec<usize> = (0..floor.posts.len()).collect();
        order.sort_by_key(|post| {
            let at = &floor.posts[*post];
            (Reverse(floor.is_dedicated(*post)), if floor.is_dedicated(*post) { 0 } else { at.skills.len() }, at.number)
        });
        Self {
            floor,
            now_ms,
            lines: SimLines::new(floor),
            desks: vec![Desk::new(Staffed::Closed, now_ms); floor.posts.len()],
            dedicated: (0..floor.posts.len()).filter(|post| floor.is_dedicated(*post)).count(),
            order,
        }
    }

    /// The order in which free counters choose when several are free at one moment.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The dedicated desks among them, which come first.
    pub fn dedicated(&self) -> &[usize] {
        &self.order[..self.dedicated]
    }

    /// When a dedicated desk that is free may first divert somebody only because time has passed, UTC ms; [`i64::MAX`] when
    /// nobody waits whom one could.
    pub fn may_divert_from_ms(&self) -> i64 {
        let others = self.dedicated().iter().filter(|post| self.desks[**post].is_free());
        let heads = others.filter_map(|post| Heads::others(self.floor, &self.lines, *post));
        let from_ms = |head: Waiting| match (self.floor.routing.profile.base, self.floor.routing.rescue) {
            (Base::Foresight, _) | (_, Margin::Always) => self.now_ms,
            (_, Margin::Within(margin_ms)) => head.due_ms - margin_ms,
        };
        heads.fold(i64::MAX, |first_ms, heads| heads.iter().fold(first_ms, |ms, (_, head)| ms.min(from_ms(head))))
    }
}
