//! A C-Power sign in the hall: it shows calls, is unplugged, and comes back to the present.

use hall_tests::{Rig, block, with_devices};
use wire::{Condition, DeviceState};

use super::NO_PORT;

async fn sends(rig: &Rig, number: &str, counter: u16) {
    let wanted = format!("{number} → {counter}号窗口");
    rig.until(format!("the C-Power sign says {wanted}"), async || {
        let shown = rig.cpower_sign("hall-cpower").shown();
        if shown.lines().next().map(str::trim) == Some(&wanted) { Ok(()) } else { Err(format!("`{shown}`")) }
    })
    .await;
}

#[tokio::test]
async fn a_cpower_sign_shows_calls_and_after_it_was_unplugged_the_newest_ones() {
    let sign = block("hall-cpower", "cpower-5200", "virtual", "address = 2\nplace = \"hall\"");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[sign])).await;
    rig.device("hall-cpower").becomes_well().await;
    for counter in [3, 4] {
        rig.teller(counter).signs_in().await;
    }
    let mut numbers = Vec::new();
    for _ in 0..4 {
        numbers.push(rig.takes_number_only("payment").await.number);
    }
    assert_eq!(rig.teller(3).calls_next().await.ticket.number, numbers[0]);
    sends(&rig, &numbers[0], 3).await;

    rig.cpower_sign("hall-cpower").unplug();
    rig.device("hall-cpower").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    for (counter, number) in [(4, &numbers[1]), (3, &numbers[2])] {
        assert_eq!(&rig.teller(counter).calls_next().await.ticket.number, number);
        // The other sign of the hall goes on.
        rig.hall_sign().shows_call(number, counter).await;
    }

    rig.cpower_sign("hall-cpower").plug_back().expect("a new terminal");
    sends(&rig, &numbers[2], 3).await;
    let shown = rig.cpower_sign("hall-cpower").shown();
    assert_eq!(shown.lines().nth(1).map(str::trim), Some(format!("{} → 4号窗口", numbers[1]).as_str()), "{shown}");
    rig.device("hall-cpower").is_mended().await;
}

#[tokio::test]
async fn a_cpower_sign_that_says_no_is_named_and_well_again_when_it_shows_what_it_is_told() {
    let sign = block("hall-cpower", "cpower-5200", "virtual", "address = 2\nplace = \"hall\"");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[sign])).await;
    rig.device("hall-cpower").becomes_well().await;
    rig.teller(3).signs_in().await;
    let number = rig.takes_number_only("payment").await.number;
    rig.cpower_sign("hall-cpower").refuse(Some(4));
    assert_eq!(rig.teller(3).calls_next().await.ticket.number, number);
    let words = ("拒绝指令，请核对设备配置", "refuses what it is told: check its profile");
    rig.device("hall-cpower").is_told(DeviceState::Fault, Condition::Refused, words).await;
    rig.hall_sign().shows_call(&number, 3).await;
    rig.cpower_sign("hall-cpower").refuse(None);
    sends(&rig, &number, 3).await;
    rig.device("hall-cpower").is_mended().await;
}
