//! A printer takes no more bytes: the kernel's buffers fill, and then nothing moves.

use std::time::Duration;

use hall_tests::{Paper, Rig, eventually};
use kiosk::view::Print;
use wire::{AlarmKind, Condition, DeviceState, PrintState, TicketView};

use super::{NO_ANSWER, NO_PORT};

/// What the technician reads.
const WORDS: (&str, &str) = ("不接收数据，请重启设备", "takes no data: switch it off and on");
/// More tickets than fit into any buffer between the driver and a printer that does not read.
const MOST_TICKETS: usize = 600;
/// Bytes that have not left by then, in real time, do not: those before them took a thousandth of it.
const STUCK: Duration = Duration::from_secs(2);

fn with(papers: &[Paper], number: &str) -> usize {
    papers.iter().filter(|paper| paper.text().contains(number)).count()
}

/// The printer stops reading, and tickets are taken until the bytes of one do not leave any more. The hall's time stands still.
async fn stalls(rig: &Rig) -> TicketView {
    rig.printer().stall(true);
    for _ in 0..MOST_TICKETS {
        let ticket = rig.takes_ticket("payment").await;
        let sent = tokio::time::timeout(STUCK, async {
            while rig.ticket(ticket.id).await.print != Some(PrintState::Sent) {
                tokio::task::yield_now().await;
            }
        });
        if sent.await.is_err() {
            assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));
            return ticket;
        }
    }
    panic!("{MOST_TICKETS} tickets have left, and nobody reads them");
}

#[tokio::test]
async fn a_printer_that_reads_nothing_is_noticed_after_three_seconds_of_the_lines_time() {
    // One that never answers: all that can be noticed is that its bytes do not leave.
    let change = |sample: String| sample.replacen("profile = \"generic-80\"", "profile = \"generic-58\"", 1);
    let rig = Rig::opens_like_the_sample_but(change).await;
    let first = rig.takes_ticket("payment").await;
    rig.print_becomes(first.id, PrintState::Sent).await;
    let stuck = stalls(&rig).await;
    rig.pass(Duration::from_millis(2_900));
    let report = rig.device("printer-1").health().await.report;
    assert_eq!((report.state, report.conditions), (DeviceState::Unknown, vec![]), "too early");
    rig.pass(Duration::from_millis(100));
    eventually("the stall is noticed", async || {
        let (report, print) = (rig.device("printer-1").health().await.report, rig.ticket(stuck.id).await.print);
        let noticed = report.conditions == [Condition::Stalled] && print == Some(PrintState::Uncertain);
        if noticed { Ok(()) } else { Err(format!("{report:?}, {print:?}")) }
    })
    .await;
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::Stalled, WORDS).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &stuck.number).await;

    // The technician does as the alarm says.
    rig.printer().unplug();
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    rig.printer().power_cycle();
    rig.printer().stall(false);
    rig.printer().tear();
    rig.printer().plug_back().expect("a new terminal");
    rig.alarm_is_over("printer-1").await;
    let next = rig.takes_ticket("enquiry").await;
    rig.print_becomes(next.id, PrintState::Sent).await;
    rig.until("it is on paper", async || {
        let lines = rig.printer().hanging_lines();
        if lines.iter().any(|line| line.contains(&next.number)) { Ok(()) } else { Err(format!("{lines:?}")) }
    })
    .await;
    assert!(rig.printer().hanging_lines().iter().all(|line| !line.contains(&stuck.number)), "sent again");
    assert_eq!(rig.ticket(stuck.id).await.print, Some(PrintState::Uncertain));
}

#[tokio::test]
async fn where_the_port_stays_a_stall_is_over_when_the_next_ticket_leaves() {
    let change = |sample: String| sample.replacen("profile = \"generic-80\"", "profile = \"generic-58\"", 1);
    let rig = Rig::opens_like_the_sample_but(change).await;
    let stuck = stalls(&rig).await;
    rig.pass(Duration::from_secs(3));
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::Stalled, WORDS).await;
    // Off and on behind an adapter that has its own power: the port says nothing of it, and this model never says anything.
    rig.printer().power_cycle();
    rig.printer().stall(false);
    let next = rig.takes_ticket("enquiry").await;
    rig.print_becomes(next.id, PrintState::Sent).await;
    rig.alarm_is_over("printer-1").await;
    assert_eq!(rig.ticket(stuck.id).await.print, Some(PrintState::Uncertain));
}

#[tokio::test]
async fn a_printer_that_takes_no_bytes_is_told_and_its_ticket_is_never_sent_twice() {
    let rig = Rig::opens().await;
    rig.printer().stall(true);
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    let id = rig.hall().await.waiting.remove(0).id;
    // The kernel took the bytes of a printer that said it was well, and no confirmation comes.
    rig.print_becomes(id, PrintState::Uncertain).await;
    kiosk.reads_of_paper(&rig, Print::Uncertain).await;
    rig.device("printer-1").is_told(DeviceState::Unknown, Condition::NoAnswer, NO_ANSWER).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &number).await;
    // It wakes up and prints what it had; nobody sends it again.
    rig.printer().stall(false);
    rig.device("printer-1").is_mended().await;
    let next = rig.takes_ticket("payment").await;
    rig.print_becomes(next.id, PrintState::Printed).await;
    let papers = rig.papers(2).await;
    assert_eq!((with(&papers, &number), with(&papers, &next.number)), (1, 1));
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Uncertain), "late paper is a person's to judge");
}
