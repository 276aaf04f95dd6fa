//! Where the keys are on the page, and what of it is said.

use look::access::{self, Labelled, Role};
use slint::ComponentHandle;
use voice::{Kind, Listener, News, Phrase, Thing};

use super::Say;
use super::place::Section;
use crate::language::Language;
use crate::ui::{FiveKeys, Main, SpeechWords};
use crate::view::View;

/// A key of a tactile keypad, which is a keyboard to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Up or left: to what comes before.
    Previous,
    /// Down or right: to what comes next.
    Next,
    /// The middle: what a touch of this would do.
    Select,
    /// Keyboards with more keys: back.
    Back,
    /// Keyboards with more keys: the page once more.
    Repeat,
}

impl Key {
    /// The key of Slint's key event; `None` for those that do nothing here.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        use slint::platform::Key as Name;
        let is = |name: Name| text == slint::SharedString::from(name).as_str();
        if [Name::UpArrow, Name::LeftArrow, Name::Backtab].into_iter().any(is) {
            Some(Self::Previous)
        } else if [Name::DownArrow, Name::RightArrow, Name::Tab].into_iter().any(is) {
            Some(Self::Next)
        } else if [Name::Return, Name::Space].into_iter().any(is) {
            Some(Self::Select)
        } else if [Name::Escape, Name::Backspace].into_iter().any(is) {
            Some(Self::Back)
        } else {
            is(Name::F1).then_some(Self::Repeat)
        }
    }
}

/// What a key leads to.
#[derive(Debug)]
pub enum Deed {
    /// Nothing but a move, or words.
    None,
    /// This is to be activated.
    Activate(Labelled),
    /// One page back.
    Back,
}

/// Goes over the page with whoever does not see it.
pub struct Guide {
    voice: Option<Box<dyn Say>>,
    news: News,
    language: Option<Language>,
    speaks: bool,
    /// Where the keys are.
    at: Option<Labelled>,
    /// What was touched or selected, to be said with what it is by then.
    touched: Option<Touched>,
    /// It was said that digits are not.
    warned: bool,
}

struct Touched {
    label: String,
    by_key: bool,
}

impl Guide {
    /// With a voice, or without one.
    #[must_use]
    pub fn new(voice: Option<Box<dyn Say>>) -> Self {
        Self { voice, news: News::default(), language: None, speaks: false, at: None, touched: None, warned: false }
    }

    /// Goes on with the page as it is shown now.
    pub fn show(&mut self, ui: &Main, view: &View) {
        if !view.aid.speaks && !view.aid.keys {
            self.rest(ui);
            return;
        }
        let things = access::things(ui.window());
        let page: Vec<&Labelled> = things.iter().filter(|thing| Section::of(ui, thing) == Section::Page).collect();
        let told: Vec<Thing> = page.iter().map(|thing| in_words(ui, thing)).collect();
        let began = view.aid.speaks && !self.speaks;
        let other_language = self.language.replace(view.language).is_some_and(|before| before != view.language);
        if began || other_language {
            self.news.forget();
        }
        let name = format!("{:?} {}", std::mem::discriminant(&view.page), view.still_there_s.is_some());
        let unheard = self.news.of(&name, &told);
        self.find_place(&stops(ui, &things), unheard.other_page && !other_language, view.aid.keys);
        draw_ring(ui, self.at.as_ref());
        self.speaks = view.aid.speaks;
        let touched = self.touched.take();
        if !self.speaks {
            self.hush();
            return;
        }
        let speech = Speech { language: view.language.tag(), listener: view.aid.listener };
        let mut phrases = Vec::new();
        if began {
            phrases.extend(speech.words(&ui.global::<SpeechWords>().get_begin()));
            let title = things.iter().find(|thing| Section::of(ui, thing) == Section::Header);
            phrases.extend(title.iter().flat_map(|title| speech.thing(&in_words(ui, title))));
        }
        let anew = began || unheard.other_page || touched.is_some();
        if let Some(touched) = touched.filter(|touched| !(touched.by_key && unheard.other_page)) {
            let now = things.iter().find(|thing| thing.label == touched.label).map(|thing| in_words(ui, thing));
            let gone = Thing { kind: Kind::Control, label: touched.label, ..Thing::default() };
            phrases.extend(speech.thing(&now.unwrap_or(gone)));
        }
        // The keys of a number are said where they are met, not one after the other.
        let news = unheard.places.iter().map(|&place| &told[place]).filter(|thing| !thing.is_digit_key());
        phrases.extend(news.flat_map(|thing| speech.thing(thing)));
        if anew {
            self.say(phrases);
        } else if !phrases.is_empty()
            && let Some(voice) = &self.voice
        {
            voice.add(phrases);
        }
    }

    /// A finger is on the page: what is being said ends.
    pub fn finger(&self) {
        self.hush();
    }

    /// A finger has touched the control with this label.
    pub fn touched(&mut self, label: &str) {
        self.touched = Some(Touched { label: label.to_owned(), by_key: false });
    }

    /// A finger has touched the page where no control is: what stands there is said.
    pub fn touched_at(&self, ui: &Main, view: &View, x: f32, y: f32) {
        if !view.aid.speaks {
            return;
        }
        let things = access::things(ui.window());
        let speech = Speech { language: view.language.tag(), listener: view.aid.listener };
        let under = things.iter().filter(|thing| thing.place.holds(x, y));
        let smallest = under.min_by(|a, b| a.place.height.total_cmp(&b.place.height));
        self.say(smallest.map(|thing| speech.thing(&in_words(ui, thing))).unwrap_or_default());
    }

    /// A key was pressed on a page where the keys are somewhere already.
    pub fn key(&mut self, ui: &Main, view: &View, key: Key) -> Deed {
        match key {
            Key::Previous => self.walk(ui, view, false),
            Key::Next => self.walk(ui, view, true),
            Key::Back => return Deed::Back,
            Key::Repeat => self.repeat(ui, view),
            Key::Select => match &self.at {
                Some(at) if at.role == Role::Control => {
                    self.touched = Some(Touched { label: at.label.clone(), by_key: true });
                    return Deed::Activate(at.clone());
                }
                Some(_) | None => self.repeat(ui, view),
            },
        }
        Deed::None
    }

    /// Where the keys are; nowhere until the first press.
    #[must_use]
    pub fn at(&self) -> Option<&Labelled> {
        self.at.as_ref()
    }

    /// Whether somebody is being guided, or was until now.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.speaks || self.at.is_some()
    }

    /// Speaks as loud as this.
    pub fn set_volume(&self, volume: u8) {
        if let Some(voice) = &self.voice {
            voice.set_volume(volume);
        }
    }

    /// Whoever was there is gone.
    fn rest(&mut self, ui: &Main) {
        if self.speaks {
            self.hush();
        }
        if self.at.take().is_some() {
            draw_ring(ui, None);
        }
        self.speaks = false;
        self.touched = None;
        self.warned = false;
        self.news.forget();
    }

    /// The keys stay where they are as long as that is there; on another page they begin at its first words.
    fn find_place(&mut self, stops: &[Labelled], other_page: bool, keys: bool) {
        let Some(before) = self.at.take().filter(|_| keys && !other_page) else {
            self.at = stops.first().filter(|_| keys).cloned();
            return;
        };
        let same = stops.iter().find(|stop| stop.is_same(&before));
        let nearest = || {
            let distance =
                |stop: &&Labelled| (stop.place.y - before.place.y).abs() * 10.0 + (stop.place.x - before.place.x).abs();
            stops.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        self.at = same.or_else(nearest).cloned();
    }

    /// To the next stop or the one before, round the page. What cannot be chosen is passed by, and says why.
    fn walk(&mut self, ui: &Main, view: &View, onwards: bool) {
        let things = access::things(ui.window());
        let mut row: Vec<Labelled> = controls_after_heading(ui, &things);
        if !onwards {
            row.reverse();
        }
        let at = self.at.as_ref().and_then(|at| row.iter().position(|thing| thing.is_same(at)));
        if let Some(at) = at {
            row.rotate_left(at + 1);
        }
        let Some(next) = row.iter().position(is_stop) else { return };
        self.at = Some(row[next].clone());
        draw_ring(ui, self.at.as_ref());
        if !view.aid.speaks {
            return;
        }
        let speech = Speech { language: view.language.tag(), listener: view.aid.listener };
        let passed = row[..=next].iter().map(|thing| in_words(ui, thing));
        let phrases: Vec<Phrase> = passed.flat_map(|thing| speech.thing(&thing)).collect();
        if phrases.is_empty() && !self.warned {
            self.warned = true;
            self.say(speech.words(&ui.global::<SpeechWords>().get_silent_keys()).into_iter().collect());
        } else {
            self.say(phrases);
        }
    }

    /// The page once more.
    fn repeat(&mut self, ui: &Main, view: &View) {
        if !view.aid.speaks {
            return;
        }
        let speech = Speech { language: view.language.tag(), listener: view.aid.listener };
        let things = access::things(ui.window());
        let page =
            things.iter().filter(|thing| Section::of(ui, thing) == Section::Page).map(|thing| in_words(ui, thing));
        let said = page.filter(|thing| !thing.is_digit_key()).flat_map(|thing| speech.thing(&thing));
        self.say(said.collect());
    }

    fn say(&self, phrases: Vec<Phrase>) {
        if let Some(voice) = &self.voice {
            voice.say(phrases);
        }
    }

    fn hush(&self) {
        if let Some(voice) = &self.voice {
            voice.hush();
        }
    }
}

/// The language of the page, and who hears it.
struct Speech {
    language: &'static str,
    listener: Listener,
}

impl Speech {
    fn thing(&self, thing: &Thing) -> Vec<Phrase> {
        thing.phrases(self.language, self.listener)
    }

    fn words(&self, words: &str) -> Option<Phrase> {
        Phrase::of(words, self.language, self.listener)
    }
}

/// A thing of the page, with words for how it is.
fn in_words(ui: &Main, thing: &Labelled) -> Thing {
    let words = ui.global::<SpeechWords>();
    let state = match (thing.role, thing.checked, thing.enabled) {
        (Role::Control, _, false) => words.get_unavailable(),
        (Role::Control, Some(true), true) => words.get_chosen(),
        (Role::Control, Some(false), true) => words.get_not_chosen(),
        (Role::Control, None, true) | (Role::Text | Role::Field, _, _) => slint::SharedString::default(),
    };
    Thing {
        kind: match thing.role {
            Role::Text => Kind::Text,
            Role::Control => Kind::Control,
            Role::Field => Kind::Field,
        },
        label: thing.label.clone(),
        state: state.into(),
        description: thing.description.clone(),
        value: thing.value.clone(),
    }
}

/// Where the keys can be: the page's first words, and what can be chosen, in reading order.
fn stops(ui: &Main, things: &[Labelled]) -> Vec<Labelled> {
    controls_after_heading(ui, things).into_iter().filter(is_stop).collect()
}

/// The page's first words and all controls, also those that cannot be chosen now.
fn controls_after_heading(ui: &Main, things: &[Labelled]) -> Vec<Labelled> {
    let is_heading = |thing: &&Labelled| thing.role == Role::Text && Section::of(ui, thing) == Section::Page;
    let heading = things.iter().find(is_heading);
    heading.into_iter().chain(things.iter().filter(|thing| thing.role == Role::Control)).cloned().collect()
}

fn is_stop(thing: &Labelled) -> bool {
    thing.role == Role::Text || thing.enabled
}

fn draw_ring(ui: &Main, at: Option<&Labelled>) {
    let keys = ui.global::<FiveKeys>();
    if let Some(at) = at {
        keys.set_x(at.place.x);
        keys.set_y(at.place.y);
        keys.set_width(at.place.width);
        keys.set_height(at.place.height);
    }
    keys.set_shown(at.is_some());
}
