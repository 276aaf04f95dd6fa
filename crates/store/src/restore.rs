//! Putting a backup back.

use std::path::{Path, PathBuf};

use crate::{
    backup::copy_pages,
    create::{self, DATABASE, Draft},
    error::{OpenError, StoreError},
    header::{self, Found},
    open::{Epoch, epochs, reading},
    schema,
    verify::{VerifyError, verify_copy},
};

/// Why nothing was restored; the directory is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A restore never overwrites a database.
    #[error("{path} exists already; move it (and the files named {path}-*) away by hand first, and keep it")]
    Occupied {
        /// The database in the way.
        path: PathBuf,
    },
    /// The backup did not pass its check.
    #[error("checking the backup")]
    BadCopy(#[source] VerifyError),
    /// The directory cannot be used.
    #[error("restoring")]
    Refused(#[from] OpenError),
    /// SQLite could not copy the pages.
    #[error("copying the backup")]
    Sql(#[from] StoreError),
}

/// Checks the backup `copy` and puts it into `dir` as the hall's database, under a new epoch, which it returns: whoever has seen
/// events that the backup lacks can tell the numbers given out again from the old ones.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(copy: &Path, dir: &Path) -> Result<Epoch, RestoreError> {
    let _lock = create::lock(dir)?;
    let path = dir.join(DATABASE);
    match header::inspect(&path) {
        Ok(Found::Nothing) => {}
        Err(error @ (OpenError::OrphanLog { .. } | OpenError::Io { .. })) => return Err(error.into()),
        Ok(Found::Ours) | Err(_) => return Err(RestoreError::Occupied { path }),
    }
    let report = verify_copy(copy).map_err(RestoreError::BadCopy)?;
    let draft = Draft::in_dir(dir)?;
    let mut conn = draft.connect()?;
    reading(copy, |from| copy_pages(from, &mut conn))?;
    schema::migrate(&conn)?;
    let first_seq = i64::try_from(report.entries + 1)
        .map_err(|_| StoreError::OutOfRange { what: "seq", value: report.entries + 1 })?;
    create::new_epoch(&conn, first_seq)?;
    let epoch = epochs(&conn)?.pop();
    drop(conn);
    draft.publish()?;
    let gone = StoreError::Sql { act: "reading the epochs", source: Box::new(rusqlite::Error::QueryReturnedNoRows) };
    epoch.ok_or(RestoreError::Sql(gone))
}
