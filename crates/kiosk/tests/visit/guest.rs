//! Somebody whom a reader has identified, with time stepped by hand.

use crate::common::{desk, desk_with, issued, problem, rich_settings, seconds, services};
use crate::guests::{appointment, identified, who};
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::language::Language;
use kiosk::view::{Guest, Page};
use wire::{AppointmentStanding, Care};

fn choose(service: &str) -> Touch {
    Touch::Choose(service.to_owned())
}

fn greeted() -> Desk {
    let mut desk = desk();
    desk.hear(seconds(1), identified("vip"));
    desk
}

/// The key that the next number is taken with, at this second.
fn key_taken(desk: &mut Desk, at: u64) -> Option<String> {
    desk.touch(seconds(at), choose("open"));
    let commands = desk.touch(seconds(at), Touch::Confirm);
    let [Command::Take { request, .. }] = &commands[..] else { panic!("{commands:?}") };
    request.identified.clone()
}

#[test]
fn a_customer_is_greeted_by_their_tier_while_they_choose_and_their_number_is_theirs() {
    let mut desk = greeted();
    let honoured = Some(Guest::Honoured("大客户".to_owned()));
    assert_eq!(desk.view(seconds(2)).guest, honoured);
    desk.touch(seconds(3), choose("open"));
    assert_eq!(desk.view(seconds(3)).guest, honoured);
    desk.touch(seconds(4), Touch::Language);
    assert_eq!(desk.view(seconds(4)).guest, Some(Guest::Honoured("VIP".to_owned())));
    // Who goes back to choose another business has not left.
    desk.touch(seconds(5), Touch::Back);
    assert_eq!(key_taken(&mut desk, 6).as_deref(), Some("k3v9"));
    assert_eq!(desk.view(seconds(6)).guest, None);
    desk.hear(seconds(7), News::Issued { attempt: 1, issued: issued(None) });
    desk.touch(seconds(8), Touch::Done);
    assert_eq!(desk.view(seconds(8)).guest, None, "the next customer is somebody else");
    assert_eq!(key_taken(&mut desk, 9), None);
}

#[test]
fn a_brand_is_addressed_as_its_customers_and_the_lowest_tier_by_the_masked_number() {
    let mut desk = desk();
    desk.hear(seconds(1), identified("gotone"));
    assert_eq!(desk.view(seconds(1)).guest, Some(Guest::Honoured("全球通客户".to_owned())));
    for tier in ["ordinary", "a tier of tomorrow"] {
        desk.hear(seconds(2), identified(tier));
        assert_eq!(desk.view(seconds(2)).guest, Some(Guest::Known("138****5678".to_owned())), "{tier}");
    }
}

#[test]
fn somebody_who_was_identified_is_asked_whether_they_are_there_and_stays_who_they_are() {
    let mut desk = greeted();
    desk.tick(seconds(61));
    assert!(desk.view(seconds(61)).still_there_s.is_some(), "on the first page too");
    desk.touch(seconds(80), Touch::Stay);
    assert!(desk.view(seconds(139)).guest.is_some());
    assert!(key_taken(&mut desk, 139).is_some());
}

#[test]
fn somebody_who_left_is_forgotten_at_once_or_when_the_page_notices() {
    let mut left = greeted();
    left.touch(seconds(2), choose("open"));
    left.touch(seconds(3), Touch::Leave);
    assert_eq!(left.view(seconds(3)).guest, None);
    assert_eq!(key_taken(&mut left, 4), None);

    let mut refused = greeted();
    assert!(key_taken(&mut refused, 2).is_some());
    refused.hear(seconds(3), News::Refused { attempt: 1, problem: problem("quota_exhausted", "") });
    refused.touch(seconds(4), Touch::Done);
    assert_eq!(refused.view(seconds(4)).guest, None);

    let mut walked = desk();
    walked.touch(seconds(0), Touch::Language);
    walked.hear(seconds(30), identified("vip"));
    assert_eq!(walked.tick(seconds(61)), [], "who showed a card is there");
    assert!(walked.view(seconds(90)).still_there_s.is_some());
    assert_eq!(walked.tick(seconds(120)), [Command::AskServices(Language::CHINESE)]);
    assert_eq!(walked.view(seconds(120)).guest, None);
}

#[test]
fn a_card_shown_on_somebody_else_s_page_changes_nothing() {
    let mut desk = desk();
    assert_eq!(key_taken(&mut desk, 1), None);
    desk.hear(seconds(2), identified("vip"));
    assert_eq!(desk.view(seconds(2)).guest, None);
    desk.hear(seconds(3), News::Issued { attempt: 1, issued: issued(Some("printed")) });
    desk.hear(seconds(4), identified("vip"));
    let before = desk.view(seconds(4));
    assert_eq!(before.guest, None);
    desk.touch(seconds(5), Touch::Done);
    assert_eq!(key_taken(&mut desk, 6), None);
}

#[test]
fn the_latest_of_two_who_were_identified_is_greeted() {
    let mut desk = greeted();
    desk.hear(seconds(2), identified("gotone"));
    assert_eq!(desk.view(seconds(2)).guest, Some(Guest::Honoured("全球通客户".to_owned())));
}

/// People ahead and the wait, as the page tells them on which a number is confirmed.
fn told(desk: &Desk) -> (Option<usize>, Option<(u32, u32)>) {
    let Page::Confirm(page) = desk.view(seconds(5)).page else { panic!("{:?}", desk.view(seconds(5)).page) };
    (page.ahead, page.wait)
}

#[test]
fn people_ahead_are_those_of_the_customer_who_stands_there() {
    let mut ordinary = desk();
    ordinary.touch(seconds(2), choose("sim"));
    assert_eq!(told(&ordinary), (Some(12), Some((20, 55))));
    let mut vip = greeted();
    let Page::Welcome(page) = vip.view(seconds(2)).page else { panic!("not open") };
    assert_eq!((page.cards[2].ahead, page.cards[2].wait), (Some(3), Some((5, 15))), "on the cards too");
    vip.touch(seconds(2), choose("sim"));
    assert_eq!(told(&vip), (Some(3), Some((5, 15))));
    // A broker of before tells nothing of tiers: nothing is said rather than something false.
    let mut before = services();
    before[2].tiers.clear();
    vip.hear(seconds(3), News::Services(before));
    assert_eq!(told(&vip), (None, None));
}

#[test]
fn who_comes_first_by_care_or_by_a_booked_time_is_told_no_other_s_wait() {
    let mut desk = desk_with(rich_settings());
    for touch in [Touch::Who, Touch::CareWay, Touch::Care(Care::Pregnant), choose("sim")] {
        desk.touch(seconds(2), touch);
    }
    assert_eq!(told(&desk), (None, None));
    let mut desk = desk_with(rich_settings());
    let mut booked = who("ordinary");
    booked.appointment = Some(appointment(AppointmentStanding::Due));
    desk.hear(seconds(2), News::Identified(booked));
    assert_eq!(told(&desk), (None, None));
}
