//! One hall's configuration: TOML text in, a checked hall or errors with line and column out. Reads no file, clock or
//! environment; even time zones come from a bundled database.
//!
//! [`parse`] goes through the file key by key (`reader`, `values`, `hours`, `raw`), compares what it found (`check`, `level`,
//! `devices`), and only a hall without a single mistake becomes a [`HallConfig`]. [`check_report`] says what a good one
//! leaves to be desired.

mod calendar;
mod check;
mod devices;
mod directory;
mod error;
mod fault;
mod finding;
mod hours;
mod kiosks;
mod level;
mod model;
mod parse;
mod profile_check;
mod profiles;
mod quotas;
mod raw;
mod reader;
mod settings;
mod signs;
mod spans;
mod suggest;
mod syntax;
mod values;

pub use error::ConfigError;
pub use finding::{Finding, Mark, check_report};
pub use level::{Area, Level, Standing};
pub use model::{
    Brightness, Directory, HallConfig, Kiosk, PUBLIC_URL_MAX, QR_PATH, QR_URL_MAX, Recognition, Screen, Signs,
    TICKET_CODE_LEN,
};
pub use parse::parse;
pub use profiles::{BUILT_IN, ProfileSource, parse_profile};

/// A complete, commented hall: what a one-box hall writes at its first start.
pub const SAMPLE: &str = include_str!("../../../firmware-config/halls/sample.toml");
