//! The disk is full: whoever was told a number has it, whoever was refused can ask again, and nothing lies between.

use std::path::Path;

use hall_tests::{Answer, Raw, Running, eventually};
use jiaohao::access::token_from;
use rustix::process::{Pid, Signal, kill_process};
use wire::{HallSnapshot, Role};

use crate::program;

const LISTEN: [&str; 3] = ["broker", "--listen", "127.0.0.1:0"];
/// Room for the empty database and some tickets; a broker that needs more to start says so at once.
const DISK: u64 = 256 * 1024;
/// More tickets than find room.
const RUSH: usize = 500;
/// Customers who are refused.
const REFUSED: usize = 5;

/// A kiosk that knows only requests and answers.
struct Kiosk<'d> {
    raw: Raw,
    data: &'d Path,
}

impl<'d> Kiosk<'d> {
    fn at(broker: &Running, data: &'d Path) -> Self {
        Self { raw: Raw::to(broker.url()), data }
    }

    fn token(&self, role: Role) -> String {
        token_from(&self.data.join("access.toml"), role).expect("the hall's secrets")
    }

    async fn asks(&self, key: &str) -> Answer {
        self.raw.post_with_key("/api/v1/tickets", &self.token(Role::Kiosk), key, r#"{"service":"payment"}"#).await
    }

    /// The number the answer to this key tells.
    async fn takes(&self, key: &str) -> String {
        number(&self.asks(key).await)
    }

    async fn is_refused(&self, key: &str) {
        let answer = self.asks(key).await;
        let problem = answer.is_problem(503, "storage");
        assert!(problem["detail"].as_str().is_some_and(|mend| mend.contains("disk")), "{answer:?}");
        assert!(answer.retry_after.is_some_and(|seconds| seconds > 0), "{answer:?}");
    }

    async fn hall(&self) -> HallSnapshot {
        let answer = self.raw.get("/api/v1/hall", &self.token(Role::Supervisor)).await;
        serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }

    async fn waiting(&self) -> Vec<String> {
        self.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect()
    }

    async fn readiness_becomes(&self, status: u16) {
        eventually(format!("/readyz is {status}"), async || {
            let ready = self.raw.get("/readyz", "").await;
            if ready.status == status { Ok(()) } else { Err(format!("{ready:?}")) }
        })
        .await;
    }

    /// Customers come until the disk is full and some more were refused; the numbers of the others.
    async fn fills_the_disk(&self) -> Vec<String> {
        let mut numbers = Vec::new();
        for customer in 0..RUSH {
            let answer = self.asks(&format!("early-{customer}")).await;
            if answer.status == 503 {
                for late in 0..REFUSED {
                    self.is_refused(&late_key(late)).await;
                }
                assert!(!numbers.is_empty(), "the disk had room for somebody");
                return numbers;
            }
            numbers.push(number(&answer));
        }
        panic!("{RUSH} tickets found room on {DISK} bytes");
    }

    /// The refused customers ask again, with the same keys; their numbers follow.
    async fn serves_the_refused(&self, mut numbers: Vec<String>) -> Vec<String> {
        for late in 0..REFUSED {
            numbers.push(self.takes(&late_key(late)).await);
        }
        assert_eq!(numbers, (1..=numbers.len()).map(|count| format!("A{count:03}")).collect::<Vec<_>>());
        assert_eq!(self.waiting().await, numbers);
        // Both kinds of keys are remembered.
        assert_eq!(self.takes("early-0").await, numbers[0]);
        assert_eq!(self.takes(&late_key(0)).await, numbers[numbers.len() - REFUSED]);
        assert_eq!(self.waiting().await, numbers);
        numbers
    }
}

fn late_key(customer: usize) -> String {
    format!("late-{customer}")
}

fn number(answer: &Answer) -> String {
    assert!((200..300).contains(&answer.status), "{answer:?}");
    answer.json()["ticket"]["number"].as_str().expect("a number").to_owned()
}

async fn is_whole(data: &Path) {
    let verified = program().run([Path::new("verify"), Path::new("--data"), data]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn whoever_was_told_a_number_on_a_full_disk_has_it_after_a_restart_and_the_refused_get_the_next() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");

    let mut broker = program().on_a_disk_of(DISK).start(&data, LISTEN).await;
    let kiosk = Kiosk::at(&broker, &data);
    kiosk.readiness_becomes(200).await;
    let told = kiosk.fills_the_disk().await;
    // Nothing was told that is not there, and nothing is there that was not told.
    assert_eq!(kiosk.waiting().await, told);
    kiosk.readiness_becomes(503).await;
    assert_eq!(kiosk.raw.get("/livez", "").await.status, 200, "a full disk is no reason to start again");
    let (status, took) = broker.ends_on(Signal::TERM, hall_tests::PATIENCE).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", broker.log());
    assert!(!broker.log().contains("panicked"), "{}", broker.log());
    is_whole(&data).await;

    let broker = program().start(&data, LISTEN).await;
    let kiosk = Kiosk::at(&broker, &data);
    assert_eq!(kiosk.waiting().await, told);
    kiosk.serves_the_refused(told).await;
    kiosk.readiness_becomes(200).await;
    broker.is_killed().await;
    is_whole(&data).await;
}

#[tokio::test]
async fn once_there_is_room_again_the_broker_goes_on_by_itself() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let broker = program().on_a_disk_of(DISK).start(&data, LISTEN).await;
    let kiosk = Kiosk::at(&broker, &data);
    let told = kiosk.fills_the_disk().await;
    broker.gets_room();
    let numbers = kiosk.serves_the_refused(told).await;
    kiosk.readiness_becomes(200).await;
    broker.is_killed().await;
    is_whole(&data).await;

    let broker = program().start(&data, LISTEN).await;
    assert_eq!(Kiosk::at(&broker, &data).waiting().await, numbers);
}

#[tokio::test]
async fn a_hall_whose_log_finds_no_room_serves_all_the_same_and_ends_in_order() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    // It can tell nobody where it listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
    let mut hall = program().starts_unheard(&data, ["hall", "--headless", "--listen", &free.to_string()]);
    let kiosk = Kiosk { raw: Raw::to(&format!("http://{free}")), data: &data };
    eventually("it listens", async || {
        tokio::net::TcpStream::connect(free).await.map(drop).map_err(|error| error.to_string())
    })
    .await;
    assert_eq!(kiosk.takes("3b241101-e2bb-4255-8caf-4136c566a962").await, "A001");
    let pid = hall.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw).expect("a running hall");
    kill_process(pid, Signal::INT).expect("a signal");
    assert_eq!(hall.wait().await.expect("its end").code(), Some(0));
}
