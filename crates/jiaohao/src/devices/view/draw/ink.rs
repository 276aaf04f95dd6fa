//! Colours of the view. Words keep the terminal's own ink; colour only says what is good, bad, lit or chosen.

use ratatui::style::{Color, Modifier, Style};

pub(super) const PLAIN: Style = Style::new();
pub(super) const TITLE: Style = Style::new().add_modifier(Modifier::BOLD);
pub(super) const QUIET: Style = Style::new().fg(Color::DarkGray);
pub(super) const GOOD: Style = Style::new().fg(Color::Green);
pub(super) const WARN: Style = Style::new().fg(Color::Yellow);
pub(super) const BAD: Style = Style::new().fg(Color::LightRed);
/// The line at the top.
pub(super) const HEAD: Style = Style::new().bg(Color::Rgb(0x1D, 0x2B, 0x3A)).fg(Color::White);
/// The chosen device.
pub(super) const CHOSEN: Style = Style::new().bg(Color::Rgb(0x24, 0x3B, 0x55)).fg(Color::White);
/// A key of the keyboard.
pub(super) const KEY: Style = Style::new().fg(Color::Black).bg(Color::Cyan);
/// The key of something that is switched on.
pub(super) const KEY_ON: Style = Style::new().fg(Color::Black).bg(Color::LightRed);

/// A ticket.
pub(in crate::devices::view) const PAPER: Style = Style::new().fg(Color::Black).bg(Color::Rgb(0xF4, 0xF1, 0xE6));
pub(super) const PRINT: Style = PAPER.add_modifier(Modifier::BOLD);

/// The ground of a board, a lamp that is off, one that is on.
pub(super) const GROUND: Color = Color::Rgb(0x10, 0x10, 0x12);
pub(super) const DARK: Color = Color::Rgb(0x2C, 0x20, 0x1A);
pub(in crate::devices::view) const LIT: Color = Color::Rgb(0xFF, 0x5A, 0x1F);
