//! A ruler for pages: sizes, gaps, reach, contrast and heights of text, taken from the scene and its picture.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use kiosk::{Main, reach};
use look::headless::Picture;

/// The smallest side of a control: 20 mm.
const CONTROL_PX: f32 = 80.0;
/// The smallest gap between two controls, 4 mm, less what rounding takes.
const GAP_PX: f32 = 15.9;
/// The lowest that a line of text may be from the top of its tallest character to the bottom: 4.8 mm (ADA 2010, 707.7).
const INK_PX: u32 = 19;
/// Everything that is read, against its ground.
const CONTRAST: f64 = 7.0;
/// A panel hung as high as it may be.
const PANEL_BOTTOM_MM: u32 = 967;

struct Rect {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Rect {
    fn of(element: &ElementHandle) -> Self {
        let (at, size) = (element.absolute_position(), element.size());
        Self { left: at.x, top: at.y, right: at.x + size.width, bottom: at.y + size.height }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    fn is_apart(&self, other: &Self) -> bool {
        other.left - self.right >= GAP_PX
            || self.left - other.right >= GAP_PX
            || other.top - self.bottom >= GAP_PX
            || self.top - other.bottom >= GAP_PX
    }

    /// Where the ink of a text certainly is, when anything is: without the slack above and below its lines.
    fn middle(&self) -> Self {
        let slack = ((self.bottom - self.top) * 0.25).min(16.0);
        Self { top: self.top + slack, bottom: self.bottom - slack, ..*self }
    }
}

/// Everything on the page that breaks a rule.
pub fn violations(ui: &Main, picture: &Picture, covered: bool) -> Vec<String> {
    let mut found = Vec::new();
    let controls = controls(ui);
    if controls.len() < 4 {
        found.push(format!("only {} controls", controls.len()));
    }
    let highest = reach::highest_allowed_px(PANEL_BOTTOM_MM);
    for (at, (label, rect)) in controls.iter().enumerate() {
        if f64::from(rect.top) + 1.0 < highest {
            found.push(format!("{label:?} at {} is out of reach", rect.top));
        }
        if rect.right - rect.left < CONTROL_PX || rect.bottom - rect.top < CONTROL_PX {
            found.push(format!("{label:?} is smaller than 20 mm"));
        }
        if rect.left < 0.0 || rect.right > 1080.0 || rect.bottom > 1920.0 {
            found.push(format!("{label:?} leaves the page"));
        }
        if label.trim().is_empty() {
            found.push(format!("a control at {}, {} has no label", rect.left, rect.top));
        }
        // Controls under a question lie below its own.
        for (other, rest) in controls[at + 1..].iter().filter(|_| !covered) {
            if !rect.is_apart(rest) {
                found.push(format!("{label:?} and {other:?} are closer than 4 mm"));
            }
        }
    }
    if covered {
        return found;
    }
    let texts = texts(ui);
    for (at, (name, rect)) in texts.iter().enumerate() {
        let Some(ink) = ink(picture, rect) else { continue };
        if ink.contrast < CONTRAST {
            found.push(format!("{name}: contrast {:.1} : 1", ink.contrast));
        }
        if ink.height < INK_PX {
            found.push(format!("{name}: {} px high", ink.height));
        }
        let middle = rect.middle();
        if middle.bottom > 1920.0 || middle.left < -1.0 || middle.right > 1081.0 {
            found.push(format!("{name}: leaves the page"));
        }
        for (other, rest) in &texts[at + 1..] {
            if middle.overlaps(&rest.middle()) {
                found.push(format!("{name} lies over {other}"));
            }
        }
        for (label, control) in &controls {
            if middle.overlaps(control) && !control.holds(&middle) {
                found.push(format!("{name} reaches over the edge of {label:?}"));
            }
        }
    }
    found
}

fn controls(ui: &Main) -> Vec<(String, Rect)> {
    let buttons = ElementQuery::from_root(ui).match_accessible_role(AccessibleRole::Button).find_all();
    let named = |button: &ElementHandle| (button.accessible_label().unwrap_or_default().to_string(), Rect::of(button));
    buttons.iter().map(named).collect()
}

/// Every text that is drawn, and where it stands.
fn texts(ui: &Main) -> Vec<(String, Rect)> {
    let drawn = ElementQuery::from_root(ui).match_inherits("Text").find_all();
    let measures = ["FitText::measure", "ServiceCard::hint-width"];
    drawn
        .iter()
        .filter(|text| text.id().is_none_or(|id| !measures.contains(&id.as_str())))
        .map(|text| {
            let rect = Rect::of(text);
            let label = text.accessible_label().unwrap_or_default();
            (format!("{label:?} at {:.0}, {:.0}", rect.left, rect.top), rect)
        })
        .collect()
}

struct Ink {
    height: u32,
    contrast: f64,
}

/// The drawn characters within a text's place; none when nothing is drawn there.
fn ink(picture: &Picture, rect: &Rect) -> Option<Ink> {
    let luminances = |y: u32| {
        (rect.left.max(0.0) as u32..rect.right.max(0.0) as u32).filter_map(move |x| picture.pixel(x, y)).map(luminance)
    };
    // The slack above and below a line may hold a neighbour's edge.
    let slack = (rect.bottom - rect.top) * 0.12;
    let rows = (rect.top + slack).max(0.0) as u32..(rect.bottom - slack).max(0.0) as u32;
    let all: Vec<f64> = rows.clone().flat_map(luminances).collect();
    let (darkest, lightest) = all.iter().fold((1.0_f64, 0.0_f64), |(low, high), l| (low.min(*l), high.max(*l)));
    if lightest - darkest < 0.02 {
        return None;
    }
    let half = f64::midpoint(darkest, lightest);
    let dark = all.iter().filter(|l| **l < half).count();
    let ink_is_dark = dark * 2 < all.len();
    let inked = rows.filter(|y| luminances(*y).any(|l| (l < half) == ink_is_dark));
    let (first, last) = inked.fold((u32::MAX, 0), |(first, last), y| (first.min(y), last.max(y)));
    Some(Ink { height: last.saturating_sub(first) + 1, contrast: (lightest + 0.05) / (darkest + 0.05) })
}

/// Relative luminance (WCAG 2.2).
fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
