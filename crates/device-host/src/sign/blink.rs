//! A new call blinks, so that people look up, and then stands.

/// How long a call blinks, and how long of each second it is seen.
pub(crate) const BLINKS_MS: i64 = 6_000;
const PERIOD_MS: i64 = 1_000;
const LIT_MS: i64 = 600;

/// Whether and since when a display blinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Blink {
    /// It stands.
    #[default]
    Stands,
    /// It begins when the display is known to show the call.
    Begins,
    /// Since this moment of the line's time.
    Since(i64),
}

impl Blink {
    /// Whether the call is seen now.
    pub(super) fn is_lit(self, now_ms: i64) -> bool {
        match self {
            Self::Stands | Self::Begins => true,
            Self::Since(from) => {
                let passed = now_ms - from;
                passed >= BLINKS_MS || passed % PERIOD_MS < LIT_MS
            }
        }
    }

    /// When that is otherwise, if ever.
    pub(super) fn changes_at(self, now_ms: i64) -> Option<i64> {
        let Self::Since(from) = self else { return None };
        let passed = now_ms - from;
        let second = passed - passed % PERIOD_MS;
        let next = if passed % PERIOD_MS < LIT_MS { second + LIT_MS } else { second + PERIOD_MS };
        (passed < BLINKS_MS).then_some(from + next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_seen_first_and_last_and_blinks_six_times() {
        let blink = Blink::Since(500);
        let mut now = 500;
        let mut dark = 0;
        assert!(blink.is_lit(now));
        while let Some(next) = blink.changes_at(now) {
            assert!(next > now);
            assert_ne!(blink.is_lit(next), blink.is_lit(now), "at {next}");
            now = next;
            dark += i32::from(!blink.is_lit(now));
        }
        assert!(blink.is_lit(now) && dark == 6, "{dark} times dark");
        assert_eq!(now, 500 + BLINKS_MS);
    }
}
