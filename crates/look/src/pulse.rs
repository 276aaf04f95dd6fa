//! The sign of life of a process: whoever watches over it hears that the loop of its window, or its runtime, still turns.
//!
//! The words are those of systemd's notification socket, whose address stands in `NOTIFY_SOCKET`. A one-box hall gives its own
//! windows such an address and watches them in the same way, so that a window needs to know one watcher only.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// Where the watcher listens.
pub const SOCKET: &str = "NOTIFY_SOCKET";
/// After so many microseconds of silence the watcher ends the process.
const LIMIT: &str = "WATCHDOG_USEC";
/// What is said once: it is up, and what it shows or serves is there.
pub const READY: &str = "READY=1";
/// What is said over and over.
pub const ALIVE: &str = "WATCHDOG=1";

/// How often a process says that it lives, unless its watcher is more impatient.
const EVERY: Duration = Duration::from_secs(1);
/// So many signs fit into the watcher's patience: one may be late.
const SIGNS_IN_TIME: u32 = 3;

/// The way to whoever watches over this process.
#[derive(Debug)]
pub struct Pulse {
    socket: UnixDatagram,
    watcher: SocketAddr,
    every: Duration,
}

impl Pulse {
    /// The pulse of this process; `None` when nobody watches over it.
    ///
    /// # Errors
    /// The address in `NOTIFY_SOCKET` is none, or the system gives no socket.
    pub fn from_environment() -> io::Result<Option<Self>> {
        match env::var_os(SOCKET) {
            Some(address) if !address.is_empty() => Self::to(&address, env::var_os(LIMIT)).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// `limit` is the watcher's patience in microseconds.
    fn to(address: &OsStr, limit: Option<OsString>) -> io::Result<Self> {
        let watcher = match address.as_bytes() {
            // As systemd writes a name that is in no file system.
            [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
            _ => SocketAddr::from_pathname(address)?,
        };
        let socket = UnixDatagram::unbound()?;
        // A watcher that does not listen must not stop what it watches over.
        socket.set_nonblocking(true)?;
        let patience = limit.and_then(|limit| limit.to_str()?.parse().ok()).map(Duration::from_micros);
        let every = patience.map_or(EVERY, |patience| (patience / SIGNS_IN_TIME).min(EVERY));
        Ok(Self { socket, watcher, every })
    }

    /// How often [`Pulse::alive`] is to be said.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Says that the process is up.
    pub fn ready(&self) {
        self.say(READY);
    }

    /// Says that the process lives.
    pub fn alive(&self) {
        self.say(ALIVE);
    }

    fn say(&self, words: &str) {
        // A watcher that is gone or does not keep up is no reason to stop: there is nobody to tell.
        let _ = self.socket.send_to_addr(words.as_bytes(), &self.watcher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A watcher that waits for nothing, and what it has heard.
    struct Watcher(UnixDatagram);

    impl Watcher {
        fn heard(&self) -> Option<String> {
            let mut words = [0; 64];
            let length = self.0.recv(&mut words).ok()?;
            Some(String::from_utf8_lossy(&words[..length]).into_owned())
        }
    }

    fn at(socket: io::Result<UnixDatagram>) -> Watcher {
        let socket = socket.expect("a socket");
        socket.set_nonblocking(true).expect("a socket that does not block");
        Watcher(socket)
    }

    #[test]
    fn a_watcher_at_a_path_hears_that_the_process_is_up_and_lives() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let watcher = at(UnixDatagram::bind(&path));
        let pulse = Pulse::to(path.as_os_str(), None).expect("a pulse");
        pulse.ready();
        pulse.alive();
        assert_eq!(watcher.heard().as_deref(), Some("READY=1"));
        assert_eq!(watcher.heard().as_deref(), Some("WATCHDOG=1"));
        assert_eq!(watcher.heard(), None);
    }

    #[test]
    fn a_watcher_without_a_file_is_reached_by_its_name() {
        let name = format!("jiaohao-pulse-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("an address");
        let watcher = at(UnixDatagram::bind_addr(&address));
        Pulse::to(OsStr::new(&format!("@{name}")), None).expect("a pulse").alive();
        assert_eq!(watcher.heard().as_deref(), Some("WATCHDOG=1"));
    }

    #[test]
    fn signs_come_every_second_or_three_times_within_the_watchers_patience() {
        let every = |limit: Option<&str>| {
            let pulse = Pulse::to(OsStr::new("/run/notify"), limit.map(OsString::from)).expect("a pulse");
            pulse.every()
        };
        assert_eq!(every(None), Duration::from_secs(1));
        assert_eq!(every(Some("5000000")), Duration::from_secs(1));
        assert_eq!(every(Some("1500000")), Duration::from_millis(500));
        assert_eq!(every(Some("soon")), Duration::from_secs(1));
    }

    #[test]
    fn a_watcher_that_is_gone_or_does_not_listen_stops_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let pulse = Pulse::to(path.as_os_str(), None).expect("a pulse");
        pulse.alive();
        let _deaf = UnixDatagram::bind(&path).expect("a socket");
        // More than any socket keeps.
        for _ in 0..10_000 {
            pulse.alive();
        }
    }
}
