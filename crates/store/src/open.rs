//! Opening the hall's database, and what is known of it while it is open.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::{
    backup::{BackupError, backup},
    batch::Batch,
    create::{self, DATABASE, Lock},
    error::{ErrorKind, OpenError, StoreError},
    header::{self, Found},
    journal::{self, Hash, Head, Replay},
    schema,
    verify::Report,
};

/// The hall's database, open for its one writer.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    dir: PathBuf,
    epochs: Vec<Epoch>,
    genesis: Hash,
    head: Head,
    /// Released when the store is dropped, after the connection.
    _lock: Lock,
}

/// A stretch of the journal between two restores. Sequence numbers are unique only together with it: after a restore some are
/// given out a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Random, 16 hexadecimal digits.
    pub id: String,
    /// The first seq that belongs to it.
    pub first_seq: u64,
}

impl Store {
    /// Opens `dir/hall.db`, creating the directory and the database when there is none (an empty file counts as none: a power
    /// cut at creation leaves one), and takes `dir/hall.lock`. An older schema is brought up to date.
    ///
    /// The entries that [`Store::replay`] will be asked for, those from [`Store::day_start`] on, are checked against the hash
    /// chain here, so that a damaged day is refused before anything is done with it.
    ///
    /// # Errors
    /// See [`OpenError`]. A refused file is left byte for byte as it was, with no log beside it that was not there.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let lock = create::lock(dir)?;
        let path = dir.join(DATABASE);
        match header::inspect(&path)? {
            Found::Nothing => create::fresh(dir)?,
            Found::Ours => {}
        }
        let had_log = header::log_with_data(&path).is_some();
        let conn = connect(&path).map_err(refusal(&path))?;
        let known = match examine(&conn) {
            Ok(known) => known,
            Err(error) => {
                // The last connection to close moves the log into the database: not into a damaged one. Without a log that same
                // closing only tidies up the empty files SQLite put beside it.
                if !had_log {
                    keep_log_on_close(&conn, false).map_err(refusal(&path))?;
                }
                return Err(error.into_open_error(&path));
            }
        };
        let make_ready = || {
            keep_log_on_close(&conn, false)?;
            schema::migrate(&conn)?;
            configure(&conn)
        };
        make_ready().map_err(refusal(&path))?;
        let Known { epochs, genesis, head } = known;
        Ok(Self { conn, dir: dir.into(), epochs, genesis, head, _lock: lock })
    }

    /// The id of the present epoch: random, 16 hexadecimal digits, new after each restore.
    pub fn epoch(&self) -> &str {
        self.epochs.last().map_or("", |epoch| &epoch.id)
    }

    /// Every epoch this journal has lived through, oldest first; never empty.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// The seq of the last committed entry; 0 before the first.
    pub fn last_seq(&self) -> u64 {
        self.head.last_seq
    }

    /// The seq from which a restart has to replay; `None` before the first day.
    pub fn day_start(&self) -> Option<u64> {
        self.head.day_start
    }

    /// The committed entries from `from_seq` on (0 means 1), each checked against the hash chain as it is read.
    ///
    /// # Errors
    /// Here and in each item: [`StoreError::Chain`] with the first bad seq; SQLite's. Nothing follows an error.
    pub fn replay(&self, from_seq: u64) -> Result<Replay<'_>, StoreError> {
        Replay::new(&self.conn, self.genesis, from_seq, self.head.last_seq)
    }

    /// Begins the next group commit.
    ///
    /// # Errors
    /// SQLite's; [`ErrorKind::Busy`] when somebody else wrote to the file for more than five seconds, which only a foreign tool
    /// would.
    pub fn begin(&mut self) -> Result<Batch<'_>, StoreError> {
        Batch::begin(&self.conn, &mut self.head)
    }

    /// Copies the database to `to`: [`backup()`] on this store's directory. It takes as long as copying the file does, so a
    /// caller with tickets to write calls [`backup()`] from another thread instead.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub fn backup(&self, to: &Path) -> Result<Report, BackupError> {
        backup(&self.dir, to)
    }

    /// The directory it was opened in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// For the queries of the other subjects.
    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }
}

/// Every epoch, oldest first; at least one.
pub(crate) fn epochs(conn: &Connection) -> Result<Vec<Epoch>, StoreError> {
    let act = "reading the epochs";
    let mut statement =
        conn.prepare("SELECT id, first_seq FROM epoch ORDER BY number").map_err(StoreError::sql(act))?;
    let epochs = statement
        .query_map([], |row| {
            let first_seq: i64 = row.get(1)?;
            Ok(Epoch { id: row.get(0)?, first_seq: first_seq.unsigned_abs() })
        })
        .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
        .map_err(StoreError::sql(act))?;
    if epochs.is_empty() {
        return Err(StoreError::Sql { act, source: Box::new(rusqlite::Error::QueryReturnedNoRows) });
    }
    Ok(epochs)
}

/// The seq marked as the start of the day.
pub(crate) fn day_start(conn: &Connection) -> Result<Option<u64>, StoreError> {
    let seq: Option<i64> = conn
        .query_row("SELECT day_start FROM bookmark", [], |row| row.get(0))
        .map_err(StoreError::sql("reading the start of the day"))?;
    Ok(seq.map(i64::unsigned_abs))
}

/// Runs `work` on a connection that cannot write and leaves no trace, whether or not the writer is running.
///
/// SQLite wants a log and an index beside a WAL database even to read it, and would leave both. While there is no log with
/// data, the file alone is the whole truth and is read as immutable; should a writer turn out to have begun meanwhile, what was
/// read is worth nothing and `work` is done again the ordinary way.
pub(crate) fn reading<T, E: From<StoreError>>(
    path: &Path,
    mut work: impl FnMut(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let stamp =
        || (path.metadata().and_then(|meta| Ok((meta.len(), meta.modified()?))).ok(), header::log_with_data(path));
    let before = stamp();
    if before.1.is_none() {
        let outcome = connect_read_only(path, "?immutable=1").map_err(E::from).and_then(|conn| work(&conn));
        if stamp() == before {
            return outcome;
        }
    }
    work(&connect_read_only(path, "")?)
}

struct Known {
    epochs: Vec<Epoch>,
    genesis: Hash,
    head: Head,
}

enum Refusal {
    Newer(u32),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    fn into_open_error(self, path: &Path) -> OpenError {
        match self {
            Self::Newer(found) => OpenError::Newer { path: path.into(), found, known: schema::VERSION },
            Self::Store(source) => refusal(path)(source),
        }
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(StoreError::sql("connecting"))?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(StoreError::sql("setting the busy timeout"))?;
    keep_log_on_close(&conn, true)?;
    Ok(conn)
}

fn connect_read_only(path: &Path, query: &str) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(uri(path, query), flags).map_err(StoreError::sql("connecting"))?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(StoreError::sql("setting the busy timeout"))?;
    Ok(conn)
}

/// Reads only, with tables and columns that every schema version has.
fn examine(conn: &Connection) -> Result<Known, Refusal> {
    // The version in the header may be older than the one in the log.
    let found = schema::version(conn)?;
    if found > schema::VERSION {
        return Err(Refusal::Newer(found));
    }
    let epochs = epochs(conn)?;
    let genesis = journal::genesis(epochs.first().map_or("", |epoch| &epoch.id));
    let day_start = day_start(conn)?;
    let (last_seq, chain) = journal::tail(conn, genesis)?;
    Replay::new(conn, genesis, day_start.unwrap_or(1), last_seq)?.check()?;
    Ok(Known { epochs, genesis, head: Head { last_seq, chain, day_start } })
}

fn configure(conn: &Connection) -> Result<(), StoreError> {
    conn.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // secure_delete: what is forgotten (answers, print jobs) is overwritten, not only unlinked. temp_store: the savepoints' undo
    // log stays in memory. journal_size_limit: a log grown during a backup shrinks again. The checkpoint stays at every 1000
    // pages: 8000 is a third faster on average, but then 32 MiB are written within one commit, seconds on a slow card.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864;",
    )
    .map_err(StoreError::sql("configuring the connection"))
}

fn keep_log_on_close(conn: &Connection, keep: bool) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep)
        .map_err(StoreError::sql("configuring the connection"))?;
    Ok(())
}

fn refusal(path: &Path) -> impl FnOnce(StoreError) -> OpenError {
    move |source| match source.kind() {
        // "No such table" in a file with our mark: the schema itself is damaged.
        ErrorKind::Corrupt | ErrorKind::Misuse => OpenError::Corrupt { path: path.into(), source },
        ErrorKind::Busy => OpenError::Busy { path: path.into() },
        ErrorKind::DiskFull | ErrorKind::Io => OpenError::Sqlite { act: "opening", path: path.into(), source },
    }
}

/// A file name as SQLite's URI file names want it (sqlite.org/uri.html, section 3.1).
fn uri(path: &Path, query: &str) -> String {
    use std::{fmt::Write, os::unix::ffi::OsStrExt};
    let mut uri = String::from("file:");
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(byte.into()),
            other => write!(uri, "%{other:02X}").unwrap_or_default(),
        }
    }
    uri + query
}

/// How long to wait for a foreign tool that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// More than there are different statements in this crate, so that none is prepared twice.
const CACHED_STATEMENTS: usize = 32;
