//! A customer has come whom somebody is to receive.

use look::Language;
use teller::desk::{Act, Answer, Message, Order};
use wire::{Alarm, AlarmKind, LocalNames};

use crate::rig::Rig;

/// Somebody who stands before the kiosk.
pub fn guest() -> Alarm {
    arrival(
        "kiosk-1",
        "大客户（钻石卡）138****5678 在取号机 kiosk-1，请迎接",
        "Please receive VIP (钻石卡) 138****5678 at kiosk-1",
    )
}

/// Somebody who has a number.
pub fn holder() -> Alarm {
    arrival(
        "V002",
        "大客户（金卡）139****1234 在取号机 kiosk-2（V002），请迎接",
        "Please receive VIP (金卡) 139****1234 at kiosk-2 (V002)",
    )
}

fn arrival(about: &str, zh: &str, en: &str) -> Alarm {
    Alarm {
        kind: AlarmKind::VipArrived,
        about: about.into(),
        text: LocalNames { zh: zh.into(), en: en.into() },
        since: "2026-11-22T01:40:00Z".parse().expect("a time"),
    }
}

#[test]
fn who_has_come_is_told_in_the_desk_s_language_until_they_are_not_there_any_more() {
    for language in [Language::Chinese, Language::English] {
        let mut rig = Rig::in_language(language);
        rig.desk.arrived(vec![guest(), holder()]);
        let words = if language == Language::Chinese { guest().text.zh } else { guest().text.en };
        assert_eq!((rig.view().arrival, rig.view().arrivals_more), (Some(words), 1));
        rig.desk.arrived(vec![]);
        assert_eq!((rig.view().arrival, rig.view().arrivals_more), (None, 0));
    }
}

#[test]
fn a_window_that_comes_late_reads_it_from_the_hall_s_alarms_and_no_other_alarm_is_shown() {
    let mut rig = Rig::open();
    let paper = Alarm { kind: AlarmKind::DeviceFault, ..guest() };
    rig.hall.alarms = vec![paper.clone(), holder()];
    rig.tell();
    assert_eq!((rig.view().arrival, rig.view().arrivals_more), (Some(holder().text.zh), 0));
    rig.hall.alarms = vec![paper];
    rig.tell();
    assert_eq!(rig.view().arrival, None);
}

#[test]
fn f3_tells_the_others_that_somebody_goes() {
    let mut rig = Rig::open();
    assert_eq!(rig.press(Act::Received), None, "nobody has come");
    rig.desk.arrived(vec![guest(), holder()]);
    assert_eq!(rig.press(Act::Received), Some(Order::Receive("kiosk-1".into())));
    rig.answer(Answer::Done);
    assert_eq!((rig.view().arrival, rig.view().arrivals_more), (Some(holder().text.zh), 0));
    rig.pass_ms(1_000);
    assert_eq!(rig.press(Act::Received), Some(Order::Receive("V002".into())));
    // A colleague was quicker.
    rig.answer(Answer::Refused("这位客户已被呼叫或已离开".into()));
    assert_eq!(rig.message(), Some(Message::Refused("这位客户已被呼叫或已离开".into())));
}

#[test]
fn f3_works_with_a_customer_at_the_counter_and_changes_nothing_for_them() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.call();
    rig.pass_ms(1_000);
    rig.desk.arrived(vec![guest()]);
    let before = rig.view();
    assert!(before.can.receive);
    assert_eq!(rig.press(Act::Received), Some(Order::Receive("kiosk-1".into())));
    rig.answer(Answer::Done);
    let after = rig.view();
    assert_eq!((before.status, before.current, before.undo_s), (after.status, after.current, after.undo_s));
}

#[test]
fn nothing_is_sent_while_the_broker_is_away() {
    let mut rig = Rig::open();
    rig.desk.arrived(vec![guest()]);
    rig.desk.set_away(true);
    assert_eq!(rig.press(Act::Received), None);
    assert_eq!(rig.message(), Some(Message::Away));
    assert!(!rig.view().can.receive);
}

#[test]
fn only_the_free_desk_of_the_highest_tier_is_asked_to_walk_the_floor() {
    let mut rig = Rig::open();
    assert!(!rig.view().walks, "a general counter");
    rig.counter().kind = "gotone".into();
    rig.tell();
    assert!(!rig.view().walks, "the desk of another tier");
    rig.counter().kind = "vip".into();
    rig.tell();
    assert!(rig.view().walks);
    rig.counter().waiting = 1;
    rig.tell();
    assert!(!rig.view().walks, "somebody waits");
    rig.counter().waiting = 0;
    rig.counter().diverts = Some("A042".into());
    rig.tell();
    assert!(!rig.view().walks, "somebody can be taken over");
    rig.counter().diverts = None;
    rig.tell();
    rig.call();
    assert!(!rig.view().walks, "a customer is here");
}
