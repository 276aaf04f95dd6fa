//! The page for whoever does not see it: read aloud, and walked through with five keys.
//!
//! [`Guide`] goes by the labels of the page itself ([`look::access`]) and decides what is said and where the keys are; it is told
//! what is shown and what was pressed, and never waits. [`Speaker`] says it, on a thread of its own, with other people's programs:
//! a synthesizer and a player.

mod equipped;
mod guide;
mod place;
mod player;
mod programs;
mod speaker;
mod volume;
mod wiring;

pub use equipped::Equipped;
pub use guide::{Deed, Guide, Key};
pub use player::DEVICE_SLACK;
pub use programs::{NoPrograms, Programs};
pub use speaker::{Equipment, Say, Speaker};
pub use wiring::{Guided, connect_guide};
