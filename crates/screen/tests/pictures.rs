//! The hall screen, drawn without a display. `JIAOHAO_PICTURES=DIR` keeps the pictures to be looked at.

use look::Language;
use screen::board::{BusinessView, CallView, Emphasis, View};

const YELLOW: [u8; 3] = [0xff, 0xd4, 0x00];
const INK: [u8; 3] = [0x0b, 0x1b, 0x2b];
const FULL: (u32, u32) = (1920, 1080);

#[test]
fn an_empty_screen_invites_to_take_a_ticket() {
    let picture = draw("empty", &View { newest: None, earlier: vec![], ..busy() }, Language::Chinese, FULL);
    assert!(has(&picture, INK, (300, 100), (1600, 460)), "the invitation is written");
    assert!(!has(&picture, YELLOW, (0, 80), (1920, 900)), "nothing is marked");
}

#[test]
fn the_newest_call_stands_in_ink_on_yellow_and_inverts() {
    let marked = draw("one", &View { earlier: vec![], ..busy() }, Language::Chinese, FULL);
    assert_eq!(marked.pixel(10, 100), Some(YELLOW));
    assert!(has(&marked, INK, (48, 80), (1000, 480)), "the number is written");
    let inverted = View { newest: Some((call("V007", 12, true), Emphasis::Inverted)), ..busy() };
    let inverted = draw("inverted", &inverted, Language::Chinese, FULL);
    assert_eq!(inverted.pixel(10, 100), Some(INK));
    assert!(has(&inverted, YELLOW, (48, 80), (1000, 480)), "the number is written");
}

#[test]
fn seven_calls_fill_the_screen() {
    let picture = draw("seven", &busy(), Language::Chinese, FULL);
    for (x, y) in [(48, 500), (48, 650), (48, 800), (1010, 500), (1010, 650), (1010, 800)] {
        assert!(has(&picture, INK, (x, y), (x + 400, y + 130)), "a call stands at {x}, {y}");
    }
    assert_eq!(picture.pixel(4, 500), Some(YELLOW), "the one before is still marked");
}

#[test]
fn long_numbers_and_english_fit() {
    let view = View {
        hall: "China Mobile Nanjing Road Flagship Service Hall".into(),
        newest: Some((call("A1000", 128, false), Emphasis::Calm)),
        earlier: (0..6).map(|n| call(&format!("GT{}", 1001 + n), 101 + n as u16, false)).collect(),
        away: true,
        ..busy()
    };
    let picture = draw("long-en", &view, Language::English, FULL);
    assert_eq!((picture.width(), picture.height()), FULL);
    let chinese = draw("long-zh", &view, Language::Chinese, FULL);
    assert_ne!(picture, chinese, "the words are translated");
}

#[test]
fn a_smaller_screen_shows_the_same_page() {
    let picture = draw("small", &busy(), Language::Chinese, (1280, 720));
    assert_eq!(picture.pixel(7, 67), Some(YELLOW));
}

#[test]
fn the_same_view_is_the_same_picture_to_the_byte() {
    let (one, two) = (busy(), busy());
    let render = |view: &View| screen::render(view, Language::Chinese, FULL).unwrap().to_png().unwrap();
    assert_eq!(render(&one), render(&two));
}

fn busy() -> View {
    let business = |name: &str, waiting, wait| BusinessView { name: name.into(), waiting, wait };
    View {
        hall: "南京路旗舰营业厅".into(),
        date: "2026-11-22".into(),
        time: "09:41".into(),
        away: false,
        closed: false,
        newest: Some((call("A042", 3, false), Emphasis::Marked)),
        earlier: ["G003", "A041", "V001", "A040", "A039", "G002"]
            .iter()
            .zip([5, 1, 8, 2, 10, 6])
            .enumerate()
            .map(|(n, (number, counter))| CallView { marked: n == 0, ..call(number, counter, false) })
            .collect(),
        businesses: vec![
            business("缴费充值", 5, Some((10, 20))),
            business("补卡换卡", 12, Some((25, 40))),
            business("宽带办理", 0, None),
            business("过户销户", 3, Some((5, 15))),
        ],
        page: 1,
        pages: 2,
    }
}

fn call(number: &str, counter: u16, again: bool) -> CallView {
    CallView { number: number.into(), counter, again, marked: false }
}

fn draw(name: &str, view: &View, language: Language, size: (u32, u32)) -> look::headless::Picture {
    let picture = screen::render(view, language, size).expect("draws");
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&std::path::Path::new(&folder).join(format!("screen-{name}.png"))).expect("writes");
    }
    picture
}

fn has(picture: &look::headless::Picture, colour: [u8; 3], from: (u32, u32), to: (u32, u32)) -> bool {
    (from.1..to.1).any(|y| (from.0..to.0).any(|x| picture.pixel(x, y) == Some(colour)))
}
