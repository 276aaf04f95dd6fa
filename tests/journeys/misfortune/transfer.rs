//! A teller types a counter's number and presses transfer: the customer is that counter's; a wrong number changes nothing.

use std::time::Duration;

use device_sim::{QrScanner, ScannerCharset, ScannerOptions};
use hall_tests::{Rig, Wires, at_port};
use wire::TicketState;

/// The address of counter 3's keypad.
const ADDRESS: u8 = 3;
/// A key; the codes of the keys (a queueing system in use).
const KEY: u8 = 0x01;
const CALL: u8 = 0x0C;
const TRANSFER: u8 = 0x13;

/// A keypad as bytes: the simulated one has no keys of digits. A scanner is what sends any bytes and keeps what it hears.
struct TypedKeypad(QrScanner);

impl TypedKeypad {
    fn on(wires: &Wires) -> Self {
        let options = ScannerOptions { charset: ScannerCharset::Utf8, terminator: Vec::new() };
        Self(QrScanner::start(&wires.line(), options).expect("a line of bytes"))
    }

    /// Presses these keys, and waits until the host has acknowledged them, which it does by saying the same.
    async fn press(&self, rig: &Rig, keys: &[u8]) {
        rig.until("its port is open", async || if self.0.is_open() { Ok(()) } else { Err(String::new()) }).await;
        self.0.forget_received();
        let frame = frame(KEY, keys);
        self.0.scan_bytes(&frame);
        self.hears(rig, &frame).await;
        rig.pass(Duration::from_secs(2));
    }

    async fn hears(&self, rig: &Rig, frame: &[u8]) {
        rig.until(format!("the host says {frame:02X?}"), async || {
            let heard = self.0.received();
            let said = heard.windows(frame.len()).any(|bytes| bytes == frame);
            if said { Ok(()) } else { Err(format!("{heard:02X?}")) }
        })
        .await;
    }

    /// Waits for the beep that says no.
    async fn beeps(&self, rig: &Rig) {
        self.hears(rig, &frame(0x03, &[])).await;
    }
}

/// `FF 68 L L 68 address function data… sum 16`; L counts address, function and data, the sum is over these, modulo 256.
fn frame(function: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(2 + data.len()).expect("a short frame");
    let content = [&[ADDRESS, function], data].concat();
    let sum = content.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    [&[0xFF, 0x68, length, length, 0x68], content.as_slice(), &[sum, 0x16]].concat()
}

async fn number_waits(rig: &Rig, number: &str) {
    rig.until(format!("{number} waits again"), async || {
        let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect();
        if waiting == [number] { Ok(()) } else { Err(format!("{waiting:?}")) }
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_handed_on_to_the_counter_whose_number_was_typed() {
    let wires = Wires::laid();
    let keypad = TypedKeypad::on(&wires);
    let rig = Rig::opens_like_the_sample_but(|sample| at_port(&sample, "keypad-3", &wires.port())).await;
    for counter in [3, 4, 5] {
        rig.teller(counter).signs_in().await;
    }
    let ticket = rig.takes_number_only("payment").await;
    keypad.press(&rig, &[CALL]).await;
    rig.window_sign(3).shows(&ticket.number).await;

    keypad.press(&rig, &[0x05, TRANSFER]).await;
    number_waits(&rig, &ticket.number).await;
    rig.window_sign(3).is_idle().await;
    // It is counter 5's: nobody else gets it.
    assert!(rig.teller(4).calls_whoever_waits().await.is_none());
    assert_eq!(rig.teller(5).calls_next().await.ticket.number, ticket.number);
    rig.window_sign(5).shows(&ticket.number).await;
}

#[tokio::test]
async fn a_number_that_is_no_counters_or_none_at_all_beeps_and_changes_nothing() {
    let wires = Wires::laid();
    let keypad = TypedKeypad::on(&wires);
    let rig = Rig::opens_like_the_sample_but(|sample| at_port(&sample, "keypad-3", &wires.port())).await;
    rig.teller(3).signs_in().await;
    let ticket = rig.takes_number_only("payment").await;
    keypad.press(&rig, &[CALL]).await;
    rig.window_sign(3).shows(&ticket.number).await;
    let seq = rig.hall().await.seq;
    for typed in [&[0x09, 0x09, TRANSFER][..], &[TRANSFER]] {
        keypad.press(&rig, typed).await;
        keypad.beeps(&rig).await;
    }
    assert_eq!(rig.hall().await.seq, seq);
    let there = rig.teller(3).counter().await.ticket.expect("the customer is still there");
    assert_eq!((there.number, there.state), (ticket.number, TicketState::Called));
}
