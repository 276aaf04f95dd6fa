//! The desk, bound to its pages and to the broker.

use crate::desk::{ANSWER_LIMIT, Command, Desk, Moment, News, Touch};
use crate::display::{Display, Today};
use crate::network;
use crate::pending::{PendingError, PendingFile};
use crate::ui::{ConfirmPage, Frame, Main, NoticePage, TicketPage, WelcomePage};
use client::{AddressError, Client};
use look::headless::{Picture, PictureError};
use look::{WindowError, WindowSize};
use slint::{ComponentHandle, PlatformError, SharedString, Timer, TimerMode, Weak};
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::mpsc as std_mpsc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;

/// How often the desk sees time pass: countdowns show seconds, the clock minutes.
const TICK: Duration = Duration::from_millis(200);
/// News that may wait for the page; the page takes them within a tick.
const NEWS: usize = 256;

/// What a kiosk needs to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// The broker's address, such as `http://192.0.2.1:8080`.
    pub broker: String,
    /// The bearer token of the role `kiosk`.
    pub token: String,
    /// The kiosk's name in the hall's configuration; without one it prints nothing and knows neither hall nor hours.
    pub kiosk: Option<String>,
    /// A folder that survives a restart, for the request under way.
    pub data: PathBuf,
    /// The window.
    pub size: WindowSize,
}

/// Why a kiosk could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum KioskError {
    /// Address or token of the broker are none.
    #[error("connecting the kiosk to the broker at {broker}")]
    Address {
        /// The address given.
        broker: String,
        /// What is wrong with it.
        #[source]
        source: AddressError,
    },
    /// The request under way could not be looked up.
    #[error("looking for a request that was under way")]
    Pending(#[from] PendingError),
    /// The thread that talks to the broker could not be started.
    #[error("starting the kiosk's network thread")]
    Network(#[source] io::Error),
    /// The window.
    #[error("showing the kiosk's window")]
    Window(#[from] WindowError),
    /// The picture.
    #[error("drawing the kiosk's page")]
    Picture(#[from] PictureError),
}

/// Opens the kiosk's window and runs it until it is closed.
///
/// # Errors
/// [`KioskError`]; a broker that is away is no error: the page says so and the kiosk keeps trying.
pub fn run(options: &Options) -> Result<(), KioskError> {
    let client = connect(options)?;
    let pending = PendingFile::in_folder(&options.data, options.kiosk.as_deref().unwrap_or("kiosk"));
    let found = pending.find(SystemTime::now())?;
    let (news_in, news_out) = std_mpsc::sync_channel::<News>(NEWS);
    let mut started = Ok(());
    let opened = look::run_windowed(options.size, || {
        let ui = Main::new()?;
        let weak = ui.as_weak();
        let resumed = found.as_ref().map(|pending| pending.request.clone());
        let tell = {
            let weak = weak.clone();
            move |news| {
                if news_in.send(news).is_ok() {
                    // Fails only when the window is closing.
                    let _closing = weak.upgrade_in_event_loop(|ui| ui.global::<Frame>().invoke_news());
                }
            }
        };
        let commands = match network::start(client, options.kiosk.clone(), pending, found, tell) {
            Ok(commands) => commands,
            Err(error) => {
                let reason = error.to_string();
                started = Err(KioskError::Network(error));
                return Err(PlatformError::Other(reason));
            }
        };
        let station = Rc::new(RefCell::new(Station {
            desk: Desk::new(Moment::ZERO, options.kiosk.clone()),
            display: Display::new(&ui),
            started: Instant::now(),
            commands,
            news: news_out,
            ui: weak,
        }));
        bind(&ui, &station);
        if let Some(request) = resumed {
            station.borrow_mut().act(|desk, now| desk.resume(now, &request));
        }
        let timer = Timer::default();
        timer.start(TimerMode::Repeated, TICK, {
            let station = Rc::clone(&station);
            move || station.borrow_mut().act(Desk::tick)
        });
        station.borrow_mut().act(|_, _| Vec::new());
        Ok((ui, (timer, station)))
    });
    started?;
    Ok(opened?)
}

/// The page a customer would see now, as a picture and without any display.
///
/// # Errors
/// [`KioskError`]; a broker that is away gives the picture of the page that says so.
pub fn live_picture(options: &Options, width: u32, height: u32) -> Result<Picture, KioskError> {
    let client = connect(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(KioskError::Network)?;
    let mut desk = Desk::new(Moment::ZERO, options.kiosk.clone());
    runtime.block_on(async {
        if let Some(kiosk) = &options.kiosk {
            match client.kiosk(kiosk).await {
                Ok(settings) => {
                    desk.hear(Moment::ZERO, News::Settings(settings));
                }
                Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "asking what this kiosk is"),
            }
        }
        desk.hear(
            Moment::ZERO,
            match client.services().await {
                Ok(services) => News::Services(services),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "asking for the businesses");
                    News::Unreached
                }
            },
        );
    });
    Ok(crate::picture::picture(&desk.view(ANSWER_LIMIT), &today(&desk, Moment::ZERO), width, height)?)
}

/// Connects every touch of the pages to a desk, whatever performs its commands.
pub fn connect_touches(ui: &Main, touched: impl Fn(Touch) + Clone + 'static) {
    let on = |touch: Touch| {
        let touched = touched.clone();
        move || touched(touch.clone())
    };
    let frame = ui.global::<Frame>();
    frame.on_back(on(Touch::Back));
    frame.on_change_language(on(Touch::Language));
    frame.on_change_text_size(on(Touch::TextSize));
    frame.on_change_contrast(on(Touch::Contrast));
    frame.on_stay(on(Touch::Stay));
    frame.on_leave(on(Touch::Leave));
    let welcome = ui.global::<WelcomePage>();
    welcome.on_more(on(Touch::More));
    welcome.on_choose({
        let touched = touched.clone();
        move |service: SharedString| touched(Touch::Choose(service.into()))
    });
    ui.global::<ConfirmPage>().on_confirm(on(Touch::Confirm));
    ui.global::<TicketPage>().on_done(on(Touch::Done));
    ui.global::<NoticePage>().on_done(on(Touch::Done));
}

/// A desk and what surrounds it, on the thread of the window.
struct Station {
    desk: Desk,
    display: Display,
    started: Instant,
    commands: mpsc::Sender<Command>,
    news: std_mpsc::Receiver<News>,
    ui: Weak<Main>,
}

impl Station {
    /// Lets the desk act, performs its commands, shows the outcome.
    fn act(&mut self, deed: impl FnOnce(&mut Desk, Moment) -> Vec<Command>) {
        let now = self.started.elapsed();
        for command in deed(&mut self.desk, now) {
            self.perform(now, command);
        }
        if let Some(ui) = self.ui.upgrade() {
            self.display.show(&ui, &self.desk.view(now), &today(&self.desk, now));
        }
    }

    fn hear(&mut self) {
        while let Ok(news) = self.news.try_recv() {
            self.act(|desk, now| desk.hear(now, news));
        }
    }

    fn perform(&mut self, now: Moment, command: Command) {
        let attempt = match &command {
            Command::Take { attempt, .. } | Command::TakeAgain { attempt } => Some(*attempt),
            Command::AskServices(_) | Command::Forget | Command::Abandon => None,
        };
        if let Err(error) = self.commands.try_send(command) {
            tracing::error!(%error, "the network thread takes no command");
            if let Some(attempt) = attempt {
                // The page must not wait for an answer that cannot come.
                self.desk.hear(now, News::Unanswered { attempt });
            }
        }
    }
}

fn bind(ui: &Main, station: &Rc<RefCell<Station>>) {
    connect_touches(ui, {
        let station = Rc::clone(station);
        move |touch| station.borrow_mut().act(|desk, now| desk.touch(now, touch))
    });
    ui.global::<Frame>().on_news({
        let station = Rc::clone(station);
        move || station.borrow_mut().hear()
    });
}

fn connect(options: &Options) -> Result<Client, KioskError> {
    Client::new(&options.broker, &options.token)
        .map_err(|source| KioskError::Address { broker: options.broker.clone(), source })
}

/// The hall's time; until the broker told it, this machine's.
fn today(desk: &Desk, now: Moment) -> Today {
    Today::of(&desk.local_time(now).unwrap_or_else(|| jiff::Zoned::now().datetime()))
}
