//! Tellers' keypads with customers' raters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How one kind of 呼叫器 keypad differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeypadProfile {
    /// Line speed.
    pub baud: u32,
    /// What each key means, by the code that ends its frame: one or two bytes in hexadecimal, such as `"0C"` or `"06 0F"`. Of two
    /// codes that fit the longer one counts. Without it the codes of the deployed kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, KeyAct>,
    /// The score, 1 to 5, of each key of the rater, in the order of its keys. Without it four keys count 5, 4, 3, 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<u8>,
}

impl KeypadProfile {
    /// What the keys of a rater count where nothing is said of them: 非常满意 满意 一般 不满意.
    pub const SCORES: [u8; 4] = [5, 4, 3, 1];

    /// The score of each key of the rater, in the order of its keys.
    pub fn rater_scores(&self) -> &[u8] {
        if self.scores.is_empty() { &Self::SCORES } else { &self.scores }
    }
}

/// How one kind of Modbus keypad, which is asked for its keys, differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolledKeypadProfile {
    /// Line speed.
    pub baud: u32,
    /// The discrete input of the first key.
    pub first_input: u16,
    /// What each key means, in the order of the inputs.
    pub keys: Vec<KeyAct>,
    /// How often it is asked, in ms. A key has to stay pressed as long to be seen.
    pub poll_ms: u16,
    /// Whether the host hears its own frames back, as with many two-wire adapters.
    #[serde(default)]
    pub echo: bool,
    /// The register that shows how many wait, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_register: Option<u16>,
    /// The register that shows the digits of the ticket at the counter, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_register: Option<u16>,
    /// The register that beeps when 1 is written to it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beep_register: Option<u16>,
}

/// What a key of a teller means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyAct {
    /// Call the next customer; whoever is at the counter is done.
    Next,
    /// Call the same customer again.
    Recall,
    /// The customer did not come.
    NoShow,
    /// Put the ticket on hold.
    Hold,
    /// Hand the customer on, to the counter whose number was typed before.
    Transfer,
    /// Call the customer who was put on hold at this counter last.
    CallBack,
    /// Put the ticket at the counter back into the queue.
    Return,
    /// Pause, or go on.
    Pause,
    /// Ask the customer for a rating.
    Evaluate,
    /// Nothing.
    Unused,
}
