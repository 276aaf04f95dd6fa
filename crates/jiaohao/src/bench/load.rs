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

    /// Sends a request and returns status and body.
    pub(crate) async fn send(&mut self, request: &[u8]) -> anyhow::Result<(u16, Vec<u8>)> {
        self.stream.write_all(request).await.context("sending")?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await.context("receiving")? == 0 {
                bail!("the broker closed the connection");
            }
            let Some(end) = position(&self.buffer, b"\r\n\r\n") else { continue };
            let (head, body) = self.buffer.split_at(end + 4);
            let length =
                position(head, b"content-length: ").map_or(0, |at| number(&head[at + b"content-length: ".len()..]));
            if body.len() >= length {
                // `HTTP/1.1 201 …`
                let status = u16::try_from(number(head.get(9..).unwrap_or_default())).unwrap_or(0);
                return Ok((status, body[..length].to_vec()));
            }
        }
    }
}

/// A POST that takes a number, but for its key, which goes in at the end of the head.
fn request(token: &str, body: &str) -> (String, String) {
    let head = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: hall\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nidempotency-key: ",
        body.len()
    );
    (head, format!("\r\n\r\n{body}"))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The digits that bytes begin with.
fn number(bytes: &[u8]) -> usize {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
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
    for _ in 0..clients {
        let (head, tail) = request(token, r#"{"service":"payment"}"#);
        all.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut took = Vec::new();
            let mut bodies = Vec::new();
            while begun.elapsed() < lasting {
                let sent = Instant::now();
                let key = client::Key::new();
                let request = [head.as_str(), key.as_str(), &tail].concat();
                let answer = connection.send(request.as_bytes()).await?;
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
