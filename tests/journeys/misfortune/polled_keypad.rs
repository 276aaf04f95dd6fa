//! A keypad that is asked for its keys: a key calls, it is unplugged, and comes back.

use std::time::Duration;

use hall_tests::{Rig, block, with_devices};
use wire::{Condition, DeviceState};

use super::{NO_ANSWER, NO_PORT};

/// The input of the key that calls the next customer, in the keypad's profile.
const NEXT: u16 = 0;

async fn hall() -> Rig {
    let keypad = block("keypad-4", "keypad-modbus-8", "virtual", "address = 4\ncounter = 4");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[keypad])).await;
    rig.device("keypad-4").becomes_well().await;
    is_asked(&rig, 5).await;
    rig.teller(4).signs_in().await;
    rig
}

/// Waits until it has been asked so often: which keys are up is known after a few answers, and only one that goes down then is
/// pressed.
async fn is_asked(rig: &Rig, times: usize) {
    let before = rig.polled_keypad("keypad-4").readings();
    rig.until(format!("it is asked {times} times"), async || {
        let asked = rig.polled_keypad("keypad-4").readings() - before;
        if asked >= times { Ok(()) } else { Err(format!("{asked} times")) }
    })
    .await;
}

#[tokio::test]
async fn a_key_calls_one_customer_and_so_it_does_after_the_keypad_was_unplugged() {
    let rig = hall().await;
    let ears = rig.listens().await;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        numbers.push(rig.takes_number_only("payment").await.number);
    }
    assert!(rig.polled_keypad("keypad-4").press(NEXT));
    rig.window_sign(4).shows(&numbers[0]).await;

    rig.polled_keypad("keypad-4").unplug();
    rig.device("keypad-4").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    // The teller goes on by the window.
    assert_eq!(rig.teller(4).calls_next().await.ticket.number, numbers[1]);
    rig.window_sign(4).shows(&numbers[1]).await;

    rig.polled_keypad("keypad-4").plug_back().expect("a new terminal");
    rig.device("keypad-4").is_mended().await;
    // A key that bounces is one press; much later it is another.
    rig.pass(Duration::from_secs(2));
    is_asked(&rig, 5).await;
    assert!(rig.polled_keypad("keypad-4").press(NEXT));
    rig.window_sign(4).shows(&numbers[2]).await;
    assert_eq!(ears.calls().into_iter().map(|(number, ..)| number).collect::<Vec<_>>(), numbers);
}

#[tokio::test]
async fn a_keypad_that_stops_answering_is_told_and_a_key_held_meanwhile_presses_nothing_afterwards() {
    let rig = hall().await;
    let number = rig.takes_number_only("payment").await.number;
    rig.polled_keypad("keypad-4").mute(true);
    rig.device("keypad-4").is_told(DeviceState::Unknown, Condition::NoAnswer, NO_ANSWER).await;
    assert!(rig.polled_keypad("keypad-4").hold(NEXT));
    rig.polled_keypad("keypad-4").mute(false);
    rig.device("keypad-4").is_mended().await;
    is_asked(&rig, 10).await;
    assert_eq!(rig.hall().await.waiting.len(), 1, "nobody pressed it since it can be heard");
    rig.polled_keypad("keypad-4").release(NEXT);
    is_asked(&rig, 5).await;
    assert!(rig.polled_keypad("keypad-4").press(NEXT));
    rig.window_sign(4).shows(&number).await;
}
