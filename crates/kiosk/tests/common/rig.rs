//! The pages under a finger: what is found by its accessible label is touched, and the desk answers.

use crate::common::{desk, seconds};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, init_no_event_loop};
use kiosk::Main;
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::touches::connect_touches;
use kiosk::view::View;
use slint::platform::PointerEventButton;
use slint::{ComponentHandle, PhysicalSize};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// A kiosk whose clock is stepped and whose broker is this test.
pub struct Rig {
    pub ui: Main,
    pub desk: Rc<RefCell<Desk>>,
    display: RefCell<Display>,
    pub touched: Rc<RefCell<Vec<Touch>>>,
    pub now: Duration,
}

impl Rig {
    /// In a hall that is open.
    pub fn new() -> Self {
        Self::with(desk())
    }

    /// With this desk.
    pub fn with(desk: Desk) -> Self {
        init_no_event_loop();
        look::fonts::register().expect("fonts");
        let ui = Main::new().expect("a window");
        ui.window().set_size(PhysicalSize::new(1080, 1920));
        ui.show().expect("shown");
        let touched = Rc::new(RefCell::new(Vec::new()));
        connect_touches(&ui, {
            let touched = Rc::clone(&touched);
            move |touch| touched.borrow_mut().push(touch)
        });
        let display = RefCell::new(Display::new(&ui));
        let rig = Self { ui, desk: Rc::new(RefCell::new(desk)), display, touched, now: seconds(1) };
        rig.refresh();
        rig
    }

    pub fn refresh(&self) {
        let view = self.desk.borrow().view(self.now);
        self.display.borrow_mut().show(&self.ui, &view, &MORNING);
        slint::platform::update_timers_and_animations();
        slint::platform::update_timers_and_animations();
    }

    pub fn button(&self, label: &str) -> Option<ElementHandle> {
        let label = label.to_owned();
        ElementQuery::from_root(&self.ui)
            .match_accessible_role(AccessibleRole::Button)
            .match_predicate(move |element| element.accessible_label().as_deref() == Some(&label))
            .find_first()
    }

    /// What the page shows.
    pub fn view(&self) -> View {
        self.desk.borrow().view(self.now)
    }

    /// Lets the desk have what the pages heard of a finger, and hands back what it wants done.
    pub fn take_touches(&mut self) -> Vec<Command> {
        let touches: Vec<Touch> = self.touched.borrow_mut().drain(..).collect();
        touches.into_iter().flat_map(|touch| self.desk.borrow_mut().touch(self.now, touch)).collect()
    }

    /// Touches the button with this label and hands back what the desk wants done.
    pub fn touch(&mut self, label: &str) -> Vec<Command> {
        let Some(button) = self.button(label) else { panic!("no button {label}; there are {:?}", self.buttons()) };
        button.mock_single_click(PointerEventButton::Left);
        let touches: Vec<Touch> = self.touched.borrow_mut().drain(..).collect();
        assert_eq!(touches.len(), 1, "one touch of {label}");
        let mut commands = Vec::new();
        for touch in touches {
            commands.extend(self.desk.borrow_mut().touch(self.now, touch));
        }
        self.refresh();
        commands
    }

    pub fn hear(&mut self, news: News) {
        self.desk.borrow_mut().hear(self.now, news);
        self.refresh();
    }

    pub fn pass(&mut self, time: Duration) {
        self.now += time;
        self.desk.borrow_mut().tick(self.now);
        self.refresh();
    }

    pub fn buttons(&self) -> Vec<String> {
        ElementQuery::from_root(&self.ui)
            .match_accessible_role(AccessibleRole::Button)
            .find_all()
            .iter()
            .filter_map(|button| button.accessible_label())
            .map(Into::into)
            .collect()
    }

    /// Whether some text on the page says this.
    pub fn shows(&self, text: &str) -> bool {
        let text = text.to_owned();
        ElementQuery::from_root(&self.ui)
            .match_predicate(move |element| element.accessible_label().is_some_and(|label| label.contains(&text)))
            .find_first()
            .is_some()
    }
}
