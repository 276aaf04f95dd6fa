//! The parts of a page, by where they are: every page has its header above and the fixed bar below.

use look::access::Labelled;
use slint::ComponentHandle;

use crate::ui::{Look, Main};

/// Where the header ends, in design pixels.
const HEADER_PX: f32 = 120.0;
/// Where the fixed bar begins, in design pixels.
const BAR_PX: f32 = 1772.0;
/// The page may be drawn that far from its place.
const SLACK_PX: f32 = 12.0;

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The hall and the time.
    Header,
    /// What the page is about.
    Page,
    /// The bar that is the same on every page.
    Bar,
}

impl Section {
    /// Where this thing is.
    #[must_use]
    pub fn of(ui: &Main, thing: &Labelled) -> Self {
        let look = ui.global::<Look>();
        let unit = look.get_u();
        let page_top = (look.get_window_height() - look.get_design_height() * unit) / 2.0;
        let top = (thing.place.y - page_top) / unit;
        let bottom = top + thing.place.height / unit;
        if bottom <= HEADER_PX + SLACK_PX {
            Self::Header
        } else if top >= BAR_PX - SLACK_PX {
            Self::Bar
        } else {
            Self::Page
        }
    }
}
