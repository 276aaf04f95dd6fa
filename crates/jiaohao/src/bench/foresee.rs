//! How long a choice takes, and how long it takes to look ahead: on a hall in memory, without a disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use config::ProfileSource;
use forecast::advice::{self, advise};
use forecast::day::Staffed;
use forecast::estimate::newcomer;
use forecast::forward::Present;
use forecast::generate::{self, Kind};
use forecast::learn::Learnt;
use forecast::prospect::{self, prospect};
use forecast::replay::taught_by;
use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Floor, Lesson, Profile, divert, pick};
use hall::{At, Command, CounterNumber, Hall, Rules};

use super::Row;
use super::stats::quantile_ms;

/// 2026-11-23, a Monday, 10:00 in Shanghai.
const TEN_MS: i64 = 1_795_399_200_000;
const OFFSET_S: i32 = 28_800;
/// Seconds of the hall's clock: now, and when the days opened that it has learnt from.
const TEN_S: u32 = 36_000;
const OPENED_S: u32 = 30_600;
/// How full those days were at their peak.
const LOAD: f64 = 0.9;
/// Counters that do not call while a forecast is timed, so that there is much to try; two of them have nobody.
const AWAY: [(CounterNumber, Staffed); 3] =
    [(CounterNumber(4), Staffed::Closed), (CounterNumber(6), Staffed::Paused), (CounterNumber(7), Staffed::Closed)];
/// So many choices, estimates and looks are timed.
const CHOICES: usize = 2000;
const LOOKS: usize = 100;
/// What is allowed: a choice with 500 waiting in µs, an estimate and a look ahead in ms.
const CHOICE_US: f64 = 50.0;
const ESTIMATE_MS: f64 = 10.0;
const LOOK_MS: f64 = 100.0;

pub(crate) fn measure() -> anyhow::Result<Vec<Row>> {
    let rules = config::parse("sample.toml", config::SAMPLE, &ProfileSource::built_in())
        .map_err(|errors| anyhow!("the sample hall: {errors:?}"))?
        .rules;
    let mut rows = Vec::new();
    for profile in ["fcfs", "strict+rescue", "ratio", "accumulating", "edf", "guard+rescue", "foresight"] {
        rows.push(choices(&under(&rules, profile)?)?);
    }
    for profile in ["guard+rescue", "foresight"] {
        rows.extend(forecasts(&under(&rules, profile)?)?);
    }
    Ok(rows)
}

/// The hall under another profile.
fn under(rules: &Rules, profile: &str) -> anyhow::Result<Rules> {
    let mut rules = rules.clone();
    rules.routing.profile = profile.parse::<Profile>().map_err(|error| anyhow!(error))?;
    Ok(rules)
}

/// One estimate, and looks ahead with advice as the live hall takes them, each of a hall that has learnt and lacks tellers.
fn forecasts(rules: &Rules) -> anyhow::Result<Vec<Row>> {
    let profile = rules.routing.profile;
    let learnt = fortnight(rules);
    let timed = |work: &dyn Fn(u64)| {
        let mut took: Vec<Duration> = (0..LOOKS as u64)
            .map(|seed| {
                let start = Instant::now();
                work(seed);
                start.elapsed()
            })
            .collect();
        quantile_ms(&mut took, 0.99)
    };
    let mut rows = Vec::new();
    for (who, away) in [("every counter staffed", &[][..]), ("three of eight away", &AWAY)] {
        let hall = busy(rules, 100, Some(lesson(rules, &learnt)), away)?;
        let present = Present::of(&hall, &learnt, TEN_MS, i64::from(OFFSET_S) * 1000);
        let lowest = rules.tiers.len() - 1;
        for (cores, on) in [(1, "one core"), (2, "two cores")] {
            let estimate = timed(&|seed| drop(newcomer(&learnt, &present, lowest, 0, 200, seed, cores)));
            let name = format!("an estimate by {profile}, 200 futures, 100 waiting, {who}, on {on}, p99");
            rows.push(Row::new(name, estimate, "ms").beside(ESTIMATE_MS, "allowed"));
        }
    }
    for waiting in [100, 500] {
        let hall = busy(rules, waiting, Some(lesson(rules, &learnt)), &AWAY)?;
        let present = Present::of(&hall, &learnt, TEN_MS, i64::from(OFFSET_S) * 1000);
        let share = |futures: usize| prospect::in_a_crowd(futures, hall.queue().len());
        let self_service = advice::self_service(rules);
        let look = timed(&|seed| {
            drop(prospect(&learnt, &present, share(prospect::FUTURES), seed));
            drop(advise(&learnt, &present, &self_service, share(advice::FUTURES), seed));
        });
        let name = format!("the next half hour with advice by {profile}, {waiting} waiting, p99");
        rows.push(Row::new(name, look, "ms").beside(LOOK_MS, "allowed"));
    }
    Ok(rows)
}

/// What a fortnight has taught, with lunches, pauses and late tellers.
fn fortnight(rules: &Rules) -> Learnt {
    let floor = Floor::of(rules);
    let kind = Kind { staffing: true, ..Kind::recorded(LOAD) };
    let days = (0..14).map(|seed| {
        let mut day = generate::day(&floor, &kind, seed);
        // Generated customers come for a hall's first services only; those who wait here came for all of them.
        for (n, one) in day.customers.iter_mut().enumerate() {
            one.service = n % floor.services;
        }
        day
    });
    taught_by(rules, days, OPENED_S)
}

/// What routing is told of it on this day.
fn lesson(rules: &Rules, learnt: &Learnt) -> Lesson {
    let begins_s = u32::from(rules.cut_over_minute) * 60;
    let begins_ms = TEN_MS - (i64::from(TEN_S) - i64::from(begins_s)) * 1000;
    learnt.lesson(rules, begins_ms, begins_s)
}

fn choices(rules: &Rules) -> anyhow::Result<Row> {
    let profile = rules.routing.profile;
    let hall = busy(rules, 500, None, &[])?;
    let mut took: Vec<Duration> = (0..CHOICES)
        .map(|n| {
            let start = Instant::now();
            let (post, now_ms) = (n % hall.floor().posts.len(), TEN_MS + n as i64 * 1000);
            // Diverting too, which `foresight` takes longest for, though dedicated desks have customers of their own here.
            std::hint::black_box((pick(hall.floor(), &hall, post, now_ms), divert(hall.floor(), &hall, post, now_ms)));
            start.elapsed()
        })
        .collect();
    let p99_us = quantile_ms(&mut took, 0.99) * 1000.0;
    Ok(Row::new(format!("a choice by {profile}, 500 waiting, p99"), p99_us, "µs").beside(CHOICE_US, "allowed"))
}

/// A hall that has learnt this, with every counter staffed and busy but those that are away, and so many who wait.
fn busy(
    rules: &Rules,
    waiting: usize,
    lesson: Option<Lesson>,
    away: &[(CounterNumber, Staffed)],
) -> anyhow::Result<Hall> {
    let staffed = |number: CounterNumber| {
        let found = away.iter().find(|(other, _)| *other == number);
        found.map_or(Staffed::Open, |(_, staffed)| *staffed)
    };
    let mut hall = Hall::new(Arc::new(rules.clone()));
    let mut act = |at_ms: i64, command: Command| -> anyhow::Result<()> {
        let at = At { utc_ms: at_ms, offset_s: OFFSET_S };
        let events = hall.decide(at, &command).map_err(|refusal| anyhow!("{command:?}: {refusal:?}"))?;
        events.iter().for_each(|event| hall.apply(at_ms, event));
        Ok(())
    };
    let opened_ms = TEN_MS - 3_600_000;
    let at = At { utc_ms: opened_ms, offset_s: OFFSET_S };
    act(opened_ms, Command::OpenDay { date: at.business_date(rules.cut_over_minute) })?;
    if let Some(lesson) = lesson {
        act(opened_ms, Command::Learn(lesson))?;
    }
    let mut calling = Vec::new();
    for (counter, teller) in rules.counters.iter().map(|counter| counter.number).zip(&rules.tellers) {
        let sign_in = Command::SignIn { counter, teller: teller.id.clone() };
        let pause = CounterAct::Pause { reason: "吃饭".to_owned() };
        match staffed(counter) {
            Staffed::Open => {
                act(opened_ms, sign_in)?;
                calling.push(counter);
            }
            Staffed::Paused => {
                act(opened_ms, sign_in)?;
                act(TEN_MS - 300_000, Command::AtCounter { counter, act: pause })?;
            }
            Staffed::Closed => {}
        }
    }
    let mut take = |n: usize| {
        let tier = [2, 2, 1, 2, 2, 2, 1, 0].get(n % 8).copied().unwrap_or(2).min(rules.tiers.len() - 1);
        let wish = TakeTicket {
            service: rules.services[n % rules.services.len()].id.clone(),
            tier: Some(rules.tiers[tier].id.clone()),
            identity: None,
            care: None,
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk: None,
            code: format!("code-{n}").into(),
        };
        // Within the last half hour, evenly.
        let at_ms = TEN_MS - 1_800_000 + (n as i64 * 1_800_000) / (waiting + calling.len()) as i64;
        act(at_ms, Command::TakeTicket(wish))
    };
    (0..waiting + calling.len()).try_for_each(&mut take).context("filling the hall")?;
    for counter in calling {
        let call = Command::AtCounter { counter, act: CounterAct::CallNext };
        // A dedicated desk may have nobody.
        let _ = act(TEN_MS - 60_000, call);
    }
    Ok(hall)
}
