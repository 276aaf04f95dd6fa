//! The chosen device: what it is, how it is, and what it shows.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Padding};

use super::{board, ink, list, pad, paper, reader};
use crate::devices::view::model::{Device, Model};
use crate::devices::view::seen::Face;
use crate::devices::view::words;

pub(super) fn draw(frame: &mut Frame, area: Rect, model: &Model) {
    let Some(device) = model.chosen() else {
        let block = Block::bordered().title(" 没有虚拟设备 no virtual devices ");
        frame.render_widget(block, area);
        return;
    };
    let mut title = format!(" {} · {}", device.name, words::kind(&device.kind));
    if let Some(place) = &device.place {
        title = format!("{title} · {}", words::place(place));
    }
    let block = Block::bordered().title(Line::styled(format!("{title} "), ink::TITLE)).padding(Padding::horizontal(1));
    let inside = block.inner(area);
    frame.render_widget(block, area);
    let [state, _, shown] =
        Layout::vertical([Constraint::Length(2), Constraint::Length(1), Constraint::Min(0)]).areas(inside);
    how_it_is(frame, state, device);
    match device.seen.as_ref().and_then(|seen| seen.face.as_ref()) {
        Some(Face::Printer(printer)) => paper::draw(frame, shown, printer),
        Some(Face::OnbonSign(sign) | Face::CpowerSign(sign) | Face::WindowSign(sign)) => {
            board::sign(frame, shown, device, &sign.shows);
        }
        Some(Face::DigitBoard(digits)) => board::digits(frame, shown, device, digits.shows),
        Some(Face::Keypad(keypad)) => pad::keypad(frame, shown, device, keypad),
        Some(Face::PolledKeypad(polled)) => pad::polled(frame, shown, device, polled),
        Some(Face::IdReader(card)) => reader::id_card(frame, shown, *card),
        Some(Face::CardReader(card)) => reader::swiped(frame, shown, card.swipes),
        Some(Face::Scanner(scanner)) => reader::scanned(frame, shown, scanner.scans),
        None => {}
    }
}

/// Two lines: the cable and its port; what the hall was told.
fn how_it_is(frame: &mut Frame, area: Rect, device: &Device) {
    let mut line = vec![list::plug(device), Span::raw(" ")];
    match &device.seen {
        Some(seen) => {
            let cable = match (seen.line.plugged, seen.line.open) {
                (true, true) => "插着，主机已打开 in, opened by the host",
                (true, false) => "插着，主机未打开 in, not opened by the host",
                (false, _) => "已拔下 pulled out",
            };
            line.push(Span::raw(cable));
            for (is, text) in [(seen.power.dead, "断电 no power"), (seen.power.mute, "不应答 mute")] {
                if is == Some(true) {
                    line.push(Span::styled(format!(" · {text}"), ink::BAD));
                }
            }
            line.push(Span::styled(format!(" · {}", seen.line.path), ink::QUIET));
        }
        None => line.push(Span::styled("无法询问 cannot be asked", ink::BAD)),
    }
    let (mark, style) = list::lamp(device.report.as_ref());
    let mut told = vec![Span::styled(format!("{mark} "), style)];
    match &device.report {
        Some(report) => {
            told.push(Span::raw("大厅得知 the hall hears: "));
            told.push(Span::styled(words::report(report).to_string(), style));
            if let Some(detail) = &report.detail {
                told.push(Span::styled(format!(" · {detail}"), ink::QUIET));
            }
        }
        None => told.push(Span::styled("大厅尚未得知 the hall has heard nothing yet", ink::QUIET)),
    }
    if let Some(profile) = &device.profile {
        told.push(Span::styled(format!(" · {profile}"), ink::QUIET));
    }
    for (row, spans) in area.rows().zip([line, told]) {
        frame.render_widget(Line::from(spans), row);
    }
}
