//! A teller's keypad: keys become commands of its counter; it shows the counter's number and how many wait.

pub(crate) mod codes;
mod desk;
mod huajiaoqi;
mod polled;
mod teller;

pub(crate) use huajiaoqi::Keypad;
#[cfg(test)]
pub(crate) use huajiaoqi::tests;
pub(crate) use polled::PolledKeypad;
pub(crate) use teller::{Command, DEBOUNCE_MS, Told};
