//! One side of a comparison: days in a hall, and how they went.

use std::time::{Duration, Instant};

use config::HallConfig;
use forecast::day::Day;
use forecast::learn::Learnt;
use forecast::recorded::Recorded;
use forecast::replay::{Replay, replay_seen};
use forecast::sim::{Room, by_the_rules};
use indicatif::ProgressBar;

use super::source::Scene;
use crate::bench::stats::quantile_ms;

/// The first line of a list of calls.
pub(super) const CALLS_HEADING: &str = "day,row,called_s,counter";

/// Days, and how they went.
pub(super) struct Side {
    /// Its name in tables and JSON.
    pub(super) name: &'static str,
    /// The profile, or that nobody knows.
    pub(super) profile: String,
    pub(super) hall: HallConfig,
    pub(super) days: Vec<Day>,
    /// When the seconds of the day begin, UTC ms, where that is known.
    pub(super) opening_ms: Option<i64>,
    pub(super) replays: Vec<Replay>,
    /// The slowest choice but one in a hundred, in µs; none where nothing was chosen.
    pub(super) decision_p99_us: Option<f64>,
}

impl Side {
    /// Lives the days by the hall's rules. What a profile knows beyond those who wait, it learns from the days before; of a day of
    /// the journal the hall knew then.
    pub(super) fn replay(name: &'static str, scene: Scene, bar: &ProgressBar) -> Self {
        let floor = scene.floor();
        let mut took: Vec<Duration> = Vec::new();
        let mut replays = Vec::new();
        let mut learnt = Learnt::nothing_yet(&scene.hall.rules);
        for day in &scene.days {
            let timed = |room: &Room<'_>, post, turn| {
                let start = Instant::now();
                let pick = by_the_rules(room, post, turn);
                took.push(start.elapsed());
                pick
            };
            learnt.settle();
            let outlook = match &scene.recorded {
                Some(recorded) => recorded.outlook(&scene.hall.rules, &floor),
                None => learnt.outlook(&scene.hall.rules),
            };
            let replay = replay_seen(&floor, outlook, day, timed, &mut ());
            learnt.learn(&replay.observed(day, &floor, 0));
            replays.push(match &scene.recorded {
                Some(recorded) => recorded.counted(&floor, replay),
                None => replay,
            });
            bar.inc(1);
        }
        Self {
            name,
            profile: scene.hall.rules.routing.profile.to_string(),
            hall: scene.hall,
            days: scene.days,
            opening_ms: scene.recorded.map(|recorded| recorded.opening_ms),
            replays,
            decision_p99_us: (!took.is_empty()).then(|| (1e6 * quantile_ms(&mut took, 0.99)).round() / 1e3),
        }
    }

    /// What really happened.
    pub(super) fn happened(hall: &HallConfig, recorded: &Recorded) -> Self {
        Self {
            name: "recorded",
            profile: "as it was".to_owned(),
            hall: hall.clone(),
            days: vec![recorded.day.clone()],
            opening_ms: Some(recorded.opening_ms),
            replays: vec![recorded.happened.clone()],
            decision_p99_us: None,
        }
    }

    /// Every call as CSV, in order of day and call.
    pub(super) fn calls_csv(&self) -> String {
        let mut text = format!("{CALLS_HEADING}\n");
        for (day, replay) in self.replays.iter().enumerate() {
            for call in &replay.calls {
                let counter = self.hall.rules.counters[call.post].number;
                text += &format!("{day},{},{},{counter}\n", call.row, call.called_s);
            }
        }
        text
    }
}
