//! The printer's cover is open: before a ticket, and in the middle of one.

use std::time::Duration;

use device_sim::{CutKind, Printer, PrinterOptions};
use hall_tests::{Rig, Wires, at_port, lettering};
use kiosk::view::Print;
use wire::{Condition, DeviceState, PrintState, TicketState};

/// What the technician reads.
const WORDS: (&str, &str) = ("上盖未合，请合上", "cover open: close it");
/// So slow that somebody can open the cover while a ticket comes out.
const MM_PER_SECOND: f32 = 60.0;

#[tokio::test]
async fn a_cover_open_before_the_ticket_lets_it_wait_and_prints_it_once_when_it_is_closed() {
    let rig = Rig::opens().await;
    rig.printer().open_cover(true);
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::CoverOpen, WORDS).await;

    // The customer has the number on the page; the teller can call all the same.
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::Printing).await;
    let ticket = rig.hall().await.waiting.remove(0);
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));
    let teller = rig.teller(3).signs_in().await;
    assert_eq!(teller.calls_next().await.ticket.number, number);
    rig.window_sign(3).shows(&number).await;

    rig.printer().open_cover(false);
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.device("printer-1").is_mended().await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&number), "{}", paper.text());
    assert_eq!((paper.cut, paper.anomalies.len()), (CutKind::Partial, 0), "{:?}", paper.anomalies);
    assert_eq!(rig.ticket(ticket.id).await.state, TicketState::Called);
}

#[tokio::test]
async fn a_cover_opened_while_a_ticket_comes_out_stops_it_and_the_rest_comes_when_it_is_closed() {
    let wires = Wires::laid();
    let mut options = PrinterOptions::new(wires.line(), lettering());
    options.mm_per_second = Some(MM_PER_SECOND);
    let printer = Printer::start(options).expect("a printer");
    let rig = Rig::opens_like_the_sample_but(|sample| at_port(&sample, "printer-1", &wires.port())).await;
    rig.device("printer-1").becomes_well().await;

    let ticket = rig.takes_ticket("payment").await;
    rig.until("the first lines are on paper", async || {
        let lines = printer.hanging_lines();
        if lines.is_empty() { Err(format!("{} pieces", printer.finished_tickets())) } else { Ok(()) }
    })
    .await;
    printer.open_cover(true);
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::CoverOpen, WORDS).await;
    assert_eq!(printer.finished_tickets(), 0, "half of it hangs in the printer");
    // Longer than a printer that says it is well may take to confirm: this one has said what is wrong.
    rig.pass(Duration::from_secs(30));
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::CoverOpen).await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));

    printer.open_cover(false);
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.device("printer-1").is_mended().await;
    let papers = printer.tickets();
    assert_eq!(papers.len(), 1);
    assert_eq!(papers[0].cut, CutKind::Partial);
    assert_eq!(papers[0].text().matches(&ticket.number).count(), 1, "{}", papers[0].text());
    assert_eq!((papers[0].qr.len(), papers[0].anomalies.len()), (1, 0), "{:?}", papers[0].anomalies);
}

#[tokio::test]
async fn a_roll_changed_in_the_middle_of_a_ticket_is_out_then_open_then_well() {
    let rig = Rig::opens().await;
    rig.printer().run_out_after_mm(20.0);
    let ticket = rig.takes_ticket("payment").await;
    let printer = rig.device("printer-1");
    printer.becomes(DeviceState::Fault, Condition::PaperOut).await;
    rig.printer().open_cover(true);
    printer.is_told(DeviceState::Fault, Condition::CoverOpen, WORDS).await;
    rig.printer().load_paper();
    // The roll is in and the cover is not closed: it is not well yet, and says only what still is to be done.
    rig.until("only the cover is told of", async || {
        let conditions = printer.health().await.report.conditions;
        if conditions == [Condition::CoverOpen] { Ok(()) } else { Err(format!("{conditions:?}")) }
    })
    .await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));
    rig.printer().open_cover(false);
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    printer.is_mended().await;
    // The piece from the old roll, and the rest.
    let papers = rig.papers(2).await;
    assert_eq!(papers.iter().map(|paper| paper.cut).collect::<Vec<_>>(), [CutKind::PaperEnd, CutKind::Partial]);
    let numbers: usize = papers.iter().map(|paper| paper.text().matches(&ticket.number).count()).sum();
    assert_eq!(numbers, 1);
}
