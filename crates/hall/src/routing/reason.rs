//! Why a ticket was called.

use serde::{Deserialize, Serialize};

use crate::ids::TierId;

/// Why a ticket was called, for the teller and the journal; worded by [`crate::words`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Because {
    /// The rule that chose it.
    pub rule: Rule,
    /// The customer's tier.
    pub tier: TierId,
    /// Time left to the waiting limit at the call, in ms; negative when it is passed.
    pub slack_ms: i64,
    /// Misses that this diversion is expected to save, in thousandths, where the rule weighs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves_milli: Option<u32>,
    /// Why the customer stands further ahead than they came, if they do: the rule goes by that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favour: Option<Favour>,
}

/// Why somebody stands further ahead in the queue than they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Favour {
    /// Priority care.
    Care,
    /// An appointment whose booked time was earlier.
    Appointment,
}

/// The rules that can choose a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The highest tier's longest waiting customer.
    Precedence,
    /// Sent to this very counter by a colleague.
    Transferred,
    /// Came back to this very counter.
    CameBack,
    /// The teller chose it by hand.
    ByHand,
    /// Came first of all.
    Arrival,
    /// It was this tier's turn in the cycle.
    Turn,
    /// Has the largest claim by tier and wait.
    Claim,
    /// Has the earliest deadline.
    Deadline,
    /// Time is running out.
    Urgent,
    /// Has waited so long that no rule may pass over them any more.
    Cap,
    /// Taken over by a free desk that is for others (分流).
    Diversion,
}
