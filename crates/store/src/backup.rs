//! A consistent copy of the database while the hall runs.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, backup::Backup};

use crate::{
    create::{DATABASE, OWNER_ONLY, sync_dir},
    error::{OpenError, StoreError},
    header::{self, Found, beside},
    open::reading,
    verify::{Report, VerifyError, verify_copy},
};

/// Why there is no backup. Nothing is then at the target's path.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("{path} does not exist or is empty: nothing to back up")]
    NothingThere {
        /// The database that should be there.
        path: PathBuf,
    },
    /// The source, or the directory of the target, cannot be used.
    #[error("backing up")]
    Refused(#[source] OpenError),
    /// A backup never overwrites anything.
    #[error("{path} exists already; choose another name for the backup")]
    TargetExists {
        /// The target.
        path: PathBuf,
    },
    /// Another backup to the same target is running.
    #[error("another backup is writing {path}")]
    Busy {
        /// The unfinished copy.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{act} {path}")]
    Io {
        /// What was being done.
        act: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's own words.
        #[source]
        source: io::Error,
    },
    /// SQLite could not copy the pages.
    #[error("copying the database")]
    Sql(#[from] StoreError),
    /// The copy was made but did not pass its check, so it was thrown away: the source may be damaged.
    #[error("checking the copy; verify the database itself")]
    BadCopy(#[source] VerifyError),
}

/// Copies `dir/hall.db` to the file `to`, checks the copy and returns what it holds. The hall may be running, and goes on
/// writing: the copy shows the moment the backup began. Copied under the name `to` + `.part`, synced, verified, then renamed.
///
/// # Errors
/// See [`BackupError`].
pub fn backup(dir: &Path, to: &Path) -> Result<Report, BackupError> {
    let source = dir.join(DATABASE);
    match header::inspect(&source).map_err(BackupError::Refused)? {
        Found::Nothing => return Err(BackupError::NothingThere { path: source }),
        Found::Ours => {}
    }
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::TargetExists { path: to.into() });
    }
    let part = beside(to, ".part");
    // Locked, so that a part left by a power cut can be told from one being written.
    let claim = claim(&part)?;
    let report = reading(&source, |conn| write_part(conn, &part)).and_then(|()| {
        claim.sync_all().map_err(io_error("syncing", &part))?;
        verify_copy(&part).map_err(BackupError::BadCopy)
    });
    let published = report.and_then(|report| {
        fs::rename(&part, to).map_err(io_error("renaming to", to))?;
        sync_dir(to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")))
            .map_err(BackupError::Refused)?;
        Ok(report)
    });
    if published.is_err() {
        // The reason for the failure matters more than a leftover, which the next backup overwrites.
        fs::remove_file(&part).unwrap_or_default();
    }
    published
}

/// Copies every page of `from`, as of now, into `to`.
///
/// # Errors
/// SQLite's.
pub(crate) fn copy_pages(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    let act = "copying the database";
    // Pinning a read transaction keeps the copy from starting over with every commit of the writer.
    let pin = from.unchecked_transaction().map_err(StoreError::sql(act))?;
    pin.query_row("SELECT count(*) FROM epoch", [], |_| Ok(())).map_err(StoreError::sql(act))?;
    let copy = Backup::new(&pin, to).map_err(StoreError::sql(act))?;
    copy.run_to_completion(PAGES_AT_ONCE, BREATH, None).map_err(StoreError::sql(act))
}

/// About 4 MiB, after which the writer's syncs get the disk for a moment.
const PAGES_AT_ONCE: std::ffi::c_int = 1000;
const BREATH: Duration = Duration::from_millis(2);

fn claim(part: &Path) -> Result<File, BackupError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(OWNER_ONLY)
        .open(part)
        .map_err(io_error("creating", part))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(BackupError::Busy { path: part.into() }),
        Err(fs::TryLockError::Error(source)) => Err(BackupError::Io { act: "locking", path: part.into(), source }),
    }
}

fn write_part(from: &Connection, part: &Path) -> Result<(), BackupError> {
    // May run twice, see `reading`, and over a leftover.
    OpenOptions::new().write(true).truncate(true).open(part).map_err(io_error("emptying", part))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut to = Connection::open_with_flags(part, flags).map_err(StoreError::sql("creating the copy"))?;
    // A copy cut short is thrown away, so it needs no rollback journal; the file is synced at the end.
    to.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        .map_err(StoreError::sql("creating the copy"))?;
    copy_pages(from, &mut to)?;
    Ok(())
}

fn io_error(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    move |source| BackupError::Io { act, path: path.into(), source }
}
