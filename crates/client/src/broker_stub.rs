//! A real HTTP server for the tests of this crate: it says exactly the bytes a test gives it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Client;

pub(crate) struct Server(TcpListener);

/// One request, to be answered.
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
    stream: TcpStream,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(format!("http://{}", self.0.local_addr().unwrap()), "secret").unwrap()
    }

    pub(crate) async fn asked(&self) -> Asked {
        let (mut stream, _) = self.0.accept().await.unwrap();
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|at| at == b"\r\n\r\n") {
                break at + 4;
            }
            let count = stream.read(&mut piece).await.unwrap();
            assert!(count > 0, "the request ended within its head");
            bytes.extend_from_slice(&piece[..count]);
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut asked = Asked { head, body: String::new(), stream };
        let length: usize = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = bytes.split_off(end);
        while body.len() < length {
            let count = asked.stream.read(&mut piece).await.unwrap();
            assert!(count > 0, "the request ended within its body");
            body.extend_from_slice(&piece[..count]);
        }
        asked.body = String::from_utf8(body).unwrap();
        asked
    }
}

impl Asked {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (this, value) = line.split_once(':')?;
            this.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) async fn answer(mut self, status: &str, kind: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        self.stream.write_all(answer.as_bytes()).await.unwrap();
        self.stream.shutdown().await.unwrap();
    }

    pub(crate) async fn begin_events(&mut self) {
        self.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n").await;
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// Waits until the client has hung up.
    pub(crate) async fn hung_up(mut self) {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).await.ok();
    }
}
