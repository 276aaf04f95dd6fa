//! Whether the directory in the network is worth asking: one that has failed again and again is left alone for a while, so that
//! not every customer waits for it.

use std::time::{Duration, Instant};

/// Failures in a row after which it is left alone …
const FAILURES: u32 = 3;
/// … for so long; then one customer tries it.
const REST: Duration = Duration::from_secs(30);

/// How the directory has done of late.
#[derive(Default)]
pub(super) struct Patience {
    failures: u32,
    resting_until: Option<Instant>,
}

impl Patience {
    /// Whether to ask it now. After a rest only the first who comes may.
    pub(super) fn lasts(&mut self, now: Instant) -> bool {
        match self.resting_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.resting_until = Some(now + REST);
                true
            }
        }
    }

    /// Notes whether it gave an answer that could be used.
    pub(super) fn note(&mut self, answered: bool, now: Instant) {
        if answered {
            *self = Self::default();
        } else {
            self.failures = self.failures.saturating_add(1);
            if self.failures >= FAILURES {
                self.resting_until = Some(now + REST);
            }
        }
    }

    /// Whether it is left alone.
    pub(super) fn is_over(&self) -> bool {
        self.resting_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_end_it_and_any_answer_restores_it() {
        let now = Instant::now();
        let mut patience = Patience::default();
        for answered in [false, false, true, false, false] {
            patience.note(answered, now);
            assert!(patience.lasts(now) && !patience.is_over());
        }
        patience.note(false, now);
        assert!(!patience.lasts(now) && patience.is_over());
        assert!(!patience.lasts(now + REST - Duration::from_millis(1)));

        let later = now + REST;
        assert!(patience.lasts(later), "one tries");
        assert!(!patience.lasts(later), "and only one");
        patience.note(false, later);
        assert!(!patience.lasts(later + REST - Duration::from_millis(1)));
        assert!(patience.lasts(later + REST));
        patience.note(true, later + REST);
        assert!(patience.lasts(later + REST) && !patience.is_over());
    }

    #[test]
    fn somebody_who_left_while_trying_holds_up_nobody_after_the_next_rest() {
        let now = Instant::now();
        let mut patience = Patience::default();
        for _ in 0..FAILURES {
            patience.note(false, now);
        }
        assert!(patience.lasts(now + REST));
        assert!(patience.lasts(now + 2 * REST));
    }
}
