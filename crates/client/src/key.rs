//! Idempotency keys.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// What makes a command the same command when it is sent again. A caller that must survive its own death writes
/// the key down before it sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// A new key: 128 random bits as 32 hexadecimal digits.
    #[expect(clippy::new_without_default, reason = "a default is a value; this is a new one every time")]
    pub fn new() -> Self {
        let mut bits = [0; 16];
        if getrandom::fill(&mut bits).is_err() {
            // A kernel without random numbers: the seeds of the process's hash tables still differ by process
            // and by call.
            let [high, low] = [1, 2].map(|n| RandomState::new().hash_one(n));
            bits = ((u128::from(high) << 64) | u128::from(low)).to_be_bytes();
        }
        Self(format!("{:032x}", u128::from_be_bytes(bits)))
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Key {
    /// A key written down earlier, or made elsewhere: 1 to 255 printable ASCII characters.
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
        assert!(keys.iter().all(|key| key.as_str().len() == 32));
    }
}
