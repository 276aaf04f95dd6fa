//! The technician edits the configuration while people wait: nobody is forgotten, and what is harmless just works.

use std::fs;
use std::path::PathBuf;

use client::{Client, Key};
use hall_tests::{Outcome, PATIENCE, Running};
use jiaohao::access::token_from;
use rustix::process::Signal;
use tempfile::TempDir;
use wire::{HallSnapshot, Role, SignIn, TakeTicket};

use crate::program;

const LISTEN: [&str; 3] = ["broker", "--listen", "127.0.0.1:0"];
/// The only counter that does this service for everybody is the eighth, once the others do not do all any more.
const RARE: &str = "group";

/// A hall between two starts.
struct Hall {
    home: TempDir,
}

impl Hall {
    fn new() -> Self {
        let hall = Self { home: tempfile::tempdir().expect("a temporary directory") };
        fs::create_dir(hall.data()).expect("a directory");
        hall.writes(config::SAMPLE);
        hall.edits(
            "kind = \"general\"\nservices = \"all\"",
            "kind = \"general\"\nservices = [\"points\", \"payment\"]",
        );
        hall
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("hall")
    }

    fn writes(&self, text: &str) {
        fs::write(self.data().join("hall.toml"), text).expect("the configuration");
    }

    fn edits(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.data().join("hall.toml")).expect("the configuration");
        assert!(text.contains(from), "`{from}` is not in the configuration");
        self.writes(&text.replace(from, to));
    }

    /// Takes a service out, wherever it is named.
    fn removes_service(&self, id: &str) {
        let text = fs::read_to_string(self.data().join("hall.toml")).expect("the configuration");
        let begin = text.find(&format!("[[service]]\nid = \"{id}\"")).expect("the service");
        let end = begin + text[begin + 1..].find("[[service]]").expect("the service after it") + 1;
        self.writes(&format!("{}{}", &text[..begin], &text[end..]).replace(&format!("\"{id}\","), ""));
    }

    async fn starts(&self) -> Running {
        program().start(&self.data(), LISTEN).await
    }

    async fn ends(&self, mut broker: Running) {
        let (status, took) = broker.ends_on(Signal::TERM, PATIENCE).await;
        assert_eq!(status.code(), Some(0), "after {took:?}\n{}", broker.log());
    }

    fn client(&self, broker: &Running, role: Role) -> Client {
        let token = token_from(&self.data().join("access.toml"), role).expect("the hall's secrets");
        Client::new(broker.url(), &token).expect("an address")
    }

    async fn takes(&self, broker: &Running, service: &str) -> String {
        let wish = TakeTicket { service: service.to_owned(), ..TakeTicket::default() };
        self.client(broker, Role::Kiosk).take_ticket(&Key::new(), &wish).await.expect("a number").ticket.number
    }

    async fn snapshot(&self, broker: &Running) -> HallSnapshot {
        self.client(broker, Role::Supervisor).hall().await.expect("the hall")
    }

    /// A start that is refused: it says who waits for what, and leaves the database as it is.
    async fn is_refused(&self, words: &[&str]) -> Outcome {
        let database = self.data().join("hall.db");
        let before = fs::read(&database).expect("the database");
        let data = self.data().display().to_string();
        let outcome = program().run([&LISTEN[..], &["--data", &data]].concat()).await;
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stdout.is_empty() && !outcome.stderr.contains("panicked"), "{outcome:?}");
        for words in words {
            assert!(outcome.stderr.contains(words), "`{words}` is not in {outcome:?}");
        }
        assert!(fs::read(&database).expect("the database") == before, "the database was changed");
        outcome
    }
}

fn waiting(hall: &HallSnapshot) -> Vec<&str> {
    hall.waiting.iter().map(|ticket| ticket.number.as_str()).collect()
}

#[tokio::test]
async fn a_service_that_somebody_waits_for_cannot_be_removed() {
    let hall = Hall::new();
    let broker = hall.starts().await;
    assert_eq!(hall.takes(&broker, "payment").await, "A001");
    assert_eq!(hall.takes(&broker, "points").await, "A002");
    let before = hall.snapshot(&broker).await;
    hall.ends(broker).await;

    let right = fs::read_to_string(hall.data().join("hall.toml")).expect("the configuration");
    hall.removes_service("points");
    hall.is_refused(&["A002", "service", "points"]).await;
    // Put back, everybody is there.
    hall.writes(&right);
    let broker = hall.starts().await;
    let after = hall.snapshot(&broker).await;
    assert_eq!((waiting(&after), after.seq), (vec!["A001", "A002"], before.seq));
}

#[tokio::test]
async fn the_only_counter_for_somebody_who_waits_cannot_lose_the_skill() {
    let hall = Hall::new();
    let broker = hall.starts().await;
    assert_eq!(hall.takes(&broker, RARE).await, "J001");
    hall.ends(broker).await;

    // The desk for another tier still does it, but would never call this customer.
    let (with, without) = (format!(", \"{RARE}\"]\n\n# ── 营业员"), "]\n\n# ── 营业员");
    hall.edits(&with, without);
    hall.is_refused(&["hall.toml:", RARE, "general counter"]).await;
    hall.edits(without, &with);
    let broker = hall.starts().await;
    assert_eq!(waiting(&hall.snapshot(&broker).await), ["J001"]);
}

#[tokio::test]
async fn a_service_nobody_waits_for_may_go() {
    let hall = Hall::new();
    let broker = hall.starts().await;
    assert_eq!(hall.takes(&broker, "payment").await, "A001");
    hall.ends(broker).await;
    hall.removes_service("points");
    let broker = hall.starts().await;
    assert_eq!(waiting(&hall.snapshot(&broker).await), ["A001"]);
    let services = hall.client(&broker, Role::Kiosk).services().await.expect("the services");
    assert!(!services.is_empty() && services.iter().all(|offer| offer.id != "points"), "{services:?}");
}

#[tokio::test]
async fn a_changed_prefix_and_a_new_counter_are_taken_up_and_nobody_loses_a_number() {
    let hall = Hall::new();
    let broker = hall.starts().await;
    assert_eq!(hall.takes(&broker, "payment").await, "A001");
    assert_eq!(hall.takes(&broker, "payment").await, "A002");
    hall.ends(broker).await;

    hall.edits("prefix = \"A\"", "prefix = \"B\"");
    hall.edits(
        "# ── 营业员",
        "[[counter]]\nnumber = 9\nname = { zh = \"新窗口\", en = \"New counter\" }\nkind = \"general\"\nservices = \"all\"\n\n# ── 营业员",
    );
    let broker = hall.starts().await;
    assert_eq!(waiting(&hall.snapshot(&broker).await), ["A001", "A002"]);
    let next = hall.takes(&broker, "payment").await;
    assert!(next.starts_with('B'), "{next}");
    assert_eq!(waiting(&hall.snapshot(&broker).await), ["A001", "A002", next.as_str()]);

    let secrets = fs::read_to_string(hall.data().join("access.toml")).expect("the hall's secrets");
    let secrets: toml::Table = toml::from_str(&secrets).expect("TOML");
    let pin = secrets["pin"]["1009"].as_str().expect("a PIN").to_owned();
    let teller = hall.client(&broker, Role::Teller);
    teller.sign_in(9, &Key::new(), &SignIn { teller: "1009".to_owned(), pin }).await.expect("signing in");
    let called = teller.call_next(9, &Key::new()).await.expect("a call").expect("somebody who waits");
    assert_eq!(called.ticket.number, "A001");
}
