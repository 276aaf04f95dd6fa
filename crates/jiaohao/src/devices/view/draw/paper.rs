//! A printer: the last ticket as it came out, what still hangs in it, its roll, and its QR code to be scanned from the screen.

use qrcode::{Color, EcLevel, QrCode};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::board::rest;
use super::ink;
use crate::devices::view::seen::{Printer, Ticket};

/// Columns of a ticket: 72 mm of 1.5 mm, the width of a Latin letter.
const PAPER: u16 = 40;
/// Modules that are bare around a QR code; two are enough for a telephone, and a screen has no room for four.
const QUIET: i32 = 2;

pub(super) fn draw(frame: &mut Frame, area: Rect, printer: &Printer) {
    let facts = facts(printer);
    for (row, line) in area.rows().zip(&facts) {
        frame.render_widget(line, row);
    }
    let below = rest(area, u16::try_from(facts.len()).unwrap_or(u16::MAX));
    let [left, _, right] =
        Layout::horizontal([Constraint::Length(PAPER), Constraint::Length(3), Constraint::Min(0)]).areas(below);
    if printer.hanging_lines.is_empty() {
        match &printer.last_ticket {
            Some(ticket) => {
                paper(frame, left, &ticket.lines, &cut(ticket));
                if let Some(says) = ticket.qr.first() {
                    code(frame.buffer_mut(), right, says);
                }
            }
            None => frame.render_widget(Line::styled("（尚未出票 no ticket yet）", ink::QUIET), left),
        }
    } else {
        paper(frame, left, &printer.hanging_lines, "⋯ 未切下 not cut off ⋯");
    }
}

/// One line of the printer, one of its last ticket, and one of each thing wrong with that.
fn facts(printer: &Printer) -> Vec<Line<'_>> {
    let mut first = vec![
        Span::raw("已出票 tickets "),
        Span::styled(printer.tickets.to_string(), ink::TITLE),
        Span::raw(" · "),
        match printer.paper_left_mm {
            Some(mm) if mm <= 0.0 => Span::styled("纸已用完 out of paper", ink::BAD),
            Some(mm) => Span::raw(format!("余纸 paper left {mm:.0} mm")),
            None => Span::raw("余纸不限 roll without end"),
        },
    ];
    if printer.waiting_bytes > 0 {
        first.push(Span::styled(format!(" · 待打印 waiting {} bytes", printer.waiting_bytes), ink::WARN));
    }
    let mut facts = vec![Line::from(first)];
    if let Some(ticket) = &printer.last_ticket {
        let says = ticket.qr.iter().map(|says| format!(" · {says}")).collect::<String>();
        facts.push(Line::styled(
            format!("最近一张 last: {} · {:.0} mm{says}", ticket.number, ticket.length_mm),
            ink::QUIET,
        ));
        facts.extend(ticket.anomalies.iter().map(|wrong| Line::styled(wrong.as_str(), ink::BAD)));
    }
    facts
}

fn cut(ticket: &Ticket) -> String {
    let cut = match ticket.cut.as_str() {
        "Full" => "✂ 全切 full cut",
        "Partial" => "✂ 半切 partial cut",
        "Torn" => "撕下 torn off",
        "PaperEnd" => "纸到头 end of the roll",
        other => other,
    };
    format!("╌╌╌ {cut} ╌╌╌")
}

/// A strip of paper with its lines in the middle; where there is no room for all, its end is in sight.
fn paper(frame: &mut Frame, area: Rect, lines: &[String], edge: &str) {
    // Bare paper above and below, as it comes out.
    let lines: Vec<&str> = [""].into_iter().chain(lines.iter().map(String::as_str)).chain([""]).collect();
    let room = usize::from(area.height.saturating_sub(1));
    let mut used = 0;
    for (row, line) in area.rows().zip(lines.iter().skip(lines.len().saturating_sub(room))).take(room) {
        frame.buffer_mut().set_style(row, ink::PAPER);
        let (text, style) =
            if is_number(line) { (spaced(line), ink::PRINT) } else { (String::from(*line), ink::PAPER) };
        frame.render_widget(Line::styled(text, style).centered(), row);
        used += 1;
    }
    for row in rest(area, used).rows().take(1) {
        frame.render_widget(Line::styled(edge, ink::QUIET).centered(), row);
    }
}

/// A line that is a ticket's number, which the paper has in large letters.
fn is_number(line: &str) -> bool {
    let line = line.trim();
    let letters = line.trim_end_matches(|character: char| character.is_ascii_digit());
    (1..=2).contains(&letters.len())
        && letters.bytes().all(|letter| letter.is_ascii_uppercase())
        && (2..=4).contains(&(line.len() - letters.len()))
}

fn spaced(line: &str) -> String {
    line.trim().chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// A QR code, two modules a cell, where it has room: half of one is no code.
fn code(buffer: &mut Buffer, area: Rect, says: &str) {
    // A screen has no dirt that a code must get over.
    let Ok(code) = QrCode::with_error_correction_level(says, EcLevel::L) else { return };
    let Ok(side) = i32::try_from(code.width()) else { return };
    let modules = code.to_colors();
    let dark = |x: i32, y: i32| {
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        let module = usize::try_from(y * side + x).ok().and_then(|index| modules.get(index));
        inside && module == Some(&Color::Dark)
    };
    let whole = side + 2 * QUIET;
    if i32::from(area.width) < whole || i32::from(area.height) * 2 < whole {
        return;
    }
    for (y, row) in (-QUIET..side + QUIET).step_by(2).zip(area.rows()) {
        for (x, place) in (-QUIET..side + QUIET).zip(row.columns()) {
            let half = match (dark(x, y), dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            };
            buffer[place.as_position()].set_char(half).set_style(ink::PAPER);
        }
    }
}
