//! Codes of appointments that are none, tried at a kiosk: few are a slip of the finger, many are somebody who guesses.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Unknown codes that may be tried at a kiosk …
const TRIES: usize = 10;
/// … within so long, in ms.
const WITHIN_MS: i64 = 60_000;

/// When unknown codes were tried of late, by the kiosk; requests that name none count together.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, VecDeque<i64>>>);

impl Guesses {
    /// Seconds that this kiosk has to wait before it may try a code; `None` when it need not.
    pub(crate) fn penalty_s(&self, kiosk: &str, now_ms: i64) -> Option<u32> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = tries.get_mut(kiosk)?;
        // A clock that was set back ends the wait.
        tries.retain(|tried_ms| (0..WITHIN_MS).contains(&(now_ms - tried_ms)));
        let oldest_ms = tries.front().filter(|_| tries.len() >= TRIES)?;
        u32::try_from((oldest_ms + WITHIN_MS - now_ms + 999) / 1000).ok()
    }

    /// Notes an unknown code.
    pub(crate) fn note(&self, kiosk: &str, now_ms: i64) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = tries.entry(kiosk.to_owned()).or_default();
        if tries.len() == TRIES {
            tries.pop_front();
        }
        tries.push_back(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_320_000_000;

    fn tried(times: i64) -> Guesses {
        let guesses = Guesses::default();
        for n in 0..times {
            guesses.note("kiosk-1", NOON + n * 1000);
        }
        guesses
    }

    #[test]
    fn ten_unknown_codes_within_a_minute_make_their_kiosk_wait_and_no_other() {
        assert_eq!(tried(9).penalty_s("kiosk-1", NOON + 9000), None);
        let guesses = tried(10);
        assert_eq!(guesses.penalty_s("kiosk-1", NOON + 9000), Some(51));
        assert_eq!(guesses.penalty_s("kiosk-2", NOON + 9000), None);
        assert_eq!(guesses.penalty_s("kiosk-1", NOON + 59_999), Some(1));
        assert_eq!(guesses.penalty_s("kiosk-1", NOON + 60_000), None, "the first is forgotten");
        guesses.note("kiosk-1", NOON + 60_000);
        assert_eq!(guesses.penalty_s("kiosk-1", NOON + 60_500), Some(1), "the second is not");
    }

    #[test]
    fn a_clock_that_was_set_back_ends_the_wait() {
        assert_eq!(tried(10).penalty_s("kiosk-1", NOON - 1), None);
    }
}
