//! The printer's cable: pulled while idle, pulled in the middle of a ticket; a host that dies in the middle of one.

use hall_tests::{Paper, Rig};
use wire::{AlarmKind, Condition, DeviceState, PrintState, TicketId};

/// A ticket whose first 20 mm are on paper; the rest waits in the printer, which has no more paper.
async fn half_printed(rig: &Rig) -> (TicketId, String) {
    rig.printer().run_out_after_mm(20.0);
    let ticket = rig.takes_ticket("payment").await;
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    (ticket.id, ticket.number)
}

fn tell_of<'p>(papers: &'p [Paper], number: &str) -> Vec<&'p Paper> {
    papers.iter().filter(|paper| paper.text().contains(number)).collect()
}

#[tokio::test]
async fn a_printer_unplugged_while_idle_is_noticed_and_so_is_its_return() {
    let rig = Rig::opens().await;
    rig.printer().unplug();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::NoDevice).await;
    rig.alarm_is_raised(AlarmKind::DeviceFault, "printer-1").await;
    let ticket = rig.takes_ticket("payment").await;

    rig.printer().plug_back().expect("a new terminal");
    rig.device("printer-1").becomes_well().await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    let papers = rig.papers(1).await;
    assert_eq!(tell_of(&papers, &ticket.number).len(), 1);
    rig.alarm_is_over("printer-1").await;
}

#[tokio::test]
async fn a_ticket_cut_off_in_the_middle_is_uncertain_and_printed_again_only_by_a_person_as_a_copy() {
    let rig = Rig::opens().await;
    let (id, number) = half_printed(&rig).await;
    rig.printer().unplug();
    rig.print_becomes(id, PrintState::Uncertain).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &number).await;

    // Back, with paper, and having forgotten what was in its memory.
    rig.printer().power_cycle();
    rig.printer().load_paper();
    rig.printer().plug_back().expect("a new terminal");
    rig.device("printer-1").becomes_well().await;

    // The next customer's ticket comes out; the uncertain one does not by itself.
    let next = rig.takes_ticket("enquiry").await;
    rig.print_becomes(next.id, PrintState::Printed).await;
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Uncertain));
    let whole = |paper: &&Paper| !paper.qr.is_empty();
    let papers = rig.printer().tickets();
    assert_eq!(papers.iter().filter(whole).count(), 1, "{:?}", papers.iter().map(Paper::text).collect::<Vec<_>>());

    // A person asks for it: the same number, marked.
    rig.reprints(id).await;
    rig.print_becomes(id, PrintState::Printed).await;
    rig.alarm_is_over(&number).await;
    let papers = rig.printer().tickets();
    let copies: Vec<_> = tell_of(&papers, "补打");
    assert_eq!(copies.len(), 1);
    assert!(copies[0].text().contains(&number), "{}", copies[0].text());
    assert_eq!(copies[0].anomalies, Vec::<String>::new());
}

#[tokio::test]
async fn a_copy_for_a_customer_who_reads_english_says_copy() {
    let rig = Rig::opens().await;
    let ticket = rig.takes_ticket_in_english("payment").await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    rig.reprints(ticket.id).await;
    let papers = rig.papers(2).await;
    assert!(!papers[0].text().contains("COPY"), "{}", papers[0].text());
    assert!(papers[1].text().contains("COPY") && papers[1].text().contains(&ticket.number), "{}", papers[1].text());
}

#[tokio::test]
async fn a_ticket_under_way_when_the_device_host_dies_is_uncertain_to_the_next_one() {
    let mut rig = Rig::opens().await;
    let (id, number) = half_printed(&rig).await;
    rig.device_host_dies();
    rig.printer().power_cycle();
    rig.printer().load_paper();
    rig.device_host_comes_back();
    rig.print_becomes(id, PrintState::Uncertain).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &number).await;
    rig.device("printer-1").becomes_well().await;
    let next = rig.takes_ticket("payment").await;
    rig.print_becomes(next.id, PrintState::Printed).await;
    let papers = rig.printer().tickets();
    assert_eq!(papers.iter().filter(|paper| !paper.qr.is_empty()).count(), 1, "only the next one came out whole");
}

#[tokio::test]
async fn jobs_queued_while_the_device_host_is_away_are_printed_once_it_is_back() {
    let mut rig = Rig::opens().await;
    rig.device_host_goes_away().await;
    let first = rig.takes_ticket("payment").await;
    let second = rig.takes_ticket("enquiry").await;
    rig.device_host_comes_back();
    rig.print_becomes(second.id, PrintState::Printed).await;
    let papers = rig.papers(2).await;
    assert!(papers[0].text().contains(&first.number), "in the order in which they were taken");
    assert!(papers[1].text().contains(&second.number));
}
