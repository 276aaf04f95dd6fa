//! A finger that touches twice where once is meant: the second touch was for the page before, and must not be taken for one on the
//! page that has come in between, least of all for the button that leaves a number behind.

use crate::desk::{Moment, Touch};
use crate::view::{Page, View};
use std::mem::{Discriminant, discriminant};
use std::time::Duration;

/// A page that has stood for less since the first tick after it came has not been read. Counted from the tick and not from the
/// change, because a touch that waited while the page was drawn is handed over before the tick, however long that took.
pub const UNREAD: Duration = Duration::from_millis(300);

/// Since when the page is there that the customer sees.
#[derive(Debug, Default)]
pub struct Steady {
    seen: Option<Seen>,
    standing: Standing,
}

#[derive(Debug, Default)]
enum Standing {
    /// The first page has nothing before it.
    #[default]
    First,
    /// It has just come, and may not be drawn yet.
    New,
    Since(Moment),
}

/// What makes a page another page under the finger.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    page: Discriminant<Page>,
    group: Option<String>,
    list_page: usize,
    has_poster: bool,
    asks_still_there: bool,
}

impl Steady {
    /// This is shown now.
    pub fn sees(&mut self, view: &View) {
        let (group, list_page) = match &view.page {
            Page::Welcome(welcome) => (welcome.group.clone(), welcome.page),
            Page::Who(_)
            | Page::Keys(_)
            | Page::Show(_)
            | Page::Care
            | Page::Booked(_)
            | Page::Documents(_)
            | Page::Confirm(_)
            | Page::LongWait(_)
            | Page::Taking
            | Page::Ticket(_)
            | Page::Notice(_)
            | Page::Help
            | Page::Languages
            | Page::Staff(_) => (None, 0),
        };
        let seen = Seen {
            page: discriminant(&view.page),
            group,
            list_page,
            has_poster: view.poster.is_some(),
            asks_still_there: view.still_there_s.is_some(),
        };
        if self.seen.as_ref() != Some(&seen) {
            if self.seen.is_some() {
                self.standing = Standing::New;
            }
            self.seen = Some(seen);
        }
    }

    /// The window has done all it had to do, and time passes.
    pub fn ticks(&mut self, now: Moment) {
        if matches!(self.standing, Standing::New) {
            self.standing = Standing::Since(now);
        }
    }

    /// Whether this touch was meant for the page that is there.
    #[must_use]
    pub fn takes(&self, now: Moment, touch: &Touch) -> bool {
        // What lets go or only tells of a finger does nothing to the page.
        let is_harmless = matches!(touch, Touch::Reveal(_) | Touch::Finger | Touch::Key);
        is_harmless
            || match self.standing {
                Standing::First => true,
                Standing::New => false,
                Standing::Since(since) => now.saturating_sub(since) >= UNREAD,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;

    fn at(ms: u64) -> Moment {
        Duration::from_millis(ms)
    }

    fn view(page: Page) -> View {
        View { page, ..Desk::new(Moment::ZERO, None).view(Moment::ZERO) }
    }

    #[test]
    fn the_second_half_of_a_double_touch_is_not_for_the_page_that_came_in_between() {
        let mut steady = Steady::default();
        steady.sees(&view(Page::Care));
        steady.ticks(at(5));
        assert!(steady.takes(at(10), &Touch::Confirm), "the first page");
        steady.sees(&view(Page::Taking));
        steady.sees(&view(Page::Help));
        assert!(!steady.takes(at(9000), &Touch::Done), "it is not even drawn");
        steady.ticks(at(9000));
        steady.ticks(at(9200));
        assert!(!steady.takes(at(9290), &Touch::Done));
        assert!(steady.takes(at(9290), &Touch::Finger));
        assert!(steady.takes(at(9300), &Touch::Done));
    }

    #[test]
    fn what_changes_on_a_page_does_not_make_it_another() {
        let mut steady = Steady::default();
        steady.sees(&view(Page::Care));
        steady.sees(&View { large_text: true, ..view(Page::Care) });
        assert!(steady.takes(at(1), &Touch::TextSize));
        steady.sees(&View { still_there_s: Some(30), ..view(Page::Care) });
        steady.ticks(at(2000));
        assert!(!steady.takes(at(2001), &Touch::Leave));
        steady.sees(&View { still_there_s: Some(29), ..view(Page::Care) });
        assert!(steady.takes(at(2300), &Touch::Stay));
    }
}
