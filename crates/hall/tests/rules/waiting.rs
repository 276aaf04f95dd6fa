//! From when to when a customer waits, and by when they are to be served.

use hall::command::CounterAct;

use crate::rig::{GENERAL, NINE, Rig};

#[test]
fn the_wait_runs_from_identification_to_the_start_of_service_not_to_the_call() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.pass(300);
    rig.next(GENERAL);
    rig.pass(25);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 325_000, "a call that nobody answered yet is still waiting");
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(600);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 325_000);
    assert_eq!(rig.ticket(ticket).slack_ms(rig.now_ms), 1_475_000);
}

#[test]
fn each_tier_has_its_limit() {
    let mut rig = Rig::open();
    for (tier, limit_s) in [("vip", 600), ("gotone", 900), ("ordinary", 1800)] {
        let ticket = rig.take(tier, "payment");
        assert_eq!(rig.ticket(ticket).deadline_at_ms, NINE + limit_s * 1000);
        assert_eq!(rig.ticket(ticket).slack_ms(NINE + limit_s * 1000 + 1), -1);
    }
}

#[test]
fn a_transferred_customer_s_wait_ended_when_service_first_started() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "sim");
    rig.pass(200);
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(60);
    rig.transfer_to_service(GENERAL, "payment");
    rig.pass(4000);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 200_000);
    assert_eq!(rig.ticket(ticket).slack_ms(rig.now_ms), 1_600_000, "the limit was kept and stays kept");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(10);
    rig.complete(GENERAL);
    assert_eq!(rig.ticket(ticket).started_at_ms, Some(NINE + 200_000));
    assert_eq!(rig.hall.tally(&"payment".into()).service_s, 10.0, "the last service is measured for what it was");
    assert_eq!(rig.hall.tally(&"sim".into()).served, 0);
}

#[test]
fn a_no_show_who_comes_after_all_has_waited_all_the_while() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::NoShow);
    rig.pass(500);
    rig.call(GENERAL, ticket);
    rig.act(GENERAL, CounterAct::Start);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 500_000);
}

#[test]
fn a_clock_set_back_makes_no_negative_service_time() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.pass(-60);
    rig.complete(GENERAL);
    assert_eq!(rig.hall.tally(&"payment".into()).service_s, 0.0);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 0);
}

#[test]
fn one_walk_over_the_queue_tells_everybody_what_each_is_told_alone() {
    let mut rig = Rig::staffed();
    for (tier, service) in
        [("ordinary", "payment"), ("vip", "sim"), ("ordinary", "sim"), ("gotone", "payment"), ("ordinary", "payment")]
    {
        rig.take(tier, service);
        rig.pass(10);
    }
    let all = rig.hall.everybody_with_ahead();
    assert_eq!(all.len(), 5);
    for (ticket, ahead) in all {
        assert_eq!(rig.hall.ahead_of(ticket.id).map(|one| one.total()), Some(ahead), "{}", ticket.number);
    }
}
