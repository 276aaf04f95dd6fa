//! The event stream, kept open.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use wire::{Event, EventId, EventKind, Passing};

use crate::error::{Error, with_causes};
use crate::http::{ANSWER_TIMEOUT, Client, send};
use crate::sse::{Item, Parser};

/// What following the hall tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The stream stands. Passing events may have been missed before: ask for what they would have said.
    Connected,
    /// Something happened.
    Event(EventId, Event),
    /// Something worth telling now, not worth keeping.
    Passing(Passing),
    /// The stream broke, and why. It comes back by itself; told once a break.
    Lost(String),
    /// Events are missing between those before and those to come: take a new snapshot. The stream stands again
    /// when this is told, so a snapshot asked for now misses nothing.
    Stale,
}

/// Messages waiting for a slow receiver. When it is full the stream is not read, and the broker breaks it off.
const CAPACITY: usize = 256;

impl Client {
    /// Follows the hall from the event after `from` (a snapshot's place), or from now on. A task of the current
    /// tokio runtime keeps the stream: it reconnects after 0.2 s, then ever later up to 3 s, and resumes behind
    /// the last event it delivered. A stream silent for 20 s, without even a keep-alive, counts as lost. Events
    /// this version does not know are skipped. Dropping the receiver ends it all.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn follow(&self, from: Option<EventId>) -> mpsc::Receiver<Message> {
        self.follow_in(Rhythm::USUAL, from)
    }

    fn follow_in(&self, rhythm: Rhythm, from: Option<EventId>) -> mpsc::Receiver<Message> {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        let following = Following { client: self.clone(), rhythm, last: from, stale: false, sender };
        tokio::spawn(following.run());
        receiver
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
struct Rhythm {
    first_retry: Duration,
    last_retry: Duration,
    silence: Duration,
}

impl Rhythm {
    const USUAL: Self = Self {
        first_retry: Duration::from_millis(200),
        last_retry: Duration::from_secs(3),
        silence: Duration::from_secs(20),
    };
}

struct Following {
    client: Client,
    rhythm: Rhythm,
    last: Option<EventId>,
    stale: bool,
    sender: mpsc::Sender<Message>,
}

/// Nobody listens any more.
struct Unheard;

/// Why a stream ended or did not begin.
enum Broken {
    /// The broker does not have the events after `last` any more, or has another journal.
    Gone,
    Lost(String),
}

impl Following {
    async fn run(mut self) {
        let unheard = self.sender.clone();
        tokio::select! {
            () = unheard.closed() => {}
            Unheard = self.keep_up() => {}
        }
    }

    async fn keep_up(&mut self) -> Unheard {
        let mut retry = self.rhythm.first_retry;
        let mut told_lost = false;
        loop {
            let broken = match self.open().await {
                Ok(stream) => {
                    told_lost = false;
                    match self.read(stream, &mut retry).await {
                        Ok(why) => {
                            // Without an id to resume from, what happens until the next connection is missed.
                            self.stale |= self.last.is_none();
                            Broken::Lost(why)
                        }
                        Err(unheard) => return unheard,
                    }
                }
                Err(broken) => broken,
            };
            match broken {
                Broken::Gone if self.last.take().is_some() => {
                    self.stale = true;
                    continue;
                }
                Broken::Gone => tracing::warn!("the broker has no events at all to follow"),
                Broken::Lost(why) => {
                    if !told_lost && self.tell(Message::Lost(why)).await.is_err() {
                        return Unheard;
                    }
                    told_lost = true;
                }
            }
            sleep(retry).await;
            retry = (retry * 2).min(self.rhythm.last_retry);
        }
    }

    async fn open(&self) -> Result<Response, Broken> {
        let mut request =
            self.client.request(Method::GET, self.client.url(&["events"])).header(ACCEPT, "text/event-stream");
        if let Some(last) = &self.last {
            request = request.header("Last-Event-ID", last.to_string());
        }
        let answer = match timeout(ANSWER_TIMEOUT, send("following the hall", request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if status(&error) == Some(410) => return Err(Broken::Gone),
            Ok(Err(error)) => return Err(Broken::Lost(with_causes(&error))),
            Err(_) => return Err(Broken::Lost("following the hall: no answer".to_owned())),
        };
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            return Err(Broken::Lost(format!("following the hall: the answer is `{kind}`, not an event stream")));
        }
        Ok(answer)
    }

    /// Reads until the stream breaks, and tells why it did.
    async fn read(&mut self, mut stream: Response, retry: &mut Duration) -> Result<String, Unheard> {
        if std::mem::take(&mut self.stale) {
            self.tell(Message::Stale).await?;
        }
        self.tell(Message::Connected).await?;
        let mut parser = Parser::default();
        loop {
            let bytes = match timeout(self.rhythm.silence, stream.chunk()).await {
                Ok(Ok(Some(bytes))) => bytes,
                Ok(Ok(None)) => return Ok("the broker ended the event stream".to_owned()),
                Ok(Err(error)) => return Ok(with_causes(&error.without_url())),
                Err(_) => return Ok(format!("the event stream was silent for {:?}", self.rhythm.silence)),
            };
            *retry = self.rhythm.first_retry;
            for item in parser.push(&bytes) {
                self.take(item).await?;
            }
        }
    }

    async fn take(&mut self, item: Item) -> Result<(), Unheard> {
        let message = match item {
            Item::TooLong => Some(Message::Stale),
            Item::Message { event, data, id } => match id.as_deref().map(str::parse::<EventId>) {
                Some(Ok(id)) => {
                    let message = durable(&event, &data).map(|event| Message::Event(id.clone(), event));
                    self.last = Some(id);
                    message
                }
                Some(Err(error)) => {
                    tracing::warn!(event, error, "skipping an event with a strange id");
                    None
                }
                None => passing(&event, &data).map(Message::Passing),
            },
        };
        match message {
            Some(message) => self.tell(message).await,
            None => Ok(()),
        }
    }

    async fn tell(&self, message: Message) -> Result<(), Unheard> {
        self.sender.send(message).await.map_err(|_| Unheard)
    }
}

fn durable(name: &str, data: &str) -> Option<Event> {
    match serde_json::from_str(data) {
        Ok(event) => Some(event),
        Err(error) => {
            if EventKind::NAMES.contains(&name) {
                tracing::warn!(event = name, %error, "skipping an event that is not understood");
            } else {
                tracing::debug!(event = name, "skipping an event of a later version");
            }
            None
        }
    }
}

fn passing(name: &str, data: &str) -> Option<Passing> {
    match serde_json::from_str(data) {
        Ok(passing) => Some(passing),
        Err(error) => {
            tracing::debug!(event = name, %error, "skipping a passing event that is not understood");
            None
        }
    }
}

fn status(error: &Error) -> Option<u16> {
    match error {
        Error::Refused(problem) => Some(problem.status),
        Error::Protocol { status, .. } => Some(*status),
        Error::Unreachable { .. } => None,
    }
}

#[cfg(test)]
mod tests;
