//! Boards of lamps, in the colours of LEDs.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::ink;
use crate::devices::view::lamps::{Lamp, Lamps};
use crate::devices::view::model::Device;

/// Lamps of a Chinese letter: a board too wide for the terminal is folded between letters.
const LETTER: usize = 16;

/// The board of a sign, and below it its text for who cannot read lamps.
pub(super) fn sign(frame: &mut Frame, area: Rect, device: &Device, shows: &str) {
    let mut below = area;
    if let Some(board) = &device.board {
        let board = if device.is_on("dead") { &board.dark() } else { board };
        let used = draw(frame.buffer_mut(), area, board);
        below = rest(area, used + 1);
    }
    let text = if shows.trim().is_empty() { vec!["（空白 blank）"] } else { shows.lines().collect() };
    for (row, line) in below.rows().zip(text) {
        frame.render_widget(Line::styled(line, ink::QUIET), row);
    }
}

/// A board of three digits.
pub(super) fn digits(frame: &mut Frame, area: Rect, device: &Device, shows: Option<u16>) {
    let shown = shows.filter(|_| !device.is_on("dead")).map_or_else(|| " ".repeat(3), |number| format!("{number:>3}"));
    let used = draw(frame.buffer_mut(), area, &Lamps::digits(&shown));
    if shows.is_none() {
        for row in rest(area, used + 1).rows().take(1) {
            frame.render_widget(Line::styled("（尚无号码 no number yet）", ink::QUIET), row);
        }
    }
}

/// Draws lamps as large as they fit, and tells how many rows that took: two lamps a cell, or eight where there is no room, then
/// in bands below each other.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, board: &Lamps) -> u16 {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    if board.width <= width && board.height.div_ceil(2) <= height {
        for (y, row) in area.rows().take(board.height.div_ceil(2)).enumerate() {
            for (x, place) in row.columns().take(board.width).enumerate() {
                pair(buffer, place, board.at(x, 2 * y), board.at(x, 2 * y + 1));
            }
        }
        return rows(board.height.div_ceil(2));
    }
    // Bands of the same length, each of whole letters.
    let letters = board.width.div_ceil(LETTER).max(1);
    let bands = letters.div_ceil((width * 2 / LETTER).max(1));
    let band = letters.div_ceil(bands) * LETTER;
    let mut top = 0;
    for left in (0..board.width).step_by(band) {
        top += dots(buffer, rest(area, top), board, left..(left + band).min(board.width)) + 1;
    }
    top.saturating_sub(1)
}

/// Eight lamps a cell; dark ones melt into the ground.
fn dots(buffer: &mut Buffer, area: Rect, board: &Lamps, columns: std::ops::Range<usize>) -> u16 {
    /// Bits of a braille pattern, by column and row.
    const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    let cells = columns.len().div_ceil(2);
    for (y, row) in area.rows().take(board.height.div_ceil(4)).enumerate() {
        for (x, place) in row.columns().take(cells).enumerate() {
            let mut pattern = 0x2800;
            for (column, bits) in BITS.iter().enumerate() {
                for (line, bit) in bits.iter().enumerate() {
                    let across = columns.start + 2 * x + column;
                    if columns.contains(&across) && board.at(across, 4 * y + line) == Lamp::Lit {
                        pattern |= bit;
                    }
                }
            }
            let dots = char::from_u32(pattern).unwrap_or(' ');
            buffer[place.as_position()].set_char(dots).set_style(Style::new().fg(ink::LIT).bg(ink::GROUND));
        }
    }
    rows(board.height.div_ceil(4)).min(area.height)
}

/// Two lamps, one above the other, in one cell; what is lit can be told without colours too.
fn pair(buffer: &mut Buffer, place: Rect, upper: Lamp, lower: Lamp) {
    let colour = |lamp| match lamp {
        Lamp::Ground => ink::GROUND,
        Lamp::Dark => ink::DARK,
        Lamp::Lit => ink::LIT,
    };
    let (half, front, back) = match (upper, lower) {
        (Lamp::Lit, Lamp::Lit) => ('█', upper, lower),
        (Lamp::Lit, Lamp::Ground | Lamp::Dark) => ('▀', upper, lower),
        (Lamp::Ground | Lamp::Dark, Lamp::Lit) => ('▄', lower, upper),
        (Lamp::Ground, Lamp::Ground) | (Lamp::Dark, Lamp::Dark) => (' ', upper, lower),
        (Lamp::Ground, Lamp::Dark) | (Lamp::Dark, Lamp::Ground) => ('▀', upper, lower),
    };
    buffer[place.as_position()].set_char(half).set_style(Style::new().fg(colour(front)).bg(colour(back)));
}

fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// What is left of an area below its first rows.
pub(super) fn rest(area: Rect, used: u16) -> Rect {
    let used = used.min(area.height);
    Rect { y: area.y + used, height: area.height - used, ..area }
}
