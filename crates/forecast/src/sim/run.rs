//! Lets a room and a script meet, moment by moment.
//!
//! At one moment counters that are done become free, then the script acts, then free dedicated desks choose of their own, then
//! general counters from the fewest skills to the most (ties by number), then dedicated desks that are still free divert. An
//! idle dedicated desk looks again 30 s after the last event, for slack runs out without one.

use std::hint::select_unpredictable;

use hall::routing::{self, Pick};

use super::room::{Room, Work};
use crate::day::Staffed;

/// What comes from outside the room.
pub trait Script {
    /// When something comes next, UTC ms; `None` when nothing does any more.
    fn next_ms(&self) -> Option<i64>;

    /// Lets what is due at `room.now_ms` come.
    fn act(&mut self, room: &mut Room<'_>);

    /// Somebody is called (and still stands in the queues): for how long the counter has them, in ms.
    fn called(&mut self, room: &Room<'_>, call: &Call) -> i64;

    /// Whom the free counter at `post` calls.
    fn choose(&mut self, room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
        by_the_rules(room, post, turn)
    }

    /// A moment has passed: whoever could be called was.
    fn passed(&mut self, room: &mut Room<'_>) {
        let _ = room;
    }

    /// Whether free counters are asked to choose also when nobody waits.
    fn asks_always(&self) -> bool {
        false
    }

    /// Whether nothing more is asked of this run.
    fn is_over(&self) -> bool {
        false
    }
}

/// A call in a simulated hall.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The counter's index.
    pub post: usize,
    /// Whom and why.
    pub pick: Pick,
}

/// Which choice of a moment is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Of those the counter is for.
    Own,
    /// Of others.
    Divert,
}

/// How long an idle dedicated desk waits before it looks again, in ms.
const LOOK_AGAIN_MS: i64 = 30_000;
/// Where nothing else happens any more, for how long it goes on looking, in ms: who is not worth a diversion after a day never
/// will be.
const LOOK_FOR_MS: i64 = 24 * 3_600_000;

/// Runs until the script has nothing more and everybody was called, or until the script is over.
pub fn run(room: &mut Room<'_>, script: &mut impl Script) {
    let mut ranks = Ranks::of(room);
    let mut quiet_since_ms = room.now_ms;
    loop {
        let now_ms = room.now_ms;
        ranks.free_those_who_are_done(room);
        if script.next_ms().is_some_and(|next_ms| next_ms <= now_ms) {
            script.act(room);
            ranks.see_staffing(room);
        }
        dispatch(room, script, &mut ranks);
        script.passed(room);
        if script.is_over() {
            return;
        }
        let event_ms = script.next_ms().map_or(ranks.next_ms, |next_ms| next_ms.min(ranks.next_ms));
        // What happens before another look is due changes what it would see.
        let look_ms = if event_ms - now_ms > LOOK_AGAIN_MS { looks_again_ms(room) } else { i64::MAX };
        if event_ms < i64::MAX {
            quiet_since_ms = now_ms;
        } else if look_ms == i64::MAX || now_ms - quiet_since_ms > LOOK_FOR_MS {
            return;
        }
        room.now_ms = event_ms.min(look_ms).max(now_ms);
    }
}

/// What is asked of the counters at every moment, laid out for that: by rank, the order in which they choose. Which of them is
/// done first, and which is free, is as good as random, so nothing here is worth a branch.
struct Ranks {
    /// Until when each is taken; [`i64::MAX`] when nobody is there.
    until_ms: Vec<i64>,
    open: Vec<bool>,
    /// When the first is done, and which.
    next_ms: i64,
    next: usize,
    /// The free ones, as of [`Ranks::find_free`].
    free: Vec<usize>,
}

impl Ranks {
    fn of(room: &Room<'_>) -> Self {
        let until_ms = |post: &usize| room.desks[*post].work.map_or(i64::MAX, |work| work.until_ms);
        let until_ms: Vec<i64> = room.order().iter().map(until_ms).collect();
        let count = until_ms.len();
        let mut ranks = Self { until_ms, open: vec![false; count], next_ms: i64::MAX, next: 0, free: vec![0; count] };
        ranks.see_staffing(room);
        ranks.find_next();
        ranks
    }

    fn see_staffing(&mut self, room: &Room<'_>) {
        for (open, post) in self.open.iter_mut().zip(room.order()) {
            *open = room.desks[*post].staffed == Staffed::Open;
        }
    }

    fn find_next(&mut self) {
        let (mut next_ms, mut next) = (i64::MAX, 0);
        for (rank, until_ms) in self.until_ms.iter().enumerate() {
            let sooner = *until_ms < next_ms;
            next_ms = select_unpredictable(sooner, *until_ms, next_ms);
            next = select_unpredictable(sooner, rank, next);
        }
        (self.next_ms, self.next) = (next_ms, next);
    }

    /// How many are free: they begin the list then.
    fn find_free(&mut self) -> usize {
        let Self { until_ms, open, free, .. } = self;
        let free = free.as_mut_slice();
        let mut found = 0;
        for (rank, (until_ms, open)) in until_ms.iter().zip(&*open).enumerate() {
            // Written down in any case, and overwritten by the next one when it is not free.
            free[found] = rank;
            found += usize::from(*open & (*until_ms == i64::MAX));
        }
        found
    }

    fn free_those_who_are_done(&mut self, room: &mut Room<'_>) {
        while self.next_ms <= room.now_ms {
            let post = room.order()[self.next];
            if let Some(work) = room.desks[post].work.take() {
                room.lines.outlook_mut().ends(work.service, work.until_ms - work.since_ms);
            }
            self.until_ms[self.next] = i64::MAX;
            self.find_next();
        }
    }
}

/// Whom the hall's profile chooses.
pub fn by_the_rules(room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
    match turn {
        Turn::Own => routing::pick_own(room.floor, &room.lines, post, room.now_ms),
        Turn::Divert => routing::divert(room.floor, &room.lines, post, room.now_ms),
    }
}

/// When an idle dedicated desk looks again, because it may divert somebody then only since time has passed: at the first of
/// its looks that can find anybody. [`i64::MAX`] when none can.
fn looks_again_ms(room: &Room<'_>) -> i64 {
    if !room.floor.routing.profile.diverts() || room.lines.is_empty() {
        return i64::MAX;
    }
    match room.may_divert_from_ms() {
        i64::MAX => i64::MAX,
        from_ms => {
            let looks = (from_ms - room.now_ms + LOOK_AGAIN_MS - 1).div_euclid(LOOK_AGAIN_MS);
            room.now_ms + looks.max(1) * LOOK_AGAIN_MS
        }
    }
}

fn dispatch(room: &mut Room<'_>, script: &mut impl Script, ranks: &mut Ranks) {
    if room.lines.is_empty() && !script.asks_always() {
        return;
    }
    let free = ranks.find_free();
    if free == 0 {
        return;
    }
    let (dedicated, general) = ranks.open.split_at(room.dedicated().len());
    let count = |open: &[bool]| open.iter().filter(|open| **open).count();
    room.lines.outlook_mut().set_open(count(dedicated), count(general));
    let mut left = free;
    for at in 0..free {
        left -= usize::from(chooses(room, script, ranks, ranks.free[at], Turn::Own));
    }
    if room.floor.routing.profile.diverts() && left > 0 {
        let dedicated = room.dedicated().len();
        for at in 0..free {
            let rank = ranks.free[at];
            if rank < dedicated && ranks.until_ms[rank] == i64::MAX {
                left -= usize::from(chooses(room, script, ranks, rank, Turn::Divert));
            }
        }
    }
    if left < free {
        ranks.find_next();
    }
}

/// Lets one free counter choose, and says whether it calls somebody.
fn chooses(room: &mut Room<'_>, script: &mut impl Script, ranks: &mut Ranks, rank: usize, turn: Turn) -> bool {
    let post = room.order()[rank];
    let Some(pick) = script.choose(room, post, turn) else { return false };
    let takes_ms = script.called(room, &Call { post, pick });
    room.lines.call(room.floor, &pick);
    let (now_ms, until_ms) = (room.now_ms, room.now_ms + takes_ms);
    room.desks[post].work = Some(Work { service: pick.who.service, since_ms: now_ms, until_ms });
    ranks.until_ms[rank] = until_ms;
    true
}
