//! A panel that hangs on its side: its page is looked at and touched where the glass is, not where the page has it.

use look::headless::Picture;

use super::*;

/// A look compares one pixel in so many, across and down.
const STEP: usize = 3;

/// A panel with a kiosk's window that covers it all.
pub struct Panel<'h> {
    pub hall: &'h Hall,
    /// Width and height of the glass, in pixels.
    pub glass: (u32, u32),
    /// How far its picture is turned clockwise: by 0, 90, 180 or 270.
    pub degrees: u16,
}

impl Panel<'_> {
    /// Width and height of the window.
    fn window(&self) -> (u32, u32) {
        let (width, height) = self.glass;
        if self.degrees.is_multiple_of(180) { (width, height) } else { (height, width) }
    }

    /// Where a place of the window is on the glass.
    fn on_glass(&self, (x, y): (u32, u32)) -> (u32, u32) {
        let (right, bottom) = (self.glass.0 - 1, self.glass.1 - 1);
        match self.degrees {
            0 => (x, y),
            90 => (right - y, x),
            180 => (right - x, bottom - y),
            270 => (y, bottom - x),
            other => panic!("no panel is turned by {other}°"),
        }
    }

    /// Where the page begins: it stands in the middle of its window.
    fn left(&self) -> u32 {
        (self.window().0 - PAGE.0) / 2
    }

    /// The share of the page that is seen.
    fn alike(&self, page: &Picture) -> f64 {
        let (width, height) = self.glass;
        let whole = Area { x: 0, y: 0, width: width as u16, height: height as u16 };
        let seen = self.hall.visitor.sees(whole).expect("a screen");
        let (mut same, mut all) = (0_u32, 0_u32);
        let (top, end) = (CONTENT.corner.1, CONTENT.corner.1 + CONTENT.size.1);
        for y in (top..end).step_by(STEP) {
            for x in (self.left()..self.left() + PAGE.0).step_by(STEP) {
                let (column, row) = self.on_glass((x, y));
                let at = (row * width + column) as usize * 4;
                let shown = seen.get(at..at + 3).map(|pixel| [pixel[2], pixel[1], pixel[0]]);
                all += 1;
                same += u32::from(shown == page.pixel(x, y));
            }
        }
        f64::from(same) / f64::from(all)
    }

    /// Waits until it shows the page of a kiosk that starts now.
    pub async fn shows_its_page(&self) {
        let (width, height) = self.window();
        let page = self.hall.fresh_page(width, height).await;
        eventually(format!("the page is seen, turned by {}°", self.degrees), async || {
            let share = self.alike(&page);
            if share >= ALIKE { Ok(()) } else { Err(format!("{:.1} % of it", share * 100.0)) }
        })
        .await;
    }

    /// Touches what leads to a number; which service it is for.
    pub async fn gives_a_number(&self) -> String {
        let before = self.hall.waiting().await.expect("the hall").len();
        for part in [GROUP, PAYMENT, CONFIRM] {
            // A page that has stood so long is meant by a touch.
            tokio::time::sleep(STILL).await;
            let (x, y) = part.middle();
            let (x, y) = self.on_glass((x + self.left(), y));
            self.hall.visitor.tap((x as i16, y as i16)).expect("a touch");
        }
        let service = self.hall.gives(before + 1).await.pop().expect("a number").service;
        eventually("the number has come to the page", async || {
            let pending = self.hall.kiosk_data().join("kiosk-kiosk-1-pending.json");
            if pending.exists() { Err("it is still asked for".to_owned()) } else { Ok(()) }
        })
        .await;
        service
    }
}
