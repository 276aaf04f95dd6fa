//! The business day, and halls whose configuration is not what it was.

use hall::command::CounterAct;
use hall::rules::Rules;
use hall::{Command, CounterNumber, Date, Event, Refusal, TicketId, TicketState};

use crate::rig::{GENERAL, NINE, QUICK, Rig, rules};

fn date(text: &str) -> Date {
    text.to_owned().try_into().expect("a date")
}

#[test]
fn nothing_happens_before_the_day_is_opened() {
    let mut rig = Rig::closed(rules());
    let wish = rig.wish("ordinary", "payment");
    let sign_in = Command::SignIn { counter: CounterNumber(GENERAL), teller: "1003".into() };
    for command in [
        Command::TakeTicket(wish),
        sign_in,
        Command::CloseDay,
        Command::SetTicketing { open: false },
        Command::AtCounter { counter: CounterNumber(GENERAL), act: CounterAct::CallNext },
    ] {
        assert_eq!(rig.refuses(command), Refusal::DayNotOpen);
    }
}

#[test]
fn days_only_go_forward() {
    let mut rig = Rig::open();
    let today = date("2026-11-22");
    for again in ["2026-11-22", "2026-11-21", "2025-12-31"] {
        assert_eq!(rig.refuses(Command::OpenDay { date: date(again) }), Refusal::DayNotNew { latest: today });
    }
    rig.does(Command::CloseDay);
    assert_eq!(rig.hall.day(), None);
    assert_eq!(rig.refuses(Command::OpenDay { date: today }), Refusal::DayNotNew { latest: today });
    rig.does(Command::OpenDay { date: date("2026-11-23") });
    assert_eq!(rig.hall.day(), Some(date("2026-11-23")));
}

#[test]
fn the_end_of_the_day_cancels_open_tickets_and_signs_everybody_out() {
    let mut rig = Rig::staffed();
    let completed = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.complete(GENERAL);
    let no_show = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::NoShow);
    let held = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.hold(GENERAL);
    let serving = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    let called = rig.take("ordinary", "payment");
    rig.next(QUICK);
    let waiting = rig.take("ordinary", "payment");

    assert_eq!(rig.does(Command::CloseDay), [Event::DayClosed { date: date("2026-11-22") }]);
    for open in [held, serving, called, waiting] {
        assert_eq!(rig.state(open), TicketState::Cancelled);
    }
    assert_eq!(rig.state(completed), TicketState::Completed);
    assert_eq!(rig.state(no_show), TicketState::NoShow);
    assert!(rig.hall.queue().is_empty());
    assert!(rig.hall.counters().all(|counter| counter.state.teller().is_none() && counter.ticket.is_none()));
    rig.does(Command::Rate { ticket: completed, score: 4, comment: None });
}

#[test]
fn a_new_day_closes_the_old_one_and_counts_from_001_with_ids_that_go_on() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "payment");
    rig.take("ordinary", "payment");
    rig.does(Command::SetTicketing { open: false });
    rig.pass(86_400);
    let events = rig.open_day();
    assert_eq!(
        events,
        [
            Event::DayClosed { date: date("2026-11-22") },
            Event::DayOpened { date: date("2026-11-23"), first_ticket: TicketId(3), appointments: vec![] }
        ]
    );
    assert!(rig.hall.ticketing_open(), "each day begins with ticketing open");
    assert!(rig.hall.ticket(TicketId(1)).is_none());
    let ticket = rig.take("ordinary", "payment");
    assert_eq!((ticket, rig.number(ticket)), (TicketId(3), "A001"));
    assert_eq!(rig.hall.tally(&"payment".into()).issued, 1);
    let stale = Command::Cancel { ticket: TicketId(1), by: hall::Actor::Customer };
    assert_eq!(rig.refuses(stale), Refusal::UnknownTicket(TicketId(1)));
}

/// The rules of the small hall without one counter.
fn without(counter: u16) -> Rules {
    let mut fewer = rules();
    fewer.counters.retain(|rule| rule.number != CounterNumber(counter));
    fewer
}

/// The same day under other rules, as after a restart.
fn restarted(events: &[Event], rules: Rules) -> Rig {
    let mut rig = Rig::closed(rules);
    for event in events {
        rig.hall.apply(NINE, event);
    }
    rig
}

#[test]
fn a_teller_of_a_counter_that_the_configuration_lost_signs_in_elsewhere() {
    let mut events = Rig::closed(rules()).open_day();
    events.push(Event::CounterOpened { counter: CounterNumber(QUICK), teller: "1004".into() });
    let mut rig = restarted(&events, without(QUICK));
    let events = rig.does(Command::SignIn { counter: CounterNumber(GENERAL), teller: "1004".into() });
    assert_eq!(
        events,
        [
            Event::CounterClosed { counter: CounterNumber(QUICK), teller: "1004".into() },
            Event::CounterOpened { counter: CounterNumber(GENERAL), teller: "1004".into() }
        ]
    );
    assert_eq!(rig.hall.teller_at(&"1004".into()), Some(CounterNumber(GENERAL)));
}

#[test]
fn a_ticket_at_a_counter_that_the_configuration_lost_is_finished_there_first() {
    let mut old = Rig::closed(rules());
    let mut events = old.open_day();
    events.extend(old.sign_in(QUICK));
    let wish = old.wish("ordinary", "payment");
    events.extend(old.does(Command::TakeTicket(wish)));
    events.extend(old.act(QUICK, CounterAct::CallNext));

    let mut rig = restarted(&events, without(QUICK));
    let sign_in = Command::SignIn { counter: CounterNumber(GENERAL), teller: "1004".into() };
    assert_eq!(
        rig.refuses(sign_in.clone()),
        Refusal::TellerElsewhere { teller: "1004".into(), counter: CounterNumber(QUICK) }
    );
    rig.complete(QUICK);
    rig.does(sign_in);
    rig.pass(86_400);
    rig.open_day();
    assert!(rig.hall.counter(CounterNumber(QUICK)).is_none(), "the new day has the configured counters only");
}

#[test]
fn who_was_sent_to_a_counter_that_the_configuration_lost_is_called_by_any_other() {
    let mut old = Rig::closed(rules());
    let mut events = old.open_day();
    events.extend(old.sign_in(GENERAL));
    events.extend(old.sign_in(QUICK));
    let wish = old.wish("ordinary", "payment");
    events.extend(old.does(Command::TakeTicket(wish)));
    events.extend(old.act(GENERAL, CounterAct::CallNext));
    let to = hall::Destination::Counter(CounterNumber(QUICK));
    events.extend(old.act(GENERAL, CounterAct::Transfer { to, keep_place: true, note: None }));
    assert_eq!(old.next(GENERAL), None);

    let mut rig = restarted(&events, without(QUICK));
    assert_eq!(rig.next(GENERAL), Some(TicketId(1)));
}

#[test]
fn a_day_under_rules_without_its_tier_and_service_still_replays() {
    let mut old = Rig::closed(rules());
    let mut events = old.open_day();
    events.extend(old.sign_in(GENERAL));
    for _ in 0..2 {
        let wish = old.wish("gotone", "sim");
        events.extend(old.does(Command::TakeTicket(wish)));
    }
    events.extend(old.act(GENERAL, CounterAct::CallNext));
    events.extend(old.act(GENERAL, CounterAct::CallNext));
    let mut fewer = rules();
    fewer.tiers.retain(|tier| tier.id != "gotone".into());
    fewer.services.retain(|service| service.id != "sim".into());
    let mut rig = restarted(&events, fewer);
    assert_eq!(rig.state(TicketId(1)), TicketState::Completed);
    assert_eq!(rig.at_counter(GENERAL), Some(TicketId(2)));
    rig.complete(GENERAL);
    assert_eq!(rig.hall.tally(&"sim".into()).served, 2);
}

#[test]
fn events_about_what_a_hall_does_not_know_change_nothing() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    let before = rig.hall.clone();
    let (stranger, counter, elsewhere) = (TicketId(77), CounterNumber(GENERAL), CounterNumber(99));
    let because = hall::Because {
        rule: hall::routing::Rule::ByHand,
        tier: "vip".into(),
        slack_ms: 0,
        saves_milli: None,
        favour: None,
    };
    for event in [
        Event::TicketCalled { ticket: stranger, counter: elsewhere, teller: "1".into(), because },
        Event::TicketCompleted { ticket: stranger, counter, outcome: None },
        Event::TicketNoShow { ticket: stranger, counter },
        Event::TicketRecalled { ticket: stranger, counter, recalls: 3 },
        Event::TicketCancelled { ticket: stranger, by: hall::Actor::Staff },
        Event::CounterPaused { counter: elsewhere, reason: String::new() },
        Event::CounterResumed { counter: elsewhere },
    ] {
        rig.hall.apply(rig.now_ms, &event);
        assert!(rig.hall == before, "{event:?}");
    }
    assert_eq!(rig.at_counter(GENERAL), Some(ticket));
}
