//! Keys, buttons and fields of the real window, found by what an assistive tool reads.

use std::cell::RefCell;
use std::rc::Rc;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use look::Language;
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, SharedString};
use teller::desk::Act;
use teller::page;
use teller::ui::TellerWindow;
use wire::{CounterStatus, SignIn};

use crate::arrivals::{guest, holder};
use crate::rig::Rig;

#[test]
fn every_function_key_is_an_act_without_any_focus() {
    let window = Shown::new(&with_ticket());
    let keys = [
        (Key::F8, Act::Next),
        (Key::F9, Act::Recall),
        (Key::F10, Act::NoShow),
        (Key::F7, Act::Hold),
        (Key::F6, Act::Transfer),
        (Key::F5, Act::Start),
        (Key::F4, Act::Complete),
        (Key::F12, Act::Pause),
        (Key::F3, Act::Received),
        (Key::Escape, Act::Dismiss),
    ];
    for (key, act) in keys {
        window.key(key.into());
        assert_eq!(window.taken(), [act]);
    }
}

#[test]
fn control_keys_undo_and_call_held_tickets() {
    let window = Shown::new(&with_ticket());
    for (key, act) in [("z", Act::Undo), ("1", Act::CallHeld(0)), ("2", Act::CallHeld(1)), ("q", Act::SignOut)] {
        window.control(key);
        assert_eq!(window.taken(), [act]);
    }
    window.key("z".into());
    assert_eq!(window.taken(), [], "a plain letter is no act");
}

#[test]
fn digits_choose_while_a_picker_is_open_and_only_then() {
    let mut rig = with_ticket();
    let window = Shown::new(&rig);
    window.key("2".into());
    assert_eq!(window.taken(), []);
    rig.press(Act::Hold);
    window.show(&rig);
    window.key("2".into());
    window.key("0".into());
    assert_eq!(window.taken(), [Act::Choose(1), Act::MoreChoices]);
    window.button("3 客户暂时离开").invoke_accessible_default_action();
    assert_eq!(window.taken(), [Act::Choose(2)]);
}

#[test]
fn every_button_says_its_key_and_acts_like_it() {
    let mut rig = with_ticket();
    rig.pass_ms(500);
    let window = Shown::new(&rig);
    let buttons = [
        ("F8 办结并呼叫下一位", Act::Next),
        ("F9 重呼", Act::Recall),
        ("F7 挂起", Act::Hold),
        ("F6 转移", Act::Transfer),
        ("F5 开始", Act::Start),
        ("F4 办结", Act::Complete),
        ("Ctrl+Z 撤回", Act::Undo),
    ];
    for (label, act) in buttons {
        let button = window.button(label);
        assert_eq!(button.accessible_enabled(), Some(true), "{label}");
        button.invoke_accessible_default_action();
        assert_eq!(window.taken(), [act]);
    }
}

#[test]
fn who_has_come_is_read_in_a_bar_whose_button_says_that_they_are_received() {
    let mut rig = with_ticket();
    rig.desk.arrived(vec![guest(), holder()]);
    let window = Shown::new(&rig);
    window.element("大客户（钻石卡）138****5678 在取号机 kiosk-1，请迎接", AccessibleRole::Text);
    window.element("另有 1 位", AccessibleRole::Text);
    window.button("F3 已迎接").invoke_accessible_default_action();
    assert_eq!(window.taken(), [Act::Received]);
    window.element("当前号票 G015", AccessibleRole::Text);

    rig.desk.set_away(true);
    window.show(&rig);
    assert!(!window.labels().iter().any(|label| label.contains("请迎接")), "of a hall out of reach nothing is told");
    rig.desk.set_away(false);
    rig.desk.arrived(vec![]);
    window.show(&rig);
    assert!(!window.labels().iter().any(|label| label.contains("已迎接")));
}

#[test]
fn a_no_show_button_counts_down_and_then_opens() {
    let mut rig = with_ticket();
    let window = Shown::new(&rig);
    let locked = window.button("F10 过号 20 秒");
    assert_eq!(locked.accessible_enabled(), Some(false));
    locked.invoke_accessible_default_action();
    assert_eq!(window.taken(), []);
    rig.pass_ms(20_000);
    window.show(&rig);
    window.button("F10 过号").invoke_accessible_default_action();
    assert_eq!(window.taken(), [Act::NoShow]);
}

#[test]
fn held_tickets_have_a_button_each_when_the_counter_is_free() {
    let rig = Rig::busy(Language::Chinese);
    let window = Shown::new(&rig);
    window.button("Ctrl+2 呼叫 A036").invoke_accessible_default_action();
    assert_eq!(window.taken(), [Act::CallHeld(1)]);
}

#[test]
fn signing_in_takes_work_number_enter_pin_enter() {
    let mut rig = Rig::open();
    rig.counter().state = CounterStatus::Closed;
    rig.tell();
    let window = Shown::new(&rig);
    window.key(Key::F8.into());
    assert_eq!(window.taken(), [], "nobody is signed in");
    for text in ["1", "0", "0", "3", "\n", "4", "2", "\n"] {
        window.key(text.into());
    }
    assert_eq!(window.taken(), [Act::SignIn(SignIn { teller: "1003".into(), pin: "42".into() })]);
    let pin = window.element("密码", AccessibleRole::TextInput);
    assert_eq!(pin.accessible_value().unwrap_or_default(), "", "the PIN is wiped");
}

#[test]
fn keys_work_after_signing_in_without_a_click() {
    let mut rig = Rig::open();
    rig.counter().state = CounterStatus::Closed;
    rig.tell();
    let window = Shown::new(&rig);
    rig.counter().state = CounterStatus::Open;
    rig.tell();
    window.show(&rig);
    window.key(Key::F8.into());
    assert_eq!(window.taken(), [Act::Next]);
}

#[test]
fn the_page_reads_in_both_languages() {
    let mut rig = with_ticket();
    rig.desk.set_away(true);
    let window = Shown::new(&rig);
    for label in [
        "3 号窗口",
        "当前号票 G015",
        "连接中断，正在重连。可继续办理当前客户，按键恢复后可用",
        "客户 138****5678",
        "重呼 0/3",
    ] {
        window.element(label, AccessibleRole::Text);
    }
    Language::English.select().expect("is bundled");
    for label in ["Window 3", "Current ticket G015", "Customer 138****5678", "Recall 0/3"] {
        window.element(label, AccessibleRole::Text);
    }
    window.button("F8 Complete and call next");
    let chinese = |label: &SharedString| label.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let left: Vec<SharedString> = window.labels().into_iter().filter(chinese).collect();
    // Names of businesses and tiers are the hall's own data, here in the desk's language.
    let words = ["缴费充值", "补卡换卡", "宽带办理", "全球通", "普通", "综合业务", "中文", "身份证", "剩余", "营业厅"];
    let strange: Vec<_> = left.iter().filter(|label| !words.iter().any(|word| label.contains(word))).collect();
    assert!(strange.is_empty(), "untranslated: {strange:?}");
}

/// `G015` was called to counter 3 this moment.
fn with_ticket() -> Rig {
    let mut rig = Rig::busy(Language::Chinese);
    rig.call();
    rig
}

struct Shown {
    window: TellerWindow,
    acts: Rc<RefCell<Vec<Act>>>,
}

impl Shown {
    fn new(rig: &Rig) -> Self {
        i_slint_backend_testing::init_no_event_loop();
        let window = page::open(Language::Chinese).expect("opens");
        let acts = Rc::new(RefCell::new(vec![]));
        let told = Rc::clone(&acts);
        page::connect(&window, move |act| told.borrow_mut().push(act));
        let shown = Self { window, acts };
        shown.show(rig);
        shown.window.show().expect("shows");
        shown.window.window().dispatch_event(WindowEvent::WindowActiveChanged(true));
        shown
    }

    fn show(&self, rig: &Rig) {
        page::show(&self.window, &rig.view());
        // Conditional parts and `changed` handlers settle as they do between two frames.
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(20));
    }

    fn key(&self, text: SharedString) {
        self.window.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        self.window.window().dispatch_event(WindowEvent::KeyReleased { text });
    }

    fn control(&self, text: &str) {
        let control: SharedString = Key::Control.into();
        self.window.window().dispatch_event(WindowEvent::KeyPressed { text: control.clone() });
        self.key(text.into());
        self.window.window().dispatch_event(WindowEvent::KeyReleased { text: control });
    }

    fn taken(&self) -> Vec<Act> {
        self.acts.take()
    }

    fn button(&self, label: &str) -> ElementHandle {
        self.element(label, AccessibleRole::Button)
    }

    fn element(&self, label: &str, role: AccessibleRole) -> ElementHandle {
        ElementHandle::find_by_accessible_label(&self.window, label)
            .find(|element| element.accessible_role() == Some(role))
            .unwrap_or_else(|| panic!("no {role:?} `{label}` among {:?}", self.labels()))
    }

    fn labels(&self) -> Vec<SharedString> {
        ElementQuery::from_root(&self.window).find_all().iter().filter_map(ElementHandle::accessible_label).collect()
    }
}
