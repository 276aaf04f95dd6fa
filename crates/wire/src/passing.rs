//! Passing events: worth telling now, not worth keeping.

use hall::{IdentityKind, TicketId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::VERSION;
use crate::appointment::Appointment;
use crate::device::{DeviceHealth, PrintState, SignWanted};
use crate::event::timestamp;
use crate::outlook::Outlook;
use crate::reply::{Alarm, LocalNames};

/// A passing event: worth telling now, not worth keeping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Passing {
    /// Version of this format.
    pub v: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub kind: PassingKind,
}

/// Kinds of passing events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event")]
pub enum PassingKind {
    /// An announcement to speak; dropped when stale.
    #[serde(rename = "say")]
    Say {
        /// The number to call.
        number: String,
        /// Where to.
        counter: u16,
        /// What to say.
        text: LocalNames,
        /// Not to be said after this.
        #[schema(value_type = String, format = DateTime)]
        until: Timestamp,
    },
    /// What a sign is to show from now on.
    #[serde(rename = "sign.wanted")]
    SignWanted {
        /// The wanted state.
        sign: SignWanted,
    },
    /// A print job is in the outbox or went on.
    #[serde(rename = "print.changed")]
    PrintChanged {
        /// The job.
        job: u64,
        /// Of which ticket; none: a page that is no ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<u64>)]
        ticket: Option<TicketId>,
        /// Whose printer.
        kiosk: String,
        /// How it stands.
        state: PrintState,
    },
    /// What is to be expected of the next half hour is otherwise than before.
    #[serde(rename = "outlook.changed")]
    OutlookChanged {
        /// What is to be expected.
        outlook: Outlook,
    },
    /// A reader has identified somebody who stands before a kiosk: for kiosks and managers.
    #[serde(rename = "customer.identified")]
    CustomerIdentified {
        /// The kiosk.
        kiosk: String,
        /// What the kiosk takes their number with: `identified` of `POST /tickets`.
        key: String,
        /// What they were identified by: `phone`, `card`, `id_card`, `code`.
        #[schema(value_type = String)]
        kind: IdentityKind,
        /// The number, as staff may see it: `138****1234`.
        masked: String,
        /// Their tier, the lowest where nobody knows them.
        tier: String,
        /// Their level within it, in the words of the directory of customers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<String>,
        /// Whether staff were told to receive them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        staff_told: bool,
        /// The appointment whose code they have shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<Appointment>,
    },
    /// Customers whom somebody is to receive are others than before: for staff, like the alarms of this kind in `GET /hall`. A
    /// state and no message: who is not in it has been received, was called or has left.
    #[serde(rename = "arrivals.changed")]
    ArrivalsChanged {
        /// An alarm for each, the longest there first.
        arrivals: Vec<Alarm>,
    },
    /// A device is otherwise than before.
    #[serde(rename = "device.changed")]
    DeviceChanged {
        /// How it is.
        device: DeviceHealth,
    },
}

impl Passing {
    /// Wraps a passing event that happened at `at_ms` (UTC).
    pub fn new(at_ms: i64, kind: PassingKind) -> Self {
        Self { v: VERSION, at: timestamp(at_ms), kind }
    }

    /// The name in the stream's `event:` line.
    pub fn name(&self) -> &'static str {
        match self.kind {
            PassingKind::Say { .. } => "say",
            PassingKind::SignWanted { .. } => "sign.wanted",
            PassingKind::PrintChanged { .. } => "print.changed",
            PassingKind::OutlookChanged { .. } => "outlook.changed",
            PassingKind::CustomerIdentified { .. } => "customer.identified",
            PassingKind::ArrivalsChanged { .. } => "arrivals.changed",
            PassingKind::DeviceChanged { .. } => "device.changed",
        }
    }
}
