//! The box breaks: yesterday's copy on a new one goes on, as another journal.

use std::fs;
use std::path::Path;

use client::{Client, Key};
use hall_tests::{Answer, Raw};
use jiaohao::access::token_from;
use wire::{Role, TakeTicket};

use crate::program;

fn client(url: &str, data: &Path, role: Role) -> Client {
    let token = token_from(&data.join("access.toml"), role).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

async fn takes(kiosk: &Client) -> String {
    let wish = TakeTicket { service: "payment".to_owned(), ..TakeTicket::default() };
    kiosk.take_ticket(&Key::new(), &wish).await.expect("a number").ticket.number
}

#[tokio::test]
async fn a_copy_made_while_the_hall_runs_is_whole_and_goes_on_in_another_epoch() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let (old, new) = (home.path().join("old"), home.path().join("new"));
    let copy = home.path().join("copy.db").display().to_string();
    let listen = ["broker", "--listen", "127.0.0.1:0"];

    let broker = program().start(&old, listen).await;
    let kiosk = client(broker.url(), &old, Role::Kiosk);
    assert_eq!([takes(&kiosk).await, takes(&kiosk).await], ["A001", "A002"]);
    let before = kiosk.hall().await.expect("the hall");
    let saved = program().run(["backup", "--data", &old.display().to_string(), &copy]).await;
    assert_eq!(saved.code, Some(0), "{saved:?}");
    // The hall goes on; a copy never overwrites another.
    assert_eq!(takes(&kiosk).await, "A003");
    let again = program().run(["backup", "--data", &old.display().to_string(), &copy]).await;
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.contains(&copy), "{again:?}");
    broker.is_killed().await;

    let restored = program().run(["restore", "--data", &new.display().to_string(), &copy]).await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    // Not over a hall that is there.
    let twice = program().run(["restore", "--data", &new.display().to_string(), &copy]).await;
    assert_eq!(twice.code, Some(2), "{twice:?}");
    fs::copy(old.join("access.toml"), new.join("access.toml")).expect("the secrets");

    let broker = program().start(&new, listen).await;
    let kiosk = client(broker.url(), &new, Role::Kiosk);
    let after = kiosk.hall().await.expect("the hall");
    assert_eq!(after.waiting.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["A001", "A002"]);
    assert_ne!(after.epoch, before.epoch, "whoever followed the old journal must notice");
    let token = token_from(&new.join("access.toml"), Role::Screen).expect("the secrets");
    let raw = Raw::to(broker.url());
    let place = format!("{}.{}", before.epoch, before.seq);
    Answer::to(raw.request("GET", "/api/v1/events", &token).header("Last-Event-ID", place))
        .await
        .is_problem(410, "too_old");
    assert_eq!(takes(&kiosk).await, "A003");
    broker.is_killed().await;
    let verified = program().run(["verify", "--data", &new.display().to_string()]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
