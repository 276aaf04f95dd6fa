//! Whoever could come waits in a look at the whole hall as long as in an estimate of their own.

use forecast::estimate::{self, Waits};
use forecast::forward::Present;
use forecast::prospect::prospect;
use hall::command::CounterAct;
use hall::routing::Profile;

use crate::lived::{Lived, OFFSET_MS, rules, taught};

const FUTURES: usize = 300;

#[test]
fn a_ghost_waits_as_long_as_a_newcomer() {
    for profile in Profile::names() {
        for waiting in [0, 4, 25] {
            let lived = busy(&profile, waiting);
            let learnt = taught(lived.hall.rules());
            let present = Present::of(&lived.hall, &learnt, lived.now_ms, OFFSET_MS);
            let ghosts = prospect(&learnt, &present, FUTURES, 7).newcomers;
            for (tier, ghosts) in ghosts.iter().enumerate() {
                let newcomer = mean_s(&estimate::newcomer(&learnt, &present, tier, 0, FUTURES, 11, 1));
                let ghost = mean_s(&ghosts[0]);
                // Means of long waits scatter by a twentieth; a ghost takes no counter's time.
                let apart = (ghost - newcomer).abs();
                assert!(
                    apart <= 20.0 + newcomer * 0.15,
                    "{profile}, tier {tier}, {waiting} waiting: ghost {ghost:.0} s, newcomer {newcomer:.0} s"
                );
            }
        }
    }
}

#[test]
fn an_estimate_is_the_same_on_any_number_of_cores() {
    let lived = busy("guard+rescue", 25);
    let learnt = taught(lived.hall.rules());
    let present = Present::of(&lived.hall, &learnt, lived.now_ms, OFFSET_MS);
    let estimate = |futures, cores| estimate::newcomer(&learnt, &present, 2, 0, futures, 5, cores);
    for futures in [0, 1, 7, 30] {
        let alone = estimate(futures, 1);
        assert_eq!(alone.len(), futures);
        for cores in [0, 2, 3, 7, 64] {
            assert_eq!(estimate(futures, cores), alone, "{futures} futures on {cores} cores");
        }
    }
}

/// Everybody at the counters of all began a minute ago; the dedicated desks are free.
fn busy(profile: &str, waiting: usize) -> Lived {
    let mut rules = rules(profile);
    rules.hours = None;
    let mut lived = Lived::new(&rules);
    lived.passes(3600);
    (1..=8).for_each(|counter| lived.opens(counter));
    for counter in 2..=8 {
        lived.takes("ordinary", "s1", None);
        lived.at(counter, CounterAct::CallNext);
    }
    lived.passes(60);
    for n in 0..waiting {
        let tier = if n % 4 == 3 { "gotone" } else { "ordinary" };
        lived.takes(tier, ["s1", "s2", "s3"][n % 3], None);
        lived.passes(10);
    }
    lived
}

fn mean_s(waits: &Waits) -> f64 {
    (0..100).map(|n| waits.quantile((f64::from(n) + 0.5) / 100.0)).sum::<f64>() / 100.0
}
