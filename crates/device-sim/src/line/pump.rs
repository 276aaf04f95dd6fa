//! What keeps a line going: the port, the bytes on their way, and the task that moves them.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::epoll;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Notify, watch};

use super::{Device, LineOptions, SILENCE};
use crate::pty::{Heard, Left, Port, drain};
use crate::recording::Recorder;

/// The log of received bytes keeps this many of the newest.
const LOG_BYTES: usize = 4 * 1024 * 1024;

/// A paced line is delivered in slices of at most this much wire time.
const SLICE: Duration = Duration::from_millis(8);

/// On a line as fast as the machine, a driver that reads nothing for so long loses what the device says.
const PATIENCE: Duration = Duration::from_millis(200);

pub(super) struct Shared<D> {
    state: Mutex<State<D>>,
    /// Something was changed from outside: the pump looks again.
    wake: Notify,
    pub(super) changed: watch::Sender<u64>,
    /// One epoll instance for the life of the line; ports come and go in it. It stands between the ports and
    /// tokio because tokio remembers a hang-up of a descriptor for ever, and a pseudo-terminal's master hangs up
    /// each time the driver closes it and comes back when the driver does: registered directly it would spin.
    watch: Arc<OwnedFd>,
    pub(super) link: PathBuf,
    baud: Option<u32>,
    echo: bool,
}

pub(super) struct State<D> {
    pub(super) device: D,
    pub(super) port: Option<Port>,
    pub(super) stalled: bool,
    hung_up: bool,
    pub(super) first_byte_at: Option<Instant>,
    pub(super) last_byte_at: Option<Instant>,
    pub(super) log: VecDeque<u8>,
    pub(super) recorder: Option<Recorder>,
    /// What the device has said and the line has not carried.
    output: VecDeque<u8>,
    /// Since when the driver's input takes nothing.
    stuck_since: Option<Instant>,
}

enum Step {
    Arriving(Vec<u8>),
    Leaving(Vec<u8>),
    Idle { mid_frame: bool, alarm_at: Option<Instant> },
}

impl<D: Device> Shared<D> {
    pub(super) fn new(options: &LineOptions, device: D) -> io::Result<(Arc<Self>, AsyncFd<Arc<OwnedFd>>)> {
        let watch = Arc::new(epoll::create(epoll::CreateFlags::CLOEXEC)?);
        #[expect(
            deprecated,
            reason = "the replacement is an unsafe function; its demand, a descriptor that stays the same and open, \
                      is met by Arc<OwnedFd>, which gives out nothing else"
        )]
        let ready = AsyncFd::with_interest(Arc::clone(&watch), tokio::io::Interest::READABLE)?;
        let shared = Self {
            state: Mutex::new(State {
                device,
                port: None,
                stalled: false,
                hung_up: false,
                first_byte_at: None,
                last_byte_at: None,
                log: VecDeque::new(),
                recorder: None,
                output: VecDeque::new(),
                stuck_since: None,
            }),
            wake: Notify::new(),
            changed: watch::Sender::new(0),
            watch,
            link: options.directory.join(&options.name),
            baud: options.baud.filter(|baud| *baud > 0),
            echo: options.echo,
        };
        Ok((Arc::new(shared), ready))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn announce(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
        self.wake.notify_one();
    }

    pub(super) fn plug(&self, state: &mut State<D>) -> io::Result<()> {
        let port = Port::open()?;
        port.watch_with(&self.watch)?;
        // Renamed into place, so that the path never points at nothing in between.
        let mut fresh = self.link.as_os_str().to_os_string();
        fresh.push(".new");
        let fresh = PathBuf::from(fresh);
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        std::os::unix::fs::symlink(port.slave(), &fresh)?;
        std::fs::rename(&fresh, &self.link)?;
        state.port = Some(port);
        Ok(())
    }

    /// Takes the link away and hangs up. The link goes first: while the port stands, the kernel gives its name to
    /// nobody else, so a link that bears it is this line's own.
    pub(super) fn pull(&self, state: &mut State<D>) {
        if let Some(port) = state.port.take() {
            self.remove_link(port.slave());
        }
    }

    /// Removes the link if it still leads to `slave`: another simulator may have taken the path over.
    fn remove_link(&self, slave: &Path) {
        let removed = match std::fs::read_link(&self.link) {
            Ok(target) if target == slave => std::fs::remove_file(&self.link),
            Ok(_) => return,
            Err(error) => Err(error),
        };
        match removed {
            // Not a link: somebody put something of theirs there.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => {}
            Err(error) => {
                tracing::warn!(link = %self.link.display(), %error, "removing the link of a simulated device");
            }
            Ok(()) => {}
        }
    }

    /// Takes the next thing to do, without waiting.
    fn step(&self) -> Step {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.output.extend(state.device.take_output());
        let slice = self.baud.map_or(4096, |baud| {
            usize::try_from(SLICE.as_millis() * u128::from(baud) / 10_000).unwrap_or(4096).clamp(1, 4096)
        });
        if !state.output.is_empty() {
            let count = slice.min(state.output.len());
            return Step::Leaving(state.output.drain(..count).collect());
        }
        let idle = Step::Idle { mid_frame: state.device.is_mid_frame(), alarm_at: state.device.alarm_at() };
        let room = if state.stalled { 0 } else { state.device.room() };
        let mut buffer = vec![0; room.min(slice)];
        if buffer.is_empty() {
            return idle;
        }
        while let Some(port) = &state.port {
            match port.read(&mut buffer) {
                Heard::Bytes(count) => {
                    buffer.truncate(count);
                    return Step::Arriving(buffer);
                }
                Heard::Nothing => break,
                Heard::NobodyThere if std::mem::take(&mut state.hung_up) => {
                    self.settle(state);
                    // And a look again: settling takes the edges away, a new driver's first bytes among them.
                }
                Heard::NobodyThere => break,
            }
        }
        idle
    }

    /// Sends what the line takes of `bytes`; false when the rest has to wait. At wire speed nobody waits: bytes that
    /// find the driver's input full are lost.
    fn send(&self, bytes: &[u8]) -> bool {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(port) = &state.port else {
            state.output.clear();
            return true;
        };
        let sent = port.write(bytes);
        if let Some(recorder) = &mut state.recorder {
            recorder.said(bytes.get(..sent).unwrap_or_default());
        }
        let rest = bytes.get(sent..).unwrap_or_default();
        if rest.is_empty() || self.baud.is_some() {
            state.stuck_since = None;
            return true;
        }
        if state.stuck_since.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            state.output.clear();
            return true;
        }
        for byte in rest.iter().rev() {
            state.output.push_front(*byte);
        }
        false
    }

    /// Readies the port for the next driver, once per hang-up.
    fn settle(&self, state: &mut State<D>) {
        let Some(port) = &state.port else { return };
        match port.settle() {
            // Looking at the port opened and closed it, which is a hang-up of our own making: taken away here, or
            // it would be settled again and again.
            Left::Clean => {
                drain(&self.watch);
            }
            Left::Exclusive => {
                if let Err(error) = self.plug(state) {
                    tracing::warn!(link = %self.link.display(), %error, "renewing a simulated port");
                }
            }
        }
    }

    fn deliver(&self, bytes: &[u8], at: Instant) {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.first_byte_at.get_or_insert(at);
        state.last_byte_at = Some(at);
        state.log.extend(bytes);
        let surplus = state.log.len().saturating_sub(LOG_BYTES);
        state.log.drain(..surplus);
        if let Some(recorder) = &mut state.recorder {
            recorder.heard(bytes);
        }
        if let Some(port) = state.port.as_ref().filter(|_| self.echo) {
            port.write(bytes);
        }
        state.device.receive(bytes, at);
    }

    fn wire_time(&self, bytes: usize) -> Duration {
        self.baud.map_or(Duration::ZERO, |baud| Duration::from_secs_f64(bytes as f64 * 10.0 / f64::from(baud)))
    }
}

/// Serves one line until its handle is dropped or the runtime ends.
pub(super) async fn serve<D: Device>(shared: Arc<Shared<D>>, ready: AsyncFd<Arc<OwnedFd>>) {
    // When the wire is free again. Kept across slices, so that late timers do not add up.
    let mut free = tokio::time::Instant::now();
    loop {
        match shared.step() {
            Step::Arriving(bytes) => {
                free += shared.wire_time(bytes.len());
                pass(shared.baud, free).await;
                shared.deliver(&bytes, Instant::now());
                shared.changed.send_modify(|count| *count = count.wrapping_add(1));
            }
            Step::Leaving(bytes) => {
                free += shared.wire_time(bytes.len());
                pass(shared.baud, free).await;
                if !shared.send(&bytes) {
                    tokio::time::sleep(SLICE).await;
                }
            }
            Step::Idle { mid_frame, alarm_at } => {
                tokio::select! {
                    () = shared.wake.notified() => {}
                    hung_up = edge(&ready) => match hung_up {
                        Ok(hung_up) => shared.lock().hung_up |= hung_up,
                        // Only the end of the runtime does this.
                        Err(error) => {
                            tracing::debug!(%error, "a simulated line ends");
                            return;
                        }
                    },
                    () = tokio::time::sleep(SILENCE), if mid_frame => {
                        shared.lock().device.fell_silent(Instant::now());
                        shared.changed.send_modify(|count| *count = count.wrapping_add(1));
                    }
                    () = until(alarm_at) => {
                        shared.lock().device.alarm(Instant::now());
                        shared.changed.send_modify(|count| *count = count.wrapping_add(1));
                    }
                }
                free = tokio::time::Instant::now();
            }
        }
    }
}

async fn pass(baud: Option<u32>, until: tokio::time::Instant) {
    match baud {
        Some(_) => tokio::time::sleep_until(until).await,
        // A driver that never stops sending must not keep the runtime's thread.
        None => tokio::task::yield_now().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

async fn edge(ready: &AsyncFd<Arc<OwnedFd>>) -> io::Result<bool> {
    let mut guard = ready.readable().await?;
    let hung_up = drain(guard.get_inner());
    guard.clear_ready();
    Ok(hung_up)
}
