//! Ctrl-C and the service manager's TERM end a whole hall cleanly.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hall_tests::{Raw, eventually};
use rustix::process::Signal;

use crate::program;

const LIMIT: Duration = Duration::from_secs(5);

/// Command lines of running processes in which this path appears.
fn processes_with(path: &Path) -> Vec<String> {
    let path = path.display().to_string();
    let processes = fs::read_dir("/proc").expect("/proc");
    processes
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&path))
        .collect()
}

async fn a_hall_ends_on(signal: Signal) {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let mut hall = program().start(&data, ["hall", "--headless", "--listen", "127.0.0.1:0"]).await;
    let raw = Raw::to(hall.url());
    eventually("the hall is ready", async || {
        let ready = raw.get("/readyz", "").await;
        if ready.status == 200 { Ok(()) } else { Err(ready.text) }
    })
    .await;
    assert!(!processes_with(&data).is_empty(), "this is how a process of the hall is found");

    let (status, took) = hall.ends_on(signal, LIMIT).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", hall.log());
    assert_eq!(processes_with(&data), Vec::<String>::new());
    assert!(!hall.log().contains("panicked"), "{}", hall.log());
    // Whatever it did at its end, the journal is whole and free.
    let text = data.display().to_string();
    let verified = program().run(["verify", "--data", &text]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn ctrl_c_ends_a_hall_within_five_seconds_and_leaves_no_child() {
    a_hall_ends_on(Signal::INT).await;
}

#[tokio::test]
async fn a_service_managers_term_does_the_same() {
    a_hall_ends_on(Signal::TERM).await;
}
