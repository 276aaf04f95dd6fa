//! A keypad that has to be asked, with frames of the Modbus application protocol.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::Host;
use device_sim::{LineOptions, PolledKeypad, PolledKeypadOptions, Verdict};
use tempfile::TempDir;

fn keypads(options: impl IntoIterator<Item = PolledKeypadOptions>) -> (Vec<PolledKeypad>, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let pads = PolledKeypad::start_bus(&LineOptions::new(directory.path(), "keys"), options).expect("a line");
    let host = Host::open(pads[0].path());
    (pads, host, directory)
}

fn keypad() -> (PolledKeypad, Host, TempDir) {
    let (mut pads, host, directory) = keypads([PolledKeypadOptions::new(1)]);
    (pads.remove(0), host, directory)
}

/// Eight inputs of unit 1, with the check sums another implementation computed.
const WHICH_KEYS: &[u8] = b"\x01\x02\x00\x00\x00\x08\x79\xCC";
const FIRST_KEY: &[u8] = b"\x01\x02\x01\x01\x60\x48";
const NO_KEY: &[u8] = b"\x01\x02\x01\x00\xA1\x88";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_pressed_is_all_bits_clear() {
    let (pad, host, _directory) = keypad();
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    assert_eq!(pad.frames()[0].verdict, Verdict::Understood);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_there_at_two_readings_however_late_and_gone_then() {
    let (pad, host, _directory) = keypad();
    assert!(pad.press(0));
    // A driver that was away longer than a finger stays still finds the press.
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(pad.pressed(), [0]);
    assert_eq!(host.ask(WHICH_KEYS, 6), FIRST_KEY);
    assert_eq!(host.ask(WHICH_KEYS, 6), FIRST_KEY);
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    assert_eq!((pad.pressed(), pad.readings()), (Vec::new(), 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_lasts_120_ms_for_a_driver_that_reads_often() {
    let (pad, host, _directory) = keypad();
    let pressed = Instant::now();
    pad.press(0);
    while host.ask(WHICH_KEYS, 6) == FIRST_KEY {}
    assert!(pressed.elapsed() >= Duration::from_millis(120), "{:?}", pressed.elapsed());
    assert!(pad.readings() > 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_nobody_reads_is_lost_and_a_key_held_stays() {
    let (pad, host, _directory) = keypad();
    pad.tap(0, Duration::from_millis(20));
    tokio::time::sleep(Duration::from_millis(40)).await;
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    pad.hold(0);
    for _ in 0..10 {
        assert_eq!(host.ask(WHICH_KEYS, 6), FIRST_KEY);
    }
    pad.release(0);
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    assert!(!pad.press(8));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_bits_counted_from_the_first_input_asked_for() {
    let (pad, host, _directory) = keypad();
    pad.hold(2);
    pad.hold(7);
    assert_eq!(host.ask(WHICH_KEYS, 6)[3], 0b1000_0100);
    // Six inputs from the third on.
    assert_eq!(host.ask(&summed(b"\x01\x02\x00\x02\x00\x06"), 6)[3], 0b0010_0001);
    assert_eq!(host.ask(&summed(b"\x01\x02\x00\x07\x00\x02"), 5), summed(b"\x01\x82\x02"));
    assert_eq!(host.ask(&summed(b"\x01\x02\x00\x00\x00\x00"), 5), summed(b"\x01\x82\x03"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_garbled_answer_is_wrong_once_and_a_mute_keypad_says_nothing() {
    let (pad, host, _directory) = keypad();
    pad.garble_next();
    assert_ne!(host.ask(WHICH_KEYS, 6), NO_KEY);
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    pad.mute(true);
    host.send(WHICH_KEYS);
    pad.wait_for_readings(3).await;
    assert!(host.hears_nothing());
    pad.unplug();
    assert!(host.is_hung_up());
}

#[tokio::test(flavor = "multi_thread")]
async fn keypads_on_one_line_answer_for_their_own_unit() {
    let (pads, host, _directory) = keypads([1, 2].map(PolledKeypadOptions::new));
    pads[1].hold(0);
    assert_eq!(host.ask(WHICH_KEYS, 6), NO_KEY);
    assert_eq!(host.ask(&summed(b"\x02\x02\x00\x00\x00\x08"), 6)[..4], *b"\x02\x02\x01\x01");
    pads[1].dead(true);
    host.send(&summed(b"\x02\x02\x00\x00\x00\x08"));
    pads[1].wait_for_frames(2).await;
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn displays_and_beeper_are_registers_where_there_are_any() {
    let options = PolledKeypadOptions { registers: 3, ..PolledKeypadOptions::new(1) };
    let (pads, host, _directory) = keypads([options]);
    let write = summed(b"\x01\x06\x00\x00\x00\x0C");
    assert_eq!(host.ask(&write, 8), write);
    host.ask(&summed(b"\x01\x10\x00\x01\x00\x02\x04\x00\x2D\x00\x01"), 8);
    assert_eq!(pads[0].registers(), [12, 45, 1]);
    assert_eq!(host.ask(&summed(b"\x01\x03\x00\x00\x00\x03"), 11)[3..9], [0, 12, 0, 45, 0, 1]);
    host.ask(&summed(b"\x01\x06\x00\x02\x00\x01"), 8);
    assert_eq!((pads[0].writes(2), pads[0].writes(0)), (2, 1));
    assert_eq!(host.ask(&summed(b"\x01\x06\x00\x03\x00\x01"), 5), summed(b"\x01\x86\x02"));
}

/// `bytes` with the check sum of the standard's serial line guide.
fn summed(bytes: &[u8]) -> Vec<u8> {
    let mut sum: u16 = 0xFFFF;
    for byte in bytes {
        sum ^= u16::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xA001 } else { sum >> 1 };
        }
    }
    [bytes, &sum.to_le_bytes()].concat()
}
