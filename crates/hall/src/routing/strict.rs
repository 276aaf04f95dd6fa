//! Tier precedence, then arrival: the literal reading of "served before other brands" (mid-and-high-end customer service
//! standard, 1.4), without diversion.

use super::{Because, Choice, Profile, Rule};
use crate::ids::CounterNumber;
use crate::state::Hall;

/// See the module.
pub struct Strict;

impl Profile for Strict {
    fn pick(&self, hall: &Hall, counter: CounterNumber, now_ms: i64) -> Option<Choice> {
        hall.queue()
            .iter()
            .filter_map(|place| hall.ticket(place.ticket))
            .find(|ticket| hall.may_call(counter, ticket))
            .map(|ticket| Choice {
                ticket: ticket.id,
                because: Because {
                    rule: if hall.sent_to(ticket).is_some() { Rule::Transferred } else { Rule::Precedence },
                    tier: ticket.tier.clone(),
                    slack_ms: ticket.slack_ms(now_ms),
                },
            })
    }
}
