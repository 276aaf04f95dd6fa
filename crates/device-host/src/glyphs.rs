//! The font that a ticket's images are drawn from.

use std::fmt;
use std::sync::Arc;

use ab_glyph::{Font as _, FontVec, InvalidFont, PxScale, point};
use codecs::escpos::{Bitmap, Glyphs};

/// How far the em of a Chinese font reaches above the baseline.
const EM_ASCENT: f32 = 0.88;
/// Coverage from which a dot is burnt: thin strokes stay whole on 203 dpi paper.
const BURNT: f32 = 0.4;

/// An outline font, or none: then what a printer's font lacks is replaced by a sign. Cheap to clone.
#[derive(Clone, Default)]
pub struct Font(Option<Arc<FontVec>>);

impl Font {
    /// A TrueType or OpenType font.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidFont> {
        Ok(Self(Some(Arc::new(FontVec::try_from_vec(bytes)?))))
    }
}

impl Glyphs for Font {
    fn glyph(&self, c: char, width: usize, height: usize) -> Option<Bitmap> {
        let font = self.0.as_deref()?;
        let id = font.glyph_id(c);
        // Glyph 0 is the box that stands for what a font lacks.
        if id.0 == 0 {
            return None;
        }
        // A Chinese character fills its em, and the em the cell; what would be too wide is narrowed.
        let em = height as f32;
        let units = font.units_per_em().unwrap_or(1000.0);
        let advance = font.h_advance_unscaled(id) / units * em;
        let narrower = (width as f32 / advance.max(1.0)).min(1.0);
        let left = (width as f32 - advance * narrower) / 2.0;
        let baseline = (EM_ASCENT * em).round();
        let tall = font.height_unscaled() / units * em;
        let scale = PxScale { x: tall * narrower, y: tall };
        let mut image = Bitmap::new(width, height);
        if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(left, baseline))) {
            let bounds = outline.px_bounds();
            outline.draw(|x, y, coverage| {
                let (x, y) = (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
                if coverage >= BURNT
                    && let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
                    && x < width
                {
                    image.set(x, y);
                }
            });
        }
        Some(image)
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Font").field(&self.0.as_ref().map(|font| font.glyph_count())).finish()
    }
}
