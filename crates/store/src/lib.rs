//! The only SQLite of the house: one hall's journal, its print outbox and the answers it
//! remembers, in one file, `hall.db`, with one writer.
//!
//! Event payloads are opaque bytes: this crate knows that they must not be lost, doubled, reordered or altered, and nothing
//! else. Time is always an argument (UTC milliseconds); no clock is read here.
//!
//! * [`Store::open`] refuses what is not ours before SQLite sees it, and refuses what is damaged without changing a byte.
//! * [`Store::begin`] opens the one transaction of a group commit; [`Batch::request`] makes each request in it all or nothing;
//!   [`Batch::commit`] returns [`Committed`], the only proof that something is on the disk (WAL, `synchronous=FULL`).
//! * [`Store::replay`], [`verify`] and [`verify_copy`] recompute the hash chain over the journal, because SQLite's own check
//!   does not notice a changed byte inside a payload.
//! * [`backup`] copies while the writer runs; [`restore`] puts a copy back under a new epoch.

mod answers;
mod backup;
mod batch;
mod create;
mod error;
mod header;
mod journal;
mod open;
mod outbox;
mod restore;
mod schema;
mod verify;

pub use answers::Answer;
pub use backup::{BackupError, backup};
pub use batch::{Batch, Committed, Request};
pub use error::{ChainFault, ErrorKind, Mend, OpenError, StoreError};
pub use journal::{Entry, Replay};
pub use open::{Epoch, Store};
pub use outbox::{NewPrintJob, PrintJob, PrintState};
pub use restore::{RestoreError, restore};
pub use verify::{Report, VerifyError, read_journal, read_latest, verify, verify_copy};
