//! What keys do.

use serde_json::{Value, json};
use wire::{Condition, DeviceState};

use super::super::keyboard::Key;
use super::super::model::{Model, Order, Tone, Wish};
use super::{choose, device, hall, health, tells};

fn order(wish: Wish) -> Order {
    match wish {
        Wish::Act(order) => order,
        Wish::Nothing | Wish::Quit => panic!("no order but {wish:?}"),
    }
}

fn press(model: &mut Model, letter: char) -> (String, Value) {
    let order = order(model.press(Key::Letter(letter)));
    (order.act, order.with)
}

#[tokio::test]
async fn u_pulls_a_plug_that_is_in_and_puts_back_one_that_is_out() {
    let (_home, mut model) = hall().await;
    assert_eq!(press(&mut model, 'u'), ("unplug".to_owned(), Value::Null));
    device(&mut model, "printer").seen.as_mut().unwrap().line.plugged = false;
    assert_eq!(press(&mut model, 'u'), ("plug_back".to_owned(), Value::Null));
}

#[tokio::test]
async fn letters_press_the_keys_of_a_keypad_and_digits_those_of_its_rater() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "keypad");
    assert_eq!(press(&mut model, 'c'), ("press".to_owned(), json!("call")));
    assert_eq!(press(&mut model, 'n'), ("press".to_owned(), json!("no_show")));
    assert_eq!(press(&mut model, '2'), ("rate".to_owned(), json!(2)));
    assert_eq!(model.press(Key::Letter('9')), Wish::Nothing);
}

#[tokio::test]
async fn what_was_switched_on_is_switched_off_by_the_same_key() {
    let (_home, mut model) = hall().await;
    let on = order(model.press(Key::Letter('c')));
    assert_eq!((on.act.as_str(), &on.with), ("open_cover", &json!(true)));
    model.done("09:00:00", &on, Ok(()));
    assert!(device(&mut model, "printer").is_on("open_cover"));
    let off = order(model.press(Key::Letter('c')));
    assert_eq!(off.with, json!(false));
    model.done("09:00:01", &off, Ok(()));
    assert_eq!(press(&mut model, 'c').1, json!(true));
}

#[tokio::test]
async fn what_failed_is_not_switched_on_and_says_why() {
    let (_home, mut model) = hall().await;
    let on = order(model.press(Key::Letter('c')));
    model.done("09:00:00", &on, Err("stuck".to_owned()));
    assert!(!device(&mut model, "printer").is_on("open_cover"));
    let note = model.notes.back().unwrap();
    assert_eq!((note.text.as_str(), note.tone), ("开上盖 open cover：stuck", Tone::Failed));
}

#[tokio::test]
async fn a_device_that_says_itself_that_it_is_mute_is_made_to_speak() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "window-sign");
    tells(&mut model, "window-sign", json!({ "shows": "A001", "mute": true, "dead": false }));
    assert_eq!(press(&mut model, 'm'), ("mute".to_owned(), json!(false)));
}

#[tokio::test]
async fn an_answer_is_offered_typed_and_taken() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "id-reader");
    assert_eq!(model.press(Key::Letter('l')), Wish::Nothing);
    assert_eq!(model.prompt.as_ref().unwrap().text, "张三 110101199003070011");
    model.press(Key::Down);
    assert_eq!(model.prompt.as_ref().unwrap().text, "李小梅 31010119850712002X");
    model.press(Key::Up);
    model.press(Key::Up);
    assert_eq!(model.prompt.as_ref().unwrap().text, "王建国 44010319781120003X");
    model.press(Key::Clear);
    "丁一 110101199003070011".chars().for_each(|letter| assert_eq!(model.press(Key::Letter(letter)), Wish::Nothing));
    let order = order(model.press(Key::Enter));
    assert_eq!(order.with, json!({ "name": "丁一", "number": "110101199003070011" }));
    assert_eq!(model.prompt, None);
    // What stands on a card is not noted.
    model.done("09:00:00", &order, Ok(()));
    assert_eq!(model.notes.back().unwrap().text, "放身份证 lay card on");
}

#[tokio::test]
async fn a_wrong_answer_is_asked_for_again_and_can_be_left() {
    let (_home, mut model) = hall().await;
    model.press(Key::Letter('L'));
    model.press(Key::Letter('x'));
    assert_eq!(model.press(Key::Enter), Wish::Nothing);
    assert!(model.prompt.as_ref().unwrap().wrong);
    model.press(Key::Backspace);
    assert!(!model.prompt.as_ref().unwrap().wrong);
    model.press(Key::Escape);
    assert_eq!(model.prompt, None);
}

#[tokio::test]
async fn q_ends_the_view_but_is_a_letter_in_an_answer_and_ctrl_c_always_ends_it() {
    let (_home, mut model) = hall().await;
    assert_eq!(model.press(Key::Letter('q')), Wish::Quit);
    choose(&mut model, "scanner");
    model.press(Key::Letter('c'));
    assert_eq!(model.press(Key::Letter('q')), Wish::Nothing);
    assert_eq!(model.press(Key::Interrupt), Wish::Quit);
}

#[tokio::test]
async fn tab_goes_round_and_arrows_stop_at_the_ends() {
    let (_home, mut model) = hall().await;
    let last = model.devices.len() - 1;
    model.press(Key::Up);
    assert_eq!(model.chosen, 0);
    model.press(Key::BackTab);
    assert_eq!(model.chosen, last);
    model.press(Key::Down);
    assert_eq!(model.chosen, last);
    model.press(Key::Tab);
    assert_eq!(model.chosen, 0);
    model.press(Key::PageDown);
    assert_eq!(model.chosen, last);
}

#[tokio::test]
async fn how_a_device_is_at_first_is_no_news_and_what_changes_is() {
    let (_home, mut model) = hall().await;
    model.hear("09:00:00", health("printer-1", DeviceState::Unknown, &[Condition::NoHost]));
    model.hear("09:00:00", health("printer-1", DeviceState::Ok, &[]));
    model.hear("09:00:00", health("printer-1", DeviceState::Ok, &[]));
    assert!(model.notes.is_empty());
    model.hear("09:00:05", health("printer-1", DeviceState::Fault, &[Condition::CoverOpen, Condition::PaperOut]));
    model.hear("09:00:06", health("printer-1", DeviceState::Fault, &[Condition::CoverOpen, Condition::PaperOut]));
    let texts: Vec<_> = model.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["大厅得知：上盖未合、缺纸 the hall hears: cover open, out of paper"]);
}

#[tokio::test]
async fn a_hall_without_virtual_devices_has_no_keys_but_those_that_end_it() {
    let mut model = Model::new("", Vec::new());
    for key in [Key::Up, Key::Down, Key::Tab, Key::BackTab, Key::End, Key::Letter('u'), Key::Letter('t'), Key::Enter] {
        assert_eq!(model.press(key), Wish::Nothing);
    }
    assert_eq!(model.press(Key::Letter('q')), Wish::Quit);
}
