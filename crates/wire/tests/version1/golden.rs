//! One value, one line.

use std::fmt::Debug;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Holds a value against its line in both directions.
#[track_caller]
pub fn holds<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, line: &str) {
    assert_eq!(serde_json::to_string(value).expect("serialises"), line);
    assert_eq!(&serde_json::from_str::<T>(line).expect("reads"), value);
}

/// Holds that a line is refused because of a field nobody knows.
#[track_caller]
pub fn refuses_unknown_field<T: DeserializeOwned + Debug>(line: &str, field: &str) {
    let error = serde_json::from_str::<T>(line).expect_err("an unknown field").to_string();
    assert!(error.contains(&format!("unknown field `{field}`")), "{error}");
}

/// A moment of 2026-11-22, UTC.
pub fn moment(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().expect("a time")
}
