//! The tables, their version, and the way forward from each older version.

use rusqlite::Connection;

use crate::error::StoreError;

/// Our mark in the database header (sqlite.org/fileformat2.html, offset 68): "JHao".
pub(crate) const APPLICATION_ID: u32 = 0x4A48_616F;

/// The newest schema this program knows; the header's user version (offset 60) of a file it wrote.
pub(crate) const VERSION: u32 = MIGRATIONS.len() as u32;

/// Step `n` takes a database from version `n` to `n + 1`. Steps are only ever added: files in the field have run the old ones.
const MIGRATIONS: &[&str] = &[V1];

/// No index beside the primary keys but one: every index is a page more in the log of every commit.
const V1: &str = "
-- One row at creation, one more at each restore. The first id is also the seed of the hash chain.
CREATE TABLE epoch (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    first_seq INTEGER NOT NULL
) STRICT;

-- The one row of places in the journal.
CREATE TABLE bookmark (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    day_start INTEGER
) STRICT;
INSERT INTO bookmark (only_row, day_start) VALUES (1, NULL);

-- chain = SHA-256(previous chain, seq, at_ms, payload), numbers as 8 bytes little-endian.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY CHECK (seq > 0),
    at_ms   INTEGER NOT NULL,
    payload BLOB NOT NULL,
    chain   BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE answer (
    key         TEXT NOT NULL UNIQUE,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    status      INTEGER NOT NULL,
    body        BLOB NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: the id of a forgotten job is never given to another.
CREATE TABLE print_job (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kiosk      TEXT NOT NULL,
    ticket     TEXT NOT NULL,
    is_copy    INTEGER NOT NULL CHECK (is_copy IN (0, 1)),
    body       BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    state      TEXT NOT NULL
               CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'uncertain', 'failed', 'expired')),
    detail     TEXT,
    changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_pending ON print_job (id)
    WHERE state IN ('queued', 'sending');
";

/// Takes the database from the version in its header to [`VERSION`], all steps in one transaction.
///
/// # Errors
/// SQLite's; the database is then as it was.
pub(crate) fn migrate(conn: &Connection) -> Result<(), StoreError> {
    let from = version(conn)?;
    let steps = MIGRATIONS.get(from as usize..).unwrap_or_default();
    if steps.is_empty() {
        return Ok(());
    }
    let act = "migrating the schema";
    let tx = conn.unchecked_transaction().map_err(StoreError::sql(act))?;
    for step in steps {
        tx.execute_batch(step).map_err(StoreError::sql(act))?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(StoreError::sql(act))?;
    tx.pragma_update(None, "user_version", VERSION).map_err(StoreError::sql(act))?;
    tx.commit().map_err(StoreError::sql(act))
}

/// The schema version as SQLite sees it, the write-ahead log included.
pub(crate) fn version(conn: &Connection) -> Result<u32, StoreError> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(StoreError::sql("reading the schema version"))
}
