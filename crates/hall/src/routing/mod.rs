//! Whom a counter calls next. A profile sees the hall and answers with one ticket and the reason; it changes nothing and
//! gives the same answer for the same hall and moment.

mod strict;

use serde::{Deserialize, Serialize};

use crate::ids::{CounterNumber, TicketId, TierId};
use crate::rules::ProfileName;
use crate::state::Hall;
use crate::ticket::Ticket;

pub use strict::Strict;

/// A rule for choosing the next ticket.
pub trait Profile {
    /// The ticket that `counter` calls next at `now_ms` (UTC), or `None` when nobody waits whom it may serve.
    fn pick(&self, hall: &Hall, counter: CounterNumber, now_ms: i64) -> Option<Choice>;
}

/// A profile's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Which ticket.
    pub ticket: TicketId,
    /// Why.
    pub because: Because,
}

/// Why a ticket was called, for the teller and the journal; worded by [`crate::words`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Because {
    /// The rule that chose it.
    pub rule: Rule,
    /// The customer's tier.
    pub tier: TierId,
    /// Time left to the waiting limit at the call, in ms; negative when it is passed.
    pub slack_ms: i64,
}

/// The rules that can choose a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The highest tier's longest waiting customer.
    Precedence,
    /// Sent to this very counter by a colleague.
    Transferred,
    /// The teller chose it by hand.
    ByHand,
}

/// The profile of this name.
pub fn profile(name: ProfileName) -> &'static dyn Profile {
    match name {
        ProfileName::Strict => &Strict,
    }
}

impl Hall {
    /// Whether a counter may call this ticket by itself: its kind admits the tier and it can do the service, or the ticket
    /// was sent to this very counter.
    pub fn may_call(&self, counter: CounterNumber, ticket: &Ticket) -> bool {
        match self.sent_to(ticket) {
            Some(only) => only == counter,
            None => self.rules().counter(counter).is_some_and(|rule| {
                rule.services.contains(&ticket.service) && self.rules().admits(&rule.kind, &ticket.tier)
            }),
        }
    }

    /// The one counter a ticket was sent to. A counter that is no longer configured binds nobody: its customers would wait for
    /// ever.
    pub(crate) fn sent_to(&self, ticket: &Ticket) -> Option<CounterNumber> {
        ticket.only_counter.filter(|only| self.rules().counter(*only).is_some())
    }
}
