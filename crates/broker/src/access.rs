//! Who is asking: bearer tokens by role, tellers' PINs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use subtle::ConstantTimeEq;
use wire::Role;

/// The hall's secrets.
pub struct Access {
    tokens: BTreeMap<Role, String>,
    pins: BTreeMap<String, String>,
    failures: Mutex<BTreeMap<u16, Failures>>,
}

/// Wrong PINs at one counter.
#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    latest_ms: i64,
}

/// How a PIN check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinCheck {
    Right,
    Wrong,
    /// Too many wrong ones at this counter; others are not locked out.
    Throttled {
        seconds: u32,
    },
}

/// Wrong PINs at one counter before it has to wait.
const TRIES: u32 = 5;
/// How long it waits then.
const PENALTY_S: u32 = 60;

impl Access {
    /// Tokens by role, PINs by teller.
    pub fn new(tokens: BTreeMap<Role, String>, pins: BTreeMap<String, String>) -> Self {
        Self { tokens, pins, failures: Mutex::default() }
    }

    /// The role a token stands for.
    pub(crate) fn role(&self, token: &str) -> Option<Role> {
        // Every token is compared, in constant time each: how long it takes says nothing about how much was right.
        let mut found = None;
        for (role, known) in &self.tokens {
            if bool::from(known.as_bytes().ct_eq(token.as_bytes())) {
                found = Some(*role);
            }
        }
        found
    }

    /// Whether a teller's PIN is right, asked at a counter.
    pub(crate) fn check_pin(&self, counter: u16, teller: &str, pin: &str, now_ms: i64) -> PinCheck {
        let mut all = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let failures = all.entry(counter).or_default();
        let since_s = (now_ms - failures.latest_ms).max(0) / 1000;
        let left_s = u32::try_from(i64::from(PENALTY_S) - since_s).unwrap_or(0);
        if failures.count >= TRIES && left_s > 0 {
            return PinCheck::Throttled { seconds: left_s };
        }
        let known = self.pins.get(teller).map_or("", String::as_str);
        let right = bool::from(known.as_bytes().ct_eq(pin.as_bytes())) && !known.is_empty();
        if right {
            *failures = Failures::default();
            return PinCheck::Right;
        }
        let count = if left_s == 0 { 1 } else { failures.count + 1 };
        *failures = Failures { count, latest_ms: now_ms };
        PinCheck::Wrong
    }
}

impl std::fmt::Debug for Access {
    /// Without the secrets: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("roles", &self.tokens.keys()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> Access {
        Access::new(
            BTreeMap::from([(Role::Kiosk, "kkk".to_owned()), (Role::Teller, "ttt".to_owned())]),
            BTreeMap::from([("1001".to_owned(), "4711".to_owned())]),
        )
    }

    #[test]
    fn a_token_gives_its_role_and_nothing_else_does() {
        assert_eq!(access().role("ttt"), Some(Role::Teller));
        assert_eq!(access().role("tt"), None);
        assert_eq!(access().role(""), None);
    }

    #[test]
    fn five_wrong_pins_make_one_counter_wait_and_no_other() {
        let access = access();
        for n in 0..5 {
            assert_eq!(access.check_pin(1, "1001", "0000", 1_000_000 + n), PinCheck::Wrong);
        }
        assert!(matches!(access.check_pin(1, "1001", "4711", 1_010_000), PinCheck::Throttled { .. }));
        assert_eq!(access.check_pin(2, "1001", "4711", 1_010_000), PinCheck::Right);
        assert_eq!(access.check_pin(1, "1001", "4711", 1_070_000), PinCheck::Right);
    }

    #[test]
    fn an_unknown_teller_has_no_right_pin_not_even_an_empty_one() {
        assert_eq!(access().check_pin(1, "nobody", "", 0), PinCheck::Wrong);
    }
}
