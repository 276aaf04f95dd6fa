//! The answer to a request for a number gets lost: the kiosk asks again with the same key, and one number was given.

use std::fs;

use hall_tests::{Proxy, Rig};
use wire::PrintState;

/// The requests written down in the hall's directory.
fn written_down(rig: &Rig) -> Vec<serde_json::Value> {
    let entries = fs::read_dir(rig.data()).expect("the directory");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("pending")))
        .map(|path| serde_json::from_slice(&fs::read(path).expect("the request")).expect("JSON"))
        .collect()
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_the_customer_gets_one_number() {
    let rig = Rig::opens().await;
    let proxy = Proxy::before(&rig.url()).await;
    let mut kiosk = rig.kiosk_at(&proxy.url());
    proxy.swallows_the_next_number();
    kiosk.touches("payment").await;
    kiosk.sees_a_notice().await;
    assert_eq!((proxy.asked(), proxy.swallowed()), (1, 1));
    // The broker has given it; the kiosk has it written down until it has shown it.
    let given = rig.hall().await.waiting;
    assert_eq!(given.len(), 1);
    assert_eq!(written_down(&rig).len(), 1);

    let seen = kiosk.sees_number().await;
    assert_eq!(seen.number, given[0].number);
    assert_eq!(proxy.asked(), 2);
    assert_eq!(rig.hall().await.waiting.len(), 1, "one customer, one number");
    rig.print_becomes(given[0].id, PrintState::Printed).await;
    rig.papers(1).await;
    rig.until("nothing is written down any more", async || {
        let left = written_down(&rig);
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await;
    // The next customer gets the next number.
    assert_ne!(kiosk.takes_number("payment").await.number, seen.number);
}

#[tokio::test]
async fn a_kiosk_that_loses_its_power_asks_again_with_the_same_key() {
    let rig = Rig::opens().await;
    let proxy = Proxy::before(&rig.url()).await;
    let mut kiosk = rig.kiosk_at(&proxy.url());
    proxy.swallows_the_next_number();
    kiosk.touches("payment").await;
    rig.until("the broker has given a number", async || {
        let waiting = rig.hall().await.waiting.len();
        if waiting == 1 { Ok(()) } else { Err(format!("{waiting} wait")) }
    })
    .await;
    let before = written_down(&rig);
    drop(kiosk);

    let seen = rig.kiosk().sees_number().await;
    let hall = rig.hall().await;
    assert_eq!(hall.waiting.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), [seen.number.as_str()]);
    assert_eq!(before.len(), 1);
    assert!(before[0]["key"].as_str().is_some_and(|key| key.len() == 32), "{before:?}");
}

#[tokio::test]
async fn a_broker_that_restarts_in_between_still_knows_the_key() {
    let mut rig = Rig::opens().await;
    let proxy = Proxy::before(&rig.url()).await;
    let mut kiosk = rig.kiosk_at(&proxy.url());
    proxy.swallows_the_next_number();
    kiosk.touches("payment").await;
    rig.until("the broker has given a number", async || {
        let waiting = rig.hall().await.waiting.len();
        if waiting == 1 { Ok(()) } else { Err(format!("{waiting} wait")) }
    })
    .await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    let seen = kiosk.sees_number().await;
    let hall = rig.hall().await;
    assert_eq!(hall.waiting.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), [seen.number.as_str()]);
}
