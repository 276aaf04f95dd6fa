//! A hall that is lived in by commands: what its journal teaches, and what is foreseen of it.

mod alarms;
#[path = "../common/mod.rs"]
mod common;
mod ghosts;
mod lived;
mod recorded;
mod school;
