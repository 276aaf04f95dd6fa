//! Puts a [`View`] on the page, and draws the page without a display.

use look::headless::{self, PictureError};
use look::{Language, UnbundledLanguage, fill};
use slint::{ComponentHandle, PlatformError, SharedString};

use crate::board::{BusinessView, CallView, Emphasis, View};
use crate::ui::{Band, BoardAdapter, BusinessLine, CallLine, ScreenWindow};

/// Creates the window in a language, showing nothing yet.
///
/// # Errors
/// [`PlatformError`] when there is no Slint platform or the language is not bundled.
pub fn open(language: Language) -> Result<ScreenWindow, PlatformError> {
    let window = ScreenWindow::new()?;
    language.select().map_err(|error: UnbundledLanguage| PlatformError::Other(error.to_string()))?;
    Ok(window)
}

/// Shows a view. What did not change is not drawn again.
pub fn show(window: &ScreenWindow, view: &View) {
    let page = window.global::<BoardAdapter>();
    page.set_hall(view.hall.as_str().into());
    page.set_date(view.date.as_str().into());
    page.set_time(view.time.as_str().into());
    page.set_away(view.away);
    page.set_closed(view.closed);
    page.set_band(view.newest.as_ref().map_or(Band::Empty, |(_, emphasis)| band(*emphasis)));
    page.set_newest(view.newest.as_ref().map(|(call, _)| call_line(call)).unwrap_or_default());
    fill(&page.get_earlier(), view.earlier.iter().map(call_line), |rows| page.set_earlier(rows));
    fill(&page.get_businesses(), view.businesses.iter().map(business_line), |rows| page.set_businesses(rows));
    page.set_page(i32::try_from(view.page).unwrap_or(i32::MAX));
    page.set_pages(i32::try_from(view.pages).unwrap_or(i32::MAX));
}

/// Draws a view at a size in pixels.
///
/// # Errors
/// [`PictureError`] when the size is out of range or the page cannot be created.
pub fn render(view: &View, language: Language, (width, height): (u32, u32)) -> Result<headless::Picture, PictureError> {
    headless::picture(width, height, || {
        let window = open(language)?;
        show(&window, view);
        Ok(window)
    })
}

fn band(emphasis: Emphasis) -> Band {
    match emphasis {
        Emphasis::Marked => Band::Marked,
        Emphasis::Inverted => Band::Inverted,
        Emphasis::Calm => Band::Calm,
    }
}

fn call_line(call: &CallView) -> CallLine {
    CallLine {
        number: call.number.as_str().into(),
        counter: SharedString::from(call.counter.to_string()),
        again: call.again,
        marked: call.marked,
    }
}

fn business_line(business: &BusinessView) -> BusinessLine {
    BusinessLine {
        name: business.name.as_str().into(),
        waiting: i32::try_from(business.waiting).unwrap_or(i32::MAX),
        wait: business.wait.map_or_else(SharedString::new, |(low, high)| format!("{low}–{high}").into()),
    }
}
