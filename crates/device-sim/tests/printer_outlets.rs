//! How tickets leave a printer: past the cutter, over a tear bar, through a presenter.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::{Rig, TELL_WHEN_PRINTED, rig_with};
use device_sim::{CutKind, Media, Outlet};

/// Pyramid Reliance command reference; Custom's printers have the same.
const EJECT: &[u8] = b"\x1D\x65\x05";
const RETRACT: &[u8] = b"\x1D\x65\x02";
const WHERE_IS_IT: &[u8] = b"\x1D\x65\x06";

fn rig(outlet: Outlet, head_to_cutter_mm: f32) -> Rig {
    rig_with(|options| (options.outlet, options.head_to_cutter_mm) = (outlet, head_to_cutter_mm))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_fed_past_the_cutter_begins_the_next_ticket() {
    let rig = rig(Outlet::Cutter, 7.5);
    // Two of four lines of 3.75 mm have passed it.
    rig.host.send(b"one\ntwo\nthree\nfour\n\x1D\x56\x00");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!((ticket.text_lines.as_slice(), ticket.length_mm), (&["one".to_owned(), "two".to_owned()][..], 7.5));
    assert_eq!(rig.printer.hanging_lines(), ["three", "four"]);
    // GS V B feeds there by itself.
    rig.host.send(b"five\n\x1D\x56\x42\x00");
    let ticket = rig.printer.wait_for_tickets(2).await.remove(1);
    assert_eq!(ticket.text_lines, ["three", "four", "five"]);
    assert_eq!((ticket.length_mm, ticket.anomalies.len()), (11.25, 0));
    assert_eq!(ticket.bytes, b"five\n\x1D\x56\x42\x00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_through_a_line_is_noticed() {
    let rig = rig(Outlet::Cutter, 2.0);
    rig.host.send(b"one\ntwo\n\x1D\x56\x00");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.anomalies, ["cut through a printed line"]);
    assert_eq!(ticket.length_mm, 5.5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_without_a_cutter_ends_where_the_customer_tears_it() {
    let rig = rig(Outlet::TearBar, 3.75);
    rig.host.send(b"A001\n\x1D\x56\x00\x1B\x69");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0]);
    // The line stands between head and bar.
    assert!(!rig.printer.tear());
    rig.host.send(b"\x1B\x64\x02");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0]);
    assert!(rig.printer.tear());
    let ticket = rig.printer.last_ticket().unwrap();
    assert_eq!((ticket.text(), ticket.cut), ("A001".to_owned(), CutKind::Torn));
    assert_eq!((ticket.length_mm, ticket.anomalies.len()), (7.5, 0));
    assert!(!rig.printer.tear());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tickets_nobody_tore_off_come_off_as_one() {
    let rig = rig(Outlet::TearBar, 0.0);
    rig.host.send(b"A001\n\x1D\x56\x00A002\n\x1D\x56\x00");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0]);
    assert!(rig.printer.tear());
    assert_eq!(rig.printer.last_ticket().unwrap().text_lines, ["A001", "A002"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presenter_holds_the_ticket_hands_it_out_and_knows_when_it_was_taken() {
    let rig = rig(Outlet::Presenter, 0.0);
    assert_eq!(rig.printer.media(), Media::NotPresent);
    rig.host.send(b"A001\n\x1B\x69");
    rig.printer.wait_for_media(Media::Entering).await;
    assert!(!rig.printer.take_ticket());
    assert_eq!(rig.host.ask(WHERE_IS_IT, 1), [0x04]);
    rig.host.send(EJECT);
    rig.printer.wait_for_media(Media::Present).await;
    assert_eq!(rig.host.ask(WHERE_IS_IT, 1), [0x04 | 0x08]);
    assert!(rig.printer.take_ticket());
    assert_eq!(rig.host.ask(WHERE_IS_IT, 1), [0x04]);
    assert_eq!(rig.printer.media(), Media::NotPresent);
    let ticket = rig.printer.last_ticket().unwrap();
    assert!(ticket.bytes.starts_with(b"A001\n\x1B\x69\x1D\x65\x06\x1D\x65\x05"), "{:02X?}", ticket.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn ejecting_cuts_a_ticket_that_was_not_and_retracting_keeps_it() {
    let rig = rig(Outlet::Presenter, 0.0);
    rig.host.send(b"A001\n");
    rig.host.send(EJECT);
    rig.printer.wait_for_media(Media::Present).await;
    assert_eq!(rig.printer.last_ticket().unwrap().cut, CutKind::Full);
    rig.host.send(RETRACT);
    rig.printer.wait_for_media(Media::Retracted).await;
    assert_eq!(rig.printer.retracted_tickets(), 1);
    assert!(!rig.printer.take_ticket());
    // Nothing is there to hand out again.
    rig.host.send(EJECT);
    assert_eq!(rig.host.ask(WHERE_IS_IT, 1), [0x04]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_nobody_takes_in_time_is_drawn_back() {
    let rig = rig(Outlet::Presenter, 0.0);
    // Presented by 12 steps, for one second.
    rig.host.send(b"A001\n\x1B\x69\x1D\x65\x20\x0C\x01");
    rig.printer.wait_for_media(Media::Present).await;
    rig.printer.wait_for_media(Media::Retracted).await;
    rig.host.send(b"A002\n\x1B\x69\x1D\x65\x20\x0C\x01");
    rig.printer.wait_for_media(Media::Present).await;
    assert!(rig.printer.take_ticket());
    assert_eq!(rig.printer.retracted_tickets(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presenter_tells_all_it_knows_in_six_bytes() {
    // Custom KPM210 manual: 10 0F, paper, user, recoverable, unrecoverable; the paper jam of the VKP80.
    const HOW_IS_IT: &[u8] = b"\x10\x04\x14";
    let rig = rig(Outlet::Presenter, 0.0);
    let ask = || rig.host.ask(HOW_IS_IT, 6);
    assert_eq!(ask(), [0x10, 0x0F, 0, 0, 0, 0]);
    rig.host.send(b"A001\n\x1B\x69");
    rig.host.send(EJECT);
    rig.printer.wait_for_media(Media::Present).await;
    assert_eq!(ask(), [0x10, 0x0F, 0x20, 0, 0, 0]);
    // Nobody takes it: the next command lets it drop, and a third has nothing to do.
    rig.host.send(EJECT);
    rig.host.send(EJECT);
    rig.printer.wait_for_media(Media::NotPresent).await;
    assert_eq!(rig.printer.pushed_out_tickets(), 1);
    assert!(!rig.printer.take_ticket());
    rig.printer.near_end(true);
    assert_eq!(ask(), [0x10, 0x0F, 0x04, 0, 0, 0]);
    rig.printer.run_out_of_paper();
    rig.printer.open_cover(true);
    rig.printer.jam_cutter(true);
    assert_eq!(ask(), [0x10, 0x0F, 0x05, 0x03, 0, 0x01]);
    rig.printer.jam_cutter(false);
    rig.printer.open_cover(false);
    rig.printer.load_paper();
    rig.printer.jam_in_next_image();
    rig.host.send(b"\x1D\x76\x30\x00\x01\x00\x02\x00\xFF\xFF");
    // What follows the jam waits.
    assert_eq!(ask(), [0x10, 0x0F, 0, 0x04, 0x40, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presenter_says_while_it_prints_that_it_does() {
    let rig = rig_with(|options| (options.outlet, options.mm_per_second) = (Outlet::Presenter, Some(10.0)));
    rig.host.send(b"A001\nA002\n");
    assert_eq!(rig.host.ask(b"\x10\x04\x14", 6), [0x10, 0x0F, 0, 0x0C, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_printer_with_a_presenter_knows_the_question_for_six_bytes() {
    let rig = rig(Outlet::Cutter, 0.0);
    rig.host.send(b"\x10\x04\x14");
    assert_eq!(rig.host.ask(b"\x10\x04\x01", 1), [0x12]);
}

#[tokio::test(flavor = "multi_thread")]
async fn printing_while_a_ticket_waits_in_the_mouth_is_noticed() {
    let rig = rig(Outlet::Presenter, 0.0);
    for ticket in [b"A001\n", b"A002\n"] {
        rig.host.send(ticket);
        rig.host.send(b"\x1B\x69");
        rig.host.send(EJECT);
    }
    let tickets = rig.printer.wait_for_tickets(2).await;
    assert_eq!(tickets[0].anomalies, Vec::<String>::new());
    assert_eq!(tickets[1].anomalies, ["printed while the ticket before had not been taken"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_a_presenter_takes_its_commands_and_does_nothing() {
    let rig = rig(Outlet::Cutter, 0.0);
    rig.host.send(b"A001\n\x1D\x65\x03\x0C\x1D\x65\x20\x0C\x1E\x1D\x56\x00");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!((ticket.text(), ticket.anomalies.len()), ("A001".to_owned(), 0));
    assert_eq!(rig.printer.media(), Media::NotPresent);
}
