//! Glyphs as a device's built-in font has them: dot cells, without grey.

use std::fmt;
use std::sync::Arc;

use ab_glyph::{Font as _, FontVec, PxScale, point};

use crate::canvas::Canvas;

/// Distance of the baseline from the top of a cell, in em, of Chinese fonts (`Noto Sans CJK`: em box −0.12 … 0.88).
const BASELINE_EM: f32 = 0.88;

/// Coverage from which a dot is burnt or lit.
const THRESHOLD: f32 = 0.42;

/// An outline font the simulated devices take their dot glyphs from. Cheap to clone.
#[derive(Clone)]
pub struct Font(Arc<FontVec>);

/// Bytes that are no font.
#[derive(Debug, thiserror::Error)]
#[error("reading the font of a simulated device")]
pub struct FontError(#[source] ab_glyph::InvalidFont);

impl Font {
    /// Reads a TrueType or OpenType font, or the first font of a collection.
    ///
    /// # Errors
    /// When the bytes are no such font.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, FontError> {
        FontVec::try_from_vec_and_index(bytes, 0).map(|font| Self(Arc::new(font))).map_err(FontError)
    }

    /// The dots of `character` in a cell of `width` × `height`; narrow cells squeeze what would stick out.
    pub(crate) fn cell(&self, character: char, width: usize, height: usize) -> Canvas {
        let mut canvas = Canvas::new(width, height);
        let em = height as f32;
        let units = self.0.units_per_em().unwrap_or(1000.0);
        let scale = em * self.0.height_unscaled() / units;
        let glyph = self.0.glyph_id(character);
        let advance = self.0.h_advance_unscaled(glyph) * em / units;
        let cell = width as f32;
        let squeeze = if advance > cell { cell / advance } else { 1.0 };
        let left = (cell - advance * squeeze) / 2.0;
        let baseline = (BASELINE_EM * em).round();
        let glyph = glyph.with_scale_and_position(PxScale { x: scale * squeeze, y: scale }, point(left, baseline));
        if let Some(outline) = self.0.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
            outline.draw(|x, y, coverage| {
                let (x, y) = (left + i64::from(x), top + i64::from(y));
                if coverage >= THRESHOLD
                    && let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
                {
                    canvas.set(x, y, true);
                }
            });
        }
        canvas
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Font").field(&self.0.glyph_count()).finish()
    }
}
