//! Does looking ahead beat the rule? Days are replayed twice, by a profile and by a roll-out over it: where a counter has a choice,
//! every candidate is taken in thought, the hall is run forward by the profile through the same futures, and the one after whom
//! fewest customers miss their limit is called; the profile's own unless another is better by more than the noise.
//!
//! Candidates are the profile's own choice and the first of each tier; where a dedicated desk may divert (分流) also nobody, and
//! with `--whom service` the first for each service. Futures are drawn from what earlier days taught: what is left of services,
//! what those take who wait, who comes until the horizon (then the queues empty). They never see the day that is replayed, but for
//! `--truth`: one future, the day's own to its end, which tells how much any look one step ahead could gain.
//!
//! `cargo run --release -p forecast --example rollout -- [--days N] [--seed S] [--load L] [--recorded DIR] [--profile P]`
//! `[--at desk|general|both] [--whom tier|service] [--futures N] [--horizon MIN] [--margin SE] [--price MISSES]`
//! `[--late abandon|keep] [--truth]`; with `keep` nobody who is late already is passed over when it is their turn.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool, not a room: it reads files and arguments and looks at the clock"
)]

mod ahead;
mod future;

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;

use ahead::{Lookahead, Settings, Tally};
use config::ProfileSource;
use forecast::day::Day;
use forecast::generate::{self, Kind};
use forecast::learn::Learnt;
use forecast::replay::{Replay, replay_seen};
use forecast::sim::{Room, Turn, by_the_rules};
use hall::routing::{Floor, Profile};

/// Days that only teach, before the first that counts.
const SCHOOL: u64 = 20;

/// What days came to.
#[derive(Default)]
struct Sum {
    customers: Vec<f64>,
    missed: Vec<f64>,
    diverted: f64,
    inversions: f64,
    worst_s: u32,
    late_min: f64,
}

impl Sum {
    /// Adds a day, and says how many missed their limit.
    fn add(&mut self, floor: &Floor, day: &Replay) -> f64 {
        let before: f64 = self.missed.iter().sum();
        self.customers.resize(floor.tiers(), 0.0);
        self.missed.resize(floor.tiers(), 0.0);
        for one in day.outcomes.iter().filter(|one| one.counts) {
            let (wait_s, limit_s) = (one.wait_s.unwrap_or(0), floor.limits_ms[one.tier] as f64 / 1000.0);
            self.customers[one.tier] += 1.0;
            self.missed[one.tier] += f64::from(one.missed);
            self.worst_s = self.worst_s.max(wait_s);
            self.late_min += (f64::from(wait_s) - limit_s).max(0.0) / 60.0;
        }
        self.diverted += f64::from(day.diverted);
        self.inversions += f64::from(day.inversions);
        self.missed.iter().sum::<f64>() - before
    }

    fn row(&self, name: &str, days: f64) -> String {
        let (all, missed): (f64, f64) = (self.customers.iter().sum(), self.missed.iter().sum());
        let within = |tier: usize| 100.0 - 100.0 * self.missed[tier] / self.customers[tier].max(1.0);
        let (per_1000, late_min) = (1000.0 * missed / all.max(1.0), self.late_min / missed.max(1.0));
        let (diverted, inversions) = (self.diverted / days, self.inversions / days);
        format!(
            "| {name:8} | {per_1000:6.2} | {diverted:5.1} | {inversions:5.1} | {:3} | {late_min:4.1} | {:6.2} | {:6.2} |",
            self.worst_s / 60,
            within(0),
            within(1),
        )
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut given: HashMap<String, String> = HashMap::new();
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = if name == "--truth" { "yes".into() } else { args.next().ok_or(format!("{name} what?"))? };
        given.insert(name, value);
    }
    let mut take = |name: &str, usual: &str| given.remove(name).unwrap_or(usual.into());
    let (days, seed): (u64, u64) = (take("--days", "200").parse()?, take("--seed", "91000").parse()?);
    let (load, recorded) = (take("--load", "1.05"), take("--recorded", ""));
    let (profile, at) = (take("--profile", "foresight+rescue").parse::<Profile>()?, take("--at", "both"));
    let settings = Settings {
        futures: take("--futures", "40").parse()?,
        horizon_ms: take("--horizon", "90").parse::<i64>()? * 60_000,
        margin: take("--margin", "1").parse()?,
        price: take("--price", "0").parse()?,
        desk: at != "general",
        general: at != "desk",
        by_service: take("--whom", "tier") == "service",
        abandon: take("--late", "abandon") == "abandon",
        truth: take("--truth", "") == "yes",
    };
    if let Some(name) = given.keys().next() {
        return Err(format!("{name} is not known").into());
    }

    let text = include_str!("../../../../firmware-config/halls/benchmark.toml");
    let hall = config::parse("benchmark.toml", text, &ProfileSource::built_in());
    let mut rules = hall.map_err(|errors| format!("{errors:?}"))?.rules;
    rules.routing.profile = profile;
    let floor = Floor::of(&rules);
    let kind = Kind::recorded(load.parse()?);
    let day = |n: u64| -> Result<Day, Box<dyn Error>> {
        if recorded.is_empty() || n < SCHOOL {
            return Ok(generate::day(&floor, &kind, seed * 100_000 + n));
        }
        let file = PathBuf::from(&recorded).join(format!("load-{load}/day-{:02}.csv", n - SCHOOL));
        Ok(Day::parse(&file.display().to_string(), &std::fs::read_to_string(&file)?, &rules)?)
    };

    let mut learnt = Learnt::nothing_yet(&rules);
    let (mut base, mut ahead, mut tally, mut differences) = (Sum::default(), Sum::default(), Tally::default(), vec![]);
    for n in 0..SCHOOL + days {
        let day = day(n)?;
        let by_rule = replay_seen(&floor, learnt.outlook(&rules), &day, by_the_rules, &mut ());
        if n >= SCHOOL {
            let (learnt, guests) = (&learnt, future::guests(&day));
            let mut lookahead = Lookahead { settings: &settings, learnt, guests, tally: &mut tally };
            let choose = |room: &Room<'_>, post: usize, turn: Turn| lookahead.choose(room, post, turn);
            let by_looking = replay_seen(&floor, learnt.outlook(&rules), &day, choose, &mut ());
            differences.push(ahead.add(&floor, &by_looking) - base.add(&floor, &by_rule));
            if differences.len().is_multiple_of(20) {
                eprintln!("{} days: {:+.0} missed", differences.len(), differences.iter().sum::<f64>());
            }
        }
        learnt.learn(&by_rule.observed(&day, &floor, 0));
        learnt.settle();
    }
    tell(&base, &ahead, &differences, &tally);
    Ok(())
}

fn tell(base: &Sum, ahead: &Sum, differences: &[f64], tally: &Tally) {
    let days = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / days;
    let variance = differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (days - 1.0).max(1.0);
    let scale = 1000.0 * days / base.customers.iter().sum::<f64>();
    println!(
        "missed per 1000 | diverted, inversions a day | worst wait, mean lateness in min | VIP, GoTone in time, %"
    );
    println!("{}\n{}", base.row("rule", days), ahead.row("roll-out", days));
    let (difference, error) = (mean * scale, 1.96 * (variance / days).sqrt() * scale);
    println!("difference {difference:+.2} ± {error:.2} missed per 1000 (95 %, paired by day)");
    let each_us = tally.took.as_secs_f64() * 1e6 / tally.asked.max(1) as f64;
    println!("{:.0} choices a day, {each_us:.0} µs each", tally.asked as f64 / days);
    for (what, [count, best_min, usual_min, best_late, usual_late]) in &tally.instead {
        let [best_min, usual_min] = [best_min, usual_min].map(|sum| sum / count);
        let [best_pct, usual_pct] = [best_late, usual_late].map(|late| 100.0 * late / count);
        println!(
            "  {what}: {:.1} a day, services of {best_min:.1} min not {usual_min:.1}, late already {best_pct:.0} % not {usual_pct:.0} %",
            count / days
        );
    }
}
