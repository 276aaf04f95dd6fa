//! The picture of the view: model in, cells of a terminal out.

mod acts;
mod board;
mod device;
mod ink;
mod list;
mod pad;
mod paper;
mod reader;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::model::{Model, Note, Tone};
use super::words::words;
#[cfg(test)]
pub(in crate::devices::view) use ink::{LIT, PAPER};

/// Columns of the list of devices: beside it, 140 columns have room for a board of 192 lamps.
const LIST: u16 = 40;
/// Rows of what was done last, and where the terminal has few of them.
const NOTES: u16 = 3;
const FEW_NOTES: u16 = 1;
/// A terminal of fewer rows has no room for more.
const LOW: u16 = 30;

/// Draws the whole view.
pub(super) fn draw(frame: &mut Frame, model: &Model) {
    let acts = acts::height(model, frame.area().width);
    let notes = if frame.area().height < LOW { FEW_NOTES } else { NOTES };
    let rows = [
        Constraint::Length(1),
        Constraint::Min(6),
        Constraint::Length(acts),
        Constraint::Length(notes),
        Constraint::Length(1),
    ];
    let [head, body, bottom, notes, foot] = Layout::vertical(rows).areas(frame.area());
    let list = LIST.min(body.width / 2);
    let [left, right] = Layout::horizontal([Constraint::Length(list), Constraint::Min(0)]).areas(body);
    header(frame, head, model);
    list::draw(frame, left, model);
    device::draw(frame, right, model);
    acts::draw(frame, bottom, model);
    done(frame, notes, model);
    footer(frame, foot, model);
}

fn header(frame: &mut Frame, area: Rect, model: &Model) {
    let title = match &model.hall {
        Some(hall) => format!(" 叫号 Jiaohao · {} {} ", hall.zh, hall.en),
        None => " 叫号 Jiaohao ".to_owned(),
    };
    let broker = if model.connected {
        Span::styled(format!(" ● 已连接 connected {} ", model.broker), ink::GOOD)
    } else {
        Span::styled(format!(" ○ 未连接 not connected {} ", model.broker), ink::BAD)
    };
    let right = u16::try_from(broker.width()).unwrap_or(u16::MAX);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Max(right)]).areas(area);
    frame.buffer_mut().set_style(area, ink::HEAD);
    frame.render_widget(Line::styled(title, ink::TITLE), left);
    frame.render_widget(broker, right);
}

/// The latest of what was done and heard, the newest at the bottom.
fn done(frame: &mut Frame, area: Rect, model: &Model) {
    let skipped = model.notes.len().saturating_sub(usize::from(area.height));
    for (row, note) in area.rows().zip(model.notes.iter().skip(skipped)) {
        frame.render_widget(line_of(note), row);
    }
}

fn line_of(note: &Note) -> Line<'_> {
    let (mark, style) = match note.tone {
        Tone::Done => ("✓", ink::GOOD),
        Tone::Heard => ("·", ink::PLAIN),
        Tone::Failed => ("✗", ink::BAD),
    };
    Line::from(vec![
        Span::styled(format!(" {} ", note.at), ink::QUIET),
        Span::styled(format!("{mark} "), style),
        Span::styled(format!("{}  ", note.device), ink::TITLE),
        Span::styled(note.text.as_str(), style),
    ])
}

fn footer(frame: &mut Frame, area: Rect, model: &Model) {
    let keys = if model.prompt.is_some() {
        vec![
            ("↑↓", words("其他示例", "other examples")),
            ("Ctrl-U", words("清空", "clear")),
            ("Enter", words("确定", "do it")),
            ("Esc", words("取消", "leave it")),
        ]
    } else {
        vec![
            ("↑↓ Tab", words("选择设备", "choose")),
            ("u", words("拔插", "plug in or out")),
            ("q", words("退出", "quit")),
        ]
    };
    let mut spans = Vec::new();
    for (key, words) in keys {
        spans.push(Span::styled(format!(" {key} "), ink::KEY));
        spans.push(Span::styled(format!(" {words}   "), ink::QUIET));
    }
    frame.render_widget(Line::from(spans), area);
}
