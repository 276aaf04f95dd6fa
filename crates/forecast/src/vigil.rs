//! Watching over days that are over, minute by minute, as a hall would: what alarms would have announced, and what following the
//! advice would have saved, beside the alarm of other systems, that somebody has waited four fifths of the limit.

use hall::Rules;
use hall::routing::Floor;

use crate::advice::{self, Step};
use crate::alarm::{Alarm, Worth};
use crate::day::{Customer, Day, Shift, Staffed};
use crate::forward::Present;
use crate::learn::{Learnt, Observed};
use crate::prospect::{WINDOW_MS, expected_misses, overdue};
use crate::replay::{Onlooker, Replay, replay_seen};
use crate::sim::{Room, by_the_rules};

/// How to watch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Days that are only learnt from.
    pub warm_up: usize,
    /// Futures of each look.
    pub futures: usize,
    /// Chance of the futures.
    pub seed: u64,
    /// A counter (index) that stays closed until it is needed.
    pub reserve: Option<usize>,
}

/// What watching was worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Days watched.
    pub days: usize,
    /// Alarms by forecast, by tier.
    pub forecast: Vec<Worth>,
    /// Alarms when somebody has waited four fifths of their limit, by tier.
    pub naive: Vec<Worth>,
    /// With a reserve counter: never opened, opened for an hour as advised, opened for an hour at the naive alarm.
    pub reserve: Option<[Reserve; 3]>,
}

/// What a reserve counter did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reserve {
    /// Limits missed.
    pub misses: u32,
    /// Seconds it was open.
    pub open_s: u64,
}

/// Looks are a minute apart, in ms.
const LOOK_MS: i64 = 60_000;
/// A reserve counter opens for so long, in ms, and so long after it was asked for: somebody has to walk there.
const OPEN_MS: i64 = 3_600_000;
const WALK_MS: i64 = 120_000;
/// The naive alarm: this share of the limit waited.
const NAIVE_SHARE: f64 = 0.8;

/// Watches over these days, in order. `done` is told after each.
pub fn watch(rules: &Rules, floor: &Floor, days: &[Day], settings: Settings, mut done: impl FnMut(usize)) -> Report {
    let mut report = Report {
        forecast: vec![Worth::default(); floor.tiers()],
        naive: vec![Worth::default(); floor.tiers()],
        reserve: settings.reserve.map(|_| Default::default()),
        ..Report::default()
    };
    let mut learnt = Learnt::nothing_yet(rules);
    for (at, day) in days.iter().enumerate() {
        learnt.settle();
        let mut day = day.clone();
        if let Some(post) = settings.reserve {
            day.staffing.retain(|shift| shift.post != post);
            day.staffing.insert(0, Shift { at_s: 0, post, state: Staffed::Closed });
        }
        let judged = at >= settings.warm_up;
        let seed = settings.seed ^ ((at as u64) << 32);
        let live = |watcher: &mut Watcher<'_>| replay_seen(floor, learnt.outlook(rules), &day, by_the_rules, watcher);
        let mut watcher = Watcher::new(
            &learnt,
            floor,
            Settings { seed, ..settings },
            if judged { Does::Looks } else { Does::Nothing },
        );
        let replay = live(&mut watcher);
        if judged {
            report.days += 1;
            watcher.close(&replay);
            for tier in 0..floor.tiers() {
                let missed_s = missed(floor, &day, &replay, tier);
                report.forecast[tier].add(&watcher.forecast[tier].stretches, &missed_s);
                report.naive[tier].add(&watcher.naive[tier].stretches, &missed_s);
            }
        }
        if let Some(sides) = report.reserve.as_mut().filter(|_| judged) {
            sides[0].misses += replay.outcomes.iter().map(|one| u32::from(one.missed)).sum::<u32>();
            for (side, does) in [(1, Does::AsAdvised), (2, Does::AtNaiveAlarm)] {
                let mut watcher = Watcher::new(&learnt, floor, Settings { seed, ..settings }, does);
                let replay = live(&mut watcher);
                sides[side].misses += replay.outcomes.iter().map(|one| u32::from(one.missed)).sum::<u32>();
                sides[side].open_s += watcher.opened * (OPEN_MS / 1000) as u64;
            }
        }
        let observed: Observed = replay.observed(&day, floor, 0);
        learnt.learn(&observed);
        done(at + 1);
    }
    report
}

/// When limits of a tier were missed, in seconds.
fn missed(floor: &Floor, day: &Day, replay: &Replay, tier: usize) -> Vec<u32> {
    let limit_s = u32::try_from(floor.limits_ms[tier] / 1000).unwrap_or(u32::MAX);
    let both = day.customers.iter().zip(&replay.outcomes);
    both.filter(|(_, one)| one.tier == tier && one.missed).map(|(customer, _)| customer.arrival_s + limit_s).collect()
}

/// What a watcher does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Nothing,
    Looks,
    AsAdvised,
    AtNaiveAlarm,
}

/// An alarm and when it was on.
#[derive(Default)]
struct Bell {
    alarm: Alarm,
    since_s: Option<u32>,
    stretches: Vec<(u32, u32)>,
}

impl Bell {
    fn ring(&mut self, on: bool, now_s: u32) {
        match (on, self.since_s) {
            (true, None) => self.since_s = Some(now_s),
            (false, Some(since_s)) => {
                self.stretches.push((since_s, now_s));
                self.since_s = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
}

struct Watcher<'l> {
    learnt: &'l Learnt,
    settings: Settings,
    does: Does,
    came: usize,
    next_look_ms: i64,
    forecast: Vec<Bell>,
    naive: Vec<Bell>,
    opens_ms: Option<i64>,
    closes_ms: Option<i64>,
    opened: u64,
}

impl<'l> Watcher<'l> {
    fn new(learnt: &'l Learnt, floor: &Floor, settings: Settings, does: Does) -> Self {
        let bells = || (0..floor.tiers()).map(|_| Bell::default()).collect();
        Self {
            learnt,
            settings,
            does,
            came: 0,
            next_look_ms: LOOK_MS,
            forecast: bells(),
            naive: bells(),
            opens_ms: None,
            closes_ms: None,
            opened: 0,
        }
    }

    fn close(&mut self, replay: &Replay) {
        let end_s = replay.calls.last().map_or(0, |call| call.called_s);
        self.forecast.iter_mut().chain(&mut self.naive).for_each(|bell| bell.ring(false, end_s));
    }

    fn look(&mut self, room: &Room<'_>) {
        let now_s = u32::try_from(room.now_ms / 1000).unwrap_or(u32::MAX);
        for (tier, bell) in self.naive.iter_mut().enumerate() {
            let limit_ms = room.floor.limits_ms[tier] as f64;
            let mut on = false;
            room.lines
                .each_anywhere(tier, &mut |who| on |= (room.now_ms - who.order_ms) as f64 >= NAIVE_SHARE * limit_ms);
            bell.ring(on, now_s);
        }
        if self.does == Does::AtNaiveAlarm {
            return;
        }
        let present = self.present(room);
        let Settings { futures, seed, .. } = self.settings;
        let misses = expected_misses(self.learnt, &present, WINDOW_MS, futures, seed ^ room.now_ms as u64);
        for (tier, (bell, misses)) in self.forecast.iter_mut().zip(misses).enumerate() {
            bell.alarm.look(misses, overdue(room, tier));
            bell.ring(bell.alarm.is_on(), now_s);
        }
    }

    fn present<'f>(&self, room: &Room<'f>) -> Present<'f> {
        let today = self.learnt.arrivals.today(self.came, 0, room.now_ms, 0);
        Present { room: room.clone(), paces: vec![], offset_ms: 0, today }
    }

    /// Whether the reserve counter is wanted now.
    fn wants_reserve(&self, room: &Room<'_>, post: usize) -> bool {
        let rings = |bells: &[Bell]| bells.iter().any(|bell| bell.since_s.is_some());
        match self.does {
            Does::Nothing | Does::Looks => false,
            Does::AtNaiveAlarm => rings(&self.naive),
            Does::AsAdvised => {
                let Settings { futures, seed, .. } = self.settings;
                let advice = || advice::advise(self.learnt, &self.present(room), &[], futures, seed);
                // Of closed counters that can do the same, the advice names one.
                let such = |step: Step| matches!(step, Step::Open(other) if room.floor.is_alike(post, other));
                rings(&self.forecast) && advice().iter().any(|advice| such(advice.step))
            }
        }
    }

    fn staff_reserve(&mut self, room: &mut Room<'_>, post: usize) {
        let now_ms = room.now_ms;
        if self.opens_ms.is_some_and(|opens_ms| opens_ms <= now_ms) {
            room.desks[post].staff(Staffed::Open, now_ms);
            self.opens_ms = None;
            self.closes_ms = Some(now_ms + OPEN_MS);
            self.opened += 1;
        }
        if self.closes_ms.is_some_and(|closes_ms| closes_ms <= now_ms) {
            room.desks[post].staff(Staffed::Closed, now_ms);
            self.closes_ms = None;
        }
        if self.opens_ms.is_none() && self.closes_ms.is_none() && self.wants_reserve(room, post) {
            self.opens_ms = Some(now_ms + WALK_MS);
        }
    }
}

impl Onlooker for Watcher<'_> {
    fn comes(&mut self, _: &Room<'_>, _: usize, _: &Customer) {
        self.came += 1;
    }

    fn wakes_ms(&self) -> Option<i64> {
        (self.does != Does::Nothing).then_some(self.next_look_ms)
    }

    fn passed(&mut self, room: &mut Room<'_>) {
        if self.does == Does::Nothing || room.now_ms < self.next_look_ms {
            return;
        }
        self.next_look_ms = room.now_ms + LOOK_MS;
        self.look(room);
        if let Some(post) = self.settings.reserve.filter(|_| self.does != Does::Looks) {
            self.staff_reserve(room, post);
        }
    }
}
