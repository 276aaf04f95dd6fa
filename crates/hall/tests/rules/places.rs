//! Places in the queue that are not simply the moment of taking a number: appointments, returns, transfers, care.

use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Profile, Routing, Rule};
use hall::{Care, Command, CounterNumber, Destination, Event, Refusal, Rules, TicketId};

use crate::rig::{GENERAL, NINE, QUICK, Rig, VIP_DESK, rules};

const MINUTE: i64 = 60_000;

/// Somebody who booked a time so many minutes after nine.
fn with_booking(rig: &mut Rig, minutes: i64) -> TicketId {
    let wish = rig.wish("ordinary", "payment");
    rig.take_as_wished(TakeTicket { booked_ms: Some(NINE + minutes * MINUTE), ..wish })
}

fn under(profile: &str) -> Rules {
    let mut rules = rules();
    rules.routing.profile = profile.parse::<Profile>().expect("a profile");
    rules
}

#[test]
fn who_comes_early_for_an_appointment_waits_from_the_booked_time() {
    let mut rig = Rig::staffed();
    let booked = with_booking(&mut rig, 20);
    rig.pass(600);
    let walked_in = rig.take("ordinary", "payment");
    assert_eq!(rig.queue(), [walked_in, booked], "early is not before those who came before the booked time");
    assert_eq!(rig.ticket(booked).waited_ms(rig.now_ms), 0);
    assert_eq!(rig.ticket(booked).deadline_at_ms, NINE + 50 * MINUTE);
    rig.pass(900);
    let later = rig.take("ordinary", "payment");
    assert_eq!(rig.queue(), [walked_in, booked, later]);
    assert_eq!(rig.ticket(booked).waited_ms(rig.now_ms), 5 * MINUTE);
}

#[test]
fn an_early_appointment_is_called_when_nobody_else_waits() {
    let mut rig = Rig::staffed();
    let booked = with_booking(&mut rig, 20);
    assert_eq!(rig.next(GENERAL), Some(booked));
}

#[test]
fn who_comes_a_little_late_for_an_appointment_has_the_place_of_the_booked_time() {
    let mut rig = Rig::staffed();
    rig.pass(900);
    let walked_in = rig.take("ordinary", "payment");
    rig.pass(600);
    let booked = with_booking(&mut rig, 10);
    assert_eq!(rig.queue(), [booked, walked_in], "15 minutes late is late enough to be forgiven");
    assert_eq!(rig.ticket(booked).waited_ms(rig.now_ms), 0, "while they were not here nothing ran");
    assert_eq!(rig.ticket(booked).deadline_at_ms, NINE + 55 * MINUTE);
}

#[test]
fn who_comes_too_late_for_an_appointment_comes_when_they_come() {
    let mut rig = Rig::staffed();
    rig.pass(900);
    let walked_in = rig.take("ordinary", "payment");
    rig.pass(601);
    let booked = with_booking(&mut rig, 10);
    assert_eq!(rig.queue(), [walked_in, booked]);
    assert_eq!(rig.ticket(booked).deadline_at_ms, rig.now_ms + 30 * MINUTE);
    assert_eq!(rig.ticket(booked).booked_ms, Some(NINE + 10 * MINUTE), "what was booked stays known");
}

#[test]
fn an_appointment_far_ahead_does_not_hold_back_those_who_come_now() {
    let mut rig = Rig::staffed();
    with_booking(&mut rig, 60);
    let walked_in = rig.take("ordinary", "payment");
    assert_eq!(rig.ticket(walked_in).order_ms, NINE, "a booked time says nothing of the clock");
}

/// Two come, the first is held after a minute, the second waits.
fn held_and_waiting(rig: &mut Rig) -> (TicketId, TicketId) {
    let held = rig.take("ordinary", "payment");
    rig.pass(60);
    let second = rig.take("ordinary", "payment");
    assert_eq!(rig.next(GENERAL), Some(held));
    rig.hold(GENERAL);
    rig.pass(300);
    (held, second)
}

#[test]
fn a_held_customer_who_is_back_waits_by_their_original_arrival() {
    let mut rig = Rig::staffed();
    let (held, second) = held_and_waiting(&mut rig);
    rig.does(Command::Rejoin { ticket: held, same_counter: false });
    assert_eq!(rig.queue(), [held, second]);
    assert_eq!(rig.next(QUICK), Some(held), "any counter calls them");
}

#[test]
fn who_rejoins_for_the_same_counter_is_called_by_that_one_only() {
    let mut rig = Rig::staffed();
    let (held, second) = held_and_waiting(&mut rig);
    let events = rig.does(Command::Rejoin { ticket: held, same_counter: true });
    assert_eq!(events, [Event::TicketRejoined { ticket: held, only_counter: Some(CounterNumber(GENERAL)) }]);
    assert_eq!(rig.next(QUICK), Some(second));
    let events = rig.act(GENERAL, CounterAct::CallNext);
    let [Event::TicketCalled { ticket, because, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((*ticket, because.rule), (held, Rule::CameBack));
}

#[test]
fn who_rejoins_when_their_teller_has_gone_is_called_by_anybody() {
    let mut rig = Rig::staffed();
    let (held, second) = held_and_waiting(&mut rig);
    rig.act(GENERAL, CounterAct::SignOut);
    let events = rig.does(Command::Rejoin { ticket: held, same_counter: true });
    assert_eq!(events, [Event::TicketRejoined { ticket: held, only_counter: None }]);
    assert_eq!(rig.next(QUICK), Some(held));
    assert_eq!(rig.next(QUICK), Some(second));
}

#[test]
fn who_came_back_to_a_counter_waits_for_anybody_when_its_teller_goes() {
    let mut rig = Rig::staffed();
    let (held, _) = held_and_waiting(&mut rig);
    rig.does(Command::Rejoin { ticket: held, same_counter: true });
    rig.act(GENERAL, CounterAct::SignOut);
    assert_eq!(rig.ticket(held).only_counter, None);
    assert_eq!(rig.next(QUICK), Some(held));
}

#[test]
fn who_was_sent_to_a_counter_waits_for_anybody_when_its_teller_goes() {
    let mut rig = Rig::staffed();
    let sent = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.transfer_to_counter(GENERAL, QUICK);
    assert_eq!(rig.next(GENERAL), None);
    rig.act(QUICK, CounterAct::SignOut);
    assert_eq!(rig.next(GENERAL), Some(sent));
}

#[test]
fn nobody_is_sent_to_an_empty_counter() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(QUICK, CounterAct::SignOut);
    let to = Destination::Counter(CounterNumber(QUICK));
    let transfer = CounterAct::Transfer { to, keep_place: true, note: None };
    assert_eq!(rig.refuses_act(GENERAL, transfer), Refusal::CounterClosed(CounterNumber(QUICK)));
}

#[test]
fn the_next_one_is_chosen_by_what_the_journal_says_of_the_last() {
    // A visit of five hours says that services take long today, by which foresight weighs.
    let mut rig = Rig::staffed_with(under("foresight"));
    rig.take("vip", "payment");
    rig.next(VIP_DESK);
    rig.pass(5 * 3600);
    for _ in 0..12 {
        rig.take("ordinary", "payment");
    }
    rig.pass(1100);
    let call = crate::rig::at_counter(VIP_DESK, CounterAct::CallNext);
    let events = rig.hall.decide(rig.at(), &call).expect("a customer is done");
    let (called, done) = events.split_last().expect("two events at least");
    done.iter().for_each(|event| rig.hall.apply(rig.now_ms, event));
    let again = rig.hall.decide(rig.at(), &call).expect("somebody is worth a diversion");
    assert_eq!(again.as_slice(), std::slice::from_ref(called));
}

#[test]
fn a_teller_who_pauses_is_still_there_for_who_rejoins() {
    let mut rig = Rig::staffed();
    let (held, _) = held_and_waiting(&mut rig);
    rig.act(GENERAL, CounterAct::Pause { reason: "接水".into() });
    rig.does(Command::Rejoin { ticket: held, same_counter: true });
    assert_eq!(rig.ticket(held).only_counter, Some(CounterNumber(GENERAL)));
}

#[test]
fn a_transfer_without_the_place_queues_as_having_come_now() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "sim");
    rig.pass(60);
    let second = rig.take("ordinary", "payment");
    rig.pass(60);
    assert_eq!(rig.next(GENERAL), Some(first));
    let to = Destination::Service("payment".into());
    rig.act(GENERAL, CounterAct::Transfer { to, keep_place: false, note: None });
    assert_eq!(rig.queue(), [second, first]);
    assert_eq!(rig.ticket(first).order_ms, rig.now_ms);
    assert_eq!(rig.ticket(first).identified_at_ms, NINE, "the wait they had stays theirs");
    let third = rig.take("ordinary", "payment");
    assert_eq!(rig.queue(), [second, first, third]);
}

#[test]
fn a_new_place_keeps_the_head_start_of_care() {
    let mut rig = Rig::staffed();
    let careful = rig.take_with_care("ordinary", "sim", Care::Elderly);
    assert_eq!(rig.next(GENERAL), Some(careful));
    rig.pass(700);
    let to = Destination::Service("payment".into());
    rig.act(GENERAL, CounterAct::Transfer { to, keep_place: false, note: None });
    assert_eq!(rig.ticket(careful).order_ms, rig.now_ms - 600_000);
}

#[test]
fn care_brings_the_deadline_that_guard_sees_forward() {
    let mut rig = Rig::staffed_with(under("guard"));
    // Twelve minutes or fewer left of thirty is urgent: at 18 minutes, or with ten minutes of head start at eight.
    let plain = rig.take("ordinary", "sim");
    let careful = rig.take_with_care("ordinary", "payment", Care::Pregnant);
    rig.pass(8 * 60 - 1);
    rig.take("gotone", "payment");
    let urgent = |rig: &Rig| {
        let events = rig.hall.decide(rig.at(), &crate::rig::at_counter(GENERAL, CounterAct::CallNext));
        match events.as_deref() {
            Ok([Event::TicketCalled { ticket, because, .. }]) => (*ticket, because.rule),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(urgent(&rig).1, Rule::Precedence);
    rig.pass(1);
    assert_eq!(urgent(&rig), (careful, Rule::Urgent), "and before {plain}, who came at the same moment");
    assert_eq!(rig.ticket(careful).slack_ms(rig.now_ms), 22 * MINUTE, "the customer's own limit stays as promised");
}

#[test]
fn the_head_start_is_the_hall_s_own() {
    let mut rules = rules();
    rules.routing = Routing { care_head_start_s: 0, ..rules.routing };
    let mut rig = Rig::staffed_with(rules);
    let first = rig.take("ordinary", "payment");
    rig.pass(1);
    let careful = rig.take_with_care("ordinary", "payment", Care::Disabled);
    assert_eq!(rig.queue(), [first, careful]);
}
