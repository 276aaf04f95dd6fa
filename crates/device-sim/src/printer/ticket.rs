//! A piece of paper that left the printer, and its picture.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use crate::canvas::Canvas;
use crate::font::Font;

/// Dots a millimetre of the usual 203 dpi thermal head.
pub(crate) const DOTS_PER_MM: f32 = 8.0;

/// Dot rows of so many millimetres; negative counts as 0.
pub(crate) fn rows_of(mm: f32) -> usize {
    // Rounded and never negative; the cast saturates.
    (mm.max(0.0) * DOTS_PER_MM).round() as usize
}

/// How a piece of paper was parted from the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutKind {
    /// Cut through (`GS V 0`, `GS V A n`, `ESC i`).
    Full,
    /// Left hanging at a point (`GS V 1`, `GS V B n`, `ESC m`).
    Partial,
    /// Torn off at the bar by the customer.
    Torn,
    /// Never cut: the roll ended in the middle, and the piece came off when new paper was loaded.
    PaperEnd,
}

/// One finished piece of paper.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// 1 for the first piece since the printer was started.
    pub number: usize,
    /// The bytes the printer worked off since the piece before, without real-time commands (`DLE …`).
    pub bytes: Vec<u8>,
    /// The text of each printed line that has any, without trailing blanks. `▯` stands for a glyph that came out wrong.
    pub text_lines: Vec<String>,
    /// What each printed QR code says.
    pub qr: Vec<String>,
    /// How it was cut.
    pub cut: CutKind,
    /// Everything a printer of this kind would not have understood or would have printed wrongly. Empty on a good ticket.
    pub anomalies: Vec<String>,
    /// Length of the paper in millimetres, at 8 dots a millimetre.
    pub length_mm: f32,
    /// When its first byte had arrived.
    pub first_byte_at: Instant,
    /// When its last byte had arrived: the cut, or the `GS r` behind it.
    pub last_byte_at: Instant,
    pub(crate) dots: usize,
    pub(crate) strips: Vec<Strip>,
    pub(crate) font: Font,
}

impl Ticket {
    /// All lines, one below the other.
    pub fn text(&self) -> String {
        self.text_lines.join("\n")
    }

    /// The paper as the head burnt it: one pixel a dot, black and white. Drawn anew at each call.
    pub fn png(&self) -> Vec<u8> {
        let height = self.strips.iter().map(Strip::rows).sum();
        let mut paper = Paper { canvas: Canvas::new(self.dots, height), font: &self.font, glyphs: HashMap::new() };
        let mut top = 0;
        for strip in &self.strips {
            paper.burn(strip, top);
            top += strip.rows();
        }
        paper.canvas.paper_png()
    }
}

/// Some dot rows of the same making: a text line, one row of an image, a code, or bare paper. `from..to` are the
/// rows of it that are on this piece: a roll that ends in the middle of a line leaves the rest for the next.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    pub(crate) ink: Arc<Ink>,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

#[derive(Debug)]
pub(crate) enum Ink {
    Blank,
    Text { cells: Vec<Cell>, text: String },
    Row { left: usize, bytes: Vec<u8>, scale_x: usize },
    Code { left: usize, side: usize, module: usize, dark: Vec<bool>, says: String },
}

/// One character in a line. Its glyph is `width` × 24 dots before magnification.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// `None`: the box that stands for a wrong glyph.
    pub(crate) character: Option<char>,
    pub(crate) left: usize,
    pub(crate) width: usize,
    pub(crate) scale_x: usize,
    pub(crate) scale_y: usize,
    pub(crate) bold: bool,
    pub(crate) underline: bool,
    pub(crate) reverse: bool,
}

/// Height of every glyph cell of this printer before magnification, in dots; Chinese cells are as wide.
pub(crate) const CELL: usize = 24;

impl Strip {
    pub(crate) fn whole(ink: Ink, height: usize) -> Self {
        Self { ink: Arc::new(ink), from: 0, to: height }
    }

    pub(crate) fn rows(&self) -> usize {
        self.to - self.from
    }

    /// Parts the first `rows` rows from the rest.
    pub(crate) fn split(&self, rows: usize) -> (Self, Self) {
        let middle = self.from + rows.min(self.rows());
        let part = |from, to| Self { ink: Arc::clone(&self.ink), from, to };
        (part(self.from, middle), part(middle, self.to))
    }
}

struct Paper<'a> {
    canvas: Canvas,
    font: &'a Font,
    glyphs: HashMap<(char, usize), Canvas>,
}

impl Paper<'_> {
    fn burn(&mut self, strip: &Strip, top: usize) {
        match &*strip.ink {
            Ink::Blank => {}
            Ink::Text { cells, .. } => {
                let tallest = cells.iter().map(|cell| cell.scale_y).max().unwrap_or(1) * CELL;
                for cell in cells {
                    self.cell(cell, tallest, strip, top);
                }
            }
            Ink::Row { left, bytes, scale_x } => {
                for y in 0..strip.rows() {
                    for x in 0..bytes.len() * 8 * scale_x {
                        let dot = x / scale_x;
                        if bytes.get(dot / 8).is_some_and(|byte| byte & (0x80 >> (dot % 8)) != 0) {
                            self.canvas.set(left + x, top + y, true);
                        }
                    }
                }
            }
            Ink::Code { left, side, module, dark, .. } => {
                for y in strip.from..strip.to {
                    for x in 0..side * module {
                        let index = (y / module) * side + x / module;
                        if dark.get(index).copied().unwrap_or_default() {
                            self.canvas.set(left + x, top + y - strip.from, true);
                        }
                    }
                }
            }
        }
    }

    /// Draws the rows `strip.from..strip.to` of one cell, enlarged dot by dot as a printer does; all cells of a line
    /// stand on its bottom.
    fn cell(&mut self, cell: &Cell, tallest: usize, strip: &Strip, top: usize) {
        let height = CELL * cell.scale_y;
        let above = tallest - height;
        let glyph = cell.character.map(|character| {
            self.glyphs
                .entry((character, cell.width))
                .or_insert_with(|| self.font.cell(character, cell.width, CELL))
                .clone()
        });
        for y in strip.from.max(above)..strip.to.min(tallest) {
            let row = (y - above) / cell.scale_y;
            for x in 0..cell.width * cell.scale_x {
                let column = x / cell.scale_x;
                let ink = match &glyph {
                    // Emphasis burns every dot twice, the second time one dot further right.
                    Some(glyph) => glyph.get(column, row) || (cell.bold && column > 0 && glyph.get(column - 1, row)),
                    None => is_box(column, row, cell.width),
                };
                let underlined = cell.underline && row + 1 >= CELL;
                if (ink || underlined) != cell.reverse {
                    self.canvas.set(cell.left + x, top + y - strip.from, true);
                }
            }
        }
    }
}

fn is_box(column: usize, row: usize, width: usize) -> bool {
    let inside = (1..width - 1).contains(&column) && (3..CELL - 2).contains(&row);
    let core = (2..width - 2).contains(&column) && (4..CELL - 3).contains(&row);
    inside && !core
}
