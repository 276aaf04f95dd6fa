//! Ctrl-C and the service manager's TERM end a whole hall cleanly.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hall_tests::{Raw, Running, eventually};
use jiaohao::access::token_from;
use rustix::process::Signal;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wire::Role;

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

/// A program of this role that has come up.
async fn started(role: &[&str], data: &Path) -> Running {
    let running = program().start(data, [role, &["--listen", "127.0.0.1:0"]].concat()).await;
    let raw = Raw::to(running.url());
    eventually("it is ready", async || {
        let ready = raw.get("/readyz", "").await;
        if ready.status == 200 { Ok(()) } else { Err(ready.text) }
    })
    .await;
    running
}

async fn a_hall_ends_on(signal: Signal) {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let mut hall = started(&["hall", "--headless"], &data).await;
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

#[tokio::test]
async fn a_broker_alone_ends_too() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let mut broker = started(&["broker"], &data).await;
    let (status, took) = broker.ends_on(Signal::TERM, LIMIT).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", broker.log());
}

#[tokio::test]
async fn whoever_keeps_a_connection_open_does_not_hold_the_end_up() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let mut hall = started(&["hall", "--headless"], &data).await;
    let token = token_from(&data.join("access.toml"), Role::Kiosk).expect("the hall's secrets");
    let listener =
        Raw::to(hall.url()).request("GET", "/api/v1/events", &token).send().await.expect("a stream of events");
    let mut lingering = Vec::new();
    for begun in [
        String::new(),
        "POST /api/v1/tickets HTTP/1.1\r\nHost: hall\r\n".to_owned(),
        format!(
            "POST /api/v1/tickets HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {token}\r\nContent-Length: 100\r\n\r\n{{"
        ),
    ] {
        let mut stream = TcpStream::connect(hall.address()).await.expect("a connection");
        stream.write_all(begun.as_bytes()).await.expect("a beginning");
        lingering.push(stream);
    }
    let (status, took) = hall.ends_on(Signal::INT, LIMIT).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", hall.log());
    drop((listener, lingering));
}
