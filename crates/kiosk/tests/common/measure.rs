//! A ruler for pages: sizes, gaps, reach, contrast and heights of text, taken from the scene and its picture.

use crate::glyphs;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use kiosk::view::View;
use kiosk::{Main, reach};
use look::headless::Picture;
use std::sync::OnceLock;

/// The smallest side of a control: 20 mm.
const CONTROL_PX: f32 = 80.0;
/// The smallest gap between two controls, 4 mm, less what rounding takes.
const GAP_PX: f32 = 15.9;
/// Body text and everything larger (EN 301 549, 5.1.4: 0.7° at 600 mm), as usual and as large text.
const BODY_PX: f32 = 41.0;
const LARGE_BODY_PX: f32 = 48.0;
/// What tells where one is rather than what to do: the header, the words under the icons of the bar, a mark on a card, a tier's chip
/// (ADA 2010, 707.7).
const LABEL_PX: f32 = 28.0;
/// The words of a control on a panel that hangs higher than usual, where all of them share less room.
const LOW_CONTROL_PX: f32 = 36.0;
/// What a row or two of faint pixels make of a font's size.
const FAINT: f32 = 1.05;
/// Body text against its ground, and everything else: labels, and what is visibly larger than body.
const BODY_CONTRAST: f64 = 10.0;
const CONTRAST: f64 = 7.0;
const LARGER: f32 = 1.08;
/// Pure black and white, less what rounding takes.
const HIGH_CONTRAST: f64 = 20.9;
/// Rows within the upper and the lower edge of a control or panel, beside the line of the edge, that hold nothing.
const EDGE_PX: std::ops::Range<u32> = 5..8;
/// Where the round corners of a control end.
const CORNER_PX: f32 = 26.0;
/// The lowest edge of a panel that hangs as usual, in mm above the floor.
const USUAL_PANEL_MM: u32 = 967;

#[derive(Clone)]
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

/// A text that is drawn.
struct Drawn {
    label: String,
    place: Rect,
    /// The element's name within its component.
    id: String,
}

impl Drawn {
    fn name(&self) -> String {
        format!("{:?} at {:.0}, {:.0}", self.label, self.place.left, self.place.top)
    }

    fn is_label(&self) -> bool {
        let middle = self.place.middle();
        middle.bottom <= 120.0
            || middle.top >= 1772.0
            || ["ServiceCard::mark", "TierChip::name"].contains(&self.id.as_str())
    }
}

/// Everything that breaks a rule on the page of this view, on a panel whose lower edge is so many mm above the floor.
pub fn violations(ui: &Main, picture: &Picture, view: &View, panel_bottom_mm: u32) -> Vec<String> {
    let mut found = cut_off(ui);
    let (controls, texts) = if view.still_there_s.is_some() {
        // What the question covers is not on the page.
        let question = ElementQuery::from_root(ui)
            .match_predicate(|element| element.accessible_id().as_deref() == Some("modal"))
            .find_first()
            .expect("the question");
        (controls(question.query_descendants()), texts(question.query_descendants()))
    } else {
        let controls = controls(ElementQuery::from_root(ui));
        if controls.len() < 4 {
            found.push(format!("only {} controls", controls.len()));
        }
        (controls, texts(ElementQuery::from_root(ui)))
    };
    found.extend(controls_that_break_a_rule(&controls, panel_bottom_mm));
    let panels = ElementQuery::from_root(ui).match_inherits("Panel").find_all();
    let panels = panels.iter().map(|panel| ("a panel".to_owned(), Rect::of(panel)));
    // Behind the question are controls of another page.
    let sheets = controls.iter().cloned().chain(panels.filter(|_| view.still_there_s.is_none()));
    found.extend(sheets.filter(|(_, sheet)| !has_clear_edges(picture, sheet)).map(|(label, sheet)| {
        format!("something touches the edge of {label:?} at {:.0}, {:.0}", sheet.left, sheet.top)
    }));
    for (at, text) in texts.iter().enumerate() {
        let (name, middle) = (text.name(), text.place.middle());
        let on_control = controls.iter().any(|(_, control)| control.holds(&middle));
        if middle.bottom > 1920.0 || middle.left < -1.0 || middle.right > 1081.0 {
            found.push(format!("{name}: leaves the page"));
        }
        for other in &texts[at + 1..] {
            if middle.overlaps(&other.place.middle()) {
                found.push(format!("{name} lies over {}", other.name()));
            }
        }
        for (label, control) in &controls {
            if middle.overlaps(control) && !control.holds(&middle) {
                found.push(format!("{name} reaches over the edge of {label:?}"));
            }
        }
        let Some(ink) = ink(picture, &text.place) else {
            found.push(format!("{name} is not to be seen"));
            continue;
        };
        let body = if view.large_text { LARGE_BODY_PX } else { BODY_PX };
        let shares_room = on_control && panel_bottom_mm > USUAL_PANEL_MM;
        let least = match text.is_label() {
            true => LABEL_PX,
            false if shares_room => LOW_CONTROL_PX,
            false => body,
        };
        let Some(size) = ink.size_of(&text.label, &text.place) else {
            found.push(format!("{name}: its size could not be told"));
            continue;
        };
        if size * FAINT < least {
            found.push(format!("{name}: {size:.1} px, not {least}"));
        }
        let least = match view.high_contrast {
            true => HIGH_CONTRAST,
            false if text.is_label() || shares_room || size >= body * LARGER => CONTRAST,
            false => BODY_CONTRAST,
        };
        if ink.contrast < least {
            found.push(format!("{name}: contrast {:.1} : 1, not {least}", ink.contrast));
        }
    }
    found
}

/// Whether nothing of what stands in a place comes near its upper or lower edge, between the round corners.
fn has_clear_edges(picture: &Picture, place: &Rect) -> bool {
    let (left, right) = ((place.left + CORNER_PX).max(0.0) as u32, (place.right - CORNER_PX).max(0.0) as u32);
    let rows = EDGE_PX.flat_map(|row| [place.top as u32 + row, (place.bottom as u32).saturating_sub(row + 1)]);
    rows.filter(|row| *row < picture.height()).all(|row| {
        let (dark, light) = picture.extremes_of_row(row, left, right, linear());
        light - dark < 0.02
    })
}

/// The size of the font, in pixels, and the contrast of a text in a place of a picture; none where nothing is drawn or explained.
pub fn measured(picture: &Picture, text: &str, at: (f32, f32), size: (f32, f32)) -> Option<(f32, f64)> {
    let place = Rect { left: at.0, top: at.1, right: at.0 + size.0, bottom: at.1 + size.1 };
    let ink = ink(picture, &place)?;
    Some((ink.size_of(text, &place)?, ink.contrast))
}

fn controls_that_break_a_rule(controls: &[(String, Rect)], panel_bottom_mm: u32) -> Vec<String> {
    let mut found = Vec::new();
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
        for (other, rest) in &controls[at + 1..] {
            if !rect.is_apart(rest) {
                found.push(format!("{label:?} and {other:?} are closer than 4 mm"));
            }
        }
    }
    found
}

fn controls(query: ElementQuery) -> Vec<(String, Rect)> {
    let buttons = query.match_accessible_role(AccessibleRole::Button).find_all();
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
fn texts(query: ElementQuery) -> Vec<Drawn> {
    let measures = [
        "FitText::measure",
        "FitText::fold",
        "FitText::shown",
        "FitText::cut-off",
        "ServiceCard::joined-width",
        "ServiceCard::hint-size",
    ];
    let drawn = query.match_inherits("Text").find_all().into_iter().map(|text| Drawn {
        label: text.accessible_label().unwrap_or_default().to_string(),
        place: Rect::of(&text),
        id: text.id().unwrap_or_default().to_string(),
    });
    // One without words draws nothing.
    drawn.filter(|text| !text.label.trim().is_empty() && !measures.contains(&text.id.as_str())).collect()
}

struct Ink {
    /// From the first row with ink to the last, and then, as a tall place may hold a neighbour's edge too, from and to every gap
    /// between them: the highest first.
    heights: Vec<u32>,
    contrast: f64,
}

impl Ink {
    /// The size of the font that explains the highest of its spans.
    fn size_of(&self, text: &str, place: &Rect) -> Option<f32> {
        let room = (place.right - place.left, place.bottom - place.top);
        self.heights.iter().find_map(|height| glyphs::size_px(text, *height as f32, room))
    }
}

/// The drawn characters within a text's place; none when nothing is drawn there.
fn ink(picture: &Picture, rect: &Rect) -> Option<Ink> {
    // The sides of a place may be those of the control it fills.
    let side = if rect.right - rect.left > 60.0 { 6.0 } else { 0.0 };
    let (left, right) =
        ((rect.left + side).max(0.0) as u32, ((rect.right - side).max(0.0) as u32).min(picture.width()));
    // The slack above and below a line may hold a neighbour's edge; what hangs below a line of Latin letters comes near to its end.
    let height = rect.bottom - rect.top;
    let (above, below) = ((height * 0.12).min(8.0), (height * 0.04).min(3.0));
    let rows = (rect.top + above).max(0.0) as u32..(rect.bottom - below).max(0.0) as u32;
    let linear = linear();
    let of_row = |y: u32| picture.extremes_of_row(y, left, right, linear);
    let by_row: Vec<(f32, f32)> = rows.filter(|y| *y < picture.height()).map(of_row).collect();
    let darkest = by_row.iter().fold(1.0_f32, |low, row| low.min(row.0));
    let lightest = by_row.iter().fold(0.0_f32, |high, row| high.max(row.1));
    if lightest - darkest < 0.02 {
        return None;
    }
    // The ground is in every row, also where a neighbour reaches into the place.
    let near = (lightest - darkest) * 0.1;
    let rows_with_light = by_row.iter().filter(|row| row.1 > lightest - near).count();
    let rows_with_dark = by_row.iter().filter(|row| row.0 < darkest + near).count();
    let ink_is_dark = rows_with_light >= rows_with_dark;
    // The ends of round strokes are drawn faintly.
    let faint = (lightest - darkest) * 0.25;
    let inked = |row: &(f32, f32)| if ink_is_dark { row.0 < lightest - faint } else { row.1 > darkest + faint };
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for row in (0..by_row.len()).filter(|row| inked(&by_row[*row])) {
        match bands.last_mut() {
            Some((_, until)) if row <= *until + 1 => *until = row + 1,
            _ => bands.push((row, row + 1)),
        }
    }
    let pairs = bands.iter().flat_map(|(from, _)| bands.iter().map(move |(_, until)| (from, until)));
    let mut heights: Vec<u32> =
        pairs.filter(|(from, until)| until > from).map(|(from, until)| (until - from) as u32).collect();
    heights.sort_unstable_by(|one, other| other.cmp(one));
    let contrast = f64::from((lightest + 0.05) / (darkest + 0.05));
    Some(Ink { heights, contrast })
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
