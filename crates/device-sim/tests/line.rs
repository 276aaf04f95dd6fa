//! The line itself: unplugging, exclusive drivers, stalling, wire speed.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::{Host, font};
use device_sim::{Key, Keypad, LineOptions, Printer, PrinterOptions, QrScanner, ScannerOptions};
use tempfile::TempDir;

fn printer(baud: Option<u32>) -> (Printer, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let mut line = LineOptions::new(directory.path(), "printer");
    line.baud = baud;
    let printer = Printer::start(PrinterOptions::new(line, font())).expect("setting the scene");
    (printer, directory)
}

const TICKET: &[u8] = b"A001\n\x1D\x56\x00";

#[tokio::test(flavor = "multi_thread")]
async fn pulling_the_cable_is_a_hang_up_and_the_path_is_gone() {
    let (printer, _directory) = printer(None);
    let host = Host::open(printer.path());
    printer.unplug();
    assert!(host.is_hung_up());
    assert!(!printer.path().exists() && !printer.path().is_symlink());
    assert!(!printer.is_plugged());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_another_simulator_took_over_stays() {
    let (first, directory) = printer(None);
    let line = LineOptions::new(directory.path(), "printer");
    let second = Printer::start(PrinterOptions::new(line, font())).unwrap();
    let taken_over = std::fs::read_link(second.path()).unwrap();
    first.unplug();
    drop(first);
    assert_eq!(std::fs::read_link(second.path()).unwrap(), taken_over);
    drop(second);
    assert!(!directory.path().join("printer").is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn plugging_back_gives_a_new_terminal_at_the_same_path() {
    let (printer, _directory) = printer(None);
    let held = Host::open(printer.path());
    for round in 1..=5 {
        let before = std::fs::read_link(printer.path()).unwrap();
        printer.unplug();
        printer.plug_back().unwrap();
        // The old driver still holds the old name, so that the kernel cannot give it again.
        if round == 1 {
            assert_ne!(std::fs::read_link(printer.path()).unwrap(), before);
        }
        Host::open(printer.path()).send(TICKET);
        assert_eq!(printer.wait_for_tickets(round).await.len(), round);
    }
    assert!(held.is_hung_up());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_may_close_and_open_as_often_as_it_likes() {
    let (printer, _directory) = printer(None);
    for round in 1..=20 {
        let host = Host::open(printer.path());
        assert!(printer.is_open());
        host.send(TICKET);
        // Closed at once: what was written still arrives.
        drop(host);
        printer.wait_for_tickets(round).await;
        assert!(!printer.is_open());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exclusive_driver_can_open_its_port_again() {
    let (printer, _directory) = printer(None);
    for round in 1..=3 {
        let host = exclusive(&printer);
        host.send(TICKET);
        printer.wait_for_tickets(round).await;
    }
}

/// Opens the port as drivers do: exclusively, and without giving that up before closing. Only an unprivileged user
/// is refused on a leftover; for root this is an ordinary open.
fn exclusive(printer: &Printer) -> Host {
    // The simulator finds the leftover a moment after the close; drivers try again as well.
    let host = loop {
        match Host::try_open(printer.path()) {
            Ok(host) => break host,
            Err(error) if error.kind() == std::io::ErrorKind::ResourceBusy => {
                std::thread::yield_now();
            }
            Err(error) => panic!("{error}"),
        }
    };
    host.claim();
    host
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_device_reads_nothing_until_it_goes_on() {
    let (printer, _directory) = printer(None);
    printer.stall(true);
    let host = Host::open(printer.path());
    host.send(TICKET);
    host.send(b"\x10\x04\x01");
    assert!(host.hears_nothing());
    assert_eq!(printer.last_byte_at(), None);
    printer.stall(false);
    assert_eq!(host.hear(1), [0x12]);
    printer.wait_for_tickets(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_take_their_time_at_wire_speed() {
    let (printer, _directory) = printer(Some(19_200));
    let host = Host::open(printer.path());
    let bytes = [&[b'x'; 377][..], b"\n\x1D\x56\x00".as_slice()].concat();
    let start = Instant::now();
    host.send(&bytes);
    let ticket = printer.wait_for_tickets(1).await.remove(0);
    let wire = Duration::from_secs_f64(bytes.len() as f64 * 10.0 / 19_200.0);
    let last = printer.last_byte_at().unwrap();
    assert!(last - start >= wire, "{:?} < {wire:?}", last - start);
    assert_eq!(ticket.last_byte_at, last);
    assert!(printer.first_byte_at().unwrap() < last);
    printer.forget_received();
    assert_eq!(printer.last_byte_at(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_says_to_nobody_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let line = LineOptions::new(directory.path(), "keypad");
    let pad = Keypad::start(&line, 1).unwrap();
    pad.press(Key::Call);
    pad.unplug();
    pad.press(Key::Recall);
    pad.plug_back().unwrap();
    let host = Host::open(pad.path());
    assert!(host.hears_nothing());
}

#[test]
fn without_a_runtime_a_device_does_not_start() {
    let directory = tempfile::tempdir().unwrap();
    let line = LineOptions::new(directory.path(), "keypad");
    assert!(Keypad::start(&line, 1).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_behind_an_echoing_adapter_hears_its_own_bytes_first() {
    let directory = tempfile::tempdir().unwrap();
    let line = LineOptions::new(directory.path(), "printer").with_echo();
    let printer = Printer::start(PrinterOptions::new(line, font())).unwrap();
    let host = Host::open(printer.path());
    assert_eq!(host.ask(b"\x10\x04\x01", 4), b"\x10\x04\x01\x12");
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_reads_nothing_loses_what_the_device_says_and_is_still_heard() {
    let directory = tempfile::tempdir().unwrap();
    let scanner = QrScanner::start(&LineOptions::new(directory.path(), "qr"), ScannerOptions::default()).unwrap();
    let host = Host::open(scanner.path());
    scanner.scan_bytes(&[b'x'; 300_000]);
    host.send(b"hello");
    while scanner.last_byte_at().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(scanner.received(), b"hello");
    // What the kernel kept is all there is.
    let mut kept = 0;
    while !host.hears_nothing() {
        kept += host.hear(1).len();
    }
    assert!((1..300_000).contains(&kept), "{kept}");
}

/// A hang-up is cleared away while the next driver is opening: its first bytes may fall into that moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_opens_again_at_once_is_heard_from_its_first_byte_on() {
    let (printer, _directory) = printer(None);
    for _ in 0..500 {
        let host = Host::open(printer.path());
        assert_eq!(host.ask(b"\x10\x04\x01", 1), [0x12]);
    }
}
