//! Boards of three digits, which never answer: they show calls, are unplugged, and come back to the present.

use hall_tests::{Rig, block, with_devices};
use wire::{Condition, DeviceState};

use super::NO_PORT;

async fn digits(rig: &Rig, name: &str, wanted: u16) {
    rig.until(format!("{name} shows {wanted}"), async || {
        let shown = rig.digit_board(name).shows();
        if shown == Some(wanted) { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await;
}

/// A hall with such a board at counter 3, through a call, its unplugging and its return.
async fn shows_calls_and_comes_back(profile: &str, address: &str) {
    let board = block("digits-3", profile, "virtual", &format!("{address}counter = 3"));
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[board])).await;
    digits(&rig, "digits-3", 0).await;
    let teller = rig.teller(3).signs_in().await;
    for _ in 0..3 {
        rig.takes_number_only("payment").await;
    }
    assert_eq!(teller.calls_next().await.ticket.number, "A001");
    digits(&rig, "digits-3", 1).await;
    // It cannot say how it is, and that alone is no alarm.
    let report = rig.device("digits-3").health().await.report;
    assert_eq!((report.state, report.conditions), (DeviceState::Unknown, vec![]));
    assert!(rig.alarms().await.iter().all(|alarm| alarm.about != "digits-3"));

    rig.digit_board("digits-3").unplug();
    rig.device("digits-3").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    assert_eq!(teller.calls_next().await.ticket.number, "A002");
    assert_eq!(teller.calls_next().await.ticket.number, "A003");
    // The counter's other sign goes on.
    rig.window_sign(3).shows("A003").await;
    assert_eq!(rig.digit_board("digits-3").shows(), Some(1));

    rig.digit_board("digits-3").plug_back().expect("a new terminal");
    digits(&rig, "digits-3", 3).await;
    rig.alarm_is_over("digits-3").await;
    teller.completes().await;
    digits(&rig, "digits-3", 0).await;
}

#[tokio::test]
async fn an_addressed_board_shows_calls_and_after_it_was_unplugged_the_newest_one() {
    shows_calls_and_comes_back("digits-485", "address = 3\n").await;
}

#[tokio::test]
async fn a_board_without_address_shows_calls_and_after_it_was_unplugged_the_newest_one() {
    shows_calls_and_comes_back("digits-xunpeng", "").await;
}

#[tokio::test]
async fn a_frame_that_such_a_board_did_not_hear_is_sent_again_without_being_asked_for() {
    let board = block("digits-3", "digits-485", "virtual", "address = 3\ncounter = 3");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[board])).await;
    digits(&rig, "digits-3", 0).await;
    let teller = rig.teller(3).signs_in().await;
    rig.takes_number_only("payment").await;
    rig.digit_board("digits-3").drop_next(2);
    teller.calls_next().await;
    digits(&rig, "digits-3", 1).await;
}
