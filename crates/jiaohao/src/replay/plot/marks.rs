//! Colours and shapes: a tier is told by both.

use plotters::element::{DynElement, IntoDynElement};
use plotters::prelude::*;

pub(super) const INK: RGBColor = RGBColor(0x0B, 0x1B, 0x2B);
pub(super) const MUTED: RGBColor = RGBColor(0x33, 0x42, 0x52);
pub(super) const PRIMARY: RGBColor = RGBColor(0x0A, 0x4A, 0x8F);
pub(super) const ERROR: RGBColor = RGBColor(0x9B, 0x1C, 0x1C);

/// A tier's shape.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    /// Gold, the highest tier.
    Star,
    /// Grey-blue, the second.
    Disc,
    /// Pink.
    Diamond,
    /// Green, any between.
    Triangle,
    /// Nearly white, the lowest.
    Square,
}

impl Mark {
    /// Of a tier in order of precedence among so many.
    pub(super) fn of(tier: usize, tiers: usize) -> Self {
        match tier {
            _ if tier + 1 == tiers => Self::Square,
            0 => Self::Star,
            1 => Self::Disc,
            2 => Self::Diamond,
            _ => Self::Triangle,
        }
    }

    fn fill(self) -> RGBColor {
        match self {
            Self::Star => RGBColor(0xF2, 0xD5, 0x18),
            Self::Disc => RGBColor(0x8F, 0xAA, 0xB2),
            Self::Diamond => RGBColor(0xEC, 0x80, 0xFF),
            Self::Triangle => RGBColor(0x8C, 0xFF, 0xBA),
            Self::Square => RGBColor(0xF7, 0xFB, 0xFF),
        }
    }

    /// Its corners around the middle, in pixels.
    fn corners(self) -> Vec<(i32, i32)> {
        match self {
            Self::Star => ring(10, |corner| if corner % 2 == 0 { 15.0 } else { 6.5 }),
            Self::Disc => ring(16, |_| 9.0),
            Self::Diamond => ring(4, |_| 12.0),
            Self::Triangle => ring(3, |_| 12.0),
            Self::Square => vec![(-7, -7), (7, -7), (7, 7), (-7, 7)],
        }
    }
}

/// A tier's shape at a place, with an outline of ink.
pub(super) fn marker<'a>(at: (i32, i32), mark: Mark) -> DynElement<'a, SVGBackend<'a>, (i32, i32)> {
    let corners = mark.corners();
    let mut outline = corners.clone();
    outline.extend(corners.first());
    let shape = EmptyElement::at(at)
        + Polygon::new(corners, mark.fill().filled())
        + PathElement::new(outline, INK.stroke_width(2));
    shape.into_dyn()
}

/// A miss.
pub(super) fn cross<'a>(at: (i32, i32)) -> DynElement<'a, SVGBackend<'a>, (i32, i32)> {
    let arm = |from: (i32, i32), to| PathElement::new(vec![from, to], ERROR.stroke_width(4));
    (EmptyElement::at(at) + arm((-10, -10), (10, 10)) + arm((-10, 10), (10, -10))).into_dyn()
}

/// Corners of a ring from the top on.
fn ring(corners: u32, radius: impl Fn(u32) -> f64) -> Vec<(i32, i32)> {
    let at = |corner: u32| {
        let turn = std::f64::consts::TAU * f64::from(corner) / f64::from(corners);
        let r = radius(corner);
        ((r * turn.sin()).round() as i32, (-r * turn.cos()).round() as i32)
    };
    (0..corners).map(at).collect()
}
