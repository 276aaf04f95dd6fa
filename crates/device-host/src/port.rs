//! A serial port that never blocks the runtime; or a USB printer's raw file, which is used in the same way.
//!
//! `serialport` opens, configures and locks the port, and then gives its descriptor up. Its own reading and writing
//! fall short here: a write to a stalled printer blocks past its timeout, and its `flush` is a `tcdrain` without an
//! end. Nothing in this crate drains: *written* means the kernel took it, which is no news about paper or lamps.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::sync::Arc;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use rustix::termios::{QueueSelector, ioctl_tiocnxcl, tcflush};
use serialport::{DataBits, ErrorKind, FlowControl, Parity, StopBits};
use thiserror::Error;
use tokio::io::unix::AsyncFd;
use tokio::runtime::Handle;
use wire::Flow;

/// Where a port is and how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSettings {
    /// A stable path, such as a link below `/dev/serial/by-path`.
    pub path: String,
    /// Line speed in bits a second; always 8 data bits, no parity, one stop bit.
    pub baud: u32,
    /// Flow control.
    pub flow: Flow,
}

/// Why a port cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Nothing is plugged in there.
    #[error("opening {path}: it is not there")]
    Missing {
        /// The stable path.
        path: String,
    },
    /// Another program has it.
    #[error("opening {path}: another program uses it")]
    Busy {
        /// The stable path.
        path: String,
    },
    /// It is there and cannot be used.
    #[error("opening {path}")]
    Open {
        /// The stable path.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The device at the other end is gone: unplugged, or its adapter is. The port is to be closed at once, because a
/// held descriptor makes the kernel give the device another name when it is plugged in again.
#[derive(Debug, Error)]
#[error("using {path}")]
pub struct Gone {
    /// The stable path.
    pub path: String,
    /// What the kernel said.
    #[source]
    pub source: io::Error,
}

/// An open port, ours alone.
#[derive(Debug)]
pub struct Port {
    /// `None` only while it is being closed.
    fd: Option<AsyncFd<Arc<OwnedFd>>>,
    path: String,
}

impl Port {
    /// Opens and configures the port and takes it for this program alone (`TIOCEXCL` and a lock).
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn open(settings: &PortSettings) -> Result<Self, OpenError> {
        let path = settings.path.clone();
        let failed = |source| OpenError::Open { path: path.clone(), source };
        let wanted = settings.clone();
        let fd =
            tokio::task::spawn_blocking(move || open(&wanted)).await.map_err(|e| failed(io::Error::other(e)))??;
        let fd = register(Arc::new(fd)).map_err(failed)?;
        Ok(Self { fd: Some(fd), path })
    }

    /// Waits for bytes; at least one. Cancelling loses none.
    ///
    /// # Errors
    /// [`Gone`]; an end of file is one too, a serial line has no end.
    pub async fn read(&self, buffer: &mut [u8]) -> Result<usize, Gone> {
        let fd = self.fd()?;
        loop {
            let mut ready = fd.readable().await.map_err(|source| self.gone(source))?;
            match ready.try_io(|fd| Ok(rustix::io::read(fd, &mut *buffer)?)) {
                Ok(Ok(0)) => return Err(self.gone(io::ErrorKind::UnexpectedEof.into())),
                Ok(Ok(count)) => return Ok(count),
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(error)) => return Err(self.gone(error)),
                Err(_would_block) => {}
            }
        }
    }

    /// Waits until the kernel takes some of `bytes`, and tells how many. Cancelling writes none.
    ///
    /// # Errors
    /// [`Gone`]
    pub async fn write(&self, bytes: &[u8]) -> Result<usize, Gone> {
        let fd = self.fd()?;
        loop {
            let mut ready = fd.writable().await.map_err(|source| self.gone(source))?;
            match ready.try_io(|fd| Ok(rustix::io::write(fd, bytes)?)) {
                Ok(Ok(count)) => return Ok(count),
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(error)) => return Err(self.gone(error)),
                Err(_would_block) => {}
            }
        }
    }

    /// Closes the port. What the device did not take is thrown away: a backlog printed by itself after the next
    /// opening would be a second ticket, and a close that waits for it holds the port for half a minute.
    pub async fn close(mut self) {
        if let Some(fd) = self.fd.take().map(AsyncFd::into_inner) {
            // Closing a stuck UART may block all the same.
            if let Err(error) = tokio::task::spawn_blocking(move || close(&fd)).await {
                tracing::warn!(port = self.path, %error, "closing a port went wrong");
            }
        }
    }

    fn fd(&self) -> Result<&AsyncFd<Arc<OwnedFd>>, Gone> {
        self.fd.as_ref().ok_or_else(|| self.gone(io::ErrorKind::NotConnected.into()))
    }

    fn gone(&self, source: io::Error) -> Gone {
        Gone { path: self.path.clone(), source }
    }
}

impl Drop for Port {
    /// For a task that was ended while it had the port.
    fn drop(&mut self) {
        if let Some(fd) = self.fd.take().map(AsyncFd::into_inner) {
            match Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(move || close(&fd))),
                Err(_) => close(&fd),
            }
        }
    }
}

fn open(settings: &PortSettings) -> Result<OwnedFd, OpenError> {
    if is_raw(&settings.path) { open_raw(&settings.path) } else { open_serial(settings) }
}

/// Whether the path leads to a USB printer (`/dev/usb/lp0`) or a pipe, which have no line to configure. Looked at without opening:
/// an opened serial port raises DTR.
fn is_raw(path: &str) -> bool {
    std::fs::metadata(path).is_ok_and(|at| {
        let kind = at.file_type();
        kind.is_fifo() || (kind.is_char_device() && rustix::fs::major(at.rdev()) == USB_PRINTERS)
    })
}

/// The kernel's major number of USB printers (Linux, `Documentation/admin-guide/devices.txt`: 180 char).
const USB_PRINTERS: u32 = 180;

fn open_raw(path: &str) -> Result<OwnedFd, OpenError> {
    let failed = |source| OpenError::Open { path: path.to_owned(), source };
    let file =
        std::fs::File::options().read(true).write(true).custom_flags(WITHOUT_WAITING).open(path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                OpenError::Missing { path: path.to_owned() }
            } else if error.kind() == io::ErrorKind::ResourceBusy {
                // The kernel gives a USB printer to one program only.
                OpenError::Busy { path: path.to_owned() }
            } else {
                failed(error)
            }
        })?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file.into()),
        Err(Errno::WOULDBLOCK) => Err(OpenError::Busy { path: path.to_owned() }),
        Err(errno) => Err(failed(errno.into())),
    }
}

/// `O_NONBLOCK | O_NOCTTY`
const WITHOUT_WAITING: i32 = (OFlags::NONBLOCK.bits() | OFlags::NOCTTY.bits()).cast_signed();

fn open_serial(settings: &PortSettings) -> Result<OwnedFd, OpenError> {
    let port = serialport::new(&settings.path, settings.baud)
        .data_bits(DataBits::Eight)
        .parity(Parity::None)
        .stop_bits(StopBits::One)
        .flow_control(match settings.flow {
            Flow::None => FlowControl::None,
            Flow::Hardware => FlowControl::Hardware,
            Flow::Software => FlowControl::Software,
        })
        .open_native()
        .map_err(|error| open_error(&settings.path, error))?;
    let raw = port.into_raw_fd();
    #[expect(unsafe_code, reason = "serialport gives its descriptor away as a bare number only")]
    // SAFETY: `into_raw_fd` has just given up its ownership of this open descriptor; nobody else has it.
    let fd = unsafe { OwnedFd::from_raw_fd(raw) };
    rustix::io::ioctl_fionbio(&fd, true)
        .map_err(|errno| OpenError::Open { path: settings.path.clone(), source: errno.into() })?;
    Ok(fd)
}

fn open_error(path: &str, error: serialport::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        // serialport says `NoDevice` of a busy port too; the difference is whether the path is there.
        ErrorKind::NoDevice if std::path::Path::new(&path).exists() => OpenError::Busy { path },
        ErrorKind::NoDevice | ErrorKind::Io(io::ErrorKind::NotFound) => OpenError::Missing { path },
        ErrorKind::Io(io::ErrorKind::ResourceBusy) => OpenError::Busy { path },
        ErrorKind::InvalidInput | ErrorKind::Unknown | ErrorKind::Io(_) => {
            OpenError::Open { path, source: error.into() }
        }
    }
}

fn register(fd: Arc<OwnedFd>) -> io::Result<AsyncFd<Arc<OwnedFd>>> {
    debug_assert!(fd.as_raw_fd() >= 0);
    #[expect(
        deprecated,
        reason = "the replacement is an unsafe function; its demand, a descriptor that stays the same and open, is met \
                  by Arc<OwnedFd>, which gives out nothing else"
    )]
    AsyncFd::new(fd)
}

fn close(fd: &OwnedFd) {
    // Both fail on a device that is gone, which needs neither.
    let discarded = tcflush(fd, QueueSelector::OFlush);
    // Of a pseudo-terminal the mark of exclusive use outlives the descriptor.
    let released = ioctl_tiocnxcl(fd);
    for result in [discarded, released] {
        match result {
            // Of what is no terminal there is nothing to discard or release.
            Ok(()) | Err(Errno::IO | Errno::NXIO | Errno::NODEV | Errno::NOTTY | Errno::INVAL) => {}
            Err(error) => tracing::debug!(%error, "letting go of a port"),
        }
    }
}
