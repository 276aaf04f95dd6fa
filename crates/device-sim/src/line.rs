//! The line between a driver and simulated devices: a pseudo-terminal behind a stable path, with unplugging,
//! stalling, wire speed and a log of what arrived.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::epoll;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use crate::pty::{Heard, Left, Port, drain};

/// Where a simulated line appears, and how fast it is.
#[derive(Clone, Debug)]
pub struct LineOptions {
    /// An existing directory; the stable path is a symbolic link in it, as udev's `by-path` links are.
    pub directory: PathBuf,
    /// File name of the link, for example `printer`.
    pub name: String,
    /// Wire speed in baud at 10 bits a byte (8N1), shared by both directions; `None`: as fast as the machine.
    pub baud: Option<u32>,
}

impl LineOptions {
    /// A line as fast as the machine, at `directory/name`.
    pub fn new(directory: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        Self { directory: directory.into(), name: name.into(), baud: None }
    }

    /// The same line at `baud` bits a second, 10 bits a byte.
    #[must_use]
    pub fn at_baud(self, baud: u32) -> Self {
        Self { baud: Some(baud), ..self }
    }
}

/// A device or a bus of devices at the far end. No clock of its own: time is an argument.
pub(crate) trait Device: Send + 'static {
    /// Bytes have arrived completely at `at`.
    fn receive(&mut self, bytes: &[u8], at: Instant);
    /// How many bytes it takes now; 0 holds the driver off.
    fn room(&self) -> usize;
    /// What it wants to send, once.
    fn take_output(&mut self) -> Vec<u8>;
    /// Whether a frame has begun and not ended.
    fn is_mid_frame(&self) -> bool;
    /// A begun frame was not continued for [`SILENCE`].
    fn fell_silent(&mut self, at: Instant);
}

/// A frame begun and not continued for this long is given up. Far above 3.5 characters at 9600 baud (3.6 ms),
/// because USB adapters and schedulers stretch gaps inside a frame.
pub(crate) const SILENCE: Duration = Duration::from_millis(100);

/// The log of received bytes keeps this many of the newest.
const LOG_BYTES: usize = 4 * 1024 * 1024;

/// A paced line is delivered in slices of at most this much wire time.
const SLICE: Duration = Duration::from_millis(8);

pub(crate) struct Line<D: Device> {
    shared: Arc<Shared<D>>,
    pump: AbortHandle,
}

struct Shared<D> {
    state: Mutex<State<D>>,
    /// Something was changed from outside: the pump looks again.
    wake: Notify,
    changed: watch::Sender<u64>,
    /// One epoll instance for the life of the line; ports come and go in it. It stands between the ports and
    /// tokio because tokio remembers a hang-up of a descriptor for ever, and a pseudo-terminal's master hangs up
    /// each time the driver closes it and comes back when the driver does: registered directly it would spin.
    watch: Arc<OwnedFd>,
    link: PathBuf,
    baud: Option<u32>,
}

struct State<D> {
    device: D,
    port: Option<Port>,
    stalled: bool,
    hung_up: bool,
    first_byte_at: Option<Instant>,
    last_byte_at: Option<Instant>,
    log: VecDeque<u8>,
}

enum Step {
    Arriving(Vec<u8>),
    Leaving(Vec<u8>),
    Idle { mid_frame: bool },
}

impl<D: Device> Line<D> {
    /// Plugs `device` in and starts serving it on the current tokio runtime.
    pub(crate) fn start(options: &LineOptions, device: D) -> io::Result<Self> {
        let runtime = tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let watch = Arc::new(epoll::create(epoll::CreateFlags::CLOEXEC)?);
        #[expect(
            deprecated,
            reason = "the replacement is an unsafe function; its demand, a descriptor that stays the same and open, \
                      is met by Arc<OwnedFd>, which gives out nothing else"
        )]
        let ready = AsyncFd::with_interest(Arc::clone(&watch), tokio::io::Interest::READABLE)?;
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                device,
                port: None,
                stalled: false,
                hung_up: false,
                first_byte_at: None,
                last_byte_at: None,
                log: VecDeque::new(),
            }),
            wake: Notify::new(),
            changed: watch::Sender::new(0),
            watch,
            link: options.directory.join(&options.name),
            baud: options.baud.filter(|baud| *baud > 0),
        });
        shared.plug(&mut shared.lock())?;
        let pump = runtime.spawn(pump(Arc::clone(&shared), ready)).abort_handle();
        Ok(Self { shared, pump })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.shared.link
    }

    /// Looks at the device.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&D) -> R) -> R {
        look(&self.shared.lock().device)
    }

    /// Does something to the device; what it then wants to send is sent.
    pub(crate) fn act<R>(&self, act: impl FnOnce(&mut D) -> R) -> R {
        let result = act(&mut self.shared.lock().device);
        self.shared.announce();
        result
    }

    /// Waits until `probe` finds what it looks for.
    pub(crate) async fn wait_for<T>(&self, mut probe: impl FnMut(&D) -> Option<T>) -> T {
        let mut changed = self.shared.changed.subscribe();
        loop {
            if let Some(found) = self.read(&mut probe) {
                return found;
            }
            if changed.changed().await.is_err() {
                // Unreachable while `self` holds the sender; waiting is the only honest answer.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Pulls the cable: the driver sees a hang-up and the stable path is gone when this returns.
    pub(crate) fn unplug(&self) {
        let mut state = self.shared.lock();
        self.shared.pull(&mut state);
        drop(state);
        self.shared.announce();
    }

    /// Plugs the cable in again: a new terminal behind the same stable path.
    pub(crate) fn plug_back(&self) -> io::Result<()> {
        self.shared.plug(&mut self.shared.lock())?;
        self.shared.announce();
        Ok(())
    }

    pub(crate) fn is_plugged(&self) -> bool {
        self.shared.lock().port.is_some()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.shared.lock().port.as_ref().is_some_and(Port::somebody_there)
    }

    pub(crate) fn stall(&self, stalled: bool) {
        self.shared.lock().stalled = stalled;
        self.shared.announce();
    }

    pub(crate) fn first_byte_at(&self) -> Option<Instant> {
        self.shared.lock().first_byte_at
    }

    pub(crate) fn last_byte_at(&self) -> Option<Instant> {
        self.shared.lock().last_byte_at
    }

    pub(crate) fn received(&self) -> Vec<u8> {
        self.shared.lock().log.iter().copied().collect()
    }

    pub(crate) fn forget_received(&self) {
        let mut state = self.shared.lock();
        state.first_byte_at = None;
        state.last_byte_at = None;
        state.log.clear();
    }

    pub(crate) fn record_to(&self, directory: &Path) -> io::Result<PathBuf> {
        let mut name = self.path().file_name().unwrap_or_default().to_os_string();
        name.push(".bin");
        let file = directory.join(name);
        std::fs::create_dir_all(directory)?;
        std::fs::write(&file, self.received())?;
        Ok(file)
    }
}

impl<D: Device> Drop for Line<D> {
    fn drop(&mut self) {
        self.pump.abort();
        let mut state = self.shared.lock();
        self.shared.pull(&mut state);
    }
}

impl<D: Device> Shared<D> {
    fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announce(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
        self.wake.notify_one();
    }

    fn plug(&self, state: &mut State<D>) -> io::Result<()> {
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
    fn pull(&self, state: &mut State<D>) {
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
        let output = state.device.take_output();
        if !output.is_empty() {
            return Step::Leaving(output);
        }
        let idle = Step::Idle { mid_frame: state.device.is_mid_frame() };
        let Some(port) = &state.port else {
            return idle;
        };
        let room = if state.stalled { 0 } else { state.device.room() };
        let slice = self.baud.map_or(4096, |baud| {
            usize::try_from(SLICE.as_millis() * u128::from(baud) / 10_000).unwrap_or(4096).clamp(1, 4096)
        });
        let mut buffer = vec![0; room.min(slice)];
        if buffer.is_empty() {
            return idle;
        }
        match port.read(&mut buffer) {
            Heard::Bytes(count) => {
                buffer.truncate(count);
                Step::Arriving(buffer)
            }
            Heard::Nothing => idle,
            Heard::NobodyThere => {
                if std::mem::take(&mut state.hung_up) {
                    self.settle(state);
                }
                idle
            }
        }
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
        let mut state = self.lock();
        state.first_byte_at.get_or_insert(at);
        state.last_byte_at = Some(at);
        state.log.extend(bytes);
        let surplus = state.log.len().saturating_sub(LOG_BYTES);
        state.log.drain(..surplus);
        state.device.receive(bytes, at);
    }

    fn wire_time(&self, bytes: usize) -> Duration {
        self.baud.map_or(Duration::ZERO, |baud| Duration::from_secs_f64(bytes as f64 * 10.0 / f64::from(baud)))
    }
}

/// Serves one line until its handle is dropped or the runtime ends.
async fn pump<D: Device>(shared: Arc<Shared<D>>, ready: AsyncFd<Arc<OwnedFd>>) {
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
                if let Some(port) = &shared.lock().port {
                    port.write(&bytes);
                }
            }
            Step::Idle { mid_frame } => {
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

async fn edge(ready: &AsyncFd<Arc<OwnedFd>>) -> io::Result<bool> {
    let mut guard = ready.readable().await?;
    let hung_up = drain(guard.get_inner());
    guard.clear_ready();
    Ok(hung_up)
}
