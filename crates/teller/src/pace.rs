//! The broker's time, told from the moments of this program.

use std::time::Duration;

use jiff::Timestamp;

/// Where the broker's clock stood at a moment, and how fast it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    now: Timestamp,
    at: Duration,
    speed: f64,
}

impl Pace {
    /// `now` was the broker's time at the moment `at`; a hall lives `speed` times as fast as the wall clock.
    pub(crate) fn new(now: Timestamp, at: Duration, speed: f64) -> Self {
        Self { now, at, speed: if speed > 0.0 { speed } else { 1.0 } }
    }

    /// The broker's time at a moment.
    pub(crate) fn time(&self, at: Duration) -> Timestamp {
        let later = self.now.checked_add(at.saturating_sub(self.at).mul_f64(self.speed));
        later.unwrap_or(self.now)
    }

    /// How much of the hall's time lies between two moments.
    pub(crate) fn between(&self, from: Duration, to: Duration) -> Duration {
        to.saturating_sub(from).mul_f64(self.speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hall_sixty_times_as_fast_lives_a_minute_in_a_second() {
        let start: Timestamp = "2026-11-22T01:00:00Z".parse().unwrap();
        let pace = Pace::new(start, Duration::from_secs(10), 60.0);
        assert_eq!(pace.time(Duration::from_secs(11)), "2026-11-22T01:01:00Z".parse().unwrap());
        assert_eq!(pace.between(Duration::from_secs(1), Duration::from_secs(2)), Duration::from_secs(60));
        assert_eq!(pace.time(Duration::ZERO), start, "never before the snapshot");
    }
}
