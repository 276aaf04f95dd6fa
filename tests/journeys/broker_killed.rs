//! The broker is killed again and again while eight kiosks take numbers: what was acknowledged is there, once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Key};
use hall_tests::{Raw, eventually};
use jiaohao::access::token_from;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use wire::{Issued, Role, TakeTicket};

use crate::program;

const CLIENTS: usize = 8;
const KILLS: usize = 6;
/// The kills come after so many answers since the last one, so that a fast machine and a slow one are killed alike.
const ANSWERS: std::ops::Range<usize> = 1..40;
/// Which of them, where `JIAOHAO_SEED` does not say.
const SEED: u64 = 20_261_122;
/// What a slow disk may take for the answers before a kill.
const RUSH: Duration = Duration::from_secs(60);

/// One number, and the key under which it was asked for.
struct Acknowledged {
    key: Key,
    issued: Issued,
}

fn client(url: &str, data: &Path, role: Role) -> Client {
    let token = token_from(&data.join("access.toml"), role).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

fn wish() -> TakeTicket {
    TakeTicket { service: "payment".to_owned(), ..TakeTicket::default() }
}

/// How far the kiosks are.
#[derive(Default)]
struct Progress {
    answered: watch::Sender<usize>,
    unanswered: AtomicUsize,
    over: AtomicBool,
}

/// Takes numbers until told to stop. Without an answer the same key is sent again, for as long as it takes.
async fn take_numbers(client: Client, progress: Arc<Progress>) -> Vec<Acknowledged> {
    let mut all = Vec::new();
    while !progress.over.load(Ordering::SeqCst) {
        let key = Key::new();
        let issued = loop {
            match client.take_ticket(&key, &wish()).await {
                Ok(issued) => break issued,
                Err(error) if error.is_passing() => {
                    progress.unanswered.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        };
        progress.answered.send_modify(|answered| *answered += 1);
        all.push(Acknowledged { key, issued });
    }
    all
}

/// Waits for so many answers more. The other requests are then somewhere between the kiosk and the disk.
async fn more_answers(progress: &Progress, count: usize) {
    let mut answered = progress.answered.subscribe();
    let enough = *answered.borrow() + count;
    let waited = timeout(RUSH, answered.wait_for(|answered| *answered >= enough)).await;
    waited.unwrap_or_else(|_| panic!("no {count} answers within {} s", RUSH.as_secs())).expect("kiosks");
}

/// The seed of this run: `JIAOHAO_SEED`, else always the same.
fn seed() -> u64 {
    match std::env::var("JIAOHAO_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("JIAOHAO_SEED is `{text}`: {error}")),
        Err(_) => SEED,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_number_is_lost_or_doubled_however_often_the_broker_is_killed() {
    let seed = seed();
    eprintln!("the moments of the kills come from JIAOHAO_SEED={seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let program = program();

    let mut broker = program.start(&data, ["broker", "--listen", "127.0.0.1:0"]).await;
    let (url, address) = (broker.url().to_owned(), broker.address().to_owned());
    let progress = Arc::new(Progress::default());
    let mut kiosks = JoinSet::new();
    for _ in 0..CLIENTS {
        kiosks.spawn(take_numbers(client(&url, &data, Role::Kiosk), Arc::clone(&progress)));
    }
    for kill in 1..=KILLS {
        more_answers(&progress, chance.usize(ANSWERS)).await;
        broker.is_killed().await;
        let died = Instant::now();
        broker = program.start(&data, ["broker", "--listen", address.as_str()]).await;
        eprintln!("kill {kill}: listening again after {:.2?}", died.elapsed());
        // Only a broker that commits again is worth killing again.
        let raw = Raw::to(&url);
        eventually("the broker is ready", async || {
            let ready = raw.get("/readyz", "").await;
            if ready.status == 200 { Ok(()) } else { Err(ready.text) }
        })
        .await;
    }
    more_answers(&progress, CLIENTS).await;
    progress.over.store(true, Ordering::SeqCst);
    let mut all = Vec::new();
    while let Some(took) = kiosks.join_next().await {
        all.extend(took.expect("a kiosk that ended well"));
    }
    eprintln!("{} numbers, {} requests without an answer", all.len(), progress.unanswered.load(Ordering::SeqCst));
    assert!(all.len() >= CLIENTS + KILLS, "the kiosks got through: {}", all.len());

    // No number twice.
    let numbers: BTreeSet<_> = all.iter().map(|one| one.issued.ticket.number.clone()).collect();
    let ids: BTreeSet<_> = all.iter().map(|one| one.issued.ticket.id).collect();
    assert_eq!((numbers.len(), ids.len()), (all.len(), all.len()), "a number was given out twice");
    // Every one is there, and nothing beside: what was committed and not answered was answered to the same key.
    let hall = client(&url, &data, Role::Supervisor).hall().await.expect("the hall");
    let waiting: BTreeSet<_> = hall.waiting.iter().map(|ticket| ticket.number.clone()).collect();
    assert_eq!((hall.waiting.len(), waiting), (all.len(), numbers));
    // The keys are remembered beyond the kills.
    let kiosk = client(&url, &data, Role::Kiosk);
    for one in &all {
        let again = kiosk.take_ticket(&one.key, &wish()).await.expect("the remembered answer");
        assert_eq!(again.ticket.number, one.issued.ticket.number);
    }
    let after = client(&url, &data, Role::Supervisor).hall().await.expect("the hall");
    assert_eq!(after.seq, hall.seq, "asking again changed nothing");

    broker.is_killed().await;
    let verified = program.run([Path::new("verify"), Path::new("--data"), &data]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert!(verified.stdout.contains(&format!("{} events", hall.seq)), "{verified:?}");
}
