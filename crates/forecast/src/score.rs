//! How good told waits were.

use crate::calibrate::Calibration;
use crate::estimate::Waits;

/// A wait as it is told, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// One in ten waits is shorter.
    pub low_s: f64,
    /// Half of them are.
    pub likely_s: f64,
    /// One in ten is longer.
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

    /// The 80 % range of a distribution: from one tenth to nine. Where more than a tenth need not wait at all, nobody can fall
    /// below the range, and it ends where eight tenths do.
    fn of(quantile: impl Fn(f64) -> f64) -> Self {
        let low_s = quantile(0.1);
        let high_s = quantile(if low_s < NO_WAIT_S { 0.8 } else { 0.9 });
        Self { low_s, likely_s: quantile(0.5), high_s }
    }
}

/// Called within this time is called at once, in seconds.
const NO_WAIT_S: f64 = 1.0;

/// Sums over told waits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// How many.
    pub n: usize,
    error_s: f64,
    covered: usize,
    width_s: f64,
    interval_s: f64,
    busy: usize,
    busy_covered: usize,
    told_covered: usize,
}

impl Score {
    /// One more: what was told, what happened, whether at a busy hour.
    pub fn add(&mut self, told: Told, wait_s: f64, busy: bool) {
        // The share of the range that lies outside it, above and below together.
        const OUTSIDE: f64 = 0.2;
        let covered = (told.low_s..=told.high_s).contains(&wait_s);
        self.n += 1;
        self.error_s += (told.likely_s - wait_s).abs();
        self.covered += usize::from(covered);
        self.width_s += told.high_s - told.low_s;
        // Gneiting and Raftery 2007: the width, and a fine for what lies outside.
        let fine_s = (told.low_s - wait_s).max(0.0) + (wait_s - told.high_s).max(0.0);
        self.interval_s += told.high_s - told.low_s + 2.0 / OUTSIDE * fine_s;
        self.busy += usize::from(busy);
        self.busy_covered += usize::from(busy && covered);
        let rounded = (told.low_s / 300.0).floor() * 300.0..=(told.high_s / 300.0).ceil().max(1.0) * 300.0;
        self.told_covered += usize::from(rounded.contains(&wait_s));
    }

    /// Mean absolute error, in minutes.
    pub fn mae_min(&self) -> f64 {
        self.error_s / self.n.max(1) as f64 / 60.0
    }

    /// Share of waits within the 80 % range.
    pub fn coverage(&self) -> f64 {
        self.covered as f64 / self.n.max(1) as f64
    }

    /// The same at busy hours.
    pub fn busy_coverage(&self) -> f64 {
        self.busy_covered as f64 / self.busy.max(1) as f64
    }

    /// Share of waits within the range as it is printed: rounded outward to five minutes.
    pub fn printed_coverage(&self) -> f64 {
        self.told_covered as f64 / self.n.max(1) as f64
    }

    /// Mean width of the 80 % range, in minutes.
    pub fn width_min(&self) -> f64 {
        self.width_s / self.n.max(1) as f64 / 60.0
    }

    /// Mean interval score, in minutes; smaller is better.
    pub fn interval_min(&self) -> f64 {
        self.interval_s / self.n.max(1) as f64 / 60.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: Told = Told { low_s: 300.0, likely_s: 600.0, high_s: 1200.0 };

    fn score(waits_s: &[f64]) -> Score {
        let mut score = Score::default();
        waits_s.iter().for_each(|wait_s| score.add(TOLD, *wait_s, *wait_s >= 600.0));
        score
    }

    #[test]
    fn errors_and_ranges_are_told_in_minutes() {
        let score = score(&[300.0, 600.0, 1200.0, 1320.0]);
        assert_eq!((score.n, score.mae_min(), score.width_min()), (4, 6.75, 15.0));
        assert_eq!((score.coverage(), score.busy_coverage()), (0.75, 2.0 / 3.0), "the ends are within");
        // Two minutes outside cost ten each.
        assert_eq!(score.interval_min(), 15.0 + 20.0 / 4.0);
    }

    #[test]
    fn a_printed_range_reaches_to_the_next_five_minutes() {
        let mut score = Score::default();
        let told = Told { low_s: 400.0, likely_s: 500.0, high_s: 610.0 };
        [299.0, 300.0, 900.0, 901.0].iter().for_each(|wait_s| score.add(told, *wait_s, false));
        assert_eq!((score.printed_coverage(), score.coverage()), (0.5, 0.0));
        let mut score = Score::default();
        score.add(Told::default(), 299.0, false);
        assert_eq!(score.printed_coverage(), 1.0, "no wait is printed as up to five minutes");
    }

    #[test]
    fn where_a_tenth_need_not_wait_the_range_ends_at_eight_tenths() {
        let waits = Waits::of((0..100).map(|n| if n < 20 { 0.0 } else { n as f32 }).collect());
        assert_eq!(Told::raw(&waits), Told { low_s: 0.0, likely_s: 49.5, high_s: 79.5 });
        let waits = Waits::of((0..100).map(|n| n as f32 + 5.0).collect());
        assert_eq!(Told::raw(&waits), Told { low_s: 14.5, likely_s: 54.5, high_s: 94.5 });
    }

    #[test]
    fn nothing_judged_is_no_figure_that_is_not_a_number() {
        let score = Score::default();
        assert_eq!((score.mae_min(), score.coverage(), score.busy_coverage()), (0.0, 0.0, 0.0));
    }
}
