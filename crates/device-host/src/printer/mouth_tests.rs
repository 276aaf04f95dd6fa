//! A printer with a presenter: what its mouth proves, and what becomes of a ticket nobody takes.

use wire::{Condition as Is, DeviceState};

use super::tests::{Rig, is_ticket, job, only};
use super::*;

/// Answers to `DLE EOT 20` (Custom KPM210 manual; the paper jam of the VKP80).
const EMPTY: [u8; 6] = [0x10, 0x0F, 0, 0, 0, 0];
const IN_MOUTH: [u8; 6] = [0x10, 0x0F, 0x20, 0, 0, 0];
const PRINTING: [u8; 6] = [0x10, 0x0F, 0, 0x0C, 0, 0];
const COMING_OUT: [u8; 6] = [0x10, 0x0F, 0x20, 0x0C, 0, 0];
const PAPER_OUT: [u8; 6] = [0x10, 0x0F, 0x21, 0, 0, 0];
const JAMMED: [u8; 6] = [0x10, 0x0F, 0, 0, 0x40, 0];

const ASK: [u8; 3] = [0x10, 0x04, 0x14];
const PUSH: [u8; 3] = [0x1D, 0x65, 0x05];

/// One whose mouth is known to be empty.
pub(super) fn rig() -> Rig {
    let mut rig = presenter(PrintConfirm::None);
    rig.answers(&[EMPTY, EMPTY]);
    rig
}

pub(super) fn presenter(confirm: PrintConfirm) -> Rig {
    Rig::of(PrinterProfile { eject: 5, ..tests::profile(PrinterStatus::Full, confirm) })
}

impl Rig {
    /// Answers the next questions, as soon as they come.
    fn answers(&mut self, answers: &[[u8; 6]]) {
        for answer in answers {
            let asked = (0..40).any(|_| {
                let bytes = self.frame();
                if bytes.is_none() {
                    self.pass(100);
                }
                bytes.is_some_and(|bytes| bytes == ASK)
            });
            assert!(asked, "it is asked nothing");
            self.hear(answer);
        }
    }

    /// Prints this job, whose mouth is free.
    pub(super) fn prints(&mut self, id: u64) {
        self.jobs(&[job(id)]);
        assert_eq!(self.asks(), [Request::Claim(id)]);
        self.printer.told(Told::Claimed(id));
        let ticket = self.frame();
        assert!(ticket.as_ref().is_some_and(|bytes| bytes.ends_with(&PUSH)) && is_ticket(ticket), "{id}");
    }
}

#[test]
fn a_ticket_seen_twice_in_an_empty_mouth_is_printed() {
    let mut rig = rig();
    rig.prints(1);
    assert_eq!(rig.asks(), [], "it has not come yet");
    rig.answers(&[EMPTY, IN_MOUTH]);
    assert_eq!(rig.asks(), [], "one answer may be noise");
    rig.answers(&[IN_MOUTH]);
    assert!(only(rig.asks(), 1, PrintState::Printed));
}

#[test]
fn half_a_ticket_in_the_mouth_is_not_printed_and_what_follows_a_stop_is_uncertain() {
    let mut rig = rig();
    rig.prints(1);
    rig.answers(&[COMING_OUT, COMING_OUT, PAPER_OUT, PAPER_OUT]);
    rig.pass(60_000);
    assert_eq!(rig.asks(), [], "the printer says what is wrong and is waited for");
    rig.answers(&[COMING_OUT, IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 1, PrintState::Uncertain));
}

#[test]
fn a_ticket_that_does_not_show_is_sent_and_after_a_stop_uncertain() {
    for (stop, state) in [(EMPTY, PrintState::Sent), (JAMMED, PrintState::Uncertain)] {
        let mut rig = rig();
        rig.prints(1);
        rig.answers(&[stop, EMPTY]);
        for _ in 0..15 {
            assert_eq!(rig.asks(), []);
            rig.answers(&[EMPTY]);
        }
        rig.pass(CONFIRM_MS);
        assert!(only(rig.asks(), 1, state), "{state:?}");
    }
}

#[test]
fn a_ticket_that_comes_too_late_is_no_proof_of_the_next() {
    let mut rig = rig();
    rig.prints(1);
    rig.answers(&[PRINTING; 20]);
    rig.pass(500);
    assert!(only(rig.asks(), 1, PrintState::Sent));
    rig.answers(&[EMPTY, EMPTY]);
    // Now the first one shows, or the second: nobody can tell.
    rig.prints(2);
    assert!(only(rig.asks(), 2, PrintState::Sent));
    rig.answers(&[IN_MOUTH, IN_MOUTH, EMPTY, EMPTY]);
    rig.prints(3);
    assert!(only(rig.asks(), 3, PrintState::Sent));
    for _ in 0..8 {
        rig.answers(&[EMPTY]);
        rig.pass(2_000);
    }
    // Nothing has moved for long enough.
    rig.prints(4);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 4, PrintState::Printed));
}

#[test]
fn a_presenter_that_drops_its_tickets_unseen_holds_up_two_and_no_more_until_one_is_seen() {
    let mut rig = rig();
    for id in [1, 2] {
        rig.prints(id);
        assert_eq!(rig.asks(), []);
        rig.pass(CONFIRM_MS);
        assert!(only(rig.asks(), id, PrintState::Sent));
        for _ in 0..8 {
            rig.answers(&[EMPTY]);
            rig.pass(2_000);
        }
    }
    rig.prints(3);
    assert!(only(rig.asks(), 3, PrintState::Sent));
    rig.answers(&[IN_MOUTH, IN_MOUTH, EMPTY, EMPTY]);
    rig.prints(4);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 4, PrintState::Printed));
}

#[test]
fn the_next_ticket_waits_until_the_one_in_the_mouth_is_taken() {
    let mut rig = rig();
    rig.prints(1);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    rig.asks();
    rig.jobs(&[job(2)]);
    rig.answers(&[IN_MOUTH, EMPTY]);
    assert_eq!(rig.asks(), [], "it may be drawn out just now");
    rig.answers(&[EMPTY]);
    rig.prints(2);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 2, PrintState::Printed));
}

#[test]
fn a_ticket_nobody_takes_is_no_fault_and_is_pushed_out_before_the_next() {
    let mut rig = rig();
    rig.prints(1);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    rig.asks();
    assert_eq!((rig.printer.health().state, rig.printer.health().conditions), (DeviceState::Ok, vec![]));
    for _ in 0..3 {
        rig.pass(2_000);
        rig.answers(&[IN_MOUTH]);
    }
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Ok, vec![Is::MediaPresent]));

    rig.jobs(&[job(2)]);
    assert_eq!(rig.asks(), []);
    assert_eq!(rig.frame(), Some(PUSH.to_vec()));
    rig.answers(&[EMPTY, EMPTY]);
    assert_eq!(rig.printer.health().conditions, []);
    rig.prints(2);
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 2, PrintState::Printed));
}

#[test]
fn a_mouth_that_cannot_be_emptied_delays_one_ticket_and_proves_nothing() {
    let mut rig = presenter(PrintConfirm::None);
    rig.answers(&[IN_MOUTH]);
    rig.jobs(&[job(1)]);
    let begun = rig.now.line_ms;
    let mut pushed = 0;
    let claims = loop {
        rig.pass(100);
        match rig.frame() {
            Some(bytes) if bytes == PUSH => pushed += 1,
            Some(_) => rig.hear(&IN_MOUTH),
            None => {}
        }
        let asks = rig.asks();
        if !asks.is_empty() {
            break asks;
        }
    };
    assert_eq!((claims, pushed), (vec![Request::Claim(1)], 1));
    assert_eq!(rig.now.line_ms - begun, 9_000);
    rig.printer.told(Told::Claimed(1));
    assert!(is_ticket(rig.frame()));
    assert!(only(rig.asks(), 1, PrintState::Sent));
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    rig.prints(2);
    assert!(only(rig.asks(), 2, PrintState::Sent));
}

#[test]
fn a_presenter_that_confirms_is_believed_its_confirmation_alone() {
    let mut rig = presenter(PrintConfirm::GsR);
    rig.answers(&[EMPTY, EMPTY]);
    rig.jobs(&[job(1)]);
    rig.asks();
    rig.printer.told(Told::Claimed(1));
    assert!(is_ticket(rig.frame()));
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert_eq!(rig.asks(), []);
    rig.hear(&tests::CAME_OUT);
    assert!(only(rig.asks(), 1, PrintState::Printed));
}

#[test]
fn a_paper_jam_is_a_fault_by_its_name() {
    let mut rig = rig();
    rig.answers(&[JAMMED]);
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Fault, vec![Is::PaperJammed]));
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), []);
    rig.answers(&[EMPTY]);
    assert_eq!((rig.printer.health().state, rig.asks()), (DeviceState::Ok, vec![Request::Claim(1)]));
}

#[test]
fn an_answer_with_a_byte_too_many_neither_faults_nor_proves() {
    let mut rig = rig();
    rig.prints(1);
    for _ in 0..4 {
        rig.pass(500);
        assert_eq!(rig.frame().as_deref(), Some(&ASK[..]));
        rig.hear(&[0x10, 0x0F, 0x20, 0, 0, 0, 0]);
        assert_eq!(rig.asks(), []);
    }
    rig.answers(&[IN_MOUTH, IN_MOUTH]);
    assert!(only(rig.asks(), 1, PrintState::Printed));
}
