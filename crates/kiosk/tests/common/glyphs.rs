//! How large the characters of a text are in the picture, by the outlines of the bundled font.

use ab_glyph::{Font, FontRef};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

/// From one line of a text to the next, in font sizes.
const PITCH_EM: f32 = 1.448;
/// The sizes that a text of a page may have, and how far from one to the next they are tried.
const SIZES_PX: std::ops::Range<f32> = 14.0..260.0;
const STEP: f32 = 1.015;
/// Kerning and rounding: a line is by so much narrower than its characters.
const NARROWER: f32 = 1.02;
/// What a row or two of faint pixels make.
const ROUNDING_PX: f32 = 3.0;

/// The size of the font, in pixels, of a text whose ink takes this height in a place of this width and height: the one whose lines are
/// as high, in either weight, and find room there. None when no size explains the height.
pub fn size_px(text: &str, ink_height: f32, (width, height): (f32, f32)) -> Option<f32> {
    let sizes =
        std::iter::successors(Some(SIZES_PX.start), |size| Some(size * STEP)).take_while(|size| *size < SIZES_PX.end);
    let explained =
        sizes.flat_map(|size| [(size, Weight::Regular), (size, Weight::Bold)]).filter_map(|(size, weight)| {
            let lines = weight.lines(text, width * NARROWER / size + 0.1);
            let pitches = (lines.len() - 1) as f32 * PITCH_EM;
            if size * (pitches + PITCH_EM) > height * NARROWER + ROUNDING_PX {
                return None;
            }
            let high = weight.extent_em(lines.first()?)?.1 - weight.extent_em(lines.last()?)?.0 + pitches;
            let off = (ink_height - high * size).abs();
            // Between two sizes that are tried, the height tells.
            (off < ROUNDING_PX + ink_height * (STEP - 1.0)).then_some((off, ink_height / high))
        });
    explained.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, size)| size)
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// The lines on which a text stands in a place this wide, in font sizes: broken behind spaces and between Chinese characters.
    fn lines(self, text: &str, width_em: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for written in text.lines() {
            let mut line = String::new();
            for word in words(written) {
                if !line.is_empty() && self.across_em(&line) + self.across_em(word.trim_end()) > width_em {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(&word);
            }
            lines.push(line);
        }
        lines
    }

    /// The lowest and the highest point of a line of these characters above its base line, in font sizes.
    fn extent_em(self, line: &str) -> Option<(f32, f32)> {
        let extents = line.chars().filter_map(|character| self.measures(character).extent_em);
        extents.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
    }

    /// The width of a line, in font sizes.
    fn across_em(self, line: &str) -> f32 {
        line.chars().map(|character| self.measures(character).across_em).sum()
    }

    fn measures(self, character: char) -> Measures {
        thread_local! {
            static KNOWN: RefCell<HashMap<(Weight, char), Measures>> = RefCell::new(HashMap::new());
        }
        KNOWN.with_borrow_mut(|known| *known.entry((self, character)).or_insert_with(|| self.outlined(character)))
    }

    fn outlined(self, character: char) -> Measures {
        let font = &fonts()[self as usize];
        let (em, glyph) = (font.units_per_em().expect("a font with an em"), font.glyph_id(character));
        let bounds = font.outline(glyph).map(|outline| outline.bounds);
        let extent_em = bounds.map(|bounds| (bounds.min.y.min(bounds.max.y) / em, bounds.min.y.max(bounds.max.y) / em));
        Measures { extent_em, across_em: font.h_advance_unscaled(glyph) / em }
    }
}

#[derive(Clone, Copy)]
struct Measures {
    extent_em: Option<(f32, f32)>,
    across_em: f32,
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in line.chars() {
        let before = words.last().and_then(|word| word.chars().last());
        if before.is_some_and(|before| before == ' ' || !before.is_ascii() && !character.is_ascii()) {
            words.push(String::new());
        }
        words.last_mut().expect("a word").push(character);
    }
    words
}

fn fonts() -> &'static [FontRef<'static>; 2] {
    static FONTS: OnceLock<[FontRef<'static>; 2]> = OnceLock::new();
    FONTS.get_or_init(|| {
        [look::fonts::REGULAR, look::fonts::BOLD].map(|file| FontRef::try_from_slice(file).expect("the bundled font"))
    })
}
