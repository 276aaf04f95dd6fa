//! The wait of somebody who comes now, of 200 futures.

mod busy;
mod taught;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use forecast::estimate;
use hall::routing::Floor;

const FUTURES: usize = 200;

fn newcomers(criterion: &mut Criterion) {
    for waiting in [100, 500] {
        let mut group = criterion.benchmark_group(format!("newcomer, {waiting} waiting"));
        for profile in ["strict", "ratio", "guard", "guard+rescue", "foresight"] {
            let rules = busy::rules(profile);
            let floor = Floor::of(&rules);
            let learnt = taught::fortnight(&rules, &floor);
            let present = taught::present(&rules, &floor, &learnt, waiting);
            for tier in [0, 2] {
                for cores in [1, 2] {
                    let name = format!("{profile}, {}, {cores} cores", rules.tiers[tier].id);
                    group.bench_function(BenchmarkId::from_parameter(name), |bench| {
                        bench.iter(|| estimate::newcomer(&learnt, black_box(&present), tier, 1, FUTURES, 7, cores));
                    });
                }
            }
        }
    }
}

criterion_group! {
    name = benches;
    config = taught::briefly();
    targets = newcomers
}
criterion_main!(benches);
