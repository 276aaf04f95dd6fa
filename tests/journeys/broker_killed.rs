//! The broker is killed again and again while eight kiosks take numbers: what was acknowledged is there, once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Key};
use hall_tests::{Raw, eventually};
use jiaohao::access::token_from;
use tokio::task::JoinSet;
use wire::{Issued, Role, TakeTicket};

use crate::program;

const CLIENTS: usize = 8;
const KILLS: usize = 6;

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

/// Takes numbers until told to stop. Without an answer the same key is sent again, for as long as it takes.
async fn take_numbers(client: Client, stop: Arc<AtomicBool>, unanswered: Arc<AtomicUsize>) -> Vec<Acknowledged> {
    let mut all = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let key = Key::new();
        let issued = loop {
            match client.take_ticket(&key, &wish()).await {
                Ok(issued) => break issued,
                Err(error) if error.is_passing() => {
                    unanswered.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        };
        all.push(Acknowledged { key, issued });
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_number_is_lost_or_doubled_however_often_the_broker_is_killed() {
    let seed = fastrand::u64(..);
    eprintln!("the moments of the kills come from seed {seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let program = program();

    let mut broker = program.start(&data, ["broker", "--listen", "127.0.0.1:0"]).await;
    let (url, address) = (broker.url().to_owned(), broker.address().to_owned());
    let (stop, unanswered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut kiosks = JoinSet::new();
    for _ in 0..CLIENTS {
        kiosks.spawn(take_numbers(client(&url, &data, Role::Kiosk), Arc::clone(&stop), Arc::clone(&unanswered)));
    }
    for kill in 1..=KILLS {
        tokio::time::sleep(Duration::from_millis(chance.u64(30..400))).await;
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
    stop.store(true, Ordering::SeqCst);
    let mut all = Vec::new();
    while let Some(took) = kiosks.join_next().await {
        all.extend(took.expect("a kiosk that ended well"));
    }
    eprintln!("{} numbers, {} requests without an answer", all.len(), unanswered.load(Ordering::SeqCst));
    assert!(all.len() > CLIENTS * KILLS, "the kiosks got through: {}", all.len());
    assert!(unanswered.load(Ordering::SeqCst) > 0, "a kill interrupted somebody");

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
