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
