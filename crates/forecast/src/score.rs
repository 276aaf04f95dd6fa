//! How good told waits were.

use crate::calibrate::Calibration;
use crate::estimate::Waits;

/// A wait as it is told, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// One in eight futures waits less.
    pub low_s: f64,
    /// Half of them are.
    pub likely_s: f64,
    /// One in eight waits longer.
    pub high_s: f64,
}

impl Told {
    /// The quantiles of futures as they are.
    pub fn raw(waits: &Waits) -> Self {
        Self::of(|share| waits.quantile(share))
    }

    /// The quantiles that turned out to be worth what they say.
    pub fn calibrated(waits: &Waits, calibration: &Calibration, tier: usize) -> Self {
        let median_s = waits.quantile(0.5);
        Self::of(|wanted| waits.quantile(calibration.share(tier, median_s, wanted)))
    }

    /// The 80 % range of a distribution. Where so many need not wait at all that nobody can fall below the range, it begins at
    /// no wait and ends above all that it is to hold, which is no wait again where so many need none.
    fn of(quantile: impl Fn(f64) -> f64) -> Self {
        let low_s = quantile((1.0 - HELD) / 2.0);
        let likely_s = quantile(0.5);
        if low_s < NO_WAIT_S {
            return Self { low_s: 0.0, likely_s, high_s: quantile(HELD) };
        }
        Self { low_s, likely_s, high_s: quantile((1.0 + HELD) / 2.0) }
    }
}

/// The share of futures between the ends of a range that is to hold 80 % of real waits. Who comes to a free counter is told no
/// wait and is never wrong, and in a quiet hall that is two in five: futures' own 80 % would hold nine tenths of all waits
/// there. Coverage is told of everybody and, beside it, of those alone who had to wait.
const HELD: f64 = 0.75;

/// Called within this time is called at once, in seconds.
const NO_WAIT_S: f64 = 1.0;

/// Ranges are printed in whole steps of so many seconds, rounded outward.
const PRINTED_STEP_S: f64 = 300.0;

/// Sums over told waits. Its means are `None` where nobody was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    error_s: f64,
    width_s: f64,
    interval_s: f64,
    all: Covered,
    busy: Covered,
    waited: Covered,
    printed: Covered,
}

/// How many of how many true waits lay within the range.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Covered {
    of: usize,
    within: usize,
}

impl Covered {
    fn add(&mut self, within: bool) {
        self.of += 1;
        self.within += usize::from(within);
    }

    fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.within as f64 / self.of as f64)
    }
}

impl Score {
    /// One more: what was told, what happened, whether at a busy hour.
    pub fn add(&mut self, told: Told, wait_s: f64, busy: bool) {
        // The share of the range that lies outside it, above and below together.
        const OUTSIDE: f64 = 0.2;
        let within = (told.low_s..=told.high_s).contains(&wait_s);
        self.error_s += (told.likely_s - wait_s).abs();
        self.width_s += told.high_s - told.low_s;
        // Gneiting and Raftery 2007: the width, and a fine for what lies outside.
        let fine_s = (told.low_s - wait_s).max(0.0) + (wait_s - told.high_s).max(0.0);
        self.interval_s += told.high_s - told.low_s + 2.0 / OUTSIDE * fine_s;
        self.all.add(within);
        if busy {
            self.busy.add(within);
        }
        if wait_s >= NO_WAIT_S {
            self.waited.add(within);
        }
        let low_s = (told.low_s / PRINTED_STEP_S).floor() * PRINTED_STEP_S;
        let high_s = (told.high_s / PRINTED_STEP_S).ceil().max(1.0) * PRINTED_STEP_S;
        self.printed.add((low_s..=high_s).contains(&wait_s));
    }

    /// How many were judged.
    pub fn n(&self) -> usize {
        self.all.of
    }

    /// How many of them had to wait.
    pub fn waited(&self) -> usize {
        self.waited.of
    }

    /// Mean absolute error of the likely wait, in seconds.
    pub fn mae_s(&self) -> Option<f64> {
        self.mean(self.error_s)
    }

    /// Share of waits within the 80 % range.
    pub fn coverage(&self) -> Option<f64> {
        self.all.share()
    }

    /// The same at busy hours.
    pub fn busy_coverage(&self) -> Option<f64> {
        self.busy.share()
    }

    /// The same of those who had to wait.
    pub fn waited_coverage(&self) -> Option<f64> {
        self.waited.share()
    }

    /// Share of waits within the range as it is printed: rounded outward to five minutes.
    pub fn printed_coverage(&self) -> Option<f64> {
        self.printed.share()
    }

    /// Mean width of the 80 % range, in seconds.
    pub fn width_s(&self) -> Option<f64> {
        self.mean(self.width_s)
    }

    /// Mean interval score, in seconds; smaller is better.
    pub fn interval_s(&self) -> Option<f64> {
        self.mean(self.interval_s)
    }

    fn mean(&self, sum: f64) -> Option<f64> {
        (self.all.of > 0).then(|| sum / self.all.of as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a hundred futures, so many without a wait and the others of a minute, two minutes, and so on.
    fn told(without: usize) -> Told {
        Told::raw(&Waits::of((0..100).map(|n| 60.0 * (n + 1_usize).saturating_sub(without) as f32).collect()))
    }

    #[test]
    fn a_range_that_begins_at_no_wait_ends_above_all_it_is_to_hold() {
        let minutes = |told: Told| [told.low_s, told.likely_s, told.high_s].map(|s| (s / 60.0).round());
        assert_eq!(minutes(told(0)), [13.0, 51.0, 88.0], "three quarters, in the middle");
        assert_eq!(minutes(told(30)), [0.0, 21.0, 46.0], "nobody can be below");
        assert_eq!(minutes(told(81)), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn those_who_waited_are_also_judged_alone() {
        let mut score = Score::default();
        assert_eq!((score.mae_s(), score.coverage(), score.waited_coverage()), (None, None, None));
        let told = Told { low_s: 0.0, likely_s: 30.0, high_s: 60.0 };
        for (wait_s, busy) in [(0.0, false), (60.0, true), (90.0, true)] {
            score.add(told, wait_s, busy);
        }
        assert_eq!((score.n(), score.waited()), (3, 2));
        assert_eq!((score.coverage(), score.waited_coverage()), (Some(2.0 / 3.0), Some(0.5)));
        assert_eq!((score.busy_coverage(), score.printed_coverage()), (Some(0.5), Some(1.0)));
        assert_eq!((score.mae_s(), score.width_s(), score.interval_s()), (Some(40.0), Some(60.0), Some(160.0)));
    }

    #[test]
    fn a_printed_range_reaches_to_the_next_five_minutes() {
        let mut score = Score::default();
        let told = Told { low_s: 400.0, likely_s: 500.0, high_s: 610.0 };
        [299.0, 300.0, 900.0, 901.0].iter().for_each(|wait_s| score.add(told, *wait_s, false));
        assert_eq!((score.printed_coverage(), score.coverage()), (Some(0.5), Some(0.0)));
        let mut score = Score::default();
        score.add(Told::default(), 299.0, false);
        assert_eq!(score.printed_coverage(), Some(1.0), "no wait is printed as up to five minutes");
    }
}
