//! One ticket by the driver a hall prints with: what comes of it here comes of it there.

use std::time::Duration;

use clock::Clock;
use tokio::time::{Instant, sleep, timeout_at};
use wire::{DeviceReport, PrintJob, PrintReport, PrintState, PrinterProfile, Slip};

use super::line::{Line, ProbeError};
use crate::device::Driver;
use crate::glyphs::Font;
use crate::printer::{Printer, Request, Told};
use crate::time::Time;

/// How long a printer that is not well may take to be mended, and one that is well to print.
const LIMIT: Duration = Duration::from_secs(30);
/// Longer than the limit: the limit ends it.
const EXPIRES_MS: i64 = 60_000;
const HEARD_BYTES: usize = 64;

/// What came of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What the driver reports of it; nothing when it could not begin within the limit, or did not end.
    pub report: Option<PrintReport>,
    /// How the printer was at the end.
    pub health: DeviceReport,
}

/// Prints a slip in this profile, as the device host does, within half a minute.
///
/// # Errors
/// [`ProbeError`]
pub async fn print_ticket(
    path: &str,
    profile: &PrinterProfile,
    font: &Font,
    slip: Slip,
) -> Result<Attempt, ProbeError> {
    let line = Line::open(path, profile.baud, profile.flow).await?;
    let time = Time::new(Clock::system());
    let mut printer = Printer::new(profile.clone(), font.clone());
    printer.opened(time.now());
    printer.told(Told::Jobs(vec![job(slip, time.now().hall_ms)]));
    let printed = drive(&line, &mut printer, &time).await;
    line.close().await;
    printed.map(|report| Attempt { report, health: printer.health() })
}

/// A job that is in no outbox.
fn job(slip: Slip, now_ms: i64) -> PrintJob {
    PrintJob {
        id: 1,
        kiosk: String::new(),
        ticket: None,
        copy: false,
        state: PrintState::Queued,
        expires_at: wire::event::timestamp(now_ms.saturating_add(EXPIRES_MS)),
        slip,
    }
}

async fn drive(line: &Line, printer: &mut Printer, time: &Time) -> Result<Option<PrintReport>, ProbeError> {
    let limit = Instant::now() + LIMIT;
    let mut carried_until = Instant::now();
    while Instant::now() < limit {
        while let Some(request) = printer.next_wish() {
            match request {
                Request::Claim(id) => printer.told(Told::Claimed(id)),
                Request::Report(_, report) => {
                    // The line is closed next, and what it has not carried by then is lost.
                    tokio::time::sleep_until(carried_until).await;
                    return Ok(Some(report));
                }
            }
        }
        if let Some(frame) = printer.next_frame(time.now()) {
            carried_until = Instant::now() + line.wire_time(frame.bytes.len()) + Duration::from_millis(100);
            line.write(&frame.bytes).await?;
            printer.written(time.now());
            continue;
        }
        let now = time.now();
        let look = printer.next_look(now).map_or(LIMIT, |at| {
            Duration::from_millis(u64::try_from(at.saturating_sub(now.line_ms)).unwrap_or_default())
        });
        let mut buffer = [0; HEARD_BYTES];
        match timeout_at(limit.min(Instant::now() + look), line.read(&mut buffer)).await {
            Ok(count) => {
                printer.heard(time.now(), buffer.get(..count?).unwrap_or_default());
            }
            // A look that is due already must not spin.
            Err(_) => sleep(Duration::from_millis(1)).await,
        }
        printer.tick(time.now());
    }
    Ok(None)
}
