//! The pages under a finger: what is found by its accessible label is touched, and the desk answers.

mod common;

use common::{desk, issued, problem, seconds};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, init_no_event_loop};
use kiosk::app::connect_touches;
use kiosk::desk::{Command, Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::{Main, reach};
use slint::platform::PointerEventButton;
use slint::{ComponentHandle, PhysicalSize};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// A kiosk whose clock is stepped and whose broker is this test.
struct Rig {
    ui: Main,
    desk: Rc<RefCell<Desk>>,
    display: RefCell<Display>,
    touched: Rc<RefCell<Vec<Touch>>>,
    now: Duration,
}

impl Rig {
    fn new() -> Self {
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
        let rig = Self { ui, desk: Rc::new(RefCell::new(desk())), display, touched, now: seconds(1) };
        rig.refresh();
        rig
    }

    fn refresh(&self) {
        let view = self.desk.borrow().view(self.now);
        self.display.borrow_mut().show(&self.ui, &view, &MORNING);
        slint::platform::update_timers_and_animations();
        slint::platform::update_timers_and_animations();
    }

    fn button(&self, label: &str) -> Option<ElementHandle> {
        let label = label.to_owned();
        ElementQuery::from_root(&self.ui)
            .match_accessible_role(AccessibleRole::Button)
            .match_predicate(move |element| element.accessible_label().as_deref() == Some(&label))
            .find_first()
    }

    /// Touches the button with this label and hands back what the desk wants done.
    fn touch(&mut self, label: &str) -> Vec<Command> {
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

    fn hear(&mut self, news: News) {
        self.desk.borrow_mut().hear(self.now, news);
        self.refresh();
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.desk.borrow_mut().tick(self.now);
        self.refresh();
    }

    fn buttons(&self) -> Vec<String> {
        ElementQuery::from_root(&self.ui)
            .match_accessible_role(AccessibleRole::Button)
            .find_all()
            .iter()
            .filter_map(|button| button.accessible_label())
            .map(Into::into)
            .collect()
    }

    /// Whether some text on the page says this.
    fn shows(&self, text: &str) -> bool {
        let text = text.to_owned();
        ElementQuery::from_root(&self.ui)
            .match_predicate(move |element| element.accessible_label().is_some_and(|label| label.contains(&text)))
            .find_first()
            .is_some()
    }
}

#[test]
fn a_card_and_the_confirm_button_lead_to_a_number() {
    let mut rig = Rig::new();
    assert!(rig.touch("开户入网").is_empty());
    assert!(rig.shows("请提前准备以下证件"));
    assert!(matches!(rig.touch("确认取号")[..], [Command::Take { attempt: 1, .. }]));
    assert!(rig.shows("正在取号，请稍候"));
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    assert!(rig.shows("您的号码 A042"));
    assert!(rig.shows("正在打印，请稍候"));
    rig.hear(News::Printing { ticket: 7, state: wire::PrintState::Printed });
    assert!(rig.shows("请取走您的号票"));
    rig.touch("完成（15 秒）");
    assert!(rig.button("缴费").is_some());
}

#[test]
fn the_bar_changes_the_language_of_every_word() {
    let mut rig = Rig::new();
    rig.touch("English");
    assert!(rig.button("New number").is_some());
    rig.touch("New number");
    assert!(rig.shows("Please have these documents ready"));
    rig.touch("Confirm and take ticket");
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    assert!(rig.shows("Your number A042"));
    assert!(rig.shows("Ahead of you 5 people"));
    rig.touch("中文");
    assert!(rig.shows("您的号码 A042"));
}

#[test]
fn large_text_is_a_switch_that_says_whether_it_is_on() {
    let mut rig = Rig::new();
    assert_eq!(rig.button("大字").and_then(|button| button.accessible_checked()), Some(false));
    rig.touch("大字");
    assert_eq!(rig.button("大字").and_then(|button| button.accessible_checked()), Some(true));
}

#[test]
fn a_broker_out_of_reach_never_shows_a_number() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Unanswered { attempt: 1 });
    assert!(rig.shows("暂时无法取号"));
    assert!(rig.shows("请联系大厅工作人员"));
    assert!(!rig.shows("您的号码"));
    rig.hear(News::Issued { attempt: 1, issued: issued(None) });
    assert!(rig.shows("请记住您的号码 A042"));
}

#[test]
fn a_business_without_numbers_offers_the_way_back() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Refused { attempt: 1, problem: problem("quota_exhausted", "该业务今日号票已发完") });
    assert!(rig.shows("该业务今日号票已发完"));
    assert!(rig.shows("您可以办理其他业务，或改日再来"));
    rig.touch("返回首页");
    assert!(rig.button("开户入网").is_some());
}

#[test]
fn out_of_paper_asks_for_a_photograph() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    rig.hear(News::Paper { out: true });
    assert!(rig.shows("打印纸已用完，请拍照保存您的号码"));
}

#[test]
fn a_closed_business_says_why_and_takes_no_touch() {
    let rig = Rig::new();
    let card = rig.button("停机/复机 今日号票已发完").expect("a card");
    assert_eq!(card.accessible_enabled(), Some(false));
    card.mock_single_click(PointerEventButton::Left);
    assert!(rig.touched.borrow().is_empty());
}

#[test]
fn whoever_is_still_there_goes_on() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.pass(seconds(61));
    assert!(rig.shows("您还在操作吗？"));
    rig.touch("继续操作");
    assert!(!rig.shows("您还在操作吗？"));
    assert!(rig.button("确认取号").is_some());
}

#[test]
fn every_control_is_within_reach_large_enough_and_apart_from_the_others() {
    let mut rig = Rig::new();
    for step in ["", "开户入网", "确认取号"] {
        if !step.is_empty() {
            rig.touch(step);
        }
        if step == "确认取号" {
            rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
        }
        let controls: Vec<(String, [f32; 4])> = ElementQuery::from_root(&rig.ui)
            .match_accessible_role(AccessibleRole::Button)
            .find_all()
            .iter()
            .map(|button| {
                let (at, size) = (button.absolute_position(), button.size());
                let label = button.accessible_label().unwrap_or_default().into();
                (label, [at.x, at.y, at.x + size.width, at.y + size.height])
            })
            .collect();
        assert!(controls.len() >= 4, "{controls:?}");
        for (at, (label, [left, top, right, bottom])) in controls.iter().enumerate() {
            assert!(f64::from(*top) >= reach::HIGHEST_CONTROL_PX, "{label} at {top}");
            assert!(right - left >= 80.0 && bottom - top >= 80.0, "{label} is smaller than 20 mm");
            assert!(*left >= 0.0 && *right <= 1080.0 && *bottom <= 1920.0, "{label} leaves the page");
            for (other, [l, t, r, b]) in &controls[at + 1..] {
                let apart = l - right >= 15.9 || left - r >= 15.9 || t - bottom >= 15.9 || top - b >= 15.9;
                assert!(apart, "{label} and {other} are closer than 4 mm");
            }
        }
    }
}
