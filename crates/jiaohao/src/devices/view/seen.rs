//! What a virtual device tells of itself, as far as the view shows it. Counters that rise by themselves are left out, so that
//! what looks the same is the same.

use serde::Deserialize;
use serde_json::Value;

/// A device as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) line: Line,
    pub(super) power: Power,
    /// `None`: of a kind this view does not know.
    pub(super) face: Option<Face>,
}

/// The cable.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Line {
    /// Where a driver opens it.
    pub(super) path: String,
    /// Whether the cable is in.
    pub(super) plugged: bool,
    /// Whether a driver has it open.
    pub(super) open: bool,
}

/// What devices on a bus may lack; `None` where they do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Power {
    pub(super) mute: Option<bool>,
    pub(super) dead: Option<bool>,
}

/// What each kind shows.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", content = "state", rename_all = "kebab-case")]
pub(super) enum Face {
    Printer(Printer),
    OnbonSign(Sign),
    CpowerSign(Sign),
    WindowSign(Sign),
    DigitBoard(Digits),
    Keypad(Keypad),
    PolledKeypad(Polled),
    IdReader(IdReader),
    CardReader(CardReader),
    Scanner(Scanner),
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Printer {
    /// Finished pieces of paper.
    pub(super) tickets: usize,
    pub(super) last_ticket: Option<Ticket>,
    /// Printed and not yet cut.
    pub(super) hanging_lines: Vec<String>,
    /// Received and not printed.
    pub(super) waiting_bytes: usize,
    /// `None`: a roll without end.
    pub(super) paper_left_mm: Option<f32>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Ticket {
    pub(super) number: usize,
    pub(super) lines: Vec<String>,
    /// What its codes say.
    pub(super) qr: Vec<String>,
    pub(super) cut: String,
    pub(super) anomalies: Vec<String>,
    pub(super) length_mm: f32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Sign {
    /// Its text, line by line.
    pub(super) shows: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Digits {
    /// 0 to 999; `None` before the first number.
    pub(super) shows: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Keypad {
    /// Lit digits of the left display.
    pub(super) waiting: String,
    /// Lit digits of the right one.
    pub(super) ticket: String,
    pub(super) beeps: usize,
    pub(super) ratings_started: usize,
    /// Keys the host has not acknowledged.
    pub(super) unanswered: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Polled {
    /// Inputs that are set.
    pub(super) pressed: Vec<u16>,
    pub(super) registers: Vec<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct IdReader {
    pub(super) has_card: bool,
    pub(super) cards_read: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct CardReader {
    pub(super) swipes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Scanner {
    pub(super) scans: usize,
}

/// Reads what the control channel tells of a device; `None` when it is no device's state.
pub(super) fn seen(kind: &str, state: &Value) -> Option<Seen> {
    let line = Line::deserialize(state).ok()?;
    let power = Power::deserialize(state).unwrap_or_default();
    let face = Face::deserialize(serde_json::json!({ "kind": kind, "state": state })).ok();
    Some(Seen { line, power, face })
}
