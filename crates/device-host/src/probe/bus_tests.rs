//! Signs, keypads and readers asked and lit by themselves, without a hall.

use std::path::Path;
use std::time::Duration;

use device_sim::{
    CPowerOptions, CPowerSign, DigitBoard, IdCardReader, Key, Keypad, LineOptions, OnbonOptions, OnbonSign,
    PolledKeypad, PolledKeypadOptions, WindowOptions, WindowSign,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use wire::{Condition, DeviceProfile, DeviceSpec, DeviceState, KeyAct, KeypadProfile, Place, PolledKeypadProfile};

use super::*;

const SHOWN: Duration = Duration::from_millis(1_200);

fn font() -> device_sim::Font {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansSC-Regular.ttf"));
    device_sim::Font::from_bytes(bytes.unwrap()).unwrap()
}

fn spec(name: &str, port: &Path, address: u16, place: Place, profile: Value) -> DeviceSpec {
    DeviceSpec {
        name: name.to_owned(),
        profile_name: String::new(),
        profile: serde_json::from_value::<DeviceProfile>(profile).unwrap(),
        port: port.display().to_string(),
        address,
        place,
    }
}

fn window() -> Value {
    json!({"kind": "modbus_sign", "baud": 9600, "first_register": 0, "characters": 6, "layout": "one_character"})
}

fn digits() -> Value {
    json!({"kind": "digit_sign", "baud": 9600, "command": "addressed", "idle": 0, "colour": 0, "info": 0})
}

/// What of it is shown while they are lit.
async fn lit(signs: Vec<DeviceSpec>, mut shows: impl FnMut() -> bool) -> Vec<SignLit> {
    let lighting = tokio::spawn(light_signs(signs, SHOWN));
    let shown = async {
        while !shows() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SHOWN, shown).await.expect("every sign shows its number");
    lighting.await.unwrap()
}

#[tokio::test]
async fn every_sign_of_a_line_shows_its_own_number_and_those_that_are_away_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let line = LineOptions::new(folder.path(), "bus");
    let signs = WindowSign::start_bus(&line, [1, 2].map(|unit| WindowOptions::new(unit, font()))).unwrap();
    let port = signs[0].path();
    let at = |name: &str, counter| spec(name, port, counter, Place::Counter(counter), window());
    let all = lit(vec![at("one", 1), at("two", 2), at("three", 3)], || {
        signs[0].shown().trim() == "001" && signs[1].shown().trim() == "002"
    })
    .await;
    let states: Vec<_> = all.iter().map(|sign| sign.report.as_ref().map(|report| report.state)).collect();
    assert_eq!(states[..2], [Some(DeviceState::Ok), Some(DeviceState::Ok)]);
    assert_ne!(states[2], Some(DeviceState::Ok), "nobody is there: {:?}", all[2]);
    assert!(signs.iter().all(|sign| !sign.shown().contains(char::is_numeric)), "dark again");
    assert!(!signs[0].is_open());
}

#[tokio::test]
async fn a_hall_sign_shows_its_address_and_a_board_that_never_answers_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let hall = OnbonSign::start(&LineOptions::new(folder.path(), "hall"), OnbonOptions::new(7, font())).unwrap();
    let boards = DigitBoard::start_bus(&LineOptions::new(folder.path(), "boards"), [5]).unwrap();
    let onbon = json!({"kind": "onbon_sign", "baud": 57600, "width": 128, "height": 32, "vertical": "pixels"});
    let signs = vec![
        spec("hall", hall.path(), 7, Place::Hall, onbon),
        spec("board", boards[0].path(), 5, Place::Counter(12), digits()),
    ];
    let all = lit(signs, || hall.shown().contains("007") && boards[0].shows() == Some(12)).await;
    let by_name = |name: &str| all.iter().find(|sign| sign.name == name).unwrap();
    assert_eq!(by_name("hall").report.as_ref().map(|report| report.state), Some(DeviceState::Ok));
    assert!(by_name("board").is_mute && by_name("board").number == "012");
}

#[tokio::test]
async fn a_sign_whose_port_is_not_there_is_told() {
    let gone = Path::new("/nonexistent/port");
    let all = light_signs(vec![spec("gone", gone, 1, Place::Counter(1), window())], Duration::from_millis(300)).await;
    let report = all[0].report.clone().unwrap();
    assert_eq!((report.state, report.conditions), (DeviceState::Fault, vec![Condition::NoDevice]));
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(2_500)
}

#[tokio::test]
async fn keys_are_told_with_code_and_meaning_whatever_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let pads = Keypad::start_bus(&LineOptions::new(folder.path(), "pads"), [3, 9]).unwrap();
    let path = pads[0].path().display().to_string();
    let (sender, mut pressed) = mpsc::channel(8);
    let listening = tokio::spawn(async move {
        let profile = KeypadProfile { baud: 9_600, keys: std::collections::BTreeMap::new(), scores: Vec::new() };
        listen_to_keys(&path, &profile, soon(), sender).await
    });
    while !pads[0].is_open() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let key = |address, code: &str, act| Pressed::Key { address, code: code.to_owned(), means: Some(act) };
    for (pad, pressing, expected) in [
        (0, Key::Call, key(3, "0C", KeyAct::Next)),
        (1, Key::NoShow, key(9, "06 0F", KeyAct::NoShow)),
        (1, Key::Rate(2), Pressed::Rating { address: 9, key: 2 }),
    ] {
        pads[pad].press(pressing);
        assert_eq!(pressed.recv().await, Some(expected));
    }
    listening.await.unwrap().unwrap();
    assert!(pads.iter().all(|pad| pad.unanswered().is_empty()), "each key was acknowledged");
    assert_eq!(pressed.recv().await, None, "each press is told once");
}

#[tokio::test]
async fn polled_keys_are_told_by_their_input_and_a_silent_keypad_once() {
    let folder = tempfile::tempdir().unwrap();
    let line = LineOptions::new(folder.path(), "polled");
    let pad = PolledKeypad::start(&line, PolledKeypadOptions::new(4)).unwrap();
    let path = pad.path().display().to_string();
    let profile = PolledKeypadProfile {
        baud: 9_600,
        first_input: 0,
        keys: vec![KeyAct::Next, KeyAct::Unused],
        poll_ms: 50,
        echo: false,
        waiting_register: None,
        number_register: None,
        beep_register: None,
    };
    let (sender, mut pressed) = mpsc::channel(8);
    let polling = tokio::spawn(async move { poll_keys(&path, &profile, &[4, 5], soon(), sender).await });
    assert_eq!(pressed.recv().await, Some(Pressed::Silent { address: 5 }));
    for (input, means) in [(0, Some(KeyAct::Next)), (1, None)] {
        pad.press(input);
        let event = pressed.recv().await.unwrap();
        assert_eq!(event, Pressed::Key { address: 4, code: input.to_string(), means });
    }
    polling.await.unwrap().unwrap();
    assert_eq!(pressed.recv().await, None);
}

#[tokio::test]
async fn signs_keypads_and_readers_are_found_by_questions_that_light_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let line = |name: &str| LineOptions::new(folder.path(), name);
    let path = |path: &Path| path.display().to_string();
    let window = WindowSign::start(&line("window"), WindowOptions::new(2, font())).unwrap();
    let hall = OnbonSign::start(&line("hall"), OnbonOptions::new(1, font())).unwrap();
    let card = CPowerSign::start(&line("card"), CPowerOptions::new(3, font())).unwrap();
    let polled = PolledKeypad::start(&line("polled"), PolledKeypadOptions::new(1)).unwrap();
    let reader = IdCardReader::start(&line("reader")).unwrap();
    let like = |like, address| Heard { like, baud: 9_600, address: Some(address) };
    let signs = async |at: &Path| ask_signs(&path(at), &[9_600], &[1, 2, 3]).await.unwrap();
    assert_eq!(signs(window.path()).await, [like("modbus-window-6", 2)]);
    assert_eq!(signs(hall.path()).await, [like("onbon-bx5k", 1)]);
    assert_eq!(signs(card.path()).await, [like("cpower-5200", 3)]);
    assert_eq!(ask_keypads(&path(polled.path()), 9_600, &[1]).await.unwrap(), [like("keypad-modbus-8", 1)]);
    let found = ask_id_reader(&path(reader.path()), &[115_200]).await.unwrap();
    assert_eq!(found, Some(Heard { like: "id-reader-sdt", baud: 115_200, address: None }));
    assert_eq!(ask_id_reader(&path(window.path()), &[115_200]).await.unwrap(), None);
    assert!(window.shown().trim().is_empty() && hall.shown().is_empty() && card.shown().is_empty());
}

#[tokio::test]
async fn a_keypad_that_speaks_by_itself_is_heard_when_somebody_presses_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let pad = Keypad::start(&LineOptions::new(folder.path(), "pad"), 6).unwrap();
    let path = pad.path().display().to_string();
    let asking = tokio::spawn(async move { ask_keypads(&path, 9_600, &[1]).await });
    while !pad.is_open() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // After the question by Modbus, which is not for it.
    tokio::time::sleep(Duration::from_millis(500)).await;
    pad.press(Key::Recall);
    let found = asking.await.unwrap().unwrap();
    assert_eq!(found, [Heard { like: "keypad-huajiaoqi", baud: 9_600, address: Some(6) }]);
    assert!(pad.unanswered().is_empty());
}
