//! A simulated hall at one moment.

use std::cmp::Reverse;

use hall::routing::{Floor, Heads};

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
        self.staffed == Staffed::Open && self.work.is_none()
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
            order,
        }
    }

    /// The order in which free counters choose when several are free at one moment.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// When the next counter is done, UTC ms.
    pub fn next_done_ms(&self) -> Option<i64> {
        self.desks.iter().filter_map(|desk| desk.work).map(|work| work.until_ms).min()
    }

    /// Whether a dedicated desk is free and somebody waits whom it could serve though it is for others.
    pub fn may_divert_later(&self) -> bool {
        self.desks.iter().enumerate().any(|(post, desk)| {
            let others = || Heads::others(self.floor, &self.lines, post);
            desk.is_free() && others().is_some_and(|heads| heads.iter().next().is_some())
        })
    }
}
