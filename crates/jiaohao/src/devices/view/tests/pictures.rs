//! How it looks.

use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use serde_json::json;
use wire::{Condition, DeviceState};

use super::super::draw::{LIT, PAPER, draw};
use super::super::keyboard::Key;
use super::super::lamps::Lamps;
use super::super::model::{Model, Tone};
use super::{choose, device, hall, health, tells};

fn drawn(model: &Model, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, model)).unwrap();
    terminal.backend().buffer().clone()
}

/// The characters alone; a wide one stands for two cells.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.area.rows() {
        let mut line = String::new();
        let mut hidden = 0;
        for place in row.columns() {
            let symbol = buffer[place.as_position()].symbol();
            if hidden == 0 {
                line.push_str(symbol);
                hidden = ratatui::text::Span::raw(symbol).width().saturating_sub(1);
            } else {
                hidden -= 1;
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn picture(model: &Model) -> String {
    text(&drawn(model, 124, 36))
}

fn with_ticket(model: &mut Model) {
    let ticket = json!({
        "number": 3, "lines": ["城东营业厅", "A042", "缴费", "前面还有 6 人", "预计等候 5–9 分钟", "2026-11-28 09:31"],
        "qr": ["http://127.0.0.1:8080/t/9F3K2M"], "cut": "Partial", "anomalies": [], "length_mm": 92.5,
    });
    tells(
        model,
        "printer",
        json!({
            "tickets": 3, "last_ticket": ticket, "hanging_lines": [], "waiting_bytes": 0, "lost_bytes": 0,
            "paper_left_mm": 41_250.0, "media": "NotPresent",
        }),
    );
}

#[tokio::test]
async fn a_printer_shows_its_last_ticket_its_roll_and_its_code() {
    let (_home, mut model) = hall().await;
    with_ticket(&mut model);
    model.hear("09:31:00", health("printer-1", DeviceState::Ok, &[]));
    model.hear("09:31:02", health("window-sign-1", DeviceState::Fault, &[Condition::NoDevice]));
    device(&mut model, "window-sign").seen.as_mut().unwrap().line.plugged = false;
    device(&mut model, "printer").on.insert("open_cover".to_owned());
    model.note("09:31:07", "printer-1", "撕票 tear", Tone::Done);
    assert_snapshot!(picture(&model));
}

#[tokio::test]
async fn a_telephone_reads_the_code_on_the_screen() {
    let (_home, mut model) = hall().await;
    with_ticket(&mut model);
    let buffer = drawn(&model, 124, 36);
    let paper = PAPER.bg.unwrap();
    // Two dots a cell, six pixels a dot; what is not of the code's colours is ground.
    let (width, height) = (usize::from(buffer.area.width) * 6, usize::from(buffer.area.height) * 12);
    let grey = |x: usize, y: usize| {
        let cell = buffer.cell((u16::try_from(x / 6).unwrap(), u16::try_from(y / 12).unwrap())).unwrap();
        let dark = match (cell.symbol(), y % 12 < 6) {
            ("█", _) | ("▀", true) | ("▄", false) => true,
            _ => cell.bg != paper,
        };
        if dark { 0 } else { 255 }
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].decode().unwrap().1, "http://127.0.0.1:8080/t/9F3K2M");
}

#[tokio::test]
async fn what_is_not_cut_off_hangs_in_the_printer() {
    let (_home, mut model) = hall().await;
    tells(
        &mut model,
        "printer",
        json!({
            "tickets": 0, "last_ticket": null, "hanging_lines": ["城东营业厅", "A043"], "waiting_bytes": 212,
            "paper_left_mm": 0.0,
        }),
    );
    let picture = picture(&model);
    for shown in ["A 0 4 3", "未切下 not cut off", "纸已用完 out of paper", "待打印 waiting 212 bytes"] {
        assert!(picture.contains(shown), "{shown}\n{picture}");
    }
}

#[tokio::test]
async fn a_keypad_shows_its_displays_and_the_letter_of_each_key() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "keypad");
    tells(
        &mut model,
        "keypad",
        json!({ "waiting": "6", "ticket": "042", "beeps": 2, "ratings_started": 1, "unanswered": ["recall"] }),
    );
    assert_snapshot!(picture(&model));
}

#[tokio::test]
async fn a_polled_keypad_has_the_keys_of_its_profile() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "polled-keypad");
    tells(&mut model, "polled-keypad", json!({ "pressed": [2], "registers": [] }));
    assert_snapshot!(picture(&model));
}

#[tokio::test]
async fn a_sign_shows_its_lamps_in_the_colour_of_leds_and_its_text() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "window-sign");
    tells(&mut model, "window-sign", json!({ "shows": "A042", "mute": false, "dead": false }));
    device(&mut model, "window-sign").board = Some(Lamps::digits("042"));
    let wide = drawn(&model, 124, 36);
    assert_snapshot!(text(&wide));
    let lit = |buffer: &Buffer| buffer.content().iter().filter(|cell| cell.fg == LIT).count();
    assert!(lit(&wide) > 20);
    // Without power it has lamps and none is lit.
    tells(&mut model, "window-sign", json!({ "shows": "A042", "mute": false, "dead": true }));
    assert_eq!(lit(&drawn(&model, 124, 36)), 0);
}

#[tokio::test]
async fn a_board_wider_than_the_terminal_is_folded_between_letters() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "onbon-sign");
    tells(&mut model, "onbon-sign", json!({ "shows": "请A042号到3号窗口" }));
    // 135 lamps: 67 cells of two columns each where there is room for them, two bands where there is not.
    device(&mut model, "onbon-sign").board = Some(Lamps::digits(&"8".repeat(19)));
    let braille = |width| {
        let rows = text(&drawn(&model, width, 40));
        rows.lines().filter(|line| line.chars().any(|c| ('\u{2801}'..='\u{28FF}').contains(&c))).count()
    };
    assert_eq!(braille(140), 3);
    assert_eq!(braille(90), 6);
}

#[tokio::test]
async fn a_question_stands_where_the_acts_were() {
    let (_home, mut model) = hall().await;
    choose(&mut model, "id-reader");
    tells(&mut model, "id-reader", json!({ "has_card": true, "cards_read": 4, "mute": false, "dead": false }));
    model.press(Key::Letter('l'));
    assert_snapshot!(picture(&model));
}

#[tokio::test]
async fn every_device_can_be_looked_at_in_a_terminal_of_any_size() {
    let (_home, mut model) = hall().await;
    with_ticket(&mut model);
    device(&mut model, "onbon-sign").board = Some(Lamps::digits(&"8".repeat(30)));
    for index in 0..model.devices.len() {
        model.chosen = index;
        for (width, height) in [(1, 1), (20, 5), (43, 12), (80, 24), (100, 30), (200, 60), (300, 8), (9, 90)] {
            drawn(&model, width, height);
        }
    }
    drawn(&Model::new("", Vec::new()), 80, 24);
}

#[tokio::test]
async fn the_chosen_device_of_many_stays_in_sight() {
    let (_home, mut model) = hall().await;
    model.devices = (0..40)
        .map(|number| {
            let mut one = model.devices[0].clone();
            one.name = format!("printer-{number}");
            one
        })
        .collect();
    model.chosen = 33;
    let picture = picture(&model);
    assert!(picture.lines().any(|line| line.starts_with('│') && line.contains("printer-33 ")), "{picture}");
}
