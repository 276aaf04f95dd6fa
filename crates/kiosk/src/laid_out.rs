//! A page in memory as a finger finds it: its picture, and where on it what can be touched.

use crate::desk::Touch;
use crate::display::{Display, Today};
use crate::touches::connect_touches;
use crate::ui::Main;
use crate::view::View;
use look::access::{Role, things};
use look::headless::{Picture, PictureError, scene};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};
use std::cell::RefCell;
use std::rc::Rc;

/// The middle of the hidden corner as seen from the page's upper right corner, in parts of its width: no label tells of it.
const CORNER: (f32, f32) = (1.0 / 9.0, 1.0 / 18.0);

/// A page with what can be touched on it.
#[derive(Debug, Clone)]
pub struct LaidOut {
    /// How it looks.
    pub picture: Picture,
    /// What a finger does, and the pixel where it does that.
    pub touches: Vec<(Touch, (u32, u32))>,
}

impl LaidOut {
    /// Where a finger does this; `None` when the page has no such control, or not enabled.
    #[must_use]
    pub fn place_of(&self, touch: &Touch) -> Option<(u32, u32)> {
        self.touches.iter().find(|(there, _)| there == touch).map(|(_, place)| *place)
    }

    /// The share of the pixels of a part that are the same in `seen`, which is this part of a screen as X servers hand it out:
    /// row by row, blue, green, red and an unused byte a pixel.
    #[must_use]
    pub fn alike(&self, (left, top): (u32, u32), (width, height): (u32, u32), seen: &[u8]) -> f64 {
        let across = self.picture.width() as usize * 3;
        let (from, until) = (left as usize * 3, (left + width) as usize * 3);
        let rows = self.picture.rgb().chunks_exact(across).skip(top as usize).take(height as usize);
        let same = rows.zip(seen.chunks_exact(width as usize * 4)).map(|(wanted, seen)| {
            let wanted = wanted.get(from..until).unwrap_or_default().as_chunks().0;
            let pixels = wanted.iter().zip(seen.as_chunks().0);
            pixels.filter(|([red, green, blue], [b, g, r, _])| red == r && green == g && blue == b).count()
        });
        same.sum::<usize>() as f64 / (f64::from(width) * f64::from(height))
    }
}

/// Lays a view out at this size in pixels and touches every labelled control of it, and the hidden corner, in the middle: what
/// cannot be touched there is not found.
///
/// # Errors
/// [`PictureError`] when the size is out of range or the window cannot be drawn.
pub fn laid_out(view: &View, today: &Today, width: u32, height: u32) -> Result<LaidOut, PictureError> {
    scene(width, height, |stage| {
        let ui = Main::new()?;
        let heard = Rc::new(RefCell::new(Vec::new()));
        connect_touches(&ui, {
            let heard = Rc::clone(&heard);
            move |touch| heard.borrow_mut().push(touch)
        });
        Display::new(&ui).show(&ui, view, today);
        stage.show(&ui)?;
        let picture = stage.shoot();
        let controls = things(ui.window()).into_iter().filter(|thing| thing.role != Role::Text);
        let mut places: Vec<_> = controls
            .map(|thing| (thing.place.x + thing.place.width / 2.0, thing.place.y + thing.place.height / 2.0))
            .collect();
        let across = width as f32;
        places.push((across - across * CORNER.0, across * CORNER.1));
        let mut touches = Vec::new();
        for (x, y) in places {
            let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
            ui.window().dispatch_event(WindowEvent::PointerPressed { position, button });
            ui.window().dispatch_event(WindowEvent::PointerReleased { position, button });
            let pixel = (x.max(0.0) as u32, y.max(0.0) as u32);
            touches.extend(heard.borrow_mut().drain(..).map(|touch| (touch, pixel)));
        }
        Ok(LaidOut { picture, touches })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, Moment, News};
    use crate::picture::PAGE_SIZE_PX;
    use crate::view::Page;

    const MORNING: Today = Today { month: 11, day: 23, weekday: 1, hour: 9, minute: 30 };

    #[test]
    fn bar_and_corner_are_found_where_a_finger_reaches_them_and_nothing_that_is_not_there() {
        let mut desk = Desk::new(Moment::ZERO, None);
        desk.hear(Moment::ZERO, News::Services(Vec::new()));
        let view = View { page: Page::Help, ..desk.view(Moment::ZERO) };
        let page = laid_out(&view, &MORNING, PAGE_SIZE_PX.0, PAGE_SIZE_PX.1).expect("a page");
        assert_eq!(page.place_of(&Touch::Corner), Some((960, 60)));
        let (_, help) = page.place_of(&Touch::Help).expect("the bar");
        assert!((1772..1908).contains(&help), "{help}");
        assert_eq!(page.place_of(&Touch::Confirm), None);
        assert_eq!(page.place_of(&Touch::Speech), None, "nothing speaks here");

        let mut screen: Vec<u8> =
            page.picture.rgb().chunks(3).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], 0]).collect();
        assert_eq!(page.alike((0, 0), PAGE_SIZE_PX, &screen), 1.0);
        screen.truncate(screen.len() / 2);
        assert_eq!(page.alike((0, 0), PAGE_SIZE_PX, &screen), 0.5);
    }
}
