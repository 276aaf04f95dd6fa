//! A directory of customers in the hall's network, in whatever mood.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Phones that begin with 1380 are VIPs', others it does not know.
    Knows,
    /// Not before everybody has lost patience.
    Slow,
    /// With HTTP 500.
    Fails,
    /// With something else.
    Garbles,
}

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub head: String,
    pub body: String,
}

/// The directory; dropped, it is gone.
pub struct NetworkDirectory {
    address: SocketAddr,
    token: NamedTempFile,
    state: Arc<Mutex<(Mood, Vec<Question>)>>,
    task: AbortHandle,
}

impl NetworkDirectory {
    pub async fn opens(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut token = NamedTempFile::new().expect("a file");
        token.write_all(b"of-the-directory\n").expect("a token");
        let state = Arc::new(Mutex::new((mood, vec![])));
        let task = tokio::spawn({
            let state = Arc::clone(&state);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, Arc::clone(&state)));
                }
            }
        });
        Self { address, token, state, task: task.abort_handle() }
    }

    pub fn url(&self) -> String {
        format!("http://{}/tier", self.address)
    }

    pub fn token_file(&self) -> String {
        self.token.path().display().to_string()
    }

    /// From now on it answers so.
    pub fn is(&self, mood: Mood) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 = mood;
    }

    /// Everything it was asked so far.
    pub fn asked(&self) -> Vec<Question> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl Drop for NetworkDirectory {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, state: Arc<Mutex<(Mood, Vec<Question>)>>) {
    let Some(question) = question(&mut stream).await else { return };
    let vip = question.body.contains(r#""value":"1380"#);
    let mood = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1.push(question);
        state.0
    };
    let (status, body) = match mood {
        Mood::Knows if vip => ("200 OK", r#"{"tier":"vip","level":"钻石卡"}"#),
        Mood::Knows => ("200 OK", r#"{"tier":null}"#),
        Mood::Slow => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return;
        }
        Mood::Fails => ("500 Internal Server Error", r#"{"tier":"vip"}"#),
        Mood::Garbles => ("200 OK", "<html>VIP</html>"),
    };
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    // Who has lost patience hears it no more.
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn question(stream: &mut TcpStream) -> Option<Question> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(Question { head: head.to_owned(), body: body.to_owned() });
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}
