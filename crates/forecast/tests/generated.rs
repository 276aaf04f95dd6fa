//! Generated days: what they owe to their seed and their kind, and their files.

mod common;

use common::{benchmark, days};
use forecast::day::{Day, Staffed};
use forecast::generate::{Kind, day};
use hall::routing::Floor;

fn staffed(load: f64) -> Kind {
    Kind { staffing: true, ..Kind::recorded(load) }
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_another() {
    let floor = Floor::of(&benchmark());
    assert_eq!(day(&floor, &staffed(1.0), 7), day(&floor, &staffed(1.0), 7));
    assert_ne!(day(&floor, &staffed(1.0), 7), day(&floor, &staffed(1.0), 8));
}

#[test]
fn customers_are_as_many_as_the_load_and_as_the_recorded_days_have() {
    let floor = Floor::of(&benchmark());
    let came = |load| (0..40).map(|seed| day(&floor, &Kind::recorded(load), seed).customers.len()).sum::<usize>() / 40;
    // Thirty recorded days at 1.05 have 16,158 customers and one no-show in sixteen.
    assert!((540..=610).contains(&came(1.05)), "{}", came(1.05));
    let ratio = came(2.0) as f64 / came(1.0) as f64;
    assert!((1.95..2.05).contains(&ratio), "{ratio}");
}

#[test]
fn who_does_not_come_and_who_leaves_is_as_in_the_recorded_days() {
    let rules = benchmark();
    let floor = Floor::of(&rules);
    let recorded: Vec<Day> = ["0.95", "1.05", "1.15"].iter().flat_map(|load| days(load, &rules)).collect();
    let made: Vec<Day> = (0..90).map(|seed| day(&floor, &Kind::recorded(1.05), seed)).collect();
    let of = |days: &[Day], tier: usize| {
        let customers = days.iter().flat_map(|day| &day.customers).filter(|one| one.tier == tier);
        let (mut patience, mut no_shows) = (vec![], 0);
        for one in customers {
            patience.push(f64::from(one.patience_s));
            no_shows += u32::from(one.no_show);
        }
        patience.sort_by(f64::total_cmp);
        let at = |share: f64| patience[(patience.len() as f64 * share) as usize];
        (f64::from(no_shows) / patience.len() as f64, at(0.1), at(0.5), at(0.9))
    };
    for tier in 0..floor.tiers() {
        let ((no_shows, few, half, most), made) = (of(&recorded, tier), of(&made, tier));
        assert!((made.0 - no_shows).abs() < 0.01, "tier {tier}: {} of {no_shows} do not come", made.0);
        for (made, recorded) in [(made.1, few), (made.2, half), (made.3, most)] {
            assert!((made / recorded - 1.0).abs() < 0.06, "tier {tier}: {made} s for {recorded} s");
        }
    }
}

#[test]
fn fewer_general_counters_have_fewer_customers() {
    let mut rules = benchmark();
    let many = day(&Floor::of(&rules), &Kind::recorded(1.0), 1).customers.len() as f64;
    rules.counters.truncate(4);
    let few = day(&Floor::of(&rules), &Kind::recorded(1.0), 1).customers.len() as f64;
    assert!((few / many - 3.0 / 7.0).abs() < 0.05, "{few} of {many}");
}

#[test]
fn tiers_come_in_their_shares_and_services_at_their_pace() {
    let floor = Floor::of(&benchmark());
    let kind = Kind { tiers: vec![0.5, 0.5, 0.0], pace: 2.0, ..Kind::recorded(1.0) };
    let slow = day(&floor, &kind, 3);
    let usual = day(&floor, &Kind { pace: 1.0, ..kind }, 3);
    assert!(slow.customers.iter().all(|one| one.tier < 2));
    let mean =
        |day: &Day| day.customers.iter().map(|one| f64::from(one.service_s)).sum::<f64>() / day.customers.len() as f64;
    assert!((mean(&slow) / mean(&usual) - 2.0).abs() < 0.05);
}

#[test]
fn everybody_comes_within_the_day_in_order_and_for_what_the_hall_has() {
    let mut rules = benchmark();
    rules.services.truncate(2);
    rules.tiers.truncate(1);
    let day = day(&Floor::of(&rules), &Kind::recorded(1.0), 5);
    assert!(day.customers.is_sorted_by_key(|one| one.arrival_s));
    assert!(day.customers.iter().all(|one| one.tier == 0 && one.service < 2 && one.arrival_s <= 32_400));
}

#[test]
fn one_general_counter_is_always_there_but_for_pauses() {
    let floor = Floor::of(&benchmark());
    for seed in 0..50 {
        let day = day(&floor, &staffed(1.0), seed);
        let stays = day.staffing.iter().filter(|shift| shift.post == 1);
        assert!(stays.clone().all(|shift| shift.state != Staffed::Closed), "seed {seed}");
        assert!(day.opens_at_once(1), "seed {seed}");
        assert!(stays.filter(|shift| shift.state == Staffed::Paused).count() >= 1, "a lunch at least");
    }
}

#[test]
fn a_generated_day_reads_back_from_its_files() {
    let rules = benchmark();
    for seed in 0..10 {
        let written = day(&Floor::of(&rules), &staffed(1.1), seed);
        let mut read = Day::parse("day.csv", &written.to_csv(&rules), &rules).expect("what was written is good");
        read.staff("staffing.csv", &written.staffing_csv(&rules), &rules).expect("what was written is good");
        assert_eq!(read, written);
    }
}
