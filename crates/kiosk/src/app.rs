//! The desk, bound to its pages and to the broker.

use crate::desk::{ANSWER_LIMIT, Command, Desk, Moment, News, Touch};
use crate::display::{Display, Today};
use crate::network;
use crate::pending::{PendingError, PendingFile};
use crate::posters::{self, Told};
use crate::speech::{Equipped, Guide, Guided, connect_guide};
use crate::steady::Steady;
use crate::touches::connect_touches;
use crate::ui::{Frame, Main};
use crate::view::View;
use client::{AddressError, Client};
use look::headless::{Picture, PictureError};
use look::{WindowError, WindowSize};
use slint::{ComponentHandle, Image, PlatformError, Rgb8Pixel, SharedPixelBuffer, Timer, TimerMode, Weak};
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::rc::{self, Rc};
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
    /// A folder with posters (PNG, JPEG) for when nobody is there; without one, `posters` in `data`.
    pub posters: Option<PathBuf>,
    /// ALSA's name of the loudspeaker or headphones the kiosk speaks with; without one, the machine's default.
    pub audio_device: Option<String>,
    /// A folder with recordings of what is said (`zh/确认取号.wav`); without one, `clips` in `data`.
    pub clips: Option<PathBuf>,
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
    /// The thread that decodes posters could not be started.
    #[error("starting the kiosk's thread for posters")]
    Posters(#[source] io::Error),
    /// The window.
    #[error("showing the kiosk's window")]
    Window(#[from] WindowError),
    /// The picture.
    #[error("drawing the kiosk's page")]
    Picture(#[from] PictureError),
}

/// Opens the kiosk's window and runs it until it is closed, or until staff end it in their corner: either is a success.
///
/// # Errors
/// [`KioskError`]; a broker that is away is no error: the page says so and the kiosk keeps trying.
pub fn run(options: &Options) -> Result<(), KioskError> {
    let client = connect(options)?;
    let pending = PendingFile::in_folder(&options.data, options.kiosk.as_deref().unwrap_or("kiosk"));
    let found = pending.find(SystemTime::now())?;
    let (news_in, news_out) = std_mpsc::sync_channel::<Heard>(NEWS);
    let folder = options.posters.clone().unwrap_or_else(|| options.data.join("posters"));
    let mut started: Result<(), KioskError> = Ok(());
    let opened = look::run_windowed(options.size, || {
        let ui = Main::new()?;
        let weak = ui.as_weak();
        let resumed = found.as_ref().map(|pending| pending.request.clone());
        let hear = {
            let weak = weak.clone();
            move |heard| {
                if news_in.send(heard).is_ok() {
                    // Fails only when the window is closing.
                    let _closing = weak.upgrade_in_event_loop(|ui| ui.global::<Frame>().invoke_news());
                }
            }
        };
        let threads = (|| {
            let tell = hear.clone();
            let tell = move |news| tell(Heard::News(Box::new(news)));
            let commands =
                network::start(client, options.kiosk.clone(), pending, found, tell).map_err(KioskError::Network)?;
            let posters = posters::start(folder, move |told| {
                hear(match told {
                    Told::There(there) => Heard::News(Box::new(News::Posters(there))),
                    Told::Picture { which, pixels } => Heard::Poster { which, pixels },
                });
            });
            Ok((commands, posters.map_err(KioskError::Posters)?))
        })();
        let (commands, posters) = match threads {
            Ok(threads) => threads,
            Err(error) => {
                let reason = client::with_causes(&error);
                started = Err(error);
                return Err(PlatformError::Other(reason));
            }
        };
        let station = Rc::new_cyclic(|me| {
            RefCell::new(Station {
                me: me.clone(),
                desk: Desk::new(Moment::ZERO, options.kiosk.clone()),
                display: Display::new(&ui),
                started: Instant::now(),
                commands,
                posters,
                poster: None,
                speech: Equipped::find(&options.data, options.audio_device.clone(), options.clips.clone()),
                steady: Steady::default(),
                news: news_out,
                ui: weak,
            })
        });
        bind(&ui, &station);
        station.borrow_mut().tell_volume();
        if let Some(request) = resumed {
            station.borrow_mut().act(|desk, now| desk.resume(now, &request));
        }
        let timer = Timer::default();
        timer.start(TimerMode::Repeated, TICK, {
            let station = Rc::clone(&station);
            move || station.borrow_mut().tick()
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

/// What the threads beside the window have to say.
enum Heard {
    News(Box<News>),
    Poster { which: usize, pixels: SharedPixelBuffer<Rgb8Pixel> },
}

/// A desk and what surrounds it, on the thread of the window.
struct Station {
    desk: Desk,
    display: Display,
    started: Instant,
    commands: mpsc::Sender<Command>,
    posters: std_mpsc::SyncSender<usize>,
    /// The poster that is shown or was asked for last.
    poster: Option<usize>,
    speech: Equipped,
    steady: Steady,
    news: std_mpsc::Receiver<Heard>,
    ui: Weak<Main>,
    me: rc::Weak<RefCell<Station>>,
}

impl Station {
    /// Lets the desk act, performs its commands, shows the outcome.
    fn act(&mut self, deed: impl FnOnce(&mut Desk, Moment) -> Vec<Command>) {
        let now = self.started.elapsed();
        for command in deed(&mut self.desk, now) {
            self.perform(now, command);
        }
        if let Some(ui) = self.ui.upgrade() {
            let view = self.desk.view(now);
            self.steady.sees(&view);
            self.change_poster(&ui, view.poster);
            self.display.show(&ui, &view, &today(&self.desk, now));
            if view.aid.speaks || view.aid.keys || self.speech.guide.is_active() {
                self.guide_soon();
            }
        }
    }

    fn tick(&mut self) {
        self.steady.ticks(self.started.elapsed());
        self.act(Desk::tick);
    }

    /// A finger touched what the page shows.
    fn touched(&mut self, touch: Touch) {
        if self.steady.takes(self.started.elapsed(), &touch) {
            self.act(|desk, now| desk.touch(now, touch));
        }
    }

    /// The guide goes over the page when whatever was touched has done what it does: the page may be without it then.
    fn guide_soon(&self) {
        let me = self.me.clone();
        Timer::single_shot(Duration::ZERO, move || {
            if let Some(station) = me.upgrade() {
                let mut station = station.borrow_mut();
                let view = station.view();
                if let Some(ui) = station.ui.upgrade() {
                    station.speech.guide.show(&ui, &view);
                }
            }
        });
    }

    fn tell_volume(&mut self) {
        if let Some(volume) = self.speech.volume {
            self.act(|desk, now| desk.hear(now, News::Volume(volume)));
        }
    }

    fn hear(&mut self) {
        while let Ok(heard) = self.news.try_recv() {
            match heard {
                Heard::News(news) => {
                    if matches!(&*news, News::Settings(settings) if settings.speech != wire::Speech::Off) {
                        self.speech.is_wanted();
                    }
                    self.act(|desk, now| desk.hear(now, *news));
                }
                Heard::Poster { which, pixels } if self.poster == Some(which) => {
                    if let Some(ui) = self.ui.upgrade() {
                        ui.global::<Frame>().set_poster(Image::from_rgb8(pixels));
                    }
                }
                // Somebody has touched it away in the meantime.
                Heard::Poster { .. } => {}
            }
        }
    }

    /// Asks for the poster that is wanted; the one before stays until it is there.
    fn change_poster(&mut self, ui: &Main, wanted: Option<usize>) {
        if wanted == self.poster {
            return;
        }
        match wanted {
            // Too busy to take the question: it is asked again at the next tick.
            Some(which) => {
                if self.posters.try_send(which).is_ok() {
                    self.poster = wanted;
                }
            }
            None => {
                self.poster = None;
                ui.global::<Frame>().set_poster(Image::default());
            }
        }
    }

    fn perform(&mut self, now: Moment, command: Command) {
        let attempt = match &command {
            Command::Take { attempt, .. } | Command::TakeAgain { attempt } => Some(*attempt),
            Command::Exit => {
                tracing::info!("staff ended the window");
                if let Err(error) = slint::quit_event_loop() {
                    tracing::error!(%error, "ending the window");
                }
                return;
            }
            Command::AskServices(_)
            | Command::Forget
            | Command::Abandon
            | Command::Identify { .. }
            | Command::FindAppointment { .. }
            | Command::OpenStaffCorner { .. }
            | Command::StaffAct { .. } => None,
            Command::SetVolume(volume) => {
                self.speech.set_volume(*volume);
                return;
            }
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

impl Guided for Station {
    fn touch(&mut self, touch: Touch) {
        self.act(|desk, now| desk.touch(now, touch));
    }

    fn view(&self) -> View {
        self.desk.view(self.started.elapsed())
    }

    fn guide(&mut self) -> &mut Guide {
        &mut self.speech.guide
    }
}

fn bind(ui: &Main, station: &Rc<RefCell<Station>>) {
    connect_touches(ui, {
        let station = Rc::clone(station);
        move |touch| station.borrow_mut().touched(touch)
    });
    connect_guide(ui, station);
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
