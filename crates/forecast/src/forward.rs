//! The hall, run forward many times from the present: remaining services, future customers and staffing are drawn from what was
//! learnt, whom to call is decided by the hall's own profile.

use fastrand::Rng;
use hall::TicketId;
use hall::routing::{Base, Pick, Waiting};

use crate::learn::{Change, Learnt, Today};
use crate::sim::{Call, Desk, Room, Script, Turn, Work, by_the_rules, run};

/// Where a forecast begins.
#[derive(Clone, Debug)]
pub struct Present<'f> {
    /// Queues and counters now; [`Work::until_ms`] is not looked at, because nobody knows it.
    pub room: Room<'f>,
    /// How slow the teller at each counter is; 1 = as everybody.
    pub paces: Vec<f64>,
    /// The hall's clock less UTC, in ms.
    pub offset_ms: i64,
    /// How busy today is.
    pub today: Today,
}

/// What a forecast looks at while a future unfolds.
pub trait Watch {
    /// Somebody comes who is not here yet.
    fn comes(&mut self, tier: usize, who: Waiting) {
        let _ = (tier, who);
    }

    /// A free counter may choose; `picked` is whom it calls, if anybody.
    fn chooses(&mut self, room: &Room<'_>, post: usize, turn: Turn, picked: Option<Pick>) {
        let _ = (room, post, turn, picked);
    }

    /// Somebody is called.
    fn called(&mut self, now_ms: i64, call: &Call);

    /// A moment has passed.
    fn passes(&mut self, now_ms: i64) {
        let _ = now_ms;
    }

    /// Whether this future has told all that was asked.
    fn is_over(&self) -> bool;

    /// Whether free counters are asked also when nobody waits.
    fn asks_always(&self) -> bool {
        false
    }
}

/// Ids from here on are people who have not come yet.
pub const FUTURE: u64 = 1 << 60;

/// Runs a present forward, again and again.
#[derive(Debug)]
pub struct Forward<'p, 'f> {
    learnt: &'p Learnt,
    present: &'p Present<'f>,
    room: Room<'f>,
    /// Of how many tiers future customers are drawn, from the first.
    tiers: usize,
    share: f64,
    horizon_ms: i64,
}

impl<'p, 'f> Forward<'p, 'f> {
    /// From this present, with future customers of every tier, for at most `horizon_ms` from now.
    pub fn new(learnt: &'p Learnt, present: &'p Present<'f>, horizon_ms: i64) -> Self {
        let mut room = present.room.clone();
        room.lines.remember();
        let tiers = room.floor.tiers();
        Self { learnt, present, room, tiers, share: learnt.arrivals.share_of_first(tiers), horizon_ms }
    }

    /// Leaves out future customers who cannot come before one of this tier who is here already.
    pub fn only_before(mut self, tier: usize) -> Self {
        self.tiers = match self.room.floor.routing.profile.base {
            // Whose turn it is depends on everybody.
            Base::Ratio => self.tiers,
            Base::Fcfs => 0,
            Base::Strict | Base::Accumulating | Base::Edf | Base::Guard | Base::Foresight => tier,
        };
        self.share = self.learnt.arrivals.share_of_first(self.tiers);
        self
    }

    /// One future; the same seed gives the same.
    pub fn once(&mut self, seed: u64, watch: &mut impl Watch) {
        let Self { learnt, present, room, tiers, share, horizon_ms } = self;
        let mut rng = Rng::with_seed(seed);
        room.lines.wind_back();
        room.now_ms = present.room.now_ms;
        room.desks.copy_from_slice(&present.room.desks);
        let now_ms = room.now_ms;
        for (post, desk) in room.desks.iter_mut().enumerate() {
            if let Some(work) = &mut desk.work {
                let left_ms = left_of(learnt, work, pace_of(&present.paces, post), now_ms, &mut rng);
                work.until_ms = now_ms + left_ms.max(1);
            }
        }
        let change = |desk: &Desk| learnt.staffing.next(desk, now_ms, present.offset_ms, &mut rng);
        let changes: Vec<Option<Change>> = room.desks.iter().map(change).collect();
        let next_customer = learnt.arrivals.next_ms(now_ms, present.offset_ms, *share, present.today, &mut rng);
        let mut future = Future {
            learnt,
            present,
            rng,
            tiers: *tiers,
            share: *share,
            next_customer_ms: next_customer.filter(|_| *share > 0.0),
            came: 0,
            next_change_ms: first_of(&changes),
            changes,
            end_ms: now_ms + *horizon_ms,
            ended: false,
            watch,
        };
        run(room, &mut future);
    }
}

/// One future as it unfolds.
struct Future<'a, 'f, W> {
    learnt: &'a Learnt,
    present: &'a Present<'f>,
    rng: Rng,
    tiers: usize,
    share: f64,
    next_customer_ms: Option<i64>,
    came: u64,
    changes: Vec<Option<Change>>,
    /// When the first of them comes; asked for at every moment.
    next_change_ms: i64,
    end_ms: i64,
    ended: bool,
    watch: &'a mut W,
}

impl<W: Watch> Script for Future<'_, '_, W> {
    fn next_ms(&self) -> Option<i64> {
        let first_ms = self.next_change_ms.min(self.end_ms);
        Some(self.next_customer_ms.map_or(first_ms, |at_ms| at_ms.min(first_ms)))
    }

    fn act(&mut self, room: &mut Room<'_>) {
        let now_ms = room.now_ms;
        self.ended = now_ms >= self.end_ms;
        if self.next_change_ms <= now_ms {
            for (desk, next) in room.desks.iter_mut().zip(&mut self.changes) {
                if let Some(change) = next.filter(|change| change.at_ms <= now_ms) {
                    desk.staff(change.to, now_ms);
                    // Never twice at one moment.
                    let after = self.learnt.staffing.next(desk, now_ms, self.present.offset_ms, &mut self.rng);
                    *next = after.map(|change| Change { at_ms: change.at_ms.max(now_ms + 1), ..change });
                }
            }
            self.next_change_ms = first_of(&self.changes);
        }
        if self.next_customer_ms.is_some_and(|at_ms| at_ms <= now_ms) {
            let (tier, service) = self.learnt.arrivals.sample_kind(self.tiers, &mut self.rng);
            self.came += 1;
            let due_ms = now_ms + room.floor.limits_ms[tier];
            let ticket = TicketId(FUTURE + self.came);
            let who = Waiting { order_ms: now_ms, due_ms, promised_ms: Some(due_ms), ticket, service };
            self.watch.comes(tier, who);
            room.lines.outlook_mut().comes(room.floor, tier, service, now_ms);
            room.lines.add(tier, who);
            let Present { offset_ms, today, .. } = *self.present;
            self.next_customer_ms = self.learnt.arrivals.next_ms(now_ms, offset_ms, self.share, today, &mut self.rng);
        }
    }

    fn called(&mut self, room: &Room<'_>, call: &Call) -> i64 {
        self.watch.called(room.now_ms, call);
        if self.rng.f64() < self.learnt.no_show.share() {
            return self.learnt.no_show.takes_ms();
        }
        let takes_ms = self.learnt.services.sample(call.pick.who.service, &mut self.rng);
        (takes_ms as f64 * pace_of(&self.present.paces, call.post)) as i64
    }

    fn choose(&mut self, room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
        let picked = by_the_rules(room, post, turn);
        self.watch.chooses(room, post, turn, picked);
        picked
    }

    fn passed(&mut self, room: &mut Room<'_>) {
        self.watch.passes(room.now_ms);
    }

    fn asks_always(&self) -> bool {
        self.watch.asks_always()
    }

    fn is_over(&self) -> bool {
        self.ended || self.watch.is_over()
    }
}

/// How much is left of what a counter is doing: a service, or, while it is young, perhaps a call nobody answers.
fn left_of(learnt: &Learnt, work: &Work, pace: f64, now_ms: i64, rng: &mut Rng) -> i64 {
    let elapsed_ms = (now_ms - work.since_ms).max(0);
    let absent_ms = learnt.no_show.takes_ms();
    if elapsed_ms < absent_ms && rng.f64() < learnt.no_show.share() {
        return absent_ms - elapsed_ms;
    }
    let at_common_pace_ms = (elapsed_ms as f64 / pace) as i64;
    (learnt.services.sample_left(work.service, at_common_pace_ms, rng) as f64 * pace) as i64
}

fn first_of(changes: &[Option<Change>]) -> i64 {
    changes.iter().flatten().map(|change| change.at_ms).min().unwrap_or(i64::MAX)
}

fn pace_of(paces: &[f64], post: usize) -> f64 {
    paces.get(post).copied().unwrap_or(1.0)
}
