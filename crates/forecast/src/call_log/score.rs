//! How well estimates did: scores against the waits that followed.

use super::neighbours::quantile;

/// Who estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// How long the last one waited who entered service.
    LastToEnterService,
    /// How long the head of the line has waited.
    HeadOfLine,
    /// Place in the queue × mean service time / agents of the last five minutes.
    QueueByAgents,
    /// Place in the queue / rate of service starts over half an hour.
    QueueByCallRate,
    /// The forward run.
    ForwardRun,
}

impl Estimator {
    /// All, the classical ones first.
    pub const ALL: [Self; 5] =
        [Self::LastToEnterService, Self::HeadOfLine, Self::QueueByAgents, Self::QueueByCallRate, Self::ForwardRun];

    /// As tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastToEnterService => "last to enter service",
            Self::HeadOfLine => "head of line",
            Self::QueueByAgents => "queue length by agents",
            Self::QueueByCallRate => "queue length by rate of calls",
            Self::ForwardRun => "forward run",
        }
    }

    /// As programs name it; never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::LastToEnterService => "last_to_enter",
            Self::HeadOfLine => "head_of_line",
            Self::QueueByAgents => "queue_length_agents",
            Self::QueueByCallRate => "queue_length_rate",
            Self::ForwardRun => "forward",
        }
    }
}

/// What one estimator achieved in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Whose estimates.
    pub estimator: Estimator,
    /// Whether they were put right by past ones.
    pub calibrated: bool,
    /// Callers judged; the same in all rows of a month.
    pub n: u32,
    /// Mean distance of the likely wait from the true one, in seconds.
    pub mae_s: f64,
    /// How good the 80 % range is; `None` for an estimator that has none of its own.
    pub range: Option<RangeScore>,
}

/// How good the 80 % ranges were.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeScore {
    /// How many true waits lay within, in per cent of all; 80 is wanted.
    pub covers_80_pct: f64,
    /// In seconds.
    pub mean_width_s: f64,
    /// Width plus ten times the distance of a true wait outside, in seconds; smaller is better (Gneiting and Raftery 2007).
    pub interval_score_s: f64,
}

/// The shares at which a range is read: one in ten is below it, half are below its likely value, one in ten is above.
pub(super) const AT: [f64; 3] = [0.1, 0.5, 0.9];

/// What one estimator said of one caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    /// One figure, in seconds.
    Figure(f64),
    /// The wait at the shares [`AT`], in seconds.
    Range([f64; 3]),
}

impl Said {
    /// Of a sorted sample.
    pub(super) fn of(sample: &[f64]) -> Self {
        Self::Range(AT.map(|share| quantile(sample, share)))
    }

    pub(super) fn likely_s(self) -> f64 {
        match self {
            Self::Figure(likely_s) | Self::Range([_, likely_s, _]) => likely_s,
        }
    }
}

/// Sums over the callers judged.
#[derive(Clone, Copy, Default)]
pub(super) struct Score {
    n: u32,
    distance_s: f64,
    ranges: u32,
    inside: u32,
    width_s: f64,
    interval_s: f64,
}

impl Score {
    pub(super) fn judge(&mut self, said: Said, truth_s: f64) {
        self.n += 1;
        self.distance_s += (said.likely_s() - truth_s).abs();
        if let Said::Range([low_s, _, high_s]) = said {
            self.ranges += 1;
            let outside_s = (low_s - truth_s).max(truth_s - high_s).max(0.0);
            self.inside += u32::from(outside_s == 0.0);
            self.width_s += high_s - low_s;
            // The score's factor: 2 / (1 - 80 %).
            self.interval_s += high_s - low_s + 10.0 * outside_s;
        }
    }

    /// `None` when nobody was judged.
    pub(super) fn row(self, estimator: Estimator, calibrated: bool) -> Option<Row> {
        let ranges = f64::from(self.ranges);
        let range = RangeScore {
            covers_80_pct: 100.0 * f64::from(self.inside) / ranges,
            mean_width_s: self.width_s / ranges,
            interval_score_s: self.interval_s / ranges,
        };
        (self.n > 0).then(|| Row {
            estimator,
            calibrated,
            n: self.n,
            mae_s: self.distance_s / f64::from(self.n),
            range: (self.ranges > 0).then_some(range),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_outside_the_range_costs_ten_times_its_distance() {
        let mut score = Score::default();
        score.judge(Said::Range([10.0, 20.0, 40.0]), 40.0);
        score.judge(Said::Range([10.0, 20.0, 40.0]), 43.0);
        let row = score.row(Estimator::ForwardRun, true).unwrap();
        let range = RangeScore { covers_80_pct: 50.0, mean_width_s: 30.0, interval_score_s: 45.0 };
        assert_eq!((row.n, row.mae_s, row.range), (2, 21.5, Some(range)));
    }

    #[test]
    fn one_figure_has_no_range_and_nobody_judged_gives_no_row() {
        let mut score = Score::default();
        assert_eq!(score.row(Estimator::HeadOfLine, false), None);
        score.judge(Said::Figure(12.0), 10.0);
        let row = score.row(Estimator::HeadOfLine, false).unwrap();
        assert_eq!((row.n, row.mae_s, row.range), (1, 2.0, None));
    }
}
