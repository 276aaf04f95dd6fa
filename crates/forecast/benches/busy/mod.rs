//! The benchmark hall with many who wait.

use std::sync::Arc;

use config::ProfileSource;
use hall::command::{CounterAct, TakeTicket};
use hall::rules::Teller;
use hall::{At, Command, CounterNumber, Hall, Rules};

/// 2026-11-22 10:30 in China, a busy hour.
pub const NOW: i64 = 1_795_314_600_000;

/// The benchmark hall under a profile, with enough tellers.
pub fn rules(profile: &str) -> Rules {
    let text = include_str!("../../../../firmware-config/halls/benchmark.toml");
    let mut rules = config::parse("benchmark.toml", text, &ProfileSource::built_in()).expect("a good hall").rules;
    rules.routing.profile = profile.parse().expect("a profile");
    rules.tellers = (1..=8).map(|n: u16| Teller { id: n.to_string().into(), name: "王芳".into() }).collect();
    rules
}

/// What the `n`-th of those who wait came for: one VIP in twelve, three GoTone, eight ordinary.
pub fn kind(n: usize) -> (usize, usize) {
    let tier = [2, 2, 1, 2, 2, 1, 2, 2, 0, 2, 1, 2][n % 12];
    (tier, [0, 1, 2, 0, 3, 1, 2, 0, 4, 2][n % 10])
}

/// All ordinary, for whom a free desk weighs what a diversion saves.
pub fn ordinary(n: usize) -> (usize, usize) {
    (2, kind(n).1)
}

/// When they came: the last one now, the first nearly forty minutes ago.
pub fn came_ms(n: usize, waiting: usize) -> i64 {
    NOW - (waiting - 1 - n) as i64 * 2_300_000 / waiting as i64
}

/// The live hall at [`NOW`], with these waiting; its general counters have somebody each.
pub fn hall(profile: &str, waiting: usize, kind: fn(usize) -> (usize, usize)) -> Hall {
    let rules = Arc::new(rules(profile));
    let mut hall = Hall::new(Arc::clone(&rules));
    let start_ms = came_ms(0, waiting) - 600_000;
    does(&mut hall, start_ms, &Command::OpenDay { date: at(start_ms).business_date(240) });
    for (counter, teller) in rules.counters.iter().zip(&rules.tellers) {
        does(&mut hall, start_ms, &Command::SignIn { counter: counter.number, teller: teller.id.clone() });
    }
    for counter in 2..=8 {
        take(&mut hall, start_ms, (2, 0));
        call_next(&mut hall, start_ms, counter);
    }
    for n in 0..waiting {
        take(&mut hall, came_ms(n, waiting), kind(n));
    }
    hall
}

/// This moment at the hall.
pub fn at(utc_ms: i64) -> At {
    At { utc_ms, offset_s: 28_800 }
}

/// The next to counter `n`.
pub fn call_command(n: u16) -> Command {
    Command::AtCounter { counter: CounterNumber(n), act: CounterAct::CallNext }
}

fn call_next(hall: &mut Hall, now_ms: i64, counter: u16) {
    does(hall, now_ms, &call_command(counter));
}

fn take(hall: &mut Hall, now_ms: i64, (tier, service): (usize, usize)) {
    let (tier, service) = (hall.rules().tiers[tier].id.clone(), hall.rules().services[service].id.clone());
    let code = format!("code{}", hall.next_ticket()).into();
    let wish = TakeTicket {
        service,
        tier: Some(tier),
        identity: None,
        care: None,
        booked_ms: None,
        language: None,
        kiosk: None,
        code,
    };
    does(hall, now_ms, &Command::TakeTicket(wish));
}

fn does(hall: &mut Hall, now_ms: i64, command: &Command) {
    let events = hall.decide(at(now_ms), command).expect("as the scene is set");
    events.iter().for_each(|event| hall.apply(now_ms, event));
}
