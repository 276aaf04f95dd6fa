//! The driver's side of a line, with nothing but file descriptors.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use device_sim::{Font, LineOptions, Printer, PrinterOptions};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

/// Far longer than anything here takes; a test that reaches it has failed.
const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// What a driver says to a printer (Epson ESC/POS command reference).
pub const FULL_CUT: &[u8] = b"\x1D\x56\x00";
pub const ARE_YOU_ONLINE: &[u8] = b"\x10\x04\x01";
pub const WHY_OFFLINE: &[u8] = b"\x10\x04\x02";
pub const WHICH_ERROR: &[u8] = b"\x10\x04\x03";
pub const HOW_MUCH_PAPER: &[u8] = b"\x10\x04\x04";
pub const TELL_WHEN_PRINTED: &[u8] = b"\x1D\x72\x01";

pub struct Host(OwnedFd);

impl Host {
    pub fn open(path: &Path) -> Self {
        Self::try_open(path).expect("opening the simulated port")
    }

    pub fn try_open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Marks the port exclusive (`TIOCEXCL`), as serial port libraries do.
    pub fn claim(&self) {
        rustix::termios::ioctl_tiocexcl(&self.0).expect("claiming the port");
    }

    pub fn send(&self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let count = rustix::io::write(&self.0, bytes).expect("writing to the simulated port");
            bytes = &bytes[count..];
        }
    }

    /// Waits for exactly `count` bytes.
    pub fn hear(&self, count: usize) -> Vec<u8> {
        let mut heard = Vec::new();
        while heard.len() < count {
            assert!(self.readable(&PATIENCE), "only {heard:02X?} came");
            let mut buffer = vec![0; count - heard.len()];
            let got = rustix::io::read(&self.0, &mut buffer).expect("reading");
            assert!(got > 0, "hung up after {heard:02X?}");
            heard.extend(&buffer[..got]);
        }
        heard
    }

    pub fn ask(&self, question: &[u8], answer_bytes: usize) -> Vec<u8> {
        self.send(question);
        self.hear(answer_bytes)
    }

    /// True when nothing is there to read now.
    pub fn hears_nothing(&self) -> bool {
        !self.readable(&Timespec::default())
    }

    pub fn is_hung_up(&self) -> bool {
        let mut buffer = [0];
        match rustix::io::read(&self.0, &mut buffer) {
            Ok(count) => count == 0,
            Err(error) => io::Error::from(error).raw_os_error() == Some(5),
        }
    }

    fn readable(&self, timeout: &Timespec) -> bool {
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        rustix::event::poll(&mut fds, Some(timeout)).expect("polling") > 0
    }
}

pub fn font() -> Font {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansSC-Regular.ttf");
    Font::from_bytes(std::fs::read(file).expect("the bundled font")).expect("a font")
}

/// A printer and its driver.
pub struct Rig {
    pub printer: Printer,
    pub host: Host,
    _directory: TempDir,
}

pub fn rig_with(change: impl FnOnce(&mut PrinterOptions)) -> Rig {
    let directory = tempfile::tempdir().expect("setting the scene");
    let line = LineOptions::new(directory.path(), "printer");
    let mut options = PrinterOptions::new(line, font());
    change(&mut options);
    let printer = Printer::start(options).expect("setting the scene");
    let host = Host::open(printer.path());
    Rig { printer, host, _directory: directory }
}

pub fn rig() -> Rig {
    rig_with(|_| {})
}
