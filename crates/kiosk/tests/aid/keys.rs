//! Five keys: everything a finger can do, in reading order.

use kiosk::desk::{Command, News, STILL_THERE_LIMIT, TOUCH_LIMIT, TOUCH_LIMIT_SPOKEN, Touch};
use kiosk::view::Page;
use look::access::{Labelled, Role};
use slint::platform::Key;
use wire::{KioskSettings, Speech};

use crate::common::{issued, seconds};
use crate::pages::{desk_of, everything, pages};
use crate::talk::Talk;

fn takes_a_number(talk: &Talk, card: &str, confirm: &str, done: &str) {
    talk.press(Key::DownArrow);
    talk.walk_to(card);
    talk.press(Key::Return);
    talk.walk_to(confirm);
    talk.press(Key::Return);
    assert!(matches!(talk.commands()[..], [.., Command::Take { attempt: 1, .. }]));
    talk.hear(News::Issued { attempt: 1, issued: issued(Some("printed")) });
    assert!(matches!(talk.view().page, Page::Ticket(_)));
    talk.walk_to(done);
    talk.press(Key::Return);
    assert!(matches!(talk.view().page, Page::Welcome(_)));
}

#[test]
fn five_keys_lead_from_the_first_page_to_a_number() {
    let talk = Talk::new(desk_of(everything()));
    for large in [false, true] {
        talk.meet(desk_of(everything()));
        if large {
            talk.press(Key::DownArrow);
            talk.walk_to("大字");
            talk.press(Key::Return);
        }
        assert_eq!(talk.view().large_text, large);
        takes_a_number(&talk, "开户入网", "确认取号", "完成（60 秒）");
    }
}

#[test]
fn five_keys_lead_to_a_number_in_english_too() {
    let talk = Talk::new(desk_of(everything()));
    for large in [false, true] {
        talk.meet(desk_of(everything()));
        talk.press(Key::RightArrow);
        talk.walk_to("English");
        talk.press(Key::Return);
        if large {
            talk.walk_to("Larger");
            talk.press(Key::Return);
        }
        assert_eq!(talk.view().large_text, large);
        takes_a_number(&talk, "Open an account", "Confirm and take ticket", "Done (60 s)");
    }
}

#[test]
fn the_first_press_of_a_key_switches_speech_on_and_chooses_nothing() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::Return);
    assert!(talk.view().aid.speaks && talk.view().aid.keys);
    assert!(talk.said().starts_with("开始朗读"), "{}", talk.said());
    assert_eq!(talk.label_at(), "请选择您要办理的业务");
}

#[test]
fn keys_work_where_nothing_speaks() {
    let talk = Talk::new(desk_of(KioskSettings { speech: Speech::Off, ..everything() }));
    takes_a_number(&talk, "开户入网", "确认取号", "完成（15 秒）");
    assert_eq!(talk.said(), "");
}

#[test]
fn a_closed_business_is_passed_by_and_says_why() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.walk_to("补卡/换卡");
    talk.press(Key::DownArrow);
    assert_eq!(talk.label_at(), "过户");
    assert!(talk.said().starts_with("停机, 复机 今日已发完|不能选择|过户"), "{}", talk.said());
    talk.press(Key::UpArrow);
    assert_eq!(talk.label_at(), "补卡/换卡");
}

#[test]
fn keys_walk_round_the_page_in_both_directions() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.press(Key::UpArrow);
    assert_eq!(talk.label_at(), "帮助");
    talk.press(Key::RightArrow);
    assert_eq!(talk.label_at(), "请选择您要办理的业务");
    talk.press(Key::Tab);
    let second = talk.label_at();
    talk.press(Key::LeftArrow);
    talk.press(Key::DownArrow);
    assert_eq!(talk.label_at(), second);
}

#[test]
fn back_is_a_control_like_the_others_and_a_key_of_larger_keyboards() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.walk_to("开户入网");
    talk.press(Key::Return);
    talk.walk_to("返回");
    talk.press(Key::Return);
    assert!(matches!(talk.view().page, Page::Welcome(_)));
    talk.walk_to("开户入网");
    talk.press(Key::Return);
    assert!(matches!(talk.view().page, Page::Confirm(_)));
    talk.press(Key::Escape);
    assert!(matches!(talk.view().page, Page::Welcome(_)));
}

#[test]
fn the_words_of_a_page_are_said_again_where_it_begins() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.walk_to("开户入网");
    talk.press(Key::Return);
    talk.press(Key::DownArrow);
    talk.press(Key::UpArrow);
    talk.press(Key::Return);
    assert!(talk.said().starts_with("请确认您要办理的业务|") && talk.said().contains("确认取号"), "{}", talk.said());
}

#[test]
fn a_finger_takes_the_ring_away_and_the_next_key_brings_it_back() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    assert!(talk.at().is_some());
    talk.touch("大字");
    assert!(talk.at().is_none());
    talk.press(Key::DownArrow);
    assert_eq!(talk.label_at(), "请选择您要办理的业务");
}

#[test]
fn a_refreshed_page_leaves_the_keys_where_they_are() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.walk_to("缴费");
    let mut services = crate::common::services();
    services[1].ahead = 9;
    services[0].open = false;
    services[0].closed_because = Some("无窗口办理".to_owned());
    talk.hear(News::Services(services));
    assert_eq!(talk.label_at(), "缴费");
    talk.pass(seconds(10));
    assert_eq!(talk.label_at(), "缴费");
}

#[test]
fn keys_on_a_business_that_closes_go_to_one_beside_it() {
    let talk = Talk::new(desk_of(everything()));
    talk.press(Key::DownArrow);
    talk.walk_to("缴费");
    let mut services = crate::common::services();
    services[1].open = false;
    services[1].closed_because = Some("无窗口办理".to_owned());
    talk.hear(News::Services(services));
    assert_eq!(talk.label_at(), "开户入网");
}

#[test]
fn the_question_whether_anybody_is_there_is_answered_by_keys() {
    let talk = Talk::new(desk_of(everything()));
    for (answer, stays) in [("继续操作", true), ("返回首页", false)] {
        talk.meet(desk_of(everything()));
        talk.press(Key::DownArrow);
        talk.walk_to("开户入网");
        talk.press(Key::Return);
        talk.pass(TOUCH_LIMIT_SPOKEN + seconds(1));
        assert_eq!(talk.label_at(), "您还在操作吗？");
        talk.walk_to(answer);
        talk.press(Key::Return);
        assert_eq!(matches!(talk.view().page, Page::Confirm(_)), stays, "{answer}");
        assert_eq!(talk.view().still_there_s, None);
    }
}

#[test]
fn keys_end_with_the_customer() {
    let talk = Talk::new(desk_of(KioskSettings { speech: Speech::Off, ..everything() }));
    talk.press(Key::DownArrow);
    assert!(talk.at().is_some());
    talk.pass(TOUCH_LIMIT + seconds(1));
    assert_eq!(talk.label_at(), "您还在操作吗？");
    talk.pass(STILL_THERE_LIMIT);
    assert!(talk.at().is_none() && !talk.view().aid.keys);
}

/// Whether `b` is read after `a`: it stands lower, or on the same line further right.
fn is_after(a: &Labelled, b: &Labelled) -> bool {
    let (a, b) = (a.place, b.place);
    let same_line = b.y < a.y + a.height && a.y < b.y + b.height;
    if same_line { b.x > a.x } else { b.y >= a.y + a.height }
}

#[test]
fn the_keys_meet_every_control_of_every_page_once_in_reading_order() {
    let talk = Talk::new(desk_of(everything()));
    for tag in ["zh", "en"] {
        for (name, desk) in pages() {
            talk.meet(desk);
            talk.act(Touch::Speak(tag.to_owned()));
            talk.press(Key::DownArrow);
            let first = talk.at().unwrap_or_else(|| panic!("{name}: the keys are nowhere"));
            let mut met = vec![first.clone()];
            loop {
                talk.press(Key::DownArrow);
                let at = talk.at().expect("somewhere");
                if at.is_same(&first) {
                    break;
                }
                assert!(is_after(met.last().expect("the first"), &at), "{name}: {} after {:?}", at.label, met.last());
                met.push(at);
                assert!(met.len() < 60, "{name}: round and round");
            }
            let things = talk.things();
            let controls = things.iter().filter(|thing| thing.role == Role::Control && thing.enabled).count();
            let met_controls = met.iter().filter(|thing| thing.role == Role::Control).count();
            assert_eq!(met_controls, controls, "{name}, {tag}");
            talk.press(Key::UpArrow);
            assert!(
                talk.at().is_some_and(|at| at.is_same(met.last().expect("the last"))),
                "{name}: not the same way back"
            );
        }
    }
}
