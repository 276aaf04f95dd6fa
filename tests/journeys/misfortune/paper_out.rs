//! The paper ends: before a ticket, in the middle of one, and for longer than a ticket is worth printing.

use std::time::Duration;

use device_sim::CutKind;
use hall_tests::Rig;
use kiosk::view::Print;
use wire::{Condition, DeviceState, PrintState, TicketState};

/// What the technician reads.
const WORDS: (&str, &str) = ("缺纸，请换纸卷", "out of paper: change the roll");
/// How long a print is worth starting, in the hall's time.
const WORTH: Duration = Duration::from_secs(180);

#[tokio::test]
async fn paper_that_is_out_before_the_ticket_lets_it_wait_and_prints_it_once() {
    let rig = Rig::opens().await;
    rig.printer().run_out_of_paper();
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::PaperOut, WORDS).await;

    // The customer gets the number all the same, and can be called.
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::NoPaper).await;
    let ticket = rig.hall().await.waiting.remove(0);
    assert_eq!((ticket.state, ticket.number.as_str()), (TicketState::Waiting, number.as_str()));
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, number);

    rig.printer().load_paper();
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.device("printer-1").is_mended().await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&ticket.number), "{}", paper.text());
    assert_eq!((paper.cut, paper.anomalies.len()), (CutKind::Partial, 0), "{:?}", paper.anomalies);
}

#[tokio::test]
async fn paper_that_ends_in_the_middle_of_a_ticket_is_mended_and_the_bytes_are_sent_once() {
    let rig = Rig::opens().await;
    rig.printer().forget_received();
    rig.printer().run_out_after_mm(20.0);
    let mut kiosk = rig.kiosk();
    kiosk.takes_number_and_stays("payment").await;
    let ticket = rig.hall().await.waiting.remove(0);
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::PaperOut, WORDS).await;
    kiosk.reads_of_paper(&rig, Print::NoPaper).await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));
    assert_eq!(rig.printer().tickets().len(), 0, "it hangs in the printer");

    // Longer than a well printer may take to confirm: this one has said what is wrong, and is waited for.
    for _ in 0..30 {
        rig.pass(Duration::from_secs(1));
        rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    }
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));

    rig.printer().load_paper();
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    // The torn half comes off, and the rest prints: a printer cannot take back what is on paper.
    let papers = rig.papers(2).await;
    assert_eq!(papers.iter().map(|paper| paper.cut).collect::<Vec<_>>(), [CutKind::PaperEnd, CutKind::Partial]);
    let sent = rig.printer().received();
    let number = ticket.number.as_bytes();
    assert_eq!(sent.windows(number.len()).filter(|bytes| *bytes == number).count(), 1, "sent more than once");
    rig.device("printer-1").is_mended().await;
}

#[tokio::test]
async fn a_ticket_that_could_not_be_started_in_three_minutes_is_never_printed() {
    let rig = Rig::opens().await;
    rig.printer().run_out_of_paper();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    let stale = rig.takes_ticket("payment").await;
    rig.pass(WORTH);
    rig.print_becomes(stale.id, PrintState::Expired).await;
    // The number stands: only its paper is given up.
    assert_eq!(rig.ticket(stale.id).await.state, TicketState::Waiting);

    let fresh = rig.takes_ticket("enquiry").await;
    rig.printer().load_paper();
    rig.print_becomes(fresh.id, PrintState::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&fresh.number) && !paper.text().contains(&stale.number), "{}", paper.text());
    assert_eq!(rig.ticket(stale.id).await.print, Some(PrintState::Expired));
}

#[tokio::test]
async fn a_ticket_whose_customer_is_done_before_there_is_paper_is_never_printed() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    rig.printer().run_out_of_paper();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    let done = rig.takes_ticket("payment").await;
    assert_eq!(teller.calls_next().await.ticket.number, done.number);
    teller.completes().await;
    rig.print_becomes(done.id, PrintState::Expired).await;
    let next = rig.takes_ticket("payment").await;
    rig.printer().load_paper();
    rig.print_becomes(next.id, PrintState::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&next.number) && !paper.text().contains(&done.number), "{}", paper.text());
}
