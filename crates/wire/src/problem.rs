//! The one shape of every refusal and error: a problem object (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A stable name of the kind of problem, such as `quota_exhausted`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A sentence for a person, in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and how to mend it, in English, for whoever wrote the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field of the request that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
