//! The sample hall with small changes.

use config::{ConfigError, HallConfig, ProfileSource, SAMPLE, parse};

/// The sample with the first occurrence of one text replaced by another.
pub fn sample_with(old: &str, new: &str) -> String {
    assert!(SAMPLE.contains(old), "the sample does not contain {old:?}");
    SAMPLE.replacen(old, new, 1)
}

/// Parses with the built-in profiles.
pub fn read(text: &str) -> Result<HallConfig, Vec<ConfigError>> {
    parse("hall.toml", text, &ProfileSource::built_in())
}
