//! The line between a driver and simulated devices: a pseudo-terminal behind a stable path, with unplugging,
//! stalling, wire speed and a log of what arrived.

mod pump;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use crate::pty::Port;
use crate::recording::Recorder;
use pump::Shared;

/// Where a simulated line appears, and how fast it is.
#[derive(Clone, Debug)]
pub struct LineOptions {
    /// An existing directory; the stable path is a symbolic link in it, as udev's `by-path` links are.
    pub directory: PathBuf,
    /// File name of the link, for example `printer`.
    pub name: String,
    /// Wire speed in baud at 10 bits a byte (8N1), shared by both directions; `None`: as fast as the machine.
    pub baud: Option<u32>,
    /// Whether the driver hears its own bytes, as through a two-wire RS-485 adapter that listens while it sends.
    pub echo: bool,
}

impl LineOptions {
    /// A line as fast as the machine, at `directory/name`.
    pub fn new(directory: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        Self { directory: directory.into(), name: name.into(), baud: None, echo: false }
    }

    /// The same line at `baud` bits a second, 10 bits a byte.
    #[must_use]
    pub fn at_baud(self, baud: u32) -> Self {
        Self { baud: Some(baud), ..self }
    }

    /// The same line through an adapter that echoes what the driver sends.
    #[must_use]
    pub fn with_echo(self) -> Self {
        Self { echo: true, ..self }
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
    fn is_mid_frame(&self) -> bool {
        false
    }
    /// A begun frame was not continued for [`SILENCE`].
    fn fell_silent(&mut self, _at: Instant) {}
    /// When it will do something on its own, if it will.
    fn alarm_at(&self) -> Option<Instant> {
        None
    }
    /// The time of [`Device::alarm_at`] has come.
    fn alarm(&mut self, _at: Instant) {}
}

/// A frame begun and not continued for this long is given up. Far above 3.5 characters at 9600 baud (3.6 ms),
/// because USB adapters and schedulers stretch gaps inside a frame.
pub(crate) const SILENCE: Duration = Duration::from_millis(100);

pub(crate) struct Line<D: Device> {
    shared: Arc<Shared<D>>,
    pump: AbortHandle,
}

impl<D: Device> Line<D> {
    /// Plugs `device` in and starts serving it on the current tokio runtime.
    pub(crate) fn start(options: &LineOptions, device: D) -> io::Result<Self> {
        let runtime = tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let (shared, ready) = Shared::new(options, device)?;
        shared.plug(&mut shared.lock())?;
        let pump = runtime.spawn(pump::serve(Arc::clone(&shared), ready)).abort_handle();
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

    /// Begins a recording in `file`, in place of one that was running.
    pub(crate) fn start_recording(&self, file: &Path) -> io::Result<()> {
        let recorder = Recorder::create(file)?;
        self.shared.lock().recorder = Some(recorder);
        Ok(())
    }

    pub(crate) fn stop_recording(&self) {
        self.shared.lock().recorder = None;
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
