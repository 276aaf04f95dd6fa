//! The published figures of every rule, to the digit: misses on thirty recorded days of each load, altogether and by tier.
//! They were measured by an independent simulator.

mod common;

use common::{benchmark, days};
use forecast::replay::replay;
use hall::routing::{Floor, Profile};

/// Profile, then at 0.95, 1.05 and 1.15: all, VIP, GoTone, ordinary.
const PUBLISHED: [(&str, [[u32; 4]; 3]); 8] = [
    ("fcfs", [[207, 17, 182, 8], [803, 69, 565, 169], [2597, 143, 1421, 1033]]),
    ("strict", [[93, 0, 0, 93], [753, 0, 4, 749], [2371, 0, 2, 2369]]),
    ("ratio", [[82, 0, 7, 75], [745, 0, 10, 735], [2347, 0, 54, 2293]]),
    ("accumulating", [[55, 0, 0, 55], [538, 0, 2, 536], [2005, 2, 9, 1994]]),
    ("edf", [[36, 0, 5, 31], [529, 7, 124, 398], [2433, 23, 657, 1753]]),
    ("guard", [[52, 0, 0, 52], [524, 0, 6, 518], [1817, 3, 12, 1802]]),
    ("guard+rescue", [[23, 1, 0, 22], [292, 1, 2, 289], [1210, 5, 3, 1202]]),
    ("strict+rescue", [[33, 0, 0, 33], [393, 0, 0, 393], [1500, 0, 0, 1500]]),
];

/// Customers who are no no-shows, at each load.
const CUSTOMERS: [usize; 3] = [14_483, 16_158, 17_797];

#[test]
fn every_rule_misses_as_many_limits_as_published() {
    let mut rules = benchmark();
    for (load, which) in ["0.95", "1.05", "1.15"].into_iter().zip(0..) {
        let days = days(load, &rules);
        for (name, published) in &PUBLISHED {
            rules.routing.profile = name.parse::<Profile>().expect("a profile");
            let floor = Floor::of(&rules);
            let mut missed = [0; 4];
            let mut customers = 0;
            for outcome in days.iter().flat_map(|day| replay(&floor, day).outcomes) {
                customers += usize::from(outcome.counts);
                missed[0] += u32::from(outcome.missed);
                missed[outcome.tier + 1] += u32::from(outcome.missed);
            }
            assert_eq!(missed, published[which], "{name} at {load}");
            assert_eq!(customers, CUSTOMERS[which], "customers at {load}");
        }
    }
}
