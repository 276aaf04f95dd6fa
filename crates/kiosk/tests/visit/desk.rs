//! What the desk decides, with time stepped by hand.

use crate::common::{HUNG_AT_MM, desk, issued, problem, seconds, services, settings};
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::language::Language;
use kiosk::view::{CardTarget, NoticeKind, Page, Print};
use std::time::Duration;
use wire::{PrintState, TakeTicket};

fn choose(service: &str) -> Touch {
    Touch::Choose(service.to_owned())
}

fn taking() -> Desk {
    let mut desk = desk();
    desk.touch(seconds(1), choose("open"));
    desk.touch(seconds(2), Touch::Confirm);
    desk
}

fn with_ticket(print: Option<&str>) -> Desk {
    let mut desk = taking();
    desk.hear(seconds(3), News::Issued { attempt: 1, issued: issued(print) });
    desk
}

fn notice(desk: &Desk, now: Duration) -> Option<NoticeKind> {
    if let Page::Notice(notice) = desk.view(now).page { Some(notice.kind) } else { None }
}

fn print(desk: &Desk, now: Duration) -> Option<Print> {
    if let Page::Ticket(ticket) = desk.view(now).page { Some(ticket.print) } else { None }
}

fn is_welcome(desk: &Desk, now: Duration) -> bool {
    matches!(desk.view(now).page, Page::Welcome(_))
}

#[test]
fn a_number_is_two_touches_away() {
    let mut desk = desk();
    assert_eq!(desk.touch(seconds(1), choose("open")), []);
    let request = TakeTicket {
        service: "open".to_owned(),
        language: Some("zh".to_owned()),
        kiosk: Some("k1".to_owned()),
        ..TakeTicket::default()
    };
    assert_eq!(desk.touch(seconds(2), Touch::Confirm), [Command::Take { attempt: 1, request }]);
    assert_eq!(desk.view(seconds(2)).page, Page::Taking);
    desk.hear(seconds(3), News::Issued { attempt: 1, issued: issued(Some("queued")) });
    let Page::Ticket(ticket) = desk.view(seconds(3)).page else { panic!("no ticket") };
    assert_eq!((ticket.number.as_str(), ticket.service.as_str(), ticket.ahead), ("A042", "开户入网", 5));
    assert_eq!(ticket.wait, Some((10, 25)));
    assert_eq!(ticket.area, "一楼等候区");
}

#[test]
fn a_second_touch_of_confirm_takes_no_second_number() {
    let mut desk = taking();
    assert_eq!(desk.touch(seconds(2), Touch::Confirm), []);
}

#[test]
fn the_request_is_forgotten_only_once_its_answer_is_shown() {
    let mut desk = taking();
    assert_eq!(desk.hear(seconds(3), News::Unanswered { attempt: 1 }), []);
    let commands = desk.hear(seconds(4), News::Issued { attempt: 1, issued: issued(None) });
    assert_eq!(commands, [Command::Forget, Command::AskServices(Language::CHINESE)]);
    assert!(print(&desk, seconds(4)).is_some());
}

#[test]
fn a_broker_that_does_not_answer_is_named_within_two_seconds_and_asked_again() {
    let mut desk = taking();
    assert_eq!(desk.view(seconds(3)).page, Page::Taking);
    assert_eq!(notice(&desk, seconds(4)), Some(NoticeKind::NotReached));
    desk.hear(seconds(4), News::Unanswered { attempt: 1 });
    assert_eq!(desk.tick(seconds(5)), []);
    assert_eq!(desk.tick(seconds(6)), [Command::TakeAgain { attempt: 1 }]);
    assert_eq!(desk.tick(seconds(7)), [], "one try at a time");
    desk.hear(seconds(8), News::Unanswered { attempt: 1 });
    assert_eq!(desk.tick(seconds(10)), [Command::TakeAgain { attempt: 1 }]);
}

#[test]
fn a_customer_who_leaves_leaves_no_request_behind() {
    let mut desk = taking();
    desk.hear(seconds(4), News::Unanswered { attempt: 1 });
    assert_eq!(desk.touch(seconds(5), Touch::Back), [Command::Abandon]);
    assert_eq!(desk.tick(seconds(60)), []);
    desk.hear(seconds(6), News::Services(services()));
    desk.hear(seconds(6), News::Issued { attempt: 1, issued: issued(None) });
    assert!(is_welcome(&desk, seconds(6)), "the next customer sees no stranger's number");
}

#[test]
fn a_customer_who_walks_away_while_the_number_is_taken_gives_it_up() {
    let mut desk = taking();
    desk.hear(seconds(4), News::Unanswered { attempt: 1 });
    desk.tick(seconds(6));
    assert_eq!(desk.tick(seconds(92)), [Command::Abandon]);
    desk.hear(seconds(92), News::Services(services()));
    assert!(is_welcome(&desk, seconds(92)));
    assert_eq!(desk.tick(seconds(93)), [], "given up once");
}

#[test]
fn a_customer_who_leaves_with_the_number_in_sight_keeps_it() {
    assert_eq!(with_ticket(None).touch(seconds(4), Touch::Done), []);
}

#[test]
fn a_restarted_kiosk_asks_again_and_shows_the_number() {
    let mut desk = Desk::new(seconds(0), Some("k1".to_owned()));
    let request = TakeTicket { service: "open".to_owned(), language: Some("en".to_owned()), ..TakeTicket::default() };
    assert_eq!(desk.resume(seconds(0), &request), [Command::TakeAgain { attempt: 1 }]);
    desk.hear(seconds(1), News::Issued { attempt: 1, issued: issued(Some("printed")) });
    assert_eq!(print(&desk, seconds(1)), Some(Print::Printed));
    assert_eq!(desk.view(seconds(1)).language, Language::ENGLISH);
}

#[test]
fn a_ticket_page_closes_after_fifteen_seconds() {
    let mut desk = with_ticket(Some("printed"));
    assert_eq!(desk.tick(seconds(17)), []);
    assert!(print(&desk, seconds(17)).is_some());
    desk.tick(seconds(18));
    assert!(is_welcome(&desk, seconds(18)));
}

#[test]
fn without_paper_the_number_stays_a_minute() {
    let mut desk = with_ticket(Some("queued"));
    desk.hear(seconds(4), News::Paper { device: "printer-1".to_owned(), out: true });
    desk.hear(seconds(5), News::Printing { ticket: 7, state: PrintState::Failed });
    assert_eq!(print(&desk, seconds(5)), Some(Print::NoPaper));
    desk.tick(seconds(63));
    assert!(print(&desk, seconds(63)).is_some());
    desk.tick(seconds(64));
    assert!(is_welcome(&desk, seconds(64)));
}

#[test]
fn a_printer_without_paper_is_told_before_the_job_is_given_up() {
    let mut desk = with_ticket(Some("queued"));
    desk.hear(seconds(4), News::Paper { device: "printer-1".to_owned(), out: true });
    assert_eq!(print(&desk, seconds(4)), Some(Print::NoPaper));
    desk.tick(seconds(60));
    assert!(print(&desk, seconds(60)).is_some(), "the page is the only copy");
}

#[test]
fn a_print_of_unknown_outcome_sends_the_customer_to_the_staff() {
    let mut desk = with_ticket(Some("sending"));
    assert_eq!(print(&desk, seconds(3)), Some(Print::Printing));
    desk.hear(seconds(5), News::Printing { ticket: 7, state: PrintState::Uncertain });
    assert_eq!(print(&desk, seconds(5)), Some(Print::Uncertain));
}

#[test]
fn a_silent_printer_is_not_waited_for() {
    let mut desk = with_ticket(Some("queued"));
    desk.tick(seconds(13));
    assert_eq!(print(&desk, seconds(13)), Some(Print::Uncertain));
    desk.tick(seconds(40));
    assert!(print(&desk, seconds(40)).is_some(), "the page may be the only copy");
}

#[test]
fn the_print_of_another_ticket_changes_nothing() {
    let mut desk = with_ticket(Some("queued"));
    desk.hear(seconds(4), News::Printing { ticket: 8, state: PrintState::Failed });
    assert_eq!(print(&desk, seconds(4)), Some(Print::Printing));
}

#[test]
fn an_untouched_page_asks_after_a_minute_and_closes_after_a_minute_and_a_half() {
    let mut desk = desk();
    desk.touch(seconds(10), Touch::TextSize);
    desk.touch(seconds(10), choose("open"));
    assert_eq!(desk.view(seconds(69)).still_there_s, None);
    assert_eq!(desk.view(seconds(70)).still_there_s, Some(30));
    desk.tick(seconds(99));
    assert_eq!(desk.view(seconds(99)).still_there_s, Some(1));
    desk.tick(seconds(100));
    assert!(is_welcome(&desk, seconds(100)));
    assert!(!desk.view(seconds(100)).large_text, "the next customer starts afresh");
}

#[test]
fn whoever_is_still_there_gets_another_minute() {
    let mut desk = desk();
    desk.touch(seconds(0), choose("open"));
    desk.touch(seconds(80), Touch::Stay);
    desk.tick(seconds(139));
    assert_eq!(desk.view(seconds(139)).still_there_s, None);
    assert!(matches!(desk.view(seconds(139)).page, Page::Confirm(_)));
}

#[test]
fn an_untouched_first_page_returns_to_chinese_and_normal_text() {
    let mut desk = desk();
    desk.touch(seconds(1), Touch::Language);
    assert_eq!(desk.tick(seconds(60)), []);
    assert_eq!(desk.tick(seconds(61)), [Command::AskServices(Language::CHINESE)]);
    assert_eq!(desk.view(seconds(61)).language, Language::CHINESE);
}

#[test]
fn who_made_the_page_easier_or_asked_for_care_is_asked_before_that_is_wiped() {
    for easier in [Touch::TextSize, Touch::Contrast] {
        let mut desk = desk();
        desk.touch(seconds(1), easier.clone());
        desk.tick(seconds(61));
        assert_eq!(desk.view(seconds(61)).still_there_s, Some(30), "{easier:?}");
        desk.touch(seconds(80), Touch::Stay);
        let view = desk.view(seconds(81));
        assert!(view.large_text || view.high_contrast);
        assert_eq!(desk.tick(seconds(170)), [], "{easier:?}");
        assert!(is_welcome(&desk, seconds(170)));
        let view = desk.view(seconds(170));
        assert!(!view.large_text && !view.high_contrast, "{easier:?}");
    }
}

#[test]
fn a_reader_that_comes_back_says_nothing_of_the_printer_s_paper() {
    let mut desk = with_ticket(Some("queued"));
    desk.hear(seconds(4), News::Paper { device: "printer-1".to_owned(), out: true });
    desk.hear(seconds(4), News::Paper { device: "reader-1".to_owned(), out: false });
    assert_eq!(print(&desk, seconds(4)), Some(Print::NoPaper));
    desk.hear(seconds(5), News::Paper { device: "printer-1".to_owned(), out: false });
    assert_eq!(print(&desk, seconds(5)), Some(Print::Printing));
}

#[test]
fn refusals_are_told_in_kind_and_closed_by_themselves() {
    for (kind, expected) in [
        ("quota_exhausted", NoticeKind::Quota),
        ("ticketing_closed", NoticeKind::Closed),
        ("outside_hours", NoticeKind::Closed),
        ("window_exhausted", NoticeKind::WindowQuota),
        ("kiosk_storage", NoticeKind::KioskStorage),
        ("day_not_open", NoticeKind::Closed),
        ("something_newer", NoticeKind::Unavailable),
    ] {
        let mut desk = taking();
        desk.hear(seconds(3), News::Refused { attempt: 1, problem: problem(kind, "") });
        assert_eq!(notice(&desk, seconds(3)), Some(expected), "{kind}");
        desk.tick(seconds(33));
        assert!(is_welcome(&desk, seconds(33)), "{kind}");
    }
}

#[test]
fn thirteen_businesses_make_two_pages() {
    let mut desk = desk();
    let Page::Welcome(first) = desk.view(seconds(0)).page else { panic!("not open") };
    assert_eq!((first.cards.len(), first.page, first.pages), (7, 1, 2));
    desk.touch(seconds(1), Touch::More);
    let Page::Welcome(second) = desk.view(seconds(1)).page else { panic!("not open") };
    assert_eq!((second.cards.len(), second.page), (6, 2));
    assert!(desk.view(seconds(1)).can_go_back);
    desk.touch(seconds(2), Touch::More);
    let Page::Welcome(again) = desk.view(seconds(2)).page else { panic!("not open") };
    assert_eq!(again.page, 1);
}

#[test]
fn eight_businesses_make_one_page() {
    let mut desk = desk();
    desk.hear(seconds(1), News::Services(services().into_iter().take(8).collect()));
    let Page::Welcome(only) = desk.view(seconds(1)).page else { panic!("not open") };
    assert_eq!((only.cards.len(), only.pages), (8, 1));
}

#[test]
fn a_closed_business_cannot_be_chosen() {
    let mut desk = desk();
    desk.touch(seconds(1), choose("stop"));
    assert!(is_welcome(&desk, seconds(1)));
}

#[test]
fn too_few_samples_tell_people_ahead_only() {
    let desk = desk();
    let Page::Welcome(page) = desk.view(seconds(0)).page else { panic!("not open") };
    let card = page.cards.iter().find(|card| card.target == CardTarget::Service("stop".to_owned())).expect("a card");
    assert_eq!(card.wait, None);
}

#[test]
fn a_hall_that_is_closed_says_so() {
    let mut desk = desk();
    let mut services = services();
    for offer in &mut services {
        offer.open = false;
        offer.quota_left = None;
    }
    desk.hear(seconds(1), News::Services(services));
    assert_eq!(notice(&desk, seconds(1)), Some(NoticeKind::Closed));
}

#[test]
fn a_broker_out_of_reach_is_told_on_the_first_page_and_comes_back() {
    let mut desk = Desk::new(seconds(0), None);
    assert!(is_welcome(&desk, seconds(1)), "still starting");
    assert_eq!(notice(&desk, seconds(2)), Some(NoticeKind::NotReached));
    desk.hear(seconds(3), News::Services(services()));
    assert!(is_welcome(&desk, seconds(3)));
    desk.hear(seconds(4), News::Unreached);
    assert_eq!(notice(&desk, seconds(4)), Some(NoticeKind::NotReached));
}

#[test]
fn a_broker_that_cannot_store_is_named_and_asked_again() {
    let mut desk = taking();
    desk.hear(seconds(3), News::Unable { attempt: 1, problem: problem("storage", "") });
    assert_eq!(notice(&desk, seconds(3)), Some(NoticeKind::Storage));
    assert_eq!(desk.tick(seconds(5)), [Command::TakeAgain { attempt: 1 }]);
    desk.hear(seconds(6), News::Issued { attempt: 1, issued: issued(None) });
    assert!(print(&desk, seconds(6)).is_some());
}

#[test]
fn a_hall_whose_clock_is_doubted_does_not_say_that_it_is_closed() {
    let mut desk = desk();
    let mut services = services();
    for offer in &mut services {
        offer.open = false;
        offer.quota_left = None;
    }
    desk.hear(seconds(1), News::ClockDoubted(true));
    desk.hear(seconds(1), News::Services(services));
    assert_eq!(notice(&desk, seconds(1)), Some(NoticeKind::Clock));
    desk.hear(seconds(2), News::ClockDoubted(false));
    assert_eq!(notice(&desk, seconds(2)), Some(NoticeKind::Closed));
}

#[test]
fn a_panel_hung_higher_shows_fewer_cards_a_page_and_still_every_business() {
    for (panel_bottom_mm, most) in [(967, 8), (1017, 6), (1064, 4), (1300, 4)] {
        HUNG_AT_MM.set(panel_bottom_mm);
        let mut desk = desk();
        let mut found = Vec::new();
        loop {
            let Page::Welcome(page) = desk.view(seconds(0)).page else { panic!("not open") };
            assert!(page.cards.len() < most, "{panel_bottom_mm} mm: one place turns the page");
            found.extend(page.cards.into_iter().map(|card| card.name));
            if page.page == page.pages {
                break;
            }
            desk.touch(seconds(0), Touch::More);
        }
        assert_eq!(found.len(), 13, "{panel_bottom_mm} mm");
    }
    HUNG_AT_MM.set(967);
}

#[test]
fn a_kiosk_that_never_reached_its_broker_can_be_heard_all_the_same() {
    let mut desk = Desk::new(seconds(0), Some("k1".to_owned()));
    desk.hear(seconds(0), News::Volume(70));
    assert!(!desk.view(seconds(0)).aid.can_speak, "in a moment the hall says whether it wants speech");
    desk.hear(seconds(1), News::Unreached);
    desk.touch(seconds(2), Touch::Speech);
    let aid = desk.view(seconds(2)).aid;
    assert!(aid.can_speak && aid.speaks);
    assert_eq!(aid.listener, voice::Listener::Everybody, "nothing private while nobody knows who hears it");
    let mut silent = settings();
    silent.speech = wire::Speech::Off;
    desk.hear(seconds(3), News::Settings(silent));
    assert!(!desk.view(seconds(3)).aid.can_speak);
}
