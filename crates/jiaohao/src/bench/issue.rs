//! How many numbers a second, and how long each takes, with 1, 8 and 64 clients; beside it what the store alone does with the
//! same rows in the same groups.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clock::Clock;
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};
use wire::Role;

use super::Row;
use super::load::{self, Load};
use super::stats::quantile_ms;
use crate::hall::start_broker;
use crate::setup::Setup;

/// How long each load lasts.
const LASTING: Duration = Duration::from_secs(4);

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for clients in [1, 8, 64] {
        let raw = raw_rate(&dir.join(format!("raw-{clients}")), clients, Each::Savepoint).await?;
        let bare = raw_rate(&dir.join(format!("bare-{clients}")), clients, Each::Rows).await?;
        let mut load = issue(&dir.join(format!("issue-{clients}")), clients).await?;
        let rate = load.took.len() as f64 / load.lasted.as_secs_f64();
        let name = format!("issue, {clients} clients");
        rows.push(Row::new(&name, rate, "/s").beside(raw, "raw group commit, a savepoint each"));
        rows.push(Row::new(format!("{name} (again)"), rate, "/s").beside(bare, "raw group commit, bare rows"));
        rows.push(Row::new(format!("issue, {clients} clients, p50"), quantile_ms(&mut load.took, 0.5), "ms"));
        rows.push(Row::new(format!("issue, {clients} clients, p99"), quantile_ms(&mut load.took, 0.99), "ms"));
    }
    Ok(rows)
}

/// Numbers from a real broker over HTTP; fails when one is given twice.
async fn issue(dir: &Path, clients: usize) -> anyhow::Result<Load> {
    let setup = Setup::prepare(Some(dir), None, Some(([127, 0, 0, 1], 0).into()))?;
    let token = setup.secrets.role(Role::Kiosk)?.to_owned();
    let broker =
        start_broker(&setup, setup.premises(vec![]), Clock::system()).await.map_err(|failure| failure.into_error())?;
    let outcome = load::take_numbers(broker.address(), &token, clients, LASTING).await;
    broker.stop().await;
    let load = outcome?;
    let mut numbers = HashSet::new();
    for body in &load.bodies {
        let issued: wire::Issued = serde_json::from_slice(body).context("reading an answer")?;
        if !numbers.insert(issued.ticket.number.clone()) {
            bail!("number {} was given twice", issued.ticket.number);
        }
    }
    Ok(load)
}

/// How the store alone writes each request of a group.
#[derive(Clone, Copy)]
enum Each {
    /// Its two rows and nothing else: the broker's way, which decides before it writes.
    Rows,
    /// Within a savepoint: the common pattern of a group commit, where a failing request takes back only its own rows.
    Savepoint,
}

/// The rows of one number, in the sizes of a ticket's event and answer.
fn write(rows: &mut store::Request<'_>, key: &str) -> Result<(), StoreError> {
    rows.append(0, &[b'x'; 300])?;
    rows.remember_answer(key, &[0; 32], 201, &[b'y'; 400], 0)
}

/// What the store does when as many askers wait for each commit: a journal row and an answer row each, with the keys of real
/// clients and the sizes of a ticket's.
async fn raw_rate(dir: &Path, clients: usize, each: Each) -> anyhow::Result<f64> {
    let mut store = Store::open(dir).context("opening a store")?;
    let (asks, mut inbox) = mpsc::channel::<oneshot::Sender<()>>(256);
    let writer = std::thread::spawn(move || -> Result<u64, StoreError> {
        let mut waiting = Vec::with_capacity(64);
        let mut count = 0_u64;
        while inbox.blocking_recv_many(&mut waiting, 64) > 0 {
            let mut batch = store.begin()?;
            for _ in &waiting {
                let key = client::Key::new();
                match each {
                    Each::Rows => write(&mut batch, key.as_str())?,
                    Each::Savepoint => batch.request(|rows| write(rows, key.as_str()))??,
                }
                count += 1;
            }
            let _committed = batch.commit()?;
            for respond in waiting.drain(..) {
                // An asker whose time is up has left.
                let _ = respond.send(());
            }
        }
        Ok(count)
    });
    let begun = Instant::now();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let asks = asks.clone();
        all.spawn(async move {
            while begun.elapsed() < LASTING {
                let (respond, done) = oneshot::channel();
                if asks.send(respond).await.is_err() || done.await.is_err() {
                    return;
                }
            }
        });
    }
    drop(asks);
    while all.join_next().await.is_some() {}
    let lasted = begun.elapsed();
    let joined = tokio::task::spawn_blocking(move || writer.join()).await.context("the writer")?;
    let count = joined.map_err(|_| anyhow::anyhow!("the writer panicked"))?.context("the store alone")?;
    Ok(count as f64 / lasted.as_secs_f64())
}
