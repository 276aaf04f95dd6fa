//! The classical estimators that other systems use, to be measured against: what the last customer waited, what the first in the
//! queue has waited, and queue length by service rate.
//!
//! Sources: Whitt 1999; Ibrahim and Whitt 2009 (delay estimators).

use std::collections::VecDeque;

/// What the classical estimators remember of a tier.
#[derive(Clone, Debug, Default)]
pub struct Classical {
    /// Wait of the last customer who entered service, in seconds.
    last_wait_s: f64,
    /// Calls of the last half hour, in seconds of the day.
    calls_s: VecDeque<f64>,
}

/// The three, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guesses {
    /// Last to enter service.
    pub last_to_enter_s: f64,
    /// Head of line.
    pub head_of_line_s: f64,
    /// Queue length × mean service time over the rate of calls.
    pub queue_length_s: f64,
}

/// Calls are counted over so long, in seconds.
const RATE_WINDOW_S: f64 = 1800.0;

impl Classical {
    /// Somebody was called at `now_s` after this wait.
    pub fn called(&mut self, now_s: f64, wait_s: f64) {
        self.last_wait_s = wait_s;
        self.calls_s.push_back(now_s);
    }

    /// What the three say: `head_waited_s` is what the first in the queue has waited, `ahead` how many are ahead, `mean_s` how
    /// long services take, `counters` how many are open.
    pub fn guess(
        &mut self,
        now_s: f64,
        head_waited_s: Option<f64>,
        ahead: usize,
        mean_s: f64,
        counters: usize,
    ) -> Guesses {
        while self.calls_s.front().is_some_and(|called_s| called_s + RATE_WINDOW_S < now_s) {
            self.calls_s.pop_front();
        }
        // The rate of the last half hour; while too few were called, the counters' own.
        let of_counters = counters.max(1) as f64 / mean_s.max(1.0);
        let rate = match self.calls_s.len() {
            0..5 => of_counters,
            calls => calls as f64 / RATE_WINDOW_S.min(now_s.max(1.0)),
        };
        let empty = head_waited_s.is_none();
        Guesses {
            last_to_enter_s: if empty { 0.0 } else { self.last_wait_s },
            head_of_line_s: head_waited_s.unwrap_or(0.0),
            queue_length_s: if empty && ahead == 0 { 0.0 } else { (ahead + 1) as f64 / rate },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_before_and_a_free_counter_is_no_wait() {
        let mut classical = Classical::default();
        classical.called(100.0, 900.0);
        let guesses = classical.guess(200.0, None, 0, 300.0, 3);
        assert_eq!(guesses, Guesses { last_to_enter_s: 0.0, head_of_line_s: 0.0, queue_length_s: 0.0 });
    }

    #[test]
    fn while_few_were_called_the_counters_own_rate_counts() {
        let mut classical = Classical::default();
        let guesses = classical.guess(0.0, Some(120.0), 5, 300.0, 3);
        assert_eq!((guesses.head_of_line_s, guesses.queue_length_s), (120.0, 600.0));
    }

    #[test]
    fn calls_count_for_half_an_hour() {
        let mut classical = Classical::default();
        (0..30).for_each(|n| classical.called(f64::from(n) * 60.0, 240.0));
        assert_eq!(classical.guess(1800.0, Some(0.0), 5, 300.0, 1).queue_length_s, 360.0, "one a minute");
        assert_eq!(classical.guess(1800.0, Some(0.0), 5, 300.0, 1).last_to_enter_s, 240.0);
        let later_s = classical.guess(9000.0, Some(0.0), 5, 300.0, 1).queue_length_s;
        assert_eq!(later_s.round(), 1800.0, "all too long ago");
    }

    #[test]
    fn early_calls_are_a_rate_of_the_time_so_far() {
        let mut classical = Classical::default();
        (0..10).for_each(|n| classical.called(f64::from(n) * 60.0, 0.0));
        assert_eq!(classical.guess(600.0, Some(0.0), 9, 300.0, 1).queue_length_s, 600.0);
    }
}
