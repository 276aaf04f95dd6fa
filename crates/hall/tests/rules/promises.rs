//! What every profile promises, whatever tellers, customers and clocks do.

use hall::command::CounterAct;
use hall::routing::{Base, Cap, Margin, Profile, Rule};
use hall::ticket::{Step, StepKind};
use hall::{CounterNumber, CounterState, Event, Hall, Rules, Ticket, TicketState};
use proptest::prelude::*;

use crate::random::{Wish, act_on, wishes};
use crate::rig::{Rig, at_counter, rules};

/// The small hall under any profile, with limits so short that a few minutes exhaust them.
fn any_rules() -> impl Strategy<Value = Rules> {
    let names: Vec<String> = Profile::names().collect();
    let profile = prop::sample::select(names).prop_map(|name| name.parse::<Profile>().expect("a profile"));
    let cap = prop_oneof![Just(None), Just(Some(Cap::Off)), (0.5..3.0_f64).prop_map(|times| Some(Cap::Times(times)))];
    let rescue = prop_oneof![Just(Margin::Always), (-60_000_i64..300_000).prop_map(Margin::Within)];
    (profile, cap, rescue, prop_oneof![Just(0.0), 0.0..0.5_f64]).prop_map(|(profile, cap, rescue, price)| {
        let mut rules = rules();
        for (tier, limit_s) in rules.tiers.iter_mut().zip([120, 240, 480]) {
            tier.limit_s = limit_s;
        }
        rules.routing.margins_ms = vec![30_000, 60_000, 200_000];
        rules.routing.care_head_start_s = 90;
        (rules.routing.profile, rules.routing.cap) = (profile, cap);
        (rules.routing.rescue, rules.routing.price) = (rescue, price);
        rules
    })
}

fn place(ticket: &Ticket) -> (i64, u64) {
    (ticket.order_ms, ticket.id.0)
}

fn tier(hall: &Hall, ticket: &Ticket) -> usize {
    hall.indices(ticket).0
}

fn waiting(hall: &Hall) -> impl Iterator<Item = &Ticket> {
    hall.tickets().filter(|ticket| ticket.state == TicketState::Waiting)
}

/// When a ticket reaches the hard cap, by its place.
fn capped_ms(hall: &Hall, ticket: &Ticket) -> Option<i64> {
    let limit_ms = i64::from(hall.rules().tiers[tier(hall, ticket)].limit_s) * 1000;
    match hall.rules().routing.cap() {
        Cap::Off => None,
        Cap::Times(times) => Some(ticket.order_ms + (limit_ms as f64 * times) as i64),
    }
}

/// What is promised of a call that the rules made at `now_ms` in the hall as it was before.
fn keeps_its_promises(before: &Hall, now_ms: i64, event: &Event) -> Result<(), TestCaseError> {
    let Event::TicketCalled { ticket, counter, because, .. } = event else { return Ok(()) };
    let called = before.ticket(*ticket).expect("a ticket of the day");
    let own: Vec<&Ticket> = waiting(before).filter(|other| before.may_call(*counter, other)).collect();
    let same_tier = |other: &&&Ticket| tier(before, other) == tier(before, called);
    prop_assert_eq!(called.state, TicketState::Waiting);
    if because.rule == Rule::Diversion {
        return may_divert(before, now_ms, *counter, called, own.len());
    }
    prop_assert!(before.may_call(*counter, called), "{:?} is not for {}", called, counter);
    let first = own.iter().filter(same_tier).min_by_key(|other| place(other)).map(|first| first.id);
    prop_assert_eq!(first, Some(called.id), "within a tier the first goes first");
    let capped = own.iter().filter_map(|other| Some((capped_ms(before, other)?, place(other), other.id)));
    if let Some((.., first)) = capped.filter(|(capped_ms, ..)| *capped_ms <= now_ms).min() {
        prop_assert_eq!(first, called.id, "over the cap the longest over it goes first");
    }
    let bound = |step: &&Step| matches!(step.what, StepKind::Rejoined | StepKind::Transferred);
    let why_here = called.only_counter.and_then(|_| called.history.iter().rev().find(bound)).map(|step| step.what);
    prop_assert_eq!(because.rule == Rule::Transferred, why_here == Some(StepKind::Transferred), "{:?}", because.rule);
    prop_assert_eq!(because.rule == Rule::CameBack, why_here == Some(StepKind::Rejoined), "{:?}", because.rule);
    Ok(())
}

fn may_divert(
    before: &Hall,
    now_ms: i64,
    counter: CounterNumber,
    called: &Ticket,
    own: usize,
) -> Result<(), TestCaseError> {
    let routing = &before.rules().routing;
    prop_assert!(routing.profile.diverts());
    prop_assert_eq!(own, 0, "a desk diverts only when nobody waits for it");
    let rule = before.rules().counter(counter).expect("a counter of the hall");
    prop_assert!(rule.services.contains(&called.service) && called.only_counter.is_none());
    if routing.profile.base != Base::Foresight {
        let post = before.floor().post(counter).expect("a counter of the hall");
        prop_assert!(before.floor().is_dedicated(post));
        let head_start_ms = called.identified_at_ms - called.order_ms;
        if let Margin::Within(margin_ms) = routing.rescue {
            prop_assert!(called.deadline_at_ms - head_start_ms - now_ms <= margin_ms);
        }
        let able = waiting(before).filter(|other| rule.services.contains(&other.service));
        let rivals = able.filter(|other| other.only_counter.is_none() && tier(before, other) == tier(before, called));
        let first = rivals.min_by_key(|other| place(other)).map(|first| first.id);
        prop_assert_eq!(first, Some(called.id));
    }
    Ok(())
}

/// Whom every counter would call next.
fn next_calls(rig: &Rig) -> Vec<Option<Event>> {
    let decide = |counter| rig.hall.decide(rig.at(), &at_counter(counter, CounterAct::CallNext)).ok();
    (1..=4).map(|counter| decide(counter).and_then(|events| events.last().cloned())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whom_the_rules_call_is_the_one_whose_turn_it_is(rules in any_rules(), wishes in wishes()) {
        let mut rig = Rig::staffed_with(rules);
        for wish in &wishes {
            let before = rig.hall.clone();
            let events = act_on(&mut rig, wish);
            let by_rule = matches!(wish, Wish::Act { act: CounterAct::CallNext, .. });
            for event in events.iter().filter(|_| by_rule) {
                keeps_its_promises(&before, rig.now_ms, event)?;
            }
        }
    }

    #[test]
    fn nobody_is_told_that_nobody_waits_whom_the_counter_could_call(rules in any_rules(), wishes in wishes()) {
        let mut rig = Rig::staffed_with(rules);
        for wish in &wishes {
            act_on(&mut rig, wish);
        }
        for counter in 1..=4 {
            let open = rig.hall.counter(CounterNumber(counter)).is_some_and(|counter| {
                counter.ticket.is_none() && matches!(counter.state, CounterState::Open { .. })
            });
            let waits = waiting(&rig.hall).any(|ticket| rig.hall.may_call(CounterNumber(counter), ticket));
            if open && waits {
                prop_assert!(rig.next(counter).is_some(), "counter {}", counter);
            }
        }
    }

    #[test]
    fn a_hall_rebuilt_from_its_journal_calls_the_same_next(rules in any_rules(), wishes in wishes()) {
        let mut rig = Rig::closed(rules.clone());
        let mut journal: Vec<(i64, Event)> = vec![];
        let mut note = |rig: &Rig, events: Vec<Event>| journal.extend(events.into_iter().map(|event| (rig.now_ms, event)));
        let events = rig.open_day();
        note(&rig, events);
        for counter in 1..=4 {
            let events = rig.sign_in(counter);
            note(&rig, events);
        }
        for wish in &wishes {
            let events = act_on(&mut rig, wish);
            note(&rig, events);
        }
        let mut rebuilt = Rig::closed(rules);
        rebuilt.now_ms = rig.now_ms;
        // A hall that starts again reads from where its day began.
        let begins = journal.iter().rposition(|(_, event)| matches!(event, Event::DayOpened { .. }));
        journal.drain(..begins.unwrap_or(0));
        journal.iter().for_each(|(at_ms, event)| rebuilt.hall.apply(*at_ms, event));
        prop_assert_eq!(next_calls(&rebuilt), next_calls(&rig));
    }
}
