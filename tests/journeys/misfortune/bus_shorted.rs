//! The wires of all window signs are shorted: silence on a shared line.

use device_sim::{WindowOptions, WindowSign};
use hall_tests::{Rig, Wires, at_port, lettering};
use wire::{Condition, DeviceState};

use super::{NO_ANSWER, shows};

#[tokio::test]
async fn calls_go_on_over_a_shorted_line_and_every_sign_shows_the_present_when_it_is_mended() {
    let wires = Wires::laid();
    let signs = WindowSign::start_bus(&wires.line(), (1..=8).map(|unit| WindowOptions::new(unit, lettering())))
        .expect("signs on one line");
    let change =
        |sample| (1..=8).fold(sample, |file: String, n| at_port(&file, &format!("window-led-{n}"), &wires.port()));
    let rig = Rig::opens_like_the_sample_but(change).await;
    let name = |counter: usize| format!("window-led-{counter}");
    for counter in 1..=8 {
        rig.device(&name(counter)).becomes_well().await;
    }
    for counter in 3..=5 {
        rig.teller(counter).signs_in().await;
    }
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(rig.takes_number_only("payment").await.number);
    }
    assert_eq!(rig.teller(3).calls_next().await.ticket.number, numbers[0]);
    shows(&rig, &signs[2], &numbers[0]).await;

    signs.iter().for_each(|sign| sign.dead(true));
    // The technician reads of every sign on it.
    for counter in 1..=8 {
        rig.device(&name(counter)).is_told(DeviceState::Unknown, Condition::NoAnswer, NO_ANSWER).await;
    }
    // Calls go on: the teller hears nothing of it, and the hall's sign, on a line of its own, sends people on.
    assert_eq!(rig.teller(3).calls_next().await.ticket.number, numbers[1]);
    rig.hall_sign().shows_call(&numbers[1], 3).await;
    assert_eq!(rig.teller(4).calls_next().await.ticket.number, numbers[2]);
    assert_eq!(rig.teller(5).calls_next().await.ticket.number, numbers[3]);
    rig.hall_sign().shows_call(&numbers[3], 5).await;
    rig.teller(5).completes().await;
    assert_eq!(signs[2].shown(), numbers[0], "the last before the short still stands there");

    signs.iter().for_each(|sign| sign.dead(false));
    shows(&rig, &signs[2], &numbers[1]).await;
    shows(&rig, &signs[3], &numbers[2]).await;
    for counter in 1..=8 {
        rig.device(&name(counter)).is_mended().await;
    }
    for (sign, counter) in signs.iter().zip(1..) {
        if !(3..=4).contains(&counter) {
            shows(&rig, sign, "").await;
        }
    }
}
