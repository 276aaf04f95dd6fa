//! The customer is asked for a rating and presses a key of the rater, more than once.

use std::time::Duration;

use device_sim::Key;
use hall_tests::Rig;
use wire::{TicketState, TicketView};

/// The customer at counter 3 has been served, and the teller has pressed evaluate.
async fn asked_for_a_rating(rig: &Rig) -> TicketView {
    rig.teller(3).signs_in().await;
    let ticket = rig.takes_number_only("payment").await;
    rig.keypad(3).press(Key::Call);
    rig.window_sign(3).shows(&ticket.number).await;
    rig.keypad(3).press(Key::Evaluate);
    rig.until("the rater asks", async || {
        let asked = rig.keypad(3).ratings_started();
        if asked == 1 { Ok(()) } else { Err(format!("asked {asked} times")) }
    })
    .await;
    ticket
}

async fn acknowledged(rig: &Rig, keys: usize) {
    rig.until(format!("{keys} keys are acknowledged"), async || {
        let keypad = rig.keypad(3);
        if keypad.acknowledged() == keys { Ok(()) } else { Err(format!("{:?} is not", keypad.unanswered())) }
    })
    .await;
}

#[tokio::test]
async fn a_customer_who_is_asked_rates_the_service_once() {
    let rig = Rig::opens().await;
    let ticket = asked_for_a_rating(&rig).await;
    // Asking says that the service is done: the counter is free and its sign idle.
    let served = rig.ticket(ticket.id).await;
    assert_eq!((served.state, served.score), (TicketState::Completed, None));
    rig.window_sign(3).is_idle().await;

    // The second key of the deployed rater: 满意.
    rig.keypad(3).press(Key::Rate(2));
    acknowledged(&rig, 3).await;
    rig.until("the ticket has the score", async || {
        let score = rig.ticket(ticket.id).await.score;
        if score == Some(4) { Ok(()) } else { Err(format!("{score:?}")) }
    })
    .await;

    // A second press is acknowledged, so that the device is quiet, and changes nothing.
    rig.pass(Duration::from_secs(2));
    let seq = rig.hall().await.seq;
    let beeps = rig.keypad(3).beeps();
    rig.keypad(3).press(Key::Rate(4));
    acknowledged(&rig, 4).await;
    rig.pass(Duration::from_secs(2));
    rig.keypad(3).press(Key::Recall);
    rig.until("a later key is done, and beeps: nobody is there", async || {
        let beeped = rig.keypad(3).beeps() - beeps;
        if beeped == 1 { Ok(()) } else { Err(format!("{beeped} beeps")) }
    })
    .await;
    assert_eq!(rig.ticket(ticket.id).await.score, Some(4));
    assert_eq!(rig.hall().await.seq, seq);
}

#[tokio::test]
async fn a_rating_that_comes_a_minute_late_or_from_nobody_is_dropped() {
    let rig = Rig::opens().await;
    // Nobody has been served yet: neither the press nor what comes after it is that customer's.
    rig.keypad(3).press(Key::Rate(1));
    acknowledged(&rig, 1).await;
    let ticket = asked_for_a_rating(&rig).await;
    assert_eq!(rig.ticket(ticket.id).await.score, None);
    rig.pass(Duration::from_secs(60));
    rig.keypad(3).press(Key::Rate(1));
    acknowledged(&rig, 4).await;
    // A later key is done: whatever the rating would have done is done, too.
    let beeps = rig.keypad(3).beeps();
    rig.keypad(3).press(Key::Recall);
    rig.until("the later key beeps", async || {
        let beeped = rig.keypad(3).beeps() - beeps;
        if beeped == 1 { Ok(()) } else { Err(format!("{beeped} beeps")) }
    })
    .await;
    assert_eq!(rig.ticket(ticket.id).await.score, None);
}
