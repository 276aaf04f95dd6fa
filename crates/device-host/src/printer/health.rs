//! A printer's state in the network's words.

use codecs::escpos::status::{Condition as Known, Cover, Cutter, Device, Fault, Paper};
use wire::{Condition, DeviceReport, DeviceState, PrinterStatus};

use super::status::Status;
use crate::device::report;

/// `is_unconfirmed`: it confirms no prints although its profile says it would. `is_left`: nobody takes the ticket in its
/// mouth.
pub(super) fn of(status: &Status, kind: PrinterStatus, is_unconfirmed: bool, is_left: bool) -> DeviceReport {
    let mut conditions = conditions(status);
    match status.condition() {
        Known::Ok if is_unconfirmed => {
            conditions.push(Condition::Unconfirmed);
            let detail = "it answers, and confirmed none of the last prints: does its profile fit?".to_owned();
            report(DeviceState::Warning, conditions, Some(detail))
        }
        // Beside trouble it would only make the same trouble news again with every ticket.
        Known::Ok if conditions.is_empty() && is_left => report(DeviceState::Ok, vec![Condition::MediaPresent], None),
        Known::Ok if conditions.is_empty() => report(DeviceState::Ok, conditions, None),
        Known::Ok => report(DeviceState::Warning, conditions, None),
        Known::Fault(_) => report(DeviceState::Fault, conditions, None),
        Known::Unknown if status.is_garbled() => {
            conditions.push(Condition::Garbled);
            let detail = "it answers with bytes that are no answers: does the speed of its line fit?".to_owned();
            report(DeviceState::Unknown, conditions, Some(detail))
        }
        Known::Unknown if status.is_silent() => {
            conditions.push(Condition::NoAnswer);
            report(DeviceState::Unknown, conditions, Some("it does not answer status questions".to_owned()))
        }
        Known::Unknown => {
            let detail = (kind == PrinterStatus::None).then(|| "this model never tells its state".to_owned());
            report(DeviceState::Unknown, conditions, detail)
        }
    }
}

fn conditions(status: &Status) -> Vec<Condition> {
    let known = status.known();
    let mut conditions = Vec::new();
    match known.paper {
        Paper::Low => conditions.push(Condition::PaperLow),
        Paper::Out => conditions.push(Condition::PaperOut),
        Paper::Unknown | Paper::Full => {}
    }
    match known.cover {
        Cover::Open => conditions.push(Condition::CoverOpen),
        Cover::Unknown | Cover::Closed => {}
    }
    match known.cutter {
        Cutter::Fault => conditions.push(Condition::CutterFault),
        Cutter::Unknown | Cutter::Ok => {}
    }
    if known.error == Some(Fault::PaperJam) {
        conditions.push(Condition::PaperJammed);
    }
    let hardware = match known.error {
        Some(Fault::Unrecoverable | Fault::AutoRecoverable | Fault::Error) => true,
        Some(Fault::PaperOut | Fault::CoverOpen | Fault::Cutter | Fault::PaperJam | Fault::Offline) | None => false,
    };
    let explained = conditions.iter().any(|condition| *condition != Condition::PaperLow);
    if hardware || (known.stopped_by_error && !explained) {
        conditions.push(Condition::HardwareError);
    }
    if known.device == Device::Offline && !explained && !hardware {
        conditions.push(Condition::Offline);
    }
    conditions
}
