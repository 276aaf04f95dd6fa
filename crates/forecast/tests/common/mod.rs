//! Halls and days that the tests share.

use std::path::PathBuf;

use config::ProfileSource;
use forecast::day::Day;
use hall::Rules;

/// The hall of the published figures.
pub fn benchmark() -> Rules {
    let text = include_str!("../../../../firmware-config/halls/benchmark.toml");
    config::parse("benchmark.toml", text, &ProfileSource::built_in()).expect("the benchmark hall is good").rules
}

/// The thirty recorded days of one load.
#[expect(clippy::disallowed_methods, reason = "a test reads its recordings")]
pub fn days(load: &str, rules: &Rules) -> Vec<Day> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/recordings/days").join(format!("load-{load}"));
    let day = |n: usize| {
        let file = folder.join(format!("day-{n:02}.csv"));
        let text = std::fs::read_to_string(&file).expect("a recorded day");
        Day::parse(&file.to_string_lossy(), &text, rules).expect("a good day")
    };
    (0..30).map(day).collect()
}
