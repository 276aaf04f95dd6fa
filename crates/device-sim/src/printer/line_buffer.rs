//! The line being composed: characters fall into place until something prints them.

use super::ticket::{CELL, Cell, Ink, Strip};

/// Default line spacing in dots: 1/6 inch on a 203 dpi head is 33.9; Epson and its followers feed 30 (3.75 mm).
const DEFAULT_SPACING: usize = 30;

/// How characters look and lines stand; `ESC @` brings the default back.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) align: Align,
    pub(crate) bold: bool,
    pub(crate) underline: bool,
    pub(crate) reverse: bool,
    pub(crate) narrow: Scale,
    pub(crate) wide: Scale,
    pub(crate) narrow_gap: usize,
    pub(crate) wide_gap: (usize, usize),
    pub(crate) margin: usize,
    pub(crate) spacing: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// Magnification, 1 to 8 each way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) x: usize,
    pub(crate) y: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            align: Align::Left,
            bold: false,
            underline: false,
            reverse: false,
            narrow: Scale { x: 1, y: 1 },
            wide: Scale { x: 1, y: 1 },
            narrow_gap: 0,
            wide_gap: (0, 0),
            margin: 0,
            spacing: DEFAULT_SPACING,
        }
    }
}

impl Style {
    pub(crate) fn reset_spacing(&mut self) {
        self.spacing = DEFAULT_SPACING;
    }

    /// Left edge of something `width` dots wide on a head of `dots`.
    pub(crate) fn left_of(&self, width: usize, dots: usize) -> usize {
        let free = dots.saturating_sub(self.margin).saturating_sub(width);
        self.margin
            + match self.align {
                Align::Left => 0,
                Align::Centre => free / 2,
                Align::Right => free,
            }
    }
}

/// The composed part of a line; positions count from the left margin until it is printed.
#[derive(Debug, Default)]
pub(crate) struct LineBuffer {
    cells: Vec<Cell>,
    text: String,
    at: usize,
}

impl LineBuffer {
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds one character cell of 12 (`wide` false) or 24 dots; returns the full line when it had to wrap.
    pub(crate) fn put(&mut self, character: Option<char>, wide: bool, style: &Style, dots: usize) -> Option<Strip> {
        let (width, scale, before, after) = if wide {
            (CELL, style.wide, style.wide_gap.0, style.wide_gap.1)
        } else {
            (CELL / 2, style.narrow, 0, style.narrow_gap)
        };
        let room = dots.saturating_sub(style.margin);
        let end = self.at + (before + width) * scale.x;
        let full = if end > room && !self.is_empty() { Some(self.print(style, dots)) } else { None };
        self.cells.push(Cell {
            character,
            left: self.at + before * scale.x,
            width,
            scale_x: scale.x,
            scale_y: scale.y,
            bold: style.bold,
            underline: style.underline,
            reverse: style.reverse,
        });
        self.text.push(character.unwrap_or('▯'));
        self.at += (before + width + after) * scale.x;
        full
    }

    /// Moves to `position` dots from the margin (`ESC $`).
    pub(crate) fn move_to(&mut self, position: usize) {
        if position > self.at && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.at = position;
    }

    /// To the next tab stop, every 8 narrow characters.
    pub(crate) fn tab(&mut self) {
        let stop = 8 * CELL / 2;
        self.move_to((self.at / stop + 1) * stop);
    }

    /// Takes the line off as a strip as high as its tallest character, at least one line spacing. An empty line is
    /// bare paper.
    pub(crate) fn print(&mut self, style: &Style, dots: usize) -> Strip {
        let line = std::mem::take(self);
        let Some(width) = line.cells.iter().map(|cell| cell.left + cell.width * cell.scale_x).max() else {
            return Strip::whole(Ink::Blank, style.spacing);
        };
        let left = style.left_of(width, dots);
        let mut cells = line.cells;
        for cell in &mut cells {
            cell.left += left;
        }
        let tallest = cells.iter().map(|cell| cell.scale_y * CELL).max();
        let height = tallest.unwrap_or_default().max(style.spacing);
        let text = line.text.trim_end().to_owned();
        Strip::whole(Ink::Text { cells, text }, height)
    }
}
