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
        self.make_tables();
    }

    fn make_tables(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u32 = 3600;
    const NOON: u32 = 12 * HOUR;

    /// Counters that are open from nine to six and have lunch from 12:00 to 12:40.
    fn day(posts: usize) -> Observed {
        let stretch = |post, state, from_s, to_s| Presence { post, state, from_s, to_s, changed: to_s < 18 * HOUR };
        let of = |post| {
            let back_s = NOON + 2400;
            [
                stretch(post, Staffed::Open, 9 * HOUR, NOON),
                stretch(post, Staffed::Paused, NOON, back_s),
                stretch(post, Staffed::Open, back_s, 18 * HOUR),
            ]
        };
        Observed { presences: (0..posts).flat_map(of).collect(), ..Observed::default() }
    }

    fn learnt() -> Staffing {
        let mut staffing = Staffing::default();
        (0..20).for_each(|_| staffing.learn(&day(6)));
        staffing
    }

    fn ms(seconds: u32) -> i64 {
        i64::from(seconds) * 1000
    }

    fn open_since_nine(rested: bool) -> Desk {
        Desk { rested, ..Desk::new(Staffed::Open, ms(9 * HOUR)) }
    }

    /// How many of a thousand do something before a time.
    fn before(staffing: &Staffing, desk: &Desk, now_s: u32, until_s: u32) -> usize {
        let mut rng = Rng::with_seed(3);
        let next = (0..1000).filter_map(|_| staffing.next(desk, ms(now_s), 0, &mut rng));
        next.filter(|change| change.at_ms <= ms(until_s)).count()
    }

    #[test]
    fn nothing_learnt_leaves_counters_as_they_are() {
        assert_eq!(before(&Staffing::default(), &open_since_nine(false), 10 * HOUR, 24 * HOUR), 0);
    }

    #[test]
    fn a_hall_that_has_lunch_at_noon_learns_it() {
        let staffing = learnt();
        let desk = open_since_nine(false);
        assert!(before(&staffing, &desk, 10 * HOUR, 11 * HOUR + 1800) < 200, "hardly anybody goes in the morning");
        // What happens at noon is known to the half hour: within it most go.
        assert!(before(&staffing, &desk, NOON - 1800, NOON) > 550);
        let mut rng = Rng::with_seed(4);
        let next = staffing.next(&desk, ms(NOON - 1800), 0, &mut rng).expect("they go");
        assert_eq!(next.to, Staffed::Paused);
    }

    #[test]
    fn who_has_had_lunch_does_not_go_again() {
        assert_eq!(before(&learnt(), &open_since_nine(true), NOON - 1800, 18 * HOUR), 0);
    }

    #[test]
    fn a_lunch_lasts_as_long_as_it_always_did() {
        let staffing = learnt();
        let desk = Desk::new(Staffed::Paused, ms(NOON));
        let mut rng = Rng::with_seed(5);
        let back = staffing.next(&desk, ms(NOON + 600), 0, &mut rng);
        assert_eq!(back, Some(Change { at_ms: ms(NOON + 2400), to: Staffed::Open }));
    }

    #[test]
    fn who_was_away_for_long_and_is_away_again_is_back_after_a_short_pause() {
        let mut staffing = learnt();
        let short = Presence { post: 0, state: Staffed::Paused, from_s: NOON, to_s: NOON + 300, changed: true };
        staffing.learn(&Observed { presences: vec![short], ..Observed::default() });
        let desk = Desk { rested: true, ..Desk::new(Staffed::Paused, ms(NOON)) };
        let back = staffing.next(&desk, ms(NOON), 0, &mut Rng::with_seed(6));
        assert_eq!(back.map(|change| change.at_ms), Some(ms(NOON + 300)));
    }

    #[test]
    fn closed_counters_open_when_they_usually_do() {
        let mut staffing = Staffing::default();
        let shut = Presence { post: 0, state: Staffed::Closed, from_s: 9 * HOUR, to_s: 10 * HOUR - 900, changed: true };
        (0..20).for_each(|_| staffing.learn(&Observed { presences: vec![shut; 3], ..Observed::default() }));
        let desk = Desk::new(Staffed::Closed, ms(9 * HOUR));
        assert!(before(&staffing, &desk, 9 * HOUR, 9 * HOUR + 1800) < 400);
        assert!(before(&staffing, &desk, 9 * HOUR + 1800, 10 * HOUR) > 700);
    }

    #[test]
    fn the_hall_s_clock_counts_not_utc() {
        let staffing = learnt();
        let offset_ms = 8 * 3_600_000;
        let mut rng = Rng::with_seed(7);
        let now_ms = ms(NOON - 1800) - offset_ms;
        let left = (0..1000).filter_map(|_| staffing.next(&open_since_nine(false), now_ms, offset_ms, &mut rng));
        assert!(left.filter(|change| change.at_ms <= ms(NOON) - offset_ms).count() > 550);
    }
}
