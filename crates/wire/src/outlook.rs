//! Trouble ahead: who will miss their waiting limit in the next half hour, how likely, and what helps.

use hall::TicketId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reply::{LocalNames, Wait};

/// `GET /outlook`. Tiers, tickets and advice are empty when nobody looked ahead for five minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Outlook {
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How far ahead misses are looked for, in seconds.
    pub window_s: u32,
    /// Tiers in order of precedence.
    pub tiers: Vec<TierOutlook>,
    /// Waiting tickets that may miss their limit within the window or have missed it, the most endangered first; at most 100.
    pub tickets: Vec<TicketOutlook>,
    /// What is worth doing now, the best first.
    pub advice: Vec<AdviceView>,
}

/// What is to be expected of a tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierOutlook {
    /// Its id.
    pub tier: String,
    /// How many wait whose limit has passed.
    #[serde(default)]
    pub overdue: u32,
    /// Limits that will be missed within the window, on average over many futures.
    pub expected_misses: f64,
    /// Probability that at least one will be.
    pub any_miss: f64,
    /// Since when its alarm is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub alarm_since: Option<Timestamp>,
}

/// What is to be expected of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketOutlook {
    /// Which.
    #[schema(value_type = u64)]
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// Its tier.
    pub tier: String,
    /// Probability that it is called later than its limit; 1 when that has passed.
    pub miss: f64,
    /// When the limit ends.
    #[schema(value_type = String, format = DateTime)]
    pub deadline_at: Timestamp,
    /// Its wait from now.
    pub wait: Wait,
}

/// A step that was tried in the same futures as doing nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AdviceView {
    /// What to do.
    pub kind: AdviceKind,
    /// At which counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u16>,
    /// With customers of which service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Limits missed within two hours when nothing is done.
    pub before: f64,
    /// Limits missed all the same.
    pub after: f64,
    /// In words.
    pub text: LocalNames,
}

/// Kinds of advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// Open a closed counter.
    OpenCounter,
    /// End a counter's pause.
    EndPause,
    /// Send customers to self-service.
    SelfService,
}
