//! Answers given before, by idempotency key: a client that did not hear the answer asks again and gets the same one.

use rusqlite::{Connection, OptionalExtension};

use crate::{batch::Request, error::StoreError, open::Store};

/// A remembered answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// SHA-256 of the request it answered: the same key with another request is a client's mistake, not a repetition.
    pub fingerprint: [u8; 32],
    /// HTTP status.
    pub status: u16,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

impl Store {
    /// The committed answer to an idempotency key, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn answer(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        find(self.conn(), key)
    }
}

impl Request<'_> {
    /// The answer to an idempotency key, those of this batch included.
    ///
    /// # Errors
    /// SQLite's.
    pub fn answer_for(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        self.guard()?;
        find(self.conn, key)
    }

    /// Remembers an answer given at `at_ms` (UTC milliseconds), in the same transaction as what it reports.
    ///
    /// Any key will do, but one that begins with the time is cheaper than a random one, which lands on a page of its own in the
    /// index: half of what such a request costs.
    ///
    /// # Errors
    /// [`StoreError::AnswerExists`] when the key has one (nothing is changed, the batch goes on); SQLite's.
    pub fn remember_answer(
        &mut self,
        key: &str,
        fingerprint: &[u8; 32],
        status: u16,
        body: &[u8],
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let rows = self.run(
            "remembering an answer",
            "INSERT INTO answer (key, fingerprint, status, body, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (key) DO NOTHING",
            (key, &fingerprint[..], status, body, at_ms),
        )?;
        if rows == 0 {
            return Err(StoreError::AnswerExists { key: key.into() });
        }
        Ok(())
    }

    /// Forgets the answers given before `at_ms` (UTC milliseconds); returns how many. Looks at every answer: meant for the close
    /// of the day.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forget_answers_before(&mut self, at_ms: i64) -> Result<usize, StoreError> {
        self.run("forgetting answers", "DELETE FROM answer WHERE at_ms < ?1", [at_ms])
    }
}

fn find(conn: &Connection, key: &str) -> Result<Option<Answer>, StoreError> {
    let act = "looking an answer up";
    let mut statement = conn
        .prepare_cached("SELECT fingerprint, status, body FROM answer WHERE key = ?1")
        .map_err(StoreError::sql(act))?;
    statement
        .query_row([key], |row| Ok(Answer { fingerprint: row.get(0)?, status: row.get(1)?, body: row.get(2)? }))
        .optional()
        .map_err(StoreError::sql(act))
}
