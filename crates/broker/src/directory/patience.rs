//! Whether the directory in the network is worth asking: one that has failed again and again is left alone for a while, so that
//! not every customer waits for it.

/// Failures in a row after which it is left alone …
const FAILURES: u32 = 3;
/// … for so long, in ms; then one customer tries it.
const REST_MS: i64 = 30_000;

/// How the directory has done of late.
#[derive(Default)]
pub(super) struct Patience {
    failures: u32,
    resting_since_ms: Option<i64>,
}

impl Patience {
    /// Whether to ask it now. After a rest only the first who comes may.
    pub(super) fn lasts(&mut self, now_ms: i64) -> bool {
        let Some(since_ms) = self.resting_since_ms else { return true };
        // A clock that was set back ends the rest.
        let rests = (0..REST_MS).contains(&(now_ms - since_ms));
        if !rests {
            self.resting_since_ms = Some(now_ms);
        }
        !rests
    }

    /// Notes whether it gave an answer that could be used.
    pub(super) fn note(&mut self, answered: bool, now_ms: i64) {
        if answered {
            *self = Self::default();
        } else {
            self.failures = self.failures.saturating_add(1);
            if self.failures >= FAILURES {
                self.resting_since_ms = Some(now_ms);
            }
        }
    }

    /// Whether it is left alone.
    pub(super) fn is_over(&self) -> bool {
        self.resting_since_ms.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_320_000_000;

    fn exhausted() -> Patience {
        let mut patience = Patience::default();
        for _ in 0..FAILURES {
            patience.note(false, NOON);
        }
        patience
    }

    #[test]
    fn three_failures_in_a_row_end_it_and_any_answer_restores_it() {
        let mut patience = Patience::default();
        for answered in [false, false, true, false, false] {
            patience.note(answered, NOON);
            assert!(patience.lasts(NOON) && !patience.is_over());
        }
        patience.note(false, NOON);
        assert!(!patience.lasts(NOON) && patience.is_over());
        assert!(!patience.lasts(NOON + REST_MS - 1));

        let later = NOON + REST_MS;
        assert!(patience.lasts(later), "one tries");
        assert!(!patience.lasts(later), "and only one");
        patience.note(false, later);
        assert!(!patience.lasts(later + REST_MS - 1));
        assert!(patience.lasts(later + REST_MS));
        patience.note(true, later + REST_MS);
        assert!(patience.lasts(later + REST_MS) && !patience.is_over());
    }

    #[test]
    fn somebody_who_left_while_trying_holds_up_nobody_after_the_next_rest() {
        let mut patience = exhausted();
        assert!(patience.lasts(NOON + REST_MS));
        assert!(patience.lasts(NOON + 2 * REST_MS));
    }

    #[test]
    fn a_clock_that_was_set_back_ends_the_rest() {
        assert!(exhausted().lasts(NOON - 3_600_000));
    }
}
