//! Night falls over a hall that nobody has closed, and the clock is set back.

use std::time::Duration;

use hall_tests::{Answer, Raw, Rig};
use wire::{CounterStatus, EventId, Role};

const NIGHT: Duration = Duration::from_secs(19 * 3600);
const HOUR_MS: i64 = 3_600_000;

#[tokio::test]
async fn at_cut_over_numbers_begin_again_and_yesterday_is_over() {
    let mut rig = Rig::opens().await;
    rig.takes_number_only("payment").await;
    let late = rig.takes_ticket("payment").await;
    let called = rig.teller(3).signs_in().await.calls_next().await.ticket;
    rig.window_sign(3).shows(&called.number).await;
    let yesterday = rig.hall().await;
    assert_eq!(yesterday.day.as_deref(), Some("2026-11-23"));
    let url = rig.papers(1).await.remove(0).qr.remove(0);

    rig.pass(NIGHT);
    let today = rig
        .until("a new day", async || {
            let hall = rig.hall().await;
            if hall.day.as_deref() == Some("2026-11-24") { Ok(hall) } else { Err(format!("{:?}", hall.day)) }
        })
        .await;
    assert!(today.waiting.is_empty() && today.recent.is_empty());
    assert!(today.counters.iter().all(|counter| counter.state == CounterStatus::Closed && counter.ticket.is_none()));
    assert_eq!(today.epoch, yesterday.epoch);
    rig.window_sign(3).is_idle().await;
    // A phone that still has yesterday's address learns nothing of today's customer with the same number.
    let raw = Raw::to(&rig.url());
    raw.get(url.trim_start_matches(&rig.url()), "").await.is_problem(404, "unknown_ticket");

    let first = rig.takes_number_only("payment").await;
    assert_eq!(first.number, "A001");
    assert!(first.id > late.id, "ids are never used again");

    // After a restart yesterday's events are not at hand any more: a screen that slept takes a new snapshot.
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    assert_eq!(rig.takes_number_only("payment").await.number, "A002");
    let raw = Raw::to(&rig.url());
    let old = EventId { epoch: yesterday.epoch, seq: 2 };
    let request =
        raw.request("GET", "/api/v1/events", rig.token(Role::Screen)).header("Last-Event-ID", old.to_string());
    Answer::to(request).await.is_problem(410, "too_old");
}

#[tokio::test]
async fn a_clock_set_back_over_midnight_keeps_the_day_and_its_numbers() {
    let rig = Rig::opens().await;
    rig.takes_number_only("payment").await;
    rig.sets_clock(rig.now_ms() - 8 * HOUR_MS);
    let second = rig.takes_ticket("payment").await;
    assert_eq!(second.number, "A002");
    rig.print_becomes(second.id, wire::PrintState::Printed).await;
    assert_eq!(rig.hall().await.day.as_deref(), Some("2026-11-23"));
    let called = rig.teller(3).signs_in().await.calls_next().await.ticket.number;
    assert_eq!(called, "A001");
    rig.window_sign(3).shows("A001").await;
}
