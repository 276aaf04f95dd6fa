//! What the broker and its device hosts tell each other: which devices there are, what is to be printed and shown, and how
//! the devices are.

use std::collections::BTreeMap;

use hall::TicketId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::profile::DeviceProfile;

/// A device of the hall: `GET /devices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeviceSpec {
    /// Its name within the hall.
    pub name: String,
    /// The name of its profile.
    pub profile_name: String,
    /// What the profile says.
    pub profile: DeviceProfile,
    /// A stable path, or `virtual`.
    pub port: String,
    /// Its address on the bus, where the protocol has one.
    pub address: u16,
    /// Where it stands.
    pub place: Place,
}

/// Where a device belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At a counter.
    Counter(u16),
    /// In a kiosk.
    Kiosk(String),
    /// In the hall, for everybody.
    Hall,
}

/// How a device is, as its host reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceReport {
    /// In one word.
    pub state: DeviceState,
    /// What is the matter, by the names of the CEN/XFS printer class.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// For the technician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How a device is. What a device did not say is unknown, and unknown is not ok.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It said that it is well.
    Ok,
    /// It works, and will soon not.
    Warning,
    /// It does not work.
    Fault,
    /// It says nothing.
    Unknown,
}

/// What can be the matter with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// No device host has said anything about it.
    NoHost,
    /// Its port is not there.
    NoDevice,
    /// Its port is there and cannot be used.
    PortError,
    /// It does not answer.
    NoAnswer,
    /// It answers nonsense: most often the speed of the line is wrong.
    Garbled,
    /// It answers, and never says that a ticket came out although its profile says it would.
    Unconfirmed,
    /// It does not take any bytes.
    Stalled,
    /// It is offline.
    Offline,
    /// Paper near its end.
    PaperLow,
    /// No paper.
    PaperOut,
    /// Paper is stuck on its way.
    PaperJammed,
    /// A ticket waits in the presenter's mouth to be taken. No fault.
    MediaPresent,
    /// Cover open.
    CoverOpen,
    /// The cutter is stuck.
    CutterFault,
    /// An error of the mechanism.
    HardwareError,
    /// It refuses what it is told: most often its profile does not fit it.
    Refused,
    /// A word that this version does not know; never sent.
    #[serde(other)]
    Other,
}

/// A device and how it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeviceHealth {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What its host said last.
    pub report: DeviceReport,
    /// Since when it is like that.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// A job of a kiosk's printer: `GET /print-jobs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PrintJob {
    /// Its id.
    pub id: u64,
    /// Whose printer.
    pub kiosk: String,
    /// Of which ticket; none: a page that is no ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub ticket: Option<TicketId>,
    /// Marked as a copy.
    pub copy: bool,
    /// How it stands.
    pub state: PrintState,
    /// After this it is not worth printing.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// What to print, already worded.
    pub slip: Slip,
}

/// How a print job stands. Only `printed` means paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// In the outbox.
    Queued,
    /// A host has taken it and is about to send bytes.
    Sending,
    /// All bytes are with the printer, which cannot say more (its profile has no confirmation).
    Sent,
    /// The printer said that it came out.
    Printed,
    /// It may have come out. Never printed again by itself.
    Uncertain,
    /// It did not come out and will not.
    Failed,
    /// It was not worth printing any more.
    Expired,
}

/// `POST /print-jobs/{id}`: a host says how a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintReport {
    /// The new state.
    pub state: PrintState,
    /// For the technician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A ticket's text, line by line, worded in the customer's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slip {
    /// The hall's name.
    pub hall: String,
    /// A greeting after the time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// The number.
    pub number: String,
    /// The business.
    pub service: String,
    /// People ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<String>,
    /// The range of the wait, as estimated when printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
    /// Where to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// When it was taken.
    pub time: String,
    /// Papers to have ready.
    #[serde(default)]
    pub documents: Vec<String>,
    /// What its QR opens, at most 42 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr_url: Option<String>,
    /// What becomes of a missed call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// That this is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_mark: Option<String>,
}

/// What a sign is to show: `GET /signs`, and the passing event `sign.wanted`. A wanted state, not a message: a host sends it
/// again until the sign acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignWanted {
    /// Whose sign: a counter's or the hall's.
    pub place: Place,
    /// The event that made it; a higher one is newer.
    pub seq: u64,
    /// Calls to show, newest first: one at a counter, several in the hall; none = idle.
    pub calls: Vec<SignCall>,
    /// What to show when idle, by language.
    #[serde(default)]
    pub idle: BTreeMap<String, String>,
    /// How bright, in percent, where the hall has a rule for the time of day and the sign can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brightness: Option<u8>,
}

/// One call on a sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignCall {
    /// The number.
    pub number: String,
    /// The counter.
    pub counter: u16,
    /// How often the ticket has been called there: one more with each recall, so that a sign draws attention again.
    #[serde(default)]
    pub calls: u8,
}
