//! Numbers, and when they are given out.

use std::collections::BTreeSet;

use hall::command::TakeTicket;
use hall::rules::{HoursSpan, WeekHours};
use hall::{Command, Refusal};

use crate::rig::{NINE, Rig, rules};

#[test]
fn numbers_count_per_prefix_from_001() {
    let mut rig = Rig::open();
    let wishes = [("ordinary", "payment"), ("vip", "payment"), ("ordinary", "sim"), ("gotone", "sim"), ("vip", "sim")];
    let numbers = wishes.map(|(tier, service)| {
        let ticket = rig.take(tier, service);
        rig.number(ticket).to_owned()
    });
    assert_eq!(numbers, ["A001", "V001", "A002", "G001", "V002"]);
    assert_eq!(rig.hall.numbers_given(&"A".into()), 2);
}

#[test]
fn a_service_s_own_prefix_goes_before_the_tier_s() {
    let mut rig = Rig::open();
    let vip = rig.take("vip", "complaint");
    let ordinary = rig.take("ordinary", "complaint");
    assert_eq!((rig.number(vip), rig.number(ordinary)), ("T001", "T002"));
}

#[test]
fn a_service_that_shares_a_tier_s_prefix_shares_its_count() {
    let mut shared = rules();
    shared.services[2].prefix = Some("A".into());
    let mut rig = Rig::open_with(shared);
    let one = rig.take("ordinary", "payment");
    let other = rig.take("vip", "complaint");
    assert_eq!((rig.number(one), rig.number(other)), ("A001", "A002"));
}

#[test]
fn a_thousand_and_one_numbers_are_all_different() {
    let mut rig = Rig::open();
    let tickets: Vec<_> = (0..1001).map(|_| rig.take("ordinary", "payment")).collect();
    let numbers: BTreeSet<_> = tickets.iter().map(|ticket| rig.number(*ticket)).collect();
    assert_eq!(numbers.len(), 1001);
    assert_eq!([0, 9, 998, 999, 1000].map(|n| rig.number(tickets[n])), ["A001", "A010", "A999", "A1000", "A1001"]);
}

#[test]
fn a_customer_nobody_knows_is_of_the_lowest_tier() {
    let mut rig = Rig::open();
    let wish = rig.wish("", "payment");
    let ticket = rig.take_as_wished(TakeTicket { tier: None, ..wish });
    assert_eq!(rig.ticket(ticket).tier, "ordinary".into());
    let wish = rig.wish("platinum", "payment");
    assert_eq!(rig.refuses(Command::TakeTicket(wish)), Refusal::UnknownTier("platinum".into()));
    let wish = rig.wish("vip", "fishing");
    assert_eq!(rig.refuses(Command::TakeTicket(wish)), Refusal::UnknownService("fishing".into()));
}

#[test]
fn no_number_is_promised_that_no_counter_could_call() {
    let mut few = rules();
    few.counters.truncate(2);
    let mut rig = Rig::open_with(few);
    let wish = rig.wish("ordinary", "payment");
    assert_eq!(rig.refuses(Command::TakeTicket(wish)), Refusal::NoCounterFor("payment".into()));
    rig.take("gotone", "payment");
}

#[test]
fn a_supervisor_closes_and_opens_ticketing() {
    let mut rig = Rig::open();
    rig.does(Command::SetTicketing { open: false });
    assert_eq!(rig.does(Command::SetTicketing { open: false }), [], "closed already");
    let wish = rig.wish("vip", "payment");
    assert_eq!(rig.refuses(Command::TakeTicket(wish.clone())), Refusal::TicketingClosed);
    rig.does(Command::SetTicketing { open: true });
    rig.does(Command::TakeTicket(wish));
}

#[test]
fn numbers_are_given_out_within_the_hall_s_and_the_service_s_hours() {
    const WEEK: u8 = 0b0111_1111;
    let span = |days, from, to| HoursSpan { days, from_minute: from, to_minute: to };
    let mut timed = rules();
    timed.hours = Some(WeekHours(vec![span(WEEK, 510, 720), span(WEEK, 810, 1080)]));
    timed.services[1].hours = Some(WeekHours(vec![span(0b001_1111, 540, 1020)]));
    let mut rig = Rig::open_with(timed);
    let outside = |hours: &str| Refusal::OutsideHours { hours: hours.into() };
    let minute = |minute: i64| NINE + (minute - 540) * 60_000;

    rig.take("ordinary", "payment");
    let payment = Command::TakeTicket(rig.wish("ordinary", "payment"));
    let sim = Command::TakeTicket(rig.wish("ordinary", "sim"));
    assert_eq!(rig.refuses(sim.clone()), outside(""), "closed on Sundays");
    for closed in [509, 720, 809, 1080] {
        rig.now_ms = minute(closed);
        assert_eq!(rig.refuses(payment.clone()), outside("08:30–12:00, 13:30–18:00"));
    }
    for open in [510, 719, 810, 1079] {
        rig.now_ms = minute(open);
        rig.does(payment.clone());
    }
    rig.now_ms = minute(540 + 1440);
    rig.does(sim.clone());
    rig.now_ms = minute(1020 + 1440);
    assert_eq!(rig.refuses(sim), outside("09:00–17:00"));
}

#[test]
fn a_daily_quota_ends_the_numbers_of_its_service_until_tomorrow() {
    let mut scarce = rules();
    scarce.services[0].daily_quota = Some(2);
    let mut rig = Rig::open_with(scarce);
    let first = rig.take("ordinary", "payment");
    rig.take("vip", "payment");
    rig.does(Command::Cancel { ticket: first, by: hall::Actor::Customer });
    let wish = Command::TakeTicket(rig.wish("ordinary", "payment"));
    let exhausted = Refusal::QuotaExhausted { service: "payment".into(), quota: 2 };
    assert_eq!(rig.refuses(wish.clone()), exhausted, "a number given up was given out all the same");
    rig.take("ordinary", "sim");
    rig.pass(86_400);
    rig.open_day();
    rig.does(wish);
}
