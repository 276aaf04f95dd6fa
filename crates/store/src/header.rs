//! Looks at the bytes of a database before SQLite may touch it: SQLite would create logs beside a foreign file, and roll back
//! or recover it, before we could ask whose it is.

use std::{
    ffi::OsString,
    fs::File,
    io::{ErrorKind::NotFound, Read},
    path::{Path, PathBuf},
};

use crate::{
    error::OpenError,
    schema::{APPLICATION_ID, VERSION},
};

/// What lies at the database's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No file, or an empty one (power cut at creation).
    Nothing,
    /// A database with our mark and a version we know.
    Ours,
}

/// Reads the 100-byte header (sqlite.org/fileformat2.html, section 1.3).
///
/// # Errors
/// Refuses anything but a database of ours, and an empty place beside which a log holds data.
pub(crate) fn inspect(path: &Path) -> Result<Found, OpenError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == NotFound => return nothing(path),
        Err(error) => return Err(OpenError::io("opening", path)(error)),
    };
    let meta = file.metadata().map_err(OpenError::io("inspecting", path))?;
    if !meta.is_file() {
        return Err(OpenError::NotSqlite { path: path.into() });
    }
    if meta.len() == 0 {
        return nothing(path);
    }
    let mut header = Vec::with_capacity(HEADER_BYTES);
    file.take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(OpenError::io("reading", path))?;
    if header.len() < HEADER_BYTES || !header.starts_with(MAGIC) {
        return Err(OpenError::NotSqlite { path: path.into() });
    }
    let application_id = big_endian(&header, APPLICATION_ID_AT);
    if application_id != APPLICATION_ID {
        return Err(OpenError::Foreign { path: path.into(), application_id });
    }
    let found = big_endian(&header, USER_VERSION_AT);
    if found > VERSION {
        return Err(OpenError::Newer { path: path.into(), found, known: VERSION });
    }
    Ok(Found::Ours)
}

/// The database's path with a suffix: `-wal`, `-shm`, `-journal`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Whether the database has a write-ahead log (or a rollback journal) with something in it.
pub(crate) fn log_with_data(path: &Path) -> Option<PathBuf> {
    ["-wal", "-journal"]
        .into_iter()
        .map(|suffix| beside(path, suffix))
        .find(|log| log.metadata().is_ok_and(|meta| meta.len() > 0))
}

const HEADER_BYTES: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const USER_VERSION_AT: usize = 60;
const APPLICATION_ID_AT: usize = 68;

fn nothing(path: &Path) -> Result<Found, OpenError> {
    match log_with_data(path) {
        Some(log) => Err(OpenError::OrphanLog { path: path.into(), log }),
        None => Ok(Found::Nothing),
    }
}

fn big_endian(header: &[u8], at: usize) -> u32 {
    header[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
