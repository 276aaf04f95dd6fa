//! People ahead, against counting them one by one.

use hall::rules::CounterRule;
use hall::{Care, Hall, Ticket, TicketState};
use proptest::prelude::*;

use crate::random::{act_on, wishes};
use crate::rig::{GENERAL, Rig, VIP_DESK};

/// Whether this counter may ever call somebody of this tier and service.
fn open_to(hall: &Hall, counter: &CounterRule, tier: usize, service: usize) -> bool {
    let rules = hall.rules();
    counter.services.contains(&rules.services[service].id) && rules.admits(&counter.kind, &rules.tiers[tier].id)
}

/// Precedence, then place, then issue.
fn turn(hall: &Hall, ticket: &Ticket) -> (usize, i64, u64) {
    (hall.rules().tier(&ticket.tier).expect("a configured tier").0, ticket.order_ms, ticket.id.0)
}

fn waiting(hall: &Hall) -> impl Iterator<Item = &Ticket> {
    hall.tickets().filter(|ticket| ticket.state == TicketState::Waiting)
}

/// Counts, service by service, who of the waiting is before and competes.
fn count(hall: &Hall, competes: impl Fn(&Ticket) -> bool) -> Vec<usize> {
    let services = &hall.rules().services;
    let of = |id| waiting(hall).filter(|other| other.service == id && competes(other)).count();
    services.iter().map(|service| of(service.id.clone())).collect()
}

fn agrees_with_a_count_one_by_one(hall: &Hall) -> Result<(), TestCaseError> {
    let rules = hall.rules();
    for ticket in waiting(hall) {
        let competes = |other: &Ticket| {
            let meet =
                |counter: &CounterRule| hall.may_call(counter.number, ticket) && hall.may_call(counter.number, other);
            turn(hall, other) < turn(hall, ticket) && rules.counters.iter().any(meet)
        };
        prop_assert_eq!(
            hall.ahead_of(ticket.id).expect("it is waiting").by_service,
            count(hall, competes),
            "{:?}",
            ticket
        );
    }
    for tier in 0..rules.tiers.len() {
        for service in 0..rules.services.len() {
            let competes = |other: &Ticket| {
                let meet = |counter: &CounterRule| {
                    open_to(hall, counter, tier, service) && hall.may_call(counter.number, other)
                };
                turn(hall, other).0 <= tier && rules.counters.iter().any(meet)
            };
            prop_assert_eq!(hall.ahead_of_newcomer(tier, service).by_service, count(hall, competes));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn people_ahead_are_as_many_as_counting_them_gives(wishes in wishes()) {
        let mut rig = Rig::staffed();
        for wish in &wishes {
            act_on(&mut rig, wish);
        }
        agrees_with_a_count_one_by_one(&rig.hall)?;
    }
}

#[test]
fn higher_tiers_and_earlier_arrivals_are_ahead() {
    let mut rig = Rig::open();
    let first = rig.take("ordinary", "payment");
    let second = rig.take("ordinary", "sim");
    let gotone = rig.take("gotone", "payment");
    let vip = rig.take("vip", "complaint");
    let ahead = |id| rig.hall.ahead_of(id).unwrap().total();
    assert_eq!([vip, gotone, first, second].map(ahead), [0, 1, 2, 3]);
    assert_eq!(rig.hall.ahead_of_newcomer(2, 0).by_service, [2, 1, 1]);
}

#[test]
fn who_is_not_waiting_has_nobody_ahead() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    assert_eq!(rig.hall.ahead_of(ticket), None);
    assert_eq!(rig.hall.ahead_of(hall::TicketId(99)), None);
}

#[test]
fn care_moves_people_ahead() {
    let mut rig = Rig::open();
    let first = rig.take("ordinary", "payment");
    rig.take_with_care("ordinary", "payment", Care::Elderly);
    assert_eq!(rig.hall.ahead_of(first).unwrap().total(), 1);
}

#[test]
fn who_was_sent_to_one_counter_is_ahead_of_nobody_elsewhere() {
    let mut rig = Rig::staffed();
    let sent = rig.take("ordinary", "payment");
    let other = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.transfer_to_counter(GENERAL, VIP_DESK);
    assert_eq!(rig.hall.ahead_of(other).unwrap().total(), 0, "the VIP desk would never call them");
    assert_eq!(rig.hall.ahead_of_newcomer(2, 0).total(), 1);
    let vip = rig.take("vip", "sim");
    assert_eq!(rig.hall.ahead_of(sent).unwrap().by_service, [0, 1, 0], "only the VIP goes before them there");
    assert_eq!(rig.hall.ahead_of(vip).unwrap().total(), 0);
}
