//! Somebody tries PINs: spread over counters it helps nothing, and the teller is let in again after a minute.

use std::time::Duration;

use hall_tests::{Answer, Raw, Rig};
use serde_json::json;
use wire::Role;

/// Wrong PINs that are answered before anybody has to wait.
const TRIES: u16 = 5;
const PENALTY: Duration = Duration::from_secs(60);

async fn signs_in(rig: &Rig, counter: u16, teller: &str, pin: &str) -> Answer {
    let path = format!("/api/v1/counters/{counter}/sign-in");
    let body = json!({ "teller": teller, "pin": pin }).to_string();
    Raw::to(&rig.url()).post(&path, rig.token(Role::Teller), body).await
}

fn has_to_wait(answer: &Answer) -> u64 {
    answer.is_problem(429, "throttled");
    let seconds = answer.retry_after.unwrap_or_else(|| panic!("no Retry-After: {answer:?}"));
    assert!((1..=PENALTY.as_secs()).contains(&seconds), "{answer:?}");
    seconds
}

/// The teller's PIN, and one that it is not.
fn pins(rig: &Rig, teller: &str) -> (String, String) {
    let right = rig.pin(teller).to_owned();
    let wrong = right.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect();
    (right, wrong)
}

#[tokio::test]
async fn wrong_pins_spread_over_counters_make_their_teller_wait_a_minute() {
    let rig = Rig::opens_unattended().await;
    let (right, wrong) = pins(&rig, "1003");
    for counter in 1..=TRIES {
        signs_in(&rig, counter, "1003", &wrong).await.is_problem(401, "wrong_pin");
    }
    // At a counter nobody tried at, and even with the right one: a guess must not be told.
    assert_eq!(has_to_wait(&signs_in(&rig, 6, "1003", &right).await), PENALTY.as_secs());
    // Nobody else waits, neither a teller at a counter tried at nor one elsewhere.
    let (other, _) = pins(&rig, "1004");
    assert_eq!(signs_in(&rig, 4, "1004", &other).await.status, 200);

    rig.pass(PENALTY - Duration::from_secs(1));
    assert_eq!(has_to_wait(&signs_in(&rig, 3, "1003", &right).await), 1);
    rig.pass(Duration::from_secs(1));
    assert_eq!(signs_in(&rig, 3, "1003", &right).await.status, 200);
}

#[tokio::test]
async fn wrong_pins_for_many_tellers_make_their_counter_wait() {
    let rig = Rig::opens_unattended().await;
    for teller in 1001..=1000 + TRIES {
        let teller = teller.to_string();
        let (_, wrong) = pins(&rig, &teller);
        signs_in(&rig, 3, &teller, &wrong).await.is_problem(401, "wrong_pin");
    }
    let (right, _) = pins(&rig, "1008");
    has_to_wait(&signs_in(&rig, 3, "1008", &right).await);
    assert_eq!(signs_in(&rig, 8, "1008", &right).await.status, 200, "the other counters are open");
}

#[tokio::test]
async fn a_counter_that_does_not_exist_tells_nothing_about_a_pin() {
    let rig = Rig::opens_unattended().await;
    let (right, wrong) = pins(&rig, "1003");
    let mut told = Vec::new();
    for pin in [&right, &wrong, &right, &wrong, &wrong, &wrong, &wrong, &wrong] {
        let answer = signs_in(&rig, 99, "1003", pin).await;
        answer.is_problem(404, "unknown_counter");
        told.push(answer.text);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    // And nobody has to wait for it.
    assert_eq!(signs_in(&rig, 3, "1003", &right).await.status, 200);
}
