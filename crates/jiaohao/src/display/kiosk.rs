//! Where things are on the kiosk's pages in the sample hall, in pixels of the design.

use super::{Area, SeenWindow};

/// The size of a page.
pub const PAGE: (u32, u32) = (1080, 1920);
/// The title of the window.
pub const TITLE: &str = "叫号取号机";

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The upper left corner.
    pub corner: (u32, u32),
    /// Width and height.
    pub size: (u32, u32),
}

impl Part {
    const fn new(corner: (u32, u32), size: (u32, u32)) -> Self {
        Self { corner, size }
    }

    /// The place in its middle.
    #[must_use]
    pub fn middle(self) -> (u32, u32) {
        (self.corner.0 + self.size.0 / 2, self.corner.1 + self.size.1 / 2)
    }

    /// Where it is on the screen.
    #[must_use]
    pub fn on(self, window: &SeenWindow) -> Area {
        window.area(self.corner, self.size, PAGE)
    }
}

/// The card of the group 办理 on the first page. Its middle is the gap between two cards of the group's page.
pub const GROUP: Part = Part::new((48, 900), (984, 190));
/// The card of 缴费 on the group's page.
pub const PAYMENT: Part = Part::new((552, 900), (480, 190));
/// The button that takes the number.
pub const CONFIRM: Part = Part::new((48, 1560), (984, 160));
/// Where the ticket's page shows the number; no other page shows the same there.
pub const NUMBER: Part = Part::new((96, 420), (888, 240));
/// The button that leaves the ticket's page.
pub const DONE: Part = Part::new((48, 1560), (984, 160));
/// Everything between header and fixed bar.
pub const CONTENT: Part = Part::new((0, 130), (1080, 1630));
/// A place where nothing can be touched.
pub const BESIDE: (u32, u32) = (20, 60);
