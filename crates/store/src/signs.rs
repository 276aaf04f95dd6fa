//! The wanted state of each sign: a sign is told what to show until it shows it, so only the last word counts.

use crate::{batch::Request, error::StoreError, journal::signed, open::Store};

/// What a sign should show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Which sign: the caller's name of the place.
    pub place: String,
    /// The caller's description of what it shows.
    pub body: Vec<u8>,
    /// The event that made it so.
    pub seq: u64,
}

impl Store {
    /// Every sign with its wanted state, by place.
    ///
    /// # Errors
    /// SQLite's.
    pub fn signs(&self) -> Result<Vec<Sign>, StoreError> {
        let act = "reading the signs";
        let mut statement = self
            .conn()
            .prepare_cached("SELECT place, body, seq FROM sign ORDER BY place")
            .map_err(StoreError::sql(act))?;
        let signs = statement
            .query_map([], |row| {
                let seq: i64 = row.get(2)?;
                Ok(Sign { place: row.get(0)?, body: row.get(1)?, seq: seq.unsigned_abs() })
            })
            .map_err(StoreError::sql(act))?;
        signs.collect::<Result<_, _>>().map_err(StoreError::sql(act))
    }
}

impl Request<'_> {
    /// Sets what the sign at `place` should show from event `seq` on, replacing what it was to show before.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_sign(&mut self, place: &str, body: &[u8], seq: u64) -> Result<(), StoreError> {
        self.run(
            "setting a sign",
            "INSERT INTO sign (place, body, seq) VALUES (?1, ?2, ?3)
             ON CONFLICT (place) DO UPDATE SET body = excluded.body, seq = excluded.seq",
            (place, body, signed("seq", seq)?),
        )?;
        Ok(())
    }
}
