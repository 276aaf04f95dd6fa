//! Joins the desk with the broker and the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use client::{AddressError, Client, Key, Message};
use jiff::tz::TimeZone;
use look::headless::PictureError;
use look::{Language, WindowError, WindowSize, run_windowed};
use slint::{ComponentHandle, Timer, TimerMode};
use tokio::sync::mpsc;
use wire::{Alarm, Complete, Event, EventId, HallSnapshot, PassingKind, Pause, ServiceOffer, TicketId, TicketView};

use crate::desk::{Act, Answer, Desk, Order};
use crate::page;
use crate::ui::TellerWindow;
use crate::view::View;

/// What a teller window has to be told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The broker's address, `http://192.0.2.1:8080`.
    pub broker: String,
    /// A token of the role `teller`.
    pub token: String,
    /// The counter this window belongs to.
    pub counter: u16,
    /// The language of the pages and of refusals.
    pub language: Language,
    /// How large the window opens.
    pub size: WindowSize,
}

/// Why a teller window could not be shown.
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
    #[error("showing the teller window")]
    Window(#[from] WindowError),
    /// The picture could not be drawn.
    #[error("drawing the teller window")]
    Picture(#[from] PictureError),
}

/// Opens the window and works until it is closed. A counter that is staffed, from before a restart or by keypad, shows its desk
/// at once; another one asks who signs in.
///
/// # Errors
/// [`Error`] when the address is wrong or no window can be opened.
pub fn run(options: Options) -> Result<(), Error> {
    let client = Client::new(&options.broker, &options.token)?.with_language(options.language.tag());
    let (news, inbox) = mpsc::channel(NEWS);
    let (orders, asked) = mpsc::channel(ORDERS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Network)?;
    let line = Line { client, counter: options.counter, news, told_ticket: None };
    std::thread::Builder::new()
        .name(format!("counter {}", options.counter))
        .spawn(move || runtime.block_on(line.work(asked)))
        .map_err(Error::Network)?;
    run_windowed(options.size, move || {
        let window = page::open(options.language)?;
        let desk = Desk::new(options.counter, options.language, TimeZone::system());
        let timer = start(&window, desk, inbox, orders);
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
    let mut desk = Desk::new(options.counter, options.language, TimeZone::system());
    runtime.block_on(async {
        desk.snapshot(client.hall().await?, Duration::ZERO);
        if let Some(id) = desk.ticket().map(|ticket| ticket.id) {
            desk.history(&client.ticket(id).await?.ticket);
        }
        // Documents are a help beside the ticket; a token that may not ask for them shows none.
        if let Ok(offers) = client.services().await {
            desk.offers(&offers);
        }
        Ok::<(), client::Error>(())
    })?;
    desk.set_away(false);
    Ok(page::render(&desk.view(Duration::ZERO), options.language, size)?.to_png()?)
}

/// News the window has not taken yet; when it is full, the network waits for the window.
const NEWS: usize = 256;
/// Orders under way; the desk sends one at a time.
const ORDERS: usize = 4;
/// How often the window looks for news and at the clock.
const TICK: Duration = Duration::from_millis(50);
/// From an event to the question for the hall, so that several events ask once.
const GATHER: Duration = Duration::from_millis(150);
/// The hall is asked for again after this long without any event, for the figures that change with time.
const REFRESH: Duration = Duration::from_secs(15);
/// How often and how long an order without an answer is asked again, with the same key.
const TRIES: u32 = 4;
const RETRY: Duration = Duration::from_millis(500);

/// What the network tells the window.
enum News {
    Hall(Box<HallSnapshot>),
    History(Box<TicketView>),
    Offers(Vec<ServiceOffer>),
    Event(Box<Event>),
    Arrived(Vec<Alarm>),
    Away(bool),
    Answer(Answer),
}

/// The window is closed.
struct Closed;

/// The network's side: orders and questions one after another, so that a snapshot is never older than the answer before it.
struct Line {
    client: Client,
    counter: u16,
    news: mpsc::Sender<News>,
    told_ticket: Option<TicketId>,
}

impl Line {
    async fn work(mut self, mut orders: mpsc::Receiver<Order>) {
        let window = self.news.clone();
        tokio::select! {
            () = window.closed() => {}
            Closed = self.keep_working(&mut orders) => {}
        }
    }

    async fn keep_working(&mut self, orders: &mut mpsc::Receiver<Order>) -> Closed {
        let from = loop {
            match self.hall().await {
                Ok(Some(id)) => break id,
                Ok(None) => tokio::time::sleep(RETRY).await,
                Err(closed) => return closed,
            }
        };
        let mut messages = self.client.follow(Some(from));
        let mut due = tokio::time::Instant::now() + REFRESH;
        loop {
            let soon = tokio::time::Instant::now() + GATHER;
            let done = tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => {
                        let answer = self.perform(order).await;
                        due = tokio::time::Instant::now();
                        self.tell(News::Answer(answer)).await
                    }
                    None => return Closed,
                },
                message = messages.recv() => match message {
                    Some(Message::Connected) => {
                        due = soon;
                        let offers = self.client.services().await.map_err(|error| log("asking for documents", &error));
                        match self.tell(News::Away(false)).await {
                            Ok(()) => match offers {
                                Ok(offers) => self.tell(News::Offers(offers)).await,
                                Err(()) => Ok(()),
                            },
                            closed => closed,
                        }
                    }
                    Some(Message::Lost(why)) => {
                        tracing::warn!(why, "the broker is out of reach");
                        self.tell(News::Away(true)).await
                    }
                    Some(Message::Event(_, event)) => {
                        due = due.min(soon);
                        self.tell(News::Event(Box::new(event))).await
                    }
                    Some(Message::Stale) => {
                        due = soon;
                        Ok(())
                    }
                    Some(Message::Passing(passing)) => match passing.kind {
                        PassingKind::ArrivalsChanged { arrivals } => self.tell(News::Arrived(arrivals)).await,
                        PassingKind::Say { .. }
                        | PassingKind::SignWanted { .. }
                        | PassingKind::PrintChanged { .. }
                        | PassingKind::OutlookChanged { .. }
                        | PassingKind::CustomerIdentified { .. }
                        | PassingKind::DeviceChanged { .. } => Ok(()),
                    },
                    // The task of the stream lives as long as this runtime.
                    None => return Closed,
                },
                () = tokio::time::sleep_until(due) => {
                    due = tokio::time::Instant::now() + REFRESH;
                    self.hall().await.map(|_| ())
                }
            };
            if let Err(closed) = done {
                return closed;
            }
        }
    }

    /// Asks for the hall and tells it; and, once, where the ticket here came from.
    async fn hall(&mut self) -> Result<Option<EventId>, Closed> {
        let snapshot = match self.client.hall().await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                log("asking for the hall", &error);
                return Ok(None);
            }
        };
        let id = EventId { epoch: snapshot.epoch.clone(), seq: snapshot.seq };
        let counter = snapshot.counters.iter().find(|counter| counter.number == self.counter);
        let ticket = counter.and_then(|counter| counter.ticket.as_ref()).map(|ticket| ticket.id);
        self.tell(News::Hall(Box::new(snapshot))).await?;
        if let Some(ticket) = ticket.filter(|ticket| self.told_ticket != Some(*ticket)) {
            match self.client.ticket(ticket).await {
                Ok(issued) => {
                    self.told_ticket = Some(ticket);
                    self.tell(News::History(Box::new(issued.ticket))).await?;
                }
                Err(error) => log("asking where the ticket came from", &error),
            }
        }
        Ok(Some(id))
    }

    /// Sends an order until it is answered; the key makes sure that it is done once.
    async fn perform(&self, order: Order) -> Answer {
        let key = Key::new();
        for _ in 0..TRIES {
            match self.ask(&order, &key).await {
                Ok(answer) => return answer,
                Err(client::Error::Refused(problem)) if problem.status != 503 => return Answer::Refused(problem.title),
                Err(error) => {
                    log("giving an order", &error);
                    if !error.is_passing() {
                        return Answer::Unknown;
                    }
                }
            }
            tokio::time::sleep(RETRY).await;
        }
        Answer::Unknown
    }

    async fn ask(&self, order: &Order, key: &Key) -> Result<Answer, client::Error> {
        let (client, n) = (&self.client, self.counter);
        let called = match order {
            Order::SignIn(input) => return client.sign_in(n, key, input).await.map(Box::new).map(Answer::Counter),
            Order::SignOut => return client.sign_out(n, key).await.map(Box::new).map(Answer::Counter),
            Order::Resume => return client.resume(n, key).await.map(Box::new).map(Answer::Counter),
            Order::Pause(reason) => {
                let pause = Pause { reason: reason.clone() };
                return client.pause(n, key, &pause).await.map(Box::new).map(Answer::Counter);
            }
            Order::Receive(about) => return client.receive(about).await.map(|()| Answer::Done),
            Order::Next => match client.call_next(n, key).await? {
                Some(called) => called,
                None => return Ok(Answer::Nobody),
            },
            Order::Call(ticket) => client.call(n, key, *ticket).await?,
            Order::Recall => client.recall(n, key).await?,
            Order::NoShow => client.no_show(n, key).await?,
            Order::Start => client.start(n, key).await?,
            Order::Complete => client.complete(n, key, &Complete::default()).await?,
            Order::Hold(hold) => client.hold(n, key, hold).await?,
            Order::Transfer(transfer) => client.transfer(n, key, transfer).await?,
            Order::Return => client.return_ticket(n, key).await?,
        };
        Ok(Answer::Called(Box::new(called)))
    }

    async fn tell(&self, news: News) -> Result<(), Closed> {
        self.news.send(news).await.map_err(|_| Closed)
    }
}

fn log(act: &str, error: &client::Error) {
    tracing::warn!(error = error as &dyn std::error::Error, "{act}");
}

/// The window's side: its desk and the last view shown.
struct Counter {
    desk: Desk,
    inbox: mpsc::Receiver<News>,
    orders: mpsc::Sender<Order>,
    started: Instant,
    shown: Option<View>,
}

impl Counter {
    fn act(&mut self, act: Act, window: &TellerWindow) {
        if let Some(order) = self.desk.act(act, self.started.elapsed())
            && self.orders.try_send(order).is_err()
        {
            self.desk.answer(Answer::Unknown, self.started.elapsed());
        }
        self.show(window);
    }

    fn take_news(&mut self) {
        let at = self.started.elapsed();
        while let Ok(news) = self.inbox.try_recv() {
            match news {
                News::Hall(snapshot) => self.desk.snapshot(*snapshot, at),
                News::History(ticket) => self.desk.history(&ticket),
                News::Offers(offers) => self.desk.offers(&offers),
                News::Event(event) => self.desk.event(&event, at),
                News::Arrived(arrivals) => self.desk.arrived(arrivals),
                News::Away(away) => self.desk.set_away(away),
                News::Answer(answer) => self.desk.answer(answer, at),
            }
        }
    }

    fn show(&mut self, window: &TellerWindow) {
        let view = self.desk.view(self.started.elapsed());
        if self.shown.as_ref() != Some(&view) {
            page::show(window, &view);
            self.shown = Some(view);
        }
    }
}

/// Connects the page; the timer is to live as long as the window.
fn start(window: &TellerWindow, desk: Desk, inbox: mpsc::Receiver<News>, orders: mpsc::Sender<Order>) -> Timer {
    let counter = Rc::new(RefCell::new(Counter { desk, inbox, orders, started: Instant::now(), shown: None }));
    counter.borrow_mut().show(window);
    let (weak, acting) = (window.as_weak(), Rc::clone(&counter));
    page::connect(window, move |act| {
        if let Some(window) = weak.upgrade() {
            acting.borrow_mut().act(act, &window);
        }
    });
    let weak = window.as_weak();
    let timer = Timer::default();
    timer.start(TimerMode::Repeated, TICK, move || {
        if let Some(window) = weak.upgrade() {
            let mut counter = counter.borrow_mut();
            counter.take_news();
            counter.show(&window);
        }
    });
    timer
}
