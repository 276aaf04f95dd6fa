//! The print outbox: a ticket's print job is committed with the ticket, and its fate is written down until it is known.
//!
//! *Written* is not *printed*: the kernel takes several tickets into a stalled serial port. A job is `Printed` only on the
//! printer's own word; when that word cannot be had, it is `Uncertain`, and what happens then is a decision, not a retry.

use std::{fmt, str::FromStr};

use rusqlite::{
    Connection, OptionalExtension, Params, Row,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};

use crate::{batch::Request, error::StoreError, journal::signed, open::Store};

/// Where a print job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrintState {
    /// Waiting; no byte has left.
    Queued,
    /// Handed to the printer's host; bytes may have left.
    Sending,
    /// All bytes have left; the printer has not answered yet.
    Sent,
    /// The printer itself said so. Final.
    Printed,
    /// Nobody knows whether paper came out.
    Uncertain,
    /// It did not come out. Final.
    Failed,
    /// It was not worth printing any more. Final.
    Expired,
}

impl PrintState {
    /// Every state, in the order of a job's life.
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Printed, Self::Uncertain, Self::Failed, Self::Expired];

    /// Whether a job may go from here to `next`. Nothing leads back to `Queued`: once bytes may have left, printing again is a
    /// new job marked as a copy.
    pub fn may_become(self, next: Self) -> bool {
        let allowed: &[Self] = match self {
            Self::Queued => &[Self::Sending, Self::Failed, Self::Expired],
            Self::Sending => &[Self::Sent, Self::Printed, Self::Uncertain, Self::Failed],
            Self::Sent => &[Self::Printed, Self::Uncertain, Self::Failed],
            Self::Uncertain => &[Self::Printed, Self::Failed, Self::Expired],
            Self::Printed | Self::Failed | Self::Expired => &[],
        };
        allowed.contains(&next)
    }

    /// Whether nothing can happen to the job any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Sending | Self::Sent | Self::Uncertain => false,
            Self::Printed | Self::Failed | Self::Expired => true,
        }
    }

    /// The state's name in the database and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Printed => "printed",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for PrintState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no print state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a print state")]
pub struct UnknownPrintState(String);

impl FromStr for PrintState {
    type Err = UnknownPrintState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| UnknownPrintState(name.into()))
    }
}

impl ToSql for PrintState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for PrintState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|error: UnknownPrintState| FromSqlError::Other(error.into()))
    }
}

/// A print job to be.
#[derive(Clone, Copy, Debug)]
pub struct NewPrintJob<'a> {
    /// The kiosk whose printer is meant.
    pub kiosk: &'a str,
    /// The ticket, by the caller's id, or what the caller calls a page that is none.
    pub ticket: &'a str,
    /// Whether the paper must say that it is a copy.
    pub copy: bool,
    /// What to print, in the caller's encoding.
    pub body: &'a [u8],
    /// From when on printing is pointless, UTC milliseconds.
    pub expires_ms: i64,
    /// Now, UTC milliseconds.
    pub at_ms: i64,
}

/// A print job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Its id, never given to another job.
    pub id: u64,
    /// The kiosk whose printer is meant.
    pub kiosk: String,
    /// The ticket, by the caller's id.
    pub ticket: String,
    /// Whether the paper must say that it is a copy.
    pub copy: bool,
    /// What to print, in the caller's encoding.
    pub body: Vec<u8>,
    /// From when on printing is pointless, UTC milliseconds.
    pub expires_ms: i64,
    /// Where it stands.
    pub state: PrintState,
    /// What the last report said beside the state.
    pub detail: Option<String>,
    /// Since when it stands there, UTC milliseconds.
    pub changed_ms: i64,
}

impl Store {
    /// The jobs that are queued or being sent, oldest first, of one kiosk or of all.
    ///
    /// # Errors
    /// SQLite's.
    pub fn pending_print_jobs(&self, kiosk: Option<&str>) -> Result<Vec<PrintJob>, StoreError> {
        pending(self.conn(), kiosk)
    }

    /// Every job that was not forgotten, oldest first: for a restart.
    ///
    /// # Errors
    /// SQLite's.
    pub fn print_jobs(&self) -> Result<Vec<PrintJob>, StoreError> {
        query(self.conn(), SELECT_ALL, [])
    }

    /// One job, if it exists and was not forgotten.
    ///
    /// # Errors
    /// SQLite's.
    pub fn print_job(&self, id: u64) -> Result<Option<PrintJob>, StoreError> {
        find(self.conn(), id)
    }
}

impl Request<'_> {
    /// The jobs that are not final as this batch sees them; see [`Store::pending_print_jobs`].
    ///
    /// # Errors
    /// SQLite's.
    pub fn pending_print_jobs(&self, kiosk: Option<&str>) -> Result<Vec<PrintJob>, StoreError> {
        self.guard()?;
        pending(self.conn, kiosk)
    }

    /// One job as this batch sees it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn print_job(&self, id: u64) -> Result<Option<PrintJob>, StoreError> {
        self.guard()?;
        find(self.conn, id)
    }

    /// Puts a job into the outbox as [`PrintState::Queued`] and returns its id.
    ///
    /// # Errors
    /// SQLite's.
    pub fn enqueue_print(&mut self, job: NewPrintJob<'_>) -> Result<u64, StoreError> {
        let NewPrintJob { kiosk, ticket, copy, body, expires_ms, at_ms } = job;
        self.run(
            "queueing a print job",
            "INSERT INTO print_job (kiosk, ticket, is_copy, body, expires_ms, state, changed_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (kiosk, ticket, copy, body, expires_ms, PrintState::Queued, at_ms),
        )?;
        Ok(self.conn.last_insert_rowid().unsigned_abs())
    }

    /// Moves a job to another state at `at_ms` (UTC milliseconds). `detail` says more, for instance the printer's own words.
    ///
    /// # Errors
    /// [`StoreError::UnknownPrintJob`], or [`StoreError::IllegalPrintMove`] when [`PrintState::may_become`] forbids it (nothing is
    /// changed, the batch goes on); SQLite's.
    pub fn set_print_state(
        &mut self,
        id: u64,
        to: PrintState,
        detail: Option<&str>,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.guard()?;
        let from = state_of(self.conn, id);
        let from = self.note(from)?.ok_or(StoreError::UnknownPrintJob { id })?;
        if !from.may_become(to) {
            return Err(StoreError::IllegalPrintMove { id, from, to });
        }
        self.run(
            "moving a print job",
            "UPDATE print_job SET state = ?2, detail = ?3, changed_ms = ?4 WHERE id = ?1",
            (signed("print job", id)?, to, detail, at_ms),
        )?;
        Ok(())
    }

    /// Forgets the jobs that last changed before `at_ms` (UTC milliseconds); returns how many. Looks at every job: meant for
    /// the close of the day.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forget_prints_before(&mut self, at_ms: i64) -> Result<usize, StoreError> {
        self.run("forgetting print jobs", "DELETE FROM print_job WHERE changed_ms < ?1", [at_ms])
    }
}

/// The condition is word for word that of the index `print_job_pending`, or SQLite would not use it.
const SELECT_PENDING: &str = "SELECT id, kiosk, ticket, is_copy, body, expires_ms, state, detail, changed_ms
     FROM print_job
     WHERE state IN ('queued', 'sending') AND (?1 IS NULL OR kiosk = ?1)
     ORDER BY id";

const SELECT_ONE: &str = "SELECT id, kiosk, ticket, is_copy, body, expires_ms, state, detail, changed_ms
     FROM print_job WHERE id = ?1";

const SELECT_ALL: &str = "SELECT id, kiosk, ticket, is_copy, body, expires_ms, state, detail, changed_ms
     FROM print_job ORDER BY id";

fn pending(conn: &Connection, kiosk: Option<&str>) -> Result<Vec<PrintJob>, StoreError> {
    query(conn, SELECT_PENDING, [kiosk])
}

fn query(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<PrintJob>, StoreError> {
    let act = "reading the print outbox";
    let mut statement = conn.prepare_cached(sql).map_err(StoreError::sql(act))?;
    let jobs = statement.query_map(params, print_job).map_err(StoreError::sql(act))?;
    jobs.collect::<Result<_, _>>().map_err(StoreError::sql(act))
}

fn find(conn: &Connection, id: u64) -> Result<Option<PrintJob>, StoreError> {
    let act = "reading a print job";
    let id = signed("print job", id)?;
    let mut statement = conn.prepare_cached(SELECT_ONE).map_err(StoreError::sql(act))?;
    statement.query_row([id], print_job).optional().map_err(StoreError::sql(act))
}

fn state_of(conn: &Connection, id: u64) -> Result<Option<PrintState>, StoreError> {
    let act = "reading a print job's state";
    let id = signed("print job", id)?;
    let mut statement =
        conn.prepare_cached("SELECT state FROM print_job WHERE id = ?1").map_err(StoreError::sql(act))?;
    statement.query_row([id], |row| row.get(0)).optional().map_err(StoreError::sql(act))
}

fn print_job(row: &Row<'_>) -> rusqlite::Result<PrintJob> {
    let id: i64 = row.get(0)?;
    Ok(PrintJob {
        id: id.unsigned_abs(),
        kiosk: row.get(1)?,
        ticket: row.get(2)?,
        copy: row.get(3)?,
        body: row.get(4)?,
        expires_ms: row.get(5)?,
        state: row.get(6)?,
        detail: row.get(7)?,
        changed_ms: row.get(8)?,
    })
}
