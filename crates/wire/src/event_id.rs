//! Where an event stands, so that a client can go on from there.

use std::fmt;
use std::str::FromStr;

/// Where in which journal an event stands: `epoch.seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventId {
    /// The journal.
    pub epoch: String,
    /// The place in it.
    pub seq: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

impl FromStr for EventId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an event id like 9f3a0c.17");
        let (epoch, seq) = text.rsplit_once('.').ok_or_else(wrong)?;
        Ok(Self { epoch: epoch.to_owned(), seq: seq.parse().map_err(|_| wrong())? })
    }
}
