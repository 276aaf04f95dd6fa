//! Two times: the hall's, which is the broker's and may run faster than real for a demonstration, and the line's, in which
//! devices live. A printer does not print faster because the hall lives faster.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clock::Clock;

/// A moment in both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    /// The broker's clock, UTC milliseconds: for expiry and for what people do.
    pub(crate) hall_ms: i64,
    /// Milliseconds of real time that never go back: for answers, stalls and repeats.
    pub(crate) line_ms: i64,
}

/// By so much real time this machine's clock may seem to differ from the broker's: the answer was on its way.
const ON_THE_WAY_MS: f64 = 2_000.0;

/// Tells both times; clones tell the same.
#[derive(Clone, Debug)]
pub(crate) struct Time {
    clock: Clock,
    /// How far the broker's clock is ahead of this machine's.
    ahead_ms: Arc<AtomicI64>,
    line: Arc<Mutex<Line>>,
}

#[derive(Debug)]
struct Line {
    seen_ms: i64,
    back_ms: i64,
}

impl Time {
    pub(crate) fn new(clock: Clock) -> Self {
        let seen_ms = line_of(&clock, clock.now_ms());
        Self { clock, ahead_ms: Arc::default(), line: Arc::new(Mutex::new(Line { seen_ms, back_ms: 0 })) }
    }

    /// The broker has just told its time. A second box whose clock is wrong by hours must not call every ticket expired.
    pub(crate) fn learn(&self, hall_ms: i64) {
        let ahead_ms = hall_ms.saturating_sub(self.clock.now_ms());
        let is_wrong = ahead_ms.abs() as f64 > ON_THE_WAY_MS * self.clock.speed();
        let ahead_ms = if is_wrong { ahead_ms } else { 0 };
        let before_ms = self.ahead_ms.swap(ahead_ms, Ordering::Relaxed);
        if (ahead_ms - before_ms).abs() as f64 > ON_THE_WAY_MS * self.clock.speed() {
            tracing::warn!(ahead_s = ahead_ms / 1_000, "this machine's clock is wrong; the broker's is used");
        }
    }

    pub(crate) fn now(&self) -> Now {
        let hall_ms = self.clock.now_ms();
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line_ms = line_of(&self.clock, hall_ms).saturating_add(line.back_ms);
        if line_ms < line.seen_ms {
            // Somebody set the clock back: what waits must not wait longer for it.
            line.back_ms += line.seen_ms - line_ms;
            line_ms = line.seen_ms;
        }
        line.seen_ms = line_ms;
        Now { hall_ms: hall_ms.saturating_add(self.ahead_ms.load(Ordering::Relaxed)), line_ms }
    }

    /// Waits so many milliseconds of the line's time.
    pub(crate) async fn sleep_ms(&self, ms: i64) {
        let line = Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        self.clock.sleep(line.mul_f64(self.clock.speed())).await;
    }
}

fn line_of(clock: &Clock, hall_ms: i64) -> i64 {
    let speed = clock.speed();
    if (speed - 1.0).abs() < f64::EPSILON { hall_ms } else { (hall_ms as f64 / speed) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_does_not_turn_the_lines_time_back() {
        let (clock, stepper) = Clock::stepped(10_000);
        let time = Time::new(clock);
        stepper.set(4_000);
        let back = time.now();
        assert_eq!((back.hall_ms, back.line_ms), (4_000, 10_000));
        stepper.pass(Duration::from_secs(1));
        assert_eq!(time.now().line_ms, 11_000);
    }

    #[test]
    fn the_brokers_clock_counts_and_not_a_wrong_one_of_this_machine() {
        let (clock, stepper) = Clock::stepped(10_000);
        let time = Time::new(clock);
        time.learn(10_500);
        assert_eq!(time.now().hall_ms, 10_000, "half a second is the answer's way");
        time.learn(7_210_000);
        assert_eq!(time.clone().now(), Now { hall_ms: 7_210_000, line_ms: 10_000 });
        stepper.set(7_220_000);
        time.learn(7_220_000);
        assert_eq!(time.now().hall_ms, 7_220_000, "somebody put it right");
    }

    #[test]
    fn in_a_hall_that_lives_fast_a_device_second_is_still_a_second() {
        let time = Time::new(Clock::scaled(0, 1_000.0));
        let first = time.now();
        while time.now().hall_ms - first.hall_ms < 2_000 {
            std::hint::spin_loop();
        }
        assert!(time.now().line_ms - first.line_ms < 1_000);
    }
}
