//! The kiosk's real window on a display of its own, touched by a real pointer and looked at pixel by pixel.

mod away;
mod corner;
mod disk;
mod interrupted;
mod keys;
mod monkey;
mod panel;
mod paths;
mod readers;
mod supervised;
mod touched;
mod turned;
mod typed;
mod waits;
mod walk;
mod wayland;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::Client;
use hall_tests::{PATIENCE, Program, Running, eventually};
use jiaohao::access::token_from;
use jiaohao::display::kiosk::{BESIDE, CONFIRM, CONTENT, DONE, GROUP, NUMBER, PAGE, PAYMENT, Part, TITLE};
use jiaohao::display::{Area, PrivateDisplay, SeenWindow, Visitor};
use look::WindowSize;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::Child;
use wire::{Role, TicketView};

use crate::program;

/// Of a page drawn in memory, so much is found on the screen: another line of the hall's news may stand there by now.
const ALIKE: f64 = 0.98;
/// A page that has not changed for so long is complete, and has stood long enough to be meant by a touch.
const STILL: Duration = Duration::from_millis(800);
/// Between the two touches of a double one.
const DOUBLE: Duration = Duration::from_millis(120);

/// A hall in a process of its own, and a display for its kiosk.
struct Hall {
    display: PrivateDisplay,
    visitor: Visitor,
    home: TempDir,
    running: Option<Running>,
    listen: String,
}

impl Hall {
    /// A hall without windows, and a display as large as the page.
    async fn opens() -> Self {
        let mut hall = Self::before_opening();
        hall.comes_back().await;
        hall
    }

    fn before_opening() -> Self {
        Self::before_a_screen_of(PAGE)
    }

    fn before_a_screen_of((width, height): (u32, u32)) -> Self {
        let display = PrivateDisplay::start(width, height).expect("a display; tests/run installs Xvfb");
        let visitor = Visitor::before(display.name()).expect("a pointer");
        let home = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir(home.path().join("kiosk")).expect("a folder");
        Self { display, visitor, home, running: None, listen: "127.0.0.1:0".to_owned() }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("hall")
    }

    /// The hall starts, at the address it had before.
    async fn comes_back(&mut self) {
        let running = program().start(&self.data(), ["hall", "--headless", "--listen", &self.listen]).await;
        self.listen = running.address().to_owned();
        self.running = Some(running);
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("a running hall")
    }

    /// From one moment to the next it is gone.
    async fn is_killed(&mut self) {
        self.running.take().expect("a running hall").is_killed().await;
    }

    fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    fn token(&self, role: Role) -> String {
        token_from(&self.data().join("access.toml"), role).expect("the hall's secrets")
    }

    async fn waiting(&self) -> Result<Vec<TicketView>, String> {
        let supervisor = Client::new(self.url(), self.token(Role::Supervisor)).expect("an address");
        supervisor.hall().await.map(|hall| hall.waiting).map_err(|error| error.to_string())
    }

    /// Waits until so many numbers have been given; who has them.
    async fn gives(&self, count: usize) -> Vec<TicketView> {
        eventually(format!("{count} numbers were given"), async || {
            let waiting = self.waiting().await?;
            if waiting.len() == count { Ok(waiting) } else { Err(format!("{waiting:?}")) }
        })
        .await
    }

    fn kiosk_args(&self) -> Vec<OsString> {
        let words = ["kiosk", "--fullscreen", "--name", "kiosk-1", "--broker", &self.url(), "--token-file"];
        let mut args: Vec<OsString> = words.iter().map(OsString::from).collect();
        args.extend([self.data().join("access.toml").into(), "--data".into(), self.kiosk_data().into()]);
        args
    }

    /// The page of a kiosk that starts now, drawn in memory in this size.
    async fn fresh_page(&self, width: u32, height: u32) -> look::headless::Picture {
        let options = kiosk::Options {
            broker: self.url(),
            token: self.token(Role::Kiosk),
            kiosk: Some("kiosk-1".to_owned()),
            data: self.kiosk_data(),
            posters: None,
            audio_device: None,
            clips: None,
            size: WindowSize::FullScreen,
        };
        let drawn = tokio::task::spawn_blocking(move || kiosk::live_picture(&options, width, height));
        drawn.await.expect("a thread").expect("a picture")
    }

    /// The kiosk's own folder.
    fn kiosk_data(&self) -> PathBuf {
        self.home.path().join("kiosk")
    }

    /// Opens the kiosk's window.
    async fn kiosk(&self) -> Kiosk<'_> {
        self.kiosk_of(program()).await
    }

    /// The same, of a program on a disk of its own.
    async fn kiosk_of(&self, program: Program) -> Kiosk<'_> {
        let log = self.home.path().join("kiosk.log");
        let child = program.opens_window(&[("DISPLAY", self.display.name())], &log, self.kiosk_args());
        let pid = child.id().expect("a running kiosk");
        let window = eventually("the kiosk's window is there", async || {
            let windows = self.visitor.windows(TITLE).map_err(|error| format!("{error:#}"))?;
            let found = windows.iter().find(|window| window.pid == pid);
            found.copied().ok_or_else(|| fs::read_to_string(&log).unwrap_or_default())
        })
        .await;
        Kiosk { hall: self, child: Some(child), window }
    }
}

/// A kiosk's window, and a customer before it.
struct Kiosk<'h> {
    hall: &'h Hall,
    /// Where this test started it itself.
    child: Option<Child>,
    window: SeenWindow,
}

impl Kiosk<'_> {
    fn touches(&self, part: Part) {
        let place = self.window.place(part.middle(), PAGE);
        self.hall.visitor.tap(place).expect("a touch");
    }

    /// As a hand that trembles does: the page may have changed in between.
    async fn touches_twice(&self, part: Part) {
        self.touches(part);
        tokio::time::sleep(DOUBLE).await;
        self.touches(part);
    }

    /// The finger is elsewhere.
    fn looks_on(&self) {
        self.hall.visitor.move_to(self.window.place(BESIDE, PAGE)).expect("a moved pointer");
    }

    fn sees(&self, part: Part) -> Vec<u8> {
        self.hall.visitor.sees(part.on(&self.window)).expect("a screen")
    }

    /// What a part of the page shows once it does not change any more.
    async fn sees_still(&self, part: Part) -> Vec<u8> {
        let mut last = Vec::new();
        let mut changed = Instant::now();
        eventually(format!("{part:?} stands still"), async || {
            let seen = self.sees(part);
            if seen != last {
                (last, changed) = (seen, Instant::now());
            }
            if changed.elapsed() > STILL { Ok(last.clone()) } else { Err("it changes".to_owned()) }
        })
        .await
    }

    /// Waits until a part of the page shows something else; how long that took.
    async fn sees_other_than(&self, part: Part, before: &[u8]) -> Duration {
        let begun = Instant::now();
        eventually(format!("{part:?} changes"), async || {
            if self.sees(part) == before { Err("it is as before".to_owned()) } else { Ok(()) }
        })
        .await;
        begun.elapsed()
    }

    /// Waits until the window shows the page that a kiosk shows that starts now; how long that took.
    async fn shows_what_a_fresh_one_would(&self, what: &str) -> Duration {
        let begun = Instant::now();
        let expected = self.fresh_page().await;
        eventually(format!("the window shows {what}"), async || {
            let alike = self.alike(&expected);
            if alike >= ALIKE { Ok(()) } else { Err(format!("{:.1} % of it", alike * 100.0)) }
        })
        .await;
        begun.elapsed()
    }

    /// The page drawn in memory from what the broker answers, or does not.
    async fn fresh_page(&self) -> look::headless::Picture {
        self.hall.fresh_page(self.window.width.into(), self.window.height.into()).await
    }

    /// The share of pixels of [`CONTENT`] that are the same on the screen (blue, green, red, unused) and in a picture of the page.
    fn alike(&self, expected: &look::headless::Picture) -> f64 {
        let area = CONTENT.on(&self.window);
        let seen = self.sees(CONTENT);
        let mut pixels = seen.chunks(4);
        let (left, top) = ((area.x - self.window.x).unsigned_abs(), (area.y - self.window.y).unsigned_abs());
        let mut same = 0_u32;
        for y in top..top + area.height {
            for x in left..left + area.width {
                let shown = pixels.next().map(|pixel| [pixel[2], pixel[1], pixel[0]]);
                if shown == expected.pixel(x.into(), y.into()) {
                    same += 1;
                }
            }
        }
        f64::from(same) / (f64::from(area.width) * f64::from(area.height))
    }

    /// Touches the cards that lead to the page that confirms, as soon as they are there.
    async fn chooses(&self) {
        self.shows_what_a_fresh_one_would("the businesses").await;
        for card in [GROUP, PAYMENT] {
            let before = self.sees_still(CONTENT).await;
            self.touches(card);
            self.looks_on();
            self.sees_other_than(CONTENT, &before).await;
        }
        self.sees_still(NUMBER).await;
    }

    /// Touches all that leads to a number.
    async fn asks_for_a_number(&self) {
        self.chooses().await;
        self.touches(CONFIRM);
        self.looks_on();
    }

    /// The process is killed, as by a crash.
    async fn crashes(mut self) {
        let mut child = self.child.take().expect("a process of this test");
        child.kill().await.expect("a process to kill");
    }

    fn is_sent(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a signal");
    }

    fn pid(&self) -> Pid {
        i32::try_from(self.window.pid).ok().and_then(Pid::from_raw).expect("a process")
    }
}
