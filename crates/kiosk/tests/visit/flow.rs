//! From a card to its number, through the pages that the hall has chosen.

use crate::common::{desk_with, issued, rich_settings, seconds, services, settings};
use crate::guests::identified;
use crate::pages::{choose, rich, touched};
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::view::{CardTarget, Page, WhoCard};
use wire::{Care, KioskPage, TakeTicket};

fn desk_of(pages: &[KioskPage]) -> Desk {
    let mut settings = rich_settings();
    settings.pages = pages.to_vec();
    settings.long_wait_min = None;
    desk_with(settings)
}

fn request(commands: &[Command]) -> TakeTicket {
    let [Command::Take { request, .. }] = commands else { panic!("no number is asked for: {commands:?}") };
    request.clone()
}

fn page(desk: &Desk) -> Page {
    desk.view(seconds(1)).page
}

#[test]
fn a_hall_without_pages_gives_the_number_for_one_touch() {
    let mut desk = desk_of(&[]);
    assert_eq!(request(&desk.touch(seconds(1), choose("open"))).service, "open");
    assert_eq!(page(&desk), Page::Taking);
}

#[test]
fn pages_come_in_the_hall_s_order_and_back_leads_through_them() {
    let mut desk = desk_of(&[KioskPage::Who, KioskPage::Documents, KioskPage::Confirm]);
    desk.touch(seconds(1), choose("open"));
    assert!(matches!(page(&desk), Page::Who(_)));
    desk.touch(seconds(1), Touch::Confirm);
    assert!(matches!(page(&desk), Page::Documents(_)));
    desk.touch(seconds(1), Touch::Confirm);
    assert!(matches!(page(&desk), Page::Confirm(_)));
    desk.touch(seconds(1), Touch::Back);
    assert!(matches!(page(&desk), Page::Documents(_)));
    desk.touch(seconds(1), Touch::Back);
    assert!(matches!(page(&desk), Page::Welcome(_)));

    let mut other = desk_of(&[KioskPage::Confirm, KioskPage::Documents]);
    other.touch(seconds(1), choose("open"));
    assert!(matches!(page(&other), Page::Confirm(_)));
    other.touch(seconds(1), Touch::Confirm);
    assert!(matches!(page(&other), Page::Documents(_)));
    request(&other.touch(seconds(1), Touch::Confirm));
}

#[test]
fn a_page_with_nothing_to_say_is_left_out() {
    let mut desk = desk_of(&[KioskPage::Documents, KioskPage::Confirm]);
    desk.touch(seconds(1), choose("owner"));
    assert!(matches!(page(&desk), Page::Confirm(_)), "no papers are asked for");
    let mut known = desk_of(&[KioskPage::Who, KioskPage::Confirm]);
    known.hear(seconds(1), identified("gotone"));
    known.touch(seconds(1), choose("open"));
    assert!(matches!(page(&known), Page::Confirm(_)), "who has shown a card is not asked");
}

#[test]
fn the_papers_of_each_kind_of_customer_are_their_own() {
    let mut desk = desk_of(&[KioskPage::Documents]);
    desk.touch(seconds(1), choose("open"));
    let papers = |desk: &Desk| {
        let Page::Documents(page) = page(desk) else { panic!("no papers") };
        (page.customers.len(), page.documents)
    };
    assert_eq!(papers(&desk), (3, vec!["有效身份证件原件".to_owned()]));
    desk.touch(seconds(1), Touch::Customer(1));
    assert_eq!(papers(&desk).1, ["双方身份证件原件", "机主签名的授权委托书"]);
    desk.touch(seconds(1), Touch::Customer(9));
    assert_eq!(papers(&desk).1.len(), 2, "there is no such kind");
    let asked = request(&desk.touch(seconds(1), Touch::Confirm));
    assert_eq!(asked.customer.as_deref(), Some("代办"), "the paper lists what they have to bring");
}

#[test]
fn more_papers_than_fit_are_counted() {
    let mut desk = desk_of(&[KioskPage::Documents]);
    let mut services = services();
    let one = services[0].documents[0].items[0].clone();
    services[0].documents[0].items = vec![one; 7];
    desk.hear(seconds(1), News::Services(services.clone()));
    desk.touch(seconds(1), choose("open"));
    let counted = |desk: &Desk| {
        let Page::Documents(page) = page(desk) else { panic!("no papers") };
        (page.documents.len(), page.more_documents)
    };
    assert_eq!(counted(&desk), (5, 2));
    services[0].self_service = services[1].self_service.clone();
    desk.hear(seconds(1), News::Services(services));
    assert_eq!(counted(&desk), (4, 3), "beside the way without a teller");
}

#[test]
fn papers_are_opened_from_the_confirm_page_and_lead_back_to_it() {
    let mut desk = touched(rich(), [choose("open"), Touch::Papers]);
    assert!(matches!(page(&desk), Page::Documents(_)));
    desk.touch(seconds(1), Touch::Confirm);
    assert!(matches!(page(&desk), Page::Confirm(_)));
}

#[test]
fn a_long_wait_is_asked_about_once_more_on_whatever_pages() {
    for pages in [vec![], vec![KioskPage::Confirm]] {
        let mut settings = rich_settings();
        settings.pages = pages.clone();
        settings.long_wait_min = Some(40);
        let mut desk = desk_with(settings);
        let mut touches = vec![choose("sim")];
        touches.extend(pages.iter().map(|_| Touch::Confirm));
        desk = touched(desk, touches);
        assert!(matches!(page(&desk), Page::LongWait(_)), "{pages:?}");
        request(&desk.touch(seconds(1), Touch::Confirm));
    }
    let mut short = touched(rich(), [choose("open")]);
    request(&short.touch(seconds(1), Touch::Confirm));
}

#[test]
fn whoever_comes_first_is_not_asked_about_a_long_wait() {
    let mut vip = rich();
    vip.hear(seconds(1), identified("vip"));
    vip = touched(vip, [choose("sim")]);
    request(&vip.touch(seconds(1), Touch::Confirm));
    let mut care = touched(rich(), [Touch::Who, Touch::CareWay, Touch::Care(Care::Pregnant), choose("sim")]);
    let request = request(&care.touch(seconds(1), Touch::Confirm));
    assert_eq!(request.care, Some(Care::Pregnant));
}

#[test]
fn a_number_without_paper_stays_a_minute() {
    let mut desk = touched(rich(), [choose("owner"), Touch::Paperless(true)]);
    assert!(request(&desk.touch(seconds(1), Touch::Confirm)).paperless);
    desk.hear(seconds(2), News::Issued { attempt: 1, issued: issued(None) });
    desk.tick(seconds(61));
    assert!(matches!(desk.view(seconds(61)).page, Page::Ticket(ticket) if ticket.paperless));
    desk.tick(seconds(62));
    assert!(matches!(desk.view(seconds(62)).page, Page::Welcome(_)));
    let mut next = touched(desk, [choose("owner")]);
    assert!(!request(&next.touch(seconds(1), Touch::Confirm)).paperless, "the next customer has paper");
}

#[test]
fn a_hall_that_offers_no_paperless_numbers_takes_none() {
    let mut desk = touched(desk_with(settings()), [choose("owner"), Touch::Paperless(true)]);
    assert!(!request(&desk.touch(seconds(1), Touch::Confirm)).paperless);
}

#[test]
fn many_businesses_stand_under_groups_and_few_do_not() {
    let mut desk = rich();
    let Page::Welcome(groups) = page(&desk) else { panic!("not open") };
    assert_eq!((groups.cards.len(), groups.asks_who), (3, Some(WhoCard::Who)));
    assert_eq!(groups.cards[1].holds, "缴费、积分兑换");
    desk.touch(seconds(1), Touch::Group(1));
    let Page::Welcome(group) = page(&desk) else { panic!("not open") };
    assert_eq!(group.group.as_deref(), Some("缴费与积分"));
    let targets: Vec<_> = group.cards.iter().map(|card| card.target.clone()).collect();
    assert_eq!(targets, [CardTarget::Service("payment".to_owned()), CardTarget::Service("points".to_owned())]);
    assert!(desk.view(seconds(1)).can_go_back);
    desk.touch(seconds(1), Touch::Back);
    let Page::Welcome(again) = page(&desk) else { panic!("not open") };
    assert_eq!(again.group, None);

    let mut settings = rich_settings();
    settings.services = ["points", "payment"].map(str::to_owned).to_vec();
    let Page::Welcome(few) = page(&desk_with(settings)) else { panic!("not open") };
    let names: Vec<_> = few.cards.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["积分兑换", "缴费"], "in the kiosk's own order");
}

#[test]
fn an_honoured_customer_is_shown_the_way_to_their_own_area() {
    let mut desk = touched(rich(), [choose("open"), Touch::Confirm]);
    let mut vip = issued(None);
    vip.ticket.tier = "vip".to_owned();
    desk.hear(seconds(1), News::Issued { attempt: 1, issued: vip });
    let Page::Ticket(ticket) = page(&desk) else { panic!("no ticket") };
    assert_eq!((ticket.area.as_str(), ticket.expected), ("大客户接待室", true));
}
