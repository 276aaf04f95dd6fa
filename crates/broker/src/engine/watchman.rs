//! Doubts the clock: a hall whose business day is thrown away by one wrong second would lose everybody who waits.

use clock::Clock;

/// Compares what the clock shows with how much time has passed.
pub(super) struct Watchman {
    /// What it showed, and what had passed, at the last look.
    last: (i64, i64),
    /// How far it has been set since it was believed, in ms.
    set_ms: i64,
    doubted_since_ms: Option<i64>,
}

/// A clock that is set by more than this is doubted: no time zone and no summer time moves it so far.
const DOUBTFUL_MS: i64 = 12 * 3_600_000;
/// 2026-11-01: no honest clock stands before this program was written.
const EARLIEST_MS: i64 = 1_793_491_200_000;

impl Watchman {
    pub(super) fn new(clock: &Clock) -> Self {
        let now_ms = clock.now_ms();
        let too_early = now_ms < EARLIEST_MS;
        Self {
            last: (now_ms, clock.passed_ms()),
            set_ms: if too_early { -DOUBTFUL_MS } else { 0 },
            doubted_since_ms: too_early.then_some(now_ms),
        }
    }

    /// Looks at the clock; since when it is doubted.
    pub(super) fn look(&mut self, clock: &Clock) -> Option<i64> {
        let (now_ms, passed_ms) = (clock.now_ms(), clock.passed_ms());
        let (last_ms, last_passed_ms) = self.last;
        self.last = (now_ms, passed_ms);
        let set_ms = (now_ms - last_ms) - (passed_ms - last_passed_ms);
        // A machine that slept has not counted: what passed is at least nothing, and small differences are drift.
        if set_ms.abs() > 60_000 {
            self.set_ms += set_ms;
        }
        let wrong = self.set_ms.abs() >= DOUBTFUL_MS || now_ms < EARLIEST_MS;
        self.doubted_since_ms = if wrong { self.doubted_since_ms.or(Some(now_ms)) } else { None };
        self.doubted_since_ms
    }

    /// Since when the clock is doubted, UTC ms.
    pub(super) fn doubted_since_ms(&self) -> Option<i64> {
        self.doubted_since_ms
    }

    /// A person says that the clock is right.
    pub(super) fn believe(&mut self) {
        self.set_ms = 0;
        self.doubted_since_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NINE: i64 = 1_795_309_200_000;

    #[test]
    fn a_jump_is_doubted_until_it_is_taken_back_or_confirmed() {
        let (clock, stepper) = Clock::stepped(NINE);
        let mut watchman = Watchman::new(&clock);
        stepper.pass(Duration::from_secs(20 * 3600));
        assert_eq!(watchman.look(&clock), None, "a night is no jump");
        stepper.set(NINE + 400 * 86_400_000);
        assert!(watchman.look(&clock).is_some());
        stepper.set(NINE + 20 * 3_600_000);
        assert_eq!(watchman.look(&clock), None);
        stepper.set(NINE + 400 * 86_400_000);
        assert!(watchman.look(&clock).is_some());
        watchman.believe();
        assert_eq!(watchman.look(&clock), None);
    }

    #[test]
    fn a_clock_before_this_program_is_doubted_from_the_start() {
        let (clock, _stepper) = Clock::stepped(0);
        assert!(Watchman::new(&clock).doubted_since_ms().is_some());
    }
}
