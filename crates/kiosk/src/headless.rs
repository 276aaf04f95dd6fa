//! The kiosk's adapter without its pages: the same desk, the same written-down requests and the same talk with the broker, touched
//! by a program instead of a finger.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use client::Client;
use tokio::sync::mpsc;

use crate::app::KioskError;
use crate::desk::{Command, Desk, Moment, News, Touch};
use crate::network;
use crate::pending::PendingFile;
use crate::view::{Guest, NoticeKind, Page, Ticket, View};

/// A kiosk that a program touches.
#[derive(Debug)]
pub struct Headless {
    desk: Desk,
    started: Instant,
    commands: mpsc::Sender<Command>,
    news: mpsc::Receiver<News>,
}

/// Why a touch led to no number.
#[derive(Debug, thiserror::Error)]
pub enum NoNumber {
    /// The page said so.
    #[error("the page showed {kind:?}: {reason}")]
    Notice {
        /// Which notice.
        kind: NoticeKind,
        /// What it said.
        reason: String,
    },
    /// The page did not come to an answer.
    #[error("no number after {} s", .0.as_secs())]
    Late(Duration),
    /// The talk with the broker ended.
    #[error("the talk with the broker ended")]
    Ended,
}

/// News that may wait for the desk.
const NEWS: usize = 64;
/// The desk looks at the clock this often, as the window does.
const TICK: Duration = Duration::from_millis(100);
/// More pages than any hall has between a card and its number.
const MOST_PAGES: usize = 6;
/// A customer would have left by then.
const PATIENCE: Duration = Duration::from_secs(60);

impl Headless {
    /// Starts the adapter of the kiosk of this name; requests are written down in `data`.
    ///
    /// # Errors
    /// The written-down request cannot be read, or the system gives no thread.
    pub fn start(client: Client, kiosk: &str, data: &Path) -> Result<Self, KioskError> {
        let pending = PendingFile::in_folder(data, kiosk);
        let found = pending.find(SystemTime::now())?;
        let resumed = found.as_ref().map(|pending| pending.request.clone());
        let (sender, news) = mpsc::channel(NEWS);
        let tell = move |news| {
            // Full only when nobody listens any more: the next look at the businesses says it again.
            let _ = sender.try_send(news);
        };
        let name = Some(kiosk.to_owned());
        let commands = network::start(client, name.clone(), pending, found, tell).map_err(KioskError::Network)?;
        let mut headless = Self { desk: Desk::new(Moment::ZERO, name), started: Instant::now(), commands, news };
        if let Some(request) = resumed {
            let asked = headless.desk.resume(Moment::ZERO, &request);
            headless.send(asked);
        }
        Ok(headless)
    }

    /// What the page shows.
    pub fn view(&self) -> View {
        self.desk.view(self.started.elapsed())
    }

    /// Touches the card of a service, touches confirm, and waits for the ticket page; leaves it on the first page again.
    ///
    /// # Errors
    /// [`NoNumber`]; the page has been left all the same.
    pub async fn take_number(&mut self, service: &str) -> Result<Ticket, NoNumber> {
        let begun = Instant::now();
        self.until_since(begun, |page| matches!(page, Page::Welcome(welcome) if !welcome.cards.is_empty())).await?;
        self.touch(Touch::Choose(service.to_owned()));
        // Past whatever pages the hall has between a card and its number.
        for _ in 0..MOST_PAGES {
            if matches!(self.view().page, Page::Taking | Page::Ticket(_) | Page::Notice(_) | Page::Welcome(_)) {
                break;
            }
            self.touch(Touch::Confirm);
        }
        let page = self.until_since(begun, |page| matches!(page, Page::Ticket(_) | Page::Notice(_))).await?;
        self.touch(Touch::Done);
        if let Page::Ticket(ticket) = page {
            return Ok(ticket);
        }
        if let Page::Notice(notice) = page {
            return Err(NoNumber::Notice { kind: notice.kind, reason: notice.reason });
        }
        Err(NoNumber::Late(begun.elapsed()))
    }

    /// Touches the page.
    pub fn touch(&mut self, touch: Touch) {
        let asked = self.desk.touch(self.started.elapsed(), touch);
        self.send(asked);
    }

    /// Tells the desk something as if it came from outside.
    pub fn hear(&mut self, news: News) {
        let asked = self.desk.hear(self.started.elapsed(), news);
        self.send(asked);
    }

    /// Waits until the page is as wanted, through whatever pages come before.
    ///
    /// # Errors
    /// [`NoNumber::Late`] after a minute, [`NoNumber::Ended`].
    pub async fn until(&mut self, wanted: impl Fn(&Page) -> bool) -> Result<Page, NoNumber> {
        self.until_since(Instant::now(), wanted).await
    }

    /// Waits until a reader's card is greeted.
    ///
    /// # Errors
    /// [`NoNumber::Late`] after a minute, [`NoNumber::Ended`].
    pub async fn until_greeted(&mut self) -> Result<Guest, NoNumber> {
        let begun = Instant::now();
        loop {
            if let Some(guest) = self.view().guest {
                return Ok(guest);
            }
            self.go_on(begun).await?;
        }
    }

    async fn until_since(&mut self, begun: Instant, wanted: impl Fn(&Page) -> bool) -> Result<Page, NoNumber> {
        loop {
            let page = self.view().page;
            if wanted(&page) {
                return Ok(page);
            }
            self.go_on(begun).await?;
        }
    }

    /// Hears the next news, or lets a moment pass.
    async fn go_on(&mut self, begun: Instant) -> Result<(), NoNumber> {
        if begun.elapsed() > PATIENCE {
            return Err(NoNumber::Late(begun.elapsed()));
        }
        let asked = match tokio::time::timeout(TICK, self.news.recv()).await {
            Ok(Some(news)) => self.desk.hear(self.started.elapsed(), news),
            Ok(None) => return Err(NoNumber::Ended),
            Err(_quiet) => self.desk.tick(self.started.elapsed()),
        };
        self.send(asked);
        Ok(())
    }

    fn send(&self, commands: Vec<Command>) {
        for command in commands {
            if let Err(error) = self.commands.try_send(command) {
                tracing::error!(%error, "the talk with the broker does not keep up");
            }
        }
    }
}
