//! What is answered.

use hall::rules::Names;
use hall::{Care, TicketId, TicketState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::device::{DeviceHealth, PrintState};

/// A name in the hall's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalNames {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl From<&Names> for LocalNames {
    fn from(names: &Names) -> Self {
        Self { zh: names.zh.clone(), en: names.in_language(hall::Language::En).to_owned() }
    }
}

/// A ticket as kiosks, tellers and supervisors see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketView {
    /// Its identity within the hall.
    #[schema(value_type = u64)]
    pub id: TicketId,
    /// What the customer sees, such as `A001`.
    pub number: String,
    /// The tier's id.
    pub tier: String,
    /// The service's id.
    pub service: String,
    /// `waiting`, `called`, `serving`, `held`, `completed`, `no_show` or `cancelled`.
    #[schema(value_type = String)]
    pub state: TicketState,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// When the tier's waiting limit ends.
    #[schema(value_type = String, format = DateTime)]
    pub deadline_at: Timestamp,
    /// People ahead; 0 unless waiting.
    pub ahead: usize,
    /// Waited until now or until service started, in seconds.
    pub waited_s: i64,
    /// The counter that has it or last had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u16>,
    /// Only this counter may call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_counter: Option<u16>,
    /// Recalls at the present counter.
    #[serde(default)]
    pub recalls: u8,
    /// When it was last called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub called_at: Option<Timestamp>,
    /// From when a teller's page or keypad may mark a no-show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub no_show_from: Option<Timestamp>,
    /// When service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// Priority care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub care: Option<Care>,
    /// The time they had booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub booked_at: Option<Timestamp>,
    /// The customer's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The kiosk it was taken at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<String>,
    /// Masked identity, for staff only: `138****1234`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// A colleague's note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The customer's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// What its QR opens; told to the kiosk that prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How its latest print job stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print: Option<PrintState>,
    /// What happened to it, oldest first; only where one ticket was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryStep>,
}

/// One step of a ticket's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryStep {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What: `issued`, `called`, `recalled`, `started`, `completed`, `no_show`, `held`, `transferred`, `returned`,
    /// `cancelled`, `rated`, `prioritised`, `reprinted`, `rejoined`.
    #[schema(value_type = String)]
    pub what: hall::ticket::StepKind,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u16>,
}

/// A wait as it is told to a customer, in seconds. With `samples` 0 nobody knows, because nothing was measured yet or no counter is
/// open that could call; in the second case all three are three hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wait {
    /// The likely wait.
    pub likely_s: u32,
    /// One in ten waits is shorter.
    pub low_s: u32,
    /// One in ten waits is longer.
    pub high_s: u32,
    /// Measured services behind the estimate; with fewer than 10, pages and paper tell the people ahead only.
    pub samples: u32,
}

impl Wait {
    /// Services that must have been measured before a range is told to customers.
    pub const ENOUGH_SAMPLES: u32 = 10;

    /// The range as it is told, in whole minutes rounded outward to fives; `None` with too few samples behind it.
    pub fn told_minutes(self) -> Option<(u32, u32)> {
        const STEP_S: u32 = 300;
        let low = self.low_s / STEP_S * 5;
        let high = self.high_s.div_ceil(STEP_S).max(1) * 5;
        (self.samples >= Self::ENOUGH_SAMPLES).then_some((low, high))
    }
}

/// 201 of `POST /tickets`, and `GET /tickets/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Issued {
    /// The ticket.
    pub ticket: TicketView,
    /// Its wait from now; of a ticket that does not wait, zeros.
    pub wait: Wait,
}

/// 200 of the counter commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Called {
    /// The ticket the command was about.
    pub ticket: TicketView,
    /// Why this one, in the teller's language; of calls only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What `GET /t/{code}` tells whoever scans the QR.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicTicket {
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: TicketState,
    /// People ahead; 0 unless waiting.
    pub ahead: usize,
}

/// `GET /hall`: the whole hall at one `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HallSnapshot {
    /// Changes when the hall's journal is another one (restored from a backup).
    pub epoch: String,
    /// The last event this snapshot contains.
    pub seq: u64,
    /// The broker's clock.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// The hall's name.
    pub name: LocalNames,
    /// IANA name of the hall's time zone.
    pub time_zone: String,
    /// The open business day, or none.
    pub day: Option<String>,
    /// Whether a supervisor lets numbers be given out.
    pub ticketing_open: bool,
    /// How much faster than real time this hall lives; 1 in a real one.
    pub speed: f64,
    /// Tiers in order of precedence.
    pub tiers: Vec<TierView>,
    /// Services in the kiosk's order.
    pub services: Vec<ServiceView>,
    /// Counters by number.
    pub counters: Vec<CounterView>,
    /// Waiting tickets, in the order of tiers and arrival.
    pub waiting: Vec<TicketView>,
    /// Held tickets.
    pub held: Vec<TicketView>,
    /// The latest calls, newest first, at most 12.
    pub recent: Vec<Notice>,
    /// Devices and how they are.
    pub devices: Vec<DeviceHealth>,
    /// What needs somebody's attention.
    pub alarms: Vec<Alarm>,
}

/// A tier as clients need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierView {
    /// Its id.
    pub id: String,
    /// Its names.
    pub names: LocalNames,
    /// Its waiting limit in seconds.
    pub limit_s: u32,
    /// How many wait.
    pub waiting: usize,
}

/// A service as tellers and screens need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceView {
    /// Its id.
    pub id: String,
    /// Its names.
    pub names: LocalNames,
    /// How many wait for it.
    pub waiting: usize,
    /// The wait an ordinary customer would have.
    pub wait: Wait,
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CounterView {
    /// As on its sign.
    pub number: u16,
    /// Its names.
    pub names: LocalNames,
    /// `general`, or the tier it is dedicated to.
    pub kind: String,
    /// What it can do.
    pub services: Vec<String>,
    /// Whether it is staffed.
    pub state: CounterStatus,
    /// Who works there, for staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teller: Option<String>,
    /// Why it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The one ticket it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketView>,
    /// How many wait whom it may call.
    pub waiting: usize,
    /// Number of the customer it takes over with its next call although it is not for them (分流): it is free, and nobody waits whom
    /// it is for. Time alone changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverts: Option<String>,
}

/// Whether a counter is staffed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterStatus {
    /// Nobody signed in.
    Closed,
    /// Ready to call.
    Open,
    /// Staffed, not calling.
    Paused,
}

/// A call as signs and screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// Which ticket.
    #[schema(value_type = u64)]
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// Where to go.
    pub counter: u16,
    /// When it was called.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alarm {
    /// What.
    pub kind: AlarmKind,
    /// About which device, kiosk or ticket.
    pub about: String,
    /// What to do, in the hall's languages.
    pub text: LocalNames,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// Kinds of alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// A device has a fault.
    DeviceFault,
    /// A device does not answer.
    DeviceUnknown,
    /// Whether a ticket came out on paper is not known.
    PrintUncertain,
    /// Tickets that did not come out on paper and will not.
    PrintFailed,
    /// The disk takes nothing; numbers are refused.
    Storage,
    /// The clock stands where it cannot be.
    Clock,
    /// Customers of a tier will miss their waiting limit.
    LimitAtRisk,
    /// Nothing can be foreseen: waits and trouble ahead are not told.
    Forecast,
    /// The directory of customers does not answer or cannot be read: who is in it only is an ordinary customer.
    Directory,
    /// A customer whom somebody is to receive has come; for staff only.
    VipArrived,
    /// A word that this version does not know; never sent.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_told_rounded_outward_to_five_minutes() {
        let wait = Wait { likely_s: 700, low_s: 421, high_s: 901, samples: 10 };
        assert_eq!(wait.told_minutes(), Some((5, 20)));
        assert_eq!(Wait { low_s: 0, high_s: 0, ..wait }.told_minutes(), Some((0, 5)));
    }

    #[test]
    fn too_few_samples_tell_no_range() {
        let wait = Wait { likely_s: 700, low_s: 421, high_s: 901, samples: 9 };
        assert_eq!(wait.told_minutes(), None);
    }
}
