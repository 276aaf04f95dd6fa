//! The hall's own list of customers, as its file has it: no number in clear, a keyed hash of each with tier and level.
//!
//! `directory.bin` is: [`MAGIC`], the length of the heading (4 bytes, little-endian), the heading (JSON, [`Heading`]), rows of
//! [`ROW`] bytes in the order of their hashes (hash, index of the tier, index of the level from 1, 0 for none), SHA-256 of all
//! that. The secret of the hashes is in `directory.key`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use hall::{IdentityKind, Rules, TierId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Known;
use super::keyed::{Hashed, Hasher, SECRET, hex};

/// The list's file in the data directory.
pub const LIST: &str = "directory.bin";
/// The secret's.
pub const SECRET_FILE: &str = "directory.key";

pub(super) const MAGIC: &[u8; 8] = b"JHLIST\x00\x01";
pub(super) const ROW: usize = size_of::<Hashed>() + 3;
const SUM: usize = 32;

/// What stands before the rows.
#[derive(Serialize, Deserialize)]
pub(super) struct Heading {
    /// Of which secret the hashes are, in hex.
    pub(super) secret: String,
    /// Ids of tiers, as rows count them.
    pub(super) tiers: Vec<TierId>,
    /// Levels, likewise.
    pub(super) levels: Vec<String>,
    /// How many rows follow.
    pub(super) rows: usize,
}

/// A list in memory.
pub(super) struct List {
    hasher: Hasher,
    /// `None`: a tier that the hall does not have any more.
    tiers: Vec<Option<TierId>>,
    levels: Vec<String>,
    rows: Vec<u8>,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The system does not let it be read.
    #[error("reading {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not as it was written.
    #[error("{} is damaged: {why}; import the list of customers again", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The secret is not the list's, or lost.
    #[error("{} does not belong to {LIST}; import the list of customers again", path.display())]
    OtherSecret {
        /// The secret's file.
        path: PathBuf,
    },
}

impl List {
    /// Reads the list of a data directory; `None` when there is none.
    pub(super) fn read(data: &Path, rules: &Rules) -> Result<Option<Self>, ListError> {
        let path = data.join(LIST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ListError::Read { path, source }),
        };
        let (heading, rows) = match parts(&bytes) {
            Ok(parts) => parts,
            Err(why) => return Err(ListError::Damaged { path, why: why.to_owned() }),
        };
        let path = data.join(SECRET_FILE);
        let hasher = read_secret(data)?.map(|secret| Hasher::new(&secret));
        let Some(hasher) = hasher.filter(|hasher| hex(&hasher.mark()) == heading.secret) else {
            return Err(ListError::OtherSecret { path });
        };
        let tiers = heading.tiers.into_iter().map(|id| {
            let known = rules.tier(&id).is_some();
            if !known {
                tracing::warn!(tier = id.as_str(), "the list of customers names a tier that the hall does not have");
            }
            known.then_some(id)
        });
        Ok(Some(Self { hasher, tiers: tiers.collect(), levels: heading.levels, rows: rows.to_vec() }))
    }

    /// How many numbers it has.
    pub(super) fn len(&self) -> usize {
        self.rows.len() / ROW
    }

    /// Who has this number, in the form of [`IdentityKind::plain`].
    pub(super) fn find(&self, kind: IdentityKind, plain: &str) -> Option<Known> {
        let wanted = self.hasher.hash(kind, plain);
        let (rows, _) = self.rows.as_chunks::<ROW>();
        let at = rows.binary_search_by(|row| row[..size_of::<Hashed>()].cmp(&wanted)).ok()?;
        let [.., tier, low, high] = rows[at];
        let level = usize::from(u16::from_le_bytes([low, high]));
        Some(Known {
            tier: self.tiers.get(usize::from(tier))?.clone()?,
            level: level.checked_sub(1).and_then(|level| self.levels.get(level).cloned()),
        })
    }
}

/// Reads the secret of a data directory; `None` when there is none.
pub(super) fn read_secret(data: &Path) -> Result<Option<[u8; SECRET]>, ListError> {
    let path = data.join(SECRET_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(ListError::Read { path, source }),
    };
    let digits = text.trim();
    let mut secret = [0; SECRET];
    let whole = digits.len() == 2 * SECRET && digits.is_ascii();
    let read = whole.then(|| {
        secret.iter_mut().enumerate().try_for_each(|(at, byte)| {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
            Some(())
        })
    });
    match read.flatten() {
        Some(()) => Ok(Some(secret)),
        None => Err(ListError::Damaged { path, why: format!("a secret is {} hexadecimal digits", 2 * SECRET) }),
    }
}

/// Heading and rows of a file that is whole.
fn parts(bytes: &[u8]) -> Result<(Heading, &[u8]), &'static str> {
    let (content, sum) = bytes.split_last_chunk::<SUM>().ok_or("it ends too early")?;
    if Sha256::digest(content)[..] != sum[..] {
        return Err("its sum is another one");
    }
    let rest = content.strip_prefix(MAGIC).ok_or("it begins otherwise")?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or("it ends too early")?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (heading, rows) = rest.split_at_checked(length).ok_or("it ends too early")?;
    let heading: Heading = serde_json::from_slice(heading).map_err(|_| "its heading cannot be read")?;
    if heading.rows.checked_mul(ROW) != Some(rows.len()) {
        return Err("rows are missing");
    }
    Ok((heading, rows))
}
