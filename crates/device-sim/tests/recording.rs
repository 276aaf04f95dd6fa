//! Lines recorded in both directions, and devices played back from a recording.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::{Host, rig};
use device_sim::{Chunk, Direction, Key, Keypad, LineOptions, Recording, RecordingError, Replay, ReplayPace};
use tempfile::TempDir;

fn replay(text: &str, pace: ReplayPace) -> (Replay, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let recording = Recording::parse(text).expect("a recording");
    let replay = Replay::start(&LineOptions::new(directory.path(), "replay"), &recording, pace).expect("a line");
    let host = Host::open(replay.path());
    (replay, host, directory)
}

#[test]
fn a_recording_is_a_line_of_text_for_each_chunk() {
    let text = "# a printer asked twice\n\n0 > 10 04 01\n12 < 12\n";
    let recording = Recording::parse(text).unwrap();
    let chunk = |after, direction, bytes: &[u8]| Chunk {
        after: Duration::from_millis(after),
        direction,
        bytes: bytes.to_vec(),
    };
    let expected = [chunk(0, Direction::ToDevice, b"\x10\x04\x01"), chunk(12, Direction::ToHost, b"\x12")];
    assert_eq!(recording.0, expected);
    assert_eq!(recording.to_string(), "0 > 10 04 01\n12 < 12\n");
}

#[test]
fn a_line_that_is_no_chunk_is_named() {
    for wrong in ["x > 10", "0 = 10", "0 > 1", "0 > GG", "0 >", "0"] {
        let text = format!("0 > 10\n{wrong}\n");
        match Recording::parse(&text) {
            Err(RecordingError::Line { line: 2, text }) => assert_eq!(text, wrong),
            other => panic!("{wrong}: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_printer_said_is_said_again_by_its_recording() {
    let rig = rig();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("printer.txt");
    rig.printer.start_recording(&file).unwrap();
    assert_eq!(rig.host.ask(b"\x10\x04\x01", 1), [0x12]);
    rig.printer.run_out_of_paper();
    assert_eq!(rig.host.ask(b"\x10\x04\x04", 1), [0x7E]);
    rig.printer.stop_recording();
    assert_eq!(rig.host.ask(b"\x10\x04\x02", 1), [0x32]);

    let recording = Recording::read(&file).unwrap();
    assert_eq!(recording.0.iter().filter(|chunk| chunk.direction == Direction::ToHost).count(), 2);
    let line = LineOptions::new(directory.path(), "again");
    let replay = Replay::start(&line, &recording, ReplayPace::AtOnce).unwrap();
    let host = Host::open(replay.path());
    assert_eq!(host.ask(b"\x10\x04\x01", 1), [0x12]);
    assert_eq!(replay.waits_for(), b"\x10\x04\x04");
    assert_eq!(host.ask(b"\x10\x04\x04", 1), [0x7E]);
    replay.wait_until_finished().await;
    assert_eq!(replay.unexpected(), b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_key_is_pressed_when_the_replay_begins() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("keypad.txt");
    let keypad = Keypad::start(&LineOptions::new(directory.path(), "keypad"), 1).unwrap();
    keypad.start_recording(&file).unwrap();
    let host = Host::open(keypad.path());
    keypad.press(Key::Call);
    let call = host.hear(10);
    host.send(&call);
    keypad.wait_for_acknowledged(1).await;
    keypad.stop_recording();

    let line = LineOptions::new(directory.path(), "again");
    let replay = Replay::start(&line, &Recording::read(&file).unwrap(), ReplayPace::AtOnce).unwrap();
    let host = Host::open(replay.path());
    replay.begin();
    assert_eq!(host.hear(10), call);
    assert!(!replay.is_finished());
    host.send(&call);
    replay.wait_until_finished().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_may_send_in_other_chunks_and_say_more_than_was_recorded() {
    let (replay, host, _directory) = replay("0 > 01 02\n0 > 03\n5 < AA\n9 > 04\n9 < BB\n", ReplayPace::AtOnce);
    host.send(b"\x01\x02");
    host.send(b"\x01\x02\x03\x07");
    assert_eq!(host.hear(1), [0xAA]);
    host.send(b"\x04\x08");
    assert_eq!(host.hear(1), [0xBB]);
    replay.wait_until_finished().await;
    while replay.unexpected().len() < 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(replay.unexpected(), b"\x01\x02\x07\x08");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_at_its_recorded_pace_takes_its_time() {
    let (replay, host, _directory) = replay("100 > 01\n180 < AA\n240 < BB\n", ReplayPace::AsRecorded);
    let asked = Instant::now();
    assert_eq!(host.ask(b"\x01", 1), [0xAA]);
    assert!(asked.elapsed() >= Duration::from_millis(80), "{:?}", asked.elapsed());
    assert_eq!(host.hear(1), [0xBB]);
    assert!(asked.elapsed() >= Duration::from_millis(140), "{:?}", asked.elapsed());
    replay.wait_until_finished().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_does_not_say_what_was_recorded_gets_no_answer() {
    let (replay, host, _directory) = replay("0 > 01 02\n5 < AA\n", ReplayPace::AtOnce);
    host.send(b"\x01\x03");
    while replay.received().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(host.hears_nothing());
    assert_eq!(replay.waits_for(), b"\x01\x02");
    host.send(b"\x01\x02");
    assert_eq!(host.hear(1), [0xAA]);
}
