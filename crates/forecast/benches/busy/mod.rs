//! The benchmark hall with many who wait.

use config::ProfileSource;
use hall::Rules;
use hall::rules::Teller;

/// 2026-11-22 10:30 in China, a busy hour.
pub const NOW: i64 = 1_795_314_600_000;

/// The benchmark hall under a profile, with enough tellers.
pub fn rules(profile: &str) -> Rules {
    let text = include_str!("../../../../firmware-config/halls/benchmark.toml");
    let mut rules = config::parse("benchmark.toml", text, &ProfileSource::built_in()).expect("a good hall").rules;
    rules.routing.profile = profile.parse().expect("a profile");
    rules.tellers = (1..=8).map(|n: u16| Teller { id: n.to_string().into(), name: "王芳".into() }).collect();
    rules
}

/// What the `n`-th of those who wait came for: one VIP in twelve, three GoTone, eight ordinary.
pub fn kind(n: usize) -> (usize, usize) {
    let tier = [2, 2, 1, 2, 2, 1, 2, 2, 0, 2, 1, 2][n % 12];
    (tier, [0, 1, 2, 0, 3, 1, 2, 0, 4, 2][n % 10])
}

/// When they came: the last one now, the first nearly forty minutes ago.
pub fn came_ms(n: usize, waiting: usize) -> i64 {
    NOW - (waiting - 1 - n) as i64 * 2_300_000 / waiting as i64
}
