//! The life of a ticket.

use hall::command::CounterAct;
use hall::routing::Rule;
use hall::ticket::StepKind;
use hall::{Actor, Care, Command, CounterNumber, Event, Refusal, TicketState};

use crate::rig::{GENERAL, GOTONE_DESK, NINE, QUICK, Rig, VIP_DESK};

#[test]
fn a_ticket_is_issued_called_started_completed_and_rated() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    assert_eq!(rig.state(ticket), TicketState::Waiting);
    rig.pass(60);
    assert_eq!(rig.next(GENERAL), Some(ticket));
    assert_eq!(rig.state(ticket), TicketState::Called);
    assert_eq!(rig.ticket(ticket).counter, Some(CounterNumber(GENERAL)));
    assert_eq!(rig.ticket(ticket).teller, Some("1003".into()));
    rig.pass(15);
    rig.act(GENERAL, CounterAct::Start);
    assert_eq!(rig.state(ticket), TicketState::Serving);
    rig.pass(120);
    rig.act(GENERAL, CounterAct::Complete { outcome: Some("已缴".into()) });
    assert_eq!(rig.state(ticket), TicketState::Completed);
    assert_eq!(rig.at_counter(GENERAL), None);
    rig.does(Command::Rate { ticket, score: 5, comment: None });
    assert_eq!(rig.ticket(ticket).score, Some(5));
    let steps: Vec<_> = rig.ticket(ticket).history.iter().map(|step| (step.what, (step.at_ms - NINE) / 1000)).collect();
    assert_eq!(
        steps,
        [
            (StepKind::Issued, 0),
            (StepKind::Called, 60),
            (StepKind::Started, 75),
            (StepKind::Completed, 195),
            (StepKind::Rated, 195)
        ]
    );
}

#[test]
fn a_recall_counts_and_moves_the_time_of_the_call() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.pass(30);
    rig.act(GENERAL, CounterAct::Recall);
    rig.act(GENERAL, CounterAct::Recall);
    assert_eq!(rig.ticket(ticket).recalls, 2);
    assert_eq!(rig.ticket(ticket).last_call_ms, Some(NINE + 30_000));
    assert_eq!(rig.state(ticket), TicketState::Called);
}

#[test]
fn a_recall_count_stands_still_at_its_end_instead_of_starting_over() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    for _ in 0..300 {
        rig.act(GENERAL, CounterAct::Recall);
    }
    assert_eq!(rig.ticket(ticket).recalls, 255);
}

#[test]
fn who_is_being_served_is_not_called_again_nor_a_no_show() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    for act in [CounterAct::Recall, CounterAct::NoShow, CounterAct::Start] {
        let refusal = rig.refuses_act(GENERAL, act);
        assert_eq!(refusal, Refusal::WrongState { number: "A001".into(), state: TicketState::Serving });
    }
}

#[test]
fn a_no_show_frees_the_counter_and_may_be_called_again_when_they_come_after_all() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Recall);
    rig.act(GENERAL, CounterAct::NoShow);
    assert_eq!(rig.state(ticket), TicketState::NoShow);
    assert_eq!(rig.at_counter(GENERAL), None);
    assert_eq!(rig.next(GENERAL), None, "a no-show is called by hand only");

    rig.call(QUICK, ticket);
    assert_eq!(rig.state(ticket), TicketState::Called);
    assert_eq!(rig.ticket(ticket).recalls, 0, "recalls count at the present counter");
    rig.complete(QUICK);
    assert_eq!(rig.state(ticket), TicketState::Completed);
    assert_eq!(rig.hall.tally(&"payment".into()).served, 1);
}

#[test]
fn a_held_ticket_frees_its_counter_and_is_called_again_by_hand_only() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.hold(GENERAL);
    assert_eq!(rig.state(ticket), TicketState::Held);
    assert_eq!(rig.ticket(ticket).note.as_deref(), Some("取证件"));
    assert_eq!(rig.at_counter(GENERAL), None);
    assert_eq!(rig.next(GENERAL), None);
    let events = rig.act(QUICK, CounterAct::Call { ticket });
    let [Event::TicketCalled { because, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(because.rule, Rule::ByHand);
    assert_eq!(rig.at_counter(QUICK), Some(ticket));
}

#[test]
fn a_held_ticket_s_absence_is_neither_wait_nor_service() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.pass(100);
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(30);
    rig.hold(GENERAL);
    rig.pass(3600);
    rig.call(GENERAL, ticket);
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(50);
    rig.complete(GENERAL);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 100_000, "the wait ended at the first start");
    let tally = rig.hall.tally(&"payment".into());
    assert_eq!((tally.served, tally.service_s, tally.service_s2), (1, 50.0, 2500.0));
}

#[test]
fn a_ticket_sent_to_another_service_keeps_its_place_by_original_arrival() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "sim");
    rig.pass(10);
    let second = rig.take("ordinary", "payment");
    assert_eq!(rig.next(GENERAL), Some(first));
    rig.transfer_to_service(GENERAL, "payment");
    assert_eq!(rig.state(first), TicketState::Waiting);
    assert_eq!(rig.ticket(first).service, "payment".into());
    assert_eq!(rig.queue(), [first, second]);
    assert_eq!(rig.next(QUICK), Some(first));
    assert_eq!(rig.number(first), "A001", "the number stays");
}

#[test]
fn a_ticket_sent_to_a_counter_is_called_by_that_one_only_whatever_its_kind() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(
        GENERAL,
        CounterAct::Transfer {
            to: hall::Destination::Counter(CounterNumber(VIP_DESK)),
            keep_place: true,
            note: Some("找王芳".into()),
        },
    );
    assert_eq!(rig.ticket(ticket).only_counter, Some(CounterNumber(VIP_DESK)));
    assert_eq!(rig.ticket(ticket).note.as_deref(), Some("找王芳"));
    assert_eq!(rig.next(GENERAL), None);
    let events = rig.act(VIP_DESK, CounterAct::CallNext);
    let [Event::TicketCalled { because, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(because.rule, Rule::Transferred);
}

#[test]
fn a_call_that_is_undone_leaves_a_ticket_bound_to_the_counter_it_was_sent_to() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.transfer_to_counter(GENERAL, VIP_DESK);
    assert_eq!(rig.next(VIP_DESK), Some(ticket));
    rig.act(VIP_DESK, CounterAct::Return);
    assert_eq!(rig.next(GENERAL), None, "it still waits for the VIP desk");
    assert_eq!(rig.next(VIP_DESK), Some(ticket));
    rig.transfer_to_service(VIP_DESK, "payment");
    assert_eq!(rig.next(QUICK), Some(ticket), "a transfer to a service sets it free");
}

#[test]
fn a_returned_ticket_goes_silently_back_to_its_place() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "payment");
    rig.pass(5);
    let second = rig.take("ordinary", "payment");
    assert_eq!(rig.next(GENERAL), Some(first));
    let events = rig.act(GENERAL, CounterAct::Return);
    assert_eq!(events, [Event::TicketReturned { ticket: first, counter: CounterNumber(GENERAL) }]);
    assert_eq!(rig.queue(), [first, second]);
    assert_eq!(rig.at_counter(GENERAL), None);
}

#[test]
fn a_start_that_is_undone_with_its_call_did_not_end_the_wait() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    for _ in 0..2 {
        rig.next(GENERAL);
        rig.act(GENERAL, CounterAct::Start);
        rig.act(GENERAL, CounterAct::Return);
        assert_eq!(rig.ticket(ticket).started_at_ms, None);
        rig.pass(100);
    }
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 200_000);
    assert_eq!(rig.ticket(ticket).slack_ms(rig.now_ms), 1_600_000);
}

#[test]
fn undoing_a_second_call_keeps_the_start_of_the_first() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.hold(GENERAL);
    rig.pass(60);
    rig.call(GENERAL, ticket);
    rig.act(GENERAL, CounterAct::Start);
    rig.act(GENERAL, CounterAct::Return);
    assert_eq!(rig.ticket(ticket).started_at_ms, Some(NINE));
}

#[test]
fn a_waiting_ticket_is_given_up_by_its_customer() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.pass(90);
    rig.does(Command::Cancel { ticket, by: Actor::Customer });
    assert_eq!(rig.state(ticket), TicketState::Cancelled);
    assert!(rig.queue().is_empty());
    rig.pass(3600);
    assert_eq!(rig.ticket(ticket).waited_ms(rig.now_ms), 90_000, "who has left waits no longer");
}

#[test]
fn a_called_ticket_that_is_given_up_frees_its_counter() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.does(Command::Cancel { ticket, by: Actor::Staff });
    assert_eq!(rig.at_counter(GENERAL), None);
    let second = rig.take("ordinary", "payment");
    assert_eq!(rig.next(GENERAL), Some(second));
    assert_eq!(rig.hall.tally(&"payment".into()).served, 0, "nobody was served");
}

#[test]
fn a_held_ticket_can_be_given_up_and_one_being_served_or_over_cannot() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    let cancel = Command::Cancel { ticket, by: Actor::Staff };
    assert_eq!(rig.refuses(cancel.clone()), Refusal::WrongState { number: "A001".into(), state: TicketState::Serving });
    rig.hold(GENERAL);
    rig.does(cancel.clone());
    assert_eq!(rig.refuses(cancel), Refusal::WrongState { number: "A001".into(), state: TicketState::Cancelled });
}

#[test]
fn only_a_completed_ticket_is_rated_once_from_one_to_five() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    let rate = |score| Command::Rate { ticket, score, comment: None };
    assert_eq!(rig.refuses(rate(5)), Refusal::WrongState { number: "A001".into(), state: TicketState::Waiting });
    rig.next(GENERAL);
    rig.complete(GENERAL);
    assert_eq!(rig.refuses(rate(0)), Refusal::BadScore(0));
    assert_eq!(rig.refuses(rate(6)), Refusal::BadScore(6));
    let events = rig.does(Command::Rate { ticket, score: 1, comment: Some("等太久".into()) });
    assert_eq!(events, [Event::TicketRated { ticket, score: 1, comment: Some("等太久".into()) }]);
    assert_eq!(rig.refuses(rate(5)), Refusal::AlreadyRated("A001".into()));
}

#[test]
fn a_reprint_needs_a_kiosk_and_a_ticket_that_is_not_over() {
    let mut rig = Rig::staffed();
    let wish = rig.wish("ordinary", "payment");
    let printed = rig.take_as_wished(hall::command::TakeTicket { kiosk: Some("kiosk-1".into()), ..wish });
    let unprinted = rig.take("ordinary", "payment");
    assert_eq!(rig.does(Command::Reprint { ticket: printed }), [Event::TicketReprinted { ticket: printed }]);
    assert_eq!(rig.refuses(Command::Reprint { ticket: unprinted }), Refusal::NoPrinter("A002".into()));
    rig.next(GENERAL);
    rig.complete(GENERAL);
    let refusal = rig.refuses(Command::Reprint { ticket: printed });
    assert_eq!(refusal, Refusal::WrongState { number: "A001".into(), state: TicketState::Completed });
}

#[test]
fn a_ticket_is_found_by_the_code_behind_its_qr() {
    let mut rig = Rig::open();
    let ticket = rig.take("ordinary", "payment");
    assert_eq!(rig.hall.ticket_by_code(&"code-1".into()).map(|ticket| ticket.id), Some(ticket));
    assert!(rig.hall.ticket_by_code(&"code-2".into()).is_none());
}

#[test]
fn priority_care_gives_a_head_start_once() {
    let mut rig = Rig::staffed();
    let early = rig.take("ordinary", "payment");
    rig.pass(599);
    let late = rig.take("ordinary", "payment");
    assert_eq!(rig.queue(), [early, late]);
    rig.does(Command::Prioritise { ticket: late, care: Care::Elderly });
    assert_eq!(rig.queue(), [late, early], "599 s later with 600 s of head start");
    assert_eq!(rig.ticket(late).care, Some(Care::Elderly));
    let place = rig.ticket(late).order_ms;
    rig.does(Command::Prioritise { ticket: late, care: Care::Infirm });
    assert_eq!(rig.ticket(late).order_ms, place, "for another reason there is no second one");
    let newest = rig.take_with_care("ordinary", "payment", Care::Pregnant);
    assert_eq!(rig.queue(), [late, newest, early]);
    assert_eq!(rig.ticket(newest).identified_at_ms, rig.now_ms, "the wait counts from when they came");
}

#[test]
fn priority_care_goes_before_the_own_tier_only() {
    let mut rig = Rig::staffed();
    let careful = rig.take_with_care("ordinary", "payment", Care::Disabled);
    let gotone = rig.take("gotone", "payment");
    assert_eq!(rig.queue(), [gotone, careful]);
    assert_eq!(rig.next(GOTONE_DESK), Some(gotone));
    assert_eq!(rig.next(GOTONE_DESK), None);
}
