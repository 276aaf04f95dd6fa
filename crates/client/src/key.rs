//! Idempotency keys.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// What makes a command the same command when it is sent again: 1 to [`Key::LIMIT`] visible ASCII characters. A caller
/// that must survive its own death writes the key down before it sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

/// Random bits of a new key; the milliseconds stand above them.
const RANDOM_BITS: u32 = 80;

impl Key {
    /// The longest key the broker accepts, in bytes.
    pub const LIMIT: usize = 128;

    /// A new key: 32 hexadecimal digits, of 48 bits of milliseconds since 1970 by this machine's clock and 80 random
    /// bits (the order of RFC 9562's UUID version 7, without its version and variant bits). Keys that rise with time
    /// land side by side in the store's index; what tells two of the same millisecond apart is the random part, so that
    /// a clock that is set back costs order and nothing else.
    #[expect(clippy::new_without_default, reason = "a default is a value; this is a new one every time")]
    pub fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::of(since_1970.as_millis(), random())
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the broker accepts it: 1 to [`Key::LIMIT`] visible ASCII characters. One that it would not is never
    /// sent, and the command is answered with [`Error::Protocol`](crate::Error::Protocol).
    pub fn is_acceptable(&self) -> bool {
        (1..=Self::LIMIT).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }

    fn of(milliseconds: u128, random: u128) -> Self {
        // What is above 48 bits, from the year 10889 on, falls off the left.
        Self(format!("{:032x}", (milliseconds << RANDOM_BITS) | (random & ((1 << RANDOM_BITS) - 1))))
    }
}

fn random() -> u128 {
    let mut bits = [0; 16];
    if getrandom::fill(&mut bits).is_ok() {
        return u128::from_be_bytes(bits);
    }
    // A kernel without random numbers: the seeds of the process's hash tables still differ by process and by call.
    let [high, low] = [1, 2].map(|n| RandomState::new().hash_one(n));
    (u128::from(high) << 64) | u128::from(low)
}

impl From<String> for Key {
    /// A key written down earlier, or made elsewhere: 1 to [`Key::LIMIT`] visible ASCII characters
    /// ([`Key::is_acceptable`]).
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_are_the_same() {
        let keys: std::collections::HashSet<Key> = (0..1000).map(|_| Key::new()).collect();
        assert_eq!(keys.len(), 1000);
        assert!(keys.iter().all(|key| key.as_str().len() == 32 && key.is_acceptable()));
    }

    #[test]
    fn keys_rise_with_time_whatever_their_random_part() {
        // The milliseconds are those of the example in RFC 9562, appendix A.6.
        let earlier = Key::of(1_645_557_742_000, u128::MAX);
        let later = Key::of(1_645_557_742_001, 0);
        assert_eq!(earlier.as_str(), "017f22e279b0ffffffffffffffffffff");
        assert!(earlier.as_str() < later.as_str());
    }

    #[test]
    fn a_new_key_begins_with_the_present() {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let (before, key, after) = (now(), Key::new(), now());
        let begins = u128::from_str_radix(&key.as_str()[..12], 16).expect("hexadecimal");
        assert!((before..=after).contains(&begins), "{key}");
    }

    #[test]
    fn a_key_is_1_to_128_visible_characters() {
        let acceptable = |key: &str| Key::from(key.to_owned()).is_acceptable();
        assert!(acceptable("k") && acceptable(&"~".repeat(128)));
        for key in ["", "a b", "a\nb", "叫号", &"k".repeat(129)] {
            assert!(!acceptable(key), "{key:?}");
        }
    }
}
