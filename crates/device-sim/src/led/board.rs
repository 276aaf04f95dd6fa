//! A board of lamps and the letters on it.

use crate::canvas::Canvas;
use crate::font::Font;

/// Height of a letter in lamps where a protocol names none; Chinese letters are as wide, Latin ones half as wide.
pub(crate) const LETTER: usize = 16;

pub(crate) struct Board(Canvas);

/// Where letters go, in lamps.
pub(crate) struct Lettering {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Height of a letter.
    pub(crate) letter: usize,
    pub(crate) across: Place,
    pub(crate) down: Place,
}

/// Where lines stand between two edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Start,
    Middle,
    End,
}

impl Lettering {
    /// Letters of the usual height, from the top left corner on.
    pub(crate) fn plain(left: usize, top: usize, width: usize, height: usize) -> Self {
        Self { left, top, width, height, letter: LETTER, across: Place::Start, down: Place::Start }
    }
}

impl Board {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self(Canvas::new(width, height))
    }

    /// Writes `text` line by line, wrapping at the right edge and ending at the bottom one.
    pub(crate) fn write(&mut self, font: &Font, text: &str, place: &Lettering) {
        let letter = place.letter.max(1);
        let mut lines = lines(text, letter, place.width);
        lines.truncate(place.height / letter);
        let mut y = place.top + place.down.offset(place.height, lines.len() * letter);
        for line in lines {
            let width = line.iter().map(|character| width_of(*character, letter)).sum();
            let mut x = place.left + place.across.offset(place.width, width);
            for character in line {
                let width = width_of(character, letter);
                self.glyph(&font.cell(character, width, letter), x, y);
                x += width;
            }
            y += letter;
        }
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        self.0.board_png()
    }

    fn glyph(&mut self, glyph: &Canvas, left: usize, top: usize) {
        for row in 0..glyph.height {
            for column in (0..glyph.width).filter(|column| glyph.get(*column, row)) {
                self.0.set(left + column, top + row, true);
            }
        }
    }
}

impl Place {
    fn offset(self, room: usize, size: usize) -> usize {
        let free = room.saturating_sub(size);
        match self {
            Self::Start => 0,
            Self::Middle => free / 2,
            Self::End => free,
        }
    }
}

/// The lines of a text on a board `room` lamps wide; a letter wider than the board has a line of its own.
fn lines(text: &str, letter: usize, room: usize) -> Vec<Vec<char>> {
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for character in text.chars() {
        let width = width_of(character, letter);
        if character == '\n' || (used > 0 && used + width > room) {
            lines.push(Vec::new());
            used = 0;
        }
        if character != '\n'
            && let Some(line) = lines.last_mut()
        {
            line.push(character);
            used += width;
        }
    }
    lines
}

fn width_of(character: char, letter: usize) -> usize {
    if character.is_ascii() { letter.div_ceil(2) } else { letter }
}
