//! The list of devices: plug, name, kind, place, and a lamp for what is the matter.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;
use wire::{DeviceReport, DeviceState, Place};

use super::ink;
use crate::devices::view::model::{Device, Model};
use crate::devices::view::words;

/// Columns of a name.
const NAME: usize = 15;
/// Columns of a kind.
const KIND: usize = 6;

pub(super) fn draw(frame: &mut Frame, area: Rect, model: &Model) {
    let block = Block::bordered()
        .title(Line::styled(format!(" 设备 devices {} ", model.devices.len()), ink::TITLE))
        .title_bottom(Line::styled(" ● 插着 in  ○ 拔下 out  ▲ 故障 fault ", ink::QUIET));
    let inside = block.inner(area);
    frame.render_widget(block, area);
    // The chosen one stays in sight.
    let rows = usize::from(inside.height);
    let first = (model.chosen + 1).saturating_sub(rows);
    for ((index, device), row) in model.devices.iter().enumerate().skip(first).zip(inside.rows()) {
        frame.render_widget(line_of(device), row);
        if index == model.chosen {
            frame.buffer_mut().set_style(row, ink::CHOSEN);
        }
    }
}

/// The lamp of a device, as the hall was told of it. Who says nothing until used is no fault.
pub(super) fn lamp(report: Option<&DeviceReport>) -> (&'static str, Style) {
    match report.map(|report| (report.state, report.conditions.is_empty())) {
        None | Some((DeviceState::Unknown, true)) => ("·", ink::QUIET),
        Some((DeviceState::Ok, _)) => ("✓", ink::GOOD),
        Some((DeviceState::Warning, _)) => ("▲", ink::WARN),
        Some((DeviceState::Fault, _)) => ("▲", ink::BAD),
        Some((DeviceState::Unknown, false)) => ("?", ink::WARN),
    }
}

pub(super) fn plug(device: &Device) -> Span<'static> {
    if device.is_plugged() { Span::styled("●", ink::GOOD) } else { Span::styled("○", ink::BAD) }
}

fn line_of(device: &Device) -> Line<'_> {
    let (mark, style) = lamp(device.report.as_ref());
    let place = match &device.place {
        Some(Place::Counter(number)) => format!("{number} 号窗口"),
        Some(Place::Kiosk(name)) => name.clone(),
        Some(Place::Hall) => "大厅".to_owned(),
        None => String::new(),
    };
    Line::from(vec![
        Span::raw(" "),
        plug(device),
        Span::raw(format!(" {} ", fitted(&device.name, NAME))),
        Span::styled(format!("{mark} "), style),
        Span::raw(format!("{} {place}", fitted(&words::kind(&device.kind).zh, KIND))),
    ])
}

/// A text in so many columns, cut or filled up.
fn fitted(text: &str, columns: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    for character in text.chars() {
        let width = Span::raw(character.to_string()).width();
        if used + width > columns {
            break;
        }
        fitted.push(character);
        used += width;
    }
    fitted + &" ".repeat(columns - used)
}
