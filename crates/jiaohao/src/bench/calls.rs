//! From a teller's key to the last byte of the window sign, whose line is as slow as a real one, and to the frame on the hall
//! screen.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use client::{Key, Message};
use clock::Clock;
use look::Language;
use screen::board::{self, Board};
use screen::page;
use tokio::sync::oneshot;
use wire::{Event, EventId, EventKind, HallSnapshot, Role, SignIn, TakeTicket};

use super::Row;
use super::stats::quantile_ms;
use crate::hall::Hall;
use crate::setup::Setup;
use crate::virtual_devices::Pace;

const CALLS: usize = 60;
const COUNTER: u16 = 4;
const SIGN: &str = "window-led-4";
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let setup = Setup::prepare(Some(dir), None, Some(([127, 0, 0, 1], 0).into()))?;
    let hall = Hall::start_at(setup, Clock::system(), Pace::AsTheLine).await.map_err(|failure| failure.into_error())?;
    let teller = hall.client(Role::Teller)?;
    let pin = hall.setup.secrets.pin.get("1004").cloned().unwrap_or_default();
    teller.sign_in(COUNTER, &Key::new(), &SignIn { teller: "1004".to_owned(), pin }).await.context("signing in")?;
    let sign = hall.devices.window_signs.get(SIGN).with_context(|| format!("the sample hall has {SIGN}"))?;
    let baud = hall
        .setup
        .config
        .devices
        .iter()
        .find(|device| device.name == SIGN)
        .map_or(9600, |device| device.profile.baud());
    let mut messages = hall.client(Role::Screen)?.follow(None);
    wait_connected(&mut messages).await?;
    let painter = Painter::start(hall.client(Role::Screen)?.hall().await.context("asking for the hall")?);

    let (mut last_byte, mut beyond_wire, mut event, mut frame) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut wire = Duration::ZERO;
    for _ in 0..CALLS {
        let wish = TakeTicket { service: "payment".to_owned(), ..TakeTicket::default() };
        let issued = teller.take_ticket(&Key::new(), &wish).await.context("taking a number")?;
        // The sign's answer to the call before, and its idle state, are behind us.
        settle(sign).await;
        sign.forget_received();
        let pressed = Instant::now();
        let called = teller.call_next(COUNTER, &Key::new()).await.context("calling")?;
        if called.is_none() {
            bail!("nobody was called");
        }
        let (id, happened) = wait_for_call(&mut messages, &issued.ticket.number).await?;
        event.push(pressed.elapsed());
        painter.draw(id, happened).await?;
        frame.push(pressed.elapsed());
        let number = issued.ticket.number.clone();
        tokio::time::timeout(PATIENCE, sign.wait_for_shown(|shown| shown.trim() == number))
            .await
            .with_context(|| format!("waiting for {number} on {SIGN}"))?;
        let at = sign.last_frame_at().context("the sign's last byte")?.saturating_duration_since(pressed);
        wire = Duration::from_secs_f64(sign.received().len() as f64 * 10.0 / f64::from(baud));
        last_byte.push(at);
        beyond_wire.push(at.saturating_sub(wire));
    }
    hall.stop().await;
    let wire_ms = wire.as_secs_f64() * 1000.0;
    Ok(vec![
        Row::new("call → last LED byte, p50", quantile_ms(&mut last_byte, 0.5), "ms")
            .beside(wire_ms, "the line at its speed"),
        Row::new("call → last LED byte, p99", quantile_ms(&mut last_byte, 0.99), "ms")
            .beside(wire_ms, "the line at its speed"),
        Row::new("… beyond the line's time, p99", quantile_ms(&mut beyond_wire, 0.99), "ms"),
        Row::new("call → event at the screen, p99", quantile_ms(&mut event, 0.99), "ms"),
        Row::new("call → frame on the screen, p50", quantile_ms(&mut frame, 0.5), "ms"),
        Row::new("call → frame on the screen, p99", quantile_ms(&mut frame, 0.99), "ms"),
    ])
}

async fn settle(sign: &device_sim::WindowSign) {
    let mut frames = sign.frames().len();
    loop {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let now = sign.frames().len();
        if now == frames {
            return;
        }
        frames = now;
    }
}

async fn wait_connected(messages: &mut tokio::sync::mpsc::Receiver<Message>) -> anyhow::Result<()> {
    loop {
        match tokio::time::timeout(PATIENCE, messages.recv()).await.context("connecting the screen")? {
            Some(Message::Connected) => return Ok(()),
            Some(_) => {}
            None => bail!("the event stream ended"),
        }
    }
}

async fn wait_for_call(
    messages: &mut tokio::sync::mpsc::Receiver<Message>,
    number: &str,
) -> anyhow::Result<(EventId, Event)> {
    loop {
        match tokio::time::timeout(PATIENCE, messages.recv()).await.context("waiting for the call")? {
            Some(Message::Event(id, event)) => {
                if let EventKind::TicketCalled { ticket, .. } = &event.kind
                    && ticket.number == number
                {
                    return Ok((id, event));
                }
            }
            Some(_) => {}
            None => bail!("the event stream ended"),
        }
    }
}

/// The hall screen's page on a thread of its own, drawn in memory at full size.
struct Painter(std::sync::mpsc::SyncSender<(EventId, Event, oneshot::Sender<()>)>);

impl Painter {
    fn start(snapshot: HallSnapshot) -> Self {
        let (calls, inbox) = std::sync::mpsc::sync_channel::<(EventId, Event, oneshot::Sender<()>)>(1);
        std::thread::spawn(move || {
            let outcome = look::headless::scene(1920, 1080, move |stage| {
                let begun = Instant::now();
                let mut board = Board::new(Language::Chinese, jiff::tz::TimeZone::UTC);
                board.restart(&snapshot, begun.elapsed());
                let window = page::open(Language::Chinese)?;
                stage.show(&window)?;
                while let Ok((id, event, drawn)) = inbox.recv() {
                    // Earlier calls have had their time in the band.
                    board.advance(begun.elapsed() + board::DWELL * 1000);
                    board.event(&id, &event, begun.elapsed() + board::DWELL * 1000);
                    page::show(&window, &board.view(begun.elapsed() + board::DWELL * 1000));
                    std::hint::black_box(stage.shoot());
                    // The bench waits for nothing else.
                    let _ = drawn.send(());
                }
                Ok(())
            });
            if let Err(error) = outcome {
                tracing::error!(error = &error as &dyn std::error::Error, "drawing the screen");
            }
        });
        Self(calls)
    }

    async fn draw(&self, id: EventId, event: Event) -> anyhow::Result<()> {
        let (respond, drawn) = oneshot::channel();
        self.0.send((id, event, respond)).ok().context("the painter ended")?;
        drawn.await.context("the painter ended")
    }
}
