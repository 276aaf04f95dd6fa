//! The broker is away while people and devices go on.

use device_sim::Key;
use hall_tests::Rig;

#[tokio::test]
async fn a_key_pressed_while_the_broker_is_away_beeps_and_is_not_remembered() {
    let mut rig = Rig::opens().await;
    rig.teller(3).signs_in().await;
    let ticket = rig.takes_number_only("payment").await;
    rig.broker_goes_away().await;
    let beeps = rig.keypad(3).beeps();
    rig.keypad(3).press(Key::Call);
    rig.until("the keypad beeps", async || {
        let beeped = rig.keypad(3).beeps() - beeps;
        if beeped == 1 { Ok(()) } else { Err(format!("{beeped} beeps")) }
    })
    .await;
    rig.broker_comes_back().await;
    // Pressed again it calls, once: the customer who waited, not the one after.
    let next = rig.takes_number_only("payment").await;
    rig.pass(std::time::Duration::from_secs(2));
    rig.keypad(3).press(Key::Call);
    rig.window_sign(3).shows(&ticket.number).await;
    let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|one| one.number).collect();
    assert_eq!(waiting, [next.number]);
}

#[tokio::test]
async fn a_kiosk_tells_that_the_broker_is_away_and_goes_on_when_it_is_back() {
    let mut rig = Rig::opens().await;
    let mut kiosk = rig.kiosk();
    let first = kiosk.takes_number("payment").await;
    rig.broker_goes_away().await;
    kiosk.sees_a_notice().await;
    rig.broker_comes_back().await;
    let second = kiosk.takes_number("payment").await;
    assert_eq!((first.number.as_str(), second.number.as_str(), second.ahead), ("A001", "A002", 1));
}
