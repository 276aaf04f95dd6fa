//! Who follows the hall hears every call exactly once, also when the broker restarts or the line breaks.

use std::time::Duration;

use hall_tests::{Ears, Raw, Rig, Told, eventually};
use wire::{EventId, Role};

/// Calls so many customers at counter 3, and returns their numbers.
async fn calls(rig: &Rig, count: usize) -> Vec<String> {
    let mut numbers = Vec::new();
    for _ in 0..count {
        rig.takes_number_only("payment").await;
        numbers.push(rig.teller(3).calls_next().await.ticket.number);
    }
    numbers
}

async fn heard_all(ears: &Ears, count: usize) -> Vec<String> {
    eventually(format!("{count} calls are heard"), async || {
        let calls = ears.calls();
        if calls.len() >= count { Ok(()) } else { Err(format!("{calls:?}")) }
    })
    .await;
    ears.calls().into_iter().map(|(number, _, _)| number).collect()
}

#[tokio::test]
async fn a_screen_hears_every_call_once_across_a_restart_of_the_broker() {
    let mut rig = Rig::opens_unattended().await;
    rig.teller(3).signs_in().await;
    let ears = rig.listens().await;
    let mut called = calls(&rig, 5).await;
    heard_all(&ears, 5).await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    // Called before the screen may have found its way back.
    called.extend(calls(&rig, 5).await);
    assert_eq!(heard_all(&ears, 10).await, called);

    let events = ears.events();
    assert!(events.windows(2).all(|pair| pair[0].0.epoch == pair[1].0.epoch && pair[0].0.seq < pair[1].0.seq));
    assert!(ears.heard().contains(&Told::Lost) && !ears.heard().contains(&Told::Stale), "{:?}", ears.heard());
}

#[tokio::test]
async fn a_screen_that_was_away_goes_on_from_the_last_event_it_had() {
    let mut rig = Rig::opens_unattended().await;
    rig.teller(3).signs_in().await;
    let ears = rig.listens().await;
    let first = calls(&rig, 3).await;
    assert_eq!(heard_all(&ears, 3).await, first);
    let last = ears.events().last().map(|(id, _)| id.clone());
    drop(ears);
    let mut missed = calls(&rig, 3).await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    missed.extend(calls(&rig, 3).await);
    let ears = Ears::open(&rig.client(Role::Screen), last).await;
    assert_eq!(heard_all(&ears, 6).await, missed);
}

#[tokio::test]
async fn a_snapshot_and_the_events_after_it_miss_nothing_and_repeat_nothing() {
    let rig = Rig::opens_unattended().await;
    rig.teller(3).signs_in().await;
    calls(&rig, 2).await;
    let snapshot = rig.hall().await;
    let then = calls(&rig, 2).await;
    let from = EventId { epoch: snapshot.epoch, seq: snapshot.seq };
    let ears = Ears::open(&rig.client(Role::Screen), Some(from.clone())).await;
    assert_eq!(heard_all(&ears, 2).await, then);
    assert_eq!(ears.events()[0].0, EventId { seq: from.seq + 1, ..from });
}

#[tokio::test]
async fn another_journals_place_is_gone_and_the_screen_is_told_to_look_anew() {
    let rig = Rig::opens_unattended().await;
    let elsewhere = EventId { epoch: "0123456789abcdef".to_owned(), seq: 1 };
    let ears = Ears::open(&rig.client(Role::Screen), Some(elsewhere.clone())).await;
    eventually("the screen is told", async || {
        let heard = ears.heard();
        if heard.contains(&Told::Stale) { Ok(()) } else { Err(format!("{heard:?}")) }
    })
    .await;
    let raw = Raw::to(&rig.url());
    let request =
        raw.request("GET", "/api/v1/events", rig.token(Role::Screen)).header("Last-Event-ID", elsewhere.to_string());
    hall_tests::Answer::to(request).await.is_problem(410, "too_old");
}

#[tokio::test]
async fn the_stream_ends_when_the_broker_does_and_does_not_hold_it_up() {
    let mut rig = Rig::opens_unattended().await;
    let _ears = rig.listens().await;
    let stopped = tokio::time::timeout(Duration::from_secs(10), rig.broker_goes_away()).await;
    assert!(stopped.is_ok(), "a listener keeps the broker from ending");
}
