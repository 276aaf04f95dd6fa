//! The hidden corner: who finds it, who may enter, and what it does when the broker is away.

use crate::common::{issued, seconds};
use crate::pages::{at_pin, choose, corner, in_corner, rich, touched};
use kiosk::desk::{CORNER_LIMIT, Command, Desk, News, StaffReply, Touch};
use kiosk::view::{Deed, KeysFor, KeysHint, Page};
use wire::{StaffDeed, TicketId};

fn is_welcome(desk: &Desk) -> bool {
    matches!(desk.view(seconds(1)).page, Page::Welcome(_))
}

fn hint(desk: &Desk) -> Option<KeysHint> {
    if let Page::Keys(keys) = desk.view(seconds(1)).page {
        assert_eq!(keys.purpose, KeysFor::Pin);
        return Some(keys.hint);
    }
    None
}

fn with_pin(mut desk: Desk) -> (Desk, Vec<Command>) {
    let mut commands = Vec::new();
    for digit in [4, 0, 2, 9, 1, 3] {
        commands = desk.touch(seconds(1), Touch::Digit(digit));
    }
    (desk, commands)
}

#[test]
fn five_touches_within_five_seconds_open_the_corner_and_fewer_do_not() {
    assert_eq!(hint(&at_pin(rich())), Some(KeysHint::None));
    let mut slow = rich();
    for at in 0..8 {
        slow.touch(seconds(at * 2), Touch::Corner);
    }
    assert!(is_welcome(&slow));
    let mut acting = touched(rich(), [choose("open")]);
    acting = touched(acting, std::iter::repeat_n(Touch::Corner, 9));
    assert!(
        matches!(acting.view(seconds(1)).page, Page::Confirm(_)),
        "somebody is in the middle of their own business"
    );
}

#[test]
fn the_pin_is_asked_of_the_broker_and_shown_as_dots() {
    let (desk, commands) = with_pin(at_pin(rich()));
    assert!(matches!(&commands[..], [Command::OpenStaffCorner { visit: 1, pin }] if pin.reveal() == "402913"));
    let Page::Keys(keys) = desk.view(seconds(1)).page else { panic!("no keys") };
    assert_eq!(keys.typed.text, "●●●●●●");
    assert!(!format!("{desk:?}").contains("402913"));
}

#[test]
fn a_wrong_pin_and_a_locked_corner_are_told_apart() {
    for (reply, expected) in [
        (StaffReply::WrongPin, KeysHint::WrongPin),
        (StaffReply::Locked, KeysHint::TooMany),
        (StaffReply::Unreached, KeysHint::Unreached),
    ] {
        let (mut desk, _) = with_pin(at_pin(rich()));
        desk.hear(seconds(1), News::Staff { visit: 1, reply });
        assert_eq!(hint(&desk), Some(expected));
        assert_eq!(desk.touch(seconds(1), Touch::Exit), [], "not without the right PIN");
    }
}

#[test]
fn one_deed_is_under_way_at_a_time_and_its_end_is_told() {
    let mut desk = in_corner();
    let reprint = Touch::Deed(StaffDeed::Reprint { ticket: TicketId(42) });
    let commands = desk.touch(seconds(1), reprint.clone());
    assert!(matches!(&commands[..], [Command::StaffAct { key, .. }] if key == "s7"), "{commands:?}");
    assert_eq!(desk.touch(seconds(1), reprint), [], "two touches are one reprint");
    desk.hear(seconds(2), News::Staff { visit: 1, reply: StaffReply::Open(corner()) });
    let Page::Staff(staff) = desk.view(seconds(2)).page else { panic!("left the corner") };
    assert_eq!((staff.done, staff.busy, staff.tickets.len()), (Some(Deed::Reprint), false, 8));
}

#[test]
fn a_deed_the_broker_refuses_says_why() {
    let mut desk = touched(in_corner(), [Touch::Deed(StaffDeed::TestPrint {})]);
    desk.hear(seconds(1), News::Staff { visit: 1, reply: StaffReply::Refused("本机没有打印机".to_owned()) });
    let Page::Staff(staff) = desk.view(seconds(1)).page else { panic!("left the corner") };
    assert_eq!((staff.trouble.as_str(), staff.done), ("本机没有打印机", None));
}

#[test]
fn the_corner_closes_itself_and_an_answer_that_comes_later_opens_nothing() {
    let mut desk = in_corner();
    desk.tick(seconds(1) + CORNER_LIMIT);
    assert!(is_welcome(&desk));
    desk.hear(seconds(62), News::Staff { visit: 1, reply: StaffReply::Open(corner()) });
    assert!(is_welcome(&desk));
}

#[test]
fn while_the_broker_is_away_whoever_it_knows_may_still_end_the_window() {
    let mut desk = in_corner();
    desk.touch(seconds(1), Touch::Leave);
    let (mut desk, _) = with_pin(at_pin(desk));
    desk.hear(seconds(1), News::Staff { visit: 3, reply: StaffReply::Unreached });
    let Page::Staff(staff) = desk.view(seconds(1)).page else { panic!("not let in") };
    assert!(staff.unreached);
    assert_eq!(desk.touch(seconds(1), Touch::Deed(StaffDeed::Look {})), []);
    assert_eq!(desk.touch(seconds(1), Touch::Exit), [Command::Exit]);
}

#[test]
fn a_customer_cannot_end_the_window() {
    let mut desk = touched(rich(), [choose("open"), Touch::Confirm]);
    assert_eq!(desk.touch(seconds(1), Touch::Exit), []);
    desk.hear(seconds(1), News::Issued { attempt: 1, issued: issued(None) });
    assert_eq!(desk.touch(seconds(1), Touch::Exit), []);
}
