//! What the view knows and where it stands. Pure: states, news and keys in; wishes out.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};
use wire::{Condition, DeviceHealth, DeviceProfile, DeviceReport, DeviceSpec, DeviceState, LocalNames, Place};

use super::asked::Shape;
use super::keyboard::Key;
use super::lamps::Lamps;
use super::seen::Seen;
use super::strokes::{Act, How, PLUG, QUIT, Stroke, strokes};
use super::words::{self, Words, words};

/// So much of what was done is remembered.
const NOTES: usize = 50;
/// Devices further with Page Up and Page Down.
const PAGE: usize = 10;

/// The whole view.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    /// Address of the broker.
    pub(super) broker: String,
    /// The hall's name, once it is known.
    pub(super) hall: Option<LocalNames>,
    /// Whether the broker can be heard.
    pub(super) connected: bool,
    pub(super) devices: Vec<Device>,
    pub(super) chosen: usize,
    pub(super) prompt: Option<Prompt>,
    /// What was done and heard, newest last.
    pub(super) notes: VecDeque<Note>,
}

/// A device.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Device {
    pub(super) name: String,
    /// Its kind on the control channel.
    pub(super) kind: String,
    /// Where it stands, if the hall has it.
    pub(super) place: Option<Place>,
    pub(super) profile: Option<String>,
    pub(super) strokes: Vec<Stroke>,
    /// `None`: it cannot be asked.
    pub(super) seen: Option<Seen>,
    /// What the hall was told of it.
    pub(super) report: Option<DeviceReport>,
    /// Acts that were switched on from here.
    pub(super) on: BTreeSet<String>,
    /// The board of a sign.
    pub(super) board: Option<Lamps>,
}

/// A question at the bottom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prompt {
    pub(super) act: String,
    pub(super) words: Words,
    pub(super) shape: Shape,
    pub(super) text: String,
    usual: Vec<String>,
    offered: usize,
    /// What is typed was refused.
    pub(super) wrong: bool,
}

/// Something that was done or heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// Hours, minutes, seconds.
    pub(super) at: String,
    pub(super) device: String,
    pub(super) text: String,
    pub(super) tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Done,
    Heard,
    Failed,
}

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Nothing,
    Quit,
    Act(Order),
}

/// An act to carry out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub(super) device: String,
    pub(super) act: String,
    pub(super) with: Value,
    pub(super) words: Words,
}

impl Device {
    /// A device that has not been looked at yet.
    pub(super) fn new(name: &str, kind: &str, acts: &[Act], spec: Option<&DeviceSpec>) -> Self {
        let profile: Option<&DeviceProfile> = spec.map(|spec| &spec.profile);
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            place: spec.map(|spec| spec.place.clone()),
            profile: spec.map(|spec| spec.profile_name.clone()),
            strokes: strokes(kind, acts, profile),
            seen: None,
            report: None,
            on: BTreeSet::new(),
            board: None,
        }
    }

    /// Whether the act is switched on now, as far as the device or this view knows.
    pub(super) fn is_on(&self, act: &str) -> bool {
        let power = self.seen.as_ref().map(|seen| seen.power).unwrap_or_default();
        let told = match act {
            "mute" => power.mute,
            "dead" => power.dead,
            _ => None,
        };
        told.unwrap_or_else(|| self.on.contains(act))
    }

    pub(super) fn is_plugged(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.line.plugged)
    }
}

impl Model {
    /// The view of these devices of the hall at `broker`.
    pub(super) fn new(broker: impl Into<String>, devices: Vec<Device>) -> Self {
        Self {
            broker: broker.into(),
            hall: None,
            connected: false,
            devices,
            chosen: 0,
            prompt: None,
            notes: VecDeque::new(),
        }
    }

    pub(super) fn chosen(&self) -> Option<&Device> {
        self.devices.get(self.chosen)
    }

    /// The hall says how a device is.
    pub(super) fn hear(&mut self, at: &str, health: DeviceHealth) {
        let Some(device) = self.devices.iter_mut().find(|device| device.name == health.name) else { return };
        let said = words::report(&health.report);
        let news = device.report.as_ref().is_some_and(|before| is_news(before, &health.report));
        device.report = Some(health.report);
        if news {
            let text = words(format!("大厅得知：{}", said.zh), format!("the hall hears: {}", said.en)).to_string();
            self.note(at, &health.name, text, Tone::Heard);
        }
    }

    /// An order was carried out, or not, and why.
    pub(super) fn done(&mut self, at: &str, order: &Order, result: Result<(), String>) {
        match result {
            Ok(()) => {
                let with = match &order.with {
                    Value::Null | Value::Bool(true) => String::new(),
                    Value::Bool(false) => "：复原 off again".to_owned(),
                    Value::String(text) if order.act != "press" => format!("：{text}"),
                    Value::Number(number) if !matches!(order.act.as_str(), "press" | "rate") => format!("：{number}"),
                    // Which key it was, the words say; what stands on a card is nobody's business.
                    Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => String::new(),
                };
                self.note(at, &order.device, format!("{}{with}", order.words), Tone::Done);
                if let (Some(device), Value::Bool(on)) =
                    (self.devices.iter_mut().find(|device| device.name == order.device), &order.with)
                {
                    if *on {
                        device.on.insert(order.act.clone());
                    } else {
                        device.on.remove(&order.act);
                    }
                }
            }
            Err(why) => self.note(at, &order.device, format!("{}：{why}", order.words), Tone::Failed),
        }
    }

    pub(super) fn note(&mut self, at: &str, device: &str, text: impl Into<String>, tone: Tone) {
        self.notes.push_back(Note { at: at.to_owned(), device: device.to_owned(), text: text.into(), tone });
        while self.notes.len() > NOTES {
            self.notes.pop_front();
        }
    }

    /// A key of the keyboard was pressed.
    pub(super) fn press(&mut self, key: Key) -> Wish {
        if key == Key::Interrupt {
            return Wish::Quit;
        }
        if self.prompt.is_some() {
            return self.type_in(key);
        }
        let last = self.devices.len().saturating_sub(1);
        match key {
            Key::Up => self.chosen = self.chosen.saturating_sub(1),
            Key::Down => self.chosen = (self.chosen + 1).min(last),
            Key::Tab => self.chosen = if self.chosen < last { self.chosen + 1 } else { 0 },
            Key::BackTab => self.chosen = self.chosen.checked_sub(1).unwrap_or(last),
            Key::PageUp => self.chosen = self.chosen.saturating_sub(PAGE),
            Key::PageDown => self.chosen = (self.chosen + PAGE).min(last),
            Key::Home => self.chosen = 0,
            Key::End => self.chosen = last,
            Key::Letter(QUIT) => return Wish::Quit,
            Key::Letter(letter) => return self.stroke(letter),
            Key::Enter | Key::Escape | Key::Backspace | Key::Clear | Key::Interrupt => {}
        }
        Wish::Nothing
    }

    fn stroke(&mut self, letter: char) -> Wish {
        let Some(device) = self.devices.get(self.chosen) else { return Wish::Nothing };
        let order = |act: &str, with: Value, words: Words| {
            Wish::Act(Order { device: device.name.clone(), act: act.to_owned(), with, words })
        };
        if letter == PLUG {
            return if device.is_plugged() {
                order("unplug", Value::Null, words("拔下插头", "plug pulled"))
            } else {
                order("plug_back", Value::Null, words("插回插头", "plugged in again"))
            };
        }
        let Some(stroke) = device.strokes.iter().find(|stroke| stroke.key == letter) else { return Wish::Nothing };
        match &stroke.how {
            How::With(value) => order(&stroke.act, value.clone(), stroke.words.clone()),
            How::Toggle => order(&stroke.act, json!(!device.is_on(&stroke.act)), stroke.words.clone()),
            How::Asked(shape) => {
                let port = device.seen.as_ref().map_or("device", |seen| seen.line.path.as_str());
                let ending = if stroke.act == "picture" { "png" } else { "line" };
                let usual = shape.usual(&format!("{port}.{ending}"));
                self.prompt = Some(Prompt {
                    act: stroke.act.clone(),
                    words: stroke.words.clone(),
                    shape: *shape,
                    text: usual.first().cloned().unwrap_or_default(),
                    usual,
                    offered: 0,
                    wrong: false,
                });
                Wish::Nothing
            }
        }
    }

    fn type_in(&mut self, key: Key) -> Wish {
        let (Some(prompt), Some(device)) = (&mut self.prompt, self.devices.get(self.chosen)) else {
            return Wish::Nothing;
        };
        prompt.wrong = false;
        match key {
            Key::Escape => self.prompt = None,
            Key::Enter => match prompt.shape.read(&prompt.text) {
                Some(with) => {
                    let (act, words) = (prompt.act.clone(), prompt.words.clone());
                    let order = Order { device: device.name.clone(), act, with, words };
                    self.prompt = None;
                    return Wish::Act(order);
                }
                None => prompt.wrong = true,
            },
            Key::Backspace => {
                prompt.text.pop();
            }
            Key::Clear => prompt.text.clear(),
            Key::Letter(letter) => prompt.text.push(letter),
            Key::Up | Key::BackTab => prompt.offer(prompt.usual.len().saturating_sub(1)),
            Key::Down | Key::Tab => prompt.offer(1),
            Key::PageUp | Key::PageDown | Key::Home | Key::End | Key::Interrupt => {}
        }
        Wish::Nothing
    }
}

/// Whether a person wants to hear of it: that all is well at the start is no news.
fn is_news(before: &DeviceReport, now: &DeviceReport) -> bool {
    let began = before.conditions.iter().all(|condition| *condition == Condition::NoHost);
    words::report(before) != words::report(now)
        && !(began && before.state == DeviceState::Unknown && now.state == DeviceState::Ok)
}

impl Prompt {
    /// Types the offer that lies so much further.
    fn offer(&mut self, further: usize) {
        self.offered = (self.offered + further) % self.usual.len().max(1);
        if let Some(text) = self.usual.get(self.offered) {
            self.text.clone_from(text);
        }
    }

    /// How many answers are offered.
    pub(super) fn offers(&self) -> usize {
        self.usual.len()
    }
}
