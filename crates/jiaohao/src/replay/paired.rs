//! Differences day by day, with how far chance alone could move them: a day is its own control.

use forecast::replay::Replay;
use serde::Serialize;

use super::side::Side;

/// What one side had more than the other, on average over the days.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Paired {
    /// Limits missed, for each 1000 customers.
    pub(super) missed_per_1000: Interval,
    /// Diversions a day.
    pub(super) diverted: Interval,
    /// Inversions a day.
    pub(super) inversions: Interval,
}

/// A mean and the half width of its 95 % confidence interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Interval {
    pub(super) mean: f64,
    pub(super) half_width: f64,
}

/// Fewer days say nothing about chance.
const ENOUGH_DAYS: usize = 8;
/// The 97.5 % quantile of the standard normal distribution; of Student's with few days a little less than it should be.
const Z_975: f64 = 1.96;

impl Paired {
    /// Of two sides of the same days.
    pub(super) fn of(from: &Side, to: &Side) -> Option<Self> {
        if from.replays.len() != to.replays.len() || to.replays.len() < ENOUGH_DAYS {
            return None;
        }
        let days = || from.replays.iter().zip(&to.replays);
        let customers: usize =
            from.replays.iter().map(|day| day.outcomes.iter().filter(|one| one.counts).count()).sum();
        let a_day = customers as f64 / from.replays.len() as f64;
        let interval = |of: &dyn Fn(&Replay) -> f64| Interval::of(days().map(|(from, to)| of(to) - of(from)).collect());
        let missed =
            |day: &Replay| day.outcomes.iter().filter(|one| one.missed).count() as f64 * 1000.0 / a_day.max(1.0);
        Some(Self {
            missed_per_1000: interval(&missed),
            diverted: interval(&|day| f64::from(day.diverted)),
            inversions: interval(&|day| f64::from(day.inversions)),
        })
    }

    /// In one line.
    pub(super) fn line(&self) -> String {
        let text = |of: Interval| format!("{:+.2} ± {:.2}", of.mean, of.half_width);
        let (missed, diverted, inversions) = (text(self.missed_per_1000), text(self.diverted), text(self.inversions));
        format!(
            "paired by day, 95 %: missed per 1000 {missed} · diverted a day {diverted} · inversions a day {inversions}\n"
        )
    }
}

impl Interval {
    fn of(values: Vec<f64>) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Self { mean, half_width: Z_975 * (variance / n).sqrt() }
    }
}
