//! Two pseudo-terminals joined like the ends of a cable: what is written at one end is read at the other.

use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::pty::OpenptFlags;
use rustix::termios::OptionalActions;
use tokio::task::JoinSet;

/// How often the ends are looked at; little against the time an answer may take.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// A cable with two ends. Dropped, both are gone.
pub struct PtyPair {
    near: String,
    far: String,
    _pump: JoinSet<()>,
}

impl PtyPair {
    /// Joins two new pseudo-terminals.
    pub fn joined() -> Self {
        let ((near_end, near), (far_end, far)) = (end(), end());
        let mut pump = JoinSet::new();
        pump.spawn(async move {
            loop {
                carry(&near_end, &far_end);
                carry(&far_end, &near_end);
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        Self { near, far, _pump: pump }
    }

    /// The port at one end.
    pub fn near(&self) -> &str {
        &self.near
    }

    /// The port at the other end.
    pub fn far(&self) -> &str {
        &self.far
    }
}

/// A raw pseudo-terminal that nobody has open, and the path of its port.
fn end() -> (OwnedFd, String) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = rustix::pty::openpt(flags).expect("a pseudo-terminal");
    rustix::io::ioctl_fionbio(&master, true).expect("a terminal that does not wait");
    rustix::pty::grantpt(&master).expect("its port");
    rustix::pty::unlockpt(&master).expect("its port");
    let peer = rustix::pty::ioctl_tiocgptpeer(&master, flags).expect("its port");
    let mut termios = rustix::termios::tcgetattr(&peer).expect("its settings");
    termios.make_raw();
    rustix::termios::tcsetattr(&peer, OptionalActions::Now, &termios).expect("its settings");
    let path = rustix::pty::ptsname(&master, Vec::new()).expect("its path");
    (master, path.into_string().expect("a path of ASCII"))
}

/// Takes what has been written at one end to the other. What nobody is there to write or to hear is nothing.
fn carry(from: &OwnedFd, to: &OwnedFd) {
    let mut buffer = [0; 512];
    match rustix::io::read(from, &mut buffer) {
        Ok(count) => {
            let sent = rustix::io::write(to, &buffer[..count]).expect("a terminal takes a frame");
            assert_eq!(sent, count, "a terminal takes a whole frame");
        }
        Err(Errno::AGAIN | Errno::INTR | Errno::IO) => {}
        Err(error) => panic!("the cable broke: {error}"),
    }
}
