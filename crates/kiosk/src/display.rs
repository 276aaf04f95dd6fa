//! Puts a [`View`] on the pages. Rows that stay are changed in place, so that a card under a finger is not taken away.

use crate::ui::{
    Card, ConfirmPage, Frame, Greeting, Look, Main, NoticeKind, NoticePage, PageKind, PrintStage, Range, TicketPage,
    WelcomePage,
};
use crate::view::{self, Guest, Page, View};
use look::Language;
use qrcode::{EcLevel, QrCode};
use slint::{ComponentHandle, Image, Model, ModelRc, Rgb8Pixel, SharedPixelBuffer, SharedString, VecModel};
use std::rc::Rc;

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

/// The pages' models, and what they show.
pub struct Display {
    cards: Rc<VecModel<Card>>,
    documents: Rc<VecModel<SharedString>>,
    shown: Option<View>,
    today: Option<Today>,
}

impl Display {
    /// Connects the models to a window.
    #[must_use]
    pub fn new(ui: &Main) -> Self {
        let cards = Rc::new(VecModel::default());
        let documents = Rc::new(VecModel::default());
        ui.global::<WelcomePage>().set_cards(ModelRc::from(Rc::clone(&cards)));
        ui.global::<ConfirmPage>().set_documents(ModelRc::from(Rc::clone(&documents)));
        Self { cards, documents, shown: None, today: None }
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
        self.show_frame(ui, view);
        match &view.page {
            Page::Welcome(page) => self.show_welcome(ui, page),
            Page::Confirm(page) => self.show_confirm(ui, page),
            Page::Taking => {}
            Page::Ticket(page) => self.show_ticket(ui, page),
            Page::Notice(page) => show_notice(ui, page),
        }
        self.shown = Some(view.clone());
    }

    fn show_frame(&self, ui: &Main, view: &View) {
        let frame = ui.global::<Frame>();
        frame.set_page(match view.page {
            Page::Welcome(_) => PageKind::Welcome,
            Page::Confirm(_) => PageKind::Confirm,
            Page::Taking => PageKind::Taking,
            Page::Ticket(_) => PageKind::Ticket,
            Page::Notice(_) => PageKind::Notice,
        });
        frame.set_hall(words(&view.hall));
        frame.set_english(view.language == Language::English);
        frame.set_other_language(view.other_language);
        frame.set_can_go_back(view.can_go_back);
        frame.set_still_there_s(view.still_there_s.map_or(-1, int));
        let (tier, number) = match &view.guest {
            Some(Guest::Honoured(tier)) => (tier.as_str(), ""),
            Some(Guest::Known(number)) => ("", number.as_str()),
            None => ("", ""),
        };
        frame.set_guest_tier(words(tier));
        frame.set_guest_number(words(number));
        let look = ui.global::<Look>();
        look.set_large_text(view.large_text);
        look.set_high_contrast(view.high_contrast);
    }

    fn show_welcome(&self, ui: &Main, page: &view::Welcome) {
        let welcome = ui.global::<WelcomePage>();
        let cards = page.cards.iter().map(|card| Card {
            id: card.service.as_str().into(),
            name: words(&card.name),
            ahead: int(card.ahead),
            wait: range(card.wait),
            closed: words(&card.closed),
            self_service: card.self_service,
        });
        replace_rows(&self.cards, cards);
        welcome.set_pages(int(page.pages));
        welcome.set_page(int(page.page));
        welcome.set_waiting(int(page.waiting));
        welcome.set_hours(words(&page.hours));
    }

    fn show_confirm(&self, ui: &Main, page: &view::Confirm) {
        let confirm = ui.global::<ConfirmPage>();
        confirm.set_name(words(&page.name));
        confirm.set_ahead(int(page.ahead));
        confirm.set_wait(range(page.wait));
        confirm.set_area(words(&page.area));
        replace_rows(&self.documents, page.documents.iter().map(|document| words(document)));
        confirm.set_more_documents(int(page.more_documents));
        confirm.set_self_service(words(&page.self_service));
    }

    fn show_ticket(&self, ui: &Main, page: &view::Ticket) {
        let ticket = ui.global::<TicketPage>();
        let url_shown = match self.shown.as_ref().map(|shown| &shown.page) {
            Some(Page::Ticket(shown)) => shown.url == page.url,
            Some(Page::Welcome(_) | Page::Confirm(_) | Page::Taking | Page::Notice(_)) | None => false,
        };
        ticket.set_number(page.number.as_str().into());
        ticket.set_service(words(&page.service));
        ticket.set_ahead(int(page.ahead));
        ticket.set_wait(range(page.wait));
        ticket.set_area(words(&page.area));
        ticket.set_print(match page.print {
            view::Print::None => PrintStage::None,
            view::Print::Printing => PrintStage::Printing,
            view::Print::Printed => PrintStage::Printed,
            view::Print::NoPaper => PrintStage::NoPaper,
            view::Print::Failed => PrintStage::Failed,
            view::Print::Uncertain => PrintStage::Uncertain,
        });
        ticket.set_seconds_left(int(page.seconds_left));
        if !url_shown {
            let qr = page.url.as_deref().and_then(qr_image);
            ticket.set_qr_modules(qr.as_ref().map_or(0, |image| int(image.size().width)));
            ticket.set_qr(qr.unwrap_or_default());
        }
    }
}

fn show_today(ui: &Main, today: &Today) {
    let frame = ui.global::<Frame>();
    frame.set_month(i32::from(today.month));
    frame.set_day(i32::from(today.day));
    frame.set_weekday(i32::from(today.weekday));
    frame.set_time(format!("{:02}:{:02}", today.hour, today.minute).into());
    ui.global::<WelcomePage>().set_greeting(match today.hour {
        ..12 => Greeting::Morning,
        12..18 => Greeting::Afternoon,
        18.. => Greeting::Evening,
    });
}

fn show_notice(ui: &Main, page: &view::Notice) {
    let notice = ui.global::<NoticePage>();
    notice.set_kind(match page.kind {
        view::NoticeKind::NotReached => NoticeKind::NotReached,
        view::NoticeKind::Closed => NoticeKind::Closed,
        view::NoticeKind::Quota => NoticeKind::Quota,
        view::NoticeKind::Unavailable => NoticeKind::Unavailable,
    });
    notice.set_reason(words(&page.reason));
    notice.set_hours(words(&page.hours));
    notice.set_dismissable(page.dismissable);
}

fn replace_rows<T: Clone + PartialEq + 'static>(model: &VecModel<T>, rows: impl ExactSizeIterator<Item = T>) {
    if rows.len() != model.row_count() {
        model.set_vec(rows.collect::<Vec<_>>());
        return;
    }
    for (at, row) in rows.enumerate() {
        if model.row_data(at).as_ref() != Some(&row) {
            model.set_row_data(at, row);
        }
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

/// The QR code, one pixel a module; none for an address that fits no code. Of the four modules of margin it needs, two are in the
/// picture and the panel around it is white for more than the other two.
fn qr_image(url: &str) -> Option<Image> {
    const MARGIN: usize = 2;
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let modules = code.width();
    let side = modules + 2 * MARGIN;
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    for (at, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (at % side, at / side);
        let inside = (MARGIN..MARGIN + modules).contains(&x) && (MARGIN..MARGIN + modules).contains(&y);
        let dark = inside && code[(x - MARGIN, y - MARGIN)] == qrcode::Color::Dark;
        *pixel = if dark { Rgb8Pixel::new(0, 0, 0) } else { Rgb8Pixel::new(255, 255, 255) };
    }
    Some(Image::from_rgb8(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_address_of_42_bytes_has_modules_of_ten_pixels() {
        let url = "http://192.168.100.200:8080/t/abcdefghijkl";
        assert_eq!(url.len(), 42);
        let image = qr_image(url).expect("fits");
        assert!(398 / image.size().width >= 10, "2.5 mm on the panel");
    }
}
