//! Who somebody is: typed, shown, booked, or not said.

use crate::common::{desk_with, rich_settings, seconds};
use crate::guests::{appointment, identified, who};
use crate::pages::{choose, rich, touched};
use kiosk::desk::{Command, Desk, IDENTIFY_LIMIT, Identified, Lookup, News, Touch};
use kiosk::view::{Guest, KeysHint, Page};
use std::time::Duration;
use wire::{AppointmentStanding, IdentifyBy, IdentityKind, KioskPage, TakeTicket};

const NUMBER: &str = "13812345678";

fn typed(desk: Desk, way: IdentifyBy, digits: &str) -> Desk {
    let digits = digits.bytes().map(|digit| Touch::Digit(digit - b'0'));
    touched(desk, [Touch::Who, Touch::Way(way)].into_iter().chain(digits))
}

/// A desk that has asked the broker who has [`NUMBER`], at the first second.
fn asking() -> Desk {
    let mut desk = typed(rich(), IdentifyBy::Phone, NUMBER);
    let commands = desk.touch(seconds(1), Touch::Enter);
    assert!(matches!(&commands[..], [Command::Identify { number }] if number.reveal() == NUMBER), "{commands:?}");
    desk
}

fn by_phone(tier: &str) -> Identified {
    Identified { kind: IdentityKind::Phone, ..who(tier) }
}

fn taken(desk: &mut Desk, at: Duration) -> TakeTicket {
    desk.touch(at, choose("open"));
    let commands = desk.touch(at, Touch::Confirm);
    let [Command::Take { request, .. }] = &commands[..] else { panic!("{commands:?}") };
    request.clone()
}

fn hint(desk: &Desk) -> (String, KeysHint, bool) {
    let Page::Keys(keys) = desk.view(seconds(1)).page else { panic!("no keys") };
    (keys.typed.text, keys.hint, keys.ready)
}

#[test]
fn a_typed_number_is_masked_until_a_finger_rests_on_the_eye() {
    let mut desk = typed(rich(), IdentifyBy::Phone, NUMBER);
    assert_eq!(hint(&desk).0, "138****5678");
    desk.touch(seconds(1), Touch::Reveal(true));
    assert_eq!(hint(&desk).0, NUMBER);
    desk.touch(seconds(1), Touch::Reveal(false));
    assert_eq!(hint(&desk), ("138****5678".to_owned(), KeysHint::None, true));
}

#[test]
fn what_cannot_be_a_mobile_number_is_not_sent() {
    for digits in ["1381234567", "23812345678", "10012345678"] {
        let mut desk = typed(rich(), IdentifyBy::Phone, digits);
        assert_eq!(desk.touch(seconds(1), Touch::Enter), [], "{digits}");
    }
    let whole = typed(rich(), IdentifyBy::Phone, "23812345678");
    assert_eq!(hint(&whole).1, KeysHint::NoMobileNumber);
}

#[test]
fn somebody_the_broker_knows_goes_on_at_once() {
    let mut desk = asking();
    desk.hear(seconds(1), News::Identified(by_phone("vip")));
    let view = desk.view(seconds(1));
    assert!(matches!(view.page, Page::Welcome(_)));
    assert_eq!(view.guest, Some(Guest::Honoured("大客户".to_owned())));
    assert_eq!(view.reception.map(|reception| reception.way), Some("大客户接待室".to_owned()));
    assert_eq!(taken(&mut desk, seconds(2)).identified.as_deref(), Some("k3v9"));
}

#[test]
fn without_an_answer_within_a_second_they_are_served_like_everybody() {
    let mut desk = asking();
    desk.tick(seconds(1) + IDENTIFY_LIMIT / 2);
    assert_eq!(hint(&desk).1, KeysHint::Asking);
    desk.tick(seconds(1) + IDENTIFY_LIMIT);
    let view = desk.view(seconds(2));
    assert!(matches!(view.page, Page::Welcome(_)));
    assert!(view.unknown);
    assert_eq!(taken(&mut desk, seconds(2)).identified, None);
}

#[test]
fn a_late_answer_counts_until_the_number_is_asked_for() {
    let mut desk = asking();
    desk.tick(seconds(2));
    desk.touch(seconds(2), choose("open"));
    desk.hear(seconds(3), News::Identified(by_phone("gotone")));
    let view = desk.view(seconds(3));
    assert_eq!((view.guest, view.unknown), (Some(Guest::Honoured("全球通客户".to_owned())), false));
    let commands = desk.touch(seconds(3), Touch::Confirm);
    assert!(matches!(&commands[..], [Command::Take { request, .. }] if request.identified.is_some()), "{commands:?}");
}

#[test]
fn an_answer_for_somebody_who_left_greets_nobody() {
    let mut desk = asking();
    desk.touch(seconds(1), Touch::Leave);
    desk.hear(seconds(1), News::Identified(by_phone("vip")));
    assert_eq!(desk.view(seconds(1)).guest, None);
    desk = typed(desk, IdentifyBy::Phone, "13987654321");
    desk.touch(seconds(2), Touch::Enter);
    desk.hear(seconds(2), News::Identified(by_phone("vip")));
    assert_eq!(desk.view(seconds(2)).guest, None, "another number than the one typed now");
}

#[test]
fn a_card_that_is_shown_moves_the_page_on() {
    for way in [IdentifyBy::Card, IdentifyBy::IdCard, IdentifyBy::Code] {
        let mut desk = touched(rich(), [Touch::Who, Touch::Way(way)]);
        assert_eq!(desk.view(seconds(1)).page, Page::Show(way));
        desk.hear(seconds(1), identified("gotone"));
        let view = desk.view(seconds(1));
        assert!(matches!(view.page, Page::Welcome(_)), "{way:?}");
        assert!(view.guest.is_some());
    }
}

#[test]
fn on_the_way_to_a_number_the_next_page_follows_who_they_are() {
    let mut settings = rich_settings();
    settings.pages = vec![KioskPage::Who, KioskPage::Confirm];
    let mut desk = touched(desk_with(settings), [choose("open")]);
    desk.hear(seconds(1), identified("gotone"));
    assert!(matches!(desk.view(seconds(1)).page, Page::Confirm(_)));
}

#[test]
fn a_way_the_hall_does_not_offer_is_none() {
    let mut settings = rich_settings();
    settings.identify = vec![IdentifyBy::Card];
    settings.care = false;
    let desk = touched(desk_with(settings), [Touch::Who, Touch::Way(IdentifyBy::Phone), Touch::CareWay]);
    assert!(matches!(desk.view(seconds(1)).page, Page::Who(_)));
}

#[test]
fn six_digits_look_an_appointment_up_and_a_due_one_leads_to_its_business() {
    let mut desk = typed(rich(), IdentifyBy::Appointment, "40291");
    let commands = desk.touch(seconds(1), Touch::Digit(3));
    let [Command::FindAppointment { visit, code }] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(code.reveal(), "402913");
    let found = Lookup::Found(appointment(AppointmentStanding::Due));
    desk.hear(seconds(1), News::Booked { visit: *visit, found });
    let Page::Confirm(confirm) = desk.view(seconds(1)).page else { panic!("not confirmed") };
    assert_eq!((confirm.name.as_str(), confirm.booked_at.as_str()), ("开户入网", "14:30"));
    let commands = desk.touch(seconds(1), Touch::Confirm);
    let [Command::Take { request, .. }] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(request.appointment.as_deref(), Some("402913"));
}

#[test]
fn an_appointment_that_is_not_due_says_why_and_lets_the_customer_queue() {
    for (standing, carried) in [
        (AppointmentStanding::Early, None),
        (AppointmentStanding::Late, Some("402913")),
        (AppointmentStanding::Used, None),
        (AppointmentStanding::Cancelled, None),
    ] {
        let mut desk = typed(rich(), IdentifyBy::Appointment, "402913");
        desk.hear(seconds(1), News::Booked { visit: 0, found: Lookup::Found(appointment(standing)) });
        assert!(matches!(desk.view(seconds(1)).page, Page::Booked(page) if page.standing == standing));
        desk.touch(seconds(1), Touch::Confirm);
        let commands = desk.touch(seconds(1), Touch::Confirm);
        let [Command::Take { request, .. }] = &commands[..] else { panic!("{standing:?}: {commands:?}") };
        assert_eq!(request.appointment.as_deref(), carried, "{standing:?}");
    }
}

#[test]
fn an_unknown_code_is_typed_anew_and_an_old_answer_changes_nothing() {
    let mut desk = typed(rich(), IdentifyBy::Appointment, "402913");
    desk.hear(seconds(1), News::Booked { visit: 7, found: Lookup::Unknown });
    assert_eq!(hint(&desk).1, KeysHint::Asking, "that was somebody else's");
    desk.hear(seconds(1), News::Booked { visit: 0, found: Lookup::Unknown });
    assert_eq!(hint(&desk), (String::new(), KeysHint::UnknownCode, false));
}

#[test]
fn a_code_on_a_phone_that_is_an_appointment_checks_in() {
    let mut desk = touched(rich(), [Touch::Who, Touch::Way(IdentifyBy::Code)]);
    let mut scanned = who("ordinary");
    scanned.kind = IdentityKind::Code;
    scanned.appointment = Some(appointment(AppointmentStanding::Due));
    desk.hear(seconds(1), News::Identified(scanned));
    assert!(matches!(desk.view(seconds(1)).page, Page::Confirm(_)));
}
