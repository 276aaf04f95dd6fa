//! Puts a [`View`] on the pages. Rows that stay are changed in place, so that a card under a finger is not taken away.

mod code;
mod pages;
mod persons;
mod staff;

use crate::language::Language;
use crate::ui::{Card, Frame, Greeting, LanguagesPage, Look, Main, PageKind, Range, TierShape, Tongue};
use crate::view::{Guest, Page, View};
use slint::{ComponentHandle, SharedString};

/// What the header and the greeting show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Today {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// 0 is Sunday.
    pub weekday: i8,
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
}

impl Today {
    /// From a civil time of the hall.
    #[must_use]
    pub fn of(time: &jiff::civil::DateTime) -> Self {
        Self {
            month: time.month(),
            day: time.day(),
            weekday: time.weekday().to_sunday_zero_offset(),
            hour: time.hour(),
            minute: time.minute(),
        }
    }
}

/// What the pages show.
#[derive(Debug, Default)]
pub struct Display {
    shown: Option<View>,
    today: Option<Today>,
}

impl Display {
    /// For a window that shows nothing yet.
    #[must_use]
    pub fn new(_ui: &Main) -> Self {
        Self::default()
    }

    /// Shows the view, and does nothing when it is shown already.
    pub fn show(&mut self, ui: &Main, view: &View, today: &Today) {
        if self.today.as_ref() != Some(today) {
            show_today(ui, today);
            self.today = Some(today.clone());
        }
        if self.shown.as_ref() == Some(view) {
            return;
        }
        if self.shown.as_ref().map(|shown| shown.language) != Some(view.language)
            && let Err(error) = view.language.select()
        {
            tracing::error!(%error, "changing the language");
        }
        if !matches!(view.page, Page::Keys(_)) {
            persons::wipe_keys(ui);
        }
        match &view.page {
            Page::Welcome(page) => pages::show_welcome(ui, page),
            Page::Who(page) => persons::show_who(ui, page),
            Page::Keys(page) => persons::show_keys(ui, page),
            Page::Show(what) => persons::show_show(ui, *what),
            Page::Booked(page) => persons::show_booked(ui, page),
            Page::Documents(page) => pages::show_documents(ui, page),
            Page::Confirm(page) => pages::show_confirm(ui, page),
            Page::LongWait(page) => pages::show_long_wait(ui, page),
            Page::Ticket(page) => pages::show_ticket(ui, page, self.shown_url()),
            Page::Notice(page) => pages::show_notice(ui, page),
            Page::Staff(page) => staff::show_staff(ui, page),
            Page::Care | Page::Taking | Page::Help | Page::Languages => {}
        }
        // The page last: when it comes into being its data is there.
        show_frame(ui, view);
        self.shown = Some(view.clone());
    }

    /// The address whose code is on the page: drawing it anew takes its time.
    fn shown_url(&self) -> Option<&str> {
        match self.shown.as_ref().map(|shown| &shown.page) {
            Some(Page::Ticket(ticket)) => ticket.url.as_deref(),
            Some(
                Page::Welcome(_)
                | Page::Who(_)
                | Page::Keys(_)
                | Page::Show(_)
                | Page::Care
                | Page::Booked(_)
                | Page::Documents(_)
                | Page::Confirm(_)
                | Page::LongWait(_)
                | Page::Taking
                | Page::Notice(_)
                | Page::Help
                | Page::Languages
                | Page::Staff(_),
            )
            | None => None,
        }
    }
}

fn show_frame(ui: &Main, view: &View) {
    let frame = ui.global::<Frame>();
    frame.set_hall(words(&view.hall));
    show_languages(ui, &view.other_languages);
    frame.set_can_go_back(view.can_go_back);
    frame.set_can_ask_help(view.can_ask_help);
    frame.set_can_speak(view.aid.can_speak);
    frame.set_speaks(view.aid.speaks);
    frame.set_still_there_s(view.still_there_s.map_or(-1, int));
    let (tier, number) = match &view.guest {
        Some(Guest::Honoured(tier)) => (tier.as_str(), ""),
        Some(Guest::Known(number)) => ("", number.as_str()),
        None => ("", ""),
    };
    frame.set_guest_tier(words(tier));
    frame.set_guest_number(words(number));
    frame.set_guest_unknown(view.unknown && view.guest.is_none());
    let reception = view.reception.as_ref();
    frame.set_guest_level(words(reception.map_or("", |reception| &reception.level)));
    frame.set_guest_shape(shape(reception.map_or("", |reception| &reception.level)));
    frame.set_guest_way(words(reception.map_or("", |reception| &reception.way)));
    frame.set_staff_told(reception.is_some_and(|reception| reception.staff_told));
    frame.set_shift_x(view.shift.0);
    frame.set_shift_y(view.shift.1);
    frame.set_controls_from(int(view.controls_from_px));
    let look = ui.global::<Look>();
    look.set_large_text(view.large_text);
    look.set_high_contrast(view.high_contrast);
    frame.set_page(match view.page {
        Page::Welcome(_) => PageKind::Welcome,
        Page::Who(_) => PageKind::Who,
        Page::Keys(_) => PageKind::Keys,
        Page::Show(_) => PageKind::Show,
        Page::Care => PageKind::Care,
        Page::Booked(_) => PageKind::Booked,
        Page::Documents(_) => PageKind::Documents,
        Page::Confirm(_) => PageKind::Confirm,
        Page::LongWait(_) => PageKind::LongWait,
        Page::Taking => PageKind::Taking,
        Page::Ticket(_) => PageKind::Ticket,
        Page::Notice(_) => PageKind::Notice,
        Page::Help => PageKind::Help,
        Page::Languages => PageKind::Languages,
        Page::Staff(_) => PageKind::Staff,
    });
}

fn show_languages(ui: &Main, others: &[Language]) {
    let frame = ui.global::<Frame>();
    frame.set_other_languages(!others.is_empty());
    frame.set_other_language(match others {
        [only] => only.name().into(),
        [] | [..] => SharedString::default(),
    });
    let page = ui.global::<LanguagesPage>();
    let rows = others.iter().map(|language| Tongue { tag: language.tag().into(), name: language.name().into() });
    look::fill(&page.get_languages(), rows, |rows| page.set_languages(rows));
}

fn show_today(ui: &Main, today: &Today) {
    let frame = ui.global::<Frame>();
    frame.set_month(i32::from(today.month));
    frame.set_day(i32::from(today.day));
    frame.set_weekday(i32::from(today.weekday));
    frame.set_time(format!("{:02}:{:02}", today.hour, today.minute).into());
    frame.set_greeting(match today.hour {
        ..12 => Greeting::Morning,
        12..18 => Greeting::Afternoon,
        18.. => Greeting::Evening,
    });
}

/// The shape of a club card, by the word the directory of customers has for it.
fn shape(level: &str) -> TierShape {
    let level = level.to_lowercase();
    if level.contains('钻') || level.contains("diamond") {
        TierShape::Diamond
    } else if level.contains('金') || level.contains("gold") {
        TierShape::Gold
    } else {
        TierShape::Ordinary
    }
}

fn range(wait: Option<(u32, u32)>) -> Range {
    match wait {
        Some((low, high)) => Range { told: true, low: int(low), high: int(high) },
        None => Range { told: false, low: 0, high: 0 },
    }
}

/// Words that somebody wrote, as the bundled font can draw them.
fn words(text: &str) -> SharedString {
    SharedString::from(look::fonts::drawable(text).as_ref())
}

/// A count as the pages hold it; one that does not fit is as good as endless.
fn int(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
