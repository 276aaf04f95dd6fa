//! The cutter is stuck: freed by hand, and cleared by switching the printer off and on, as the alarm says.

use std::time::Duration;

use device_sim::CutKind;
use hall_tests::Rig;
use kiosk::view::Print;
use wire::{AlarmKind, Condition, DeviceState, PrintState, TicketId};

/// What the technician reads.
const WORDS: (&str, &str) = ("切刀卡住，请清理后重新上电", "cutter stuck: clear it, then switch off and on");

#[tokio::test]
async fn a_cutter_stuck_before_the_ticket_lets_it_wait_and_prints_it_once_when_it_is_free() {
    let rig = Rig::opens().await;
    rig.printer().jam_cutter(true);
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::CutterFault, WORDS).await;
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::Printing).await;
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, number);

    rig.printer().jam_cutter(false);
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    rig.device("printer-1").is_mended().await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&number), "{}", paper.text());
    assert_eq!((paper.cut, paper.anomalies.len()), (CutKind::Partial, 0), "{:?}", paper.anomalies);
}

/// A ticket at whose cut the knife jams: it is on paper and hangs there.
async fn jammed_at_its_cut(rig: &Rig) -> (TicketId, String) {
    rig.printer().jam_next_cut();
    let ticket = rig.takes_ticket("payment").await;
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::CutterFault, WORDS).await;
    assert!(rig.printer().hanging_lines().iter().any(|line| line.contains(&ticket.number)));
    // The printer has said what is wrong and is waited for.
    rig.pass(Duration::from_secs(30));
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::CutterFault).await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Sending));
    (ticket.id, ticket.number)
}

#[tokio::test]
async fn a_ticket_at_whose_cut_the_knife_jams_is_uncertain_and_not_printed_again_by_itself() {
    let rig = Rig::opens().await;
    let (id, number) = jammed_at_its_cut(&rig).await;
    // The technician does as the alarm says. What the printer had not done it has forgotten, its confirmation too.
    rig.printer().unplug();
    rig.printer().power_cycle();
    rig.printer().plug_back().expect("a new terminal");
    rig.print_becomes(id, PrintState::Uncertain).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &number).await;
    rig.device("printer-1").is_mended().await;

    // The next ticket pushes the uncut one out, and its cut parts them from the roll.
    let mut kiosk = rig.kiosk();
    let next = kiosk.takes_number_and_stays("enquiry").await.number;
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    for number in [&number, &next] {
        assert_eq!(paper.text().matches(number.as_str()).count(), 1, "{}", paper.text());
    }
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Uncertain));
}

#[tokio::test]
async fn where_the_port_outlives_the_printers_power_the_next_ticket_is_uncertain_too_and_the_one_after_is_not() {
    let rig = Rig::opens().await;
    let (id, number) = jammed_at_its_cut(&rig).await;
    // A serial adapter stays: nobody can tell whether the confirmation of the first ticket is lost or late.
    rig.printer().power_cycle();
    rig.print_becomes(id, PrintState::Uncertain).await;
    rig.device("printer-1").is_mended().await;
    let next = rig.takes_ticket("payment").await;
    rig.print_becomes(next.id, PrintState::Uncertain).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &format!("{number}、{}", next.number)).await;
    let after = rig.takes_ticket("payment").await;
    rig.print_becomes(after.id, PrintState::Printed).await;
    rig.device("printer-1").is_mended().await;
    // All came out, once each.
    let text: String = rig.papers(2).await.iter().map(|paper| paper.text()).collect();
    for number in [&number, &next.number, &after.number] {
        assert_eq!(text.matches(number.as_str()).count(), 1, "{text}");
    }
}
