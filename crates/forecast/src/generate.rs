//! Days that never were, like those of real halls: customers by time of day, and tellers who have lunch, pause and come late.
//!
//! The shape of the day, the mix of services and their times are those of the recorded days (`tests/recordings/days`). A peak
//! load of 1 means that at the busiest hour as much work arrives as the counters can do.

use fastrand::Rng;
use hall::routing::Floor;

use crate::day::{Customer, Day, Shift, Staffed};

/// What kind of days.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// Offered load at the peak: work that arrives over work that all counters can do.
    pub load: f64,
    /// Shares of the tiers in order of precedence, together 1.
    pub tiers: Vec<f64>,
    /// How long services take beside the recorded ones.
    pub pace: f64,
    /// Whether tellers have lunch, pause and come late.
    pub staffing: bool,
}

impl Kind {
    /// Days like the recorded ones.
    pub fn recorded(load: f64) -> Self {
        Self { load, tiers: vec![0.08, 0.245, 0.675], pace: 1.0, staffing: false }
    }
}

/// For how many services of a hall, the first ones, customers come.
pub const SERVICES_KNOWN: usize = SERVICES.len();

/// Arrivals by half hour at a load of 1, in a hall of one VIP desk and seven general counters.
const SHAPE: [f64; 18] =
    [21.4, 31.6, 38.0, 42.4, 41.4, 35.9, 27.3, 21.7, 21.7, 24.8, 31.9, 38.7, 40.7, 37.1, 29.5, 25.7, 21.1, 15.7];
/// Open hours, in seconds.
const OPEN_S: u32 = 18 * 1800;
/// By service: share, mean in seconds, standard deviation of the logarithm.
const SERVICES: [(f64, f64, f64); 5] =
    [(0.30, 171.0, 0.67), (0.20, 283.0, 0.555), (0.25, 403.0, 0.60), (0.15, 572.0, 0.64), (0.10, 670.0, 0.70)];
/// By tier, the highest, those between and the lowest: share of no-shows, median of patience in seconds. Who is served
/// sooner waits more patiently.
const STAYING: [(f64, f64); 3] = [(0.03, 12_000.0), (0.05, 7200.0), (0.07, 4500.0)];
/// Standard deviation of the logarithm of patience.
const PATIENCE_SPREAD: f64 = 0.5;
/// How much busier or quieter a whole day is: the standard deviation.
const DAY_SPREAD: f64 = 0.085;
/// The recorded hall's general counters, for halls of other sizes.
const RECORDED_GENERAL: f64 = 7.0;

/// A day; the same seed gives the same. Services are the hall's first ones, as many as are known here.
pub fn day(floor: &Floor, kind: &Kind, seed: u64) -> Day {
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let general = (0..floor.posts.len()).filter(|post| !floor.is_dedicated(*post)).count();
    let busy = (1.0 + DAY_SPREAD * normal(&mut rng)).max(0.5);
    let scale = kind.load * busy * general as f64 / RECORDED_GENERAL;
    let mut customers = Vec::new();
    for (bin, usual) in SHAPE.iter().enumerate() {
        let rate_s = usual * scale / 1800.0;
        let mut at_s = 0.0;
        loop {
            at_s += -(1.0 - rng.f64()).ln() / rate_s;
            if at_s >= 1800.0 {
                break;
            }
            customers.push(customer(floor, kind, bin as f64 * 1800.0 + at_s, &mut rng));
        }
    }
    let staffing = if kind.staffing { staffing(floor, &mut rng) } else { vec![] };
    Day { customers, staffing }
}

fn customer(floor: &Floor, kind: &Kind, at_s: f64, rng: &mut Rng) -> Customer {
    let tier = pick(kind.tiers.iter().copied(), rng);
    let known = SERVICES.len().min(floor.services);
    let service = pick(SERVICES[..known].iter().map(|(share, ..)| *share), rng);
    let (_, mean_s, spread) = SERVICES[service];
    let (no_shows, patience_s) = if tier + 1 < floor.tiers() { STAYING[tier.min(1)] } else { STAYING[2] };
    let service_s = mean_s * kind.pace * (spread * normal(rng) - spread * spread / 2.0).exp();
    Customer {
        arrival_s: steps(at_s),
        tier: tier.min(floor.tiers() - 1),
        service,
        service_s: steps(service_s).max(15),
        no_show: rng.f64() < no_shows,
        patience_s: (patience_s * (PATIENCE_SPREAD * normal(rng)).exp()) as u32,
        head_start_s: 0,
    }
}

/// Seconds from opening at which lunches may begin: 11:00 and 13:00 of a hall that opens at half past eight.
const LUNCH_S: (f64, f64) = (9_000.0, 16_200.0);
const LUNCH_TAKES_S: (f64, f64) = (2400.0, 3600.0);
const PAUSE_TAKES_S: (f64, f64) = (300.0, 1200.0);
/// Between two pauses of a counter, on average, in seconds.
const PAUSE_EVERY_S: f64 = 9000.0;
/// By how much a counter opens late, in seconds, when it does.
const LATE_S: (f64, f64) = (900.0, 4500.0);
/// One counter in so many opens late, closes within the last hour, is not staffed all day.
const LATE: u32 = 4;
const EARLY: u32 = 6;
const ABSENT: u32 = 20;

/// What nobody announces: lunches, pauses, late openings, early closings, and counters without a teller.
fn staffing(floor: &Floor, rng: &mut Rng) -> Vec<Shift> {
    let mut shifts = Vec::new();
    // One counter that does everything is always there and stays for those who are left.
    let stays = (0..floor.posts.len()).find(|post| !floor.is_dedicated(*post)).unwrap_or(0);
    for post in 0..floor.posts.len() {
        let mut hours = if post == stays { (0.0, f64::from(OPEN_S)) } else { hours(rng) };
        if post != stays && rng.u32(..ABSENT) == 0 {
            shifts.push(Shift { at_s: 0, post, state: Staffed::Closed });
            continue;
        }
        for (from_s, to_s) in pauses(hours, rng) {
            shifts.push(Shift { at_s: steps(from_s), post, state: Staffed::Paused });
            shifts.push(Shift { at_s: steps(to_s), post, state: Staffed::Open });
            hours.1 = hours.1.max(to_s + 60.0);
        }
        if hours.0 > 0.0 {
            shifts.push(Shift { at_s: steps(hours.0), post, state: Staffed::Open });
        }
        if hours.1 < f64::from(OPEN_S) {
            shifts.push(Shift { at_s: steps(hours.1), post, state: Staffed::Closed });
        }
    }
    shifts.sort_by_key(|shift| (shift.at_s, shift.post));
    shifts
}

/// From when to when a counter is staffed, in seconds from opening.
fn hours(rng: &mut Rng) -> (f64, f64) {
    let from_s = if rng.u32(..LATE) == 0 { between(LATE_S, rng) } else { 0.0 };
    let early_s = if rng.u32(..EARLY) == 0 { between((900.0, 3600.0), rng) } else { 0.0 };
    (from_s, f64::from(OPEN_S) - early_s)
}

/// Lunch, and pauses that do not touch it.
fn pauses(hours: (f64, f64), rng: &mut Rng) -> Vec<(f64, f64)> {
    let lunch_s = between(LUNCH_S, rng);
    let mut pauses = vec![(lunch_s, lunch_s + between(LUNCH_TAKES_S, rng))];
    let mut at_s = hours.0;
    loop {
        at_s += PAUSE_TAKES_S.1 - (1.0 - rng.f64()).ln() * PAUSE_EVERY_S;
        let pause = (at_s, at_s + between(PAUSE_TAKES_S, rng));
        if pause.1 > hours.1 {
            break;
        }
        let near_lunch = pause.0 < pauses[0].1 + 900.0 && pauses[0].0 < pause.1 + 900.0;
        if !near_lunch {
            pauses.push(pause);
        }
    }
    pauses
}

fn between((from, to): (f64, f64), rng: &mut Rng) -> f64 {
    from + (to - from) * rng.f64()
}

/// Moments and times in steps of 15 s, as in recorded days.
fn steps(seconds: f64) -> u32 {
    (seconds / 15.0).round() as u32 * 15
}

fn pick(shares: impl Iterator<Item = f64> + Clone, rng: &mut Rng) -> usize {
    let mut left = rng.f64() * shares.clone().sum::<f64>();
    let found = shares.clone().position(|share| {
        left -= share;
        left < 0.0
    });
    found.unwrap_or_else(|| shares.count().saturating_sub(1))
}

/// A standard normal value (Box and Muller 1958).
fn normal(rng: &mut Rng) -> f64 {
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos()
}
