//! The kiosk's talk with the broker, on a thread of its own: commands of the desk in, news out.

use crate::desk::{ANSWER_LIMIT, Command, News};
use crate::pending::{Pending, PendingFile};
use client::{Client, Key, Message};
use std::io;
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use wire::{Condition, EventKind, KioskSettings, PassingKind, Place, Problem};

/// Between two looks at the businesses when nothing happens in the hall.
const POLL_EVERY: Duration = Duration::from_secs(3);
/// A busy hall changes many times a second; its cards follow this fast.
const POLL_AT_MOST_EVERY: Duration = Duration::from_millis(500);
/// Commands that may wait; a desk has at most a few under way.
const COMMANDS: usize = 32;

/// Starts the talk. It ends when the sender of commands is dropped. `tell` is called on the thread of the talk.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(
    client: Client,
    kiosk: Option<String>,
    pending: PendingFile,
    found: Option<Pending>,
    tell: impl Fn(News) + Send + Sync + 'static,
) -> io::Result<mpsc::Sender<Command>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (sender, receiver) = mpsc::channel(COMMANDS);
    std::thread::Builder::new().name("kiosk-network".to_owned()).spawn(move || {
        let talk = Talk { client, kiosk, pending, current: found, tell: std::sync::Arc::new(tell), settings: None };
        runtime.block_on(talk.run(receiver));
    })?;
    Ok(sender)
}

struct Talk<Tell> {
    client: Client,
    kiosk: Option<String>,
    pending: PendingFile,
    /// The request that is written down.
    current: Option<Pending>,
    tell: std::sync::Arc<Tell>,
    settings: Option<KioskSettings>,
}

impl<Tell: Fn(News) + Send + Sync + 'static> Talk<Tell> {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut messages = self.client.follow(None);
        let mut poll = interval(POLL_EVERY);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut hasty = interval(POLL_AT_MOST_EVERY);
        hasty.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut changed = false;
        loop {
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.perform(command).await;
                }
                message = messages.recv() => {
                    let Some(message) = message else { return };
                    changed |= self.hear(message);
                }
                _ = poll.tick() => self.look().await,
                _ = hasty.tick(), if changed => {
                    changed = false;
                    poll.reset_at(Instant::now() + POLL_EVERY);
                    self.look().await;
                }
            }
        }
    }

    async fn perform(&mut self, command: Command) {
        match command {
            Command::AskServices(language) => {
                self.client = self.client.with_language(language.tag());
                self.look().await;
            }
            Command::Take { attempt, request } => match self.pending.write(&request, SystemTime::now()) {
                Ok(pending) => {
                    self.current = Some(pending);
                    self.take(attempt);
                }
                Err(error) => {
                    // Unwritten is unsent: a number that a restart could take twice is not taken at all.
                    tracing::error!(error = &error as &dyn std::error::Error, "a request was not sent");
                    let problem = Problem {
                        kind: "kiosk_storage".to_owned(),
                        title: String::new(),
                        status: 507,
                        detail: Some(error.to_string()),
                        field: None,
                    };
                    (self.tell)(News::Refused { attempt, problem });
                }
            },
            Command::TakeAgain { attempt } => self.take(attempt),
            Command::Forget => {
                self.current = None;
                if let Err(error) = self.pending.forget() {
                    tracing::error!(error = &error as &dyn std::error::Error, "an answered request stays on the disk");
                }
            }
        }
    }

    /// Sends the request that is written down. The answer comes as news, so that a slow broker holds nothing up.
    fn take(&self, attempt: u64) {
        let Some(pending) = self.current.clone() else {
            (self.tell)(News::Unanswered { attempt });
            return;
        };
        let client = self.client.with_language(pending.request.language.as_deref().unwrap_or("zh"));
        let tell = std::sync::Arc::clone(&self.tell);
        tokio::spawn(async move {
            let key = Key::from(pending.key);
            let news = match timeout(ANSWER_LIMIT, client.take_ticket(&key, &pending.request)).await {
                Ok(Ok(issued)) => News::Issued { attempt, issued: Box::new(issued) },
                Ok(Err(error)) => match error.refusal() {
                    Some(problem) if !error.is_passing() => News::Refused { attempt, problem: problem.clone() },
                    Some(_) | None => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "no answer to a request for a number");
                        News::Unanswered { attempt }
                    }
                },
                Err(_late) => News::Unanswered { attempt },
            };
            tell(news);
        });
    }

    /// Asks how the businesses stand, and who the kiosk is when that is not known yet.
    async fn look(&mut self) {
        if self.settings.is_none()
            && let Some(kiosk) = &self.kiosk
        {
            match timeout(ANSWER_LIMIT, self.client.kiosk(kiosk)).await {
                Ok(Ok(settings)) => {
                    warn_of_reach(&settings);
                    (self.tell)(News::Settings(settings.clone()));
                    self.settings = Some(settings);
                    self.look_at_devices().await;
                }
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "asking what this kiosk is");
                }
                Err(_late) => tracing::warn!("no answer in time to what this kiosk is"),
            }
        }
        (self.tell)(match timeout(ANSWER_LIMIT, self.client.services()).await {
            Ok(Ok(services)) => News::Services(services),
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "asking for the businesses");
                News::Unreached
            }
            Err(_late) => News::Unreached,
        });
    }

    /// Asks how the kiosk's devices are; from then on the stream tells.
    async fn look_at_devices(&self) {
        match timeout(ANSWER_LIMIT, self.client.hall()).await {
            Ok(Ok(hall)) => {
                for device in hall.devices {
                    self.hear_passing(PassingKind::DeviceChanged { device });
                }
            }
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "asking how the kiosk's devices are");
            }
            Err(_late) => tracing::warn!("no answer in time to how the kiosk's devices are"),
        }
    }

    /// Whether the cards have changed.
    fn hear(&mut self, message: Message) -> bool {
        match message {
            // A broker that was away may have come back with another configuration.
            Message::Connected | Message::Stale => {
                self.settings = None;
                true
            }
            Message::Lost(why) => {
                tracing::warn!(why, "the event stream broke");
                true
            }
            Message::Event(_, event) => changes_cards(&event.kind),
            Message::Passing(passing) => {
                self.hear_passing(passing.kind);
                false
            }
        }
    }

    fn hear_passing(&self, kind: PassingKind) {
        match kind {
            PassingKind::PrintChanged { ticket, kiosk, state, .. } if Some(&kiosk) == self.kiosk.as_ref() => {
                (self.tell)(News::Printing { ticket: ticket.0, state });
            }
            PassingKind::DeviceChanged { device } => {
                if let (Place::Kiosk(kiosk), Some(own)) = (&device.place, &self.kiosk)
                    && kiosk == own
                {
                    (self.tell)(News::Paper { out: device.report.conditions.contains(&Condition::PaperOut) });
                }
            }
            PassingKind::PrintChanged { .. } | PassingKind::Say { .. } | PassingKind::SignWanted { .. } => {}
        }
    }
}

fn warn_of_reach(settings: &KioskSettings) {
    if !crate::reach::is_within_reach(settings.panel_bottom_mm) {
        tracing::warn!(
            panel_bottom_mm = settings.panel_bottom_mm,
            "the panel hangs too high: its upper cards are out of a wheelchair's reach; 967 mm is the highest"
        );
    }
}

/// Whether people ahead, waits or openings may be others after this.
fn changes_cards(kind: &EventKind) -> bool {
    match kind {
        EventKind::DayOpened { .. }
        | EventKind::DayClosed { .. }
        | EventKind::TicketingChanged { .. }
        | EventKind::TicketIssued { .. }
        | EventKind::TicketCalled { .. }
        | EventKind::TicketTransferred { .. }
        | EventKind::TicketReturned { .. }
        | EventKind::TicketCancelled { .. }
        | EventKind::TicketPrioritised { .. }
        | EventKind::CounterOpened { .. }
        | EventKind::CounterClosed { .. }
        | EventKind::CounterPaused { .. }
        | EventKind::CounterResumed { .. } => true,
        EventKind::TicketRecalled { .. }
        | EventKind::TicketStarted { .. }
        | EventKind::TicketCompleted { .. }
        | EventKind::TicketNoShow { .. }
        | EventKind::TicketHeld { .. }
        | EventKind::TicketRated { .. }
        | EventKind::TicketReprinted { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc as std_mpsc;
    use wire::TakeTicket;

    const ISSUED: &str = r#"{"ticket":{"id":7,"number":"A042","tier":"ordinary","service":"open","state":"waiting",
        "issued_at":"2026-11-22T01:41:00Z","deadline_at":"2026-11-22T02:11:00Z","ahead":5,"waited_s":0},
        "wait":{"likely_s":1000,"low_s":600,"high_s":1300,"samples":20}}"#;

    /// A broker that loses its first answer to `POST /tickets`, and hands on the keys it saw.
    fn forgetful_broker() -> (String, std_mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (keys_in, keys_out) = std_mpsc::channel();
        std::thread::spawn(move || {
            let mut seen = 0;
            for stream in listener.incoming().flatten() {
                if let Some(key) = answer(stream, seen > 0) {
                    seen += 1;
                    if keys_in.send(key).is_err() {
                        return;
                    }
                }
            }
        });
        (address, keys_out)
    }

    /// Answers one request and closes; hands back the key of a `POST /tickets`.
    fn answer(mut stream: TcpStream, answers_tickets: bool) -> Option<String> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut request = String::new();
        reader.read_line(&mut request).ok()?;
        let (mut key, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "idempotency-key" => key = Some(value.trim().to_owned()),
                "content-length" => length = value.trim().parse().ok()?,
                _ => {}
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        let takes = request.starts_with("POST") && request.contains("/tickets ");
        let (status, body) = match (takes, request.contains("/services ")) {
            (true, _) if !answers_tickets => return key,
            (true, _) => ("201 Created", ISSUED),
            (false, true) => ("200 OK", "[]"),
            (false, false) => ("404 Not Found", "{}"),
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n");
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).ok()?;
        key.filter(|_| takes)
    }

    #[test]
    fn a_lost_answer_is_asked_for_again_with_the_same_key_and_forgotten_once_shown() {
        let (address, keys) = forgetful_broker();
        let folder = tempfile::tempdir().expect("a folder");
        let pending = PendingFile::in_folder(folder.path(), "k1");
        let (news_in, news) = std_mpsc::channel();
        let client = Client::new(address, "token").expect("an address");
        let commands = start(client, None, pending.clone(), None, move |told| {
            if !matches!(told, News::Services(_)) {
                news_in.send(told).expect("the test listens");
            }
        })
        .expect("a thread");
        let next = || news.recv_timeout(Duration::from_secs(20)).expect("news");

        let request = TakeTicket { service: "open".to_owned(), ..TakeTicket::default() };
        commands.blocking_send(Command::Take { attempt: 1, request }).expect("taken");
        assert_eq!(next(), News::Unanswered { attempt: 1 });
        let first = keys.recv().expect("a key");
        let written = pending.find(SystemTime::now()).expect("readable").expect("written before it was sent");
        assert_eq!(written.key, first);

        commands.blocking_send(Command::TakeAgain { attempt: 1 }).expect("taken");
        assert!(matches!(next(), News::Issued { attempt: 1, issued } if issued.ticket.number == "A042"));
        assert_eq!(keys.recv().expect("a key"), first);
        assert!(pending.find(SystemTime::now()).expect("readable").is_some(), "kept until the answer was shown");

        commands.blocking_send(Command::Forget).expect("taken");
        // Commands are performed in order: the answer to this one tells that the one before is done.
        commands.blocking_send(Command::TakeAgain { attempt: 2 }).expect("taken");
        assert_eq!(next(), News::Unanswered { attempt: 2 });
        assert_eq!(pending.find(SystemTime::now()).expect("readable"), None);
    }

    #[test]
    fn a_request_that_cannot_be_written_down_is_not_sent() {
        let (address, keys) = forgetful_broker();
        let pending = PendingFile::in_folder(std::path::Path::new("/nonexistent-jiaohao"), "k1");
        let (news_in, news) = std_mpsc::channel();
        let client = Client::new(address, "token").expect("an address");
        let commands = start(client, None, pending, None, move |told| {
            if !matches!(told, News::Services(_)) {
                news_in.send(told).expect("the test listens");
            }
        })
        .expect("a thread");
        commands.blocking_send(Command::Take { attempt: 1, request: TakeTicket::default() }).expect("taken");
        let told = news.recv_timeout(Duration::from_secs(20)).expect("news");
        assert!(matches!(told, News::Refused { attempt: 1, problem } if problem.kind == "kiosk_storage"));
        assert!(keys.try_recv().is_err());
    }
}
