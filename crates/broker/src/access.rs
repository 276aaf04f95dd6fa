//! Who is asking: bearer tokens by role, tellers' PINs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use subtle::ConstantTimeEq;
use wire::Role;

/// Who reads what is foreseen: it is about the hall's work, not for its customers.
pub(crate) const SEE_AHEAD: &[Role] = &[Role::Teller, Role::Supervisor, Role::Admin, Role::Integrator];

/// Who goes to customers that are to be received, and is told of them.
pub(crate) const RECEIVE: &[Role] = &[Role::Teller, Role::Supervisor, Role::Admin];

/// Who hears whom a reader has identified: the kiosk that greets them, and who helps there.
pub(crate) const GREET: &[Role] = &[Role::Kiosk, Role::Supervisor, Role::Admin];

/// The hall's secrets.
pub struct Access {
    tokens: BTreeMap<Role, String>,
    pins: BTreeMap<String, String>,
    kiosk_pins: BTreeMap<String, String>,
    failures: Mutex<BTreeMap<Place, Failures>>,
}

/// Where wrong PINs are counted: at the counter they were tried at, for the teller they were tried for, at the kiosk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Counter(u16),
    Teller(String),
    Kiosk(String),
}

/// Wrong PINs in one place.
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
    /// Too many wrong ones in this place; others are not locked out.
    Throttled {
        seconds: u32,
    },
}

/// Wrong PINs in one place before it has to wait.
const TRIES: u32 = 5;
/// How long it waits then.
const PENALTY_S: u32 = 60;

impl Access {
    /// Tokens by role, PINs by teller.
    pub fn new(tokens: BTreeMap<Role, String>, pins: BTreeMap<String, String>) -> Self {
        Self { tokens, pins, kiosk_pins: BTreeMap::new(), failures: Mutex::default() }
    }

    /// With the PINs that open the staff corners of kiosks, by kiosk.
    #[must_use]
    pub fn with_kiosk_pins(self, kiosk_pins: BTreeMap<String, String>) -> Self {
        Self { kiosk_pins, ..self }
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

    /// Whether a teller's PIN is right, asked at a counter that exists.
    pub(crate) fn check_pin(&self, counter: u16, teller: &str, pin: &str, now_ms: i64) -> PinCheck {
        let known = self.pins.get(teller);
        let mut places = vec![Place::Counter(counter)];
        // Work numbers that do not exist are not remembered: there is no end of them.
        places.extend(known.map(|_| Place::Teller(teller.to_owned())));
        self.check(places, known, pin, now_ms)
    }

    /// Whether a PIN opens the staff corner of a kiosk that exists.
    pub(crate) fn check_kiosk_pin(&self, kiosk: &str, pin: &str, now_ms: i64) -> PinCheck {
        self.check(vec![Place::Kiosk(kiosk.to_owned())], self.kiosk_pins.get(kiosk), pin, now_ms)
    }

    fn check(&self, places: Vec<Place>, known: Option<&String>, pin: &str, now_ms: i64) -> PinCheck {
        let mut all = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let left_s = places.iter().filter_map(|place| all.get(place)).map(|failures| failures.penalty_s(now_ms)).max();
        if let Some(seconds @ 1..) = left_s {
            return PinCheck::Throttled { seconds };
        }
        let right = known.is_some_and(|known| !known.is_empty() && bool::from(known.as_bytes().ct_eq(pin.as_bytes())));
        for place in places {
            if right {
                all.remove(&place);
            } else {
                all.entry(place).or_default().note(now_ms);
            }
        }
        if right { PinCheck::Right } else { PinCheck::Wrong }
    }
}

impl Failures {
    /// Seconds that this place still has to wait. A clock that was set back ends the wait.
    fn penalty_s(self, now_ms: i64) -> u32 {
        let since_s = (now_ms - self.latest_ms) / 1000;
        let over = self.count < TRIES || now_ms < self.latest_ms;
        if over { 0 } else { u32::try_from(i64::from(PENALTY_S) - since_s).unwrap_or(0) }
    }

    fn note(&mut self, now_ms: i64) {
        let forgotten = now_ms < self.latest_ms || now_ms - self.latest_ms > i64::from(PENALTY_S) * 1000;
        self.count = if forgotten { 1 } else { self.count + 1 };
        self.latest_ms = now_ms;
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
            BTreeMap::from([("1001".to_owned(), "4711".to_owned()), ("1002".to_owned(), "4712".to_owned())]),
        )
    }

    #[test]
    fn a_token_gives_its_role_and_nothing_else_does() {
        assert_eq!(access().role("ttt"), Some(Role::Teller));
        assert_eq!(access().role("tt"), None);
        assert_eq!(access().role(""), None);
    }

    #[test]
    fn wrong_pins_spread_over_counters_make_their_teller_wait() {
        let access = access();
        for counter in 1..=5 {
            assert_eq!(access.check_pin(counter, "1001", "0000", 1_000_000), PinCheck::Wrong);
        }
        assert!(matches!(access.check_pin(6, "1001", "4711", 1_000_000), PinCheck::Throttled { .. }));
    }

    #[test]
    fn a_clock_that_was_set_back_ends_the_wait() {
        let access = access();
        for _ in 0..5 {
            access.check_pin(1, "1001", "0000", 9_000_000);
        }
        assert_eq!(access.check_pin(1, "1001", "4711", 5_000_000), PinCheck::Right);
    }

    #[test]
    fn five_wrong_pins_make_one_counter_wait_and_no_other() {
        let access = access();
        for n in 0..5 {
            assert_eq!(access.check_pin(1, "1001", "0000", 1_000_000 + n), PinCheck::Wrong);
        }
        assert!(matches!(access.check_pin(1, "1001", "4711", 1_010_000), PinCheck::Throttled { .. }));
        assert_eq!(access.check_pin(2, "1002", "4712", 1_010_000), PinCheck::Right);
        assert_eq!(access.check_pin(1, "1001", "4711", 1_070_000), PinCheck::Right);
    }

    #[test]
    fn a_kiosk_has_its_own_pin_and_its_own_wait() {
        let pins = [("kiosk-1", "111111"), ("kiosk-2", "222222")];
        let access = access().with_kiosk_pins(pins.map(|(kiosk, pin)| (kiosk.to_owned(), pin.to_owned())).into());
        let check = |kiosk: &str, pin: &str, now_ms| access.check_kiosk_pin(kiosk, pin, now_ms);
        assert_eq!(check("kiosk-1", "111111", 1_000_000), PinCheck::Right);
        for n in 0..4 {
            assert_eq!(check("kiosk-1", "222222", 1_000_000 + n), PinCheck::Wrong);
        }
        assert_eq!(check("kiosk-1", "111111", 1_000_000), PinCheck::Right, "four wrong ones are forgiven");
        for n in 0..5 {
            assert_eq!(check("kiosk-1", "4711", 1_000_000 + n), PinCheck::Wrong);
        }
        assert!(matches!(check("kiosk-1", "111111", 1_059_000), PinCheck::Throttled { seconds: 2 }));
        assert_eq!(check("kiosk-2", "222222", 1_059_000), PinCheck::Right);
        assert_eq!(check("kiosk-1", "111111", 1_061_000), PinCheck::Right);
        assert_eq!(check("kiosk-3", "", 1_061_000), PinCheck::Wrong);
    }

    #[test]
    fn an_unknown_teller_has_no_right_pin_not_even_an_empty_one() {
        assert_eq!(access().check_pin(1, "nobody", "", 0), PinCheck::Wrong);
    }
}
