//! A port opened for one question.

use std::time::Duration;

use thiserror::Error;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use wire::Flow;

use crate::port::{Gone, OpenError, Port, PortSettings};

/// Bits on the wire for each byte: a start bit, eight data bits, a stop bit.
const BITS_A_BYTE: u64 = 10;
/// What an adapter and a driver may add to the time of the wire: USB adapters deliver every 16 ms.
const ADAPTER: Duration = Duration::from_millis(60);
/// How long a device may hold the line off before it counts as stuck.
const HELD_OFF: Duration = Duration::from_secs(10);
/// Answers are at most this long here; the rest is dropped.
const HEARD_BYTES: usize = 256;

/// Why a port could not be asked.
#[derive(Debug, Error)]
pub enum ProbeError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was lost on the way.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// The device holds the line off and takes no bytes.
    #[error("sending to {path}: the device took no bytes for {} s", HELD_OFF.as_secs())]
    HeldOff {
        /// The port.
        path: String,
    },
}

/// An open port and its speed.
pub(super) struct Line {
    port: Port,
    path: String,
    baud: u32,
}

impl Line {
    pub(super) async fn open(path: &str, baud: u32, flow: Flow) -> Result<Self, ProbeError> {
        let port = Port::open(&PortSettings { path: path.to_owned(), baud, flow }).await?;
        Ok(Self { port, path: path.to_owned(), baud })
    }

    /// Hands all bytes over and waits as long as the wire needs for them: closing throws away what is still in the
    /// kernel.
    pub(super) async fn send(&self, bytes: &[u8]) -> Result<(), ProbeError> {
        let until = Instant::now() + self.wire_time(bytes.len()) + ADAPTER;
        self.write(bytes).await?;
        tokio::time::sleep_until(until).await;
        Ok(())
    }

    /// Hands all bytes over.
    pub(super) async fn write(&self, bytes: &[u8]) -> Result<(), ProbeError> {
        let mut left = bytes;
        while !left.is_empty() {
            match timeout(HELD_OFF, self.port.write(left)).await {
                Ok(written) => left = left.get(written?..).unwrap_or_default(),
                Err(_) => return Err(ProbeError::HeldOff { path: self.path.clone() }),
            }
        }
        Ok(())
    }

    /// What is heard within `limit`, or until `is_enough`.
    pub(super) async fn listen(
        &self,
        limit: Duration,
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<u8>, ProbeError> {
        let until = Instant::now() + limit;
        let mut heard = Vec::new();
        let mut buffer = [0; HEARD_BYTES];
        while heard.len() < HEARD_BYTES && !is_enough(&heard) {
            match timeout_at(until, self.port.read(&mut buffer)).await {
                Ok(count) => heard.extend_from_slice(buffer.get(..count?).unwrap_or_default()),
                Err(_) => break,
            }
        }
        Ok(heard)
    }

    /// Sends a question and listens for at most `limit` after the wire has carried it.
    pub(super) async fn ask(
        &self,
        question: &[u8],
        limit: Duration,
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<u8>, ProbeError> {
        self.write(question).await?;
        self.listen(self.wire_time(question.len()) + limit, is_enough).await
    }

    /// Bytes at least; waits for them at most `limit`.
    pub(super) async fn read(&self, buffer: &mut [u8]) -> Result<usize, Gone> {
        self.port.read(buffer).await
    }

    /// Lets what was said before come and go, so that it is not taken for an answer.
    pub(super) async fn settle(&self) -> Result<(), ProbeError> {
        sleep(ADAPTER).await;
        self.listen(Duration::ZERO, |_| false).await?;
        Ok(())
    }

    pub(super) fn wire_time(&self, bytes: usize) -> Duration {
        let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(BITS_A_BYTE);
        Duration::from_millis(bits.saturating_mul(1_000).div_ceil(u64::from(self.baud.max(1))))
    }

    pub(super) async fn close(self) {
        self.port.close().await;
    }
}
