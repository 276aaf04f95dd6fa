//! What each profile does, and the reason that a teller reads.

use hall::command::CounterAct;
use hall::routing::{Cap, Lesson, Margin, Profile, Rule};
use hall::ticket::Visit;
use hall::{Command, Event, Language, Refusal, Rules, TicketId};

use crate::rig::{GENERAL, GOTONE_DESK, NINE, QUICK, Rig, VIP_DESK, at_counter, rules};

fn under(profile: &str) -> Rules {
    let mut rules = rules();
    rules.routing.profile = profile.parse::<Profile>().expect("a profile");
    rules
}

/// Calls the next, and gives the reason in Chinese and in English.
fn reason(rig: &mut Rig, counter: u16) -> [String; 2] {
    let events = rig.act(counter, CounterAct::CallNext);
    let Some(Event::TicketCalled { ticket, because, .. }) = events.last() else { panic!("{events:?}") };
    let number = &rig.ticket(*ticket).number;
    [Language::Zh, Language::En].map(|language| because.text(number, rig.hall.rules(), language))
}

/// Who is called next at a counter, and by which rule.
fn next(rig: &mut Rig, counter: u16) -> (TicketId, Rule) {
    let events = rig.act(counter, CounterAct::CallNext);
    let Some(Event::TicketCalled { ticket, because, .. }) = events.last() else { panic!("{events:?}") };
    (*ticket, because.rule)
}

#[test]
fn each_profile_says_in_both_languages_why() {
    let said = [
        ("fcfs", "A001：先到先办，普通客户，剩余 18 分钟", "A001: first come, Ordinary, 18 min left"),
        ("strict", "V001：大客户，剩余 7 分钟", "V001: VIP, 7 min left"),
        ("ratio", "V001：轮到大客户，剩余 7 分钟", "V001: its turn: VIP, 7 min left"),
        ("accumulating", "G001：等候加权最高，全球通，剩余 8 分钟", "G001: largest claim, GoTone, 8 min left"),
        ("edf", "V001：大客户，剩余 7 分钟", "V001: VIP, 7 min left"),
        ("guard", "A001：普通客户，剩余 18 分钟", "A001: Ordinary, 18 min left"),
        ("foresight", "V001：大客户，剩余 7 分钟", "V001: VIP, 7 min left"),
    ];
    for (profile, zh, en) in said {
        let mut rules = under(profile);
        rules.routing.margins_ms = vec![180_000, 420_000, 1_080_000];
        let mut rig = Rig::staffed_with(rules);
        rig.take("ordinary", "payment");
        rig.pass(300);
        rig.take("gotone", "payment");
        rig.pass(240);
        rig.take("vip", "payment");
        rig.pass(180);
        assert_eq!(reason(&mut rig, GENERAL), [zh, en], "{profile}");
    }
}

#[test]
fn who_has_waited_twice_the_limit_goes_first_whatever_the_rule() {
    let mut rig = Rig::staffed_with(under("guard"));
    let ordinary = rig.take("ordinary", "payment");
    rig.pass(1799);
    let gotone = rig.take("gotone", "payment");
    rig.pass(1800);
    rig.take("vip", "payment");
    assert_eq!(next(&mut rig, GENERAL), (gotone, Rule::Cap), "of two the one who reached it first: 900 s of limit");
    rig.pass(1);
    assert_eq!(
        reason(&mut rig, GENERAL),
        ["A001：等候过久，普通客户，已超时 30 分钟", "A001: waited too long, Ordinary, 30 min late"]
    );
    assert_eq!(rig.at_counter(GENERAL), Some(ordinary));
}

#[test]
fn strict_knows_no_cap_unless_the_hall_sets_one() {
    for (cap, called) in [(None, "vip"), (Some(Cap::Times(2.0)), "ordinary")] {
        let mut rules = under("strict");
        rules.routing.cap = cap;
        let mut rig = Rig::staffed_with(rules);
        rig.take("ordinary", "payment");
        rig.pass(3600);
        rig.take("vip", "payment");
        let (ticket, _) = next(&mut rig, GENERAL);
        assert_eq!(rig.ticket(ticket).tier.as_str(), called);
    }
}

#[test]
fn the_cap_does_not_open_a_dedicated_desk() {
    let mut rig = Rig::staffed_with(under("guard"));
    rig.take("ordinary", "payment");
    rig.pass(7200);
    assert_eq!(rig.next(VIP_DESK), None, "without diversion a VIP desk is for VIPs");
}

#[test]
fn a_free_desk_diverts_whom_it_is_not_for_within_the_margin() {
    let mut rig = Rig::staffed_with(under("strict+rescue"));
    rig.take("ordinary", "payment");
    rig.pass(1199);
    let idle = at_counter(VIP_DESK, CounterAct::CallNext);
    assert!(matches!(rig.refuses(idle), Refusal::NobodyWaits(_)), "one second more than ten minutes left");
    rig.pass(1);
    assert_eq!(
        reason(&mut rig, VIP_DESK),
        ["A001：分流，普通客户，剩余 10 分钟", "A001: diverted, Ordinary, 10 min left"]
    );
    assert_eq!(rig.hall.diverted(), 1);
}

#[test]
fn a_desk_diverts_only_when_nobody_waits_for_it() {
    let mut rig = Rig::staffed_with(under("guard+rescue"));
    let ordinary = rig.take("ordinary", "payment");
    rig.pass(1700);
    let vip = rig.take("vip", "payment");
    assert_eq!(next(&mut rig, VIP_DESK), (vip, Rule::Precedence));
    assert_eq!(next(&mut rig, VIP_DESK), (ordinary, Rule::Diversion));
}

#[test]
fn a_margin_of_always_diverts_at_once() {
    let mut rules = under("strict+rescue");
    rules.routing.rescue = Margin::Always;
    let mut rig = Rig::staffed_with(rules);
    let ordinary = rig.take("ordinary", "payment");
    let gotone = rig.take("gotone", "payment");
    assert_eq!(next(&mut rig, VIP_DESK), (gotone, Rule::Diversion), "by the same rule as everywhere");
    assert_eq!(next(&mut rig, GOTONE_DESK), (ordinary, Rule::Diversion));
}

#[test]
fn a_general_counter_never_diverts() {
    let mut rules = under("guard+rescue");
    rules.routing.rescue = Margin::Always;
    let mut rig = Rig::staffed_with(rules);
    rig.take("ordinary", "sim");
    assert_eq!(rig.next(QUICK), None, "what it cannot do it cannot do");
}

#[test]
fn the_cycle_of_ratio_runs_over_the_calls_of_all_counters() {
    let mut rig = Rig::staffed_with(under("ratio"));
    for tier in ["ordinary", "gotone", "vip"] {
        for _ in 0..4 {
            rig.take(tier, "payment");
        }
    }
    // Two VIPs, one GoTone, one ordinary; a call at the VIP desk counts as well.
    let counters = [GENERAL, QUICK, GENERAL, QUICK, VIP_DESK, GENERAL, QUICK, GENERAL];
    let called = counters.map(|counter| {
        let (ticket, rule) = next(&mut rig, counter);
        assert_eq!(rule, Rule::Turn);
        rig.ticket(ticket).tier.as_str().to_owned()
    });
    assert_eq!(called, ["vip", "vip", "gotone", "ordinary", "vip", "vip", "gotone", "ordinary"]);
    assert_eq!(rig.hall.turns_taken(), [0, 0, 0], "the cycle begins anew");
}

#[test]
fn where_only_one_tier_waits_ratio_does_not_keep_it_waiting() {
    let mut rig = Rig::staffed_with(under("ratio"));
    let came: Vec<_> = (0..4).map(|_| rig.take("vip", "payment")).collect();
    let called: Vec<_> = (0..4).map(|_| next(&mut rig, GENERAL).0).collect();
    assert_eq!(called, came);
}

/// A busy hall whose general counters are taken and whose queue of ordinary customers reaches to the limit.
fn overrun(profile: &str) -> Rig {
    let mut rig = Rig::staffed_with(under(profile));
    for _ in 0..16 {
        rig.take("ordinary", "payment");
        rig.pass(15);
    }
    rig.pass(600);
    rig
}

#[test]
fn foresight_diverts_whom_it_saves_most_to_divert_and_says_how_much() {
    let mut rig = overrun("foresight");
    // Not the first, who will be in time: the first of those who would not.
    assert_eq!(
        reason(&mut rig, VIP_DESK),
        [
            "A009：分流，预计可免 0.6 人超时，普通客户，剩余 18 分钟",
            "A009: diverted, expected to save 0.6 from being late, Ordinary, 18 min left"
        ]
    );
}

#[test]
fn foresight_leaves_a_desk_idle_where_a_diversion_saves_nothing() {
    let mut rig = Rig::staffed_with(under("foresight"));
    rig.take("ordinary", "payment");
    rig.pass(60);
    assert_eq!(rig.next(VIP_DESK), None, "the general counters will do");
}

/// Services of five minutes at two general counters: one of them comes free every two and a half, and two and a half of them in
/// this many seconds.
const TURNS_S: i64 = 375;

#[test]
fn foresight_calls_a_tier_when_a_sixth_of_its_limit_is_left_beside_the_turns_it_may_take() {
    let mut rig = Rig::staffed_with(under("foresight"));
    let ordinary = rig.take("ordinary", "payment");
    rig.pass(1800 - 300 - TURNS_S - 1);
    let gotone = rig.take("gotone", "payment");
    assert_eq!(next(&mut rig.clone(), GENERAL), (gotone, Rule::Precedence));
    rig.pass(1);
    assert_eq!(next(&mut rig, GENERAL), (ordinary, Rule::Urgent));
}

#[test]
fn foresight_diverts_a_middle_tier_at_the_last_moment() {
    let mut rig = Rig::staffed_with(under("foresight"));
    rig.take("gotone", "payment");
    rig.pass(900 - TURNS_S - 1);
    assert_eq!(rig.next(VIP_DESK), None);
    rig.pass(1);
    assert_eq!(reason(&mut rig, VIP_DESK), ["G001：分流，全球通，剩余 6 分钟", "G001: diverted, GoTone, 6 min left"]);
}

#[test]
fn where_fewer_general_counters_are_staffed_the_last_moment_comes_sooner() {
    let mut rig = Rig::staffed_with(under("foresight"));
    let gotone = rig.take("gotone", "payment");
    rig.pass(900 - 2 * TURNS_S);
    assert_eq!(rig.next(VIP_DESK), None);
    rig.act(GOTONE_DESK, CounterAct::SignOut);
    assert_eq!(rig.next(VIP_DESK), None, "a dedicated desk is no general counter");
    rig.act(QUICK, CounterAct::SignOut);
    assert_eq!(next(&mut rig, VIP_DESK), (gotone, Rule::Diversion));
}

#[test]
fn of_a_middle_tier_that_came_in_a_bunch_the_last_is_to_be_in_time_too() {
    let mut rig = Rig::staffed_with(under("foresight"));
    let first = rig.take("gotone", "payment");
    let mut spread = rig.clone();
    rig.take("gotone", "payment");
    rig.pass(900 - 2 * TURNS_S - 1);
    assert_eq!(rig.next(VIP_DESK), None);
    rig.pass(1);
    assert_eq!(next(&mut rig, VIP_DESK), (first, Rule::Diversion));
    // Who comes later has the time that the first one needs.
    spread.pass(TURNS_S);
    spread.take("gotone", "payment");
    assert_eq!(spread.next(VIP_DESK), None);
}

#[test]
fn every_diversion_of_a_day_makes_the_next_one_dearer() {
    let saved = |rig: &Rig| match rig.hall.decide(rig.at(), &at_counter(VIP_DESK, CounterAct::CallNext)) {
        Ok(events) => match events.as_slice() {
            [Event::TicketCalled { because, .. }] => because.saves_milli,
            other => panic!("{other:?}"),
        },
        Err(_) => None,
    };
    let mut rig = overrun("foresight");
    assert_eq!(saved(&rig), Some(611));
    let diversion = diversion(&rig);
    // Undone, they were none.
    for _ in 0..20 {
        rig.hall.apply(rig.now_ms, &diversion);
        rig.act(VIP_DESK, CounterAct::Return);
    }
    assert_eq!((rig.hall.diverted(), saved(&rig)), (0, Some(611)));
    // Only the last of so many is undone: the queue is as before, the day has had the others.
    for _ in 0..30 {
        rig.hall.apply(rig.now_ms, &diversion);
    }
    rig.act(VIP_DESK, CounterAct::Return);
    assert_eq!((rig.hall.diverted(), saved(&rig)), (29, None));
}

fn diversion(rig: &Rig) -> Event {
    let wait = rig.queue()[0];
    Event::TicketCalled {
        ticket: wait,
        counter: hall::CounterNumber(VIP_DESK),
        teller: "1001".into(),
        because: hall::Because {
            rule: Rule::Diversion,
            tier: "ordinary".into(),
            slack_ms: 0,
            saves_milli: None,
            favour: None,
        },
    }
}

#[test]
fn what_earlier_days_taught_moves_what_foresight_expects() {
    let mut rig = overrun("foresight");
    let lesson = Lesson {
        takes_ms: vec![("payment".into(), 20_000)],
        mix_ms: 20_000,
        begins_ms: NINE - 9 * 3_600_000,
        arrivals_milli: vec![0; 48],
        lowest_milli: vec![0; 48],
    };
    rig.does(Command::Learn(lesson));
    assert_eq!(rig.next(VIP_DESK), None, "services of twenty seconds: nobody will be late");
}

#[test]
fn a_new_day_begins_with_what_services_typically_take_until_its_lesson_comes() {
    let mut rig = overrun("foresight");
    let lesson = Lesson {
        takes_ms: vec![("payment".into(), 20_000)],
        mix_ms: 20_000,
        begins_ms: NINE - 5 * 3_600_000,
        arrivals_milli: vec![0; 48],
        lowest_milli: vec![0; 48],
    };
    rig.does(Command::Learn(lesson));
    assert!(rig.hall.outlook().knows(NINE - 5 * 3_600_000));
    rig.pass(86_400);
    rig.open_day();
    assert!(!rig.hall.outlook().knows(NINE - 5 * 3_600_000));
    let mut fresh = Rig::closed(under("foresight"));
    fresh.now_ms = rig.now_ms;
    fresh.open_day();
    assert_eq!(rig.hall.outlook(), fresh.hall.outlook());
}

#[test]
fn a_visit_is_for_what_it_was_for_also_after_a_transfer() {
    let mut rig = Rig::staffed_with(under("strict"));
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.pass(30);
    rig.transfer_to_service(GENERAL, "sim");
    rig.next(GENERAL);
    rig.pass(60);
    rig.act(GENERAL, CounterAct::Return);
    rig.next(GENERAL);
    rig.pass(20);
    rig.act(GENERAL, CounterAct::NoShow);
    let seen = |visit: &Visit| (visit.service.as_str().to_owned(), visit.took_ms, visit.came);
    let visits: Vec<_> = rig.ticket(ticket).visits.iter().map(seen).collect();
    assert_eq!(visits, [("payment".to_owned(), 30_000, true), ("sim".to_owned(), 20_000, false)]);
}

#[test]
fn a_call_that_was_undone_teaches_nothing_of_how_long_services_take() {
    let mut rig = overrun("foresight");
    let (diverted, _) = next(&mut rig, VIP_DESK);
    rig.act(VIP_DESK, CounterAct::Return);
    let expected = reason(&mut rig.clone(), VIP_DESK);
    for _ in 0..100 {
        rig.call(VIP_DESK, diverted);
        rig.act(VIP_DESK, CounterAct::Return);
    }
    assert_eq!(reason(&mut rig, VIP_DESK), expected);
}
