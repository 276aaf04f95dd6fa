//! One pseudo-terminal: the device holds the master, the driver opens the slave by its path.
//!
//! The simulator keeps **no** slave descriptor of its own. Holding one would keep the line quiet while no driver is
//! there, but it would also keep the terminal alive after the driver closed it, and with it the exclusive mark
//! (`TIOCEXCL`) the driver had set: an unprivileged driver could never open its own port again. A serial port of the
//! kernel forgets the mark at the last close; [`Port::settle`] finds a pseudo-terminal that did not.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, epoll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::pty::OpenptFlags;
use rustix::termios::{OptionalActions, QueueSelector};

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// The master side of one pseudo-terminal.
pub(crate) struct Port {
    master: OwnedFd,
    slave: PathBuf,
}

/// What one read of the line gave.
pub(crate) enum Heard {
    Bytes(usize),
    Nothing,
    /// Nobody has the slave open: the kernel answers `EIO` until somebody does.
    NobodyThere,
}

/// In which state the last driver left the terminal when it closed it.
pub(crate) enum Left {
    Clean,
    /// Still marked exclusive: an unprivileged driver would be refused for ever, which no real port does.
    Exclusive,
}

impl Port {
    /// Makes a raw pseudo-terminal that nobody has open yet.
    pub(crate) fn open() -> io::Result<Self> {
        let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        rustix::pty::grantpt(&master)?;
        rustix::pty::unlockpt(&master)?;
        let name = rustix::pty::ptsname(&master, Vec::new())?;
        let slave = PathBuf::from(OsStr::from_bytes(name.to_bytes()));
        let flags = rustix::fs::fcntl_getfl(&master)?;
        rustix::fs::fcntl_setfl(&master, flags | OFlags::NONBLOCK)?;
        let port = Self { master, slave };
        // Opened once and closed again: only then does the kernel report "nobody there" on the master, so that a
        // port never opened and a port closed again behave alike.
        let peer = port.peer()?;
        let mut termios = rustix::termios::tcgetattr(&peer)?;
        termios.make_raw();
        rustix::termios::tcsetattr(&peer, OptionalActions::Now, &termios)?;
        Ok(port)
    }

    /// The path under `/dev/pts`, which changes with every plugging in.
    pub(crate) fn slave(&self) -> &Path {
        &self.slave
    }

    /// Reports edges of this port to `watch`, until the port is dropped.
    pub(crate) fn watch_with(&self, watch: &OwnedFd) -> io::Result<()> {
        epoll::add(
            watch,
            &self.master,
            epoll::EventData::new_u64(0),
            epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ET,
        )?;
        Ok(())
    }

    pub(crate) fn read(&self, into: &mut [u8]) -> Heard {
        loop {
            match rustix::io::read(&self.master, &mut *into) {
                Ok(0) => return Heard::NobodyThere,
                Ok(count) => return Heard::Bytes(count),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Heard::Nothing,
                Err(_) => return Heard::NobodyThere,
            }
        }
    }

    /// Sends what the driver's input takes, and tells how many bytes that was. Bytes nobody listens to are gone, as on a
    /// wire, and count as sent.
    pub(crate) fn write(&self, bytes: &[u8]) -> usize {
        if !self.somebody_there() {
            return bytes.len();
        }
        let mut sent = 0;
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            match rustix::io::write(&self.master, rest) {
                Ok(count) => sent += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return sent,
                Err(_) => return bytes.len(),
            }
        }
        sent
    }

    /// After a driver closed the port: drops the input it did not read, as a serial port does, and tells whether
    /// the port can be opened again.
    pub(crate) fn settle(&self) -> Left {
        match self.peer() {
            Ok(peer) => {
                // Best effort: stale bytes are a nuisance, not an error of the simulated device.
                let _ = rustix::termios::tcflush(&peer, QueueSelector::IFlush);
                Left::Clean
            }
            // Busy because a new driver is already there is the ordinary case; busy and empty is the leftover.
            Err(error) if Errno::from_io_error(&error) == Some(Errno::BUSY) && !self.somebody_there() => {
                Left::Exclusive
            }
            Err(_) => Left::Clean,
        }
    }

    pub(crate) fn somebody_there(&self) -> bool {
        let mut ports = [PollFd::new(&self.master, PollFlags::OUT)];
        match rustix::event::poll(&mut ports, Some(&AT_ONCE)) {
            Ok(_) => !ports[0].revents().contains(PollFlags::HUP),
            Err(_) => false,
        }
    }

    fn peer(&self) -> io::Result<OwnedFd> {
        Ok(rustix::pty::ioctl_tiocgptpeer(
            &self.master,
            OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC,
        )?)
    }
}

/// Takes all waiting edges from `watch`; true when one of them was a hang-up.
pub(crate) fn drain(watch: &OwnedFd) -> bool {
    let mut events: Vec<epoll::Event> = Vec::with_capacity(4);
    let spare = rustix::buffer::spare_capacity(&mut events);
    if epoll::wait(watch, spare, Some(&AT_ONCE)).is_err() {
        return false;
    }
    events.iter().any(|event| { event.flags }.contains(epoll::EventFlags::HUP))
}
