//! How long a choice takes, and how long it takes to look ahead: on a hall in memory, without a disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use config::ProfileSource;
use forecast::advice::advise;
use forecast::estimate::newcomer;
use forecast::forward::Present;
use forecast::learn::Learnt;
use forecast::prospect::prospect;
use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Profile, divert, pick};
use hall::{At, Command, Hall, Rules};

use super::Row;
use super::stats::quantile_ms;

/// 2026-11-23, a Monday, 10:00 in Shanghai.
const TEN_MS: i64 = 1_795_399_200_000;
const OFFSET_S: i32 = 28_800;
/// So many choices, estimates and looks are timed.
const CHOICES: usize = 2000;
const LOOKS: usize = 30;
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
        rows.push(choices(&rules, profile)?);
    }
    let hall = busy(&rules, 100)?;
    let mut learnt = Learnt::nothing_yet(&rules);
    learnt.settle();
    let present = Present::of(&hall, &learnt, TEN_MS, i64::from(OFFSET_S) * 1000);
    let lowest = rules.tiers.len() - 1;
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
    let estimate = timed(&|seed| drop(newcomer(&learnt, &present, lowest, 0, 200, seed)));
    rows.push(Row::new("an estimate, 200 futures, 100 waiting, p99", estimate, "ms").beside(ESTIMATE_MS, "allowed"));
    let look = timed(&|seed| {
        drop(prospect(&learnt, &present, 100, seed));
        drop(advise(&learnt, &present, &[1], 60, seed));
    });
    rows.push(Row::new("the next half hour with advice, 100 waiting, p99", look, "ms").beside(LOOK_MS, "allowed"));
    Ok(rows)
}

fn choices(rules: &Rules, profile: &str) -> anyhow::Result<Row> {
    let mut rules = rules.clone();
    rules.routing.profile = profile.parse::<Profile>().map_err(|error| anyhow!(error))?;
    let hall = busy(&rules, 500)?;
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

/// A hall with every counter staffed and busy, and so many who wait.
fn busy(rules: &Rules, waiting: usize) -> anyhow::Result<Hall> {
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
    let counters: Vec<_> = rules.counters.iter().map(|counter| counter.number).collect();
    for (counter, teller) in counters.iter().zip(&rules.tellers) {
        act(opened_ms, Command::SignIn { counter: *counter, teller: teller.id.clone() })?;
    }
    let mut take = |n: usize| {
        let tier = [2, 2, 1, 2, 2, 2, 1, 0].get(n % 8).copied().unwrap_or(2).min(rules.tiers.len() - 1);
        let wish = TakeTicket {
            service: rules.services[n % rules.services.len()].id.clone(),
            tier: Some(rules.tiers[tier].id.clone()),
            identity: None,
            care: None,
            booked_ms: None,
            language: None,
            kiosk: None,
            code: format!("code-{n}").into(),
        };
        // Within the last half hour, evenly.
        let at_ms = TEN_MS - 1_800_000 + (n as i64 * 1_800_000) / (waiting + counters.len()) as i64;
        act(at_ms, Command::TakeTicket(wish))
    };
    (0..waiting + counters.len()).try_for_each(&mut take).context("filling the hall")?;
    for counter in counters {
        let call = Command::AtCounter { counter, act: CounterAct::CallNext };
        // A dedicated desk may have nobody.
        let _ = act(TEN_MS - 60_000, call);
    }
    Ok(hall)
}
