//! What is asked. Unknown fields are refused, so that a misspelt one is noticed where it was written.

use hall::{Care, HoldKind, IdentityKind, TicketId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /tickets`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeTicket {
    /// The service's id.
    #[schema(example = "payment")]
    pub service: String,
    /// The tier's id; without it and without an identity, the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Who the customer says they are; kept masked only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityInput>,
    /// Instead of `identity`: the key of `customer.identified`, for somebody a reader of this kiosk has identified. It is good
    /// for one number, and for a minute; whoever comes with another one gets a number all the same, of the lowest tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified: Option<String>,
    /// Priority care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "elderly")]
    pub care: Option<Care>,
    /// The code of an appointment that the customer checks in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<String>,
    /// Nothing is printed, whatever the kiosk: the customer takes the number along on their phone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paperless: bool,
    /// The time the customer had booked: their wait counts from then, their place too when they are not too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub booked_at: Option<Timestamp>,
    /// Language tag: `zh` or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The kind of customer they said they are, by its Chinese name among the service's documents: the paper lists what that kind
    /// has to bring. Without it, or by a name that the service does not know, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "代办")]
    pub customer: Option<String>,
    /// The kiosk that prints it; without one nothing prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<String>,
}

/// What a customer identifies themselves with; also the body of `POST /kiosks/{name}/identity`.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityInput {
    /// Kind of number: `phone`, `card`, `id_card`, `code`.
    #[schema(value_type = String)]
    pub kind: IdentityKind,
    /// The number itself; never stored or logged, and told to nobody but the directory that the hall's configuration names.
    pub value: String,
}

impl std::fmt::Debug for IdentityInput {
    /// Without the value: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityInput").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// `POST /counters/{n}/sign-in`
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Work number.
    pub teller: String,
    /// PIN.
    pub pin: String,
}

impl std::fmt::Debug for SignIn {
    /// Without the PIN: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("teller", &self.teller).finish_non_exhaustive()
    }
}

/// `POST /counters/{n}/pause`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Why, in the teller's words.
    pub reason: String,
}

/// `POST /counters/{n}/call`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallTicket {
    /// The ticket's id.
    #[schema(value_type = u64)]
    pub ticket: TicketId,
}

/// `POST /counters/{n}/complete`; an empty body is an empty object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// In the teller's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// `POST /counters/{n}/hold`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Why.
    pub reason: String,
    /// Whom it waits for: `customer` or `staff`.
    #[schema(value_type = String, example = "customer")]
    pub kind: HoldKind,
}

/// `POST /counters/{n}/transfer`: exactly one of `service` and `counter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// To whoever does this service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// To this counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u16>,
    /// For the colleague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// `false`: the customer queues as having come now. Without it they keep the place of their arrival.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_place: Option<bool>,
}

/// `POST /tickets/{id}/rejoin`; an empty body is an empty object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejoin {
    /// `true`: only the counter that had the ticket calls it, as long as somebody works there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_counter: Option<bool>,
}

/// `POST /tickets/{id}/rating`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// 1 (worst) to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub score: u8,
    /// In the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// `POST /tickets/{id}/cancel`; an empty body is an empty object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancel {}

/// `POST /tickets/{id}/priority`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Why: `elderly`, `disabled`, `pregnant`, `infirm`.
    #[schema(value_type = String, example = "elderly")]
    pub care: Care,
}

/// `POST /hall/ticketing`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicketing {
    /// Whether numbers are given out.
    pub open: bool,
}

/// `POST /hall/day`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessDay {
    /// Open today's business day (closing an earlier one), or close the open one: who still waits is cancelled.
    pub open: bool,
}

/// `POST /hall/received`: somebody receives a customer whom `vip_arrived` is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// What the alarm is about: a ticket's number, or the kiosk before which they stand.
    #[schema(example = "V001")]
    pub about: String,
}
