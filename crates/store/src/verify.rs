//! Checking a whole database: SQLite's own structure, and every entry of the journal against the hash chain.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{
    create::DATABASE,
    error::{OpenError, StoreError},
    header::{self, Found},
    journal::{self, Replay},
    open::{Epoch, day_start, epochs, reading},
    schema,
};

/// What a sound database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every epoch, oldest first.
    pub epochs: Vec<Epoch>,
    /// Schema version of the file.
    pub schema: u32,
    /// Journal entries; also the last seq, since they are numbered from 1 without gaps.
    pub entries: u64,
    /// Seq from which a restart replays.
    pub day_start: Option<u64>,
    /// Answers remembered.
    pub answers: u64,
    /// Print jobs remembered, finished ones included.
    pub print_jobs: u64,
}

/// Why a database did not pass.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no database, or an empty file.
    #[error("{path} does not exist or is empty")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It is not a database this program may look into.
    #[error("the file cannot be verified")]
    Refused(#[source] OpenError),
    /// The file is damaged.
    #[error("{path} is damaged: {}{}; restore from a backup, and have the disk and memory checked",
        .first_bad.as_ref().map_or(String::new(), ToString::to_string),
        if .structure.is_empty() { String::new() } else { format!(" [{}]", .structure.join("; ")) })]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite's `quick_check` says; empty when only the hash chain noticed.
        structure: Vec<String>,
        /// Where the journal breaks; `None` when its chain is sound.
        first_bad: Option<StoreError>,
    },
    /// The check itself could not be done.
    #[error("checking the database")]
    Sql(#[from] StoreError),
}

impl VerifyError {
    /// The first bad or missing seq of the journal, when that is what is wrong.
    pub fn first_bad_seq(&self) -> Option<u64> {
        match self {
            Self::Damaged { first_bad: Some(StoreError::Chain { seq, .. }), .. } => Some(*seq),
            Self::Damaged { .. } | Self::Missing { .. } | Self::Refused(_) | Self::Sql(_) => None,
        }
    }
}

/// Checks `dir/hall.db` without writing to it; the hall may be running. Takes about 3 s per 10 million entries for the structure
/// and as long again for the chain when the file is in memory, ten times that when it is not: check the daily copy rather than
/// the live file.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify(dir: &Path) -> Result<Report, VerifyError> {
    verify_copy(&dir.join(DATABASE))
}

/// [`verify`] for a file of any name, such as a backup.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify_copy(file: &Path) -> Result<Report, VerifyError> {
    match header::inspect(file).map_err(VerifyError::Refused)? {
        Found::Nothing => Err(VerifyError::Missing { path: file.into() }),
        Found::Ours => reading(file, |conn| check(conn, file)),
    }
}

/// Lets `work` see the journal from its beginning, each entry checked against the hash chain, without writing a byte: `path` is a
/// hall's directory or a copy of any name. The hall may be running. `work` is called a second time when the hall began to write
/// meanwhile.
///
/// # Errors
/// See [`VerifyError`]; what `work` says.
pub fn read_journal<T, E: From<VerifyError>>(
    path: &Path,
    work: impl FnMut(Replay<'_>) -> Result<T, E>,
) -> Result<T, E> {
    read_latest(path, u64::MAX, work)
}

/// [`read_journal`] of the latest `count` entries only, or of all when there are fewer.
///
/// # Errors
/// See [`VerifyError`]; what `work` says.
pub fn read_latest<T, E: From<VerifyError>>(
    path: &Path,
    count: u64,
    mut work: impl FnMut(Replay<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let file = if path.is_dir() { path.join(DATABASE) } else { path.to_owned() };
    let found = header::inspect(&file).map_err(VerifyError::Refused)?;
    if found == Found::Nothing {
        return Err(VerifyError::Missing { path: file }.into());
    }
    let outcome = reading(&file, |conn| {
        let tx = conn.unchecked_transaction().map_err(StoreError::sql("beginning to read"))?;
        let genesis = journal::genesis(epochs(&tx)?.first().map_or("", |epoch| &epoch.id));
        let (last_seq, _) = journal::tail(&tx, genesis)?;
        let from_seq = last_seq.saturating_sub(count.saturating_sub(1)).max(1);
        work(Replay::new(&tx, genesis, from_seq, last_seq)?).map_err(Unread::Work)
    });
    outcome.map_err(|error| match error {
        Unread::Work(error) => error,
        Unread::Store(error) if is_damage(&error) => {
            VerifyError::Damaged { path: file, structure: vec![], first_bad: Some(error) }.into()
        }
        Unread::Store(error) => VerifyError::Sql(error).into(),
    })
}

/// Why a journal was not read to its end.
enum Unread<E> {
    Store(StoreError),
    Work(E),
}

impl<E> From<StoreError> for Unread<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn check(conn: &Connection, path: &Path) -> Result<Report, VerifyError> {
    // One read transaction, so that everything is seen at one moment.
    let tx = conn.unchecked_transaction().map_err(StoreError::sql("beginning to read"))?;
    let structure = quick_check(&tx)?;
    match survey(&tx) {
        Ok(report) if structure.is_empty() => Ok(report),
        Ok(_) => Err(VerifyError::Damaged { path: path.into(), structure, first_bad: None }),
        Err(error) if structure.is_empty() && !is_damage(&error) => Err(error.into()),
        Err(error) => Err(VerifyError::Damaged { path: path.into(), structure, first_bad: Some(error) }),
    }
}

fn survey(conn: &Connection) -> Result<Report, StoreError> {
    let epochs = epochs(conn)?;
    let genesis = journal::genesis(epochs.first().map_or("", |epoch| &epoch.id));
    let (last_seq, _) = journal::tail(conn, genesis)?;
    let (entries, _) = Replay::new(conn, genesis, 1, last_seq)?.check()?;
    Ok(Report {
        epochs,
        schema: schema::version(conn)?,
        entries,
        day_start: day_start(conn)?,
        answers: count(conn, "SELECT count(*) FROM answer")?,
        print_jobs: count(conn, "SELECT count(*) FROM print_job")?,
    })
}

/// SQLite's complaints, none when all is well; damage that stops the check is one of them.
fn quick_check(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let lines = conn.prepare("PRAGMA quick_check(20)").and_then(|mut statement| {
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        lines.collect::<rusqlite::Result<Vec<_>>>()
    });
    match lines.map_err(StoreError::sql("running quick_check")) {
        Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").collect()),
        Err(StoreError::Sql { source, .. }) if is_damaged(&source) => Ok(vec![source.to_string()]),
        Err(error) => Err(error),
    }
}

fn count(conn: &Connection, sql: &str) -> Result<u64, StoreError> {
    let rows: i64 = conn.query_row(sql, [], |row| row.get(0)).map_err(StoreError::sql("counting rows"))?;
    Ok(rows.unsigned_abs())
}

fn is_damage(error: &StoreError) -> bool {
    error.kind() == crate::ErrorKind::Corrupt
}

fn is_damaged(error: &rusqlite::Error) -> bool {
    crate::ErrorKind::of(error) == crate::ErrorKind::Corrupt
}
