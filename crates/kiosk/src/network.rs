//! The kiosk's talk with the broker, on a thread of its own: commands of the desk in, news out.

mod abandon;
mod businesses;
mod persons;

#[cfg(test)]
mod tests;

use crate::desk::{ANSWER_LIMIT, Command, Identified, News};
use crate::pending::{Pending, PendingError, PendingFile};
use businesses::{Look, paper_of};
use client::{Client, Key, Message};
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use wire::{EventKind, PassingKind, Problem};

/// Between two looks at the businesses when nothing happens in the hall. With the longest that one may take this is less than the
/// two seconds within which a page says that the broker is away.
const POLL_EVERY: Duration = Duration::from_secs(1);
/// How old what the kiosk knows of itself may grow: hours, news and greetings change with the day, and clocks are set.
const SETTINGS_KEPT: Duration = Duration::from_secs(60);
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
        let talk = Talk {
            client,
            kiosk,
            pending,
            current: found,
            tell: Arc::new(tell),
            knows_settings: false,
            settings_asked: Instant::now(),
            looking: JoinSet::new(),
            abandoned: Arc::new(Notify::new()),
        };
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
    tell: Arc<Tell>,
    /// Whether the desk was told who the kiosk is, by the broker as it is now.
    knows_settings: bool,
    settings_asked: Instant,
    /// The look at the businesses that is under way: at most one.
    looking: JoinSet<bool>,
    /// Wakes what gives up requests.
    abandoned: Arc<Notify>,
}

/// Why something was not done on the disk.
#[derive(Debug, thiserror::Error)]
enum DiskError {
    #[error(transparent)]
    Pending(#[from] PendingError),
    #[error("the thread for the disk ended early")]
    Ended(#[from] JoinError),
}

impl<Tell: Fn(News) + Send + Sync + 'static> Talk<Tell> {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut messages = self.client.follow(None);
        let mut poll = interval(POLL_EVERY);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut hasty = interval(POLL_AT_MOST_EVERY);
        hasty.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut changed = false;
        tokio::spawn(abandon::keep_abandoning(self.client.clone(), self.pending.clone(), Arc::clone(&self.abandoned)));
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
                Some(looked) = self.looking.join_next() => match looked {
                    Ok(knows_settings) => self.knows_settings = knows_settings,
                    Err(error) => tracing::error!(%error, "a look at the businesses ended early"),
                },
                _ = poll.tick(), if self.looking.is_empty() => self.look(),
                _ = hasty.tick(), if changed && self.looking.is_empty() => {
                    changed = false;
                    poll.reset_at(Instant::now() + POLL_EVERY);
                    self.look();
                }
            }
        }
    }

    async fn perform(&mut self, command: Command) {
        match command {
            Command::AskServices(language) => {
                self.client = self.client.with_language(language.tag());
                self.look();
            }
            Command::Take { attempt, request } => match self.write(request).await {
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
            Command::Identify { number } => self.ask(persons::Question::Who { number }),
            Command::FindAppointment { visit, code } => self.ask(persons::Question::Appointment { visit, code }),
            Command::OpenStaffCorner { visit, pin } => self.ask(persons::Question::Corner { visit, pin }),
            Command::StaffAct { visit, key, deed } => self.ask(persons::Question::Deed { visit, key, deed }),
            // Whoever holds the window performs these.
            Command::SetVolume(_) | Command::Exit => {}
            Command::Forget => {
                self.current = None;
                if let Err(error) = self.on_disk(PendingFile::forget).await {
                    tracing::error!(error = &error as &dyn std::error::Error, "an answered request stays on the disk");
                }
            }
            Command::Abandon => {
                let Some(Pending { key, .. }) = self.current.take() else { return };
                match self.on_disk(move |file| file.abandon(&key)).await {
                    Ok(()) => self.abandoned.notify_one(),
                    Err(error) => {
                        tracing::error!(error = &error as &dyn std::error::Error, "a number may wait for nobody");
                    }
                }
            }
        }
    }

    /// Asks about somebody, in a task of its own: a slow broker holds no customer up.
    fn ask(&self, question: persons::Question) {
        let Some(kiosk) = self.kiosk.clone() else { return };
        let (client, tell) = (self.client.clone(), Arc::clone(&self.tell));
        tokio::spawn(async move {
            if let Some(news) = question.ask(&client, &kiosk).await {
                tell(news);
            }
        });
    }

    async fn write(&self, request: wire::TakeTicket) -> Result<Pending, DiskError> {
        self.on_disk(move |file| file.write(&request, SystemTime::now())).await
    }

    /// A disk may take its time to make something durable; answers from the broker do not wait for it.
    async fn on_disk<T: Send + 'static>(
        &self,
        act: impl FnOnce(&PendingFile) -> Result<T, PendingError> + Send + 'static,
    ) -> Result<T, DiskError> {
        on_disk(&self.pending, act).await
    }

    /// Sends the request that is written down. The answer comes as news, so that a slow broker holds nothing up.
    fn take(&self, attempt: u64) {
        let Some(pending) = self.current.clone() else {
            (self.tell)(News::Unanswered { attempt });
            return;
        };
        let client = self.client.with_language(pending.request.language.as_deref().unwrap_or("zh"));
        let tell = Arc::clone(&self.tell);
        tokio::spawn(async move {
            let key = Key::from(pending.key);
            let news = match timeout(ANSWER_LIMIT, client.take_ticket(&key, &pending.request)).await {
                Ok(Ok(issued)) => News::Issued { attempt, issued: Box::new(issued) },
                Ok(Err(error)) => match error.refusal() {
                    Some(problem) if !error.is_passing() => News::Refused { attempt, problem: problem.clone() },
                    passing => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "no answer to a request for a number");
                        match passing {
                            Some(problem) => News::Unable { attempt, problem: problem.clone() },
                            None => News::Unanswered { attempt },
                        }
                    }
                },
                Err(_late) => News::Unanswered { attempt },
            };
            tell(news);
        });
    }

    /// Looks at the businesses, in a task of its own so that a slow broker holds no customer up. A look that is under way is
    /// dropped: it asks in the language of before.
    fn look(&mut self) {
        if self.settings_asked.elapsed() >= SETTINGS_KEPT {
            self.knows_settings = false;
        }
        if !self.knows_settings {
            self.settings_asked = Instant::now();
        }
        let look = Look { client: self.client.clone(), kiosk: self.kiosk.clone(), tell: Arc::clone(&self.tell) };
        self.looking = JoinSet::new();
        self.looking.spawn(look.run(self.knows_settings));
    }

    /// Everything is asked anew; a look that is under way asks for less.
    fn knows_nothing(&mut self) -> bool {
        self.knows_settings = false;
        self.looking = JoinSet::new();
        true
    }

    /// Whether the cards have changed.
    fn hear(&mut self, message: Message) -> bool {
        match message {
            // A broker that was away may have come back with another configuration.
            Message::Connected | Message::Stale => self.knows_nothing(),
            Message::Lost(why) => {
                tracing::warn!(why, "the event stream broke");
                true
            }
            Message::Event(_, event) if matches!(event.kind, EventKind::DayOpened { .. }) => self.knows_nothing(),
            Message::Event(_, event) => changes_cards(&event.kind),
            Message::Passing(passing) => {
                self.hear_passing(passing.kind);
                false
            }
        }
    }

    fn hear_passing(&self, kind: PassingKind) {
        match kind {
            PassingKind::PrintChanged { ticket: Some(ticket), kiosk, state, .. }
                if Some(&kiosk) == self.kiosk.as_ref() =>
            {
                (self.tell)(News::Printing { ticket: ticket.0, state });
            }
            PassingKind::DeviceChanged { device } => {
                if let Some(paper) = paper_of(&device, self.kiosk.as_deref()) {
                    (self.tell)(paper);
                }
            }
            PassingKind::CustomerIdentified { kiosk, key, kind, masked, tier, level, staff_told, appointment }
                if Some(&kiosk) == self.kiosk.as_ref() =>
            {
                (self.tell)(News::Identified(Identified { key, kind, masked, tier, level, appointment, staff_told }));
            }
            PassingKind::PrintChanged { .. }
            | PassingKind::CustomerIdentified { .. }
            | PassingKind::ArrivalsChanged { .. }
            | PassingKind::Say { .. }
            | PassingKind::SignWanted { .. }
            | PassingKind::OutlookChanged { .. } => {}
        }
    }
}

async fn on_disk<T: Send + 'static>(
    file: &PendingFile,
    act: impl FnOnce(&PendingFile) -> Result<T, PendingError> + Send + 'static,
) -> Result<T, DiskError> {
    let file = file.clone();
    Ok(tokio::task::spawn_blocking(move || act(&file)).await??)
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
        | EventKind::TicketRejoined { .. }
        | EventKind::HallLearnt {}
        | EventKind::TicketReturned { .. }
        | EventKind::TicketCancelled { .. }
        | EventKind::TicketPrioritised { .. }
        | EventKind::CounterOpened { .. }
        | EventKind::CounterClosed { .. }
        | EventKind::CounterPaused { .. }
        | EventKind::CounterResumed { .. } => true,
        EventKind::TicketRecalled { .. }
        | EventKind::AppointmentBooked { .. }
        | EventKind::AppointmentCancelled { .. }
        | EventKind::TicketStarted { .. }
        | EventKind::TicketCompleted { .. }
        | EventKind::TicketNoShow { .. }
        | EventKind::TicketHeld { .. }
        | EventKind::TicketRated { .. }
        | EventKind::TicketReprinted { .. } => false,
    }
}
