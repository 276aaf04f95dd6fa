//! Readers: what lies on them and how much they have read.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::ink;
use crate::devices::view::seen::IdReader;

/// A plate, with or without a card.
pub(super) fn id_card(frame: &mut Frame, area: Rect, reader: IdReader) {
    let plate = if reader.has_card {
        [
            "╔══════════════════════════════╗",
            "║ ┌──────────────────────────┐ ║",
            "║ │ 居民身份证        ┌────┐ │ ║",
            "║ │ identity card     │ ☺  │ │ ║",
            "║ │ ▒▒▒▒▒▒▒▒▒▒▒▒      └────┘ │ ║",
            "║ └──────────────────────────┘ ║",
            "╚══════════════════════════════╝",
        ]
    } else {
        [
            "╔══════════════════════════════╗",
            "║                              ║",
            "║          请放身份证          ║",
            "║      lay a card here: l      ║",
            "║                              ║",
            "║                              ║",
            "╚══════════════════════════════╝",
        ]
    };
    draw(frame, area, &plate, &format!("已读证件 cards read {}", reader.cards_read));
}

/// A slot to draw cards through.
pub(super) fn swiped(frame: &mut Frame, area: Rect, swipes: usize) {
    let slot = [
        "        ┌───────────────┐       ",
        "        │ ▬▬▬▬▬▬▬▬▬▬▬▬▬ │  →    ",
        "╔═══════╧═══════════════╧══════╗",
        "║  请刷卡 swipe a card: w      ║",
        "╚══════════════════════════════╝",
    ];
    draw(frame, area, &slot, &format!("已刷卡 swipes {swipes}"));
}

/// A window that looks for codes.
pub(super) fn scanned(frame: &mut Frame, area: Rect, scans: usize) {
    let window = [
        "╔══════════════════════════════╗",
        "║        ▛▀▜ ▚▞ ▛▀▜            ║",
        "║        ▙▄▟ ▞▚ ▙▄▟            ║",
        "║ ──────────────────────────── ║",
        "║  请出示码 hold up a code: c  ║",
        "╚══════════════════════════════╝",
    ];
    draw(frame, area, &window, &format!("已扫码 scans {scans}"));
}

fn draw(frame: &mut Frame, area: Rect, picture: &[&str], fact: &str) {
    let lines = picture.iter().map(|line| Line::raw(*line)).chain([Line::raw(""), Line::styled(fact, ink::TITLE)]);
    for (row, line) in area.rows().zip(lines) {
        frame.render_widget(line, row);
    }
}
