//! Bringing a database into being: built under another name, synced, then renamed, so that `hall.db` is whole or not there.

use std::{
    fs::{self, File, OpenOptions},
    io::ErrorKind::NotFound,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use crate::{
    error::{OpenError, StoreError},
    header::beside,
    schema,
};

/// The database of a hall, in its data directory.
pub(crate) const DATABASE: &str = "hall.db";

/// Held by the one process that may write.
pub(crate) const LOCK: &str = "hall.lock";

/// Makes the directory if need be and takes its lock; the lock lasts as long as the returned guard.
///
/// # Errors
/// [`OpenError::Busy`] when another opener has it, [`OpenError::Io`] when the system refuses.
pub(crate) fn lock(dir: &Path) -> Result<Lock, OpenError> {
    if !dir.exists() {
        fs::create_dir_all(dir).map_err(OpenError::io("creating", dir))?;
        sync_dir(dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    }
    let path = dir.join(LOCK);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(OWNER_ONLY)
        .open(&path)
        .map_err(OpenError::io("opening", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(OpenError::Busy { path }),
        Err(fs::TryLockError::Error(source)) => Err(OpenError::Io { act: "locking", path, source }),
    }
}

/// The right to write in a directory.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would not do: a process being spawned by another thread holds a copy of the file until it executes, and
        // the lock with it. A failure leaves it to the closing.
        self.0.unlock().unwrap_or_default();
    }
}

/// Creates an empty `hall.db` with a fresh epoch. The lock must be held and nothing of worth be at the path.
///
/// # Errors
/// The system's or SQLite's; `hall.db` is then not there.
pub(crate) fn fresh(dir: &Path) -> Result<(), OpenError> {
    let draft = Draft::in_dir(dir)?;
    let conn = draft.connect()?;
    draft.sql("creating", schema::migrate(&conn))?;
    draft.sql("creating", new_epoch(&conn, 1))?;
    drop(conn);
    draft.publish()
}

/// Writes down a new random epoch beginning at `first_seq`.
///
/// # Errors
/// SQLite's.
pub(crate) fn new_epoch(conn: &Connection, first_seq: i64) -> Result<(), StoreError> {
    conn.execute("INSERT INTO epoch (id, first_seq) VALUES (lower(hex(randomblob(8))), ?1)", [first_seq])
        .map_err(StoreError::sql("writing the epoch"))?;
    Ok(())
}

/// A database under construction, `hall.db.new`.
pub(crate) struct Draft {
    dir: PathBuf,
    path: PathBuf,
}

impl Draft {
    /// An empty draft; what a power cut left of an earlier one is removed (the lock makes it ours).
    pub(crate) fn in_dir(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join("hall.db.new");
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let leftover = beside(&path, suffix);
            match fs::remove_file(&leftover) {
                Err(error) if error.kind() != NotFound => return Err(OpenError::io("removing", leftover)(error)),
                Ok(()) | Err(_) => {}
            }
        }
        // Created here and not by SQLite: the journal names customers' tickets and is nobody else's business.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(OWNER_ONLY)
            .open(&path)
            .map_err(OpenError::io("creating", &path))?;
        Ok(Self { dir: dir.into(), path })
    }

    /// A connection to the draft, in WAL mode from the start as the finished database will be.
    pub(crate) fn connect(&self) -> Result<Connection, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags).map_err(StoreError::sql("connecting"));
        let conn = self.sql("creating", conn)?;
        let mode = conn
            .execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            .map_err(StoreError::sql("choosing the journal mode"));
        self.sql("creating", mode)?;
        Ok(conn)
    }

    /// Gives the draft its final name. The connection must be closed: only then is everything in the one file.
    pub(crate) fn publish(self) -> Result<(), OpenError> {
        let file = File::open(&self.path).map_err(OpenError::io("opening", &self.path))?;
        file.sync_all().map_err(OpenError::io("syncing", &self.path))?;
        let target = self.dir.join(DATABASE);
        fs::rename(&self.path, &target).map_err(OpenError::io("renaming to", target))?;
        sync_dir(&self.dir)
    }

    /// Adds the draft's path to an SQLite error.
    pub(crate) fn sql<T>(&self, act: &'static str, result: Result<T, StoreError>) -> Result<T, OpenError> {
        result.map_err(|source| OpenError::Sqlite { act, path: self.path.clone(), source })
    }
}

/// Makes a rename or creation in `dir` survive a power cut.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), OpenError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(OpenError::io("syncing", dir))
}

/// Mode of new files: read and write for the owner alone.
pub(crate) const OWNER_ONLY: u32 = 0o600;
