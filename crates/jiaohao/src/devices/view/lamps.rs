//! A board of lamps: read from the picture of a virtual sign, or made of seven-segment digits.

use std::io::Cursor;

/// Pixels a lamp in the picture that a virtual sign makes of itself.
const PITCH: usize = 6;
/// A lamp whose red is brighter than this is lit: lit ones have 255, dark ones 36.
const BRIGHT: u8 = 0x80;

/// A place on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lamp {
    /// No lamp is there.
    Ground,
    Dark,
    Lit,
}

/// A rectangle of lamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lamps {
    pub(super) width: usize,
    pub(super) height: usize,
    lamps: Vec<Lamp>,
}

/// Segments a to g of the digits 0 to 9, a in the lowest bit: top, right above, right below, bottom, left below, left above, middle.
const SEGMENTS: [u8; 10] = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];
/// Lamps of a digit, and dark ground between two.
const DIGIT: (usize, usize) = (5, 9);
const GAP: usize = 2;

impl Lamps {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, lamps: vec![Lamp::Ground; width * height] }
    }

    /// Reads the picture of a board, RGB of 8 bits; `None` when it is none.
    pub(super) fn of_picture(file: &[u8]) -> Option<Self> {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut pixels).ok()?;
        if frame.color_type != png::ColorType::Rgb || frame.bit_depth != png::BitDepth::Eight {
            return None;
        }
        let size = |pixels: u32| usize::try_from(pixels).map(|pixels| pixels / PITCH).ok();
        let mut board = Self::new(size(frame.width)?, size(frame.height)?);
        for y in 0..board.height {
            for x in 0..board.width {
                let red = pixels.get((y * PITCH + PITCH / 2) * frame.line_size + (x * PITCH + PITCH / 2) * 3)?;
                board.set(x, y, if *red > BRIGHT { Lamp::Lit } else { Lamp::Dark });
            }
        }
        Some(board)
    }

    /// Seven-segment digits, with ground around them; a character that is no digit leaves its place dark.
    pub(super) fn digits(text: &str) -> Self {
        let places = text.chars().count();
        let mut board = Self::new(GAP + places * (DIGIT.0 + GAP), DIGIT.1 + 1);
        for (place, character) in text.chars().enumerate() {
            let digit = character.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
            let lit = digit.and_then(|digit| SEGMENTS.get(digit)).copied().unwrap_or_default();
            let left = GAP + place * (DIGIT.0 + GAP);
            for segment in 0..7 {
                let lamp = if lit & (1 << segment) == 0 { Lamp::Dark } else { Lamp::Lit };
                for along in 1..4 {
                    let (x, y) = match segment {
                        0 => (along, 0),
                        1 => (4, along),
                        2 => (4, 4 + along),
                        3 => (along, 8),
                        4 => (0, 4 + along),
                        5 => (0, along),
                        _ => (along, 4),
                    };
                    board.set(left + x, y, lamp);
                }
            }
        }
        board
    }

    /// The board without power.
    pub(super) fn dark(&self) -> Self {
        let dark = |lamp: &Lamp| match lamp {
            Lamp::Ground => Lamp::Ground,
            Lamp::Dark | Lamp::Lit => Lamp::Dark,
        };
        Self { lamps: self.lamps.iter().map(dark).collect(), ..*self }
    }

    /// The lamp there; outside there is none.
    pub(super) fn at(&self, x: usize, y: usize) -> Lamp {
        if x < self.width { self.lamps.get(y * self.width + x).copied().unwrap_or(Lamp::Ground) } else { Lamp::Ground }
    }

    fn set(&mut self, x: usize, y: usize, lamp: Lamp) {
        if x < self.width
            && let Some(place) = self.lamps.get_mut(y * self.width + x)
        {
            *place = lamp;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(board: &Lamps) -> Vec<String> {
        let row = |y| {
            let lamp = |x| match board.at(x, y) {
                Lamp::Ground => ' ',
                Lamp::Dark => '.',
                Lamp::Lit => '#',
            };
            (0..board.width).map(lamp).collect()
        };
        (0..board.height).map(row).collect()
    }

    #[test]
    fn digits_light_their_segments() {
        let expected = [
            "   ###    ...  ",
            "  .   #  .   # ",
            "  .   #  .   # ",
            "  .   #  .   # ",
            "   ###    ...  ",
            "  #   .  .   # ",
            "  #   .  .   # ",
            "  #   .  .   # ",
            "   ###    ...  ",
            "               ",
        ];
        let seen: Vec<_> = rows(&Lamps::digits("21")).iter().map(|row| format!("{row:<15}")).collect();
        assert_eq!(seen.iter().map(|row| &row[..15]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_board_without_power_keeps_its_lamps_and_lights_none() {
        assert_eq!(Lamps::digits("8").dark(), Lamps::digits(" "));
    }

    #[tokio::test]
    async fn the_picture_of_a_virtual_sign_has_a_lamp_for_each_of_its_dots() {
        let home = tempfile::tempdir().unwrap();
        let font = device_sim::Font::from_bytes(look::fonts::REGULAR.to_vec()).unwrap();
        let line = device_sim::LineOptions::new(home.path(), "sign");
        let sign = device_sim::WindowSign::start(&line, device_sim::WindowOptions::new(1, font)).unwrap();
        let board = Lamps::of_picture(&sign.png()).unwrap();
        assert_eq!((board.width, board.height), (48, 16));
        assert_eq!(board, board.dark());
        // Register 0 gets an 8.
        let mut port = std::fs::OpenOptions::new().write(true).open(sign.path()).unwrap();
        std::io::Write::write_all(&mut port, &[1, 6, 0, 0, 0, 0x38, 0x88, 0x18]).unwrap();
        sign.wait_for_shown(|shown| shown == "8").await;
        let board = Lamps::of_picture(&sign.png()).unwrap();
        let lit = |range: std::ops::Range<usize>| {
            range.flat_map(|x| (0..16).map(move |y| (x, y))).filter(|(x, y)| board.at(*x, *y) == Lamp::Lit).count()
        };
        assert!(lit(0..8) > 15, "an 8 has that many lamps");
        assert_eq!(lit(8..48), 0);
    }

    #[test]
    fn what_is_no_picture_of_a_board_gives_none() {
        assert_eq!(Lamps::of_picture(b"no picture"), None);
    }
}
