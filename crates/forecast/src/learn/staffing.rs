//! When counters pause, close and come back: learnt as hazards by half hour, short pauses and long ones (lunch) apart,
//! because whoever has had lunch does not go again.

use fastrand::Rng;

use super::durations::Durations;
use super::observed::{Observed, Presence};
use super::{BINS, KEEP, bin_end_ms, bin_of};
use crate::day::Staffed;
use crate::sim::{Desk, LONG_PAUSE_MS};

/// Staffing of a hall.
#[derive(Clone, Debug)]
pub struct Staffing {
    short: Hazard,
    long: Hazard,
    close: Hazard,
    open: Hazard,
    /// Pauses: half hour of their begin, length in ms, weight.
    pauses: Vec<(usize, f64, f64)>,
    /// By half hour of their begin, all and the short ones.
    tables: Vec<Option<(Durations, Durations)>>,
}

/// How often something happens: by half hour, events and hours in which it could have.
#[derive(Clone, Debug)]
struct Hazard {
    events: [f64; BINS],
    hours: [f64; BINS],
    /// Events an hour, worked out when a day was learnt.
    rates: [f64; BINS],
}

/// What a counter does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, UTC ms.
    pub at_ms: i64,
    /// What it is from then.
    pub to: Staffed,
}

/// For how many hours of a half hour of the day it counts that it is like the whole day.
const PRIOR_HOURS: f64 = 2.0;
/// Pauses that are remembered.
const MEMORY: usize = 4000;
/// Pauses that began within so many half hours tell how long one lasts.
const NEAR_BINS: usize = 1;

impl Default for Hazard {
    fn default() -> Self {
        Self { events: [0.0; BINS], hours: [0.0; BINS], rates: [0.0; BINS] }
    }
}

impl Default for Staffing {
    fn default() -> Self {
        let [short, long, close, open] = std::array::from_fn(|_| Hazard::default());
        Self { short, long, close, open, pauses: vec![], tables: vec![None; BINS] }
    }
}

impl Staffing {
    /// Learns from a day.
    pub fn learn(&mut self, day: &Observed) {
        for hazard in [&mut self.short, &mut self.long, &mut self.close, &mut self.open] {
            hazard.age();
        }
        let mut rested: Vec<usize> = vec![];
        for (at, stretch) in day.presences.iter().enumerate() {
            let next = day.presences[at + 1..].iter().find(|next| next.post == stretch.post);
            match stretch.state {
                Staffed::Open => {
                    self.short.expose(stretch);
                    self.close.expose(stretch);
                    if !rested.contains(&stretch.post) {
                        self.long.expose(stretch);
                    }
                    if let Some(next) = next.filter(|_| stretch.changed) {
                        match next.state {
                            Staffed::Paused if is_long(next) => self.long.count(stretch.to_s),
                            Staffed::Paused => self.short.count(stretch.to_s),
                            Staffed::Closed => self.close.count(stretch.to_s),
                            Staffed::Open => {}
                        }
                    }
                }
                Staffed::Paused => {
                    let bin = (stretch.from_s as usize / 1800).min(BINS - 1);
                    let length_ms = f64::from(stretch.to_s - stretch.from_s) * 1000.0;
                    self.pauses.push((bin, length_ms, 1.0));
                    if is_long(stretch) {
                        rested.push(stretch.post);
                    }
                }
                Staffed::Closed => {
                    self.open.expose(stretch);
                    if stretch.changed {
                        self.open.count(stretch.to_s);
                    }
                }
            }
        }
        for hazard in [&mut self.short, &mut self.long, &mut self.close, &mut self.open] {
            hazard.settle();
        }
        let surplus = self.pauses.len().saturating_sub(MEMORY);
        self.pauses.drain(..surplus);
    }

    /// Makes the tables of pauses anew.
    pub fn settle(&mut self, _posts: usize) {
        let table = |bin: usize| {
            let near = |pause: &&(usize, f64, f64)| pause.0.abs_diff(bin) <= NEAR_BINS;
            let mut all: Vec<(f64, f64)> =
                self.pauses.iter().filter(near).map(|(_, ms, weight)| (*ms, *weight)).collect();
            if all.len() < 5 {
                all = self.pauses.iter().map(|(_, ms, weight)| (*ms, *weight)).collect();
            }
            let short: Vec<_> = all.iter().copied().filter(|(ms, _)| *ms < LONG_PAUSE_MS as f64).collect();
            let presumed = || Durations::of(vec![(600_000.0, 1.0)]);
            let of = |values: Vec<_>| if values.is_empty() { presumed() } else { Durations::of(values) };
            (!all.is_empty()).then(|| (of(all.clone()), of(short)))
        };
        self.tables = (0..BINS).map(table).collect();
    }

    /// What an open, paused or closed counter does next, if anything within a day.
    pub fn next(&self, desk: &Desk, now_ms: i64, offset_ms: i64, rng: &mut Rng) -> Option<Change> {
        match desk.staffed {
            Staffed::Open => self.leaves(desk.rested, now_ms, offset_ms, rng),
            Staffed::Paused => {
                let elapsed_ms = (now_ms - desk.since_ms).max(0);
                let left_ms = match &self.tables[bin_of(desk.since_ms, offset_ms)] {
                    Some((_, short)) if desk.rested => short.sample_left(elapsed_ms, rng),
                    Some((all, _)) => all.sample_left(elapsed_ms, rng),
                    // Nothing is known of pauses here: ten minutes, whenever asked.
                    None => 600_000,
                };
                Some(Change { at_ms: now_ms + left_ms, to: Staffed::Open })
            }
            Staffed::Closed => {
                let at_ms = first(now_ms, offset_ms, |bin| self.open.rate(bin), rng)?;
                Some(Change { at_ms, to: Staffed::Open })
            }
        }
    }

    fn leaves(&self, rested: bool, now_ms: i64, offset_ms: i64, rng: &mut Rng) -> Option<Change> {
        let pauses = |bin| self.short.rate(bin) + if rested { 0.0 } else { self.long.rate(bin) };
        let at_ms = first(now_ms, offset_ms, |bin| pauses(bin) + self.close.rate(bin), rng)?;
        let bin = bin_of(at_ms, offset_ms);
        let closes = rng.f64() * (pauses(bin) + self.close.rate(bin)) < self.close.rate(bin);
        Some(Change { at_ms, to: if closes { Staffed::Closed } else { Staffed::Paused } })
    }
}

impl Hazard {
    fn age(&mut self) {
        self.events.iter_mut().chain(&mut self.hours).for_each(|value| *value *= KEEP);
    }

    fn expose(&mut self, stretch: &Presence) {
        let mut at_s = stretch.from_s;
        while at_s < stretch.to_s {
            let bin = at_s as usize / 1800;
            let end_s = ((at_s / 1800 + 1) * 1800).min(stretch.to_s);
            if let Some(hours) = self.hours.get_mut(bin) {
                *hours += f64::from(end_s - at_s) / 3600.0;
            }
            at_s = end_s;
        }
    }

    fn count(&mut self, at_s: u32) {
        // What changes on the half hour belongs to the one that ends.
        if let Some(events) = self.events.get_mut(at_s.saturating_sub(1) as usize / 1800) {
            *events += 1.0;
        }
    }

    fn settle(&mut self) {
        let (events, hours): (f64, f64) = (self.events.iter().sum(), self.hours.iter().sum());
        let usual = if hours > 0.0 { events / hours } else { 0.0 };
        for (bin, rate) in self.rates.iter_mut().enumerate() {
            *rate = (self.events[bin] + PRIOR_HOURS * usual) / (self.hours[bin] + PRIOR_HOURS);
        }
    }

    /// Events an hour.
    fn rate(&self, bin: usize) -> f64 {
        self.rates[bin]
    }
}

fn is_long(stretch: &Presence) -> bool {
    i64::from(stretch.to_s - stretch.from_s) * 1000 >= LONG_PAUSE_MS
}

/// When something first happens that happens at this rate an hour, by half hour; `None` when not within a day.
fn first(now_ms: i64, offset_ms: i64, rate: impl Fn(usize) -> f64, rng: &mut Rng) -> Option<i64> {
    let mut left = -(1.0 - rng.f64()).ln();
    let mut at_ms = now_ms;
    for _ in 0..BINS {
        let end_ms = bin_end_ms(at_ms, offset_ms);
        let per_ms = rate(bin_of(at_ms, offset_ms)) / 3_600_000.0;
        let here = per_ms * (end_ms - at_ms) as f64;
        if here > left {
            return Some(at_ms + (left / per_ms) as i64);
        }
        left -= here;
        at_ms = end_ms;
    }
    None
}
