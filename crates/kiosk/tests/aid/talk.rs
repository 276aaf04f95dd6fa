//! A kiosk whose voice is written down, whose clock is stepped, and whose broker is the test.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use i_slint_backend_testing::init_no_event_loop;
use kiosk::Main;
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::speech::{Guide, Guided, Say, connect_guide};
use kiosk::touches::connect_touches;
use kiosk::view::View;
use look::access::{self, Labelled};
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, PhysicalSize, SharedString, Weak};
use voice::Phrase;

use crate::common::seconds;

const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// What the voice was asked for since somebody last looked.
#[derive(Default)]
pub struct Heard {
    phrases: Vec<Phrase>,
}

struct Recorder(Rc<RefCell<Heard>>);

impl Say for Recorder {
    fn say(&self, phrases: Vec<Phrase>) {
        self.0.borrow_mut().phrases = phrases;
    }

    fn add(&self, phrases: Vec<Phrase>) {
        self.0.borrow_mut().phrases.extend(phrases);
    }

    fn hush(&self) {
        self.0.borrow_mut().phrases.clear();
    }

    fn set_volume(&self, _volume: u8) {}
}

struct Inner {
    ui: Weak<Main>,
    desk: Desk,
    display: Display,
    guide: Guide,
    now: Duration,
    commands: Vec<Command>,
}

impl Inner {
    fn show(&mut self) {
        let view = self.view();
        let ui = self.ui.upgrade().expect("a window");
        self.display.show(&ui, &view, &MORNING);
    }
}

impl Guided for Inner {
    fn touch(&mut self, touch: Touch) {
        let commands = self.desk.touch(self.now, touch);
        self.commands.extend(commands);
        self.show();
    }

    fn view(&self) -> View {
        self.desk.view(self.now)
    }

    fn guide(&mut self) -> &mut Guide {
        &mut self.guide
    }
}

/// The kiosk.
pub struct Talk {
    pub ui: Main,
    inner: Rc<RefCell<Inner>>,
    heard: Rc<RefCell<Heard>>,
}

impl Talk {
    pub fn new(desk: Desk) -> Self {
        init_no_event_loop();
        look::fonts::register().expect("fonts");
        let ui = Main::new().expect("a window");
        ui.window().set_size(PhysicalSize::new(1080, 1920));
        ui.show().expect("shown");
        let heard = Rc::new(RefCell::new(Heard::default()));
        let inner = Rc::new(RefCell::new(Inner {
            ui: ui.as_weak(),
            desk,
            display: Display::new(&ui),
            guide: Guide::new(Some(Box::new(Recorder(Rc::clone(&heard))))),
            now: seconds(1),
            commands: Vec::new(),
        }));
        connect_touches(&ui, {
            let inner = Rc::clone(&inner);
            move |touch| inner.borrow_mut().touch(touch)
        });
        connect_guide(&ui, &inner);
        let talk = Self { ui, inner, heard };
        talk.settle();
        talk
    }

    /// Another visitor finds this desk.
    pub fn meet(&self, desk: Desk) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.desk = desk;
            inner.now = seconds(1);
            inner.commands.clear();
        }
        self.settle();
    }

    /// Lets the page and the guide come to rest.
    fn settle(&self) {
        self.inner.borrow_mut().show();
        slint::platform::update_timers_and_animations();
        slint::platform::update_timers_and_animations();
        let mut inner = self.inner.borrow_mut();
        let view = inner.view();
        inner.guide.show(&self.ui, &view);
    }

    pub fn hear(&self, news: News) {
        {
            let mut inner = self.inner.borrow_mut();
            let now = inner.now;
            let commands = inner.desk.hear(now, news);
            inner.commands.extend(commands);
        }
        self.settle();
    }

    pub fn pass(&self, time: Duration) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.now += time;
            let now = inner.now;
            let commands = inner.desk.tick(now);
            inner.commands.extend(commands);
        }
        self.settle();
    }

    /// Does as a touch would, without a finger.
    pub fn act(&self, touch: Touch) {
        self.inner.borrow_mut().touch(touch);
        self.settle();
    }

    /// Presses and releases a key of the window.
    pub fn press(&self, key: Key) {
        let text = SharedString::from(key);
        self.ui.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        self.ui.window().dispatch_event(WindowEvent::KeyReleased { text });
        self.settle();
    }

    /// Touches the middle of the thing with this label.
    pub fn touch(&self, label: &str) {
        let place = self.thing(label).place;
        self.touch_at(place.x + place.width / 2.0, place.y + place.height / 2.0);
    }

    pub fn touch_at(&self, x: f32, y: f32) {
        let position = LogicalPosition::new(x, y);
        let button = slint::platform::PointerEventButton::Left;
        self.ui.window().dispatch_event(WindowEvent::PointerMoved { position });
        self.ui.window().dispatch_event(WindowEvent::PointerPressed { position, button });
        self.ui.window().dispatch_event(WindowEvent::PointerReleased { position, button });
        self.settle();
    }

    pub fn things(&self) -> Vec<Labelled> {
        access::things(self.ui.window())
    }

    pub fn thing(&self, label: &str) -> Labelled {
        let things = self.things();
        let found = things.iter().find(|thing| thing.label == label).cloned();
        found.unwrap_or_else(|| {
            panic!("no {label}; there are {:?}", things.iter().map(|thing| &thing.label).collect::<Vec<_>>())
        })
    }

    /// Where the keys are.
    pub fn at(&self) -> Option<Labelled> {
        self.inner.borrow().guide.at().cloned()
    }

    pub fn label_at(&self) -> String {
        self.at().map(|at| at.label).unwrap_or_default()
    }

    /// Walks on to the control with this label.
    pub fn walk_to(&self, label: &str) {
        let mut met = Vec::new();
        while self.label_at() != label {
            assert!(met.len() < 60, "no way to {label}; met {met:?}");
            self.press(Key::DownArrow);
            met.push(self.label_at());
        }
    }

    pub fn view(&self) -> View {
        self.inner.borrow().view()
    }

    pub fn commands(&self) -> Vec<Command> {
        std::mem::take(&mut self.inner.borrow_mut().commands)
    }

    /// What is being said or is still to be said, in the words for the synthesizer.
    pub fn said(&self) -> String {
        let heard = self.heard.borrow();
        let breaths = heard.phrases.iter().flat_map(Phrase::breaths).map(|(_, words)| words);
        breaths.collect::<Vec<_>>().join("|")
    }

    pub fn phrases(&self) -> Vec<Phrase> {
        self.heard.borrow().phrases.clone()
    }
}
