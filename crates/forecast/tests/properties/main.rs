//! What replays and forecasts promise on any small hall and day.

#[path = "../common/mod.rs"]
mod common;
mod halls;
mod lines;
mod live;
mod simulator;
