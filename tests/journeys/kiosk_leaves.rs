//! A customer leaves before the kiosk has the answer: nobody is called who is not there.

use std::time::Duration;

use client::Key;
use hall_tests::{Answer, Raw, Rig};
use wire::{IDEMPOTENCY_KEY, PrintState, Role, TakeTicket, TicketState};

const ABANDON: &str = "/api/v1/tickets/abandon";
const TAKE: &str = "/api/v1/tickets";
const WISH: &str = r#"{"service":"payment","kiosk":"kiosk-1"}"#;

fn wish() -> TakeTicket {
    TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() }
}

async fn abandons(rig: &Rig, key: &str, role: Role) -> Answer {
    let request = Raw::to(&rig.url()).request("POST", ABANDON, rig.token(role));
    Answer::to(request.header(IDEMPOTENCY_KEY, key)).await
}

async fn asks(rig: &Rig, key: &str) -> Answer {
    Raw::to(&rig.url()).post_with_key(TAKE, rig.token(Role::Kiosk), key, WISH).await
}

#[tokio::test]
async fn a_number_whose_customer_left_is_cancelled_and_not_printed_any_more() {
    let mut rig = Rig::opens_unattended().await;
    rig.device_host_goes_away().await;
    let kiosk = rig.client(Role::Kiosk);
    let key = Key::new();
    let ticket = kiosk.take_ticket(&key, &wish()).await.expect("a number").ticket;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));

    kiosk.abandon(&key).await.expect("leaving");
    assert_eq!(rig.ticket(ticket.id).await.state, TicketState::Cancelled);
    assert!(rig.hall().await.waiting.is_empty());
    assert!(rig.teller(3).signs_in().await.calls_whoever_waits().await.is_none(), "nobody is there");
    rig.print_becomes(ticket.id, PrintState::Expired).await;
    assert!(rig.client(Role::Devices).print_jobs(None).await.expect("the jobs").is_empty());

    // Leaving twice is leaving, and the next number is the next.
    let before = rig.hall().await.seq;
    kiosk.abandon(&key).await.expect("leaving again");
    assert_eq!(rig.hall().await.seq, before);
    rig.device_host_comes_back();
    assert_eq!(rig.takes_ticket("payment").await.number, "A002");
    let papers = rig.papers(1).await;
    assert!(papers[0].text_lines.iter().any(|line| line.contains("A002")), "{:?}", papers[0].text_lines);
}

#[tokio::test]
async fn a_request_that_arrives_after_its_customer_left_gets_no_number() {
    let mut rig = Rig::opens_unattended().await;
    for _ in 0..2 {
        assert_eq!(abandons(&rig, "gone", Role::Kiosk).await.status, 204);
    }
    let before = rig.hall().await.seq;
    for _ in 0..2 {
        asks(&rig, "gone").await.is_problem(410, "abandoned");
    }
    // It is remembered as everything is that was answered.
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    asks(&rig, "gone").await.is_problem(410, "abandoned");
    let hall = rig.hall().await;
    assert_eq!((hall.seq, hall.waiting.len()), (before, 0));
    // No number is missing for it.
    assert_eq!(rig.takes_number_only("payment").await.number, "A001");
}

#[tokio::test]
async fn a_customer_who_is_being_served_has_not_left() {
    let rig = Rig::opens_unattended().await;
    let teller = rig.teller(3).signs_in().await;
    let key = Key::new();
    let kiosk = rig.client(Role::Kiosk);
    let ticket = kiosk.take_ticket(&key, &wish()).await.expect("a number").ticket;
    teller.calls_next().await;
    rig.pass(Duration::from_secs(20));
    teller.starts().await;
    kiosk.abandon(&key).await.expect("an answer");
    assert_eq!(rig.ticket(ticket.id).await.state, TicketState::Serving);
    teller.completes().await;
}

#[tokio::test]
async fn only_a_kiosk_gives_a_request_up_and_only_with_its_key() {
    let rig = Rig::opens_unattended().await;
    let issued = asks(&rig, "mine").await;
    assert!((200..300).contains(&issued.status), "{issued:?}");
    let raw = Raw::to(&rig.url());
    Answer::to(raw.request("POST", ABANDON, rig.token(Role::Kiosk))).await.is_problem(400, "bad_key");
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Kiosk) {
        abandons(&rig, "mine", role).await.is_problem(403, "wrong_role");
    }
    abandons(&rig, "another", Role::Kiosk).await;
    assert_eq!(rig.hall().await.waiting.len(), 1, "the ticket is still wanted");
}
