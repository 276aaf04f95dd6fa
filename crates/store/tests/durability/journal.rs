//! The journal is what was committed: no more, no less, in order, also after a reopening.

use crate::common::{read, write};
use proptest::prelude::*;
use store::{NewPrintJob, Store, StoreError};
use tempfile::tempdir;

#[test]
fn a_fresh_hall_is_empty_and_keeps_its_epoch() {
    let dir = tempdir().unwrap();
    let store = Store::open(&dir.path().join("new/data")).unwrap();
    assert_eq!((store.last_seq(), store.day_start(), store.replay(0).unwrap().count()), (0, None, 0));
    let epoch = store.epoch().to_owned();
    assert!(epoch.len() == 16 && epoch.bytes().all(|byte| byte.is_ascii_hexdigit()), "{epoch}");
    drop(store);
    assert_eq!(Store::open(&dir.path().join("new/data")).unwrap().epoch(), epoch);
    assert_ne!(Store::open(&dir.path().join("other")).unwrap().epoch(), epoch);
}

#[test]
fn a_commit_tells_which_entries_it_made_durable() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(write(&mut store, ["a", "b"]), Some(1..=2));
    let nothing = store.begin().unwrap().commit().unwrap();
    assert_eq!((nothing.seqs(), nothing.entries()), (None, 0));
    assert_eq!(write(&mut store, ["c"]), Some(3..=3));
}

#[test]
fn a_batch_that_is_not_committed_leaves_nothing() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut batch = store.begin().unwrap();
    batch.append(1, b"lost").unwrap();
    batch.mark_day_start(1).unwrap();
    drop(batch);
    assert_eq!((store.last_seq(), store.day_start()), (0, None));
    assert_eq!(write(&mut store, ["kept"]), Some(1..=1));
    assert_eq!(read(&store, 1), ["kept"]);
}

#[test]
fn a_failing_request_takes_back_its_own_rows_and_no_others() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut batch = store.begin().unwrap();
    let first = batch.request(|rows| rows.append(1, b"first")).unwrap().unwrap();
    let failed = batch.request(|rows| {
        rows.append(2, b"second").unwrap();
        rows.mark_day_start(2).unwrap();
        rows.remember_answer("key", &[1; 32], 200, b"yes", 2).unwrap();
        let job = NewPrintJob { kiosk: "k", ticket: "t", copy: false, body: b"{}", expires_ms: 9, at_ms: 2 };
        rows.enqueue_print(job).unwrap();
        Err::<(), _>("no such counter")
    });
    assert_eq!(failed.unwrap(), Err("no such counter"));
    let third = batch.request(|rows| rows.append(3, b"third")).unwrap().unwrap();
    assert_eq!((first, third), (1, 2));
    assert_eq!(batch.commit().unwrap().seqs(), Some(1..=2));
    assert_eq!(read(&store, 1), ["first", "third"]);
    assert_eq!(store.day_start(), None);
    assert_eq!(store.answer("key").unwrap(), None);
    assert!(store.pending_print_jobs(None).unwrap().is_empty());
}

#[test]
fn a_request_that_panics_takes_the_batch_with_it_and_the_store_stays_usable() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut batch = store.begin().unwrap();
        batch.append(1, b"lost").unwrap();
        let _ = batch.request::<(), ()>(|_| panic!("a bug"));
    }));
    assert!(panicked.is_err());
    write(&mut store, ["kept"]);
    assert_eq!(read(&store, 1), ["kept"]);
}

#[test]
fn the_day_starts_only_forwards_and_never_past_the_next_entry() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a", "b", "c"]);
    let mut batch = store.begin().unwrap();
    assert!(matches!(batch.mark_day_start(0), Err(StoreError::DayStart { earliest: 1, latest: 4, .. })));
    assert!(matches!(batch.mark_day_start(5), Err(StoreError::DayStart { .. })));
    batch.mark_day_start(2).unwrap();
    batch.mark_day_start(4).unwrap();
    assert!(matches!(batch.mark_day_start(3), Err(StoreError::DayStart { earliest: 4, .. })));
    let _ = batch.commit().unwrap();
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.day_start(), Some(4));
    assert_eq!(read(&store, 4), Vec::<String>::new());
    assert_eq!(read(&store, 3), ["c"]);
    assert_eq!(read(&store, 100), Vec::<String>::new());
}

#[derive(Clone, Debug)]
enum Act {
    Commit(Vec<(bool, i64, Vec<u8>)>),
    Abandon(Vec<u8>),
    Reopen,
    Replay(u64),
}

fn act() -> impl Strategy<Value = Act> {
    let payload = || proptest::collection::vec(any::<u8>(), 0..6000);
    prop_oneof![
        4 => proptest::collection::vec((any::<bool>(), any::<i64>(), payload()), 0..6).prop_map(Act::Commit),
        1 => payload().prop_map(Act::Abandon),
        1 => Just(Act::Reopen),
        1 => (0..40u64).prop_map(Act::Replay),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_agrees_with_a_plain_list(acts in proptest::collection::vec(act(), 1..24)) {
        let dir = tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut model: Vec<(i64, Vec<u8>)> = Vec::new();
        for act in acts {
            match act {
                Act::Commit(requests) => {
                    let mut batch = store.begin().unwrap();
                    for (good, at_ms, payload) in requests {
                        let outcome = batch.request(|rows| {
                            let seq = rows.append(at_ms, &payload).unwrap();
                            good.then_some(seq).ok_or(())
                        });
                        if good {
                            model.push((at_ms, payload));
                            prop_assert_eq!(outcome.unwrap(), Ok(model.len() as u64));
                        }
                    }
                    let _ = batch.commit().unwrap();
                }
                Act::Abandon(payload) => {
                    store.begin().unwrap().append(0, &payload).unwrap();
                }
                Act::Reopen => {
                    drop(store);
                    store = Store::open(dir.path()).unwrap();
                }
                Act::Replay(from) => {
                    let read: Vec<_> = store.replay(from).unwrap().map(|entry| entry.unwrap()).collect();
                    let skip = from.saturating_sub(1) as usize;
                    prop_assert_eq!(read.len(), model.len().saturating_sub(skip));
                    for (entry, (index, wanted)) in read.iter().zip(model.iter().enumerate().skip(skip)) {
                        prop_assert_eq!(entry.seq, index as u64 + 1);
                        prop_assert_eq!((entry.at_ms, &entry.payload), (wanted.0, &wanted.1));
                    }
                }
            }
            prop_assert_eq!(store.last_seq(), model.len() as u64);
        }
        prop_assert_eq!(store::verify(dir.path()).unwrap().entries, model.len() as u64);
    }
}
