//! Signs that are away or do not answer while customers are called.

use hall_tests::{Ears, Rig, Told};
use wire::{AlarmKind, Condition, DeviceState, Passing, PassingKind, Place, Role};

#[tokio::test]
async fn a_window_sign_unplugged_during_a_call_shows_the_newest_call_when_it_is_back() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    let first = rig.takes_number_only("payment").await;
    let second = rig.takes_number_only("payment").await;
    rig.window_sign(3).led().unplug();
    rig.device("window-led-3").becomes(DeviceState::Fault, Condition::NoDevice).await;
    rig.alarm_is_raised(AlarmKind::DeviceFault, "window-led-3").await;

    assert_eq!(teller.calls_next().await.ticket.number, first.number);
    // The hall's sign does not wait for the window's.
    rig.hall_sign().shows_call(&first.number, 3).await;
    assert_eq!(teller.calls_next().await.ticket.number, second.number);
    rig.hall_sign().shows_call(&second.number, 3).await;

    rig.window_sign(3).led().plug_back().expect("a new terminal");
    rig.window_sign(3).shows(&second.number).await;
    rig.device("window-led-3").becomes_well().await;
    rig.alarm_is_over("window-led-3").await;
}

#[tokio::test]
async fn a_key_that_ends_one_ticket_and_calls_the_next_does_not_blank_the_sign_in_between() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    let first = rig.takes_number_only("payment").await;
    let second = rig.takes_number_only("payment").await;
    teller.calls_next().await;
    rig.window_sign(3).shows(&first.number).await;
    let ears = Ears::open(&rig.client(Role::Devices), None).await;
    let next = teller.calls_next().await.ticket.number;
    assert_eq!(next, second.number);
    rig.window_sign(3).shows(&next).await;
    let told: Vec<String> = ears.heard().into_iter().filter_map(number_at_3).collect();
    assert_eq!(told, [next], "a blank in between would cost a slow line a second frame");
}

/// What the sign of counter 3 is told; empty when it is told to be idle.
fn number_at_3(told: Told) -> Option<String> {
    let Told::Passing(Passing { kind: PassingKind::SignWanted { sign }, .. }) = told else { return None };
    (sign.place == Place::Counter(3)).then(|| sign.calls.first().map(|call| call.number.clone()).unwrap_or_default())
}

#[tokio::test]
async fn frames_lost_on_the_wire_are_sent_again_until_the_sign_acknowledges() {
    let rig = Rig::opens().await;
    let teller = rig.teller(4).signs_in().await;
    let ticket = rig.takes_number_only("payment").await;
    rig.window_sign(4).led().drop_next(5);
    rig.hall_sign().led().drop_next(2);
    teller.calls_next().await;
    rig.window_sign(4).shows(&ticket.number).await;
    rig.hall_sign().shows_call(&ticket.number, 4).await;
    rig.device("window-led-4").becomes_well().await;
    rig.device("hall-led").becomes_well().await;
}

#[tokio::test]
async fn a_sign_that_stops_answering_is_told_and_is_well_again_when_it_answers() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    let ticket = rig.takes_number_only("payment").await;
    rig.hall_sign().led().mute(true);
    teller.calls_next().await;
    rig.device("hall-led").becomes(DeviceState::Unknown, Condition::NoAnswer).await;
    rig.alarm_is_raised(AlarmKind::DeviceUnknown, "hall-led").await;
    // It shows what it is sent; it only does not say so.
    rig.hall_sign().shows_call(&ticket.number, 3).await;
    rig.hall_sign().led().mute(false);
    rig.device("hall-led").becomes_well().await;
    rig.alarm_is_over("hall-led").await;
}

#[tokio::test]
async fn signs_show_the_present_after_the_device_host_was_away() {
    let mut rig = Rig::opens().await;
    rig.takes_number_only("payment").await;
    rig.takes_number_only("payment").await;
    let called = rig.teller(3).signs_in().await.calls_next().await.ticket.number;
    rig.window_sign(3).shows(&called).await;
    rig.device_host_goes_away().await;
    let newest = rig.teller(3).calls_next().await.ticket.number;
    rig.device_host_comes_back();
    rig.window_sign(3).shows(&newest).await;
    rig.hall_sign().shows_call(&newest, 3).await;
}

#[tokio::test]
async fn signs_show_the_present_after_the_broker_was_away() {
    let mut rig = Rig::opens().await;
    rig.takes_number_only("payment").await;
    rig.takes_number_only("payment").await;
    let first = rig.teller(3).signs_in().await.calls_next().await.ticket.number;
    rig.window_sign(3).shows(&first).await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    // The journal knows who is signed in and whom they have.
    assert_eq!(rig.teller(3).counter().await.ticket.map(|ticket| ticket.number), Some(first));
    let second = rig.teller(3).calls_next().await.ticket.number;
    rig.window_sign(3).shows(&second).await;
    rig.hall_sign().shows_call(&second, 3).await;
}
