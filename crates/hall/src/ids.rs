//! Names of things, each a type of its own so that a counter is never taken for a ticket.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A ticket's identity within the hall: counts up for ever, never reused, not the number a customer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketId(pub u64);

/// The number of a counter (窗口), as on its sign: 1 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CounterNumber(pub u16);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id!(
    /// A tier of customers (`vip`, `gotone`, `ordinary` in the sample hall).
    TierId
);
text_id!(
    /// A business (`payment`, `sim_change`, …).
    ServiceId
);
text_id!(
    /// A teller's work number (工号).
    TellerId
);
text_id!(
    /// What the customer sees and hears: prefix and at least three digits, unique within the business day.
    Number
);
text_id!(
    /// The letters in front of a number: one or two of A–Z, so that letters and digits never run together.
    Prefix
);
text_id!(
    /// The unguessable code behind a ticket's QR; made by the broker, because chance has no place in the rules.
    TicketCode
);

text_id!(
    /// What a customer checks in with who has an appointment: six digits, made by the broker.
    AppointmentCode
);

impl Number {
    /// The `n`th number of a prefix: `A` and 7 give `A007`, 1000 gives `A1000`.
    pub fn nth(prefix: &Prefix, n: u32) -> Self {
        format!("{prefix}{n:03}").into()
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CounterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_start_at_three_digits_and_grow_past_999() {
        let a = Prefix::from("A");
        assert_eq!(Number::nth(&a, 1).as_str(), "A001");
        assert_eq!(Number::nth(&a, 999).as_str(), "A999");
        assert_eq!(Number::nth(&a, 1000).as_str(), "A1000");
    }
}
