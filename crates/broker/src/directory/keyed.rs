//! Numbers of persons as keyed hashes: a number is compared without being kept.

use hall::IdentityKind;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a secret.
pub(super) const SECRET: usize = 32;

/// A number, hashed: 128 bits, of which two among millions are never the same.
pub(super) type Hashed = [u8; 16];

/// Hashes numbers with a secret: HMAC-SHA-256 (RFC 2104), cut to [`Hashed`]. Without the secret, trying all numbers there are
/// tells nothing.
#[derive(Clone)]
pub(super) struct Hasher(Hmac<Sha256>);

impl Hasher {
    pub(super) fn new(secret: &[u8; SECRET]) -> Self {
        // HMAC fills a short key up with zeros to a block of its hash: it is the same key.
        let mut block = [0_u8; 64];
        block[..SECRET].copy_from_slice(secret);
        Self(Hmac::new(&block.into()))
    }

    /// With a secret of its own, made by chance; `None` when the system has none to give.
    pub(super) fn of_chance() -> Option<Self> {
        Some(Self::new(&chance()?))
    }

    /// A number in the form of [`IdentityKind::plain`].
    pub(super) fn hash(&self, kind: IdentityKind, plain: &str) -> Hashed {
        self.cut(kind.word(), plain)
    }

    /// Tells one secret from another, and nothing else of it.
    pub(super) fn mark(&self) -> Hashed {
        self.cut("which secret", "")
    }

    fn cut(&self, what: &str, text: &str) -> Hashed {
        let mut mac = self.0.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let whole = mac.finalize().into_bytes();
        let mut cut = Hashed::default();
        cut.copy_from_slice(&whole[..size_of::<Hashed>()]);
        cut
    }
}

/// A secret made by chance; `None` when the system has none to give.
pub(super) fn chance() -> Option<[u8; SECRET]> {
    let mut secret = [0; SECRET];
    getrandom::fill(&mut secret).ok()?;
    Some(secret)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha_256_as_published() {
        // RFC 4231, test case 1: the key is 20 bytes 0b, the text "Hi There".
        let mut block = [0_u8; 64];
        block[..20].fill(0x0b);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"Hi There");
        let whole = hex(&mac.finalize().into_bytes());
        assert_eq!(whole, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn kind_number_and_secret_all_make_another_hash() {
        let (one, other) = (Hasher::new(&[1; SECRET]), Hasher::new(&[2; SECRET]));
        let phone = one.hash(IdentityKind::Phone, "13812341234");
        assert_eq!(phone, one.hash(IdentityKind::Phone, "13812341234"));
        assert_ne!(phone, one.hash(IdentityKind::Card, "13812341234"));
        assert_ne!(phone, one.hash(IdentityKind::Phone, "13812341235"));
        assert_ne!(phone, other.hash(IdentityKind::Phone, "13812341234"));
        assert_ne!(one.mark(), other.mark());
    }
}
