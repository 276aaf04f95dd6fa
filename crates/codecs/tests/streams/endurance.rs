//! Ten thousand bad lines for every decoder: no panic, no large allocation, and the good frame after them is heard.

use std::fmt::Debug;

use codecs::escpos::StatusKind;
use codecs::escpos::status::{Query, Reply, StatusDecoder};
use codecs::led::modbus::{Answer, Echo, Exchange, Request, Response};
use codecs::led::{cpower, onbon};
use codecs::scanner::{Scan, ScannerCharset, ScannerTraits};
use codecs::track2::{LrcUse, Track2Traits};
use codecs::{id_card, keypad, scanner, track2};

use crate::allocation::largest;
use crate::frames;
use crate::noise::{Dice, noise, pieces};

/// For each decoder; where it has several settings, they share them.
const STREAMS: u64 = 10_002;
/// The least that a decoder would have to ask for at once to be dangerous to a small box.
const MOST_AT_ONCE: usize = 64 * 1024;

/// Feed a fresh decoder each of `streams`, then `good`, which has to be the last thing it hears. Returns how
/// often it was not.
fn endure<D, R: PartialEq + Debug>(
    streams: u64,
    decoder: impl Fn() -> D,
    feed: impl Fn(&mut D, &[u8]) -> Vec<R>,
    settle: impl Fn(&mut D),
    good: impl Fn(&mut Dice) -> (Vec<u8>, R),
) -> usize {
    let mut missed = 0;
    for seed in 0..streams {
        let dice = &mut Dice::new(seed);
        let (frame, expected) = good(dice);
        let noise = noise(dice, &frame);
        let noise = pieces(dice, &noise);
        let frame = pieces(dice, &frame);
        let (last, most) = largest(|| {
            let mut decoder = decoder();
            for piece in noise {
                feed(&mut decoder, piece);
            }
            settle(&mut decoder);
            let mut last = None;
            for piece in frame {
                last = feed(&mut decoder, piece).pop().or(last);
            }
            last
        });
        assert!(most <= MOST_AT_ONCE, "stream {seed}: {most} bytes at once");
        missed += usize::from(last.as_ref() != Some(&expected));
    }
    missed
}

fn as_it_is<D>(_: &mut D) {}

#[test]
fn a_keypad_is_heard_after_ten_thousand_bad_lines() {
    let missed = endure(STREAMS, keypad::Decoder::default, keypad::Decoder::push, as_it_is, |dice| {
        let (address, function, data) = (dice.byte(), dice.byte(), dice.bytes(8));
        (frames::keypad(address, function, &data), keypad::Frame { address, function, data })
    });
    assert_eq!(missed, 0);
}

#[test]
fn an_onbon_card_is_heard_after_ten_thousand_bad_lines() {
    let feed = |decoder: &mut onbon::Decoder, bytes: &[u8]| {
        decoder.push(bytes).into_iter().map(|frame| (frame.source, frame.checked, frame.data)).collect()
    };
    let missed = endure(STREAMS, onbon::Decoder::default, feed, as_it_is, |dice| {
        let (source, rest) = (dice.roll() as u16, dice.bytes(40));
        (frames::onbon(source, &[&[0xA0, 0, 0, 0, 0], &rest[..]].concat()), (source, true, rest))
    });
    assert_eq!(missed, 0);
}

#[test]
fn a_cpower_card_is_heard_after_ten_thousand_bad_lines() {
    let feed = |decoder: &mut cpower::Decoder, bytes: &[u8]| {
        decoder.push(bytes).into_iter().map(|frame| (frame.is_echo(), frame.id, frame.code, frame.data)).collect()
    };
    let missed = endure(STREAMS, cpower::Decoder::default, feed, as_it_is, |dice| {
        let (id, code, data) = (dice.byte(), dice.byte(), dice.bytes(40));
        (frames::cpower(id, 0x7B, code, &data), (false, id, code, data))
    });
    assert_eq!(missed, 0);
}

#[test]
fn a_modbus_unit_is_heard_after_ten_thousand_bad_lines() {
    let feed = |exchange: &mut Exchange, bytes: &[u8]| exchange.push(bytes).into_iter().collect();
    let values = |dice: &mut Dice| (0..20).map(|_| dice.roll() as u16).collect::<Vec<u16>>();
    for echo in [Echo::None, Echo::Local] {
        let echoed = |request: &[u8], answer: &[u8]| match echo {
            Echo::None => answer.to_vec(),
            Echo::Local => [request, answer].concat(),
        };

        let ask = || Exchange::new(9, Request::ReadHolding { start: 0, count: 20 }, echo);
        let missed = endure(STREAMS / 6, ask, feed, as_it_is, |dice| {
            let values = values(dice);
            let bytes = echoed(&frames::modbus(&[9, 3, 0, 0, 0, 20]), &frames::registers(9, &values));
            (bytes, Answer::Done(Response::Registers(values)))
        });
        assert_eq!(missed, 0, "reading, {echo:?}");

        let ask = || Exchange::new(9, Request::ReadDiscreteInputs { start: 0, count: 8 }, echo);
        let missed = endure(STREAMS / 6, ask, feed, as_it_is, |dice| {
            let inputs = dice.byte();
            let bytes = echoed(&frames::modbus(&[9, 2, 0, 0, 0, 8]), &frames::modbus(&[9, 2, 1, inputs]));
            (bytes, Answer::Done(Response::Inputs((0..8).map(|n| inputs >> n & 1 == 1).collect())))
        });
        assert_eq!(missed, 0, "polling, {echo:?}");

        let ask = || Exchange::new(9, Request::WriteSingle { register: 7, value: 42 }, echo);
        let missed = endure(STREAMS / 6, ask, feed, as_it_is, |_| {
            let write = frames::modbus(&[9, 6, 0, 7, 0, 42]);
            (echoed(&write, &write), Answer::Done(Response::Written))
        });
        assert_eq!(missed, 0, "writing, {echo:?}");
    }
}

#[test]
fn a_printer_is_heard_after_ten_thousand_bad_lines() {
    for kind in [StatusKind::RealTime, StatusKind::Automatic, StatusKind::None] {
        let feed = |decoder: &mut StatusDecoder, bytes: &[u8]| {
            decoder.expect_printed();
            decoder.push(bytes)
        };
        // What the driver does when the time for an answer has run out, and the next question.
        let ask_again = |decoder: &mut StatusDecoder| {
            decoder.forget();
            decoder.expect(Query::Paper);
        };
        let missed = endure(
            STREAMS / 3,
            || StatusDecoder::new(kind),
            feed,
            ask_again,
            |dice| {
                let bits = dice.byte() & !0x93 | 0x12;
                (vec![bits], Reply::RealTime { query: Query::Paper, bits })
            },
        );
        assert_eq!(missed, 0, "{kind:?}");
    }
}

#[test]
fn a_presenter_printer_is_heard_after_ten_thousand_bad_lines() {
    let feed = |decoder: &mut StatusDecoder, bytes: &[u8]| {
        decoder.expect_full();
        decoder.expect_printed();
        decoder.push(bytes)
    };
    let ask_again = |decoder: &mut StatusDecoder| {
        decoder.forget();
        decoder.expect_full();
    };
    let new = || StatusDecoder::new(StatusKind::Full);
    let missed = endure(STREAMS, new, feed, ask_again, |dice| {
        let bytes = [!0x1A, !0x90, !0x14, !0x10].map(|used: u8| dice.byte() & used);
        ([&[0x10, 0x0F], &bytes[..]].concat(), Reply::Full(bytes))
    });
    assert_eq!(missed, 0);
}

#[test]
fn an_identity_card_reader_is_heard_after_ten_thousand_bad_lines() {
    let missed =
        endure(STREAMS, id_card::Decoder::default, id_card::Decoder::push, as_it_is, |dice| match dice.below(80) {
            0 => {
                let frame = frames::id_card_read("11010519491231002X", dice.byte());
                let card = id_card::Decoder::default().push(&frame).pop();
                (frame, card.unwrap_or(id_card::Reply::OtherCard))
            }
            1..=30 => (frames::id_card(&[0, 0, 0x80]), id_card::Reply::NoCard),
            31..=50 => (frames::id_card(&[0, 0, 0x9F, 0, 0, 0, 0]), id_card::Reply::Found),
            _ => (frames::id_card(&[0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0]), id_card::Reply::Selected),
        });
    // Half an answer and the beginning of the next pass for one when an xor of eight bits happens to fit: the
    // reader is asked again.
    assert!(missed <= STREAMS as usize / 1000, "{missed}");
}

#[test]
fn a_card_reader_is_heard_after_ten_thousand_bad_lines() {
    for lrc in [LrcUse::Always, LrcUse::Optional, LrcUse::Never] {
        let reader = || track2::Decoder::new(Track2Traits { lrc, ..Track2Traits::default() });
        let feed = |decoder: &mut track2::Decoder, bytes: &[u8]| {
            decoder.push(bytes).into_iter().map(|track| track.pan).collect()
        };
        // Nobody swipes two cards in the same second.
        let quiet = |decoder: &mut track2::Decoder| drop(decoder.quiet());
        let missed = endure(STREAMS / 3, reader, feed, quiet, |dice| {
            let pan = format!("{:019}", dice.roll() % 1_000_000_000_000_000_000);
            (frames::track2(&format!("{pan}=2912201{}", dice.below(99))), pan)
        });
        assert_eq!(missed, 0, "{lrc:?}");
    }
}

#[test]
fn a_scanner_is_heard_after_ten_thousand_bad_lines() {
    for (charset, text) in [(ScannerCharset::Gbk, &[0xBA, 0xC5][..]), (ScannerCharset::Utf8, "号".as_bytes())] {
        let new = || scanner::Decoder::new(ScannerTraits { charset });
        // Noise has no line ends of its own; the scanner's do.
        let end_of_line = |decoder: &mut scanner::Decoder| drop(decoder.push(b"\r"));
        let missed = endure(STREAMS / 2, new, scanner::Decoder::push, end_of_line, |dice| {
            let number = dice.roll().to_string();
            let line = [number.as_bytes(), text, b"\r\n"].concat();
            (line, Scan::Code(format!("{number}号")))
        });
        assert_eq!(missed, 0, "{charset:?}");
    }
}
