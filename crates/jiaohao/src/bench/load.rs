//! A load of HTTP requests that costs the machine as little as possible: both sides share it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One kept-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What a number of clients got done.
pub(crate) struct Load {
    /// Acknowledged requests, each with how long it took.
    pub(crate) took: Vec<Duration>,
    /// From the first request to the last answer.
    pub(crate) lasted: Duration,
    /// The bodies.
    pub(crate) bodies: Vec<Vec<u8>>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true).context("connecting")?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a POST and returns status and body.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        token: &str,
        key: &str,
        body: &str,
    ) -> anyhow::Result<(u16, Vec<u8>)> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: hall\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.context("sending")?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await.context("receiving")? == 0 {
                bail!("the broker closed the connection");
            }
            let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.buffer[..end]).context("the answer's head")?;
            let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("the answer's status")?;
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse().ok())
                .unwrap_or(0_usize);
            if self.buffer.len() >= end + 4 + length {
                return Ok((status, self.buffer[end + 4..end + 4 + length].to_vec()));
            }
        }
    }
}

/// Lets `clients` take numbers for `lasting`, each as fast as it is answered.
pub(crate) async fn take_numbers(
    address: SocketAddr,
    token: &str,
    clients: usize,
    lasting: Duration,
) -> anyhow::Result<Load> {
    let begun = Instant::now();
    let mut all = tokio::task::JoinSet::new();
    for client in 0..clients {
        let token = token.to_owned();
        all.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut took = Vec::new();
            let mut bodies = Vec::new();
            while begun.elapsed() < lasting {
                let sent = Instant::now();
                // Keys that rise with time lie beside each other in the store, as the client library's do.
                let key = format!("{:012x}-{client:02}-{:06}", begun.elapsed().as_micros(), took.len());
                let answer = connection.post("/api/v1/tickets", &token, &key, r#"{"service":"payment"}"#).await?;
                if answer.0 != 201 {
                    bail!("a number was refused with {}: {}", answer.0, String::from_utf8_lossy(&answer.1));
                }
                took.push(sent.elapsed());
                bodies.push(answer.1);
            }
            Ok((took, bodies))
        });
    }
    let (mut took, mut bodies) = (Vec::new(), Vec::new());
    while let Some(done) = all.join_next().await {
        let (durations, answers) = done.context("a client of the load")??;
        took.extend(durations);
        bodies.extend(answers);
    }
    Ok(Load { took, lasted: begun.elapsed(), bodies })
}
