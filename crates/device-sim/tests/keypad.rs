//! The deployed 呼叫器, with frames read in a system in use.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::Host;
use device_sim::{Key, Keypad, KeypadDisplay, KeypadOptions, LineOptions, Verdict};
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

fn repeating(addresses: impl IntoIterator<Item = u8>) -> (Vec<Keypad>, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let line = LineOptions::new(directory.path(), "keypad");
    let options = addresses.into_iter().map(|address| KeypadOptions::repeating(address, REPEAT));
    let pads = Keypad::start_bus_with(&line, options).expect("setting the scene");
    let host = Host::open(pads[0].path());
    (pads, host, directory)
}

const REPEAT: Duration = Duration::from_millis(40);

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_said_again_until_it_is_acknowledged() {
    let (pads, host, _directory) = repeating([1]);
    let pressed = Instant::now();
    pads[0].press(Key::Call);
    for _ in 0..3 {
        assert_eq!(host.hear(CALL.len()), CALL);
    }
    assert!(pressed.elapsed() >= 2 * REPEAT);
    host.send(CALL);
    pads[0].wait_for_acknowledged(1).await;
    let repeated = pads[0].repeated();
    // Longer than a repetition takes, to see that none comes.
    tokio::time::sleep(2 * REPEAT).await;
    assert_eq!(pads[0].repeated(), repeated);
    assert_eq!(pads[0].unanswered(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_nobody_acknowledges_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let options = KeypadOptions { repeats: 2, ..KeypadOptions::repeating(1, REPEAT) };
    let pads = Keypad::start_bus_with(&LineOptions::new(directory.path(), "keypad"), [options]).unwrap();
    let host = Host::open(pads[0].path());
    pads[0].press(Key::Call);
    assert_eq!(host.hear(3 * CALL.len()), CALL.repeat(3));
    tokio::time::sleep(2 * REPEAT).await;
    assert!(host.hears_nothing());
    assert_eq!(pads[0].unanswered(), [Key::Call]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_keys_at_once_garble_each_other_and_come_again_one_by_one() {
    let (pads, host, _directory) = repeating([1, 0x11]);
    // The sums are 0E and 1E: without more, one frame would have gone through whole.
    assert!(pads[0].collide(Key::Call, &pads[1], Key::Call));
    let garbled = host.hear(CALL.len());
    assert!(garbled != CALL && garbled[5] != 0x11, "{garbled:02X?}");
    let mut heard = [host.hear(CALL.len())[5], host.hear(CALL.len())[5]];
    heard.sort_unstable();
    assert_eq!(heard, [0x01, 0x11]);
    let (others, _other_host, _other_directory) = keypads([1]);
    assert!(!pads[0].collide(Key::Call, &others[0], Key::Call));
    assert_eq!(others[0].unanswered(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_answers_a_rating_as_soon_as_it_is_started() {
    let (pads, host, _directory) = keypads([1]);
    pads[0].answer_ratings(Some(2));
    assert_eq!(host.ask(b"\xFF\x68\x03\x03\x68\x01\x01\x0B\x0D\x16", 10), b"\xFF\x68\x03\x03\x68\x01\x11\x02\x14\x16");
    host.send(b"\xFF\x68\x03\x03\x68\x01\x01\x02\x04\x16");
    pads[0].wait_for_acknowledged(1).await;
    assert_eq!(pads[0].ratings_started(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_on_two_wires_hears_its_own_acknowledgement() {
    let directory = tempfile::tempdir().unwrap();
    let pad = Keypad::start(&LineOptions::new(directory.path(), "keypad").with_echo(), 1).unwrap();
    let host = Host::open(pad.path());
    pad.press(Key::Call);
    assert_eq!(host.hear(CALL.len()), CALL);
    assert_eq!(host.ask(CALL, CALL.len()), CALL);
    pad.wait_for_acknowledged(1).await;
    // The keypad does not hear itself: there is nothing more.
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_keypad_keeps_its_keys_and_a_dead_one_has_none() {
    let (pads, host, _directory) = keypads([1, 2]);
    pads[0].mute(true);
    pads[1].dead(true);
    pads[0].press(Key::Call);
    pads[1].press(Key::Call);
    pads[0].mute(false);
    pads[0].press(Key::Recall);
    assert_eq!(host.hear(10), b"\xFF\x68\x03\x03\x68\x01\x01\x0D\x0F\x16");
    assert_eq!((pads[0].unanswered(), pads[1].unanswered()), (vec![Key::Call, Key::Recall], Vec::new()));
}
