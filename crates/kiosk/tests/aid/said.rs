//! What is said: every string of every page, and never a number that somebody typed.

use kiosk::desk::{News, STILL_THERE_LIMIT_SPOKEN, TOUCH_LIMIT_SPOKEN, Touch};
use kiosk::language::Language;
use kiosk::view::Page;
use look::access::Role;
use voice::{Listener, Phrase};
use wire::{IdentifyBy, KioskSettings, PrintState, Speech};

use crate::common::{issued, seconds};
use crate::guests::who;
use crate::pages::{desk_of, everything, pages};
use crate::talk::Talk;

fn is_digit_key(label: &str) -> bool {
    label.len() == 1 && label.starts_with(|c: char| c.is_ascii_digit())
}

#[test]
fn every_accessible_string_of_every_page_in_both_languages_can_be_said() {
    let talk = Talk::new(desk_of(everything()));
    for language in [Language::CHINESE, Language::ENGLISH] {
        for (name, desk) in pages() {
            talk.meet(desk);
            talk.act(Touch::Speak(language.tag().to_owned()));
            let things = talk.things();
            assert!(things.len() > 8, "{name}: {} things", things.len());
            for thing in things {
                assert!(
                    !thing.label.trim().is_empty(),
                    "{name}: a {:?} without a label at {:?}",
                    thing.role,
                    thing.place
                );
                for words in
                    [&thing.label, &thing.description, &thing.value].into_iter().filter(|words| !words.is_empty())
                {
                    let phrase = Phrase::of(words, language.tag(), Listener::Customer);
                    let phrase = phrase.unwrap_or_else(|| panic!("{name}: nothing to say for {words}"));
                    assert!(
                        phrase.clip.is_some() && phrase.parts.iter().all(|part| !part.words.is_empty()),
                        "{name}: {words}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_string_of_a_page_is_said_when_it_comes_question_first_and_choices_after() {
    let talk = Talk::new(desk_of(everything()));
    for tag in ["zh", "en"] {
        for (name, desk) in pages() {
            talk.meet(desk_of(everything()));
            talk.act(Touch::Speech);
            talk.meet(desk);
            talk.act(Touch::Speak(tag.to_owned()));
            if !talk.view().aid.speaks {
                talk.act(Touch::Speech);
            }
            let said = talk.said();
            let mut from = 0;
            let page = talk.things().into_iter().filter(|thing| thing.place.y > 120.0 && thing.place.y < 1760.0);
            for thing in page.filter(|thing| !is_digit_key(&thing.label)) {
                let words = Phrase::of(&thing.label, tag, Listener::Everybody);
                let words =
                    words.iter().flat_map(Phrase::breaths).map(|(_, words)| words).collect::<Vec<_>>().join("|");
                let at = said[from..].find(&words);
                let at =
                    at.unwrap_or_else(|| panic!("{name}, {tag}: {words:?} is not said, or too early, in {said:?}"));
                from += at;
            }
        }
    }
}

#[test]
fn the_button_for_speech_is_there_only_where_the_hall_wants_it_and_something_speaks() {
    let talk = Talk::new(desk_of(everything()));
    assert!(talk.things().iter().any(|thing| thing.label == "朗读"));
    talk.meet(desk_of(KioskSettings { speech: Speech::Off, ..everything() }));
    assert!(talk.things().iter().all(|thing| thing.label != "朗读"));
    let mut mute = kiosk::desk::Desk::new(seconds(0), Some("k1".to_owned()));
    mute.hear(seconds(0), News::Settings(everything()));
    mute.hear(seconds(0), News::Services(crate::common::services()));
    talk.meet(mute);
    assert!(talk.things().iter().all(|thing| thing.label != "朗读"));
}

#[test]
fn nothing_is_said_until_somebody_wants_it_nor_to_whoever_comes_next() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("开户入网");
    assert_eq!(talk.said(), "");
    talk.touch("朗读");
    assert!(talk.said().starts_with("开始朗读"), "{}", talk.said());
    assert!(talk.said().contains("中山路营业厅") && talk.said().contains("请确认您要办理的业务"));
    assert_eq!(talk.thing("朗读").checked, Some(true));
    talk.act(Touch::Leave);
    assert_eq!(talk.said(), "");
    talk.touch("缴费");
    assert_eq!(talk.said(), "");
}

#[test]
fn a_touch_says_the_control_and_then_what_it_led_to() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("朗读");
    talk.touch("大字");
    assert_eq!(talk.said(), "大字|已选中");
    talk.touch("开户入网");
    assert!(talk.said().starts_with("开户入网|请确认您要办理的业务"), "{}", talk.said());
    talk.touch("请确认您要办理的业务");
    assert_eq!(talk.said(), "请确认您要办理的业务");
}

#[test]
fn a_closed_business_says_why_when_it_is_touched() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("朗读");
    talk.touch("停机/复机 今日已发完");
    talk.pass(seconds(0));
    assert_eq!(talk.said(), "停机, 复机 今日已发完|不能选择");
    assert!(matches!(talk.view().page, Page::Welcome(_)));
}

#[test]
fn another_language_says_the_page_again() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("开户入网");
    talk.touch("朗读");
    talk.touch("English");
    assert!(talk.said().contains("Confirm and take ticket"), "{}", talk.said());
    assert!(talk.phrases().iter().all(|phrase| phrase.language == "en"));
}

#[test]
fn what_changes_on_a_page_is_said_after_the_rest_and_a_countdown_is_not() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("朗读");
    talk.touch("开户入网");
    talk.touch("确认取号");
    talk.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    assert!(talk.said().contains("您的号码|A|零 四 二"), "{}", talk.said());
    let before = talk.said();
    talk.pass(seconds(3));
    assert_eq!(talk.said(), before);
    talk.hear(News::Printing { ticket: 7, state: PrintState::Printed });
    assert_eq!(talk.said(), format!("{before}|请取走您的号票"));
}

#[test]
fn a_finger_on_the_page_ends_what_is_being_said() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("朗读");
    assert!(!talk.said().is_empty());
    talk.touch_at(540.0, 895.0);
    assert_eq!(talk.said(), "");
}

/// Sevens after the first digit, because nothing else on these pages has one.
#[test]
fn a_loudspeaker_never_says_what_is_typed_nor_whose_number_it_was() {
    let talk = Talk::new(desk_of(everything()));
    let mut ever = String::new();
    talk.touch("朗读");
    talk.act(Touch::Who);
    talk.act(Touch::Way(IdentifyBy::Phone));
    talk.touch("1");
    for _ in 0..10 {
        talk.touch("7");
        ever += &format!("|{}", talk.said());
    }
    talk.press(slint::platform::Key::DownArrow);
    for _ in 0..30 {
        talk.press(slint::platform::Key::DownArrow);
        ever += &format!("|{}", talk.said());
    }
    talk.act(Touch::Enter);
    talk.hear(News::Identified(kiosk::desk::Identified {
        kind: wire::IdentityKind::Phone,
        masked: "177****7777".to_owned(),
        ..who("ordinary")
    }));
    ever += &format!("|{}", talk.said());
    assert!(ever.contains("已识别"), "{ever}");
    assert!(ever.contains("数字键不朗读"), "{ever}");
    assert!(!ever.contains("77") && !ever.contains('七') && ever.split('|').all(|words| words != "7"), "{ever}");
}

#[test]
fn headphones_hear_each_digit() {
    let talk = Talk::new(desk_of(KioskSettings { speech: Speech::Headphones, ..everything() }));
    talk.touch("朗读");
    talk.act(Touch::Who);
    talk.act(Touch::Way(IdentifyBy::Phone));
    talk.touch("7");
    assert_eq!(talk.said(), "7");
}

#[test]
fn whoever_listens_has_more_time() {
    let talk = Talk::new(desk_of(everything()));
    talk.touch("朗读");
    talk.touch("开户入网");
    talk.pass(TOUCH_LIMIT_SPOKEN - seconds(1));
    assert_eq!(talk.view().still_there_s, None);
    talk.pass(seconds(2));
    assert!(talk.said().starts_with("您还在操作吗"), "{}", talk.said());
    let things = talk.things();
    assert!(
        things.iter().filter(|thing| thing.role == Role::Control).count() == 2,
        "nothing but the question's answers"
    );
    talk.pass(STILL_THERE_LIMIT_SPOKEN - seconds(2));
    assert!(talk.view().aid.speaks);
    talk.pass(seconds(2));
    assert!(!talk.view().aid.speaks && matches!(talk.view().page, Page::Welcome(_)));
}
