//! The teller window, drawn without a display. `JIAOHAO_PICTURES=DIR` keeps the pictures to be looked at.

use crate::arrivals::{guest, holder};
use crate::rig::{FULL, Rig};
use look::Language;
use teller::desk::{Act, Message};
use teller::view::View;
use wire::{CounterStatus, SignIn, TicketState};

const ERROR: [u8; 3] = [0x9b, 0x1c, 0x1c];
const PRIMARY: [u8; 3] = [0x0a, 0x4a, 0x8f];
const GOLD: [u8; 3] = [0xf2, 0xd5, 0x18];
/// Above the ticket.
const BAR: ((u32, u32), (u32, u32)) = ((40, 104), (1160, 180));
const CARD: ((u32, u32), (u32, u32)) = ((40, 190), (1260, 600));

#[test]
fn an_idle_counter_says_how_many_wait() {
    let picture = draw("idle", &Rig::open().view(), Language::Chinese, FULL);
    assert_eq!(picture.pixel(960, 10), Some(PRIMARY), "the header");
    draw("idle-en", &Rig::in_language(Language::English).view(), Language::English, FULL);
}

#[test]
fn a_free_desk_says_whom_it_may_take_over() {
    for (tag, language) in [("diverts", Language::Chinese), ("diverts-en", Language::English)] {
        let mut rig = Rig::busy(language);
        rig.counter().kind = "vip".into();
        rig.hall.waiting.retain(|ticket| ticket.tier == "ordinary");
        rig.counter().waiting = 0;
        rig.tell();
        let idle = draw("idle-vip", &rig.view(), language, FULL);
        rig.counter().diverts = Some("A042".into());
        rig.tell();
        assert_ne!(idle, draw(tag, &rig.view(), language, FULL));
    }
}

#[test]
fn who_has_come_is_told_in_gold_by_icon_and_words_above_what_is_at_the_counter() {
    for (tag, language) in [("", Language::Chinese), ("-en", Language::English)] {
        let mut rig = Rig::in_language(language);
        rig.counter().kind = "vip".into();
        rig.tell();
        let alone = draw(&format!("walks{tag}"), &rig.view(), language, FULL);
        assert!(!has(&alone, GOLD, BAR));
        rig.desk.arrived(vec![guest()]);
        assert!(has(&draw(&format!("arrived{tag}"), &rig.view(), language, FULL), GOLD, BAR));

        let mut rig = Rig::busy(language);
        let mut ticket = rig.called_ticket();
        ticket.note = Some("客户带了户口本，需核对姓名".into());
        rig.counter().ticket = Some(ticket.clone());
        rig.called_event(&ticket, 3);
        rig.tell();
        rig.desk.arrived(vec![holder(), guest()]);
        assert!(has(&draw(&format!("arrived-busy{tag}"), &rig.view(), language, FULL), GOLD, BAR));
    }
}

#[test]
fn a_called_ticket_may_be_undone() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.call();
    let called = draw("called", &rig.view(), Language::Chinese, FULL);
    rig.pass_ms(11_000);
    let later = draw("called-later", &rig.view(), Language::Chinese, FULL);
    assert_ne!(called, later, "the undo bar is gone");
}

#[test]
fn a_late_ticket_is_marked_in_the_colour_of_errors_and_by_words() {
    for language in [Language::Chinese, Language::English] {
        let mut rig = Rig::busy(language);
        let mut ticket = rig.called_ticket();
        ticket.note = Some("客户带了户口本，需核对姓名".into());
        ticket.recalls = 2;
        ticket.state = TicketState::Serving;
        rig.counter().ticket = Some(ticket.clone());
        rig.called_event(&ticket, 3);
        rig.tell();
        let within = draw("serving", &rig.view(), language, FULL);
        assert!(!has(&within, ERROR, CARD), "within its limit");
        rig.pass_ms(5 * 60_000);
        draw("soon", &rig.view(), language, FULL);
        rig.pass_ms(5 * 60_000);
        let tag = if language == Language::Chinese { "late" } else { "late-en" };
        assert!(has(&draw(tag, &rig.view(), language, FULL), ERROR, CARD));
    }
}

#[test]
fn a_paused_counter_says_why() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.counter().state = CounterStatus::Paused;
    rig.counter().reason = Some("用餐".into());
    rig.tell();
    draw("paused", &rig.view(), Language::Chinese, FULL);
}

#[test]
fn a_lost_connection_is_told_above_the_ticket() {
    for (tag, language) in [("away", Language::Chinese), ("away-en", Language::English)] {
        let mut rig = Rig::busy(language);
        let mut ticket = rig.called_ticket();
        ticket.note = Some("客户带了户口本，需核对姓名".into());
        rig.counter().ticket = Some(ticket.clone());
        rig.called_event(&ticket, 3);
        rig.tell();
        rig.desk.set_away(true);
        rig.press(Act::Recall);
        assert_eq!(rig.message(), Some(Message::Away));
        let picture = draw(tag, &rig.view(), language, FULL);
        assert!(has(&picture, ERROR, ((40, 80), (1880, 180))), "the bar");
    }
}

#[test]
fn pickers_show_a_digit_for_each_choice() {
    let mut rig = Rig::busy(Language::Chinese);
    rig.call();
    rig.press(Act::Transfer);
    let transfer = draw("transfer", &rig.view(), Language::Chinese, FULL);
    rig.press(Act::Hold);
    let hold = draw("hold", &rig.view(), Language::Chinese, FULL);
    assert_ne!(transfer, hold);
}

#[test]
fn the_sign_in_page_asks_for_work_number_and_pin() {
    let mut rig = Rig::open();
    rig.counter().state = CounterStatus::Closed;
    rig.counter().teller = None;
    rig.tell();
    draw("sign-in", &rig.view(), Language::Chinese, FULL);
    rig.press(Act::SignIn(SignIn { teller: "1003".into(), pin: "0000".into() }));
    rig.answer(teller::desk::Answer::Refused("工号或密码不正确".into()));
    draw("sign-in-refused", &rig.view(), Language::Chinese, FULL);
    draw("sign-in-en", &rig.view(), Language::English, FULL);
}

#[test]
fn a_smaller_window_shows_the_whole_page() {
    let mut rig = Rig::busy(Language::English);
    rig.call();
    let picture = draw("small-en", &rig.view(), Language::English, (1280, 720));
    assert_eq!((picture.width(), picture.height()), (1280, 720));
}

#[test]
fn the_same_view_is_the_same_picture_to_the_byte() {
    let view = Rig::busy(Language::Chinese).view();
    let render = || teller::render(&view, Language::Chinese, FULL).unwrap().to_png().unwrap();
    assert_eq!(render(), render());
}

fn draw(name: &str, view: &View, language: Language, size: (u32, u32)) -> look::headless::Picture {
    let picture = teller::render(view, language, size).expect("draws");
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&std::path::Path::new(&folder).join(format!("teller-{name}.png"))).expect("writes");
    }
    picture
}

fn has(picture: &look::headless::Picture, colour: [u8; 3], (from, to): ((u32, u32), (u32, u32))) -> bool {
    (from.1..to.1).any(|y| (from.0..to.0).any(|x| picture.pixel(x, y) == Some(colour)))
}
