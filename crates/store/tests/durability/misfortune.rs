//! A writer killed under load, and a disk that is really full.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use store::Store;
use tempfile::tempdir;

const DIR: &str = "STORE_TEST_DIR";

/// This test runs itself again as the writer, which acknowledges each commit on its standard output, and kills it.
#[test]
fn a_killed_writer_loses_nothing_it_acknowledged_and_doubles_nothing() {
    if let Some(dir) = env::var_os(DIR) {
        write_until_killed(Path::new(&dir));
    }
    let dir = tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..12 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "misfortune::a_killed_writer_loses_nothing_it_acknowledged_and_doubles_nothing",
                "--nocapture",
            ])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // A different number of commits each time, so that the kill meets checkpoints too.
        for line in lines.by_ref().filter(is_ack).take(1 + round * 23) {
            acknowledged = acknowledged.max(ack(&line.unwrap()));
        }
        child.kill().unwrap();
        // What it managed to acknowledge between our last look and its death counts as well.
        for line in lines.filter(is_ack) {
            acknowledged = acknowledged.max(ack(&line.unwrap()));
        }
        child.wait().unwrap();

        let store = Store::open(dir.path()).unwrap();
        assert!(store.last_seq() >= acknowledged, "lost: {} of {acknowledged}", store.last_seq());
        for entry in store.replay(1).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.payload, payload(entry.seq));
            let answer = store.answer(&key(entry.seq)).unwrap().expect("committed together with its entry");
            assert_eq!(answer.body, payload(entry.seq));
        }
        assert_eq!(store.answer(&key(store.last_seq() + 1)).unwrap(), None);
        acknowledged = store.last_seq();
    }
    let report = store::verify(dir.path()).unwrap();
    assert_eq!((report.entries, report.answers), (acknowledged, acknowledged));
    assert!(acknowledged > 1000, "the writer wrote only {acknowledged} entries");
}

fn write_until_killed(dir: &Path) -> ! {
    let mut store = Store::open(dir).unwrap();
    loop {
        let next = store.last_seq() + 1;
        let mut batch = store.begin().unwrap();
        for seq in next..next + 8 {
            let written = batch.request(|rows| {
                assert_eq!(rows.append(1, &payload(seq))?, seq);
                rows.remember_answer(&key(seq), &[0; 32], 200, &payload(seq), 1)
            });
            written.unwrap().unwrap();
        }
        let committed = batch.commit().unwrap();
        let mut out = std::io::stdout();
        writeln!(out, "ack {}", committed.seqs().unwrap().end()).unwrap();
        out.flush().unwrap();
    }
}

fn key(seq: u64) -> String {
    format!("0191-kiosk-{seq:010}")
}

fn payload(seq: u64) -> Vec<u8> {
    format!("{{\"TicketIssued\":{seq},\"pad\":\"{}\"}}", "·".repeat(seq as usize % 300)).into_bytes()
}

fn is_ack(line: &std::io::Result<String>) -> bool {
    line.as_ref().is_ok_and(|line| line.starts_with("ack "))
}

fn ack(line: &str) -> u64 {
    line.trim_start_matches("ack ").parse().unwrap()
}
