//! Verifying, backing up while the writer runs, restoring.

use std::{fs, thread};

use crate::common::{bytes_of, flip, read, write};
use store::{BackupError, RestoreError, Store, VerifyError, backup, restore, verify, verify_copy};
use tempfile::tempdir;

#[test]
fn a_sound_database_is_verified_running_or_stopped_and_left_as_it_was() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a", "b"]);
    let running = verify(dir.path()).unwrap();
    assert_eq!((running.entries, running.day_start, running.answers), (2, None, 0));
    assert_eq!(running.epochs, store.epochs());
    drop(store);
    let before = bytes_of(dir.path());
    assert_eq!(verify(dir.path()).unwrap(), running);
    assert!(bytes_of(dir.path()) == before);
    assert_eq!(before.len(), 1);
}

#[test]
fn verify_names_the_first_seq_with_a_flipped_bit() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let payloads: Vec<String> = (1..=600).map(|n| format!("ticket {n:04} of the day")).collect();
    write(&mut store, payloads.iter().map(String::as_str));
    drop(store);
    let path = dir.path().join("hall.db");
    for seq in [400, 301, 300, 1] {
        flip(&path, format!("ticket {seq:04}").as_bytes());
        let error = verify(dir.path()).unwrap_err();
        assert_eq!(error.first_bad_seq(), Some(seq), "{error}");
        assert!(error.to_string().contains(&format!("seq {seq}")), "{error}");
    }
}

#[test]
fn verify_of_nothing_says_so_and_creates_nothing() {
    let dir = tempdir().unwrap();
    assert!(matches!(verify(dir.path()), Err(VerifyError::Missing { .. })));
    assert!(bytes_of(dir.path()).is_empty());
    fs::write(dir.path().join("hall.db"), "text").unwrap();
    assert!(matches!(verify(dir.path()), Err(VerifyError::Refused(_))));
}

#[test]
fn a_backup_of_a_running_hall_is_one_moment_of_it() {
    let dir = tempdir().unwrap();
    let out = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let payload = "x".repeat(2000);
    write(&mut store, [payload.as_str(); 3000]);
    let copies = thread::scope(|scope| {
        let copier =
            scope.spawn(|| [1, 2, 3].map(|n| backup(dir.path(), &out.path().join(format!("{n}.db"))).unwrap()));
        while !copier.is_finished() {
            write(&mut store, [payload.as_str()]);
        }
        copier.join().unwrap()
    });
    assert!(copies[0].entries >= 3000 && copies[2].entries <= store.last_seq());
    assert!(copies.is_sorted_by_key(|report| report.entries));
    for (n, report) in copies.iter().enumerate() {
        assert_eq!(&verify_copy(&out.path().join(format!("{}.db", n + 1))).unwrap(), report);
    }
    assert_eq!(bytes_of(out.path()).len(), 3, "only the copies themselves");
}

#[test]
fn a_backup_overwrites_nothing_and_a_bad_copy_is_not_kept() {
    let dir = tempdir().unwrap();
    let out = tempdir().unwrap();
    let to = out.path().join("copy.db");
    assert!(matches!(backup(dir.path(), &to), Err(BackupError::NothingThere { .. })));
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["ticket A001"]);
    fs::write(&to, "precious").unwrap();
    assert!(matches!(store.backup(&to), Err(BackupError::TargetExists { .. })));
    assert_eq!(fs::read(&to).unwrap(), b"precious");
    fs::remove_file(&to).unwrap();
    drop(store);
    flip(&dir.path().join("hall.db"), b"ticket A001");
    assert!(matches!(backup(dir.path(), &to), Err(BackupError::BadCopy(_))));
    assert!(bytes_of(out.path()).is_empty());
}

#[test]
fn a_leftover_of_an_interrupted_backup_is_overwritten() {
    let dir = tempdir().unwrap();
    let out = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a"]);
    fs::write(out.path().join("copy.db.part"), "half").unwrap();
    assert_eq!(store.backup(&out.path().join("copy.db")).unwrap().entries, 1);
    assert_eq!(bytes_of(out.path()).into_keys().collect::<Vec<_>>(), ["copy.db"]);
}

#[test]
fn a_restored_hall_goes_on_under_a_new_epoch_with_its_chain_unbroken() {
    let dir = tempdir().unwrap();
    let out = tempdir().unwrap();
    let copy = out.path().join("copy.db");
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a", "b"]);
    store.backup(&copy).unwrap();
    write(&mut store, ["given out and lost"]);
    let old = store.epoch().to_owned();

    assert!(matches!(restore(&copy, dir.path()), Err(RestoreError::Refused(_))), "the hall is running");
    drop(store);
    assert!(matches!(restore(&copy, dir.path()), Err(RestoreError::Occupied { .. })));

    let new = tempdir().unwrap();
    let epoch = restore(&copy, new.path()).unwrap();
    assert_eq!(epoch.first_seq, 3);
    let mut store = Store::open(new.path()).unwrap();
    assert_eq!(store.epoch(), epoch.id);
    assert_ne!(store.epoch(), old);
    assert_eq!(store.epochs()[0].id, old);
    write(&mut store, ["c"]);
    drop(store);
    let store = Store::open(new.path()).unwrap();
    assert_eq!(read(&store, 1), ["a", "b", "c"]);
    assert_eq!(verify(new.path()).unwrap().epochs.len(), 2);
    assert_eq!(bytes_of(out.path()).len(), 1);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let dir = tempdir().unwrap();
    let out = tempdir().unwrap();
    let copy = out.path().join("copy.db");
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["ticket A001"]);
    store.backup(&copy).unwrap();
    flip(&copy, b"ticket A001");
    let new = tempdir().unwrap();
    assert!(matches!(restore(&copy, new.path()), Err(RestoreError::BadCopy(_))));
    assert!(bytes_of(new.path()).is_empty());
}
