//! Twenty devices on one line, one of them without power: what a driver's patience with it costs the others.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::{Host, font};
use device_sim::{CPowerOptions, CPowerSign, LineOptions, OnbonOptions, OnbonSign, Verdict, WindowOptions, WindowSign};
use tempfile::TempDir;

fn line() -> (LineOptions, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    (LineOptions::new(directory.path(), "bus"), directory)
}

/// How long the driver of these tests waits for an answer.
const PATIENCE: Duration = Duration::from_millis(30);

/// A ping of Onbon card `address`, unchecked (FF FF).
fn onbon_ping(address: u8) -> Vec<u8> {
    let body = [&[address], &b"\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02\x05\x00\xA2\x00\x01\x00\x00\xFF\xFF"[..]];
    [&[0xA5; 8][..], &body.concat(), &[0x5A]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn nineteen_onbon_cards_answer_in_turn_and_a_dead_one_costs_the_drivers_patience() {
    let (line, _directory) = line();
    let signs = OnbonSign::start_bus(&line, (1..=20).map(|address| OnbonOptions::new(address, font()))).unwrap();
    let host = Host::open(signs[0].path());
    signs[6].dead(true);
    for address in 1..=20 {
        host.send(&onbon_ping(address));
        if address == 7 {
            tokio::time::sleep(PATIENCE).await;
            assert!(host.hears_nothing());
        } else {
            // The card's own address stands where the sender does.
            assert_eq!(host.hear(8 + 19 + 3)[10..12], [address, 0]);
        }
    }
    let frames: Vec<_> = signs.iter().map(|sign| sign.frames()).collect();
    assert!(frames.iter().all(|frames| frames.len() == 1), "each heard its own frame only");
    assert!(frames.windows(2).all(|pair| pair[0][0].at <= pair[1][0].at));
    assert_eq!(frames[6][0].verdict, Verdict::Dropped);
    assert!(frames[7][0].at - frames[6][0].at >= PATIENCE);
    signs[6].dead(false);
    assert_eq!(host.ask(&onbon_ping(7), 8 + 19 + 3)[10..12], [7, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_windows_share_a_line_at_wire_speed() {
    let (line, _directory) = line();
    let units = (1..=20).map(|unit| WindowOptions::new(unit, font()));
    let signs = WindowSign::start_bus(&line.at_baud(9600), units).unwrap();
    let host = Host::open(signs[0].path());
    signs[19].mute(true);
    let begun = Instant::now();
    for unit in 1..=20_u8 {
        // Value `unit` in register 7.
        let write = summed(&[unit, 0x06, 0x00, 0x07, 0x00, unit]);
        host.send(&write);
        if unit < 20 {
            assert_eq!(host.hear(8), write);
        }
    }
    signs[19].wait_for_shown(|text| text == "20").await;
    let shown: Vec<_> = signs.iter().map(|sign| sign.shown()).collect();
    assert_eq!(shown, (1..=20).map(|unit| unit.to_string()).collect::<Vec<_>>());
    // Twenty requests and nineteen answers of eight bytes, 10 bits a byte.
    let wire = Duration::from_secs_f64(39.0 * 8.0 * 10.0 / 9600.0);
    assert!(signs[19].last_frame_at().unwrap() - begun >= wire);
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_c_power_cards_are_asked_for_their_power_one_by_one() {
    let (line, _directory) = line();
    let signs = CPowerSign::start_bus(&line, (1..=20).map(|id| CPowerOptions::new(id, font()))).unwrap();
    let host = Host::open(signs[0].path());
    for id in 1..=20_u8 {
        let sum = 0x68 + 0x32 + u16::from(id) + 0x76 + 1 + 1;
        let [low, high] = sum.to_le_bytes();
        let answer = host.ask(&[0xA5, 0x68, 0x32, id, 0x76, 0x01, 0x01, low, high, 0xAE], 19);
        assert_eq!(answer[..5], [0xA5, 0xE8, 0x32, id, 0x76]);
    }
    assert!(signs.iter().all(|sign| sign.frames().len() == 1));
}

/// `bytes` with the check sum of the Modbus serial line guide.
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
