//! A page as a picture, without any display.

use crate::display::{Display, Today};
use crate::ui::Main;
use crate::view::View;
use look::headless::{self, Picture, PictureError};

/// The design size of the kiosk's page in pixels.
pub const PAGE_SIZE_PX: (u32, u32) = (1080, 1920);

/// Draws a view at this size in pixels.
///
/// # Errors
/// [`PictureError`] when the size is out of range or the window cannot be drawn.
pub fn picture(view: &View, today: &Today, width: u32, height: u32) -> Result<Picture, PictureError> {
    headless::picture(width, height, || {
        let ui = Main::new()?;
        Display::new(&ui).show(&ui, view, today);
        Ok(ui)
    })
}
