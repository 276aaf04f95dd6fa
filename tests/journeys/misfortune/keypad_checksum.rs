//! A key's frame arrives with a wrong check sum: it is not believed, not acknowledged, and its repeat is.

use std::time::Duration;

use device_sim::{Key, Keypad, KeypadOptions};
use hall_tests::{Rig, Wires, at_port};

#[tokio::test]
async fn a_damaged_key_does_nothing_and_the_teller_presses_again() {
    let rig = Rig::opens().await;
    rig.teller(3).signs_in().await;
    let first = rig.takes_number_only("payment").await.number;
    let second = rig.takes_number_only("payment").await.number;
    let keypad = rig.keypad(3);
    keypad.garble_next();
    keypad.press(Key::Call);
    // Whatever would come of it has come once a later key is done: keys of a line are heard in their order.
    keypad.press(Key::Pause);
    rig.until("the later key is acknowledged", async || {
        if keypad.acknowledged() == 1 { Ok(()) } else { Err(format!("{:?}", keypad.unanswered())) }
    })
    .await;
    assert_eq!(keypad.unanswered(), [Key::Call], "the damaged one is not acknowledged");
    let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(waiting, [first.clone(), second.clone()]);

    becomes(&rig, wire::CounterStatus::Paused).await;
    keypad.press(Key::Pause);
    becomes(&rig, wire::CounterStatus::Open).await;
    keypad.press(Key::Call);
    rig.window_sign(3).shows(&first).await;
    let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(waiting, [second]);
}

/// Waits until the counter is so. The hall knows it a moment before the keypad has its answer, and a key pressed in between only
/// beeps.
async fn becomes(rig: &Rig, wanted: wire::CounterStatus) {
    rig.until(format!("the counter is {wanted:?}"), async || {
        let state = rig.teller(3).counter().await.state;
        if state == wanted { Ok(()) } else { Err(format!("{state:?}")) }
    })
    .await;
    rig.pass(Duration::from_secs(2));
    rig.passing(tokio::time::sleep(Duration::from_millis(500))).await;
}

#[tokio::test]
async fn a_damaged_key_that_is_said_again_by_the_keypad_is_served_once() {
    let wires = Wires::laid();
    let options = [KeypadOptions::repeating(3, Duration::from_millis(150))];
    let keypad = Keypad::start_bus_with(&wires.line(), options).expect("a keypad").remove(0);
    let rig = Rig::opens_like_the_sample_but(|sample| at_port(&sample, "keypad-3", &wires.port())).await;
    rig.until("the line is open", async || if keypad.is_open() { Ok(()) } else { Err(String::new()) }).await;
    let ears = rig.listens().await;
    rig.teller(3).signs_in().await;
    let first = rig.takes_number_only("payment").await.number;
    let second = rig.takes_number_only("payment").await.number;
    keypad.garble_next();
    keypad.press(Key::Call);
    rig.window_sign(3).shows(&first).await;
    rig.until("it is acknowledged", async || {
        let answered = (keypad.acknowledged(), keypad.unanswered());
        if answered == (1, Vec::new()) { Ok(()) } else { Err(format!("{answered:?}")) }
    })
    .await;
    assert_eq!(keypad.repeated(), 1);
    rig.device("keypad-3").becomes_well().await;
    assert_eq!(ears.calls().len(), 1);
    let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(waiting, [second]);
}
