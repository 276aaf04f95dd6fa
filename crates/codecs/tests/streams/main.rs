//! What every decoder promises whatever a port delivers: no panic, no growth, and the next good frame is
//! understood.

mod allocation;
mod endurance;
mod flips;
mod frames;
mod noise;

use codecs::escpos::StatusKind;
use codecs::escpos::status::{PrinterState, Query, Reply, StatusDecoder};
use codecs::led::modbus::{Answer, ByteOrder, Echo, Exchange, Packing, RegisterMap, Request, Response, window_text};
use codecs::led::{cpower, gb2312, onbon};
use codecs::{REPLACEMENT, keypad};
use proptest::collection::vec;
use proptest::prelude::*;

/// Garbage made of the bytes frames are made of: what confuses a decoder most.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let tricky = prop::sample::select(vec![
        0xFFu8, 0x68, 0x16, 0xA5, 0xA6, 0x5A, 0x5B, 0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x83, 0x10, 0x12, 0x0C,
    ]);
    vec(prop_oneof![2 => tricky, 1 => any::<u8>()], 0..600)
}

/// `bytes` in pieces of random sizes, as a port delivers them.
fn pieces(bytes: &[u8], sizes: &[usize]) -> Vec<Vec<u8>> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, left) = rest.split_at((*size).clamp(1, rest.len()));
        pieces.push(piece.to_vec());
        rest = left;
    }
    pieces
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    vec(1usize..40, 1..8)
}

proptest! {
    #[test]
    fn a_keypad_frame_after_garbage_is_heard(
        noise in garbage(), sizes in sizes(),
        address in any::<u8>(), function in any::<u8>(), data in vec(any::<u8>(), 0..8),
    ) {
        let mut decoder = keypad::Decoder::default();
        let mut heard = Vec::new();
        for piece in pieces(&[noise, frames::keypad(address, function, &data)].concat(), &sizes) {
            heard.extend(decoder.push(&piece));
        }
        prop_assert_eq!(heard.last(), Some(&keypad::Frame { address, function, data }));
    }

    #[test]
    fn an_onbon_answer_after_garbage_is_heard(
        noise in garbage(), sizes in sizes(),
        source in 0u16..0x8000, rest in vec(any::<u8>(), 0..64),
    ) {
        let data = [&[0xA0, 0x00, 0x00, 0x00, 0x00][..], &rest].concat();
        let mut decoder = onbon::Decoder::default();
        let mut heard = Vec::new();
        for piece in pieces(&[noise, frames::onbon(source, &data)].concat(), &sizes) {
            heard.extend(decoder.push(&piece));
        }
        let last = heard.last().expect("the good frame");
        prop_assert_eq!((last.source, &last.data), (source, &rest));
        prop_assert!(last.checked && last.is_acknowledgement());
    }

    #[test]
    fn a_modbus_answer_after_garbage_is_heard(
        noise in garbage(), sizes in sizes(),
        unit in 1u8..=247, values in vec(any::<u16>(), 1..20),
    ) {
        let frame = frames::registers(unit, &values);
        let request = Request::ReadHolding { start: 0, count: values.len() as u16 };
        let mut exchange = Exchange::new(unit, request, Echo::None);
        let mut answers = Vec::new();
        for piece in pieces(&[noise, frame].concat(), &sizes) {
            answers.extend(exchange.push(&piece));
        }
        // An accidental five-byte refusal in the noise needs a right CRC: one in 65536.
        prop_assert_eq!(answers.last(), Some(&Answer::Done(Response::Registers(values))));
    }

    #[test]
    fn any_stream_in_any_pieces_is_read_the_same(noise in garbage(), sizes in sizes()) {
        let whole = onbon::Decoder::default().push(&noise);
        let mut decoder = onbon::Decoder::default();
        let pieced: Vec<_> = pieces(&noise, &sizes).iter().flat_map(|p| decoder.push(p)).collect();
        prop_assert_eq!(whole.len(), pieced.len());
    }

    #[test]
    fn no_printer_talk_makes_a_confirmation_nobody_waits_for(noise in garbage()) {
        let mut decoder = StatusDecoder::default();
        let mut state = PrinterState::default();
        for reply in decoder.push(&noise) {
            let claimed = matches!(reply, Reply::Printed { .. } | Reply::RealTime { .. });
            prop_assert!(!claimed, "{reply:?}");
            state.fold(reply);
        }
    }

    #[test]
    fn a_printer_answer_after_garbage_is_heard_when_the_questions_were_forgotten(
        noise in garbage(), bits in any::<u8>(),
    ) {
        let mut decoder = StatusDecoder::default();
        decoder.push(&noise);
        decoder.forget();
        decoder.expect(Query::Paper);
        let bits = bits & !0x93 | 0x12;
        prop_assert_eq!(decoder.push(&[bits]), [Reply::RealTime { query: Query::Paper, bits }]);
    }

    #[test]
    fn no_noise_makes_a_full_status_or_a_confirmation_nobody_waits_for(noise in garbage(), sizes in sizes()) {
        let mut decoder = StatusDecoder::new(StatusKind::Full);
        for reply in pieces(&noise, &sizes).iter().flat_map(|piece| decoder.push(piece)) {
            prop_assert!(matches!(reply, Reply::Unasked(_)), "{reply:?}");
        }
    }

    #[test]
    fn a_full_status_with_a_byte_that_none_has_is_neither_an_answer_nor_a_confirmation(
        bytes in any::<[u8; 4]>(), at in 0usize..6, wrong in any::<u8>(), sizes in sizes(),
    ) {
        let unused = [0xFF, 0xFF, 0x1A, 0x90, 0x14, 0x10];
        let mut answer = [0x10, 0x0F, bytes[0], bytes[1], bytes[2], bytes[3]];
        (2..6).for_each(|n| answer[n] &= !unused[n]);
        let is_wrong = wrong & unused[at] != answer[at] & unused[at];
        // Flow control may come anywhere, and the first byte again begins the answer anew.
        prop_assume!(is_wrong && ![0x10, 0x11, 0x13].contains(&wrong));
        answer[at] = wrong;
        let mut decoder = StatusDecoder::new(StatusKind::Full);
        decoder.expect_full();
        decoder.expect_printed();
        for piece in pieces(&answer, &sizes) {
            for reply in decoder.push(&piece) {
                // Without its first byte the rest are bytes like confirmations; it takes a byte that fits nothing to see that.
                let confirmed = matches!(reply, Reply::Printed { .. }) && at > 0;
                prop_assert!(!confirmed && !matches!(reply, Reply::Full(_)), "{answer:02X?}: {reply:?}");
            }
        }
    }

    #[test]
    fn what_is_shown_can_be_read_back(waiting in 0u16..1000, ticket in 0u16..1000) {
        let heard = keypad::Decoder::default().push(&keypad::show(9, Some(waiting), Some(ticket)));
        let number = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + u16::from(*d));
        prop_assert_eq!(heard.len(), 1);
        prop_assert_eq!((heard[0].address, heard[0].function), (9, 2));
        prop_assert_eq!((number(&heard[0].data[..3]), number(&heard[0].data[3..])), (waiting, ticket));
        prop_assert_eq!(heard[0].event(), None);
    }

    #[test]
    fn an_onbon_text_round_trips(text in "[A-Za-z0-9号请到窗口 ]{0,60}", x in 0u16..512, y in 0u16..64) {
        let area = onbon::Area { id: 1, x, y, width: 64, height: 16 };
        let frame = onbon::dynamic_text(&onbon::OnbonTraits::default(), &area, &text).expect("short");
        let heard = onbon::Decoder::default().push(&frame);
        prop_assert_eq!(heard.len(), 1);
        prop_assert!(heard[0].is_echo() && heard[0].data.ends_with(&gb2312(&text)));
    }

    #[test]
    fn a_cpower_text_round_trips(text in "[A-Za-z0-9号请到窗口アイ\u{a4}、 ]{0,60}", id in 1u8..255, colour in any::<[u8; 3]>()) {
        let traits = cpower::CPowerTraits { id, colour, ..cpower::CPowerTraits::default() };
        let frame = cpower::pure_text(&traits, &text).expect("short");
        prop_assert!(!frame[1..frame.len() - 1].iter().any(|b| *b == 0xA5 || *b == 0xAE));
        let heard = cpower::Decoder::default().push(&frame);
        prop_assert_eq!(heard.len(), 1);
        prop_assert!(heard[0].is_echo() && heard[0].id == id);
        prop_assert_eq!(&heard[0].data[12..15], &colour);
        prop_assert_eq!(&heard[0].data[15..], &[&gb2312(&text)[..], &[0]].concat());
    }

    #[test]
    fn a_cpower_answer_round_trips(id in any::<u8>(), code in any::<u8>(), data in vec(any::<u8>(), 0..200)) {
        let heard = cpower::Decoder::default().push(&frames::cpower(id, 0x7B, code, &data));
        prop_assert_eq!(heard.len(), 1);
        prop_assert!(!heard[0].is_echo());
        prop_assert_eq!((heard[0].id, heard[0].code, &heard[0].data), (id, code, &data));
    }

    #[test]
    fn led_text_is_always_gb2312(text in "\\PC{0,40}") {
        let bytes = gb2312(&text);
        let (back, _, bad) = encoding_rs::GBK.decode(&bytes);
        prop_assert!(!bad);
        prop_assert_eq!(back.chars().count(), text.chars().count());
        prop_assert!(back.chars().zip(text.chars()).all(|(b, t)| b == t || b == REPLACEMENT || "- ·".contains(b)));
    }

    #[test]
    fn a_window_always_gets_all_its_registers(text in "\\PC{0,20}", cells in 0u16..40, packed in any::<bool>()) {
        let packing = if packed { Packing::TwoARegister(ByteOrder::HighFirst) } else { Packing::OneARegister };
        let map = RegisterMap { cells, packing, ..RegisterMap::DM36 };
        let expected = if packed { cells.div_ceil(2) } else { cells };
        prop_assert_eq!(window_text(&text, &map).values.len(), usize::from(expected));
    }
}

#[test]
fn a_long_night_of_noise_keeps_no_memory_of_it() {
    // An Onbon start and nothing that ends it: the frame that never comes must not delay the next one.
    let mut decoder = onbon::Decoder::default();
    let noise: Vec<u8> = std::iter::once(0xA5).chain(std::iter::repeat_n(0x11, 9000)).collect();
    assert_eq!(decoder.push(&noise), []);
    assert_eq!(decoder.push(&frames::onbon(1, &[0xA0, 0, 0, 0, 0])).len(), 1);

    let mut decoder = keypad::Decoder::default();
    assert_eq!(decoder.push(&[0xFF; 9000]), []);
    assert_eq!(decoder.push(&frames::keypad(1, 1, &[0x0C])).len(), 1);
}
