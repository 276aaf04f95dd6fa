//! A list of customers in the making.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hall::{IdentityKind, TierId};
use sha2::{Digest, Sha256};

use super::keyed::{Hashed, Hasher, SECRET, chance, hex};
use super::list::{Heading, LIST, ListError, MAGIC, SECRET_FILE, read_secret};

/// Levels that a list can tell apart.
pub const MOST_LEVELS: usize = 1000;

/// A list of customers that replaces the hall's when it is saved; until then nothing changes.
pub struct Draft {
    secret: [u8; SECRET],
    /// Whether the secret is not in its file yet.
    fresh: bool,
    hasher: Hasher,
    tiers: Vec<TierId>,
    levels: Vec<String>,
    level_numbers: HashMap<String, u16>,
    rows: Vec<Row>,
}

#[derive(Clone, Copy)]
struct Row {
    hash: Hashed,
    tier: u8,
    level: u16,
    line: u32,
}

/// Why a draft cannot be begun or saved.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The secret that is there cannot be used.
    #[error("taking up the secret of the list that is there; without that list, delete {SECRET_FILE}")]
    Secret(#[from] ListError),
    /// The system has no randomness to give.
    #[error("the system has no randomness to give for a secret")]
    Chance,
    /// The disk does not take it.
    #[error("writing {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Draft {
    /// Begins an empty list for a hall with these tiers, of which there are at most 255. Writes nothing.
    ///
    /// # Errors
    /// [`DraftError`]
    pub fn begin(data: &Path, tiers: Vec<TierId>) -> Result<Self, DraftError> {
        let known = read_secret(data)?;
        let secret = known.or_else(chance).ok_or(DraftError::Chance)?;
        Ok(Self {
            secret,
            fresh: known.is_none(),
            hasher: Hasher::new(&secret),
            tiers,
            levels: Vec::new(),
            level_numbers: HashMap::new(),
            rows: Vec::new(),
        })
    }

    /// Adds a number, of the tier at this place in the list of tiers, read from this line. The level may be empty; `false` when
    /// it would be one more than [`MOST_LEVELS`].
    #[must_use]
    pub fn add(&mut self, line: u32, kind: IdentityKind, value: &str, tier: u8, level: &str) -> bool {
        let Some(level) = self.level_number(level) else { return false };
        let hash = self.hasher.hash(kind, &kind.plain(value));
        self.rows.push(Row { hash, tier, level, line });
        true
    }

    /// Puts the rows in order and one in the place of those that say the same. Where two say different things of one number, it
    /// tells the lines of both, the later first.
    pub fn settle(&mut self) -> Vec<(u32, u32)> {
        self.rows.sort_unstable_by_key(|row| (row.hash, row.line));
        let differ = |pair: &[Row]| {
            pair[0].hash == pair[1].hash && (pair[0].tier, pair[0].level) != (pair[1].tier, pair[1].level)
        };
        let mut lines: Vec<_> =
            self.rows.windows(2).filter(|pair| differ(pair)).map(|pair| (pair[1].line, pair[0].line)).collect();
        lines.sort_unstable();
        self.rows.dedup_by_key(|row| row.hash);
        lines
    }

    /// How many numbers it has; of each tier, in the order of the tiers.
    pub fn count(&self) -> Vec<usize> {
        let mut counts = vec![0; self.tiers.len()];
        for row in &self.rows {
            if let Some(count) = counts.get_mut(usize::from(row.tier)) {
                *count += 1;
            }
        }
        counts
    }

    /// Puts it in the place of the hall's list: as a whole or, should the power fail, not at all. Readable by its owner only.
    ///
    /// # Errors
    /// [`DraftError::Write`]; the list is as it was.
    pub fn save(mut self, data: &Path) -> Result<(), DraftError> {
        self.settle();
        if self.fresh {
            let text = format!("{}\n", hex(&self.secret));
            replace(data, SECRET_FILE, |file| file.write_all(text.as_bytes()))?;
        }
        replace(data, LIST, |file| self.write(file))
    }

    fn level_number(&mut self, level: &str) -> Option<u16> {
        if level.is_empty() {
            return Some(0);
        }
        if let Some(number) = self.level_numbers.get(level) {
            return Some(*number);
        }
        if self.levels.len() == MOST_LEVELS {
            return None;
        }
        self.levels.push(level.to_owned());
        let number = u16::try_from(self.levels.len()).ok()?;
        self.level_numbers.insert(level.to_owned(), number);
        Some(number)
    }

    fn write(&self, file: &mut File) -> io::Result<()> {
        let heading = Heading {
            secret: hex(&self.hasher.mark()),
            tiers: self.tiers.clone(),
            levels: self.levels.clone(),
            rows: self.rows.len(),
        };
        let heading = serde_json::to_vec(&heading).map_err(io::Error::other)?;
        let length = u32::try_from(heading.len()).map_err(io::Error::other)?;
        let mut out = Summed { file: BufWriter::with_capacity(1 << 20, file), sum: Sha256::new() };
        out.put(MAGIC)?;
        out.put(&length.to_le_bytes())?;
        out.put(&heading)?;
        for row in &self.rows {
            out.put(&row.hash)?;
            out.put(&[row.tier])?;
            out.put(&row.level.to_le_bytes())?;
        }
        let sum = out.sum.finalize();
        out.file.write_all(&sum)?;
        out.file.flush()
    }
}

/// Writes and sums up at once.
struct Summed<'f> {
    file: BufWriter<&'f mut File>,
    sum: Sha256,
}

impl Summed<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.file.write_all(bytes)
    }
}

/// Replaces a file of the data directory as a whole.
fn replace(data: &Path, name: &str, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), DraftError> {
    let path = data.join(name);
    let fresh = data.join(format!("{name}.new"));
    let act = || {
        // A leftover of an interrupted import must not keep its mode.
        match fs::remove_file(&fresh) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(data)?.sync_all()
    };
    act().map_err(|source| DraftError::Write { path: path.clone(), source })
}
