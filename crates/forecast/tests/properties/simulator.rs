//! What every call of a replayed day promises, checked against everybody who waits.

use forecast::day::{Day, Staffed};
use forecast::replay::{Onlooker, Replay, replay, replay_seen};
use forecast::sim::{Room, Turn, by_the_rules};
use hall::routing::{Base, Cap, Floor, Margin, Outlook, Pick, Profile, Rule, Waiting};
use proptest::prelude::*;

use crate::common::{benchmark, days};
use crate::halls::{hall_and_day, hall_and_staffed_day};

/// Everybody who waits whose service this counter can do, with their tiers.
fn able(room: &Room<'_>, post: usize) -> Vec<(usize, Waiting)> {
    let skills = &room.floor.posts[post].skills;
    let of = |tier: usize| skills.iter().flat_map(move |service| room.lines.waiting_for(tier, *service));
    (0..room.floor.tiers()).flat_map(|tier| of(tier).map(move |who| (tier, who))).collect()
}

/// When somebody reaches the hard cap.
fn capped_ms(floor: &Floor, tier: usize, who: &Waiting) -> Option<i64> {
    match floor.routing.cap() {
        Cap::Off => None,
        Cap::Times(times) => Some(who.order_ms + (floor.limits_ms[tier] as f64 * times) as i64),
    }
}

fn check(room: &Room<'_>, post: usize, turn: Turn, picked: Option<Pick>) {
    let at = &room.floor.posts[post];
    let (own, others): (Vec<_>, Vec<_>) = able(room, post).into_iter().partition(|(tier, _)| *tier < at.tiers);
    let first_of = |line: &[(usize, Waiting)], tier: usize| {
        line.iter().filter(|(of, _)| *of == tier).map(|(_, who)| *who).min_by_key(Waiting::place)
    };
    match (turn, picked) {
        (Turn::Own, None) => assert_eq!(own, [], "nobody is left waiting before a free counter"),
        (Turn::Own, Some(pick)) => {
            assert_eq!(first_of(&own, pick.tier), Some(pick.who), "within a tier the first goes first");
            let capped = own.iter().filter_map(|(tier, who)| Some((capped_ms(room.floor, *tier, who)?, who.place())));
            if let Some((_, first)) = capped.filter(|(at_ms, _)| *at_ms <= room.now_ms).min() {
                assert_eq!(first, pick.who.place(), "over the cap the longest over it goes first");
                assert_eq!(pick.rule, Rule::Cap);
            }
        }
        (Turn::Divert, None) => {}
        (Turn::Divert, Some(pick)) => {
            let Profile { base, rescue } = room.floor.routing.profile;
            assert!(rescue || base == Base::Foresight, "only profiles that divert do");
            assert!(room.floor.is_dedicated(post) && pick.rule == Rule::Diversion);
            assert_eq!(own, [], "a desk diverts only when nobody waits for it");
            assert!(others.contains(&(pick.tier, pick.who)), "it can do what they came for");
            if base != Base::Foresight {
                assert_eq!(first_of(&others, pick.tier), Some(pick.who));
                if let Margin::Within(margin_ms) = room.floor.routing.rescue {
                    assert!(pick.who.slack_ms(room.now_ms) <= margin_ms, "within the margin");
                }
            }
        }
    }
}

/// At the end of each moment no counter is idle that has somebody to call.
struct NobodyIdle;

impl Onlooker for NobodyIdle {
    fn passed(&mut self, room: &mut Room<'_>) {
        for (post, desk) in room.desks.iter().enumerate().filter(|(_, desk)| desk.is_free()) {
            let tiers = room.floor.posts[post].tiers;
            assert!(able(room, post).iter().all(|(tier, _)| *tier >= tiers), "counter {post} is idle");
            assert_eq!(desk.staffed, Staffed::Open);
        }
    }
}

fn replay_checked(floor: &Floor, day: &Day) -> Replay {
    let choose = |room: &Room<'_>, post: usize, turn: Turn| {
        let picked = by_the_rules(room, post, turn);
        check(room, post, turn, picked);
        picked
    };
    replay_seen(floor, Outlook::presumed(floor), day, choose, &mut NobodyIdle)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_of_a_day_keeps_the_promises_of_the_rules((rules, day) in hall_and_staffed_day()) {
        replay_checked(&Floor::of(&rules), &day);
    }

    #[test]
    fn where_every_counter_stays_open_everybody_is_called_once((rules, day) in hall_and_day()) {
        let replay = replay(&Floor::of(&rules), &day);
        let mut rows: Vec<usize> = replay.calls.iter().map(|call| call.row).collect();
        rows.sort_unstable();
        prop_assert_eq!(rows, (0..day.customers.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_day_is_replayed_alike((rules, day) in hall_and_staffed_day()) {
        let floor = Floor::of(&rules);
        prop_assert_eq!(replay(&floor, &day), replay(&floor, &day));
    }

    #[test]
    fn under_the_literal_reading_nobody_is_called_before_a_higher_tier(
        (mut rules, day) in hall_and_staffed_day(),
        rescue in any::<bool>(),
    ) {
        rules.routing.profile = Profile { rescue, ..Profile::STRICT };
        rules.routing.cap = None;
        let floor = Floor::of(&rules);
        prop_assert_eq!(replay(&floor, &day).inversions, 0);
    }
}

#[test]
fn the_literal_reading_has_no_inversion_on_any_recorded_day() {
    let mut rules = benchmark();
    for load in ["0.95", "1.05", "1.15"] {
        let days = days(load, &rules);
        for profile in ["strict", "strict+rescue"] {
            rules.routing.profile = profile.parse().expect("a profile");
            let floor = Floor::of(&rules);
            let inversions: u32 = days.iter().map(|day| replay(&floor, day).inversions).sum();
            assert_eq!(inversions, 0, "{profile} at {load}");
        }
    }
}

#[test]
fn a_day_ends_though_somebody_is_left_whom_nobody_may_call() {
    let mut rules = benchmark();
    let text = "arrival_s,tier,service,service_s,no_show,patience_s\n0,vip,s1,3600,0,9000\n0,ordinary,s1,60,0,9000\n";
    let mut day = Day::parse("day.csv", text, &rules).expect("a good day");
    // Only the VIP desk stays.
    let closed = (2..=8).map(|counter| format!("0,{counter},closed\n")).collect::<String>();
    day.staff("staffing.csv", &format!("at_s,counter,state\n{closed}"), &rules).expect("a good staffing");
    let mut called = |profile: &str| -> Vec<usize> {
        rules.routing.profile = profile.parse().expect("a profile");
        replay(&Floor::of(&rules), &day).calls.iter().map(|call| call.row).collect()
    };
    assert_eq!(called("guard"), [0], "nobody diverts");
    assert_eq!(called("foresight"), [0, 1], "who is much too late is diverted at any price");
}
