//! A hall that runs by itself, ahead of time or over again: the real routing over queues made for speed.
//!
//! [`Room`] is the hall at one moment, a [`Script`] is what comes from outside it: who arrives, how long a service takes, who
//! opens and pauses counters. [`run`] lets the two meet. Recorded days, what-if questions and forecasts are three scripts.

mod lines;
mod room;
mod run;

pub use lines::SimLines;
pub use room::{Desk, LONG_PAUSE_MS, Room, Work};
pub use run::{Call, Script, Turn, by_the_rules, run};
