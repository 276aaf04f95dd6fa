//! A board of lamps and the letters on it.

use crate::canvas::Canvas;
use crate::font::Font;

/// Height of a letter in lamps; Chinese letters are as wide, Latin ones half as wide.
const LETTER: usize = 16;

pub(crate) struct Board(Canvas);

/// Where letters go, in lamps.
pub(crate) struct Lettering {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Board {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self(Canvas::new(width, height))
    }

    /// Writes `text` line by line, wrapping at the right edge and ending at the bottom one.
    pub(crate) fn write(&mut self, font: &Font, text: &str, place: &Lettering) {
        let (right, bottom) = (place.left + place.width, place.top + place.height);
        let (mut x, mut y) = (place.left, place.top);
        for character in text.chars() {
            let width = if character.is_ascii() { LETTER / 2 } else { LETTER };
            if character == '\n' || x + width > right {
                (x, y) = (place.left, y + LETTER);
            }
            if character == '\n' {
                continue;
            }
            if y + LETTER > bottom {
                break;
            }
            let glyph = font.cell(character, width, LETTER);
            for row in 0..LETTER {
                for column in 0..width {
                    if glyph.get(column, row) {
                        self.0.set(x + column, y + row, true);
                    }
                }
            }
            x += width;
        }
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        self.0.board_png()
    }
}
