//! More customers at one instant than the broker's queue has places: who is not served at once is told to come again, and everybody
//! gets one number.

use std::collections::BTreeSet;
use std::time::Duration;

use client::Key;
use hall_tests::{Raw, eventually};
use jiaohao::access::token_from;
use tokio::task::JoinSet;
use wire::Role;

use crate::program;

/// Above the 256 places of the queue.
const CUSTOMERS: usize = 320;

/// Asks until there is a number; how often there was none, and the number.
async fn takes_number(raw: Raw, token: String) -> (usize, String) {
    let key = Key::new();
    let mut refused = 0;
    loop {
        let request = raw.request("POST", "/api/v1/tickets", &token).header(wire::IDEMPOTENCY_KEY, key.as_str());
        let answer = request.body(r#"{"service":"payment"}"#).send().await.expect("an answer");
        match answer.status().as_u16() {
            201 => {
                let issued: wire::Issued = answer.json().await.expect("a number");
                return (refused, issued.ticket.number);
            }
            503 => {
                let after =
                    answer.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse::<u64>().ok());
                assert!(after.is_some_and(|seconds| (1..=10).contains(&seconds)), "503 without a time to come again");
                refused += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            status => panic!("{status}: {:?}", answer.text().await),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_of_a_rush_gets_one_number() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let broker = program().start(&data, ["broker", "--listen", "127.0.0.1:0"]).await;
    let token = token_from(&data.join("access.toml"), Role::Kiosk).expect("the hall's secrets");
    let raw = Raw::to(broker.url());
    eventually("the broker is ready", async || {
        let ready = raw.get("/readyz", "").await;
        if ready.status == 200 { Ok(()) } else { Err(ready.text) }
    })
    .await;
    let mut rush = JoinSet::new();
    for _ in 0..CUSTOMERS {
        rush.spawn(takes_number(raw.clone(), token.clone()));
    }
    let (mut refused, mut numbers) = (0, BTreeSet::new());
    while let Some(taken) = rush.join_next().await {
        let (times, number) = taken.expect("a customer who was served");
        refused += times;
        assert!(numbers.insert(number.clone()), "{number} was given twice");
    }
    eprintln!("{refused} times a customer was told to come again");
    let wanted: BTreeSet<_> = (1..=CUSTOMERS).map(|n| format!("A{n:03}")).collect();
    assert_eq!(numbers, wanted, "numbers without a gap");
}
