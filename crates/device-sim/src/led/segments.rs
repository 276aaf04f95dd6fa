//! Seven-segment digits, lit and dark.

use crate::canvas::{Canvas, lit_png};

/// A digit's box in pixels, and the gap around it.
const WIDTH: usize = 40;
const HEIGHT: usize = 72;
const GAP: usize = 14;
/// Thickness of a segment in pixels.
const THICK: usize = 8;

/// Segments a to g of the digits 0 to 9, a in the lowest bit: top, right above, right below, bottom, left below,
/// left above, middle.
const LIT: [u8; 10] = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];

/// A picture of `text`, one digit place a character; a character that is no digit leaves its place dark.
pub(crate) fn png(text: &str) -> Vec<u8> {
    let places = text.chars().count();
    let size = (GAP + places * (WIDTH + GAP), HEIGHT + 2 * GAP);
    let (mut all, mut lit) = (Canvas::new(size.0, size.1), Canvas::new(size.0, size.1));
    for (place, character) in text.chars().enumerate() {
        let digit = character.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        let segments = digit.and_then(|digit| LIT.get(digit)).copied().unwrap_or_default();
        for segment in 0..7 {
            bar(&mut all, place, segment);
            if segments & (1 << segment) != 0 {
                bar(&mut lit, place, segment);
            }
        }
    }
    lit_png(&all, &lit)
}

/// One segment, pointed at both ends.
fn bar(canvas: &mut Canvas, place: usize, segment: usize) {
    let left = GAP + place * (WIDTH + GAP);
    let (right, half) = (left + WIDTH - THICK, (HEIGHT - THICK) / 2);
    let (x, y, upright) = match segment {
        0 => (left, GAP, false),
        1 => (right, GAP, true),
        2 => (right, GAP + half, true),
        3 => (left, GAP + 2 * half, false),
        4 => (left, GAP + half, true),
        5 => (left, GAP, true),
        _ => (left, GAP + half, false),
    };
    let length = if upright { half + THICK } else { WIDTH };
    for along in 0..length {
        for across in 0..THICK {
            // The points leave a thin gap between neighbouring segments.
            let edge = along.min(length - 1 - along);
            let tip = (2 * across + 1).abs_diff(THICK) / 2 + THICK / 2;
            if edge > tip {
                let (dx, dy) = if upright { (across, along) } else { (along, across) };
                canvas.set(x + dx, y + dy, true);
            }
        }
    }
}
