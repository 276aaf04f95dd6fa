//! Keypads: their displays and their keys, each with the letter that presses it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::board::{self, rest};
use super::ink;
use crate::devices::view::lamps::Lamps;
use crate::devices::view::model::Device;
use crate::devices::view::seen::{Keypad, Polled};
use crate::devices::view::strokes::Stroke;

/// Columns and rows of a key.
const KEY: (u16, u16) = (17, 3);
/// Columns between the two displays.
const BETWEEN: u16 = 6;

/// The deployed 呼叫器: who waits and who is served, the teller's keys, the customer's.
pub(super) fn keypad(frame: &mut Frame, area: Rect, device: &Device, keypad: &Keypad) {
    let dead = device.is_on("dead");
    let mut used = 0;
    let mut left = area;
    for (label, digits) in [("等候 waiting", &keypad.waiting), ("票号 ticket", &keypad.ticket)] {
        let lamps = Lamps::digits(&if dead { " ".repeat(3) } else { format!("{digits:>3}") });
        for row in left.rows().take(1) {
            frame.render_widget(Line::styled(label, ink::QUIET), row);
        }
        used = board::draw(frame.buffer_mut(), rest(left, 1), &lamps) + 1;
        let step = u16::try_from(lamps.width).unwrap_or(u16::MAX).saturating_add(BETWEEN).min(left.width);
        left = Rect { x: left.x + step, width: left.width - step, ..left };
    }
    let mut facts =
        vec![format!("蜂鸣 beeps {}", keypad.beeps), format!("请评价 ratings asked {}", keypad.ratings_started)];
    if !keypad.unanswered.is_empty() {
        facts.push(format!("未回应 unanswered {}", keypad.unanswered.join(", ")));
    }
    for (row, fact) in rest(left, 1).rows().zip(facts) {
        frame.render_widget(Line::styled(fact, ink::QUIET), row);
    }
    let below = rest(area, used + 1);
    let of = |act: &str| device.strokes.iter().filter(|stroke| stroke.act == act).collect::<Vec<_>>();
    let (teller, customer) = (of("press"), of("rate"));
    let used = keys(frame, below, &teller);
    let below = rest(below, used);
    for row in below.rows().take(1) {
        frame.render_widget(Line::styled("评价器 rater", ink::QUIET), row);
    }
    keys(frame, rest(below, 1), &customer);
}

/// A keypad that is asked.
pub(super) fn polled(frame: &mut Frame, area: Rect, device: &Device, polled: &Polled) {
    let mut facts = Vec::new();
    if !polled.pressed.is_empty() {
        let pressed: Vec<_> = polled.pressed.iter().map(u16::to_string).collect();
        facts.push(format!("按下 pressed: {}", pressed.join(", ")));
    }
    if !polled.registers.is_empty() {
        let registers: Vec<_> = polled.registers.iter().map(u16::to_string).collect();
        facts.push(format!("寄存器 registers: {}", registers.join(", ")));
    }
    let presses: Vec<_> = device.strokes.iter().filter(|stroke| stroke.act == "press").collect();
    let used = keys(frame, area, &presses);
    for (row, fact) in rest(area, used).rows().zip(facts) {
        frame.render_widget(Line::styled(fact, ink::QUIET), row);
    }
}

/// Draws keys side by side, four in a row where they fit, and tells how many rows they took.
fn keys(frame: &mut Frame, area: Rect, strokes: &[&Stroke]) -> u16 {
    let across = (area.width / KEY.0).clamp(1, 4);
    let mut used = 0;
    for row in strokes.chunks(usize::from(across)) {
        let place = rest(area, used);
        if place.height < KEY.1 {
            break;
        }
        for (stroke, left) in row.iter().zip((0..).step_by(usize::from(KEY.0))) {
            let cap = Rect { x: place.x + left, y: place.y, width: KEY.0, height: KEY.1 }.intersection(place);
            let letter = Line::styled(format!(" {} ", stroke.key), ink::KEY);
            let block = Block::bordered().border_type(BorderType::Rounded).title(letter);
            let inside = block.inner(cap);
            frame.render_widget(block, cap);
            let text = Line::from(vec![
                Span::styled(stroke.words.zh.as_ref(), ink::TITLE),
                Span::styled(format!(" {}", stroke.words.en), ink::QUIET),
            ]);
            frame.render_widget(text.centered(), inside);
        }
        used += KEY.1;
    }
    used
}
