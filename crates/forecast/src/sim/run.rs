//! Lets a room and a script meet, moment by moment.
//!
//! At one moment counters that are done become free, then the script acts, then free dedicated desks choose of their own, then
//! general counters from the fewest skills to the most (ties by number), then dedicated desks that are still free divert. An
//! idle dedicated desk looks again 30 s after the last event, for slack runs out without one.

use hall::routing::{self, Pick};

use super::room::{Room, Work};

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
    let mut done_ms = room.next_done_ms();
    let mut quiet_since_ms = room.now_ms;
    loop {
        let now_ms = room.now_ms;
        if done_ms <= now_ms {
            free_those_who_are_done(room);
        }
        if script.next_ms().is_some_and(|next_ms| next_ms <= now_ms) {
            script.act(room);
        }
        dispatch(room, script);
        script.passed(room);
        if script.is_over() {
            return;
        }
        done_ms = room.next_done_ms();
        let event_ms = script.next_ms().map_or(done_ms, |next_ms| next_ms.min(done_ms));
        let look_ms = looks_again_ms(room);
        if event_ms < i64::MAX {
            quiet_since_ms = now_ms;
        } else if look_ms == i64::MAX || now_ms - quiet_since_ms > LOOK_FOR_MS {
            return;
        }
        room.now_ms = event_ms.min(look_ms).max(now_ms);
    }
}

fn free_those_who_are_done(room: &mut Room<'_>) {
    for desk in &mut room.desks {
        if let Some(work) = desk.work.take_if(|work| work.until_ms <= room.now_ms) {
            room.lines.outlook_mut().ends(work.service, work.until_ms - work.since_ms);
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

fn dispatch(room: &mut Room<'_>, script: &mut impl Script) {
    if room.lines.is_empty() && !script.asks_always() {
        return;
    }
    let (open, mut free) = room.open_and_free();
    room.lines.outlook_mut().set_open(open);
    let diverts = room.floor.routing.profile.diverts();
    for (turn, posts) in [(Turn::Own, room.order().len()), (Turn::Divert, room.dedicated().len())] {
        if turn == Turn::Divert && !diverts {
            return;
        }
        for at in 0..posts {
            if free == 0 {
                return;
            }
            let post = room.order()[at];
            if room.desks[post].is_free()
                && let Some(pick) = script.choose(room, post, turn)
            {
                seat(room, script, post, pick);
                free -= 1;
            }
        }
    }
}

fn seat(room: &mut Room<'_>, script: &mut impl Script, post: usize, pick: Pick) {
    let takes_ms = script.called(room, &Call { post, pick });
    room.lines.call(room.floor, &pick);
    let now_ms = room.now_ms;
    room.desks[post].work = Some(Work { service: pick.who.service, since_ms: now_ms, until_ms: now_ms + takes_ms });
}
