//! The printer's rules, one misfortune a test. The printer at the other end is these lines of bytes.

use wire::{
    Condition as Is, CutCommand, DeviceState, DoubleByte, Flow, ImageCommand, NumberStyle, PrinterCharset, QrCommand,
    Slip, TicketId,
};

use super::*;

/// Answers to `DLE EOT 1` to 4 of a printer that is well (Epson ESC/POS command reference).
pub(super) const WELL: [u8; 4] = [0x12; 4];
/// The same at the end of its paper: offline, stopped, no error, paper end.
const PAPER_OUT: [u8; 4] = [0x1A, 0x32, 0x12, 0x72];
/// The answer to `GS r 1` with paper.
pub(super) const CAME_OUT: [u8; 1] = [0x00];

/// A printer of the commonest kind, without images.
pub(crate) fn profile(status: PrinterStatus, confirm: PrintConfirm) -> PrinterProfile {
    PrinterProfile {
        baud: 19_200,
        flow: Flow::None,
        dots: 576,
        double_byte: DoubleByte::FsAmp,
        cut: CutCommand::PartialFeed,
        qr: QrCommand::None,
        status,
        confirm,
        feed_before_cut_mm: 12,
        charset: PrinterCharset::Gb18030,
        image: ImageCommand::None,
        number: NumberStyle::Text,
        logo: 0,
        eject: 0,
    }
}

pub(super) struct Rig {
    pub(super) printer: Printer,
    pub(super) now: Now,
}

impl Rig {
    pub(super) fn new(status: PrinterStatus, confirm: PrintConfirm) -> Self {
        Self::of(profile(status, confirm))
    }

    pub(super) fn of(profile: PrinterProfile) -> Self {
        let now = Now { hall_ms: 1_000_000, line_ms: 0 };
        let mut rig = Self { printer: Printer::new(profile, Font::default()), now };
        rig.printer.opened(rig.now);
        rig
    }

    /// One that answers everything, and has said that it is well.
    pub(super) fn well() -> Self {
        let mut rig = Self::new(PrinterStatus::RealTime, PrintConfirm::GsR);
        rig.answer_status(&WELL);
        rig
    }

    pub(super) fn pass(&mut self, ms: i64) {
        self.now = Now { hall_ms: self.now.hall_ms + ms, line_ms: self.now.line_ms + ms };
        self.printer.tick(self.now);
    }

    pub(super) fn frame(&mut self) -> Option<Vec<u8>> {
        let frame = self.printer.next_frame(self.now)?;
        self.printer.written(self.now);
        Some(frame.bytes)
    }

    pub(super) fn answer_status(&mut self, answers: &[u8]) {
        assert_eq!(self.frame().as_deref(), Some(&[0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4][..]));
        self.hear(answers);
    }

    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.printer.heard(self.now, bytes);
    }

    pub(super) fn jobs(&mut self, jobs: &[PrintJob]) {
        self.printer.told(Told::Jobs(jobs.to_vec()));
    }

    fn claimed(&mut self, id: u64) {
        self.printer.told(Told::Claimed(id));
    }

    pub(super) fn asks(&mut self) -> Vec<Request> {
        std::iter::from_fn(|| self.printer.next_wish()).collect()
    }

    /// Brings job 1 to the point where its bytes are with the kernel.
    pub(super) fn sent(&mut self) {
        self.jobs(&[job(1)]);
        assert_eq!(self.asks(), [Request::Claim(1)]);
        self.claimed(1);
        assert!(is_ticket(self.frame()));
    }
}

pub(crate) fn job(id: u64) -> PrintJob {
    let slip = Slip {
        hall: "示范营业厅".to_owned(),
        greeting: None,
        number: format!("A{id:03}"),
        service: "缴费".to_owned(),
        ahead: None,
        wait: None,
        area: None,
        time: "09:00".to_owned(),
        documents: Vec::new(),
        qr_url: None,
        rule: None,
        copy_mark: None,
    };
    PrintJob {
        id,
        kiosk: "east".to_owned(),
        ticket: Some(TicketId(id)),
        copy: false,
        state: PrintState::Queued,
        expires_at: wire::event::timestamp(1_300_000),
        slip,
    }
}

pub(super) fn is_ticket(bytes: Option<Vec<u8>>) -> bool {
    // A ticket begins with the reset.
    bytes.is_some_and(|bytes| bytes.starts_with(&[0x1B, 0x40]))
}

fn ended(id: u64, state: PrintState) -> impl Fn(&Request) -> bool {
    move |request| matches!(request, Request::Report(this, report) if *this == id && report.state == state)
}

pub(super) fn only(requests: Vec<Request>, id: u64, state: PrintState) -> bool {
    requests.len() == 1 && requests.iter().all(ended(id, state))
}

#[test]
fn no_byte_leaves_before_the_claim_is_written_down() {
    let mut rig = Rig::well();
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), [Request::Claim(1)]);
    assert_eq!(rig.frame(), None);
    rig.claimed(1);
    assert!(is_ticket(rig.frame()));
}

#[test]
fn a_confirmed_ticket_is_printed_and_the_next_one_begins() {
    let mut rig = Rig::well();
    rig.jobs(&[job(1), job(2)]);
    rig.asks();
    rig.claimed(1);
    rig.frame();
    rig.hear(&CAME_OUT);
    let asked = rig.asks();
    assert!(ended(1, PrintState::Printed)(&asked[0]));
    assert_eq!(asked[1..], [Request::Claim(2)]);
}

#[test]
fn a_printer_without_paper_leaves_its_jobs_queued_and_says_so() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::GsR);
    rig.answer_status(&PAPER_OUT);
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), []);
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Fault, vec![Is::PaperOut]));
    rig.pass(2_000);
    rig.answer_status(&WELL);
    assert_eq!(rig.asks(), [Request::Claim(1)]);
}

#[test]
fn paper_that_ends_in_the_middle_is_waited_for_as_long_as_it_takes() {
    let mut rig = Rig::well();
    rig.sent();
    rig.pass(2_000);
    rig.answer_status(&PAPER_OUT);
    for _ in 0..100 {
        rig.pass(2_000);
        rig.answer_status(&PAPER_OUT);
    }
    assert_eq!(rig.asks(), []);
    rig.hear(&CAME_OUT);
    assert!(only(rig.asks(), 1, PrintState::Printed));
}

#[test]
fn a_mended_printer_that_confirms_nothing_leaves_the_ticket_uncertain() {
    let mut rig = Rig::well();
    rig.sent();
    rig.pass(2_000);
    rig.answer_status(&PAPER_OUT);
    rig.pass(60_000);
    rig.answer_status(&WELL);
    rig.pass(CONFIRM_MS - 1);
    assert_eq!(rig.asks(), []);
    rig.pass(1);
    assert!(only(rig.asks(), 1, PrintState::Uncertain));
}

#[test]
fn an_unplugged_printer_leaves_the_ticket_uncertain_and_never_prints_it_again() {
    let mut rig = Rig::well();
    rig.sent();
    rig.printer.gone("unplugged");
    assert!(only(rig.asks(), 1, PrintState::Uncertain));
    rig.printer.opened(rig.now);
    rig.answer_status(&WELL);
    // A list from before the report arrived.
    rig.jobs(&[PrintJob { state: PrintState::Sending, ..job(1) }]);
    assert_eq!(rig.asks(), []);
    assert_eq!(rig.frame(), None);
}

#[test]
fn unplugged_before_the_first_byte_the_ticket_is_printed_when_the_printer_is_back() {
    let mut rig = Rig::well();
    rig.jobs(&[job(1)]);
    rig.asks();
    rig.printer.gone("unplugged");
    rig.claimed(1);
    assert_eq!((rig.frame(), rig.asks()), (None, vec![]));
    rig.printer.opened(rig.now);
    rig.answer_status(&WELL);
    assert!(is_ticket(rig.frame()));
}

#[test]
fn a_claimed_ticket_that_expires_before_its_first_byte_is_not_printed() {
    let mut rig = Rig::well();
    rig.jobs(&[job(1)]);
    rig.asks();
    rig.now.hall_ms = 1_300_000;
    rig.claimed(1);
    assert_eq!(rig.frame(), None);
    assert!(only(rig.asks(), 1, PrintState::Failed));
}

#[test]
fn a_ticket_expires_while_the_printer_has_no_paper() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::GsR);
    rig.answer_status(&PAPER_OUT);
    rig.jobs(&[job(1)]);
    assert!(rig.printer.next_look(rig.now).is_some_and(|at| at <= rig.now.line_ms + 2_000));
    rig.pass(299_999);
    assert_eq!(rig.asks(), []);
    rig.pass(1);
    assert!(only(rig.asks(), 1, PrintState::Expired));
}

#[test]
fn a_job_being_sent_by_a_host_that_died_is_uncertain() {
    let mut rig = Rig::well();
    rig.jobs(&[PrintJob { state: PrintState::Sending, ..job(7) }, job(8)]);
    let asked = rig.asks();
    assert!(ended(7, PrintState::Uncertain)(&asked[0]));
    assert_eq!(asked[1..], [Request::Claim(8)]);
}

#[test]
fn a_job_the_broker_withdrew_is_not_printed() {
    let mut rig = Rig::well();
    rig.jobs(&[job(1), job(2)]);
    rig.asks();
    rig.printer.told(Told::Withdrawn(1));
    assert_eq!(rig.asks(), [Request::Claim(2)]);
    assert_eq!(rig.frame(), None);
}

#[test]
fn a_list_from_before_the_ticket_was_printed_does_not_print_it_again() {
    let mut rig = Rig::well();
    rig.sent();
    rig.jobs(&[job(1)]);
    rig.hear(&CAME_OUT);
    rig.jobs(&[job(1)]);
    assert!(only(rig.asks(), 1, PrintState::Printed));
    assert_eq!(rig.frame(), None);
}

#[test]
fn a_confirmation_that_comes_too_late_does_not_confirm_the_next_ticket() {
    let mut rig = Rig::well();
    rig.sent();
    rig.pass(CONFIRM_MS);
    rig.frame();
    rig.hear(&WELL);
    assert!(only(rig.asks(), 1, PrintState::Uncertain));
    rig.jobs(&[job(2)]);
    rig.asks();
    rig.claimed(2);
    assert!(is_ticket(rig.frame()));
    rig.hear(&CAME_OUT);
    assert_eq!(rig.asks(), [], "that was the first one's");
    rig.hear(&CAME_OUT);
    assert!(only(rig.asks(), 2, PrintState::Printed));
}

#[test]
fn a_lost_confirmation_costs_one_more_ticket_its_certainty_and_no_third() {
    let mut rig = Rig::well();
    rig.sent();
    rig.pass(CONFIRM_MS);
    rig.asks();
    for (id, state) in [(2, PrintState::Uncertain), (3, PrintState::Printed)] {
        rig.frame();
        rig.hear(&WELL);
        rig.jobs(&[job(id)]);
        rig.asks();
        rig.claimed(id);
        assert!(is_ticket(rig.frame()));
        rig.hear(&CAME_OUT);
        rig.pass(CONFIRM_MS);
        assert!(only(rig.asks(), id, state), "{id}");
    }
}

#[test]
fn a_printer_that_answers_and_never_confirms_warns_after_two_jobs_until_it_confirms_one() {
    let mut rig = Rig::well();
    for (id, state) in [(1, DeviceState::Ok), (2, DeviceState::Warning), (3, DeviceState::Warning)] {
        rig.jobs(&[job(id)]);
        rig.asks();
        rig.claimed(id);
        assert!(is_ticket(rig.frame()));
        rig.pass(CONFIRM_MS);
        assert!(only(rig.asks(), id, PrintState::Uncertain));
        rig.answer_status(&WELL);
        assert_eq!(rig.printer.health().state, state, "{id}");
    }
    assert_eq!(rig.printer.health().conditions, [Is::Unconfirmed]);
    rig.hear(&CAME_OUT);
    assert_eq!((rig.printer.health().state, rig.printer.health().conditions), (DeviceState::Ok, vec![]));
}

#[test]
fn a_printer_that_fell_silent_is_not_said_to_leave_prints_unconfirmed() {
    let mut rig = Rig::well();
    rig.sent();
    for _ in 0..10 {
        rig.pass(2_000);
        rig.frame();
    }
    assert!(only(rig.asks(), 1, PrintState::Uncertain));
    assert_eq!((rig.printer.unconfirmed, rig.printer.health().conditions), (0, vec![Is::NoAnswer]));
}

#[test]
fn a_printer_that_cannot_confirm_is_told_as_sent_never_as_printed() {
    let mut rig = Rig::new(PrinterStatus::None, PrintConfirm::None);
    assert_eq!(rig.printer.health().state, DeviceState::Unknown);
    rig.sent();
    assert!(only(rig.asks(), 1, PrintState::Sent));
}

#[test]
fn a_printer_that_stops_answering_is_unknown_and_gets_no_jobs() {
    let mut rig = Rig::well();
    for _ in 0..10 {
        rig.pass(1_000);
        rig.frame();
    }
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Unknown, vec![Is::NoAnswer]));
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), []);
}

#[test]
fn an_automatic_printer_speaks_by_itself_and_is_asked_now_and_then_whether_it_is_there() {
    let mut rig = Rig::new(PrinterStatus::Automatic, PrintConfirm::GsR);
    assert_eq!(rig.frame(), Some(vec![0x1D, 0x61, 0x0E]));
    rig.hear(&[0x10, 0, 0, 0]);
    rig.pass(9_999);
    assert_eq!(rig.frame(), None);
    rig.hear(&[0x18, 0, 0x0C, 0]);
    assert_eq!(rig.printer.health().conditions, [Is::PaperOut]);
    rig.hear(&[0x10, 0, 0, 0]);
    rig.pass(1);
    assert_eq!(rig.frame(), Some(vec![0x1D, 0x61, 0x0E]));
    // Its power is gone, and its adapter is not.
    for _ in 0..20 {
        rig.pass(1_000);
        rig.frame();
    }
    assert_eq!(rig.printer.health().conditions, [Is::NoAnswer]);
}

#[test]
fn near_the_end_of_its_paper_a_printer_prints_and_warns() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::GsR);
    rig.answer_status(&[0x12, 0x12, 0x12, 0x1E]);
    let health = rig.printer.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Warning, vec![Is::PaperLow]));
    rig.sent();
}

#[test]
fn a_ticket_that_cannot_be_worded_fails_and_holds_up_nobody() {
    let mut rig = Rig::well();
    let mut nameless = job(1);
    nameless.slip.number = String::new();
    rig.jobs(&[nameless, job(2)]);
    let asked = rig.asks();
    assert!(ended(1, PrintState::Failed)(&asked[0]));
    assert_eq!(asked[1..], [Request::Claim(2)]);
}

#[test]
fn a_retired_printer_begins_nothing_new() {
    let mut rig = Rig::well();
    rig.printer.retire();
    rig.jobs(&[job(1)]);
    assert_eq!(rig.asks(), []);
    assert!(!rig.printer.is_busy());
}

#[test]
fn a_printer_that_confirms_nothing_but_tells_faults_is_watched_until_the_paper_must_be_out() {
    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::None);
    rig.answer_status(&[0x12, 0x12, 0x12, 0x12]);
    rig.sent();
    assert_eq!(rig.asks(), []);
    rig.pass(MECHANISM_MS + 1_000);
    assert!(ended(1, PrintState::Sent)(&rig.asks()[0]));

    let mut rig = Rig::new(PrinterStatus::RealTime, PrintConfirm::None);
    rig.answer_status(&[0x12, 0x12, 0x12, 0x12]);
    rig.sent();
    rig.pass(2_000);
    // Stopped at paper end, in the middle of it.
    rig.answer_status(&[0x1A, 0x32, 0x12, 0x72]);
    assert!(ended(1, PrintState::Uncertain)(&rig.asks()[0]));
}
