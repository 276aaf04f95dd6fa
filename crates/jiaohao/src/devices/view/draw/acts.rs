//! What the chosen device can do or suffer, each with its key; or the question that one of them asks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Padding};

use super::ink;
use crate::devices::view::model::{Device, Model, Prompt};
use crate::devices::view::strokes::Stroke;

/// Columns between two acts.
const BETWEEN: usize = 2;
/// Rows that a question takes.
const QUESTION: usize = 2;
/// Rows of the frame around them.
const BORDER: u16 = 2;

/// How many rows the acts take at this width.
pub(super) fn height(model: &Model, width: u16) -> u16 {
    let Some(device) = model.chosen() else { return BORDER };
    let strokes = listed(device);
    let rows = strokes.len().div_ceil(columns(&strokes, inner(width)).0).max(QUESTION);
    u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(BORDER)
}

pub(super) fn draw(frame: &mut Frame, area: Rect, model: &Model) {
    let Some(device) = model.chosen() else { return };
    let title = Line::styled(format!(" {} 能做的事 what it can do or suffer ", device.name), ink::TITLE);
    let block = Block::bordered().title(title).padding(Padding::horizontal(1));
    let inside = block.inner(area);
    frame.render_widget(block, area);
    match &model.prompt {
        Some(prompt) => ask(frame, inside, prompt),
        None => acts(frame, inside, device),
    }
}

fn ask(frame: &mut Frame, area: Rect, prompt: &Prompt) {
    let line = Line::from(vec![
        Span::styled(prompt.words.to_string(), ink::TITLE),
        Span::styled(format!("（{}）", prompt.shape.words()), ink::QUIET),
        Span::raw(": "),
        Span::raw(prompt.text.as_str()),
        Span::styled("▏", ink::KEY),
    ]);
    let below = if prompt.wrong {
        Line::styled(format!("应为 must be: {}", prompt.shape.words()), ink::BAD)
    } else if prompt.offers() > 1 {
        Line::styled(format!("↑↓ {} 个示例 examples", prompt.offers()), ink::QUIET)
    } else {
        Line::default()
    };
    for (row, line) in area.rows().zip([line, below]) {
        frame.render_widget(line, row);
    }
}

fn acts(frame: &mut Frame, area: Rect, device: &Device) {
    let strokes = listed(device);
    let (across, width) = columns(&strokes, area.width);
    let down = strokes.len().div_ceil(across).max(1);
    for (index, stroke) in strokes.iter().enumerate() {
        let (column, row) = (index / down, index % down);
        let (Ok(left), Ok(top)) = (u16::try_from(column * width), u16::try_from(row)) else { continue };
        let place =
            Rect { x: area.x.saturating_add(left), y: area.y.saturating_add(top), width: area.width, height: 1 };
        frame.render_widget(line_of(stroke, device.is_on(&stroke.act)), place.intersection(area));
    }
}

/// All but the keys of a keypad, which are drawn as keys.
fn listed(device: &Device) -> Vec<&Stroke> {
    device.strokes.iter().filter(|stroke| !matches!(stroke.act.as_str(), "press" | "rate")).collect()
}

fn line_of(stroke: &Stroke, on: bool) -> Line<'_> {
    Line::from(vec![
        Span::styled(format!(" {} ", stroke.key), if on { ink::KEY_ON } else { ink::KEY }),
        Span::styled(format!(" {}", stroke.words.zh), if on { ink::BAD } else { ink::PLAIN }),
        Span::styled(format!(" {}", stroke.words.en), ink::QUIET),
    ])
}

/// How many acts stand side by side, and how wide each is.
fn columns(strokes: &[&Stroke], width: u16) -> (usize, usize) {
    let widest = strokes.iter().map(|stroke| line_of(stroke, false).width()).max().unwrap_or_default() + BETWEEN;
    ((usize::from(width) + BETWEEN).div_euclid(widest).max(1), widest)
}

/// Columns within frame and padding.
fn inner(width: u16) -> u16 {
    width.saturating_sub(2 * BORDER)
}
