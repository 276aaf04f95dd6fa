//! A bit that flips on the wire: no checksum here lets it pass.

use std::fmt::Debug;

use codecs::led::modbus::{Echo, Exchange, Request};
use codecs::led::{cpower, onbon};
use codecs::{id_card, keypad};

use crate::frames;
use crate::noise::Dice;

/// How many frames, each with every one of its bits wrong.
const FRAMES: u64 = 50;

/// `hear` understands a good frame, and nothing of it once any one bit is wrong.
fn no_flip_passes<R: Debug>(hear: impl Fn(&[u8]) -> Vec<R>, good: impl Fn(&mut Dice) -> Vec<u8>) {
    for seed in 0..FRAMES {
        no_flip_of_passes(&hear, good(&mut Dice::new(seed)));
    }
}

fn no_flip_of_passes<R: Debug>(hear: impl Fn(&[u8]) -> Vec<R>, mut frame: Vec<u8>) {
    assert_eq!(hear(&frame).len(), 1, "{frame:02X?}");
    for bit in 0..8 * frame.len() {
        frame[bit / 8] ^= 1 << (bit % 8);
        let heard = hear(&frame);
        assert!(heard.is_empty(), "bit {bit} of {frame:02X?}: {heard:?}");
        frame[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn no_keypad_frame_passes_with_a_bit_wrong() {
    let hear = |bytes: &[u8]| keypad::Decoder::default().push(bytes);
    no_flip_passes(hear, |dice| frames::keypad(dice.byte(), dice.byte(), &dice.bytes(20)));
}

/// All but the first start bytes of an Onbon frame may be missing or wrong; and a CRC of `FF FF` says of itself
/// that nobody checked.
#[test]
fn no_onbon_frame_passes_for_checked_with_a_bit_wrong() {
    let hear = |bytes: &[u8]| {
        let mut frames = onbon::Decoder::default().push(bytes);
        frames.retain(|frame| frame.checked);
        frames
    };
    no_flip_passes(hear, |dice| {
        let frame = frames::onbon(dice.roll() as u16, &[&[0xA0, 0, 0, 0, 0], &dice.bytes(40)[..]].concat());
        frame[7..].to_vec()
    });
}

#[test]
fn no_cpower_answer_passes_with_a_bit_wrong() {
    let hear = |bytes: &[u8]| cpower::Decoder::default().push(bytes);
    no_flip_passes(hear, |dice| frames::cpower(dice.byte(), dice.byte(), dice.byte(), &dice.bytes(40)));
}

#[test]
fn no_modbus_answer_passes_with_a_bit_wrong() {
    let read = Request::ReadHolding { start: 0, count: 10 };
    let hear = |bytes: &[u8]| Exchange::new(9, read.clone(), Echo::None).push(bytes).into_iter().collect::<Vec<_>>();
    no_flip_passes(hear, |dice| {
        let values: Vec<u16> = (0..10).map(|_| dice.roll() as u16).collect();
        frames::registers(9, &values)
    });

    let poll = Request::ReadDiscreteInputs { start: 0, count: 8 };
    let hear = |bytes: &[u8]| Exchange::new(9, poll.clone(), Echo::None).push(bytes).into_iter().collect::<Vec<_>>();
    no_flip_passes(hear, |dice| frames::modbus(&[9, 2, 1, dice.byte()]));
}

#[test]
fn no_identity_card_passes_with_a_bit_wrong() {
    let hear = |bytes: &[u8]| id_card::Decoder::default().push(bytes);
    no_flip_passes(hear, |dice| frames::id_card(&[&[0, 0, 0x9F], &dice.bytes(9)[..]].concat()));
    no_flip_of_passes(hear, frames::id_card_read("440524188001010014", 0x5A));
}
