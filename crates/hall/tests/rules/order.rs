//! Who is called first.

use hall::command::CounterAct;
use hall::routing::Rule;
use hall::{Care, Event};

use crate::rig::{GENERAL, Rig};

#[test]
fn precedence_goes_before_arrival_and_arrival_decides_within_a_tier() {
    let mut rig = Rig::staffed();
    let mut came = vec![];
    for tier in ["ordinary", "gotone", "vip", "ordinary", "gotone", "vip"] {
        came.push(rig.take(tier, "payment"));
        rig.pass(1);
    }
    let called: Vec<_> = (0..6).filter_map(|_| rig.next(GENERAL)).collect();
    assert_eq!(called, [2, 5, 1, 4, 0, 3].map(|n| came[n]));
}

#[test]
fn who_came_at_the_same_moment_is_called_in_the_order_of_issue() {
    let mut rig = Rig::staffed();
    let came: Vec<_> = (0..20).map(|_| rig.take("ordinary", "payment")).collect();
    let called: Vec<_> = (0..20).filter_map(|_| rig.next(GENERAL)).collect();
    assert_eq!(called, came);
}

#[test]
fn a_clock_set_back_lets_nobody_jump_the_queue() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "payment");
    rig.pass(-7200);
    let second = rig.take("ordinary", "payment");
    rig.pass(60);
    let third = rig.take("ordinary", "payment");
    assert_eq!(rig.queue(), [first, second, third]);
    assert_eq!(rig.ticket(second).waited_ms(rig.now_ms), 60_000, "waits are told by the clock that is right now");
    assert_eq!(rig.ticket(first).waited_ms(rig.now_ms), 0, "and never below nothing");
    let careful = rig.take_with_care("ordinary", "payment", Care::Elderly);
    assert_eq!(rig.queue(), [careful, first, second, third], "600 s of head start before all of them");
}

#[test]
fn a_call_says_why_and_how_much_time_is_left() {
    let mut rig = Rig::staffed();
    rig.take("gotone", "payment");
    rig.pass(1000);
    let events = rig.act(GENERAL, CounterAct::CallNext);
    let [Event::TicketCalled { because, teller, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((because.rule, because.tier.as_str(), because.slack_ms), (Rule::Precedence, "gotone", -100_000));
    assert_eq!(teller.as_str(), "1003");
}
