//! Twenty signs on one slow line, and one of them has no power: the others show each call in time.

use std::time::{Duration, Instant};

use client::Key;
use device_sim::{WindowOptions, WindowSign};
use hall_tests::{Rig, Wires, at_port, block, eventually, lettering, with_devices};
use tokio::task::JoinSet;
use wire::{Condition, DeviceState, Role};

use super::NO_ANSWER;

const BAUD: u32 = 9_600;
const SIGNS: u16 = 20;
/// The counter whose sign has no power.
const DEAD: u16 = 13;
/// A frame and its answer are 31 ms on the wire, waiting for the dead one 163 ms; the rest is for a busy machine.
const ONE_CALL: Duration = Duration::from_secs(1);
/// All counters at once: nineteen times the same, and at most one dead wait in between.
const ALL_CALLS: Duration = Duration::from_millis(3_000);

/// The sample with twenty counters, whose signs are all on one line.
fn twenty(sample: &str, port: &str) -> String {
    let mut file = (1..=8).fold(sample.to_owned(), |file, n| at_port(&file, &format!("window-led-{n}"), port));
    for number in 9..=SIGNS {
        let names = "name = { zh = \"综合业务\", en = \"All services\" }";
        file += &format!("\n[[counter]]\nnumber = {number}\n{names}\nkind = \"general\"\nservices = \"all\"\n");
    }
    for number in 1010..=1000 + SIGNS {
        file += &format!("\n[[teller]]\nnumber = \"{number}\"\nname = \"营业员\"\n");
    }
    let sign = |number| {
        let rest = format!("address = {number}\ncounter = {number}");
        block(&format!("window-led-{number}"), "modbus-window-6", port, &rest)
    };
    with_devices(&file, &(9..=SIGNS).map(sign).collect::<Vec<_>>())
}

/// Waits until the sign of a counter shows this number, and tells when that was.
async fn shown_at(signs: &[WindowSign], counter: u16, number: &str) -> Instant {
    let sign = &signs[usize::from(counter) - 1];
    eventually(format!("the sign of counter {counter} shows {number}"), async || {
        let shown = sign.shown();
        if shown == number { Ok(Instant::now()) } else { Err(format!("`{shown}`")) }
    })
    .await
}

#[tokio::test]
async fn nineteen_signs_show_each_call_in_time_and_the_dead_one_is_named() {
    let wires = Wires::laid();
    let units = (1..=SIGNS).map(|unit| WindowOptions::new(u8::try_from(unit).expect("a unit"), lettering()));
    let signs = WindowSign::start_bus(&wires.line().at_baud(BAUD), units).expect("signs on one line");
    signs[usize::from(DEAD) - 1].dead(true);
    let rig = Rig::opens_like_the_sample_but(|sample| twenty(&sample, &wires.port())).await;
    let real_time = rig.keeps_real_time();
    let name = |counter: u16| format!("window-led-{counter}");
    for counter in (1..=SIGNS).filter(|counter| *counter != DEAD) {
        rig.device(&name(counter)).becomes_well().await;
    }
    rig.device(&name(DEAD)).is_told(DeviceState::Unknown, Condition::NoAnswer, NO_ANSWER).await;

    // General counters one after the other, the dead one's among them: while new calls blink on all signs before.
    let counters: Vec<u16> = (3..=SIGNS).collect();
    for counter in &counters {
        rig.teller(*counter).signs_in().await;
    }
    for _ in 0..2 * counters.len() {
        rig.takes_number_only("payment").await;
    }
    let mut slowest = Duration::ZERO;
    for counter in &counters {
        let number = rig.teller(*counter).calls_next().await.ticket.number;
        let called = Instant::now();
        if *counter != DEAD {
            slowest = slowest.max(shown_at(&signs, *counter, &number).await - called);
        }
    }
    eprintln!("one call at a time: shown after {slowest:.0?} at the latest");
    assert!(slowest < ONE_CALL, "{slowest:?}");

    // All at once.
    let mut calls = JoinSet::new();
    let called = Instant::now();
    for counter in counters.clone() {
        let client = rig.client(Role::Teller);
        calls.spawn(async move {
            let called = client.call_next(counter, &Key::new()).await.expect("an answer").expect("somebody who waits");
            (counter, called.ticket.number)
        });
    }
    let called_now = calls.join_all().await;
    let mut slowest = Duration::ZERO;
    for (counter, number) in called_now.iter().filter(|(counter, _)| *counter != DEAD) {
        slowest = slowest.max(shown_at(&signs, *counter, number).await - called);
    }
    eprintln!("{} calls at once: shown after {slowest:.0?} at the latest", called_now.len());
    assert!(slowest < ALL_CALLS, "{slowest:?}");

    // Nobody but the dead one is told of, and with power again it shows the present.
    let ill: Vec<_> = rig.alarms().await.into_iter().filter(|alarm| alarm.about.starts_with("window-led")).collect();
    assert_eq!(ill.iter().map(|alarm| alarm.about.as_str()).collect::<Vec<_>>(), [name(DEAD)]);
    signs[usize::from(DEAD) - 1].dead(false);
    let (_, number) = called_now.iter().find(|(counter, _)| *counter == DEAD).expect("its call");
    shown_at(&signs, DEAD, number).await;
    rig.device(&name(DEAD)).is_mended().await;
    drop(real_time);
}
