//! What a key may do, and what is to be seen; no window.

use std::time::Duration;

use look::Language;
use teller::desk::{Act, Answer, Asking, Message, Order};
use teller::view::{Limit, Shape, Status};
use wire::{CounterStatus, HistoryStep, HoldKind, SignIn, StepKind, TicketId, TicketState, TicketView};

use crate::rig::Rig;

#[test]
fn f8_calls_the_next_and_shows_why() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.call();
    let view = rig.view();
    let current = view.current.expect("a ticket");
    assert_eq!((view.status, current.line.number.as_str()), (Status::Called, "G015"));
    assert_eq!(current.because, "全球通，剩余 6 分钟");
    assert_eq!((current.line.tier.as_str(), current.line.shape), ("全球通", Shape::GoTone));
    assert_eq!((current.line.waited.as_str(), current.limit_min), ("9:00", 15));
    assert_eq!((current.kiosk.as_str(), current.identity.as_str()), ("kiosk-1", "138****5678"));
    assert_eq!(current.documents, "身份证、缴费号码");
}

#[test]
fn a_bouncing_key_orders_once() {
    let mut rig = Rig::open();
    assert_eq!(rig.press(Act::Next), Some(Order::Next));
    assert_eq!(rig.press(Act::Next), None, "an answer is awaited");
    rig.answer(Answer::Nobody);
    rig.pass_ms(599);
    assert_eq!(rig.press(Act::Next), None, "within 600 ms");
    rig.pass_ms(1);
    assert_eq!(rig.press(Act::Next), Some(Order::Next));
}

#[test]
fn a_fast_hall_debounces_in_its_own_time() {
    let mut rig = Rig::open();
    rig.hall.speed = 60.0;
    rig.tell();
    rig.press(Act::Next);
    rig.answer(Answer::Nobody);
    rig.pass_ms(10);
    assert_eq!(rig.press(Act::Next), Some(Order::Next));
}

#[test]
fn a_call_may_be_undone_for_ten_seconds_and_at_once() {
    let mut rig = Rig::open();
    let ticket = rig.call();
    assert_eq!(rig.view().undo_s, Some(10));
    assert_eq!(rig.press(Act::Undo), Some(Order::Return), "also within the debounce");
    rig.answer(Answer::Called(Box::new(wire::Called {
        ticket: TicketView { state: TicketState::Waiting, ..ticket },
        because: None,
    })));
    assert_eq!(rig.message(), Some(Message::Returned("G015".into())));
    assert_eq!(rig.view().status, Status::Idle);
}

#[test]
fn after_ten_seconds_or_once_the_customer_sits_a_call_stands() {
    let mut rig = Rig::open();
    let ticket = rig.call();
    rig.pass_ms(9_999);
    assert_eq!(rig.view().undo_s, Some(1));
    rig.pass_ms(1);
    assert_eq!(rig.view().undo_s, None);
    assert_eq!(rig.press(Act::Undo), None);
    assert_eq!(rig.message(), Some(Message::TooLate));

    let mut rig = Rig::open();
    rig.call();
    rig.counter().ticket = Some(TicketView { state: TicketState::Serving, ..ticket });
    rig.tell();
    assert_eq!(rig.view().undo_s, None);
}

#[test]
fn a_call_by_keypad_tells_its_reason_and_may_be_undone() {
    let mut rig = Rig::open();
    let ticket = rig.called_ticket();
    rig.called_event(&ticket, 3);
    rig.counter().ticket = Some(ticket.clone());
    rig.tell();
    assert_eq!(rig.view().current.expect("a ticket").because, "全球通，剩余 6 分钟");
    assert_eq!(rig.view().undo_s, Some(10));
    let mut other = Rig::open();
    other.called_event(&ticket, 4);
    assert_eq!(other.view().current, None, "a call to another counter");
}

#[test]
fn a_no_show_unlocks_when_the_hall_says_so() {
    let mut rig = Rig::open();
    rig.call();
    assert_eq!((rig.view().no_show_in_s, rig.view().can.no_show), (20, false));
    rig.pass_ms(19_000);
    assert_eq!(rig.press(Act::NoShow), None);
    assert_eq!(rig.message(), Some(Message::TooEarly));
    rig.pass_ms(1_000);
    assert!(rig.view().can.no_show);
    assert_eq!(rig.press(Act::NoShow), Some(Order::NoShow));
}

#[test]
fn limits_warn_at_eighty_percent_and_at_the_end() {
    let mut rig = Rig::open();
    rig.call();
    let limit = |rig: &Rig| rig.view().current.expect("a ticket").line.limit;
    assert_eq!(limit(&rig), Limit::Within);
    rig.pass_ms(3 * 60_000 - 1);
    assert_eq!(limit(&rig), Limit::Within);
    rig.pass_ms(1);
    assert_eq!(limit(&rig), Limit::Soon, "12 of 15 minutes");
    rig.pass_ms(3 * 60_000);
    assert_eq!(limit(&rig), Limit::Late);
}

#[test]
fn the_wait_stands_still_once_service_started() {
    let mut rig = Rig::open();
    let mut ticket = rig.called_ticket();
    ticket.state = TicketState::Serving;
    ticket.started_at = ticket.called_at;
    rig.counter().ticket = Some(ticket);
    rig.tell();
    rig.pass_ms(20 * 60_000);
    let current = rig.view().current.expect("a ticket");
    assert_eq!((current.line.waited.as_str(), current.line.limit), ("9:00", Limit::Within));
}

#[test]
fn nothing_is_sent_while_the_broker_is_away_and_the_page_says_so() {
    let mut rig = Rig::open();
    rig.call();
    rig.pass_ms(30_000);
    rig.desk.set_away(true);
    for act in [Act::Next, Act::Recall, Act::NoShow, Act::Hold, Act::Transfer, Act::Start, Act::Complete, Act::Undo] {
        assert_eq!(rig.press(act.clone()), None, "{act:?}");
        assert_eq!(rig.message(), Some(Message::Away), "{act:?}");
    }
    assert!(!rig.view().can.next && !rig.view().can.ticket && !rig.view().can.called);
    rig.desk.set_away(false);
    assert_eq!(rig.press(Act::Next), Some(Order::Next));
}

#[test]
fn a_refusal_is_a_message_that_passes() {
    let mut rig = Rig::open();
    rig.press(Act::Next);
    rig.answer(Answer::Refused("3 号窗口已暂停".into()));
    assert_eq!(rig.message(), Some(Message::Refused("3 号窗口已暂停".into())));
    rig.pass_ms(6_000);
    assert_eq!(rig.message(), None);
}

#[test]
fn completing_the_last_customer_says_that_nobody_waits() {
    let mut rig = Rig::open();
    rig.call();
    rig.pass_ms(1_000);
    assert_eq!(rig.press(Act::Next), Some(Order::Next));
    rig.answer(Answer::Nobody);
    assert_eq!((rig.message(), rig.view().status), (Some(Message::CompletedNobody), Status::Idle));
}

#[test]
fn f7_asks_why_and_holds_with_the_reason() {
    let mut rig = Rig::open();
    assert_eq!(rig.press(Act::Hold), None);
    assert_eq!(rig.message(), Some(Message::NoTicket));
    rig.call();
    rig.pass_ms(1_000);
    assert_eq!(rig.press(Act::Hold), None);
    assert_eq!(rig.view().picker.expect("a picker").asking, Asking::HoldReason);
    let Some(Order::Hold(hold)) = rig.press(Act::Choose(3)) else { panic!("no hold") };
    assert_eq!((hold.reason.as_str(), hold.kind), ("等待后台处理", HoldKind::Staff));
    assert_eq!(rig.view().picker, None);
}

#[test]
fn a_picker_closes_by_its_own_key_and_by_escape() {
    let mut rig = Rig::open();
    rig.call();
    for (open, close) in [(Act::Hold, Act::Hold), (Act::Transfer, Act::Dismiss), (Act::Transfer, Act::Transfer)] {
        rig.press(open);
        assert!(rig.view().picker.is_some());
        rig.press(close);
        assert_eq!(rig.view().picker, None);
    }
}

#[test]
fn f6_offers_other_businesses_and_staffed_counters_that_do_this_one() {
    let mut rig = Rig::open();
    rig.hall.counters[0].state = CounterStatus::Closed;
    rig.hall.counters[1].services.retain(|service| service != "payment");
    rig.tell();
    rig.call();
    rig.pass_ms(1_000);
    rig.press(Act::Transfer);
    assert_eq!(rig.view().picker.expect("a picker").choices.len(), 3, "补卡换卡, 宽带办理, 4 号窗口");
    let Some(Order::Transfer(transfer)) = rig.press(Act::Choose(2)) else { panic!("no transfer") };
    assert_eq!((transfer.service, transfer.counter), (None, Some(4)));
}

#[test]
fn more_than_nine_destinations_come_in_pages() {
    let mut rig = Rig::open();
    for number in 5..=14 {
        let counter = wire::CounterView { number, ..rig.hall.counters[3].clone() };
        rig.hall.counters.push(counter);
    }
    rig.tell();
    rig.call();
    rig.pass_ms(1_000);
    rig.press(Act::Transfer);
    let first = rig.view().picker.expect("a picker");
    assert_eq!((first.choices.len(), first.page, first.pages), (9, 1, 2));
    rig.press(Act::MoreChoices);
    assert_eq!(rig.view().picker.expect("a picker").page, 2);
    let Some(Order::Transfer(transfer)) = rig.press(Act::Choose(0)) else { panic!("no transfer") };
    assert_eq!(transfer.counter, Some(9), "two businesses and counters 1, 2, 4 to 8 stand before it");
}

#[test]
fn f12_pauses_with_a_reason_and_goes_on() {
    let mut rig = Rig::open();
    rig.press(Act::Pause);
    assert_eq!(rig.press(Act::Choose(1)), Some(Order::Pause("用餐".into())));
    let paused =
        wire::CounterView { state: CounterStatus::Paused, reason: Some("用餐".into()), ..rig.counter().clone() };
    rig.answer(Answer::Counter(Box::new(paused)));
    assert_eq!((rig.view().status, rig.view().pause_reason.as_str()), (Status::Paused, "用餐"));
    rig.pass_ms(1_000);
    assert_eq!(rig.press(Act::Next), None);
    assert_eq!(rig.message(), Some(Message::Paused));
    assert_eq!(rig.press(Act::Pause), Some(Order::Resume));
}

#[test]
fn a_customer_is_completed_before_the_counter_pauses() {
    let mut rig = Rig::open();
    rig.call();
    rig.pass_ms(1_000);
    assert_eq!(rig.press(Act::Pause), None);
    assert_eq!(rig.message(), Some(Message::Busy("G015".into())));
    assert_eq!(rig.press(Act::Complete), Some(Order::Complete));
}

#[test]
fn held_tickets_are_called_by_their_place_the_counter_s_own_first() {
    let mut rig = Rig::busy(Language::Chinese);
    let held: Vec<String> = rig.view().held.iter().map(|line| line.number.clone()).collect();
    assert_eq!(held, ["G009", "A036"]);
    assert_eq!(rig.press(Act::CallHeld(1)), Some(Order::Call(TicketId(9))));
    assert_eq!(rig.press(Act::CallHeld(7)), None, "nothing stands there");
}

#[test]
fn the_next_in_sight_are_those_this_counter_may_call() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.counter().kind = "gotone".into();
    rig.counter().services.retain(|service| service != "broadband");
    rig.hall.waiting[3].only_counter = Some(3);
    rig.tell();
    let next: Vec<String> = rig.view().next.iter().map(|line| line.number.clone()).collect();
    assert_eq!(next, ["G015", "A043"], "V007 wants broadband, A042 is ordinary, A043 was sent here");
}

#[test]
fn a_free_dedicated_counter_shows_whom_it_takes_over() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.counter().kind = "vip".into();
    rig.hall.waiting.retain(|ticket| ticket.tier == "ordinary");
    rig.counter().diverts = Some("A042".into());
    rig.tell();
    let view = rig.view();
    assert_eq!(view.diverts, "A042");
    assert_eq!(view.next.iter().map(|line| line.number.as_str()).collect::<Vec<_>>(), ["A042"]);
    rig.counter().diverts = None;
    rig.tell();
    assert_eq!((rig.view().diverts, rig.view().next.len()), (String::new(), 0));
}

#[test]
fn a_ticket_from_a_colleague_tells_from_where() {
    let mut rig = Rig::open();
    let mut ticket = rig.call();
    let step = |what, counter| HistoryStep { at: rig.hall.now, what, counter };
    ticket.history = vec![step(StepKind::Issued, None), step(StepKind::Transferred, Some(1))];
    rig.desk.history(&ticket);
    assert_eq!(rig.view().current.expect("a ticket").came_from, Some(1));
}

#[test]
fn signing_in_opens_the_desk_and_a_wrong_pin_does_not() {
    let mut rig = Rig::open();
    rig.counter().state = CounterStatus::Closed;
    rig.tell();
    assert_eq!(rig.view().status, Status::SignedOut);
    let input = SignIn { teller: "1003".into(), pin: "123456".into() };
    assert_eq!(rig.press(Act::SignIn(input.clone())), Some(Order::SignIn(input.clone())));
    rig.answer(Answer::Refused("工号或密码不正确".into()));
    assert_eq!(rig.view().status, Status::SignedOut);
    rig.pass_ms(1_000);
    rig.press(Act::SignIn(input));
    let open = wire::CounterView { state: CounterStatus::Open, ..rig.counter().clone() };
    rig.answer(Answer::Counter(Box::new(open)));
    assert_eq!(rig.view().status, Status::Idle);
}

#[test]
fn an_older_snapshot_changes_nothing() {
    let mut rig = Rig::open();
    let old = rig.hall.clone();
    rig.call();
    rig.desk.snapshot(old, rig.at);
    assert_eq!(rig.view().status, Status::Called);
}

#[test]
fn the_clock_is_the_hall_s_and_runs_at_its_speed() {
    let mut rig = Rig::open();
    rig.hall.speed = 60.0;
    rig.tell();
    assert_eq!(rig.view().time, "09:41");
    rig.pass_ms(1_000);
    assert_eq!(rig.view().time, "09:42");
    assert_eq!(rig.at, Duration::from_secs(6));
}
