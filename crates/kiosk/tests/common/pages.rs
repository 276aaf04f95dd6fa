//! Every page that anybody can meet, each as the touches and answers that lead to it.

use crate::common::{desk, desk_with, issued, problem, rich_settings, said, seconds, services};
use crate::guests::{appointment, identified, who};
use kiosk::desk::{ANSWER_LIMIT, Desk, IDENTIFY_LIMIT, Lookup, News, StaffReply, Touch};
use wire::{AppointmentStanding, Care, IdentifyBy, KioskPage, PrintState, StaffCorner, StaffDeed};

/// A page and the desk that shows it.
pub struct Met {
    pub name: &'static str,
    pub desk: Desk,
}

pub fn touched(mut desk: Desk, touches: impl IntoIterator<Item = Touch>) -> Desk {
    for touch in touches {
        desk.touch(seconds(1), touch);
    }
    desk
}

pub fn choose(service: &str) -> Touch {
    Touch::Choose(service.to_owned())
}

/// A hall that offers everything there is.
pub fn rich() -> Desk {
    desk_with(rich_settings())
}

fn heard(mut desk: Desk, news: impl IntoIterator<Item = News>) -> Desk {
    for news in news {
        desk.hear(seconds(1), news);
    }
    desk
}

fn typed(desk: Desk, digits: &str) -> Desk {
    touched(desk, digits.bytes().map(|digit| Touch::Digit(digit - b'0')))
}

fn taking(desk: Desk) -> Desk {
    touched(desk, [choose("open"), Touch::Confirm])
}

fn answered(news: News) -> Desk {
    heard(taking(desk()), [news])
}

/// A hall in which no window is open.
fn without_windows() -> Desk {
    let mut services = services();
    services.iter_mut().for_each(|offer| offer.unstaffed = true);
    heard(desk(), [News::Services(services)])
}

fn number(print: Option<&str>) -> News {
    News::Issued { attempt: 1, issued: issued(print) }
}

fn refused(kind: &str, title: &str) -> Desk {
    answered(News::Refused { attempt: 1, problem: problem(kind, title) })
}

fn at_ways() -> Desk {
    touched(rich(), [Touch::Who])
}

fn way(by: IdentifyBy) -> Desk {
    touched(at_ways(), [Touch::Way(by)])
}

fn code(reply: Lookup) -> Desk {
    heard(typed(way(IdentifyBy::Appointment), "402913"), [News::Booked { visit: 0, found: reply }])
}

fn booked(standing: AppointmentStanding) -> Desk {
    code(Lookup::Found(appointment(standing)))
}

/// At the PIN of the staff corner.
pub fn at_pin(desk: Desk) -> Desk {
    touched(desk, std::iter::repeat_n(Touch::Corner, 5))
}

/// What the broker says of an open corner.
pub fn corner() -> Box<StaffCorner> {
    let ticket = |n: u64| {
        let mut ticket = issued(Some("printed")).ticket;
        ticket.id = wire::TicketId(n);
        ticket.number = format!("A{n:03}");
        ticket
    };
    let devices = serde_json::json!([
        {"name": "printer-1", "place": {"kiosk": "k1"}, "report": {"state": "fault", "conditions": ["paper_out"]},
            "since": "2026-11-22T01:00:00Z"},
        {"name": "reader-1", "place": {"kiosk": "k1"}, "report": {"state": "ok"}, "since": "2026-11-22T01:00:00Z"}
    ]);
    Box::new(StaffCorner {
        key: "s7".to_owned(),
        ticketing_open: true,
        tickets: (35..43).rev().map(ticket).collect(),
        devices: serde_json::from_value(devices).expect("devices"),
    })
}

/// In the staff corner.
pub fn in_corner() -> Desk {
    let desk = typed(at_pin(rich()), "402913");
    heard(desk, [News::Staff { visit: 1, reply: StaffReply::Open(corner()) }])
}

fn with_pages(pages: Vec<KioskPage>) -> Desk {
    let mut settings = rich_settings();
    settings.pages = pages;
    desk_with(settings)
}

/// A desk that shows each page, and its name.
pub fn pages() -> Vec<Met> {
    let mut met: Vec<Met> = Vec::new();
    let mut page = |name, desk| met.push(Met { name, desk });
    page("welcome", desk());
    page("welcome-unstaffed", without_windows());
    page("welcome-2", touched(desk(), [Touch::More]));
    page("welcome-last", {
        let mut settings = rich_settings();
        settings.groups.clear();
        touched(desk_with(settings), [Touch::More, Touch::More])
    });
    page("welcome-groups", rich());
    page("welcome-group", touched(rich(), [Touch::Group(0)]));
    page("welcome-one", {
        let mut settings = rich_settings();
        settings.services = vec!["payment".to_owned()];
        desk_with(settings)
    });
    page("welcome-eight", {
        let mut settings = rich_settings();
        settings.groups.clear();
        settings.greeting =
            Some(wire::LocalNames { zh: "国庆节快乐".to_owned(), en: "Happy National Day".to_owned() });
        desk_with(settings)
    });
    page("welcome-guest", heard(desk(), [identified("vip")]));
    page("welcome-vip", {
        let mut vip = who("vip");
        vip.level = Some("钻石卡".to_owned());
        vip.staff_told = true;
        heard(rich(), [News::Identified(vip)])
    });
    page("welcome-care", touched(at_ways(), [Touch::CareWay, Touch::Care(Care::Elderly), Touch::Group(0)]));
    page("who", at_ways());
    page("phone", typed(way(IdentifyBy::Phone), "13812"));
    page("phone-whole", typed(way(IdentifyBy::Phone), "13812345678"));
    page("phone-shown", touched(typed(way(IdentifyBy::Phone), "13812345678"), [Touch::Reveal(true)]));
    page("phone-wrong", typed(way(IdentifyBy::Phone), "23812345678"));
    page("phone-asking", touched(typed(way(IdentifyBy::Phone), "13812345678"), [Touch::Enter]));
    page("card", way(IdentifyBy::Card));
    page("id-card", way(IdentifyBy::IdCard));
    page("code", way(IdentifyBy::Code));
    page("appointment", typed(way(IdentifyBy::Appointment), "402"));
    page("appointment-unknown", code(Lookup::Unknown));
    page("care", touched(at_ways(), [Touch::CareWay]));
    page("booked-early", booked(AppointmentStanding::Early));
    page("booked-late", booked(AppointmentStanding::Late));
    page("booked-used", booked(AppointmentStanding::Used));
    page("booked-cancelled", booked(AppointmentStanding::Cancelled));
    page(
        "documents",
        touched(with_pages(vec![KioskPage::Documents, KioskPage::Confirm]), [choose("open"), Touch::Customer(2)]),
    );
    page("documents-self", {
        let mut desk = with_pages(vec![KioskPage::Documents]);
        let mut services = services();
        services[0].self_service = services[1].self_service.clone();
        desk.hear(seconds(0), News::Services(services));
        touched(desk, [choose("open"), Touch::Customer(1)])
    });
    page("documents-kinds", {
        let mut desk = with_pages(vec![KioskPage::Documents]);
        let mut services = services();
        let agent = services[0].documents[1].clone();
        services[0].documents.push(agent);
        services[0].self_service = services[1].self_service.clone();
        desk.hear(seconds(0), News::Services(services));
        touched(desk, [choose("open"), Touch::Customer(3)])
    });
    page("documents-only-self", touched(rich(), [choose("payment"), Touch::Papers]));
    page("confirm", touched(desk(), [choose("open")]));
    page("confirm-unstaffed", touched(without_windows(), [choose("open")]));
    page("confirm-plain", touched(desk(), [choose("owner")]));
    page("confirm-self", touched(desk(), [choose("payment")]));
    page("confirm-paper", touched(rich(), [choose("open")]));
    page("confirm-paperless", touched(rich(), [choose("owner"), Touch::Paperless(true)]));
    page("confirm-care", touched(at_ways(), [Touch::CareWay, Touch::Care(Care::Elderly), choose("open")]));
    page("confirm-booked", booked(AppointmentStanding::Due));
    page("confirm-guest", touched(heard(rich(), [identified("gotone")]), [choose("open")]));
    page("confirm-known", touched(heard(desk(), [identified("ordinary")]), [choose("sim")]));
    page("confirm-unknown", {
        let mut desk = touched(typed(way(IdentifyBy::Phone), "13812345678"), [Touch::Enter]);
        desk.tick(seconds(1) + IDENTIFY_LIMIT);
        touched(desk, [choose("open")])
    });
    page("long-wait", touched(rich(), [choose("payment"), Touch::Back, choose("sim"), Touch::Confirm]));
    page("long-wait-self", {
        let mut settings = rich_settings();
        settings.long_wait_min = Some(0);
        touched(desk_with(settings), [choose("payment"), Touch::Confirm])
    });
    page("taking", taking(desk()));
    page("ticket-printing", answered(number(Some("queued"))));
    page("ticket-printed", answered(number(Some("printed"))));
    page(
        "ticket-no-paper",
        heard(answered(number(Some("queued"))), [News::Paper { device: "printer-1".to_owned(), out: true }]),
    );
    page(
        "ticket-failed",
        heard(answered(number(Some("queued"))), [News::Printing { ticket: 7, state: PrintState::Failed }]),
    );
    page("ticket-uncertain", answered(number(Some("uncertain"))));
    page("ticket-unprinted", answered(number(None)));
    page("ticket-vip", {
        let mut vip = issued(Some("printed"));
        vip.ticket.tier = "vip".to_owned();
        vip.ticket.number = "V003".to_owned();
        heard(taking(rich()), [News::Issued { attempt: 1, issued: vip }])
    });
    page("ticket-vip-paperless", {
        let mut vip = issued(None);
        vip.ticket.tier = "vip".to_owned();
        vip.ticket.number = "V003".to_owned();
        let asked = touched(rich(), [choose("owner"), Touch::Paperless(true), Touch::Confirm]);
        heard(asked, [News::Issued { attempt: 1, issued: vip }])
    });
    page(
        "ticket-paperless",
        heard(touched(rich(), [choose("owner"), Touch::Paperless(true), Touch::Confirm]), [number(None)]),
    );
    page("not-reached", answered(News::Unanswered { attempt: 1 }));
    page(
        "storage",
        answered(News::Unable {
            attempt: 1,
            problem: problem(
                "storage",
                said("暂时无法保存，请稍后再试", "Cannot be stored now; please try again later"),
            ),
        }),
    );
    page("kiosk-storage", refused("kiosk_storage", ""));
    page("quota", refused("quota_exhausted", said("该业务今日号票已发完", "No tickets left today for this service")));
    page("quota-self", {
        let spent = News::Refused { attempt: 1, problem: problem("quota_exhausted", "") };
        heard(touched(desk(), [choose("payment"), Touch::Confirm]), [spent])
    });
    page(
        "window-quota",
        refused(
            "window_exhausted",
            said(
                "本时段号票已发完，11:00 起可取下一时段",
                "No tickets left for this time of day; there are more from 11:00",
            ),
        ),
    );
    page("unavailable", refused("overloaded", said("系统繁忙，请稍后再试", "The system is busy; please try again")));
    page("closed", closed());
    page("clock", heard(closed(), [News::ClockDoubted(true)]));
    page("away", {
        let mut desk = Desk::new(seconds(0), None);
        desk.tick(ANSWER_LIMIT);
        heard(desk, [News::Unreached])
    });
    page("help", touched(desk(), [Touch::Help]));
    page("pin", typed(at_pin(desk()), "402"));
    page("pin-wrong", heard(typed(at_pin(desk()), "402913"), [News::Staff { visit: 1, reply: StaffReply::WrongPin }]));
    page("staff", heard(in_corner(), [News::Volume(70)]));
    page("staff-done", {
        let desk = touched(in_corner(), [Touch::Deed(StaffDeed::Reprint { ticket: wire::TicketId(42) })]);
        heard(desk, [News::Staff { visit: 1, reply: StaffReply::Open(corner()) }])
    });
    page("staff-away", {
        let desk = touched(in_corner(), [Touch::Deed(StaffDeed::Look {})]);
        heard(desk, [News::Staff { visit: 1, reply: StaffReply::Unreached }])
    });
    met
}

fn closed() -> Desk {
    let mut services = services();
    for offer in &mut services {
        offer.open = false;
        offer.quota_left = None;
    }
    heard(desk(), [News::Services(services)])
}
