//! A call centre's log replayed: every estimator says how long each caller will wait, and the log says how long it was.
//!
//! [`parse()`] reads the log, [`judge`] replays it day by day. The forward run is set against the classical estimators,
//! each as it is and calibrated by its own past; all of them know at a caller's entry only what was seen until then, and
//! learn from a day when it is over.

mod classical;
mod forward;
mod hazard;
mod learn;
mod neighbours;
mod parse;
mod scene;
mod score;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use fastrand::Rng;

use learn::Learnt;
use neighbours::{Neighbours, quantile, share_below};
pub use parse::{Caller, Kind, Service, parse};
use scene::{Day, Scene, Sight, Waiter};
use score::{AT, Said, Score};
pub use score::{Estimator, RangeScore, Row};

/// How a log is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How many days at the beginning of the log are learnt from and not judged.
    pub warm_up_days: usize,
    /// How often the forward run runs for each caller; 0 counts as 1.
    pub replications: usize,
    /// How many past estimates calibrate one; 0 counts as 1.
    pub neighbours: usize,
    /// How many past estimates of a priority are remembered.
    pub memory: usize,
    /// What a day still counts when another has passed, from 0 to 1.
    pub keep: f64,
    /// Of the forward run's draws.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { warm_up_days: 10, replications: 200, neighbours: 200, memory: 2000, keep: 0.95, seed: 1999 }
    }
}

/// What the estimators achieved.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// In the order they were given.
    pub months: Vec<Month>,
}

/// What the estimators achieved in one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Its first day, yymmdd; `None` when it has no caller.
    pub first: Option<u32>,
    /// By estimator, as it is before calibrated; empty when nobody was judged.
    pub rows: Vec<Row>,
}

/// Replays months of a log in order of time and judges every estimator; `progress` hears how many days of how many are done.
///
/// Judged is who waited in the common queue (`q_time` above 0, not of type `IN`) and was served (`AGENT`); the truth is
/// `q_time`. Who gave up is not judged, for nobody knows how long it would have been, but stands in the replayed queue as
/// long as they really did. Calls of type `IN` only keep agents busy. The warm-up is not judged, nor is a caller for whom the
/// calibration has no past yet, so that all rows of a month are of the same callers. Priority and type are taken as known at
/// entry, though the log does not say since when they were; that a caller will be served is told to the forward run.
///
/// Models and calibrations go on from month to month. The same months and settings give the same report.
pub fn judge(months: &[Vec<Caller>], settings: &Settings, mut progress: impl FnMut(usize, usize)) -> Report {
    let months: Vec<Vec<Day>> = months.iter().map(|month| days(month)).collect();
    let of = months.iter().map(Vec::len).sum();
    let mut bench = Bench::new(settings);
    let mut done = 0;
    let mut judged = Vec::new();
    for month in &months {
        let mut scores = Scores::default();
        for day in month {
            let estimates = bench.estimates(day);
            if done >= settings.warm_up_days {
                estimates.iter().for_each(|estimate| scores.judge(estimate));
            }
            bench.learn(day, &estimates);
            done += 1;
            progress(done, of);
        }
        judged.push(Month { first: month.first().map(|day| day.date), rows: scores.rows() });
    }
    Report { months: judged }
}

const ESTIMATORS: usize = Estimator::ALL.len();

fn days(month: &[Caller]) -> Vec<Day<'_>> {
    let mut days: BTreeMap<u32, Vec<&Caller>> = BTreeMap::new();
    for caller in month {
        days.entry(caller.date).or_default().push(caller);
    }
    days.into_iter().map(|(date, callers)| Day { date, callers }).collect()
}

/// What was said to one caller on entry, by estimator.
#[derive(Clone, Debug, PartialEq)]
struct Estimate {
    /// Index in the day.
    caller: usize,
    priority: u8,
    truth_s: f64,
    raw: [Said; ESTIMATORS],
    /// `None` while there is too little past.
    calibrated: Option<[Said; ESTIMATORS]>,
    /// The forward run's draws, sorted.
    draws_s: Vec<f64>,
}

/// Everything that learns.
struct Bench<'m> {
    settings: &'m Settings,
    learnt: Learnt<'m>,
    past: [Neighbours; ESTIMATORS],
}

impl<'m> Bench<'m> {
    fn new(settings: &'m Settings) -> Self {
        let Settings { neighbours, memory, keep, .. } = *settings;
        let past = std::array::from_fn(|_| Neighbours::new(neighbours.max(1), memory));
        Self { settings, learnt: Learnt::new(keep), past }
    }

    /// Replays a day and asks every estimator at the entry of each caller who will be judged.
    fn estimates(&self, day: &Day<'m>) -> Vec<Estimate> {
        let mut scene = Scene::default();
        let mut estimates = Vec::new();
        for (now_s, sight) in day.sights() {
            scene.see(day, now_s, sight);
            let Sight::Enter(index) = sight else { continue };
            let (caller, me) = (day.callers[index], scene.waiting.last().copied());
            if let (Some(me), Some(_)) = (me, &caller.service) {
                let draw = u64::from(day.date) << 32 | index as u64;
                let mut rng = Rng::with_seed(self.settings.seed ^ draw);
                estimates.push(self.estimate(&scene, &me, now_s, f64::from(caller.wait_s), &mut rng));
            }
        }
        estimates
    }

    fn estimate(&self, scene: &Scene, me: &Waiter, now_s: u32, truth_s: f64, rng: &mut Rng) -> Estimate {
        let draws_s = forward::waits(&self.learnt, scene, me, now_s, self.settings.replications.max(1), rng);
        let raw = Estimator::ALL.map(|estimator| match estimator {
            Estimator::LastToEnterService => Said::Figure(classical::last_to_enter_service(scene)),
            Estimator::HeadOfLine => Said::Figure(classical::head_of_line(scene, me, now_s)),
            Estimator::QueueByAgents => {
                Said::Figure(classical::queue_by_agents(scene, me, now_s, self.learnt.mean_service_s))
            }
            Estimator::QueueByCallRate => Said::Figure(classical::queue_by_call_rate(scene, me, now_s)),
            Estimator::ForwardRun => Said::of(&draws_s),
        });
        let calibrated = self.calibrate(me.priority, &raw, &draws_s);
        Estimate { caller: me.caller, priority: me.priority, truth_s, raw, calibrated, draws_s }
    }

    fn calibrate(&self, priority: u8, raw: &[Said; ESTIMATORS], draws_s: &[f64]) -> Option<[Said; ESTIMATORS]> {
        let mut calibrated = *raw;
        for (said, past) in calibrated.iter_mut().zip(&self.past) {
            let fell = past.quantiles(priority, said.likely_s(), AT)?;
            *said = Said::Range(match said {
                Said::Figure(_) => fell,
                Said::Range(_) => fell.map(|share| quantile(draws_s, share)),
            });
        }
        Some(calibrated)
    }

    /// The day is over.
    fn learn(&mut self, day: &Day<'m>, estimates: &[Estimate]) {
        self.learnt.day(day);
        for Estimate { priority, truth_s, raw, draws_s, .. } in estimates {
            for (said, past) in raw.iter().zip(&mut self.past) {
                let fell = match said {
                    Said::Figure(_) => *truth_s,
                    Said::Range(_) => share_below(draws_s, *truth_s),
                };
                past.add(*priority, said.likely_s(), fell);
            }
        }
        self.past.iter_mut().for_each(Neighbours::close_day);
    }
}

/// Scores by estimator, as it is and calibrated.
#[derive(Default)]
struct Scores([[Score; 2]; ESTIMATORS]);

impl Scores {
    fn judge(&mut self, estimate: &Estimate) {
        let Some(calibrated) = estimate.calibrated else { return };
        for (scores, said) in self.0.iter_mut().zip(estimate.raw.into_iter().zip(calibrated)) {
            scores[0].judge(said.0, estimate.truth_s);
            scores[1].judge(said.1, estimate.truth_s);
        }
    }

    fn rows(self) -> Vec<Row> {
        let rows = |(estimator, [raw, calibrated]): (Estimator, [Score; 2])| {
            [raw.row(estimator, false), calibrated.row(estimator, true)].into_iter().flatten()
        };
        Estimator::ALL.into_iter().zip(self.0).flat_map(rows).collect()
    }
}
