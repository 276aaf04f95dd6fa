//! The hall's virtual devices on one terminal: press a key, tear a ticket, pull a plug.
//!
//! `model` is what is known, `draw` makes a picture of it; neither touches a terminal, a device or a clock. This file joins them with
//! those that do: `screen`, `keyboard`, `source`, `news`.

mod asked;
mod draw;
mod keyboard;
mod lamps;
mod model;
mod news;
#[cfg(test)]
mod samples;
mod screen;
mod seen;
mod source;
mod strokes;
#[cfg(test)]
mod tests;
mod words;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use client::Client;
use jiff::Zoned;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};
use wire::DeviceSpec;

use crate::hall::End;
use keyboard::Input;
use lamps::Lamps;
use model::{Device, Model, Order, Wish};
use news::News;
use screen::Screen;
use seen::Face;
pub(super) use source::Source;

/// The chosen device is looked at, and the screen drawn anew if anything changed, at most so often.
const FRAME: Duration = Duration::from_millis(100);
/// All the others are looked at every so many frames.
const ALL: u64 = 5;

/// The hall that the devices are of.
pub(super) struct Premises {
    /// Address of the broker.
    pub(super) broker: String,
    /// A connection to it.
    pub(super) client: Client,
    /// Its devices, in the order of the configuration.
    pub(super) specs: Vec<DeviceSpec>,
    /// Where logs go meanwhile, and the ports are.
    pub(super) data: PathBuf,
}

/// Shows the devices until somebody presses `q` or Ctrl-C, or the process is asked to end.
///
/// # Errors
/// The terminal does not do what it is asked, or no device can be asked.
pub(super) async fn run(source: Source, premises: Premises, end: &mut End) -> anyhow::Result<()> {
    let mut view = View::new(source, &premises).await?;
    let mut screen = Screen::take(&premises.data.join("devices.log")).context("taking the terminal")?;
    let mut keys = keyboard::listen().context("listening to the keyboard")?;
    let mut news = news::follow(premises.client);
    let mut drawn: Option<Model> = None;
    let mut frames = interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut frame = 0_u64;
    loop {
        tokio::select! {
            () = end.asked_for() => return Ok(()),
            input = keys.recv() => match input {
                Some(Input::Key(key)) => match view.model.press(key) {
                    Wish::Nothing => {}
                    Wish::Act(order) => view.carry_out(&order).await,
                    Wish::Quit => return Ok(()),
                },
                Some(Input::Resized) => drawn = None,
                // The terminal is gone, and with it whoever looked at it.
                None => return Ok(()),
            },
            Some(news) = news.recv() => view.hear(news),
            _ = frames.tick() => {
                view.look(frame.is_multiple_of(ALL)).await;
                frame += 1;
                if drawn.as_ref() != Some(&view.model) {
                    screen.draw(|frame| draw::draw(frame, &view.model)).context("drawing")?;
                    drawn = Some(view.model.clone());
                }
            }
        }
    }
}

/// The model and the devices it is of.
struct View {
    model: Model,
    source: Source,
    /// Where signs put their pictures, for a moment.
    picture: PathBuf,
    /// Of what the boards are pictures.
    pictured: Vec<Option<Face>>,
}

impl View {
    async fn new(mut source: Source, premises: &Premises) -> anyhow::Result<Self> {
        let mut introduced = source.list().await.context("asking for the virtual devices")?;
        // As the configuration has them; what the hall does not know comes last.
        let place = |name: &str| premises.specs.iter().position(|spec| spec.name == name).unwrap_or(usize::MAX);
        introduced.sort_by_key(|device| place(&device.name));
        let spec = |name: &str| premises.specs.iter().find(|spec| spec.name == name);
        let device = |one: &source::Introduced| Device::new(&one.name, &one.kind, &one.acts, spec(&one.name));
        let devices: Vec<_> = introduced.iter().map(device).collect();
        Ok(Self {
            pictured: vec![None; devices.len()],
            model: Model::new(&premises.broker, devices),
            source,
            picture: premises.data.join("ports").join(format!(".view-{}.png", std::process::id())),
        })
    }

    fn hear(&mut self, news: News) {
        let at = now();
        match news {
            News::Hall(name, devices) => {
                self.model.hall = Some(name);
                self.model.connected = true;
                devices.into_iter().for_each(|device| self.model.hear(&at, device));
            }
            News::Device(device) => self.model.hear(&at, device),
            News::Away => self.model.connected = false,
        }
    }

    async fn carry_out(&mut self, order: &Order) {
        let result = self.source.act(&order.device, &order.act, &order.with).await;
        self.model.done(&now(), order, result.map_err(|error| format!("{error:#}")));
    }

    /// Looks at the chosen device, or at all.
    async fn look(&mut self, all: bool) {
        let chosen = self.model.chosen;
        for (index, device) in self.model.devices.iter_mut().enumerate() {
            if index == chosen || all {
                device.seen = self.source.look(&device.name).await.ok();
            }
        }
        self.look_at_board(chosen).await;
    }

    /// Takes a new picture of a sign that shows something else than before.
    async fn look_at_board(&mut self, index: usize) {
        let (Some(device), Some(pictured)) = (self.model.devices.get_mut(index), self.pictured.get_mut(index)) else {
            return;
        };
        let face = device.seen.as_ref().and_then(|seen| seen.face.clone());
        if *pictured == face || !face.as_ref().is_some_and(has_board) {
            return;
        }
        let path = self.picture.display().to_string();
        let picture = match self.source.act(&device.name, "picture", &json!(path)).await {
            Ok(()) => std::fs::read(&self.picture).context("reading the picture of a sign"),
            Err(error) => Err(error),
        };
        match picture {
            Ok(file) => device.board = Lamps::of_picture(&file),
            Err(error) => tracing::warn!(device = device.name, "no picture: {error:#}"),
        }
        *pictured = face;
        // It was there for a moment only; where it was not made, nothing is left.
        let _ = std::fs::remove_file(&self.picture);
    }
}

fn has_board(face: &Face) -> bool {
    match face {
        Face::OnbonSign(_) | Face::CpowerSign(_) | Face::WindowSign(_) => true,
        Face::Printer(_)
        | Face::DigitBoard(_)
        | Face::Keypad(_)
        | Face::PolledKeypad(_)
        | Face::IdReader(_)
        | Face::CardReader(_)
        | Face::Scanner(_) => false,
    }
}

/// The time of day, for people.
fn now() -> String {
    Zoned::now().strftime("%H:%M:%S").to_string()
}
