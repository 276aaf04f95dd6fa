//! How long it takes, and what is to come: the hall run forward by its own rules, many times, from what was learnt.
//!
//! [`sim`] is a hall that runs by itself; [`replay`] lets recorded days ([`day`], [`recorded`]) or generated ones
//! ([`generate`]) run in it. [`learn`] adds up what days teach, [`school`] reads it from the hall's own journal. [`forward`] draws
//! futures from a [`present`]: [`estimate`] asks them for one customer's wait, [`prospect`] for everybody's and for the next
//! half hour, [`advice`] for what helps; [`calibrate`] corrects them by what came true. [`evaluate`], [`vigil`] and [`call_log`]
//! measure all that against what happened and against the [`classical`] estimators.

pub mod advice;
pub mod alarm;
pub mod calibrate;
pub mod call_log;
pub mod classical;
pub mod day;
pub mod estimate;
pub mod evaluate;
pub mod forward;
pub mod generate;
pub mod learn;
pub mod matched;
pub mod present;
pub mod prospect;
pub mod recorded;
pub mod replay;
mod rows;
pub mod school;
pub mod score;
pub mod sim;
pub mod vigil;

pub use rows::column;
