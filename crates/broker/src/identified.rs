//! Who stands before which kiosk: somebody whom a reader has identified and who has no number yet. In memory only, for half an
//! hour, and without their number.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hall::{Identity, TierId};

/// How long somebody is remembered, in ms: longer than anybody stands before a kiosk. It forgets them as soon as they leave.
const KEPT_MS: i64 = 30 * 60_000;
/// How many are remembered at a time; a busy hall's kiosks identify one another every few seconds.
const MOST: usize = 256;

/// Everybody who was identified of late.
#[derive(Default)]
pub(crate) struct Identified(Mutex<VecDeque<Person>>);

struct Person {
    key: String,
    kiosk: String,
    identity: Identity,
    tier: TierId,
    since_ms: i64,
    used: Option<Use>,
}

/// The request that a key was used for.
enum Use {
    /// With this idempotency key: the same request may come again.
    Keyed(String),
    /// Without one: it cannot be told from another.
    Once,
}

impl Identified {
    /// Remembers somebody before this kiosk, under this key.
    pub(crate) fn remember(&self, key: &str, kiosk: &str, identity: Identity, tier: TierId, now_ms: i64) {
        let (key, kiosk) = (key.to_owned(), kiosk.to_owned());
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|person| person.is_fresh(now_ms));
        people.truncate(MOST - 1);
        people.push_front(Person { key, kiosk, identity, tier, since_ms: now_ms, used: None });
    }

    /// Who has this key, for the one request that it is good for. A request with an idempotency key may be sent again, and finds
    /// the same person as long as it is.
    pub(crate) fn redeem(
        &self,
        key: &str,
        kiosk: Option<&str>,
        request: Option<&str>,
        now_ms: i64,
    ) -> Option<(Identity, TierId)> {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|person| person.is_fresh(now_ms));
        let person = people.iter_mut().find(|person| person.key == key && Some(person.kiosk.as_str()) == kiosk)?;
        match (&person.used, request) {
            (None, Some(request)) => person.used = Some(Use::Keyed(request.to_owned())),
            (None, None) => person.used = Some(Use::Once),
            (Some(Use::Keyed(before)), Some(request)) if before == request => person.since_ms = now_ms,
            (Some(Use::Keyed(_) | Use::Once), _) => return None,
        }
        Some((person.identity.clone(), person.tier.clone()))
    }
}

impl Identified {
    /// The request this key was used for was refused: the key is good for another one.
    pub(crate) fn release(&self, key: &str) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(person) = people.iter_mut().find(|person| person.key == key) {
            person.used = None;
        }
    }
}

impl Person {
    /// A clock that was set back does not keep anybody for longer.
    fn is_fresh(&self, now_ms: i64) -> bool {
        (0..KEPT_MS).contains(&(now_ms - self.since_ms))
    }
}

#[cfg(test)]
mod tests {
    use hall::IdentityKind;

    use super::*;

    const NOON: i64 = 1_795_320_000_000;

    fn somebody() -> (Identified, Identity) {
        let identified = Identified::default();
        let identity = Identity::mask(IdentityKind::Phone, "13812341234");
        identified.remember("k1", "kiosk-1", identity.clone(), "vip".into(), NOON);
        (identified, identity)
    }

    #[test]
    fn a_key_is_good_for_one_request_at_its_kiosk() {
        let (identified, identity) = somebody();
        assert_eq!(identified.redeem("k1", Some("kiosk-2"), None, NOON + 1), None);
        assert_eq!(identified.redeem("k1", None, None, NOON + 1), None);
        assert_eq!(identified.redeem("k2", Some("kiosk-1"), None, NOON + 1), None);
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), None, NOON + 1), Some((identity, "vip".into())));
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), None, NOON + 2), None);
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), Some("r1"), NOON + 2), None);
    }

    #[test]
    fn the_same_request_may_come_again_for_as_long_as_it_is_tried() {
        let (identified, _) = somebody();
        for tries in 0..100 {
            let now_ms = NOON + tries * 2000;
            assert!(identified.redeem("k1", Some("kiosk-1"), Some("r1"), now_ms).is_some(), "try {tries}");
            assert_eq!(identified.redeem("k1", Some("kiosk-1"), Some("r2"), now_ms), None);
        }
    }

    #[test]
    fn nobody_is_remembered_for_longer_than_a_visit_takes() {
        let (identified, _) = somebody();
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), None, NOON + KEPT_MS), None);
        let (identified, _) = somebody();
        assert!(identified.redeem("k1", Some("kiosk-1"), None, NOON + KEPT_MS - 1).is_some());
        let (identified, _) = somebody();
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), None, NOON - 1), None, "the clock was set back");
    }

    #[test]
    fn a_crowd_of_swipes_fills_no_memory_and_leaves_the_latest() {
        let (identified, identity) = somebody();
        for n in 0..MOST {
            identified.remember(&format!("m{n}"), "kiosk-1", identity.clone(), "gotone".into(), NOON);
        }
        assert_eq!(identified.0.lock().unwrap().len(), MOST);
        assert_eq!(identified.redeem("k1", Some("kiosk-1"), None, NOON), None);
        assert!(identified.redeem("m0", Some("kiosk-1"), None, NOON).is_some());
    }
}
