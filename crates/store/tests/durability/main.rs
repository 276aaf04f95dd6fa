//! The store from outside: what is committed stays, what is refused is left alone, whatever happens to the process and the disk.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;
mod copies;
mod journal;
mod misfortune;
mod outbox;
mod refusals;
