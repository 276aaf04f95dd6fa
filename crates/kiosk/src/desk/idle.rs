//! What the kiosk does while nobody is there: news, posters, and the care that no picture burns into the panel.

use std::time::Duration;

use super::{Desk, Moment};

/// So long nobody may have touched the page before posters are shown.
pub const POSTERS_AFTER: Duration = Duration::from_secs(60);
/// So long one poster is shown.
pub const POSTER_SHOWN: Duration = Duration::from_secs(12);
/// So long one line of news is shown: read twice without haste.
pub const NEWS_SHOWN: Duration = Duration::from_secs(8);
/// After so long the idle page is drawn a few pixels from where it was.
pub const SHIFTED_EVERY: Duration = Duration::from_secs(180);

/// Where the idle page is drawn, in turn: to the sides and downwards, so that no control leaves the reach.
const SHIFTS: [(i32, i32); 4] = [(0, 0), (6, 4), (0, 8), (-6, 4)];

impl Desk {
    /// Puts a poster up when nobody has been there for long.
    pub(super) fn look_for_posters(&mut self, now: Moment) {
        let idle = self.posters && self.is_fresh() && self.is_open(now) && self.untouched(now) >= POSTERS_AFTER;
        if !idle {
            self.poster_since = None;
        } else if self.poster_since.is_none() {
            self.poster_since = Some(now);
        }
    }

    /// Which poster is up, counted from the first one of this pause.
    pub(super) fn poster(&self, now: Moment) -> Option<usize> {
        self.poster_since.map(|since| turn(now.saturating_sub(since), POSTER_SHOWN))
    }

    /// The line of news that is shown now.
    pub(super) fn news_line(&self, now: Moment) -> String {
        let news = self.settings.as_ref().map_or(&[][..], |settings| &settings.news);
        let shown = turn(now.saturating_sub(self.started_at), NEWS_SHOWN).checked_rem(news.len());
        shown.map(|at| self.worded(&news[at])).unwrap_or_default()
    }

    /// How far from its place the page is drawn; only while nobody is about to touch anything.
    pub(super) fn shift(&self, now: Moment) -> (i32, i32) {
        if !self.is_fresh() {
            return (0, 0);
        }
        SHIFTS[turn(now.saturating_sub(self.started_at), SHIFTED_EVERY) % SHIFTS.len()]
    }
}

/// How many whole turns a time has.
fn turn(time: Duration, each: Duration) -> usize {
    usize::try_from(time.as_millis() / each.as_millis()).unwrap_or(0)
}
