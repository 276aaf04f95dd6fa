//! The walk of a ticket: kiosk, journal, paper, keypad, lamps, announcement, service, rating.

use device_sim::{CutKind, Key};
use hall_tests::Rig;
use wire::{DeviceState, PrintState, Role, TicketState};

#[tokio::test]
async fn a_customer_takes_a_number_and_is_called_served_and_asked_for_a_rating() {
    let rig = Rig::opens().await;
    let ears = rig.listens().await;
    let teller = rig.teller(3).signs_in().await;

    // The customer touches 缴费 and sees a number.
    let seen = rig.kiosk().takes_number("payment").await;
    assert_eq!((seen.number.as_str(), seen.service.as_str(), seen.ahead), ("A001", "缴费", 0));
    let url = seen.url.expect("an address behind the QR");
    let waiting = rig.hall().await.waiting;
    assert_eq!(waiting.len(), 1);
    let id = waiting[0].id;

    // It comes out on paper, readable and cut, and the printer says so.
    rig.print_becomes(id, PrintState::Printed).await;
    let papers = rig.papers(1).await;
    let paper = &papers[0];
    assert_eq!(paper.anomalies, Vec::<String>::new());
    assert_eq!(paper.cut, CutKind::Partial);
    assert_eq!(paper.qr, [url.as_str()]);
    for words in ["A001", "东湖路营业厅", "缴费", "您是下一位", "综合等候区", "2026-11-23 09:30"] {
        assert!(paper.text().contains(words), "{words} is missing on\n{}", paper.text());
    }
    assert!(!paper.text().contains("补打") && !paper.text().contains('▯'), "{}", paper.text());

    // The teller presses the key.
    rig.keypad(3).press(Key::Call);
    rig.until("the call", async || if ears.calls().is_empty() { Err(format!("{:?}", ears.heard())) } else { Ok(()) })
        .await;
    let (number, counter, because) = ears.calls().remove(0);
    assert_eq!((number.as_str(), counter), ("A001", 3));
    assert!(!because.is_empty(), "a call says why");
    rig.window_sign(3).shows("A001").await;
    rig.hall_sign().shows_call("A001", 3).await;
    assert_eq!(ears.said(), ["请 A001 号到 3 号窗口办理"]);
    let hall = rig.hall().await;
    assert_eq!(hall.recent.iter().map(|call| (call.number.as_str(), call.counter)).collect::<Vec<_>>(), [("A001", 3)]);
    assert_eq!(rig.ticket(id).await.state, TicketState::Called);
    // A keypad that was heard is known to be well.
    assert_eq!(rig.device("keypad-3").health().await.report.state, DeviceState::Ok);
    assert_eq!(hall.alarms, []);

    // Served, done, rated.
    assert_eq!(teller.starts().await.ticket.state, TicketState::Serving);
    assert_eq!(teller.completes().await.ticket.state, TicketState::Completed);
    rig.window_sign(3).is_idle().await;
    assert_eq!(teller.is_rated(id, 5).await.ticket.score, Some(5));
    assert!(teller.counter().await.ticket.is_none());
    // A phone that scanned the QR sees the end, and nothing about the customer.
    let public = hall_tests::Raw::to(&rig.url()).get(url.trim_start_matches(&rig.url()), "").await;
    assert_eq!(public.json(), serde_json::json!({ "state": "completed", "ahead": 0 }));
}

#[tokio::test]
async fn a_customer_who_reads_english_gets_english_paper() {
    let rig = Rig::opens().await;
    let ticket = rig.takes_ticket_in_english("payment").await;
    let paper = rig.papers(1).await.remove(0);
    for words in [ticket.number.as_str(), "Donghu Road Hall", "Pay a bill", "You are next"] {
        assert!(paper.text().contains(words), "{words} is missing on\n{}", paper.text());
    }
    assert_eq!(paper.anomalies, Vec::<String>::new());
}

#[tokio::test]
async fn a_number_without_a_kiosk_prints_nowhere() {
    let rig = Rig::opens().await;
    let silent = rig.takes_number_only("payment").await;
    let printed = rig.takes_ticket("payment").await;
    rig.print_becomes(printed.id, PrintState::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&printed.number), "{}", paper.text());
    assert_eq!(rig.ticket(silent.id).await.print, None);
    let jobs = rig.client(Role::Devices).print_jobs(None).await.expect("the jobs");
    assert_eq!(jobs, []);
}

#[tokio::test]
async fn the_second_customer_waits_behind_the_first_and_is_called_after() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    let first = rig.takes_ticket("payment").await;
    let second = rig.takes_ticket("enquiry").await;
    assert_eq!(second.ahead, 1);
    assert_eq!(teller.calls_next().await.ticket.number, first.number);
    // Calling the next completes the one who was there.
    assert_eq!(teller.calls_next().await.ticket.number, second.number);
    assert_eq!(rig.ticket(first.id).await.state, TicketState::Completed);
    rig.window_sign(3).shows(&second.number).await;
    rig.hall_sign().shows_call(&second.number, 3).await;
    assert!(teller.calls_whoever_waits().await.is_none());
    rig.window_sign(3).is_idle().await;
}
