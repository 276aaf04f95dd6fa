//! What one day teaches.

use hall::TellerId;

use crate::day::Staffed;

/// A day as it was observed. Moments are seconds of the hall's own day, by its clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Who came.
    pub arrivals: Vec<Arrival>,
    /// What became of calls.
    pub served: Vec<Served>,
    /// Who worked: stretches of each counter, in order.
    pub presences: Vec<Presence>,
}

/// Somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Second of the day.
    pub at_s: u32,
    /// The tier's index.
    pub tier: usize,
    /// The service's index.
    pub service: usize,
}

/// A counter had somebody, or waited for nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The service's index.
    pub service: usize,
    /// Who served, where that is known.
    pub teller: Option<TellerId>,
    /// From the call until the counter was free again, in seconds.
    pub seconds: u32,
    /// Whether somebody came.
    pub came: bool,
}

/// A counter was open, paused or closed for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The counter's index.
    pub post: usize,
    /// How it was.
    pub state: Staffed,
    /// From this second of the day.
    pub from_s: u32,
    /// Until this one.
    pub to_s: u32,
    /// Whether it changed then; else the day ended.
    pub changed: bool,
}
