//! The paper ends: before a ticket, in the middle of one, and for longer than a ticket is worth printing.

use std::time::Duration;

use device_sim::CutKind;
use hall_tests::Rig;
use wire::{AlarmKind, Condition, DeviceState, PrintState, TicketState};

/// How long a print is worth starting, in the hall's time.
const WORTH: Duration = Duration::from_secs(180);

#[tokio::test]
async fn paper_that_is_out_before_the_ticket_lets_it_wait_and_prints_it_once() {
    let rig = Rig::opens().await;
    rig.printer().run_out_of_paper();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    rig.alarm_is_raised(AlarmKind::DeviceFault, "printer-1").await;

    // The customer gets the number all the same, and can be called.
    let ticket = rig.takes_ticket("payment").await;
    assert_eq!(ticket.state, TicketState::Waiting);
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));

    rig.printer().load_paper();
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.device("printer-1").becomes_well().await;
    rig.alarm_is_over("printer-1").await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&ticket.number), "{}", paper.text());
    assert_eq!((paper.cut, paper.anomalies.len()), (CutKind::Partial, 0), "{:?}", paper.anomalies);
}

#[tokio::test]
async fn paper_that_ends_in_the_middle_of_a_ticket_is_mended_and_the_bytes_are_sent_once() {
    let rig = Rig::opens().await;
    rig.printer().forget_received();
    rig.printer().run_out_after_mm(20.0);
    let ticket = rig.takes_ticket("payment").await;
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
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
    // The torn half comes off, and the rest prints: a printer cannot take back what is on paper.
    let papers = rig.papers(2).await;
    assert_eq!(papers.iter().map(|paper| paper.cut).collect::<Vec<_>>(), [CutKind::PaperEnd, CutKind::Partial]);
    let sent = rig.printer().received();
    let number = ticket.number.as_bytes();
    assert_eq!(sent.windows(number.len()).filter(|bytes| *bytes == number).count(), 1, "sent more than once");
    rig.alarm_is_over("printer-1").await;
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

#[tokio::test]
async fn paper_near_its_end_warns_and_prints_on() {
    let rig = Rig::opens().await;
    rig.printer().near_end(true);
    rig.device("printer-1").becomes(DeviceState::Warning, Condition::PaperLow).await;
    rig.alarm_is_raised(AlarmKind::DeviceFault, "printer-1").await;
    let ticket = rig.takes_ticket("payment").await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.papers(1).await;
}

#[tokio::test]
async fn an_open_cover_and_a_stuck_cutter_are_told_apart_and_mended() {
    let rig = Rig::opens().await;
    rig.printer().open_cover(true);
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::CoverOpen).await;
    rig.printer().open_cover(false);
    rig.device("printer-1").becomes_well().await;
    rig.printer().jam_cutter(true);
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::CutterFault).await;
    let ticket = rig.takes_ticket("payment").await;
    rig.printer().jam_cutter(false);
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.papers(1).await;
}
