//! One counter of the current day.

use crate::ids::{CounterNumber, TellerId, TicketId};

/// A counter's present.
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// As on its sign.
    pub number: CounterNumber,
    /// Whether and by whom it is staffed.
    pub state: CounterState,
    /// The one ticket it has, called or serving.
    pub ticket: Option<TicketId>,
    /// Since when it is as it is, UTC ms; 0 when it was closed all day.
    pub since_ms: i64,
    /// The longest pause of today that is over, in ms.
    pub longest_pause_ms: i64,
}

/// Whether a counter is staffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CounterState {
    /// Nobody signed in.
    Closed,
    /// Ready to call.
    Open {
        /// Who works here.
        teller: TellerId,
    },
    /// Staffed, not calling.
    Paused {
        /// Who works here.
        teller: TellerId,
        /// Why, in the teller's words (吃饭, 培训, …).
        reason: String,
    },
}

impl CounterState {
    /// Who is signed in.
    pub fn teller(&self) -> Option<&TellerId> {
        match self {
            Self::Closed => None,
            Self::Open { teller } | Self::Paused { teller, .. } => Some(teller),
        }
    }
}
