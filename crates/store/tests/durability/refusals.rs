//! What is not ours, or not sound, is refused and left as it was.

use std::{
    env,
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

use crate::common::{bytes_of, flip, read, write};
use rusqlite::Connection;
use store::{ChainFault, ErrorKind, OpenError, Store, StoreError};
use tempfile::tempdir;

/// Opens a directory that must be refused, and checks that nothing in it changed.
fn refused(dir: &Path) -> OpenError {
    let before = bytes_of(dir);
    let error = Store::open(dir).expect_err("must be refused");
    assert!(bytes_of(dir) == before, "a refused directory was changed: {error}");
    let (text, mend) = (error.to_string(), error.mend());
    assert!(text.contains(&dir.display().to_string()) && text.contains(&mend.en), "{text}");
    assert!(!mend.zh.is_ascii());
    error
}

#[test]
fn a_text_file_is_refused_and_left_alone() {
    let dir = tempdir().unwrap();
    for content in ["x".to_owned(), "取号清单\n".repeat(500)] {
        fs::write(dir.path().join("hall.db"), content).unwrap();
        assert!(matches!(refused(dir.path()), OpenError::NotSqlite { .. }));
    }
}

#[test]
fn a_directory_in_the_place_of_the_database_is_refused() {
    let dir = tempdir().unwrap();
    fs::create_dir(dir.path().join("hall.db")).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(OpenError::NotSqlite { .. })));
}

#[test]
fn another_programs_database_is_refused_even_with_a_log_beside_it() {
    let dir = tempdir().unwrap();
    let other = tempdir().unwrap();
    let foreign = Connection::open(other.path().join("hall.db")).unwrap();
    foreign
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA application_id = 0x0F0F0F0F; CREATE TABLE t (x);")
        .unwrap();
    foreign.query_row("PRAGMA wal_checkpoint", [], |_| Ok(())).unwrap();
    foreign.execute_batch("INSERT INTO t VALUES (1)").unwrap();
    for name in ["hall.db", "hall.db-wal"] {
        fs::copy(other.path().join(name), dir.path().join(name)).unwrap();
    }
    assert!(bytes_of(dir.path())["hall.db-wal"].len() > 32);
    assert!(matches!(refused(dir.path()), OpenError::Foreign { application_id: 0x0F0F_0F0F, .. }));
}

#[test]
fn a_newer_schema_is_refused_by_the_header_and_also_when_only_the_log_knows_of_it() {
    let dir = tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    let path = dir.path().join("hall.db");
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();

    let crashed = tempdir().unwrap();
    for name in ["hall.db", "hall.db-wal"] {
        fs::copy(dir.path().join(name), crashed.path().join(name)).unwrap();
    }
    let before = bytes_of(crashed.path());
    assert!(matches!(Store::open(crashed.path()), Err(OpenError::Newer { found: 99, .. })));
    let mut after = bytes_of(crashed.path());
    after.remove("hall.db-shm");
    assert!(before == after, "database or log was changed");

    drop(newer);
    assert!(matches!(refused(dir.path()), OpenError::Newer { found: 99, .. }));
}

#[test]
fn an_empty_file_is_a_power_cut_at_creation_but_not_when_a_log_holds_data() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("hall.db"), "").unwrap();
    fs::write(dir.path().join("hall.db-wal"), "left over").unwrap();
    assert!(matches!(refused(dir.path()), OpenError::OrphanLog { .. }));
    fs::remove_file(dir.path().join("hall.db-wal")).unwrap();
    fs::write(dir.path().join("hall.db.new"), "half a database").unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a"]);
    assert_eq!(read(&store, 0), ["a"]);
    assert!(!bytes_of(dir.path()).contains_key("hall.db.new"));
}

#[test]
fn a_second_opener_is_told_that_the_hall_is_busy() {
    let dir = tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    let error = Store::open(dir.path()).expect_err("held");
    assert!(matches!(error, OpenError::Busy { .. }));
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.to_string().contains("hall.lock"));
    drop(first);
    Store::open(dir.path()).unwrap();
}

#[test]
fn the_database_is_readable_by_its_owner_alone() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["a"]);
    for name in bytes_of(dir.path()).keys() {
        let mode = fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
}

/// Runs itself again as a user without rights: the tests may be run by root, whom no permission stops.
#[test]
fn a_directory_without_write_permission_is_refused_by_name() {
    const DIR: &str = "STORE_TEST_UNWRITABLE_DIR";
    if let Some(dir) = env::var_os(DIR) {
        let error = Store::open(Path::new(&dir)).expect_err("must be refused");
        assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
        assert!(error.to_string().contains("hall.lock"), "{error}");
        return;
    }
    let home = tempdir().unwrap();
    fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
    let program = home.path().join("test");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let dir = home.path().join("data");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, Permissions::from_mode(0o555)).unwrap();
    let mut child = Command::new(program);
    child.args(["--exact", "refusals::a_directory_without_write_permission_is_refused_by_name"]).env(DIR, &dir);
    if fs::metadata(home.path()).map(|meta| std::os::unix::fs::MetadataExt::uid(&meta)).unwrap() == 0 {
        child.uid(65534).gid(65534);
    }
    let output = child.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

#[test]
fn a_changed_payload_in_the_day_to_replay_is_refused_and_left_alone() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["ticket A001", "ticket A002", "ticket A003"]);
    drop(store);
    flip(&dir.path().join("hall.db"), b"ticket A002");
    let error = refused(dir.path());
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.mend().en.contains("jiaohao verify") && error.mend().zh.contains("jiaohao verify"));
    let OpenError::Corrupt { source: StoreError::Chain { seq, fault }, .. } = error else { panic!("{error:?}") };
    assert_eq!((seq, fault), (2, ChainFault::Altered));
}

#[test]
fn damage_before_the_day_to_replay_does_not_stop_the_hall() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    write(&mut store, ["yesterday one", "yesterday two"]);
    let mut batch = store.begin().unwrap();
    batch.mark_day_start(3).unwrap();
    batch.append(1, b"today").unwrap();
    let _ = batch.commit().unwrap();
    drop(store);
    flip(&dir.path().join("hall.db"), b"yesterday one");
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.day_start(), Some(3));
    assert_eq!(read(&store, 3), ["today"]);
    let first = store.replay(1).unwrap().next().unwrap();
    assert!(matches!(first, Err(StoreError::Chain { seq: 1, .. })));
    assert_eq!(store::verify(dir.path()).unwrap_err().first_bad_seq(), Some(1));
}

#[test]
fn scrambled_pages_are_refused_and_left_alone_whichever_page_it_is() {
    let sound = tempdir().unwrap();
    let mut store = Store::open(sound.path()).unwrap();
    let payloads: Vec<String> = (0..200).map(|n| format!("ticket {n:0200}")).collect();
    write(&mut store, payloads.iter().map(String::as_str));
    drop(store);
    let sound = fs::read(sound.path().join("hall.db")).unwrap();
    let mut refusals = 0;
    for page in 0..sound.len() / 4096 {
        let dir = tempdir().unwrap();
        let mut bytes = sound.clone();
        // Page 1 keeps its 100-byte header, or it would not be an SQLite file at all.
        let from = page * 4096 + if page == 0 { 100 } else { 0 };
        bytes[from..page * 4096 + 4096].fill(0x5A);
        fs::write(dir.path().join("hall.db"), &bytes).unwrap();
        let verdict = store::verify(dir.path());
        assert!(matches!(verdict, Err(store::VerifyError::Damaged { .. })), "page {page}: {verdict:?}");
        assert_eq!(bytes_of(dir.path()).len(), 1, "verifying left a file behind");
        let before = bytes_of(dir.path());
        if let Err(error) = Store::open(dir.path()) {
            assert_eq!(error.kind(), ErrorKind::Corrupt, "page {page}: {error:?}");
            assert!(bytes_of(dir.path()) == before, "page {page} was changed");
            refusals += 1;
        }
    }
    // The pages of the journal, the schema, epochs and bookmark; those of empty tables open, `verify` finds them.
    assert!(refusals >= 12, "{refusals} refused");
}
