//! What an assistive tool reads on the hall screen.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use look::Language;
use screen::board::{BusinessView, CallView, Emphasis, View};

#[test]
fn every_part_of_the_screen_is_read_as_a_sentence() {
    i_slint_backend_testing::init_no_event_loop();
    let window = screen::page::open(Language::Chinese).expect("opens");
    screen::page::show(&window, &view());
    for label in [
        "南京路营业厅",
        "09:41",
        "请 A042 号到 3 号窗口",
        "请 G003 号到 5 号窗口",
        "连接中断，请留意窗口显示屏",
        "缴费充值 5 人等候 约 10–20 分钟",
    ] {
        let found = ElementHandle::find_by_accessible_label(&window, label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Text))
            .count();
        assert!(found >= 1, "`{label}` is among {:?}", labels(&window));
    }
    Language::English.select().expect("is bundled");
    let english = labels(&window);
    assert!(english.contains(&"Ticket A042, please go to window 3".to_owned()), "{english:?}");
    assert!(english.contains(&"缴费充值 5 waiting about 10–20 min".to_owned()), "{english:?}");
}

fn labels(window: &screen::ui::ScreenWindow) -> Vec<String> {
    let all = ElementQuery::from_root(window).find_all();
    all.iter().filter_map(ElementHandle::accessible_label).map(String::from).collect()
}

fn view() -> View {
    let call = |number: &str, counter| CallView { number: number.into(), counter, again: false, marked: false };
    View {
        hall: "南京路营业厅".into(),
        date: "2026-11-22".into(),
        time: "09:41".into(),
        away: true,
        closed: false,
        newest: Some((call("A042", 3), Emphasis::Calm)),
        earlier: vec![call("G003", 5)],
        businesses: vec![BusinessView { name: "缴费充值".into(), waiting: 5, wait: Some((10, 20)) }],
        page: 1,
        pages: 1,
    }
}
