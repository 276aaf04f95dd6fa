//! Starting and stopping a broker.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use clock::Clock;
use store::{OpenError, Store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::{self, App, Inner};
use crate::corners::Corners;
use crate::directory::{self, Directory, OnlineError};
use crate::engine::{self, Ask, Desk, Engine, RestoreError, TICK};
use crate::guesses::Guesses;
use crate::identified::Identified;
use crate::listen::answer;
use crate::options::{Options, Premises};
use crate::published::Published;
use crate::seer::Seer;

/// A running broker.
#[derive(Debug)]
pub struct Broker {
    address: SocketAddr,
    stop: CancellationToken,
    desk: Desk,
    tasks: JoinSet<()>,
    thread: Option<JoinHandle<()>>,
    published: Published,
    seer: Option<JoinHandle<()>>,
}

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened at.
    #[error("listening at {address}: {}", listen_mend(.source))]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The directory of customers cannot be asked as it is set.
    #[error("setting up the directory of customers")]
    Directory(#[source] OnlineError),
    /// The database cannot be used.
    #[error("opening the hall's database")]
    Store(#[source] OpenError),
    /// Its content cannot be gone on with.
    #[error("restoring the open business day")]
    Restore(#[source] RestoreError),
    /// The system gives no thread.
    #[error("starting the loop")]
    Thread(#[source] io::Error),
}

fn listen_mend(error: &io::Error) -> &'static str {
    let kind = error.kind();
    if kind == io::ErrorKind::AddrInUse {
        "another program is there already. Stop it, or choose another port with --listen"
    } else if kind == io::ErrorKind::PermissionDenied {
        "ports below 1024 need rights. Choose a higher port with --listen"
    } else if kind == io::ErrorKind::AddrNotAvailable {
        "this machine does not have that address. Choose another with --listen"
    } else {
        "the system refused. Choose another address with --listen"
    }
}

impl Broker {
    /// Opens the journal, brings the day back, and answers requests from then on.
    ///
    /// # Errors
    /// See [`StartError`]; nothing runs then.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let Options { listen, data, rules, premises, access, clock } = options;
        let Premises { directory: online, recognise, .. } = &premises;
        let directory = Directory::new(&data, Arc::clone(&rules), online.as_ref(), Arc::clone(recognise));
        let directory = Arc::new(directory.map_err(StartError::Directory)?);
        // The address first: a second broker must not even look at the database.
        let listen_error = |source| StartError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;

        let now_ms = clock.now_ms();
        let journal = data.clone();
        let devices = premises.devices.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let store = Store::open(&data).map_err(StartError::Store)?;
            let published =
                engine::restore(&store, Arc::clone(&rules), &devices, now_ms).map_err(StartError::Restore)?;
            Ok((store, published, rules))
        });
        let (store, published, rules) = opened.await.map_err(|error| StartError::Thread(io::Error::other(error)))??;

        let public_url = premises.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let engine = Engine::new(store, published.clone(), premises.clone(), public_url, clock.clone());
        let (desk, thread) = engine.start().map_err(StartError::Thread)?;
        // The first tick opens the day, so that the first request finds it open.
        tick(&desk).await;
        take_up_list(&directory, &published, &clock).await;
        let seer = Seer::new(published.clone(), clock.clone(), premises.time_zone.clone(), journal, rules);
        let seer = start_seer(seer, &published, &desk).await?;

        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn({
            let (desk, stop) = (desk.clone(), stop.clone());
            let (clock, published) = (clock.clone(), published.clone());
            async move {
                loop {
                    tokio::select! {
                        () = clock.sleep(TICK) => {
                            tick(&desk).await;
                            published.doubt_silent_hosts(clock.now_ms());
                            published.review_arrivals(clock.now_ms());
                        }
                        () = stop.cancelled() => break,
                    }
                }
            }
        });
        tasks.spawn({
            let (directory, published) = (Arc::clone(&directory), published.clone());
            let (clock, stop) = (clock.clone(), stop.clone());
            async move {
                loop {
                    // Files change by the world's time, whatever the hall's is.
                    tokio::select! {
                        () = tokio::time::sleep(directory::LOOK_EVERY) => {
                            take_up_list(&directory, &published, &clock).await;
                        }
                        () = stop.cancelled() => break,
                    }
                }
            }
        });
        let app = App::new(Inner {
            desk: desk.clone(),
            published: published.clone(),
            access,
            premises,
            directory,
            identified: Identified::default(),
            corners: Corners::default(),
            guesses: Guesses::default(),
            clock,
            stopping: stop.clone(),
        });
        tasks.spawn(answer(listener, api::router(app), stop.clone()));
        Ok(Self { address, stop, desk, tasks, thread: Some(thread), published, seer: Some(seer) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Completes when the broker has ended by itself, which only a fault makes it do; the log says which.
    pub async fn ended(&self) {
        self.desk.loop_ended().await;
    }

    /// Stops taking requests, finishes those in hand and closes the journal. Who has begun a request and does not go on with it
    /// is waited for [`FAREWELL`] and no longer.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let all_left = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, all_left).await.is_err() {
            tracing::info!("somebody keeps a connection open; it is not waited for");
            self.tasks.shutdown().await;
        }
        self.published.end_changes();
        self.desk.end().await;
        for thread in [self.thread.take(), self.seer.take()].into_iter().flatten() {
            // Closing SQLite blocks, and a look ahead is finished.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// Starts looking ahead. The first look is made before anybody can ask.
async fn start_seer(mut seer: Seer, published: &Published, desk: &Desk) -> Result<JoinHandle<()>, StartError> {
    let (changes, desk) = (published.changes(), desk.clone());
    let (looked, first) = oneshot::channel();
    let thread = std::thread::Builder::new().name("seer".to_owned()).spawn(move || {
        seer.look_first();
        let _ = looked.send(());
        seer.run(&changes, &desk);
    });
    let thread = thread.map_err(StartError::Thread)?;
    let _ = first.await;
    Ok(thread)
}

/// How long a broker that ends waits for requests in hand: they take milliseconds.
const FAREWELL: Duration = Duration::from_secs(1);

/// Takes up the list of customers where it is a new one; a list that cannot be used is told once and not again.
async fn take_up_list(directory: &Arc<Directory>, published: &Published, clock: &Clock) {
    let reader = Arc::clone(directory);
    let Ok(taken) = tokio::task::spawn_blocking(move || reader.refresh()).await else { return };
    if let Err(error) = &taken
        && published.read().list_since_ms.is_none()
    {
        tracing::error!(error = error as &dyn std::error::Error, "the list of customers is not taken up");
    }
    published.note_list(taken.is_err(), clock.now_ms());
}

async fn tick(desk: &Desk) {
    let (respond, done) = oneshot::channel();
    if desk.ask(Ask::Tick { prove: false, respond }).is_ok() {
        // A failed batch answers nobody; the loop has logged it.
        let _ = done.await;
    }
}
