//! A hall's journal as a day: replayed under the rules it lived by, it happens again; and what came between arrival and service
//! is counted once.

use forecast::day::Staffed;
use forecast::recorded::Recorded;
use forecast::replay::{Replay, replay, replay_seen};
use forecast::sim::by_the_rules;
use hall::command::CounterAct;
use hall::routing::{Floor, Lesson, Outlook};
use hall::{Actor, Care, Command, Destination, HoldKind};

use crate::common::days;
use crate::lived::{Lived, NINE, rules};

#[test]
fn a_day_lived_by_the_rules_happens_again_to_the_second() {
    for profile in ["strict", "guard+rescue", "ratio+rescue", "foresight", "foresight+rescue"] {
        let rules = rules(profile);
        let floor = Floor::of(&rules);
        let mut day = days("1.05", &rules).swap_remove(3);
        // A journal has them in the order in which they took their numbers.
        day.customers.sort_by_key(|one| (one.arrival_s, one.tier, one.service));
        day.staff("staffing.csv", "at_s,counter,state\n0,8,closed\n3600,7,paused\n5400,7,open\n", &rules)
            .expect("as the scene is set");
        let meant = replay(&floor, &day);

        let recorded = Lived::through(&rules, &day, &meant, None).recorded();
        assert!(calls(&recorded.happened) == calls(&meant), "{profile}: other calls happened");
        assert_eq!(figures(&recorded.happened), figures(&meant), "{profile}: the figures of what happened");

        let again = recorded.counted(&floor, replay(&floor, &recorded.day));
        assert!(calls(&again) == calls(&recorded.happened), "{profile}: the replay calls otherwise");
        assert_eq!(figures(&again), figures(&recorded.happened), "{profile}: the figures of the replay");
    }
}

#[test]
fn a_replay_knows_what_the_hall_knew_that_day() {
    let rules = rules("foresight");
    let floor = Floor::of(&rules);
    let mut day = days("1.05", &rules).swap_remove(3);
    day.customers.sort_by_key(|one| (one.arrival_s, one.tier, one.service));
    // The business day began five hours before the hall opened; half hours far busier than this day's.
    let lesson = Lesson {
        takes_ms: rules.services.iter().map(|service| (service.id.clone(), 200_000)).collect(),
        mix_ms: 200_000,
        begins_ms: NINE - 5 * 3_600_000,
        arrivals_milli: (0..48).map(|bin| if bin < 10 { 0 } else { 60_000 }).collect(),
        lowest_milli: (0..48).map(|bin| if bin < 10 { 0 } else { 40_000 }).collect(),
    };
    let mut knows = Outlook::presumed(&floor);
    knows.learn(&rules, &Lesson { begins_ms: -5 * 3_600_000, ..lesson.clone() });
    let meant = replay_seen(&floor, knows, &day, by_the_rules, &mut ());
    assert!(calls(&meant) != calls(&replay(&floor, &day)), "the lesson changes nothing");

    let recorded = Lived::through(&rules, &day, &meant, Some(&lesson)).recorded();
    let again = replay_seen(&floor, recorded.outlook(&rules, &floor), &recorded.day, by_the_rules, &mut ());
    assert!(calls(&again) == calls(&recorded.happened), "the replay calls otherwise");
}

#[test]
fn a_counter_nobody_opened_is_closed_and_the_others_as_they_were() {
    let rules = rules("strict");
    let mut lived = Lived::new(&rules);
    lived.passes(90);
    lived.opens(2);
    lived.passes(600);
    lived.at(2, CounterAct::Pause { reason: "吃饭".into() });
    let recorded = lived.recorded();
    let shifts: Vec<(u32, usize, Staffed)> =
        recorded.day.staffing.iter().map(|shift| (shift.at_s, shift.post, shift.state)).collect();
    let closed = [0, 2, 3, 4, 5, 6, 7].map(|post| (0, post, Staffed::Closed));
    assert_eq!(shifts[..7], closed);
    assert_eq!(shifts[7..], [(90, 1, Staffed::Open), (690, 1, Staffed::Paused)]);
    assert_eq!(recorded.opening_ms, NINE);
}

#[test]
fn somebody_held_and_back_is_one_customer_with_two_visits() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    let ticket = lived.takes("ordinary", "s1", None);
    lived.passes(60);
    lived.at(2, CounterAct::CallNext);
    lived.passes(120);
    lived.at(2, CounterAct::Hold { reason: "证件".into(), kind: HoldKind::Customer });
    lived.passes(300);
    lived.does(Command::Rejoin { ticket, same_counter: false });
    lived.passes(30);
    lived.at(2, CounterAct::CallNext);
    lived.passes(200);
    lived.at(2, CounterAct::Complete { outcome: None });

    let recorded = lived.recorded();
    let rows: Vec<(u32, u32, u32)> =
        recorded.day.customers.iter().map(|one| (one.arrival_s, one.service_s, one.head_start_s)).collect();
    assert_eq!(rows, [(0, 120, 0), (480, 200, 480)], "the second visit has the place of the first arrival");
    let outcomes: Vec<_> = recorded.happened.outcomes.iter().map(|one| (one.wait_s, one.counts)).collect();
    assert_eq!(outcomes, [(Some(60), true), (Some(30), false)]);
}

#[test]
fn a_transfer_queues_for_the_new_service() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    lived.at(2, CounterAct::CallNext);
    lived.passes(100);
    let to = Destination::Service("s3".into());
    lived.at(2, CounterAct::Transfer { to, keep_place: true, note: None });
    let recorded = lived.recorded();
    let services: Vec<usize> = recorded.day.customers.iter().map(|one| one.service).collect();
    assert_eq!(services, [0, 2]);
    assert_eq!(recorded.day.customers[1].service_s, 396, "never served: what the hall expects of s3");
}

#[test]
fn a_call_that_was_undone_is_no_call() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    lived.passes(60);
    lived.at(2, CounterAct::CallNext);
    lived.passes(10);
    lived.at(2, CounterAct::Return);
    lived.passes(50);
    lived.at(2, CounterAct::CallNext);
    lived.passes(60);
    lived.at(2, CounterAct::Complete { outcome: None });
    let recorded = lived.recorded();
    assert_eq!(calls(&recorded.happened), [(0, 120, 1)]);
    assert_eq!(recorded.day.customers.len(), 1);
}

#[test]
fn no_shows_do_not_count_unless_they_came_after_all() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    let late = lived.takes("ordinary", "s1", None);
    for _ in 0..2 {
        lived.at(2, CounterAct::CallNext);
        lived.passes(60);
        lived.at(2, CounterAct::NoShow);
    }
    lived.at(2, CounterAct::Call { ticket: late });
    lived.passes(60);
    lived.at(2, CounterAct::Complete { outcome: None });
    let recorded = lived.recorded();
    let rows: Vec<(bool, bool)> = recorded
        .day
        .customers
        .iter()
        .zip(&recorded.happened.outcomes)
        .map(|(one, of)| (one.no_show, of.counts))
        .collect();
    assert_eq!(rows, [(true, false), (true, true), (false, false)]);
}

#[test]
fn care_moves_the_place_and_who_gives_up_has_lost_patience() {
    let mut lived = Lived::new(&rules("strict"));
    let gone = lived.takes("ordinary", "s1", None);
    lived.takes("ordinary", "s2", Some(Care::Elderly));
    lived.passes(1801);
    lived.does(Command::Cancel { ticket: gone, by: Actor::Customer });
    let recorded = lived.recorded();
    let rows: Vec<(u32, u32)> = recorded.day.customers.iter().map(|one| (one.head_start_s, one.patience_s)).collect();
    assert_eq!(rows, [(0, 1801), (600, 172_800)]);
    let missed: Vec<bool> = recorded.happened.outcomes.iter().map(|one| one.missed).collect();
    assert_eq!(missed, [true, true], "both waited beyond the half hour, called or not");
}

#[test]
fn a_service_that_the_rules_lost_is_left_out_and_told() {
    let mut lived = Lived::new(&rules("strict"));
    lived.takes("ordinary", "s1", None);
    lived.takes("ordinary", "s5", None);
    let mut fewer = rules("strict");
    fewer.services.pop();
    let recorded = Recorded::of(&fewer, &lived.events).expect("as the scene is set");
    assert_eq!((recorded.day.customers.len(), recorded.left_out), (1, 1));
    assert_eq!(Recorded::of(&fewer, &[]), None);
}

fn calls(replay: &Replay) -> Vec<(usize, u32, usize)> {
    replay.calls.iter().map(|call| (call.row, call.called_s, call.post)).collect()
}

/// Customers, misses, inversions, diversions.
fn figures(replay: &Replay) -> (usize, usize, u32, u32) {
    let count = |is: fn(&forecast::replay::Outcome) -> bool| replay.outcomes.iter().filter(|one| is(one)).count();
    (count(|one| one.counts), count(|one| one.missed), replay.inversions, replay.diverted)
}
