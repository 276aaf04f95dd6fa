//! The staff corner of a kiosk: what staff do there is done as from anywhere else, and nobody gets in by trying.

use std::time::Duration;

use client::{Client, Error, Key};
use hall_tests::{Answer, Paper, Raw, Rig};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use serde_json::json;
use wire::{
    Condition, DeviceState, OpenStaffCorner, PrintState, Role, StaffAct, StaffCorner, StaffDeed, TakeTicket, TicketId,
};

/// Wrong PINs that are answered before the kiosk has to wait.
const TRIES: u64 = 5;
const PENALTY: Duration = Duration::from_secs(60);

/// Staff in the open corner of a kiosk.
struct AtCorner {
    client: Client,
    kiosk: &'static str,
    key: String,
}

impl AtCorner {
    async fn opens(rig: &Rig, kiosk: &'static str) -> (Self, StaffCorner) {
        let client = rig.client(Role::Kiosk);
        let open = OpenStaffCorner { pin: rig.kiosk_pin(kiosk).to_owned() };
        let corner = client.open_staff_corner(kiosk, &open).await.expect("the right PIN");
        (Self { client, kiosk, key: corner.key.clone() }, corner)
    }

    async fn tries(&self, request: &Key, act: StaffDeed) -> Result<StaffCorner, Error> {
        self.client.staff_act(self.kiosk, request, &StaffAct { key: self.key.clone(), act }).await
    }

    async fn does(&self, act: StaffDeed) -> StaffCorner {
        self.tries(&Key::new(), act).await.expect("it is done")
    }
}

/// The kind of problem a request is refused with.
fn refused(outcome: Result<StaffCorner, Error>) -> (u16, String) {
    match outcome {
        Err(Error::Refused(problem)) => (problem.status, problem.kind),
        other => panic!("not refused: {other:?}"),
    }
}

/// The sample with a second kiosk, which has no printer.
fn with_second_kiosk(sample: String) -> String {
    sample + "\n[[kiosk]]\nname = \"kiosk-2\"\n"
}

async fn tries_pin(rig: &Rig, kiosk: &str, pin: &str) -> Answer {
    let path = format!("/api/v1/kiosks/{kiosk}/staff");
    Raw::to(&rig.url()).post(&path, rig.token(Role::Kiosk), json!({ "pin": pin }).to_string()).await
}

fn wrong(right: &str) -> String {
    right.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect()
}

fn is_copy(paper: &Paper) -> bool {
    paper.text().contains("补打")
}

#[tokio::test]
async fn a_ticket_printed_again_from_the_corner_comes_out_once_and_marked_as_a_copy() {
    let rig = Rig::opens().await;
    let first = rig.takes_ticket("payment").await;
    let second = rig.takes_ticket("enquiry").await;
    rig.print_becomes(second.id, PrintState::Printed).await;
    let (corner, seen) = AtCorner::opens(&rig, "kiosk-1").await;
    let numbers: Vec<_> = seen.tickets.iter().map(|ticket| &ticket.number).collect();
    assert_eq!(numbers, [&second.number, &first.number], "the newest first");
    assert_eq!(seen.tickets[0].print, Some(PrintState::Printed));
    assert!(seen.ticketing_open);
    let devices: Vec<_> = seen.devices.iter().map(|device| device.name.as_str()).collect();
    assert_eq!(devices, ["printer-1"], "those of this kiosk");

    // Twice with one key: an answer that was lost, not a second copy.
    let request = Key::new();
    for _ in 0..2 {
        corner.tries(&request, StaffDeed::Reprint { ticket: first.id }).await.expect("a copy");
    }
    let papers = rig.papers(3).await;
    let copies: Vec<_> = papers.iter().filter(|paper| is_copy(paper)).collect();
    assert_eq!(copies.len(), 1);
    assert!(copies[0].text().contains(&first.number), "{}", copies[0].text());
    let history = rig.ticket(first.id).await.history;
    assert_eq!(history.iter().filter(|step| step.what == wire::StepKind::Reprinted).count(), 1);
}

#[tokio::test]
async fn the_latest_eight_are_shown_and_never_who_they_are() {
    let rig = Rig::opens_unattended().await;
    let identity = wire::IdentityInput { kind: wire::IdentityKind::Card, value: "8801-0000-1234".to_owned() };
    let wish = TakeTicket {
        service: "payment".to_owned(),
        kiosk: Some("kiosk-1".to_owned()),
        identity: Some(identity),
        ..TakeTicket::default()
    };
    let mut taken = Vec::new();
    for _ in 0..10 {
        taken.push(rig.takes(&wish).await.number);
    }
    let (_, seen) = AtCorner::opens(&rig, "kiosk-1").await;
    let numbers: Vec<_> = seen.tickets.iter().map(|ticket| ticket.number.clone()).collect();
    let latest: Vec<_> = taken.into_iter().rev().take(8).collect();
    assert_eq!(numbers, latest);
    assert!(seen.tickets.iter().all(|ticket| ticket.identity.is_none() && ticket.note.is_none()));
}

#[tokio::test]
async fn staff_reach_only_what_is_of_their_own_kiosk() {
    let rig = Rig::opens_like_the_sample_but(with_second_kiosk).await;
    let here = rig.takes_ticket("payment").await;
    let nowhere = rig.takes_number_only("payment").await;
    assert_ne!(rig.kiosk_pin("kiosk-1"), "");
    let (second, seen) = AtCorner::opens(&rig, "kiosk-2").await;
    assert!(seen.tickets.is_empty() && seen.devices.is_empty(), "{seen:?}");
    for ticket in [here.id, nowhere.id, TicketId(999_999)] {
        assert_eq!(
            refused(second.tries(&Key::new(), StaffDeed::Reprint { ticket }).await),
            (404, "unknown_ticket".to_owned())
        );
    }
    assert_eq!(refused(second.tries(&Key::new(), StaffDeed::TestPrint {}).await), (409, "no_printer".to_owned()));
    // The key of one kiosk opens no other, and the PIN neither.
    let elsewhere = AtCorner { kiosk: "kiosk-1", ..second };
    assert_eq!(refused(elsewhere.tries(&Key::new(), StaffDeed::Look {}).await), (403, "corner_closed".to_owned()));
    if rig.kiosk_pin("kiosk-1") != rig.kiosk_pin("kiosk-2") {
        tries_pin(&rig, "kiosk-1", rig.kiosk_pin("kiosk-2")).await.is_problem(403, "wrong_pin");
    }
    tries_pin(&rig, "kiosk-3", "123456").await.is_problem(404, "unknown_kiosk");
}

#[tokio::test]
async fn five_wrong_pins_lock_the_corner_for_a_minute_also_for_the_right_one() {
    let rig = Rig::opens_like_the_sample_but(with_second_kiosk).await;
    let right = rig.kiosk_pin("kiosk-1").to_owned();
    for _ in 0..TRIES {
        tries_pin(&rig, "kiosk-1", &wrong(&right)).await.is_problem(403, "wrong_pin");
    }
    let locked = tries_pin(&rig, "kiosk-1", &right).await;
    locked.is_problem(429, "throttled");
    assert_eq!(locked.retry_after, Some(PENALTY.as_secs()));
    AtCorner::opens(&rig, "kiosk-2").await;

    rig.pass(PENALTY - Duration::from_secs(1));
    let locked = tries_pin(&rig, "kiosk-1", &right).await;
    locked.is_problem(429, "throttled");
    assert_eq!(locked.retry_after, Some(1));
    rig.pass(Duration::from_secs(1));
    assert_eq!(tries_pin(&rig, "kiosk-1", &right).await.status, 200);
}

#[tokio::test]
async fn a_wrong_pin_is_told_in_both_languages_and_a_right_one_in_between_forgives() {
    let rig = Rig::opens_unattended().await;
    let right = rig.kiosk_pin("kiosk-1").to_owned();
    let raw = Raw::to(&rig.url());
    let body = json!({ "pin": wrong(&right) }).to_string();
    let zh = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("zh"))]);
    let request = raw.request("POST", "/api/v1/kiosks/kiosk-1/staff", rig.token(Role::Kiosk)).headers(zh);
    let chinese = Answer::to(request.body(body)).await.is_problem(403, "wrong_pin");
    let titles = [chinese["title"].clone(), chinese["detail"].clone()].map(|text| text.to_string());
    assert!(titles.iter().any(|text| text.contains("密码不正确")), "{titles:?}");
    assert!(titles.iter().any(|text| text.contains("The PIN is wrong")), "{titles:?}");
    for _ in 0..3 {
        tries_pin(&rig, "kiosk-1", "").await.is_problem(403, "wrong_pin");
    }
    assert_eq!(tries_pin(&rig, "kiosk-1", &right).await.status, 200);
    for _ in 0..4 {
        tries_pin(&rig, "kiosk-1", &wrong(&right)).await.is_problem(403, "wrong_pin");
    }
    assert_eq!(tries_pin(&rig, "kiosk-1", &right).await.status, 200);
    for role in [Role::Teller, Role::Devices, Role::Screen] {
        let path = "/api/v1/kiosks/kiosk-1/staff";
        raw.post(path, rig.token(role), json!({ "pin": right }).to_string()).await.is_problem(403, "wrong_role");
    }
}

#[tokio::test]
async fn a_corner_closes_five_minutes_after_its_last_use_and_at_a_restart() {
    let mut rig = Rig::opens_unattended().await;
    let (corner, _) = AtCorner::opens(&rig, "kiosk-1").await;
    for _ in 0..3 {
        rig.pass(Duration::from_secs(299));
        corner.does(StaffDeed::Look {}).await;
    }
    rig.pass(Duration::from_secs(300));
    let closed = (403, "corner_closed".to_owned());
    assert_eq!(refused(corner.tries(&Key::new(), StaffDeed::Ticketing { open: false }).await), closed);
    assert!(rig.hall().await.ticketing_open, "nothing was done");

    let (corner, _) = AtCorner::opens(&rig, "kiosk-1").await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    assert_eq!(refused(corner.tries(&Key::new(), StaffDeed::Look {}).await), closed);
}

#[tokio::test]
async fn numbers_are_stopped_and_given_out_again_from_the_corner() {
    let mut rig = Rig::opens_unattended().await;
    let (corner, _) = AtCorner::opens(&rig, "kiosk-1").await;
    assert!(!corner.does(StaffDeed::Ticketing { open: false }).await.ticketing_open);
    let wish = json!({ "service": "payment", "kiosk": "kiosk-1" }).to_string();
    let raw = Raw::to(&rig.url());
    raw.post("/api/v1/tickets", rig.token(Role::Kiosk), wish).await.is_problem(409, "ticketing_closed");
    // It is the hall's decision, not the corner's: it lasts.
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    let (corner, seen) = AtCorner::opens(&rig, "kiosk-1").await;
    assert!(!seen.ticketing_open);
    assert!(corner.does(StaffDeed::Ticketing { open: true }).await.ticketing_open);
    rig.takes_ticket("payment").await;
}

#[tokio::test]
async fn a_test_page_comes_out_and_is_no_ticket() {
    let rig = Rig::opens().await;
    let (corner, _) = AtCorner::opens(&rig, "kiosk-1").await;
    let after = corner.does(StaffDeed::TestPrint {}).await;
    assert!(after.tickets.is_empty());
    let page = rig.papers(1).await.remove(0);
    for words in ["东湖路营业厅", "测试", "测试页，不是号票", "取号机 kiosk-1"] {
        assert!(page.text().contains(words), "{words} is not in {}", page.text());
    }
    assert!(page.qr.is_empty() && page.anomalies.is_empty(), "{:?}", page.anomalies);
    rig.until("the outbox is empty", async || {
        let jobs = rig.client(Role::Devices).print_jobs(None).await.expect("the jobs");
        if jobs.is_empty() { Ok(()) } else { Err(format!("{jobs:?}")) }
    })
    .await;
    let hall = rig.hall().await;
    assert_eq!((hall.waiting, hall.alarms), (vec![], vec![]));
    // Numbers go on as if there had been none.
    assert_eq!(rig.takes_ticket("payment").await.number, "A001");
}

#[tokio::test]
async fn a_test_page_waits_for_its_printer_once_and_outlives_the_broker() {
    let mut rig = Rig::opens().await;
    rig.printer().unplug();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::NoDevice).await;
    let (corner, seen) = AtCorner::opens(&rig, "kiosk-1").await;
    assert_eq!(seen.devices[0].report.conditions, [Condition::NoDevice], "staff see what is wrong");
    for _ in 0..3 {
        corner.does(StaffDeed::TestPrint {}).await;
    }
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    rig.printer().plug_back().expect("a new terminal");
    rig.device("printer-1").becomes_well().await;
    let ticket = rig.takes_ticket("payment").await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    let papers = rig.papers(2).await;
    assert!(papers[0].text().contains("测试页") && papers[1].text().contains(&ticket.number));
}

#[tokio::test]
async fn what_a_corner_is_asked_wrongly_is_named_and_does_nothing() {
    let rig = Rig::opens_unattended().await;
    let (corner, _) = AtCorner::opens(&rig, "kiosk-1").await;
    let raw = Raw::to(&rig.url());
    let path = "/api/v1/kiosks/kiosk-1/staff/act";
    let ask = async |act: serde_json::Value| {
        let body = json!({ "key": corner.key, "act": act }).to_string();
        raw.post(path, rig.token(Role::Kiosk), body).await
    };
    ask(json!({ "kind": "explode" })).await.is_problem(422, "bad_field");
    ask(json!({ "kind": "reprint" })).await.is_problem(422, "bad_field");
    ask(json!({ "kind": "ticketing", "open": "no" })).await.is_problem(422, "bad_field");
    raw.post(path, rig.token(Role::Kiosk), "{").await.is_problem(400, "not_json");
    raw.post("/api/v1/kiosks/kiosk-1/staff", rig.token(Role::Kiosk), r#"{"pin":471147}"#)
        .await
        .is_problem(422, "bad_field");
    assert!(rig.hall().await.ticketing_open);
}
