//! Two tellers press at the same moment on one line: the frames run over each other, and both are served.

use std::time::Duration;

use device_sim::{Key, Keypad, KeypadOptions};
use hall_tests::{Rig, Wires, at_port, block, with_devices};
use wire::TicketState;

/// After how long without an acknowledgement each says its key again. Were it the same, they would collide again.
const REPEATS: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(250)];

#[tokio::test]
async fn two_keypads_that_speak_at_once_repeat_themselves_and_each_calls_one_customer() {
    let wires = Wires::laid();
    let options = [3, 4].into_iter().zip(REPEATS).map(|(address, repeat)| KeypadOptions::repeating(address, repeat));
    let pads = Keypad::start_bus_with(&wires.line(), options).expect("keypads");
    let change = |sample: String| {
        let second = block("keypad-4", "keypad-huajiaoqi", &wires.port(), "address = 4\ncounter = 4");
        with_devices(&at_port(&sample, "keypad-3", &wires.port()), &[second])
    };
    let rig = Rig::opens_like_the_sample_but(change).await;
    let ears = rig.listens().await;
    for counter in [3, 4] {
        rig.teller(counter).signs_in().await;
    }
    rig.until("the line is open", async || if pads[0].is_open() { Ok(()) } else { Err(String::new()) }).await;
    let mut calls = 0;
    for round in 1..=3 {
        for _ in 0..3 {
            rig.takes_number_only("payment").await;
        }
        let waiting = rig.hall().await.waiting.len();
        assert!(pads[0].collide(Key::Call, &pads[1], Key::Call), "they are on one line");
        rig.until(format!("round {round}: both keys are acknowledged"), async || {
            let acknowledged = [pads[0].acknowledged(), pads[1].acknowledged()];
            if acknowledged == [round, round] { Ok(()) } else { Err(format!("{acknowledged:?}")) }
        })
        .await;
        for pad in &pads {
            assert!(pad.repeated() >= round, "a collision cannot be read: it has to be said again");
        }
        calls += 2;
        rig.until(format!("round {round}: two more are called"), async || {
            let heard = ears.calls();
            if heard.len() == calls { Ok(()) } else { Err(format!("{heard:?}")) }
        })
        .await;
        assert_eq!(rig.hall().await.waiting.len(), waiting - 2);
        // A key that is said again for want of an answer is one press; the next round's is another.
        rig.pass(Duration::from_secs(2));
    }
    let mut numbers: Vec<_> = ears.calls().into_iter().map(|(number, ..)| number).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 6, "nobody was called twice");
    for (counter, pad) in [3, 4].into_iter().zip(&pads) {
        let ticket = rig.teller(counter).counter().await.ticket.expect("a customer");
        assert_eq!((ticket.counter, ticket.state), (Some(counter), TicketState::Called));
        rig.window_sign(counter).shows(&ticket.number).await;
        // Each teller reads the own customer's number.
        let last_three = ticket.number.chars().skip(1).collect::<String>();
        rig.until(format!("keypad {counter} shows {last_three}"), async || {
            let shown = pad.shown();
            if shown.ticket == last_three { Ok(()) } else { Err(format!("{shown:?}")) }
        })
        .await;
    }
}
