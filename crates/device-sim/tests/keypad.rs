//! The deployed 呼叫器, with frames read in a system in use.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::Host;
use device_sim::{Key, Keypad, KeypadDisplay, LineOptions, Verdict};
use tempfile::TempDir;

fn keypads(addresses: impl IntoIterator<Item = u8>) -> (Vec<Keypad>, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let line = LineOptions::new(directory.path(), "keypad");
    let pads = Keypad::start_bus(&line, addresses).expect("setting the scene");
    let host = Host::open(pads[0].path());
    (pads, host, directory)
}

const CALL: &[u8] = b"\xFF\x68\x03\x03\x68\x01\x01\x0C\x0E\x16";
const WAITING_012: &[u8] = b"\xFF\x68\x08\x08\x68\x01\x02\x00\x01\x02\x0A\x0A\x0A\x24\x16";
const ONE_BEEP: &[u8] = b"\xFF\x68\x02\x02\x68\x01\x03\x04\x16";

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_key_waits_for_the_hosts_echo() {
    let (pads, host, _directory) = keypads([1]);
    pads[0].press(Key::Call);
    assert_eq!(host.hear(CALL.len()), CALL);
    assert_eq!(pads[0].unanswered(), [Key::Call]);
    host.send(CALL);
    pads[0].wait_for_acknowledged(1).await;
    assert_eq!(pads[0].unanswered(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_has_its_frame() {
    let (pads, host, _directory) = keypads([2]);
    let keys: [(Key, &[u8]); 8] = [
        (Key::Recall, b"\xFF\x68\x03\x03\x68\x02\x01\x0D\x10\x16"),
        (Key::Evaluate, b"\xFF\x68\x03\x03\x68\x02\x01\x0B\x0E\x16"),
        (Key::Pause, b"\xFF\x68\x03\x03\x68\x02\x01\x12\x15\x16"),
        (Key::Transfer, b"\xFF\x68\x03\x03\x68\x02\x01\x13\x16\x16"),
        (Key::NoShow, b"\xFF\x68\x04\x04\x68\x02\x01\x06\x0F\x18\x16"),
        (Key::Hold, b"\xFF\x68\x04\x04\x68\x02\x01\x00\x0F\x12\x16"),
        (Key::CallBack, b"\xFF\x68\x04\x04\x68\x02\x01\x03\x0F\x15\x16"),
        (Key::Rate(3), b"\xFF\x68\x03\x03\x68\x02\x11\x03\x16\x16"),
    ];
    for (key, frame) in keys {
        pads[0].press(key);
        assert_eq!(host.hear(frame.len()), frame, "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_is_acknowledged_with_function_01() {
    let (pads, host, _directory) = keypads([1]);
    pads[0].press(Key::Rate(4));
    let rating = host.hear(10);
    host.send(&rating);
    assert!(matches!(pads[0].wait_for_frames(1).await[0].verdict, Verdict::Refused(_)));
    assert_eq!(pads[0].acknowledged(), 0);
    host.send(b"\xFF\x68\x03\x03\x68\x01\x01\x04\x06\x16");
    pads[0].wait_for_acknowledged(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_displays_show_waiting_customers_and_the_number() {
    let (pads, host, _directory) = keypads([1]);
    host.send(WAITING_012);
    let shown = pads[0].wait_for_shown(|shown| !shown.waiting.is_empty()).await;
    assert_eq!(shown, display("012", ""));
    host.send(b"\xFF\x68\x08\x08\x68\x01\x02\x0A\x0A\x07\x00\x04\x05\x27\x16");
    pads[0].wait_for_shown(|shown| *shown == display("7", "045")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_makes_it_beep_and_ask_for_a_rating() {
    let (pads, host, _directory) = keypads([1]);
    host.send(ONE_BEEP);
    host.send(b"\xFF\x68\x03\x03\x68\x01\x01\x0B\x0D\x16");
    pads[0].wait_for_frames(2).await;
    assert_eq!((pads[0].beeps(), pads[0].ratings_started()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_sum_changes_nothing() {
    let (pads, host, _directory) = keypads([1]);
    let mut frame = WAITING_012.to_vec();
    frame[13] ^= 1;
    host.send(&frame);
    let frames = pads[0].wait_for_frames(1).await;
    assert!(matches!(frames[0].verdict, Verdict::Damaged(_)));
    assert_eq!(pads[0].shown(), KeypadDisplay::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn keypads_share_a_line_and_noise_before_a_frame_is_skipped() {
    let (pads, host, _directory) = keypads([1, 2]);
    host.send(b"\x00\xFF");
    host.send(ONE_BEEP);
    pads[0].wait_for_shown(|_| true).await;
    pads[0].wait_for_frames(3).await;
    assert_eq!((pads[0].beeps(), pads[1].beeps()), (1, 0));
    pads[1].press(Key::Call);
    assert_eq!(host.hear(10)[5], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collision_spoils_the_sum_once() {
    let (pads, host, _directory) = keypads([1]);
    pads[0].garble_next();
    pads[0].press(Key::Call);
    assert_ne!(host.hear(CALL.len()), CALL);
    pads[0].press(Key::Call);
    assert_eq!(host.hear(CALL.len()), CALL);
}

fn display(waiting: &str, ticket: &str) -> KeypadDisplay {
    KeypadDisplay { waiting: waiting.to_owned(), ticket: ticket.to_owned() }
}
