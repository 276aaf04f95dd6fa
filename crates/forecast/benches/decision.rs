//! One decision of each profile in the live hall: at a general counter with all tiers waiting, and at the VIP desk with only
//! ordinary customers waiting, where it may divert.

mod busy;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hall::routing::{Profile, pick};

fn decisions(criterion: &mut Criterion) {
    for waiting in [50, 500] {
        for (counter, place) in [(2, "general"), (1, "desk")] {
            let mut group = criterion.benchmark_group(format!("{waiting} waiting, {place}"));
            for name in Profile::names() {
                if counter == 1 && !name.parse::<Profile>().expect("a profile").diverts() {
                    continue;
                }
                let hall = busy::hall(&name, waiting, if counter == 2 { busy::kind } else { busy::ordinary });
                let command = busy::call_command(counter);
                group.bench_function(BenchmarkId::new("decide", &name), |bench| {
                    bench.iter(|| black_box(&hall).decide(busy::at(busy::NOW), black_box(&command)));
                });
                let post = usize::from(counter - 1);
                group.bench_function(BenchmarkId::new("pick", &name), |bench| {
                    bench.iter(|| pick(hall.floor(), black_box(&hall), black_box(post), busy::NOW));
                });
            }
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    targets = decisions
}
criterion_main!(benches);
