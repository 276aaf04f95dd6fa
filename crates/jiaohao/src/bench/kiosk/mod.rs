//! The kiosk's window: how soon it is there, how soon it answers a finger, what it takes while nobody touches it.
//!
//! The window is a real one, in a process and on an X server of their own, touched by a real pointer and looked at pixel by pixel.

mod session;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use clock::Clock;
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;
use wire::Role;

use super::Row;
use super::process::{core_share, resident_mb};
use super::stats::quantile_ms;
use crate::access;
use crate::display::PrivateDisplay;
use crate::display::kiosk::PAGE;
use crate::hall::Hall;
use crate::setup::Setup;
use session::{Session, Touched};

/// The limits of the house.
const FIRST_FRAME_MS: f64 = 1000.0;
const RESPONSE_MS: f64 = 50.0;
const NUMBER_MS: f64 = 100.0;
const IDLE_PERCENT: f64 = 1.0;
const RESIDENT_MB: f64 = 120.0;
const ALLOWED: &str = "allowed";

const STARTS: usize = 5;
/// Everything that follows a start is over by then.
const SETTLED: Duration = Duration::from_secs(3);
const IDLE: Duration = Duration::from_secs(20);

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let setup = Setup::prepare(Some(dir), None, Some(([127, 0, 0, 1], 0).into()))?;
    let hall = Hall::start(setup, Clock::system()).await.map_err(|failure| failure.into_error())?;
    let mut rows = vec![in_memory(&hall, dir).await?];
    match display()? {
        Some(display) => rows.extend(on(&display, &hall, dir).await?),
        None => eprintln!("left out, for want of a display: the kiosk's window (Debian's package xvfb, or DISPLAY)"),
    }
    hall.stop().await;
    Ok(rows)
}

/// A display that nobody else uses, or the one there is.
enum Display {
    Private(PrivateDisplay),
    Given(String),
}

impl Display {
    fn name(&self) -> &str {
        match self {
            Self::Private(display) => display.name(),
            Self::Given(name) => name,
        }
    }
}

fn display() -> anyhow::Result<Option<Display>> {
    if PrivateDisplay::is_installed() {
        return Ok(Some(Display::Private(PrivateDisplay::start(PAGE.0, PAGE.1)?)));
    }
    let given = std::env::var("DISPLAY").ok().filter(|name| !name.is_empty());
    Ok(given.map(Display::Given))
}

/// The page that a broker's answers give, drawn in memory.
async fn in_memory(hall: &Hall, dir: &Path) -> anyhow::Result<Row> {
    let options = kiosk::Options {
        broker: hall.url(),
        token: hall.setup.secrets.role(Role::Kiosk)?.to_owned(),
        kiosk: Some("kiosk-1".to_owned()),
        data: dir.to_owned(),
        posters: None,
        audio_device: None,
        clips: None,
        size: look::WindowSize::FullScreen,
    };
    let took = spawn_blocking(move || {
        let begun = Instant::now();
        kiosk::live_picture(&options, PAGE.0, PAGE.1).map(|_picture| begun.elapsed())
    });
    let took = took.await.context("drawing the page")??;
    Ok(Row::new("kiosk: page asked for and drawn in memory", took.as_secs_f64() * 1000.0, "ms")
        .beside(FIRST_FRAME_MS, ALLOWED))
}

async fn on(display: &Display, hall: &Hall, dir: &Path) -> anyhow::Result<Vec<Row>> {
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        let (mut window, took, _) = open(display, hall, dir).await?;
        starts.push(took);
        window.kill().await.context("ending the kiosk's window")?;
    }
    let (mut window, took, session) = open(display, hall, dir).await?;
    starts.push(took);
    let pid = window.id().context("the kiosk's process")?;
    tokio::time::sleep(SETTLED).await;
    let idle = core_share(pid, IDLE).await?;
    let Touched { mut responses, mut numbers } =
        spawn_blocking(move || session.touch()).await.context("touching the window")??;
    let waiting = hall.client(Role::Supervisor)?.hall().await.context("asking for the hall")?.waiting.len();
    anyhow::ensure!(waiting == numbers.len(), "{} confirmations gave {waiting} numbers", numbers.len());
    let resident = resident_mb(pid)?;
    window.kill().await.context("ending the kiosk's window")?;
    let ms = |name: &str, value: f64, limit: f64| Row::new(name, value, "ms").beside(limit, ALLOWED);
    Ok(vec![
        ms("kiosk: start → first frame, p50", quantile_ms(&mut starts, 0.5), FIRST_FRAME_MS),
        ms("kiosk: start → first frame, longest", quantile_ms(&mut starts, 1.0), FIRST_FRAME_MS),
        ms("kiosk: touch → visible, p50", quantile_ms(&mut responses, 0.5), RESPONSE_MS),
        ms("kiosk: touch → visible, longest", quantile_ms(&mut responses, 1.0), RESPONSE_MS),
        ms("kiosk: touch on confirm → number on the page, p50", quantile_ms(&mut numbers, 0.5), NUMBER_MS),
        ms("kiosk: touch on confirm → number on the page, longest", quantile_ms(&mut numbers, 1.0), NUMBER_MS),
        Row::new("kiosk: idle, of a core", idle, "%").beside(IDLE_PERCENT, ALLOWED),
        Row::new("kiosk: resident", resident, "MB").beside(RESIDENT_MB, ALLOWED),
    ])
}

/// Starts a kiosk in a process of its own; how long it took to its first frame.
async fn open(display: &Display, hall: &Hall, dir: &Path) -> anyhow::Result<(Child, Duration, Session)> {
    let begun = Instant::now();
    let window = Command::new(std::env::current_exe().context("finding this program")?)
        .args(["kiosk", "--fullscreen", "--name", "kiosk-1", "--broker", &hall.url(), "--token-file"])
        .arg(hall.setup.data.join(access::FILE))
        .arg("--data")
        .arg(dir)
        .env("DISPLAY", display.name())
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting a kiosk")?;
    let pid = window.id().context("the kiosk's process")?;
    let name = display.name().to_owned();
    let session = spawn_blocking(move || Session::begin(&name, pid)).await.context("watching the window")??;
    let took = session.first_frame.saturating_duration_since(begun);
    Ok((window, took, session))
}
