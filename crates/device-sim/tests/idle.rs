//! Alone in its process, because it measures what the process spends.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::Duration;

use common::{Host, font};
use device_sim::{LineOptions, Printer, PrinterOptions};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_busy_while_no_driver_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let line = LineOptions::new(directory.path(), "printer");
    let printer = Printer::start(PrinterOptions::new(line, font())).unwrap();
    Host::open(printer.path()).send(b"A001\n\x1D\x56\x00");
    printer.wait_for_tickets(1).await;
    let before = spent();
    // A stretch of real time, because doing nothing for a while is what is tested.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let used = spent() - before;
    assert!(used < Duration::from_millis(50), "{used:?}");
}

fn spent() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(spent).expect("a time spent")
}
