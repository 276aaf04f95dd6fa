//! Tells the service manager that a hall or broker is up and lives: it has to answer like to anybody else.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use look::pulse::Pulse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(5);
/// The beginning of an answer that says that all is well.
const WELL: &[u8] = b"HTTP/1.1 200";

/// Says `READY=1`, and from then on `WATCHDOG=1` as long as the broker at this address answers `/livez`. `None` when nobody watches
/// over this process.
pub(crate) fn keep_telling(address: SocketAddr) -> Option<JoinHandle<()>> {
    let pulse = match Pulse::from_environment() {
        Ok(pulse) => pulse?,
        Err(error) => {
            tracing::warn!(%error, "the service manager does not hear that the hall lives");
            return None;
        }
    };
    pulse.ready();
    Some(tokio::spawn(async move {
        loop {
            match timeout(PATIENCE, ask(address)).await {
                Ok(Ok(())) => pulse.alive(),
                Ok(Err(error)) => tracing::error!(error = format!("{error:#}"), "the broker is not well"),
                Err(_late) => tracing::error!("the broker does not answer"),
            }
            sleep(pulse.every()).await;
        }
    }))
}

async fn ask(address: SocketAddr) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await.context("connecting")?;
    let request = format!("GET /livez HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.context("asking")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.context("listening")?;
    if !answer.starts_with(WELL) {
        bail!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn answers(answer: &'static str) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let mut asked = [0; 256];
            let length = stream.read(&mut asked).await.expect("a request");
            stream.write_all(answer.as_bytes()).await.expect("an answer");
            String::from_utf8_lossy(&asked[..length]).into_owned()
        });
        let outcome = ask(address).await;
        assert!(server.await.expect("a request").starts_with("GET /livez HTTP/1.1\r\n"));
        outcome
    }

    #[tokio::test]
    async fn a_broker_lives_when_it_says_so() {
        answers("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("it lives");
        answers("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await.expect_err("it does not");
        answers("").await.expect_err("it says nothing");
    }
}
