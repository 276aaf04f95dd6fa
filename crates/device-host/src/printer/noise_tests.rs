//! Noise on the line, most often its wrong speed, is never believed.

use proptest::collection::vec;
use proptest::prelude::*;
use wire::{Condition as Is, DeviceState};

use super::tests::{CAME_OUT, Rig, WELL, job, only};
use super::*;

/// Bytes like those of answers, and others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let tricky = prop::sample::select(vec![0x00u8, 0x10, 0x12, 0x72, 0x0C, 0x11, 0x13]);
    vec(prop_oneof![2 => tricky, 1 => any::<u8>()], 0..12)
}

/// Such bytes with one among them that no printer says.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    (bytes(), any::<prop::sample::Index>(), 0x80u8..).prop_map(|(mut bytes, at, noise)| {
        bytes.insert(at.index(bytes.len() + 1), noise);
        bytes
    })
}

/// Whole and broken answers to `DLE EOT 20` with one byte among them that none of them has.
fn full_noise() -> impl Strategy<Value = Vec<u8>> {
    let tricky = prop::sample::select(vec![0x00u8, 0x20, 0x10, 0x0F, 0x0C, 0x01]);
    let answer = Just(vec![0x10, 0x0F, 0x20, 0, 0, 0]);
    let bytes = prop_oneof![2 => answer, 3 => vec(tricky, 0..12)];
    (bytes, any::<prop::sample::Index>(), 0x80u8..).prop_map(|(mut bytes, at, noise)| {
        bytes.insert(at.index(bytes.len() + 1), noise | 0x10);
        bytes
    })
}

fn is_printed(requests: &[Request]) -> bool {
    requests.iter().any(|request| matches!(request, Request::Report(_, report) if report.state == PrintState::Printed))
}

proptest! {
    #[test]
    fn pieces_with_a_byte_no_printer_says_never_print_a_ticket_or_make_a_printer_well(
        pieces in vec(noise(), 1..12), speaks_by_itself in any::<bool>(),
    ) {
        let kind = if speaks_by_itself { PrinterStatus::Automatic } else { PrinterStatus::RealTime };
        let mut strange = Rig::new(kind, PrintConfirm::GsR);
        let mut printing = Rig::well();
        printing.sent();
        for piece in pieces {
            for rig in [&mut strange, &mut printing] {
                rig.frame();
                rig.hear(&piece);
                prop_assert!(!is_printed(&rig.asks()));
                rig.pass(1_000);
            }
            prop_assert_eq!(strange.printer.health().state, DeviceState::Unknown);
        }
    }

    #[test]
    fn pieces_with_a_byte_no_presenter_says_never_print_a_ticket_or_make_a_presenter_well(
        pieces in vec(full_noise(), 1..12),
    ) {
        let mut strange = mouth_tests::presenter(PrintConfirm::None);
        let mut printing = mouth_tests::rig();
        printing.prints(1);
        for piece in pieces {
            for rig in [&mut strange, &mut printing] {
                rig.frame();
                rig.hear(&piece);
                prop_assert!(!is_printed(&rig.asks()));
                rig.pass(1_000);
            }
            prop_assert_eq!(strange.printer.health().state, DeviceState::Unknown);
        }
    }

    #[test]
    fn after_noise_nothing_prints_a_ticket_before_a_clean_round_of_answers(
        first in noise(), rest in vec(bytes(), 0..12),
    ) {
        let mut rig = Rig::well();
        rig.sent();
        rig.hear(&first);
        for piece in rest {
            rig.hear(&piece);
        }
        prop_assert!(!is_printed(&rig.asks()));
        rig.pass(2_000);
        rig.answer_status(&WELL);
        rig.hear(&CAME_OUT);
        prop_assert!(only(rig.asks(), 1, PrintState::Printed));
    }
}

#[test]
fn a_line_of_the_wrong_speed_is_told_from_silence_until_it_is_right() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::GsR);
    for _ in 0..3 {
        assert_eq!(rig.printer.health().conditions, []);
        rig.answer_status(&[0x12, 0xFC, 0x12, 0x12, 0x12]);
        rig.pass(2_000);
    }
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Unknown, vec![Is::Garbled]));
    rig.answer_status(&WELL);
    assert_eq!(rig.printer.health().state, DeviceState::Ok);
}

#[test]
fn a_speed_that_makes_zeros_of_all_answers_is_told_from_silence() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::GsR);
    for _ in 0..3 {
        rig.answer_status(&[0; 4]);
        rig.pass(2_000);
        rig.pass(1_000);
    }
    assert_eq!(rig.printer.health().conditions, [Is::Garbled]);
}

#[test]
fn one_disturbed_round_changes_nothing_and_holds_the_next_ticket_until_a_clean_one() {
    let mut rig = Rig::well();
    rig.pass(2_000);
    rig.answer_status(&[0x1A, 0x32, 0xFF, 0x12, 0x72]);
    assert_eq!(rig.printer.health().state, DeviceState::Ok);
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), []);
    rig.pass(2_000);
    rig.answer_status(&WELL);
    assert_eq!(rig.asks(), [Request::Claim(1)]);
}

#[test]
fn a_report_lost_in_noise_is_asked_for() {
    let mut rig = Rig::new(PrinterStatus::Automatic, PrintConfirm::GsR);
    rig.frame();
    rig.hear(&[0x10, 0, 0, 0]);
    rig.pass(60_000);
    rig.hear(&[0xFF, 0x18, 0, 0x0C, 0]);
    assert_eq!(rig.printer.health().state, DeviceState::Ok);
    assert_eq!(rig.frame(), Some(vec![0x1D, 0x61, 0x0E]));
    rig.hear(&[0x18, 0, 0x0C, 0]);
    assert_eq!(rig.printer.health().conditions, [Is::PaperOut]);
}
