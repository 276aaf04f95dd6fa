//! A simulated hall at one moment.

use std::cmp::Reverse;

use hall::routing::{Floor, Heads};

use super::lines::SimLines;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Whether it calls.
    pub open: bool,
    /// Until when it has somebody, UTC ms; at and after this moment it is free.
    pub busy_until_ms: Option<i64>,
    /// What it is doing: a service's index.
    pub service: Option<usize>,
}

impl Desk {
    /// Open, and nobody there.
    pub fn is_free(&self) -> bool {
        self.open && self.busy_until_ms.is_none()
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
        Self { floor, now_ms, lines: SimLines::new(floor), desks: vec![Desk::default(); floor.posts.len()], order }
    }

    /// The order in which free counters choose when several are free at one moment.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// When the next counter is done, UTC ms.
    pub fn next_done_ms(&self) -> Option<i64> {
        self.desks.iter().filter_map(|desk| desk.busy_until_ms).min()
    }

    /// Whether a dedicated desk is free and somebody waits whom it could serve though it is for others.
    pub fn may_divert_later(&self) -> bool {
        self.desks.iter().enumerate().any(|(post, desk)| {
            let others = || Heads::others(self.floor, &self.lines, post);
            desk.is_free() && others().is_some_and(|heads| heads.iter().next().is_some())
        })
    }
}
