//! What a hall offers at this moment.

use hall::rules::Documents;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reply::{LocalNames, Wait};

/// One line of `GET /services`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceOffer {
    /// The service's id.
    pub id: String,
    /// Its names.
    pub names: LocalNames,
    /// The prefix an ordinary customer's number gets.
    pub prefix: String,
    /// Whether a number can be taken now.
    pub open: bool,
    /// Why not, in the language asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_because: Option<String>,
    /// The same in the few words that a card has room for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_short: Option<String>,
    /// Numbers left, by the quota of the day or of this part of it, whichever is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_left: Option<u32>,
    /// People who wait for this service.
    pub waiting: usize,
    /// People an ordinary customer would have ahead.
    pub ahead: usize,
    /// The wait an ordinary customer would have.
    pub wait: Wait,
    /// The same for customers of the tiers above the last, the highest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierOffer>,
    /// No counter is open now that could call an ordinary customer of it; numbers are given all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unstaffed: bool,
    /// Papers to bring, by kind of customer.
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Documents>,
    /// What can be done without a teller, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_service: Option<LocalNames>,
    /// Where an ordinary customer waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<LocalNames>,
}

/// What a customer of one tier would have of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierOffer {
    /// The tier's id.
    pub tier: String,
    /// People they would have ahead.
    pub ahead: usize,
    /// The wait they would have.
    pub wait: Wait,
}
