//! Quotas by the day and by parts of it.

use hall::rules::{HoursSpan, QuotaWindow, Rules, WeekHours};
use hall::{Command, Event, Refusal};
use proptest::prelude::*;

use crate::random::{act_on, wishes};
use crate::rig::{NINE, Rig, rules};

const MINUTE: i64 = 60_000;

/// Two payments from nine to ten, three from ten to eleven, and any number after that.
fn scarce() -> Rules {
    let mut rules = rules();
    let window = |from_minute, to_minute, numbers| QuotaWindow { from_minute, to_minute, numbers };
    rules.services[0].windows = vec![window(540, 600, 2), window(600, 660, 3)];
    rules
}

fn exhausted(numbers: u32, next: Option<u16>) -> Refusal {
    Refusal::WindowExhausted { service: "payment".into(), numbers, next }
}

fn left(rig: &Rig) -> Option<u32> {
    rig.hall.quota_left(rig.at(), &rig.hall.rules().services[0])
}

#[test]
fn a_part_of_the_day_has_its_own_numbers_and_the_next_one_more() {
    let mut rig = Rig::open_with(scarce());
    assert_eq!(left(&rig), Some(2));
    rig.take("ordinary", "payment");
    rig.take("vip", "payment");
    assert_eq!(left(&rig), Some(0));
    let wish = Command::TakeTicket(rig.wish("ordinary", "payment"));
    assert_eq!(rig.refuses(wish.clone()), exhausted(2, Some(600)));
    rig.take("ordinary", "sim");
    rig.now_ms = NINE + 60 * MINUTE;
    assert_eq!(left(&rig), Some(3));
    rig.does(wish);
    assert_eq!(left(&rig), Some(2));
}

#[test]
fn outside_of_every_part_only_the_day_s_quota_counts() {
    let mut rules = scarce();
    rules.services[0].daily_quota = Some(6);
    let mut rig = Rig::open_with(rules);
    rig.now_ms = NINE + 120 * MINUTE;
    assert_eq!(left(&rig), Some(6));
    for _ in 0..5 {
        rig.take("ordinary", "payment");
    }
    assert_eq!(left(&rig), Some(1));
    rig.now_ms = NINE;
    assert_eq!(left(&rig), Some(1), "the tighter of both");
    rig.take("ordinary", "payment");
    let wish = Command::TakeTicket(rig.wish("ordinary", "payment"));
    assert_eq!(rig.refuses(wish), Refusal::QuotaExhausted { service: "payment".into(), quota: 6 });
}

#[test]
fn a_number_that_was_transferred_counts_where_it_was_given_out() {
    let mut rig = Rig::staffed_with(scarce());
    rig.take("ordinary", "payment");
    rig.next(3);
    rig.transfer_to_service(3, "sim");
    assert_eq!(left(&rig), Some(1));
}

#[test]
fn tomorrow_every_part_has_its_numbers_again() {
    let mut rig = Rig::open_with(scarce());
    rig.take("ordinary", "payment");
    rig.pass(86_400);
    rig.open_day();
    assert_eq!(left(&rig), Some(2));
}

#[test]
fn who_is_refused_is_told_a_time_at_which_the_service_is_offered_or_none() {
    let mut rules = scarce();
    let open = |from_minute, to_minute| HoursSpan { days: 0b111_1111, from_minute, to_minute };
    rules.services[0].hours = Some(WeekHours(vec![open(540, 600), open(630, 720)]));
    let mut rig = Rig::open_with(rules.clone());
    rig.take("ordinary", "payment");
    rig.take("ordinary", "payment");
    let wish = Command::TakeTicket(rig.wish("ordinary", "payment"));
    assert_eq!(rig.refuses(wish.clone()), exhausted(2, Some(630)));
    rules.services[0].hours = Some(WeekHours(vec![open(540, 600)]));
    let mut rig = Rig::open_with(rules);
    rig.take("ordinary", "payment");
    rig.take("ordinary", "payment");
    assert_eq!(rig.refuses(wish), exhausted(2, None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_of_a_day_gives_out_more_than_its_numbers(wishes in wishes()) {
        let mut rig = Rig::staffed_with(scarce());
        for wish in &wishes {
            let before = left(&rig);
            let took = act_on(&mut rig, wish).iter().any(|event| {
                let Event::TicketIssued(issued) = event else { return false };
                issued.service.as_str() == "payment" && issued.appointment.is_none()
            });
            prop_assert!(!took || before != Some(0), "a number was given out although none was left");
        }
    }
}
