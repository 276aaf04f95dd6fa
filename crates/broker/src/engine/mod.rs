//! The one loop: takes what is asked in batches, decides on a draft, commits, and only then applies, publishes and answers.

mod answer;
mod batch;
mod prints;
mod restore;
mod watchman;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::Clock;
use hall::{At, Command, Language};
use jiff::tz::TimeZone;
use store::Store;
use tokio::sync::{mpsc, oneshot};
use wire::PrintReport;

pub(crate) use answer::{Answer, Reply, refused};
pub(crate) use restore::{RestoreError, restore};

use watchman::Watchman;

use crate::daylight::Daylight;
use crate::options::Premises;
use crate::published::Published;
use crate::view::Sight;
use crate::world::World;

/// What a session asks of the loop.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Decide a command.
    Command(Box<CommandAsk>),
    /// Print a page that shows how a kiosk's printer prints.
    TestPage(Box<PageAsk>),
    /// A device host says how a print job stands.
    Print { job: u64, report: PrintReport, respond: oneshot::Sender<Answer> },
    /// The jobs a kiosk's printer has to do, or all.
    PrintJobs { kiosk: Option<String>, respond: oneshot::Sender<Answer> },
    /// The customer of the request with this key has left.
    Abandon { key: String, respond: oneshot::Sender<Answer> },
    /// Time has passed: days change, prints expire. Answered when the loop has done it, which proves that it lives.
    /// With `prove`, something is written and synced, at most once a second.
    Tick { prove: bool, respond: oneshot::Sender<()> },
    /// The loop ends after this batch, also while sessions linger.
    End,
}

/// A command on its way.
#[derive(Debug)]
pub(crate) struct CommandAsk {
    /// The idempotency key, if the client gave one, and the fingerprint of the request it stands for.
    pub(crate) key: Option<(String, [u8; 32])>,
    pub(crate) command: Command,
    /// What the answer is to look like.
    pub(crate) reply: Reply,
    pub(crate) language: Language,
    pub(crate) sight: Sight,
    pub(crate) respond: oneshot::Sender<Answer>,
}

/// A page to be printed that is no ticket.
#[derive(Debug)]
pub(crate) struct PageAsk {
    /// As in [`CommandAsk`].
    pub(crate) key: Option<(String, [u8; 32])>,
    pub(crate) kiosk: String,
    pub(crate) language: Language,
    pub(crate) respond: oneshot::Sender<Answer>,
}

/// How sessions reach the loop.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    asks: mpsc::Sender<Ask>,
    pub(crate) counters: Arc<Counters>,
}

/// The loop's own figures.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) commit_us: AtomicU64,
    pub(crate) failed_commits: AtomicU64,
    pub(crate) refused_full: AtomicU64,
}

/// Asks that may wait for the loop; more are refused visibly.
const QUEUE: usize = 256;
/// Asks that share one sync of the disk.
const BATCH: usize = 64;
/// A print job that could not start for this long is not worth printing any more: the customer has photographed the number.
pub(crate) const PRINT_WORTH_MS: i64 = 180_000;

/// The loop's own state.
pub(crate) struct Engine {
    store: Store,
    /// Ahead of the published world by the batch in hand.
    draft: World,
    published: Published,
    premises: Premises,
    public_url: String,
    clock: Clock,
    counters: Arc<Counters>,
    watchman: Watchman,
    /// The time of day that signs were told of.
    daylight: Daylight,
    /// Since when the disk takes nothing, UTC ms.
    storage_since_ms: Option<i64>,
    /// When a commit last proved that the disk takes writes.
    proved: Option<std::time::Instant>,
}

impl Desk {
    /// Puts an ask on the queue; gives it back when the queue is full or the loop is gone.
    pub(crate) fn ask(&self, ask: Ask) -> Result<(), mpsc::error::TrySendError<Ask>> {
        let outcome = self.asks.try_send(ask);
        if outcome.is_err() {
            self.counters.refused_full.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    /// Whether the loop still takes what is asked.
    pub(crate) fn has_loop(&self) -> bool {
        !self.asks.is_closed()
    }

    /// Waits until the loop takes nothing any more: it was ended, or it panicked.
    pub(crate) async fn loop_ended(&self) {
        self.asks.closed().await;
    }

    /// Ends the loop once it has worked off what was asked before.
    pub(crate) async fn end(&self) {
        // It may have ended already.
        let _ = self.asks.send(Ask::End).await;
    }
}

impl Engine {
    pub(crate) fn new(
        store: Store,
        published: Published,
        premises: Premises,
        public_url: String,
        clock: Clock,
    ) -> Self {
        let draft = published.read().world.clone();
        let watchman = Watchman::new(&clock);
        Self {
            store,
            draft,
            published,
            premises,
            public_url,
            clock,
            counters: Arc::default(),
            watchman,
            daylight: Daylight::default(),
            storage_since_ms: None,
            proved: None,
        }
    }

    /// Starts the loop on a thread of its own, because SQLite blocks. It ends when told to, or when every desk is gone.
    pub(crate) fn start(mut self) -> std::io::Result<(Desk, std::thread::JoinHandle<()>)> {
        let (asks, mut inbox) = mpsc::channel(QUEUE);
        let counters = Arc::clone(&self.counters);
        let thread = std::thread::Builder::new().name("loop".to_owned()).spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            while inbox.blocking_recv_many(&mut batch, BATCH) > 0 {
                let ends = batch.iter().any(|ask| matches!(ask, Ask::End));
                self.run(&mut batch);
                if ends {
                    break;
                }
            }
        })?;
        Ok((Desk { asks, counters }, thread))
    }
}

/// The clock's moment in a zone.
pub(crate) fn moment(clock: &Clock, zone: &TimeZone) -> At {
    moment_of(clock.now_ms(), zone)
}

/// A moment in a zone.
pub(crate) fn moment_of(utc_ms: i64, zone: &TimeZone) -> At {
    let offset_s = zone.to_offset(wire::event::timestamp(utc_ms)).seconds();
    At { utc_ms, offset_s }
}

/// How often time is looked at for day changes and expiries, in the hall's time.
pub(crate) const TICK: Duration = Duration::from_secs(1);
