//! The next half hour, and the wait of everybody at once: one set of futures tells who will miss their limit and how likely, and
//! what each tier and service that could come now would wait.
//!
//! Those who could come are ghosts: they stand last in their tier's queue and are called in thought whenever a counter would
//! choose them, without taking its time.

use std::borrow::Cow;
use std::collections::HashMap;

use hall::TicketId;
use hall::routing::{self, Base, Heads, Margin, Pick, Waiting};

use crate::estimate::Waits;
use crate::forward::{Forward, Present, Watch};
use crate::learn::Learnt;
use crate::sim::{Call, Room, Turn};

/// What many futures say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prospect {
    /// Waits from now of everybody in the queues.
    pub waiting: HashMap<TicketId, Outlook>,
    /// Waits of somebody who comes now, by tier and service.
    pub newcomers: Vec<Vec<Waits>>,
    /// The next half hour, by tier.
    pub tiers: Vec<TierOutlook>,
}

/// What is to be expected of one ticket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Waits from now.
    pub waits: Waits,
    /// Probability that it is called later than its limit, which ends within the window; 0 when it ends later or none runs, and 1
    /// when it has passed.
    pub miss: f64,
}

/// What is to be expected of one tier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TierOutlook {
    /// How many wait whose limit has passed; those who were called before and came back do not count.
    pub overdue: u32,
    /// Limits that will be missed within the window, of those who wait and those who will come; those missed already do not
    /// count.
    pub expected_misses: f64,
    /// Probability that there is at least one.
    pub any_miss: f64,
}

/// How far ahead misses are looked for, in ms.
pub const WINDOW_MS: i64 = 30 * 60_000;
/// No wait is followed for longer, in ms: whoever is not called by then is not called in any time that is worth telling.
pub const HORIZON_MS: i64 = 3 * 3_600_000;
/// Futures of a look at the hall, while few wait.
pub const FUTURES: usize = 100;
/// With more people waiting than this a look takes fewer futures, so that it stays short.
const CROWD: usize = 150;

/// How many of so many futures are run while so many people wait.
pub fn in_a_crowd(futures: usize, waiting: usize) -> usize {
    (futures * CROWD / waiting.max(CROWD)).max(3)
}

/// Runs so many futures; the same seed gives the same.
pub fn prospect(learnt: &Learnt, present: &Present<'_>, futures: usize, seed: u64) -> Prospect {
    let floor = present.room.floor;
    let mut gathered = Gathered::new(present, WINDOW_MS, true);
    let mut forward = Forward::new(learnt, present, HORIZON_MS);
    for n in 0..futures {
        gathered.begin();
        forward.once(seed.wrapping_add(n as u64), &mut gathered);
        gathered.end();
    }
    let now_ms = present.room.now_ms;
    let waiting = gathered.waiting.into_iter().map(|(ticket, one)| {
        let miss = match one.promised_ms.is_some_and(|promised_ms| promised_ms < now_ms) {
            true => 1.0,
            false => f64::from(one.missed) / futures.max(1) as f64,
        };
        (ticket, Outlook { waits: Waits::of(one.waits_s), miss })
    });
    let newcomers = gathered.ghosts.into_iter().map(|tier| tier.into_iter().map(Waits::of).collect());
    let tiers = (0..floor.tiers()).map(|tier| TierOutlook {
        overdue: overdue(&present.room, tier),
        expected_misses: f64::from(gathered.misses[tier]) / futures.max(1) as f64,
        any_miss: f64::from(gathered.futures_with_misses[tier]) / futures.max(1) as f64,
    });
    Prospect { waiting: waiting.collect(), newcomers: newcomers.collect(), tiers: tiers.collect() }
}

/// Limits that will be missed within `window_ms`, by tier: all that advice is compared by.
pub fn expected_misses(learnt: &Learnt, present: &Present<'_>, window_ms: i64, futures: usize, seed: u64) -> Vec<f64> {
    let mut gathered = Gathered::new(present, window_ms, false);
    let mut forward = Forward::new(learnt, present, window_ms + 1000);
    for n in 0..futures {
        gathered.begin();
        forward.once(seed.wrapping_add(n as u64), &mut gathered);
        gathered.end();
    }
    gathered.misses.iter().map(|misses| f64::from(*misses) / futures.max(1) as f64).collect()
}

/// How many of a tier wait whose limit has passed.
pub(crate) fn overdue(room: &Room<'_>, tier: usize) -> u32 {
    let mut overdue = 0;
    room.lines.each_anywhere(tier, &mut |who| {
        overdue += u32::from(who.promised_ms.is_some_and(|promised_ms| promised_ms < room.now_ms));
    });
    overdue
}

/// What was seen in the futures so far.
struct Gathered {
    now_ms: i64,
    window_end_ms: i64,
    /// Waits are followed to the end, not only misses.
    waits: bool,
    waiting: HashMap<TicketId, One>,
    ghosts: Vec<Vec<Vec<f32>>>,
    misses: Vec<u32>,
    futures_with_misses: Vec<u32>,
    /// In the present future: whoever was not called yet and has a limit within the window, with tier and limit.
    open: HashMap<TicketId, (usize, i64)>,
    missed_now: Vec<bool>,
    called: usize,
    /// By tier, services whose ghost was not called yet.
    ghosts_left: Vec<Vec<usize>>,
    left: usize,
    reached_ms: i64,
}

struct One {
    tier: usize,
    promised_ms: Option<i64>,
    waits_s: Vec<f32>,
    missed: u32,
    called: bool,
}

impl Gathered {
    fn new(present: &Present<'_>, window_ms: i64, waits: bool) -> Self {
        let (room, floor) = (&present.room, present.room.floor);
        let mut waiting = HashMap::new();
        for tier in 0..floor.tiers() {
            room.lines.each_anywhere(tier, &mut |who| {
                let Waiting { promised_ms, .. } = who;
                waiting.insert(who.ticket, One { tier, promised_ms, waits_s: vec![], missed: 0, called: false });
            });
        }
        let now_ms = room.now_ms;
        Self {
            now_ms,
            window_end_ms: now_ms + window_ms,
            waits,
            waiting,
            ghosts: vec![vec![vec![]; floor.services]; floor.tiers()],
            misses: vec![0; floor.tiers()],
            futures_with_misses: vec![0; floor.tiers()],
            open: HashMap::new(),
            missed_now: vec![false; floor.tiers()],
            called: 0,
            ghosts_left: vec![vec![]; floor.tiers()],
            left: 0,
            reached_ms: now_ms,
        }
    }

    fn begin(&mut self) {
        let (now_ms, window_end_ms) = (self.now_ms, self.window_end_ms);
        let within = now_ms..=window_end_ms;
        let open = |(ticket, one): (&TicketId, &One)| {
            let promised_ms = one.promised_ms.filter(|promised_ms| within.contains(promised_ms))?;
            Some((*ticket, (one.tier, promised_ms)))
        };
        self.open = self.waiting.iter().filter_map(open).collect();
        self.missed_now.fill(false);
        self.called = 0;
        self.waiting.values_mut().for_each(|one| one.called = false);
        self.left = 0;
        if self.waits {
            for (left, waits) in self.ghosts_left.iter_mut().zip(&self.ghosts) {
                *left = (0..waits.len()).collect();
                self.left += left.len();
            }
        }
    }

    /// Whoever is still open at the end of a future has missed when the future went on past their limit.
    fn end(&mut self) {
        let open = std::mem::take(&mut self.open);
        for (ticket, (tier, promised_ms)) in open {
            if promised_ms < self.reached_ms {
                self.miss(ticket, tier);
            }
        }
        for (tier, missed) in self.missed_now.iter().enumerate() {
            self.futures_with_misses[tier] += u32::from(*missed);
        }
        if self.waits {
            let never_s = HORIZON_MS as f32 / 1000.0;
            self.waiting.values_mut().filter(|one| !one.called).for_each(|one| one.waits_s.push(never_s));
            for (tier, left) in self.ghosts_left.iter().enumerate() {
                left.iter().for_each(|service| self.ghosts[tier][*service].push(never_s));
            }
        }
    }

    fn miss(&mut self, ticket: TicketId, tier: usize) {
        self.misses[tier] += 1;
        self.missed_now[tier] = true;
        if let Some(one) = self.waiting.get_mut(&ticket) {
            one.missed += 1;
        }
    }
}

impl Watch for Gathered {
    fn comes(&mut self, tier: usize, who: Waiting) {
        if let Some(promised_ms) = who.promised_ms.filter(|promised_ms| *promised_ms <= self.window_end_ms) {
            self.open.insert(who.ticket, (tier, promised_ms));
        }
    }

    fn called(&mut self, now_ms: i64, call: &Call) {
        let ticket = call.pick.who.ticket;
        if let Some((tier, promised_ms)) = self.open.remove(&ticket)
            && now_ms > promised_ms
        {
            self.miss(ticket, tier);
        }
        if self.waits
            && let Some(one) = self.waiting.get_mut(&ticket)
            && !one.called
        {
            one.called = true;
            one.waits_s.push((now_ms - self.now_ms) as f32 / 1000.0);
            self.called += 1;
        }
    }

    fn chooses(&mut self, room: &Room<'_>, post: usize, turn: Turn, _: Option<Pick>) {
        for tier in 0..self.ghosts_left.len() {
            if self.ghosts_left[tier].is_empty() {
                continue;
            }
            let called = ghosts_called(room, post, turn, tier, self.now_ms);
            let wait_s = (room.now_ms - self.now_ms) as f32 / 1000.0;
            let ghosts = &mut self.ghosts[tier];
            let before = self.ghosts_left[tier].len();
            self.ghosts_left[tier].retain(|service| {
                let called = called.contains(service);
                if called {
                    ghosts[*service].push(wait_s);
                }
                !called
            });
            self.left -= before - self.ghosts_left[tier].len();
        }
    }

    fn passes(&mut self, now_ms: i64) {
        self.reached_ms = now_ms;
    }

    fn asks_always(&self) -> bool {
        self.left > 0
    }

    fn is_over(&self) -> bool {
        let followed = !self.waits || (self.left == 0 && self.called == self.waiting.len());
        followed && self.reached_ms > self.window_end_ms
    }
}

/// The services for which a counter would now choose somebody more of this tier who came at `came_ms`.
fn ghosts_called<'r>(room: &'r Room<'_>, post: usize, turn: Turn, tier: usize, came_ms: i64) -> Cow<'r, [usize]> {
    let (floor, lines) = (room.floor, &room.lines);
    let Some(at) = floor.posts.get(post) else { return Cow::default() };
    let by_foresight = turn == Turn::Divert && floor.routing.profile.base == Base::Foresight;
    if by_foresight && tier + 1 == floor.tiers() {
        return Cow::Owned(routing::foresight_would_divert(floor, lines, post, room.now_ms, came_ms));
    }
    // A middle tier is diverted by foresight at the last moment only; hardly anybody waits for it.
    if !by_foresight && ghost_is_called(room, post, turn, tier, came_ms) {
        Cow::Borrowed(&at.skills)
    } else {
        Cow::default()
    }
}

/// Whether a counter would now choose somebody of this tier who came at `came_ms`, last of all, and whom it can serve.
fn ghost_is_called(room: &Room<'_>, post: usize, turn: Turn, tier: usize, came_ms: i64) -> bool {
    let (floor, lines) = (room.floor, &room.lines);
    let Some(at) = floor.posts.get(post) else { return false };
    let own = tier < at.tiers;
    let due_ms = came_ms + floor.limits_ms[tier];
    let ghost =
        Waiting { order_ms: came_ms, due_ms, promised_ms: Some(due_ms), ticket: TicketId(u64::MAX), service: 0 };
    let mut heads = match turn {
        Turn::Own if own => Heads::own(floor, lines, post),
        Turn::Divert if !own => match (Heads::others(floor, lines, post), floor.routing.rescue) {
            _ if !floor.routing.profile.rescue => return false,
            (Some(mut others), Margin::Within(margin_ms)) => {
                others.keep(|head| head.slack_ms(room.now_ms) <= margin_ms);
                if ghost.slack_ms(room.now_ms) > margin_ms {
                    return false;
                }
                others
            }
            (Some(others), Margin::Always) => others,
            (None, _) => return false,
        },
        Turn::Own | Turn::Divert => return false,
    };
    if heads.of(tier).is_some_and(|head| head.place() < ghost.place()) {
        return false;
    }
    heads.set(tier, ghost);
    routing::choose(floor, lines, &heads, room.now_ms).is_some_and(|pick| pick.who.ticket == ghost.ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_takes_fewer_futures_the_more_wait() {
        let futures = [0, 150, 300, 5000, 100_000].map(|waiting| in_a_crowd(FUTURES, waiting));
        assert_eq!(futures, [100, 100, 50, 3, 3]);
    }
}
