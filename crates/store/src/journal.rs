//! The journal: append-only rows, each sealed by a hash over itself and the one before.
//!
//! SQLite's own integrity check overlooks most changed bytes inside a row; the chain notices every one.

use std::vec;

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::{
    batch::Request,
    error::{ChainFault, StoreError},
};

/// One committed event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the journal, from 1, without gaps.
    pub seq: u64,
    /// When it was decided, UTC milliseconds.
    pub at_ms: i64,
    /// The caller's bytes.
    pub payload: Vec<u8>,
}

/// Walks the journal in order, checking the chain at every entry; ends after the first error.
#[derive(Debug)]
pub struct Replay<'s> {
    conn: &'s Connection,
    walk: ChainWalk,
    last_seq: u64,
    chunk: vec::IntoIter<Sealed>,
    over: bool,
}

impl<'s> Replay<'s> {
    /// From `from_seq` (0 means 1) to `last_seq`, both inclusive; the journal must reach `last_seq`.
    pub(crate) fn new(conn: &'s Connection, genesis: Hash, from_seq: u64, last_seq: u64) -> Result<Self, StoreError> {
        let from_seq = from_seq.max(1);
        let over = from_seq > last_seq;
        let before = match from_seq {
            1 => Some(genesis),
            _ if over => Some(genesis),
            _ => chain_at(conn, from_seq - 1)?,
        };
        let before = before.ok_or(StoreError::Chain { seq: from_seq - 1, fault: ChainFault::Missing })?;
        Ok(Self { conn, walk: ChainWalk::from(from_seq, before), last_seq, chunk: Vec::new().into_iter(), over })
    }

    /// Checks everything that is left without handing it out; returns the last seq and its hash.
    pub(crate) fn check(mut self) -> Result<(u64, Hash), StoreError> {
        for entry in &mut self {
            entry?;
        }
        Ok((self.walk.next - 1, self.walk.chain))
    }

    fn step(&mut self) -> Result<Option<Entry>, StoreError> {
        if self.walk.next > self.last_seq {
            return Ok(None);
        }
        if self.chunk.len() == 0 {
            self.chunk = read_chunk(self.conn, self.walk.next)?.into_iter();
        }
        let Some(row) = self.chunk.next() else {
            return Err(StoreError::Chain { seq: self.walk.next, fault: ChainFault::Missing });
        };
        self.walk.admit(&row)?;
        Ok(Some(row.entry))
    }
}

impl Iterator for Replay<'_> {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let item = self.step().transpose();
        self.over = !matches!(item, Some(Ok(_)));
        item
    }
}

impl Request<'_> {
    /// Appends one event, decided at `at_ms` (UTC milliseconds), and returns its seq. The seq is provisional until
    /// [`crate::Batch::commit`]: a request or batch that fails gives its numbers back, so the journal has no gaps.
    ///
    /// # Errors
    /// SQLite's; the batch can then only be rolled back.
    pub fn append(&mut self, at_ms: i64, payload: &[u8]) -> Result<u64, StoreError> {
        let seq = self.head.last_seq + 1;
        let chain = seal(&self.head.chain, seq, at_ms, payload);
        self.run(
            "appending to the journal",
            "INSERT INTO journal (seq, at_ms, payload, chain) VALUES (?1, ?2, ?3, ?4)",
            (signed("seq", seq)?, at_ms, payload, &chain[..]),
        )?;
        self.head.last_seq = seq;
        self.head.chain = chain;
        Ok(seq)
    }

    /// Writes a page and nothing new, so that the commit of this batch proves that the disk takes writes.
    ///
    /// # Errors
    /// SQLite's.
    pub fn prove(&mut self) -> Result<(), StoreError> {
        // An UPDATE to the same value leaves the page clean: SQLite compares before it overwrites a cell. There and back does not.
        let act = "proving that the disk takes writes";
        self.run(act, "UPDATE bookmark SET day_start = coalesce(day_start, 0) + 1", [])?;
        self.run(act, "UPDATE bookmark SET day_start = nullif(day_start - 1, 0)", [])?;
        Ok(())
    }

    /// Marks `seq` as the first event of the business day: a restart need not replay what lies before. At most one past the last
    /// appended event, so that the mark can be set before or after the event that opens the day.
    ///
    /// # Errors
    /// [`StoreError::DayStart`] when it would move backwards or past the end; SQLite's.
    pub fn mark_day_start(&mut self, seq: u64) -> Result<(), StoreError> {
        let (earliest, latest) = (self.head.day_start.unwrap_or(1), self.head.last_seq + 1);
        if !(earliest..=latest).contains(&seq) {
            return Err(StoreError::DayStart { seq, earliest, latest });
        }
        self.run("marking the start of the day", "UPDATE bookmark SET day_start = ?1", [signed("seq", seq)?])?;
        self.head.day_start = Some(seq);
        Ok(())
    }
}

/// SHA-256 over an entry and the one before it.
pub(crate) type Hash = [u8; 32];

/// Where the journal ends, and where the day begins in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) last_seq: u64,
    pub(crate) chain: Hash,
    pub(crate) day_start: Option<u64>,
}

/// The hash "before seq 1": the journal is tied to the epoch it was created in.
pub(crate) fn genesis(first_epoch: &str) -> Hash {
    Sha256::new().chain_update(b"jiaohao journal ").chain_update(first_epoch).finalize().into()
}

/// The last seq and its hash; seq 0 and the genesis when the journal is empty.
pub(crate) fn tail(conn: &Connection, genesis: Hash) -> Result<(u64, Hash), StoreError> {
    let last: Option<(i64, Hash)> = conn
        .query_row("SELECT seq, chain FROM journal ORDER BY seq DESC LIMIT 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(StoreError::sql("reading the end of the journal"))?;
    Ok(last.map_or((0, genesis), |(seq, chain)| (seq.unsigned_abs(), chain)))
}

/// A number as SQLite stores it.
pub(crate) fn signed(what: &'static str, value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::OutOfRange { what, value })
}

/// Rows read at once: enough to make the statement's cost vanish, few enough to keep a long replay small in memory.
const CHUNK_ROWS: i64 = 256;

#[derive(Debug)]
struct Sealed {
    entry: Entry,
    chain: Hash,
}

/// Expects entries one by one, from a known hash on.
#[derive(Debug)]
struct ChainWalk {
    next: u64,
    chain: Hash,
}

impl ChainWalk {
    fn from(next: u64, chain: Hash) -> Self {
        Self { next, chain }
    }

    fn admit(&mut self, row: &Sealed) -> Result<(), StoreError> {
        let Entry { seq, at_ms, ref payload } = row.entry;
        if seq != self.next {
            return Err(StoreError::Chain { seq: self.next, fault: ChainFault::Missing });
        }
        let chain = seal(&self.chain, seq, at_ms, payload);
        if chain != row.chain {
            return Err(StoreError::Chain { seq, fault: ChainFault::Altered });
        }
        self.chain = chain;
        self.next += 1;
        Ok(())
    }
}

fn seal(before: &Hash, seq: u64, at_ms: i64, payload: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(before)
        .chain_update(seq.to_le_bytes())
        .chain_update(at_ms.to_le_bytes())
        .chain_update(payload)
        .finalize()
        .into()
}

fn chain_at(conn: &Connection, seq: u64) -> Result<Option<Hash>, StoreError> {
    conn.query_row("SELECT chain FROM journal WHERE seq = ?1", [signed("seq", seq)?], |row| row.get(0))
        .optional()
        .map_err(StoreError::sql("reading the journal"))
}

fn read_chunk(conn: &Connection, from_seq: u64) -> Result<Vec<Sealed>, StoreError> {
    let act = "reading the journal";
    let from_seq = signed("seq", from_seq)?;
    let mut statement = conn
        .prepare_cached("SELECT seq, at_ms, payload, chain FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2")
        .map_err(StoreError::sql(act))?;
    let rows = statement.query_map([from_seq, CHUNK_ROWS], sealed).map_err(StoreError::sql(act))?;
    rows.collect::<Result<_, _>>().map_err(StoreError::sql(act))
}

fn sealed(row: &Row<'_>) -> rusqlite::Result<Sealed> {
    let seq: i64 = row.get(0)?;
    let entry = Entry { seq: seq.unsigned_abs(), at_ms: row.get(1)?, payload: row.get(2)? };
    Ok(Sealed { entry, chain: row.get(3)? })
}
