//! Joins the board with the broker and the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use client::{AddressError, Client, Message};
use jiff::tz::TimeZone;
use look::headless::PictureError;
use look::{Language, WindowError, WindowSize, run_windowed};
use slint::{Timer, TimerMode};
use tokio::sync::mpsc;
use wire::{Event, EventId, HallSnapshot};

use crate::board::{Board, View};
use crate::page;
use crate::ui::ScreenWindow;

/// What a hall screen has to be told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The broker's address, `http://192.0.2.1:8080`.
    pub broker: String,
    /// A token of the role `screen`.
    pub token: String,
    /// The screen's name in the hall, for the log.
    pub screen: String,
    /// The language of the page.
    pub language: Language,
    /// How large the window opens.
    pub size: WindowSize,
}

/// Why a screen could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The broker's address or the token cannot be right.
    #[error("setting up the connection to the broker")]
    Address(#[from] AddressError),
    /// The broker did not answer with a hall.
    #[error("asking the broker for the hall")]
    Hall(#[from] client::Error),
    /// The thread of the network could not be started.
    #[error("starting the network thread")]
    Network(#[source] std::io::Error),
    /// The window could not be opened.
    #[error("showing the hall screen")]
    Window(#[from] WindowError),
    /// The picture could not be drawn.
    #[error("drawing the hall screen")]
    Picture(#[from] PictureError),
}

/// Opens the window and shows the hall until it is closed. Without the broker it shows that, and goes on when it is back.
///
/// # Errors
/// [`Error`] when the address is wrong or no window can be opened.
pub fn run(options: Options) -> Result<(), Error> {
    let client = Client::new(&options.broker, &options.token)?.with_language(options.language.tag());
    let (news, inbox) = mpsc::channel(NEWS);
    let network = std::thread::Builder::new().name(format!("screen {}", options.screen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Network)?;
    network.spawn(move || runtime.block_on(listen(&client, &news))).map_err(Error::Network)?;
    run_windowed(options.size, move || {
        let window = page::open(options.language)?;
        let timer = start(&window, Board::new(options.language, TimeZone::system()), inbox);
        Ok((window, timer))
    })?;
    Ok(())
}

/// The page as it stands now, as a PNG file: the real snapshot, drawn without a display.
///
/// # Errors
/// [`Error`] when the broker cannot be asked or the size is out of range.
pub fn picture(options: &Options, size: (u32, u32)) -> Result<Vec<u8>, Error> {
    let client = Client::new(&options.broker, &options.token)?.with_language(options.language.tag());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Network)?;
    Ok(picture_of(&runtime.block_on(client.hall())?, options.language, size)?)
}

/// The page a snapshot gives, as a PNG file.
///
/// # Errors
/// [`PictureError`] when the size is out of range.
pub fn picture_of(snapshot: &HallSnapshot, language: Language, size: (u32, u32)) -> Result<Vec<u8>, PictureError> {
    let mut board = Board::new(language, TimeZone::system());
    board.restart(snapshot, Duration::ZERO);
    board.set_away(false);
    page::render(&board.view(Duration::ZERO), language, size)?.to_png()
}

/// News the window has not taken yet; when it is full, the network waits for the window.
const NEWS: usize = 256;
/// Figures of the footer are asked for again after this long without a call, in real time.
const REFRESH: Duration = Duration::from_secs(10);
/// Between two questions for the hall, however much happens.
const REST: Duration = Duration::from_secs(2);

/// What the network tells the window.
enum News {
    /// The hall, from which on the events follow.
    Restart(Box<HallSnapshot>),
    /// Newer figures.
    Refresh(Box<HallSnapshot>),
    Event(EventId, Box<Event>),
    Away(bool),
}

/// The window is closed.
struct Closed;

async fn listen(client: &Client, news: &mpsc::Sender<News>) {
    tokio::select! {
        () = news.closed() => {}
        Closed = keep_listening(client, news) => {}
    }
}

async fn keep_listening(client: &Client, news: &mpsc::Sender<News>) -> Closed {
    let tell = async |what| news.send(what).await.map_err(|_| Closed);
    let snapshot = ask(client).await;
    let from = EventId { epoch: snapshot.epoch.clone(), seq: snapshot.seq };
    if let Err(closed) = tell(News::Restart(Box::new(snapshot))).await {
        return closed;
    }
    let mut messages = client.follow(Some(from));
    let mut dirty = false;
    let mut asked = Instant::now();
    loop {
        let pause = if dirty { REST } else { REFRESH };
        let due = tokio::time::Instant::from_std(asked + pause);
        let told = tokio::select! {
            message = messages.recv() => match message {
                Some(Message::Connected) => tell(News::Away(false)).await,
                Some(Message::Lost(why)) => {
                    tracing::warn!(why, "the broker is out of reach");
                    tell(News::Away(true)).await
                }
                Some(Message::Event(id, event)) => {
                    dirty = true;
                    tell(News::Event(id, Box::new(event))).await
                }
                Some(Message::Stale) => tell(News::Restart(Box::new(ask(client).await))).await,
                Some(Message::Passing(_)) => Ok(()),
                // The task of the stream lives as long as this runtime.
                None => return Closed,
            },
            () = tokio::time::sleep_until(due) => {
                dirty = false;
                asked = Instant::now();
                match client.hall().await {
                    Ok(snapshot) => tell(News::Refresh(Box::new(snapshot))).await,
                    Err(error) => {
                        tracing::debug!(error = &error as &dyn std::error::Error, "no newer figures");
                        Ok(())
                    }
                }
            }
        };
        if let Err(closed) = told {
            return closed;
        }
    }
}

const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(3);

/// A snapshot that must be had: at the start, and in the place of missed events. Asks until it has one.
async fn ask(client: &Client) -> HallSnapshot {
    let mut retry = FIRST_RETRY;
    loop {
        match client.hall().await {
            Ok(snapshot) => return snapshot,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the hall cannot be shown yet"),
        }
        tokio::time::sleep(retry).await;
        retry = (retry * 2).min(LAST_RETRY);
    }
}

/// Takes the news and shows the board at every tick; the timer is to live as long as the window.
fn start(window: &ScreenWindow, board: Board, mut inbox: mpsc::Receiver<News>) -> Rc<Timer> {
    let weak = slint::ComponentHandle::as_weak(window);
    let started = Instant::now();
    let timer = Rc::new(Timer::default());
    let state = RefCell::new((board, None::<View>));
    let again = Rc::downgrade(&timer);
    timer.start(TimerMode::Repeated, Duration::from_millis(100), move || {
        let Some(window) = weak.upgrade() else { return };
        let (board, shown) = &mut *state.borrow_mut();
        let at = started.elapsed();
        while let Ok(news) = inbox.try_recv() {
            match news {
                News::Restart(snapshot) => board.restart(&snapshot, at),
                News::Refresh(snapshot) => board.refresh(&snapshot, at),
                News::Event(id, event) => board.event(&id, &event, at),
                News::Away(away) => board.set_away(away),
            }
        }
        board.advance(at);
        if let Some(timer) = again.upgrade().filter(|timer| timer.interval() != board.tick()) {
            timer.set_interval(board.tick());
        }
        let view = board.view(at);
        if shown.as_ref() != Some(&view) {
            page::show(&window, &view);
            *shown = Some(view);
        }
    });
    timer
}
