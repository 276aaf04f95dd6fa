//! Readers of who stands before a kiosk.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reader of resident identity cards (SDT/SAM).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdReaderProfile {
    /// Line speed.
    pub baud: u32,
    /// How often a card is looked for, in ms; not below 300.
    pub poll_ms: u16,
}

/// A reader of a magnetic card's second track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardReaderProfile {
    /// Line speed.
    pub baud: u32,
}

/// A QR scanner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScannerProfile {
    /// Line speed.
    pub baud: u32,
    /// In which code it sends what it read.
    pub charset: ScannerCharset,
}

/// In which code a scanner sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScannerCharset {
    /// GBK, as most leave the factory.
    Gbk,
    /// UTF-8.
    Utf8,
}
