//! A customer who touches quickly and looks closely.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::display::kiosk::{BESIDE, CONFIRM, DONE, GROUP, NUMBER, PAGE, PAYMENT, TITLE};
use crate::display::{Area, SeenWindow, Visitor};

/// A page that has not changed for so long is complete.
const STILL: Duration = Duration::from_millis(600);
/// A window that has not changed by then will not.
const PATIENCE: Duration = Duration::from_secs(20);
const RESPONSES: usize = 30;
const NUMBERS: usize = 15;

/// A window, and somebody before it.
pub(super) struct Session {
    visitor: Visitor,
    window: SeenWindow,
    /// When the window first showed something.
    pub(super) first_frame: Instant,
}

/// How long the window took to answer.
pub(super) struct Touched {
    /// From a touch to the first pixel that shows it.
    pub(super) responses: Vec<Duration>,
    /// From the touch that confirms to the whole number on the page.
    pub(super) numbers: Vec<Duration>,
}

impl Session {
    /// Waits for the window of a process to show something.
    pub(super) fn begin(display: &str, pid: u32) -> anyhow::Result<Self> {
        let visitor = Visitor::before(display)?;
        let begun = Instant::now();
        loop {
            let found = visitor.windows(TITLE)?;
            if let Some(window) = found.into_iter().find(|window| window.pid == pid) {
                let page = Area { x: window.x, y: window.y, width: window.width, height: window.height };
                // More than the background's one colour.
                visitor.watches(page, PATIENCE, |seen| seen.chunks(4).any(|pixel| !seen.starts_with(pixel)))?;
                return Ok(Self { visitor, window, first_frame: Instant::now() });
            }
            if begun.elapsed() > PATIENCE {
                bail!("the kiosk's window did not open");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Touches the window through all its pages, again and again.
    pub(super) fn touch(self) -> anyhow::Result<Touched> {
        let mut responses = Vec::new();
        for _ in 0..RESPONSES {
            responses.push(self.response().context("touching a card")?);
        }
        let mut numbers = Vec::new();
        for _ in 0..NUMBERS {
            numbers.push(self.number().context("taking a number")?);
        }
        Ok(Touched { responses, numbers })
    }

    /// Touches a card, sees it answer, and lets go beside it, so that nothing follows.
    fn response(&self) -> anyhow::Result<Duration> {
        let card = GROUP.on(&self.window);
        let before = self.stands_still(card)?;
        let touched = Instant::now();
        self.visitor.press(self.place(GROUP.middle()))?;
        self.visitor.watches(card, PATIENCE, |seen| seen != before)?;
        let took = touched.elapsed();
        self.visitor.move_to(self.place(BESIDE))?;
        self.visitor.release()?;
        Ok(took)
    }

    /// Takes a number, and finds the moment from which on the page showed it as it then stays.
    fn number(&self) -> anyhow::Result<Duration> {
        let number = NUMBER.on(&self.window);
        for card in [GROUP, PAYMENT] {
            let cards = PAYMENT.on(&self.window);
            let before = self.stands_still(cards)?;
            self.visitor.tap(self.place(card.middle()))?;
            self.visitor.move_to(self.place(BESIDE))?;
            self.visitor.watches(cards, PATIENCE, |seen| seen != before)?;
        }
        let before = self.stands_still(number)?;
        let confirmed = Instant::now();
        self.visitor.tap(self.place(CONFIRM.middle()))?;
        let mut last = before.clone();
        let mut changed = confirmed;
        self.visitor.watches(number, PATIENCE, |seen| {
            if seen != last {
                changed = Instant::now();
                last.clear();
                last.extend_from_slice(seen);
            }
            last != before && changed.elapsed() > STILL
        })?;
        self.visitor.tap(self.place(DONE.middle()))?;
        self.visitor.move_to(self.place(BESIDE))?;
        self.visitor.watches(number, PATIENCE, |seen| seen != last).context("leaving the ticket's page")?;
        Ok(changed.duration_since(confirmed))
    }

    /// What a part of the page shows once it has shown it for a while.
    fn stands_still(&self, area: Area) -> anyhow::Result<Vec<u8>> {
        let mut last = Vec::new();
        let mut changed = Instant::now();
        self.visitor.watches(area, PATIENCE, |seen| {
            if seen != last {
                changed = Instant::now();
                last.clear();
                last.extend_from_slice(seen);
            }
            changed.elapsed() > STILL
        })
    }

    fn place(&self, place: (u32, u32)) -> (i16, i16) {
        self.window.place(place, PAGE)
    }
}
