//! Staff corners of kiosks that are open. In memory only: a restart closes them, and staff give the PIN again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use subtle::ConstantTimeEq;

/// How long a corner stays open after its last use, in ms.
const OPEN_MS: i64 = 300_000;

/// The open corner of each kiosk.
#[derive(Default)]
pub(crate) struct Corners(Mutex<BTreeMap<String, Corner>>);

struct Corner {
    key: String,
    used_ms: i64,
}

impl Corners {
    /// Opens the corner of a kiosk; one that was open is not any more.
    pub(crate) fn open(&self, kiosk: &str, key: &str, now_ms: i64) {
        let corner = Corner { key: key.to_owned(), used_ms: now_ms };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kiosk.to_owned(), corner);
    }

    /// Whether this key is that of the kiosk's open corner, which then stays open for longer.
    pub(crate) fn renew(&self, kiosk: &str, key: &str, now_ms: i64) -> bool {
        let mut corners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        corners.retain(|_, corner| corner.is_fresh(now_ms));
        match corners.get_mut(kiosk) {
            Some(corner) if bool::from(corner.key.as_bytes().ct_eq(key.as_bytes())) => {
                corner.used_ms = now_ms;
                true
            }
            Some(_) | None => false,
        }
    }
}

impl Corner {
    /// A clock that was set back does not keep a corner open for longer.
    fn is_fresh(&self, now_ms: i64) -> bool {
        (0..OPEN_MS).contains(&(now_ms - self.used_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_320_000_000;

    #[test]
    fn a_key_opens_one_kiosk_and_nothing_else_does() {
        let corners = Corners::default();
        assert!(!corners.renew("kiosk-1", "", NOON));
        corners.open("kiosk-1", "k1", NOON);
        assert!(corners.renew("kiosk-1", "k1", NOON + 1));
        assert!(!corners.renew("kiosk-2", "k1", NOON + 1));
        assert!(!corners.renew("kiosk-1", "k2", NOON + 1));
    }

    #[test]
    fn a_corner_closes_five_minutes_after_its_last_use() {
        let corners = Corners::default();
        corners.open("kiosk-1", "k1", NOON);
        for minutes in [4, 8, 12] {
            assert!(corners.renew("kiosk-1", "k1", NOON + minutes * 60_000), "{minutes}");
        }
        assert!(!corners.renew("kiosk-1", "k1", NOON + 17 * 60_000));
        assert!(!corners.renew("kiosk-1", "k1", NOON + 12 * 60_000), "and does not open again");
    }

    #[test]
    fn who_opens_a_corner_again_has_a_new_key_and_the_old_one_is_good_for_nothing() {
        let corners = Corners::default();
        corners.open("kiosk-1", "k1", NOON);
        corners.open("kiosk-1", "k2", NOON);
        assert!(!corners.renew("kiosk-1", "k1", NOON));
        assert!(corners.renew("kiosk-1", "k2", NOON));
    }
}
