//! A ruler for pages: sizes, gaps, reach, contrast and heights of text, taken from the scene and its picture.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use kiosk::{Main, reach};
use look::headless::Picture;
use std::sync::OnceLock;

/// The smallest side of a control: 20 mm.
const CONTROL_PX: f32 = 80.0;
/// The smallest gap between two controls, 4 mm, less what rounding takes.
const GAP_PX: f32 = 15.9;
/// The lowest that a line of text may be from the top of its tallest character to the bottom: 4.8 mm (ADA 2010, 707.7).
const INK_PX: u32 = 19;
/// Everything that is read, against its ground.
const CONTRAST: f64 = 7.0;

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
        let height = self.bottom - self.top;
        // The number of a ticket is one line, however high.
        let slack = if height > 250.0 { height * 0.2 } else { (height * 0.25).min(16.0) };
        Self { top: self.top + slack, bottom: self.bottom - slack, ..*self }
    }
}

/// Everything on the page that breaks a rule, on a panel whose lower edge is so many mm above the floor.
pub fn violations(ui: &Main, picture: &Picture, panel_bottom_mm: u32, covered: bool) -> Vec<String> {
    let mut found = cut_off(ui);
    let controls = controls(ui);
    if controls.len() < 4 {
        found.push(format!("only {} controls", controls.len()));
    }
    let highest = reach::highest_allowed_px(panel_bottom_mm);
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

/// Lines that shrink to their width and are still too long: each marks itself.
fn cut_off(ui: &Main) -> Vec<String> {
    let marks = ElementQuery::from_root(ui).match_id("FitText::cut-off").find_all();
    let told = |mark: &ElementHandle| format!("{:?} is cut off", mark.accessible_label().unwrap_or_default());
    marks.iter().map(told).collect()
}

/// Every text that is drawn, and where it stands.
fn texts(ui: &Main) -> Vec<(String, Rect)> {
    let drawn = ElementQuery::from_root(ui).match_inherits("Text").find_all();
    let measures = ["FitText::measure", "ServiceCard::hint-width"];
    drawn
        .iter()
        .filter(|text| text.id().is_none_or(|id| !measures.contains(&id.as_str())))
        // One without words draws nothing: its line stands folded in another.
        .filter(|text| text.accessible_label().is_some_and(|label| !label.is_empty()))
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
    let (left, right) = (rect.left.max(0.0) as u32, (rect.right.max(0.0) as u32).min(picture.width()));
    // The slack above and below a line may hold a neighbour's edge.
    let slack = (rect.bottom - rect.top) * 0.12;
    let rows = (rect.top + slack).max(0.0) as u32..(rect.bottom - slack).max(0.0) as u32;
    let linear = linear();
    let of_row = |y: u32| picture.extremes_of_row(y, left, right, linear);
    let by_row: Vec<(f32, f32)> = rows.filter(|y| *y < picture.height()).map(of_row).collect();
    let darkest = by_row.iter().fold(1.0_f32, |low, row| low.min(row.0));
    let lightest = by_row.iter().fold(0.0_f32, |high, row| high.max(row.1));
    if lightest - darkest < 0.02 {
        return None;
    }
    // Between two lines of text, above and below it the ground is alone.
    let (dark, light) = *by_row.first()?;
    let half = f32::midpoint(darkest, lightest);
    let ink_is_dark = f32::midpoint(dark, light) > half;
    let inked = |row: &(f32, f32)| if ink_is_dark { row.0 < half } else { row.1 > half };
    let first = by_row.iter().position(inked)?;
    let last = by_row.iter().rposition(inked)?;
    let contrast = f64::from((lightest + 0.05) / (darkest + 0.05));
    Some(Ink { height: u32::try_from(last - first + 1).unwrap_or(u32::MAX), contrast })
}

/// The parts of a colour in linear light (WCAG 2.2, relative luminance).
fn linear() -> &'static [f32; 256] {
    static LINEAR: OnceLock<[f32; 256]> = OnceLock::new();
    LINEAR.get_or_init(|| {
        std::array::from_fn(|part| {
            let part = part as f32 / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    })
}
