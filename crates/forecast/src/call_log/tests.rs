//! A made-up call centre, simulated second by second, and how it is judged.

use std::fmt::Write as _;

use fastrand::Rng;

use super::hazard::exponential;
use super::scene::head_start_s;
use super::*;

const OPENS_S: u32 = 8 * 3600;
const CLOSES_S: u32 = OPENS_S + 5400;
const HEADING: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\t\
                       q_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";
/// Who works when, in seconds from opening.
const AGENTS: [(&str, u32, u32); 4] =
    [("AVI", 0, 5400), ("BASCH", 0, 2600), ("DORIT", 1500, 5400), ("MICHAL", 3000, 4500)];

/// Somebody in the made-up queue.
struct Waiting {
    joined_s: u32,
    priority: u8,
    leaves_s: u32,
}

/// A month's log: every half minute a caller, a third of priority 2, a service of a minute and a half.
fn month(first: u32, days: u32) -> String {
    let mut text = HEADING.to_owned();
    (first..first + days).for_each(|date| work_a_day(&mut text, date));
    text
}

fn work_a_day(text: &mut String, date: u32) {
    let mut rng = Rng::with_seed(u64::from(date));
    let mut draw = |mean_s: f64| (exponential(&mut rng) * mean_s) as u32 + 1;
    let mut queue: Vec<Waiting> = Vec::new();
    let mut free_s = [0; AGENTS.len()];
    let mut next_s = OPENS_S;
    for now_s in OPENS_S..CLOSES_S {
        if now_s == next_s {
            let priority = if draw(1.0) > 1 { 2 } else { 1 };
            queue.push(Waiting { joined_s: now_s, priority, leaves_s: now_s + draw(400.0) });
            next_s += draw(30.0);
        }
        for ((name, from_s, to_s), free_s) in AGENTS.iter().zip(&mut free_s) {
            if (OPENS_S + from_s..OPENS_S + to_s).contains(&now_s) && *free_s <= now_s {
                let key = |one: &Waiting| f64::from(one.joined_s) - head_start_s(one.priority);
                let first = (0..queue.len()).min_by(|a, b| key(&queue[*a]).total_cmp(&key(&queue[*b])));
                let Some(caller) = first.map(|index| queue.remove(index)) else { continue };
                let end_s = now_s + draw(90.0);
                *free_s = end_s + draw(10.0);
                write_line(text, date, &caller, now_s, Some((name, end_s)));
            }
        }
        for gone in queue.extract_if(.., |one| one.leaves_s <= now_s) {
            write_line(text, date, &gone, now_s, None);
        }
    }
    queue.iter().for_each(|left| write_line(text, date, left, CLOSES_S, None));
}

fn write_line(text: &mut String, date: u32, caller: &Waiting, now_s: u32, service: Option<(&str, u32)>) {
    let Waiting { joined_s, priority, .. } = *caller;
    let clock = |time_s: u32| format!("{}:{:02}:{:02}", time_s / 3600, time_s / 60 % 60, time_s % 60);
    let wait_s = now_s - joined_s;
    let queued = if wait_s > 0 { (joined_s, now_s) } else { (0, 0) };
    let (outcome, served, server) = match service {
        Some((name, end_s)) => ("AGENT", (now_s, end_s), name),
        None => ("HANG", (0, 0), "NO_SERVER"),
    };
    let (entry, exit, start, end) = (clock(queued.0), clock(queued.1), clock(served.0), clock(served.1));
    let menu = clock(joined_s);
    writeln!(
        text,
        "AA0101\t1\t0\t{priority}\tPS\t{date}\t{menu}\t{menu}\t0\t{entry}\t{exit}\t{wait_s}\t{outcome}\t{start}\t{end}\t{}\t{server}",
        served.1 - served.0
    )
    .unwrap();
}

fn log() -> Vec<Vec<Caller>> {
    vec![parse("may", &month(990_501, 5)).unwrap(), parse("june", &month(990_601, 2)).unwrap()]
}

fn settings() -> Settings {
    Settings { warm_up_days: 2, replications: 30, neighbours: 40, ..Settings::default() }
}

/// The likely waits' mean error, by estimator.
fn error_s(month: &Month, estimator: Estimator, calibrated: bool) -> f64 {
    let row = month.rows.iter().find(|row| row.estimator == estimator && row.calibrated == calibrated).unwrap();
    row.mae_s
}

#[test]
fn the_made_up_log_is_a_busy_one() {
    let callers = log().concat();
    assert!(callers.len() > 1000, "{}", callers.len());
    let share = |count: usize| count as f64 / callers.len() as f64;
    let queued = share(callers.iter().filter(|caller| caller.queued()).count());
    let served = share(callers.iter().filter(|caller| caller.service.is_some()).count());
    assert!((0.5..0.99).contains(&queued) && (0.5..0.95).contains(&served), "{queued} {served}");
}

#[test]
fn the_report_of_a_log_is_the_same_every_time() {
    let log = log();
    let mut heard = Vec::new();
    let report = judge(&log, &settings(), |done, of| heard.push((done, of)));
    assert_eq!(heard, (1..=7).map(|done| (done, 7)).collect::<Vec<_>>());
    assert_eq!(judge(&log, &settings(), |_, _| {}), report);
    assert_ne!(judge(&log, &Settings { seed: 2, ..settings() }, |_, _| {}), report);
}

#[test]
fn every_caller_who_waited_and_was_served_after_the_warm_up_is_judged_by_all() {
    let log = log();
    let report = judge(&log, &settings(), |_, _| {});
    let judged = |month: &[Caller], from: u32| {
        month.iter().filter(|caller| caller.date >= from && caller.queued() && caller.service.is_some()).count()
    };
    assert_eq!(report.months.iter().map(|month| month.first).collect::<Vec<_>>(), [Some(990_501), Some(990_601)]);
    for (month, n) in report.months.iter().zip([judged(&log[0], 990_503), judged(&log[1], 0)]) {
        assert_eq!(month.rows.len(), 10);
        assert!(month.rows.iter().all(|row| row.n as usize == n), "{n} {:?}", month.rows);
    }
}

#[test]
fn the_forward_run_knows_the_made_up_centre_better_than_its_last_wait_does() {
    let report = judge(&log(), &settings(), |_, _| {});
    for month in &report.months {
        let forward_s = error_s(month, Estimator::ForwardRun, true);
        assert!(forward_s < error_s(month, Estimator::LastToEnterService, true), "{:?}", month.rows);
        let range = month.rows.last().and_then(|row| row.range).unwrap();
        assert!((65.0..92.0).contains(&range.covers_80_pct), "{range:?}");
    }
}

#[test]
fn without_a_day_after_the_warm_up_nobody_is_judged() {
    let log = [vec![], parse("may", &month(990_501, 2)).unwrap()];
    let report = judge(&log, &settings(), |_, _| {});
    let month = |first| Month { first, rows: vec![] };
    assert_eq!(report.months, [month(None), month(Some(990_501))]);
}

#[test]
fn settings_at_their_limits_still_give_a_report() {
    let limits = Settings { warm_up_days: 0, replications: 0, neighbours: 0, memory: 60, keep: 0.0, seed: 0 };
    let report = judge(&log(), &limits, |_, _| {});
    assert!(report.months.iter().flat_map(|month| &month.rows).all(|row| row.n > 0 && row.mae_s.is_finite()));
}

#[test]
fn no_estimate_looks_ahead() {
    let log = log();
    let (days, settings) = (days(&log[0]), settings());
    let mut bench = Bench::new(&settings);
    for day in &days[..3] {
        let estimates = bench.estimates(day);
        bench.learn(day, &estimates);
    }
    let seen = bench.estimates(&days[3]);
    assert!(seen.iter().all(|estimate| estimate.calibrated.is_some()));
    for seen in seen.iter().step_by(seen.len() / 8) {
        let blotted = blotted(&days[3], seen.caller);
        let blind = Day { date: days[3].date, callers: blotted.iter().collect() };
        let guessed = bench.estimates(&blind);
        let guessed = guessed.iter().find(|estimate| estimate.caller == seen.caller).unwrap();
        assert_ne!(guessed.truth_s, seen.truth_s);
        assert_eq!(Estimate { truth_s: seen.truth_s, ..guessed.clone() }, *seen);
    }
}

/// The day with everything taken out that came after this caller's entry.
fn blotted(day: &Day, caller: usize) -> Vec<Caller> {
    const LATER_S: u32 = 86_000;
    let now_s = day.callers[caller].entry_s;
    let mut callers: Vec<Caller> = day.callers.iter().map(|caller| (*caller).clone()).collect();
    for (index, one) in callers.iter_mut().enumerate() {
        if one.entry_s > now_s {
            // Nobody knows them yet.
            (one.wait_s, one.service) = (0, None);
        } else if one.leaves_queue_s() > now_s {
            one.wait_s = LATER_S - one.entry_s;
            // That this caller is one of those who are judged is told; who serves is not.
            one.service = (index == caller).then_some(Service { agent: None, end_s: LATER_S });
        } else if let Some(service) = one.service.as_mut().filter(|service| service.end_s > now_s) {
            service.end_s = LATER_S;
        }
    }
    callers
}
