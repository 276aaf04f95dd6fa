//! One decision of each profile in the live hall: at a general counter with all tiers waiting, and at the VIP desk with only
//! ordinary customers waiting, where it may divert.

mod busy;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Profile, pick};
use hall::{At, Command, CounterNumber, Hall};

fn decisions(criterion: &mut Criterion) {
    for waiting in [50, 500] {
        for (counter, place) in [(2, "general"), (1, "desk")] {
            let mut group = criterion.benchmark_group(format!("{waiting} waiting, {place}"));
            for name in Profile::names() {
                if counter == 1 && !name.parse::<Profile>().expect("a profile").diverts() {
                    continue;
                }
                let hall = hall(&name, waiting, if counter == 2 { busy::kind } else { ordinary });
                let command = call_command(counter);
                group.bench_function(BenchmarkId::new("decide", &name), |bench| {
                    bench.iter(|| black_box(&hall).decide(at(busy::NOW), black_box(&command)));
                });
                let post = usize::from(counter - 1);
                group.bench_function(BenchmarkId::new("pick", &name), |bench| {
                    bench.iter(|| pick(hall.floor(), black_box(&hall), black_box(post), busy::NOW));
                });
            }
        }
    }
}

/// All ordinary, for whom a free desk weighs what a diversion saves.
fn ordinary(n: usize) -> (usize, usize) {
    (2, busy::kind(n).1)
}

/// The live hall at [`busy::NOW`], with these waiting; its general counters have somebody each.
fn hall(profile: &str, waiting: usize, kind: fn(usize) -> (usize, usize)) -> Hall {
    let rules = Arc::new(busy::rules(profile));
    let mut hall = Hall::new(Arc::clone(&rules));
    let start_ms = busy::came_ms(0, waiting) - 600_000;
    does(&mut hall, start_ms, &Command::OpenDay { date: at(start_ms).business_date(240) });
    for (counter, teller) in rules.counters.iter().zip(&rules.tellers) {
        does(&mut hall, start_ms, &Command::SignIn { counter: counter.number, teller: teller.id.clone() });
    }
    for counter in 2..=8 {
        take(&mut hall, start_ms, (2, 0));
        call_next(&mut hall, start_ms, counter);
    }
    for n in 0..waiting {
        take(&mut hall, busy::came_ms(n, waiting), kind(n));
    }
    hall
}

/// This moment at the hall.
fn at(utc_ms: i64) -> At {
    At { utc_ms, offset_s: 28_800 }
}

/// The next to counter `n`.
fn call_command(n: u16) -> Command {
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
        appointment: None,
        paperless: false,
        language: None,
        customer: None,
        kiosk: None,
        code,
    };
    does(hall, now_ms, &Command::TakeTicket(wish));
}

fn does(hall: &mut Hall, now_ms: i64, command: &Command) {
    let events = hall.decide(at(now_ms), command).expect("as the scene is set");
    events.iter().for_each(|event| hall.apply(now_ms, event));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    targets = decisions
}
criterion_main!(benches);
