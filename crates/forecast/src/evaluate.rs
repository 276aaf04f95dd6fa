//! What forecasts would have told every customer of some days, against what happened. Each day is forecast with what was learnt
//! from those before it; the first ones are learnt from only.

use std::collections::HashMap;

use hall::Rules;
use hall::routing::{Floor, Heads, Lines};

use crate::calibrate::Calibration;
use crate::classical::Classical;
use crate::day::{Customer, Day, Staffed};
use crate::estimate::{self, Waits};
use crate::forward::Present;
use crate::learn::Learnt;
use crate::matched::Matched;
use crate::prospect::{self, prospect};
use crate::replay::{Onlooker, replay_seen};
use crate::school;
use crate::score::{Score, Told};
use crate::sim::{Call, Room, by_the_rules};

/// How to judge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Days that are only learnt from.
    pub warm_up: usize,
    /// Futures an estimate is made of, but for [`Estimator::Told`], which takes as many as the hall does.
    pub futures: usize,
    /// Chance of the futures.
    pub seed: u64,
}

/// The estimators that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Estimator {
    /// What the last customer of the tier waited.
    LastToEnter,
    /// What the first in the tier's queue has waited.
    HeadOfLine,
    /// Queue length over the rate of calls.
    QueueLength,
    /// Forward simulation in which counters stay as they are.
    Frozen,
    /// Forward simulation, as it comes out.
    Forward,
    /// Forward simulation, calibrated.
    Calibrated,
    /// What customers are told, made as the hall makes it: read from a look at the whole hall ([`crate::prospect`]), calibrated
    /// by what the hall's school ([`crate::school`]) made of its own estimates on the days before.
    ///
    /// The look is taken at the very moment. That a hall's latest one may be a fraction of a second old, and is shifted by those
    /// who came since, is left out; so is what a day's own services teach while it goes on, and that nothing is told where no
    /// counter could call.
    Told,
}

impl Estimator {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::LastToEnter,
        Self::HeadOfLine,
        Self::QueueLength,
        Self::Frozen,
        Self::Forward,
        Self::Calibrated,
        Self::Told,
    ];

    /// As tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastToEnter => "last to enter service, calibrated",
            Self::HeadOfLine => "head of line, calibrated",
            Self::QueueLength => "queue length, calibrated",
            Self::Frozen => "forward run, staffing frozen",
            Self::Forward => "forward run",
            Self::Calibrated => "forward run, calibrated",
            Self::Told => "as the hall tells it",
        }
    }

    /// As programs name it; never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::LastToEnter => "last_to_enter",
            Self::HeadOfLine => "head_of_line",
            Self::QueueLength => "queue_length",
            Self::Frozen => "forward_frozen",
            Self::Forward => "forward",
            Self::Calibrated => "forward_calibrated",
            Self::Told => "told",
        }
    }

    /// Whether it is one of those that other systems use.
    pub fn is_classical(self) -> bool {
        match self {
            Self::LastToEnter | Self::HeadOfLine | Self::QueueLength => true,
            Self::Frozen | Self::Forward | Self::Calibrated | Self::Told => false,
        }
    }
}

/// How estimators did: by estimator and tier.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Scores.
    pub scores: HashMap<(Estimator, usize), Score>,
    /// Days judged.
    pub days: usize,
}

/// Judges the estimators on these days, in order. `done` is told after each day.
pub fn evaluate(rules: &Rules, floor: &Floor, days: &[Day], settings: Settings, mut done: impl FnMut(usize)) -> Report {
    let mut judge = Judge {
        floor,
        settings,
        learnt: Learnt::nothing_yet(rules),
        frozen: Learnt::nothing_yet(rules),
        calibration: Calibration::new(floor.tiers()),
        school: Calibration::new(floor.tiers()),
        taught: Calibration::new(floor.tiers()),
        matched: HashMap::new(),
        report: Report::default(),
        classical: vec![],
        pending: HashMap::new(),
        came: 0,
        day: 0,
    };
    for (at, day) in days.iter().enumerate() {
        judge.begin(at);
        let replay = replay_seen(floor, judge.learnt.outlook(rules), day, by_the_rules, &mut judge);
        let observed = replay.observed(day, floor, 0);
        judge.end(&observed);
        done(at + 1);
    }
    judge.report
}

struct Judge<'f> {
    floor: &'f Floor,
    settings: Settings,
    learnt: Learnt,
    /// The same without a staffing model.
    frozen: Learnt,
    calibration: Calibration,
    /// What the hall's school makes of its own estimates.
    school: Calibration,
    /// The same as it was this morning: a hall is taught whole days.
    taught: Calibration,
    matched: HashMap<(Estimator, usize), Matched>,
    report: Report,
    classical: Vec<Classical>,
    /// What was told, by row, until the truth is known.
    pending: HashMap<usize, Pending>,
    came: usize,
    day: usize,
}

/// What was estimated for a customer.
struct Pending {
    tier: usize,
    busy: bool,
    waits: Waits,
    frozen: Waits,
    /// What the school learns from.
    schooled: Waits,
    /// As the hall tells it; nothing on days that are only learnt from.
    told: Told,
    guesses: [(Estimator, f64); 3],
}

impl Report {
    /// How one did on the waits of a tier.
    pub fn score(&self, estimator: Estimator, tier: usize) -> Score {
        self.scores.get(&(estimator, tier)).copied().unwrap_or_default()
    }

    /// The one that other systems use which errs least on a tier, once somebody was judged.
    pub fn best_classical(&self, tier: usize) -> Option<(Estimator, Score)> {
        let classical = Estimator::ALL.into_iter().filter(|estimator| estimator.is_classical());
        let judged = classical.filter_map(|estimator| {
            let score = self.score(estimator, tier);
            Some((estimator, score, score.mae_s()?))
        });
        judged.min_by(|one, other| one.2.total_cmp(&other.2)).map(|(estimator, score, _)| (estimator, score))
    }
}

impl Judge<'_> {
    fn begin(&mut self, day: usize) {
        self.day = day;
        self.came = 0;
        self.classical = vec![Classical::default(); self.floor.tiers()];
        self.pending.clear();
        self.taught = self.school.clone();
        self.learnt.settle();
        self.frozen.settle();
    }

    fn end(&mut self, observed: &crate::learn::Observed) {
        self.learnt.learn(observed);
        let without_staffing = crate::learn::Observed { presences: vec![], ..observed.clone() };
        self.frozen.learn(&without_staffing);
        self.calibration.age();
        self.school.age();
        self.matched.values_mut().for_each(Matched::settle);
        self.report.days += usize::from(self.day >= self.settings.warm_up);
    }

    fn judged(&self) -> bool {
        self.day >= self.settings.warm_up
    }

    /// Half hours in the busiest third of the day.
    fn is_busy(&self, now_s: i64) -> bool {
        let mut rates: Vec<f64> = (0..crate::learn::BINS).map(|bin| self.learnt.arrivals.rate(bin)).collect();
        let rate = rates[(now_s / 1800) as usize % crate::learn::BINS];
        rates.retain(|rate| *rate > 0.0);
        rates.sort_by(f64::total_cmp);
        rates.get(rates.len() * 2 / 3).is_some_and(|busy| rate >= *busy)
    }

    fn seed(&self, row: usize) -> u64 {
        self.settings.seed ^ ((self.day as u64) << 32) ^ ((row as u64) << 12)
    }

    /// What the hall tells somebody who comes now; `present` is without them.
    fn told(&self, present: &Present<'_>, tier: usize, service: usize, seed: u64) -> Told {
        let futures = prospect::in_a_crowd(prospect::FUTURES, present.room.lines.len());
        let newcomers = prospect(&self.learnt, present, futures, seed).newcomers;
        let waits = newcomers.get(tier).and_then(|services| services.get(service)).cloned().unwrap_or_default();
        Told::calibrated(&waits, &self.taught, tier)
    }

    fn tell(&mut self, estimator: Estimator, tier: usize, told: Told, wait_s: f64, busy: bool) {
        if self.judged() {
            self.report.scores.entry((estimator, tier)).or_default().add(told, wait_s, busy);
        }
    }
}

impl Onlooker for Judge<'_> {
    fn comes(&mut self, room: &Room<'_>, row: usize, customer: &Customer) {
        self.came += 1;
        if customer.no_show {
            return;
        }
        let (tier, service, now_ms) = (customer.tier, customer.service, room.now_ms);
        let today = self.learnt.arrivals.today(self.came, 0, now_ms, 0);
        let present = Present { room: room.clone(), paces: vec![], offset_ms: 0, today };
        let Settings { futures, .. } = self.settings;
        let seed = self.seed(row);
        let forward =
            |learnt: &Learnt, futures: usize| estimate::newcomer(learnt, &present, tier, service, futures, seed, 1);
        let (waits, frozen) = (forward(&self.learnt, futures), forward(&self.frozen, futures));
        let schooled = forward(&self.learnt, school::FUTURES);
        let told = if self.judged() { self.told(&present, tier, service, seed) } else { Told::default() };
        let guesses = classical(&self.learnt, &mut self.classical[tier], room, tier);
        let busy = self.is_busy(now_ms / 1000);
        self.pending.insert(row, Pending { tier, busy, waits, frozen, schooled, told, guesses });
    }

    fn called(&mut self, room: &Room<'_>, row: usize, call: &Call, wait_s: u32) {
        let wait_s = f64::from(wait_s);
        self.classical[call.pick.tier].called(room.now_ms as f64 / 1000.0, wait_s);
        let Some(pending) = self.pending.remove(&row) else { return };
        let Pending { tier, busy, waits, frozen, schooled, told, guesses } = pending;
        for (estimator, guess_s) in guesses {
            let matched = self.matched.entry((estimator, tier)).or_default();
            let told = matched.tell(guess_s);
            matched.learn(guess_s, wait_s);
            self.tell(estimator, tier, told, wait_s, busy);
        }
        self.tell(Estimator::Frozen, tier, Told::raw(&frozen), wait_s, busy);
        self.tell(Estimator::Forward, tier, Told::raw(&waits), wait_s, busy);
        let calibrated = Told::calibrated(&waits, &self.calibration, tier);
        self.tell(Estimator::Calibrated, tier, calibrated, wait_s, busy);
        self.tell(Estimator::Told, tier, told, wait_s, busy);
        let chance = fastrand::Rng::with_seed(self.seed(row)).f64();
        self.calibration.learn(tier, waits.quantile(0.5), waits.place_of(wait_s, chance));
        self.school.learn(tier, schooled.quantile(0.5), schooled.place_of(wait_s, chance));
    }
}

/// The classical estimators for somebody of this tier who comes now.
fn classical(learnt: &Learnt, of_tier: &mut Classical, room: &Room<'_>, tier: usize) -> [(Estimator, f64); 3] {
    let now_s = room.now_ms as f64 / 1000.0;
    let open = |post: &usize| room.desks[*post].staffed == Staffed::Open && room.floor.posts[*post].tiers > tier;
    let posts: Vec<usize> = (0..room.desks.len()).filter(open).collect();
    let free = posts.iter().any(|post| room.desks[*post].is_free());
    let heads = posts.iter().filter_map(|post| Heads::own(room.floor, &room.lines, *post).of(tier));
    let head_waited_s = heads.map(|head| now_s - head.order_ms as f64 / 1000.0).reduce(f64::max);
    // Nobody before and a counter free: all three say so.
    let head_waited_s = head_waited_s.or(if free { None } else { Some(0.0) });
    let services = 0..room.floor.services;
    let ahead: usize = services.clone().map(|service| room.lines.count(tier, service)).sum();
    let mean_s = services.clone().map(|service| learnt.services.mean_ms(service)).sum::<f64>()
        / 1000.0
        / services.len().max(1) as f64;
    let guesses = of_tier.guess(now_s, head_waited_s, ahead, mean_s, posts.len());
    [
        (Estimator::LastToEnter, guesses.last_to_enter_s),
        (Estimator::HeadOfLine, guesses.head_of_line_s),
        (Estimator::QueueLength, guesses.queue_length_s),
    ]
}
