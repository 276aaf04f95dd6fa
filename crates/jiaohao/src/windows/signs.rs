//! Hears a window say that it lives.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram as Bound};

use look::pulse::ALIVE;
use tokio::net::UnixDatagram;

/// A socket of one window, under a name in no file system.
#[derive(Debug)]
pub(crate) struct Signs {
    socket: UnixDatagram,
    name: String,
}

impl Signs {
    pub(crate) fn listen() -> io::Result<Self> {
        // Nobody else can guess it and say that a dead window lives.
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let name = format!("jiaohao-window-{:032x}", u128::from_le_bytes(random));
        let bound = Bound::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
        bound.set_nonblocking(true)?;
        Ok(Self { socket: UnixDatagram::from_std(bound)?, name })
    }

    /// What the window finds in `NOTIFY_SOCKET`.
    pub(crate) fn address(&self) -> String {
        format!("@{}", self.name)
    }

    /// The next sign of life.
    pub(crate) async fn next(&self) {
        let mut words = [0; 256];
        loop {
            match self.socket.recv(&mut words).await {
                Ok(length) => {
                    if words[..length].split(|byte| *byte == b'\n').any(|word| word == ALIVE.as_bytes()) {
                        return;
                    }
                }
                Err(error) => {
                    // Without signs the window counts as hung, which is the safe side.
                    tracing::warn!(%error, "listening to a window");
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}
