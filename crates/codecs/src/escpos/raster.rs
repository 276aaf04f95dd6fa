//! Images: what a printer's own font or firmware cannot do, dot by dot.
//!
//! An image costs a hundred times the bytes of the same text, so only lines with a character that the printer lacks become one,
//! and numbers and QR codes where the profile says so.

use qrcode::{Color, EcLevel, QrCode};

/// Black dots on white paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    row_bytes: usize,
    height: usize,
    dots: Vec<u8>,
}

/// Modes of `GS v 0`.
const PLAIN: u8 = 0;
const DOUBLED: u8 = 3;

/// The font that images are drawn from.
pub trait Glyphs {
    /// `c` in a cell of so many dots, or nothing when the font lacks it.
    fn glyph(&self, c: char, width: usize, height: usize) -> Option<Bitmap>;
}

/// No font: what the printer lacks is replaced by a sign ([`crate::REPLACEMENT`]).
#[derive(Clone, Copy, Debug, Default)]
pub struct NoGlyphs;

impl Glyphs for NoGlyphs {
    fn glyph(&self, _: char, _: usize, _: usize) -> Option<Bitmap> {
        None
    }
}

impl Bitmap {
    /// White paper of so many dots; the width is rounded up to whole bytes.
    pub fn new(width: usize, height: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { row_bytes, height, dots: vec![0; row_bytes * height] }
    }

    /// Makes a dot black; one outside the image is no dot.
    pub fn set(&mut self, x: usize, y: usize) {
        if x < self.row_bytes * 8
            && let Some(byte) = self.dots.get_mut(y * self.row_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Whether a dot is black.
    pub fn is_set(&self, x: usize, y: usize) -> bool {
        let byte = self.dots.get(y * self.row_bytes + x / 8).copied().unwrap_or(0);
        x < self.row_bytes * 8 && byte & (0x80 >> (x % 8)) != 0
    }

    /// Draws another image into this one.
    fn put(&mut self, other: &Self, left: usize) {
        for y in 0..other.height {
            for x in (0..other.row_bytes * 8).filter(|x| other.is_set(*x, y)) {
                self.set(left + x, y);
            }
        }
    }

    /// `GS v 0`: the image at the current alignment (Epson ESC/POS command reference).
    pub(super) fn command(&self) -> Vec<u8> {
        self.command_in(PLAIN)
    }

    /// The same, twice as wide and high: a quarter of the bytes for what is made of squares.
    pub(super) fn doubled(&self) -> Vec<u8> {
        self.command_in(DOUBLED)
    }

    fn command_in(&self, mode: u8) -> Vec<u8> {
        let [x_low, x_high] = (self.row_bytes as u16).to_le_bytes();
        let [y_low, y_high] = (self.height as u16).to_le_bytes();
        let mut bytes = vec![0x1D, 0x76, 0x30, mode, x_low, x_high, y_low, y_high];
        let begin = bytes.len();
        bytes.extend_from_slice(&self.dots);
        without_real_time(&mut bytes[begin..]);
        bytes
    }
}

/// Several printers (ZJ-58, TH82) carry out `DLE EOT`, `DLE ENQ` and `DLE DC4` in the middle of an image. 10 is one lone dot:
/// its neighbour turns black too, which no eye sees.
pub fn without_real_time(dots: &mut [u8]) {
    for at in 1..dots.len() {
        if dots[at - 1] == 0x10 && matches!(dots[at], 0x04 | 0x05 | 0x14) {
            dots[at - 1] = 0x30;
        }
    }
}

/// A line of text in cells of `width` and, for ASCII, half that; nothing when the font lacks one of the characters.
pub(super) fn line(text: &str, width: usize, height: usize, glyphs: &dyn Glyphs) -> Option<Bitmap> {
    let cell = |c: char| if c.is_ascii() { width / 2 } else { width };
    let mut image = Bitmap::new(text.chars().map(cell).sum(), height);
    let mut left = 0;
    for c in text.chars() {
        if c != ' ' {
            image.put(&glyphs.glyph(c, cell(c), height)?, left);
        }
        left += cell(c);
    }
    Some(image)
}

/// A QR code of level M with modules of so many dots, without a quiet zone; nothing when the text is too long for any.
pub(super) fn qr(text: &str, module: usize) -> Option<Bitmap> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut image = Bitmap::new(side * module, side * module);
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (left, top) = (at % side * module, at / side * module);
            (0..module * module).for_each(|dot| image.set(left + dot % module, top + dot / module));
        }
    }
    Some(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_is_a_bit_from_the_left() {
        let mut image = Bitmap::new(10, 2);
        [(0, 0), (9, 0), (7, 1), (16, 0), (0, 2)].into_iter().for_each(|(x, y)| image.set(x, y));
        assert_eq!(image.command(), [0x1D, 0x76, 0x30, 0, 2, 0, 2, 0, 0x80, 0x40, 0x01, 0x00]);
        assert_eq!(image.doubled()[..4], [0x1D, 0x76, 0x30, 3]);
        assert!(image.is_set(9, 0) && !image.is_set(8, 0) && !image.is_set(16, 0) && !image.is_set(0, 2));
    }

    #[test]
    fn no_real_time_command_is_left_in_an_image() {
        let mut dots = vec![0x10, 0x04, 0x01, 0x10, 0x10, 0x14, 0x10, 0x05, 0x10];
        without_real_time(&mut dots);
        assert_eq!(dots, [0x30, 0x04, 0x01, 0x10, 0x30, 0x14, 0x30, 0x05, 0x10]);
    }
}
