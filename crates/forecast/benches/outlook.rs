//! The next half hour and what helps, as the live hall looks at them: two counters closed and one paused, so that there is much
//! to try.

mod busy;
mod taught;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use forecast::advice::{self, advise};
use forecast::day::Staffed;
use forecast::prospect::{self, prospect};
use forecast::sim::Desk;
use hall::routing::Floor;

/// Counters (indices) that nobody has opened: one for everything, one for quick services.
const CLOSED: [usize; 2] = [3, 7];
/// A counter (index) whose teller is away for five minutes already.
const PAUSED: usize = 5;
/// Bills (index) can be paid at a machine.
const SELF_SERVICE: [usize; 1] = [0];

fn outlooks(criterion: &mut Criterion) {
    for waiting in [100, 500] {
        let mut group = criterion.benchmark_group(format!("outlook, {waiting} waiting"));
        let share = |futures: usize| prospect::in_a_crowd(futures, waiting);
        for profile in ["guard+rescue", "foresight"] {
            let rules = busy::rules(profile);
            let floor = Floor::of(&rules);
            let learnt = taught::fortnight(&rules, &floor);
            let mut present = taught::present(&rules, &floor, &learnt, waiting);
            for post in CLOSED {
                present.room.desks[post] = Desk::new(Staffed::Closed, busy::NOW - 7_200_000);
            }
            present.room.desks[PAUSED] = Desk::new(Staffed::Paused, busy::NOW - 300_000);
            let look = || prospect(&learnt, black_box(&present), share(prospect::FUTURES), 7);
            let help = || advise(&learnt, black_box(&present), &SELF_SERVICE, share(advice::FUTURES), 7);
            group.bench_function(BenchmarkId::new("look", profile), |bench| bench.iter(look));
            group.bench_function(BenchmarkId::new("look with advice", profile), |bench| {
                bench.iter(|| (look(), help()));
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = taught::briefly();
    targets = outlooks
}
criterion_main!(benches);
