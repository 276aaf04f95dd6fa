//! Printers that say nothing: a model that never does, and one that should.

use std::time::Duration;

use device_sim::{Answers, CutKind, Printer, PrinterOptions};
use hall_tests::{Rig, Wires, at_port, lettering};
use kiosk::view::Print;
use wire::{AlarmKind, Condition, DeviceState, PrintState};

use super::NO_ANSWER;

#[tokio::test]
async fn a_model_that_never_answers_prints_and_its_state_is_unknown_and_its_tickets_are_sent_and_never_printed() {
    let change = |sample: String| sample.replacen("profile = \"generic-80\"", "profile = \"generic-58\"", 1);
    let rig = Rig::opens_like_the_sample_but(change).await;
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    let id = rig.hall().await.waiting.remove(0).id;
    rig.print_becomes(id, PrintState::Sent).await;
    // To the customer that is as good as out; it has no cutter and is torn off.
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    rig.until("it is on paper", async || {
        let lines = rig.printer().hanging_lines();
        if lines.iter().any(|line| line.contains(&number)) { Ok(()) } else { Err(format!("{lines:?}")) }
    })
    .await;
    assert!(rig.printer().tear());
    let paper = rig.papers(1).await.remove(0);
    assert_eq!((paper.cut, paper.anomalies.len()), (CutKind::Torn, 0), "{:?}", paper.anomalies);

    // Longer than any printer has to confirm.
    rig.pass(Duration::from_secs(60));
    rig.until("the technician reads that nobody can know", async || {
        let report = rig.device("printer-1").health().await.report;
        let unknown = report.state == DeviceState::Unknown && report.conditions.is_empty();
        let why = report.detail.as_deref() == Some("this model never tells its state");
        if unknown && why { Ok(()) } else { Err(format!("{report:?}")) }
    })
    .await;
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Sent));
    // A model that cannot say how it is, is no reason to send for somebody.
    assert!(rig.alarms().await.iter().all(|alarm| alarm.about != "printer-1"));
}

#[tokio::test]
async fn a_printer_that_should_answer_and_does_not_is_sent_nothing_until_somebody_looks_after_it() {
    let wires = Wires::laid();
    let mut options = PrinterOptions::new(wires.line(), lettering());
    options.answers = Answers::Mute;
    let printer = Printer::start(options).expect("a printer");
    let rig = Rig::opens_like_the_sample_but(|sample| at_port(&sample, "printer-1", &wires.port())).await;
    rig.device("printer-1").is_told(DeviceState::Unknown, Condition::NoAnswer, NO_ANSWER).await;

    let ticket = rig.takes_ticket("payment").await;
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, ticket.number);
    rig.window_sign(3).shows(&ticket.number).await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));
    // Nobody came within three minutes: the number stands, its paper is given up, and staff are told.
    rig.pass(Duration::from_secs(180));
    rig.print_becomes(ticket.id, PrintState::Expired).await;
    rig.alarm_is_raised(AlarmKind::PrintFailed, &ticket.number).await;
    assert_eq!((printer.finished_tickets(), printer.hanging_lines().len()), (0, 0));
}
