//! What a technician asks of a port: who has it, what answers there, and how an unknown printer can be made to print.
//!
//! Nothing here runs while a hall is open. Each function opens one port, does one thing within a bounded time and closes
//! it; what is dropped half-way closes its port too. What is asked and when is for the caller to decide.

mod asks;
mod keys;
mod line;
mod logo;
mod page;
mod ports;
mod printer;
mod signs;
mod ticket;

#[cfg(test)]
mod bus_tests;
#[cfg(test)]
mod tests;

pub use asks::{Heard, ask_id_reader, ask_keypads, ask_signs};
pub use codecs::escpos::status::{Condition, Cover, Cutter, Fault, Paper, PrinterState};
pub use keys::{Pressed, listen_to_keys, poll_keys};
pub use line::ProbeError;
pub use logo::{LOGO_MAX_HEIGHT, LogoError, NO_ANSWER_WAIT_MS, logo_bytes, store_logo};
pub use page::{RULERS, Ruler, cut_trial, speed_line, test_page};
pub use ports::{Holder, PortFound, Roots, Usb, describe, list};
pub use printer::{
    PrinterAnswer, SPEEDS, ask_printer, clear_to_send, confirms_prints, holds_off_by_wire, printer_name,
};
pub use signs::{SignLit, light_signs};
pub use ticket::{Attempt, print_ticket};

use line::Line;
use wire::Flow;

/// Sends bytes that nothing answers, and waits until the line has carried them.
///
/// # Errors
/// [`ProbeError`]
pub async fn send(path: &str, baud: u32, flow: Flow, bytes: &[u8]) -> Result<(), ProbeError> {
    let line = Line::open(path, baud, flow).await?;
    let sent = line.send(bytes).await;
    line.close().await;
    sent
}
