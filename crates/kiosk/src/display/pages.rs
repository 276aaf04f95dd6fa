//! The pages from a card to its number.

use super::code::qr_image;
use super::{Card, int, range, words};
use crate::ui::{
    CardKind, ConfirmPage, DocumentsPage, LongWaitPage, Main, NoticeKind, NoticePage, PrintStage, TicketPage,
    WelcomePage, WhoCard,
};
use crate::view::{self, CardTarget};
use slint::{ComponentHandle, SharedString};

pub(super) fn show_welcome(ui: &Main, page: &view::Welcome) {
    let welcome = ui.global::<WelcomePage>();
    let cards = page.cards.iter().map(|card| {
        let (kind, id) = match &card.target {
            CardTarget::Service(id) => (CardKind::Service, SharedString::from(id.as_str())),
            CardTarget::Group(at) => (CardKind::Group, SharedString::from(at.to_string())),
        };
        Card {
            kind,
            id,
            name: words(&card.name),
            ahead: ahead(card.ahead),
            wait: range(card.wait),
            unstaffed: card.unstaffed,
            closed: words(&card.closed),
            self_service: card.self_service,
            holds: words(&card.holds),
            holds_of: card.holds_of.map_or(0, int),
        }
    });
    look::fill(&welcome.get_cards(), cards, |rows| welcome.set_cards(rows));
    welcome.set_group(words(page.group.as_deref().unwrap_or_default()));
    welcome.set_pages(int(page.pages));
    welcome.set_page(int(page.page));
    welcome.set_rows(int(page.rows));
    welcome.set_waiting(int(page.waiting));
    welcome.set_hours(words(&page.hours));
    welcome.set_news(words(&page.news));
    welcome.set_greeting(words(page.greeting.as_deref().unwrap_or_default()));
    welcome.set_who_card(match page.asks_who {
        None => WhoCard::None,
        Some(view::WhoCard::Who) => WhoCard::Who,
        Some(view::WhoCard::Care) => WhoCard::Care,
    });
}

/// People ahead, or that it is not known.
fn ahead(people: Option<usize>) -> i32 {
    people.map_or(-1, int)
}

pub(super) fn show_documents(ui: &Main, page: &view::Documents) {
    let documents = ui.global::<DocumentsPage>();
    documents.set_name(words(&page.name));
    let customers = page.customers.iter().map(|customer| words(customer));
    look::fill(&documents.get_customers(), customers, |rows| documents.set_customers(rows));
    documents.set_customer(int(page.customer));
    let papers = page.documents.iter().map(|paper| words(paper));
    look::fill(&documents.get_documents(), papers, |rows| documents.set_documents(rows));
    documents.set_more_documents(int(page.more_documents));
    documents.set_self_service(words(&page.self_service));
    documents.set_aside(page.aside);
}

pub(super) fn show_confirm(ui: &Main, page: &view::Confirm) {
    let confirm = ui.global::<ConfirmPage>();
    confirm.set_name(words(&page.name));
    confirm.set_ahead(ahead(page.ahead));
    confirm.set_wait(range(page.wait));
    confirm.set_unstaffed(page.unstaffed);
    confirm.set_area(words(&page.area));
    confirm.set_documents(words(&page.documents));
    confirm.set_more_documents(page.more_documents);
    confirm.set_documents_by_kind(page.documents_by_kind);
    confirm.set_documents_count(int(page.documents_count));
    confirm.set_self_service(words(&page.self_service));
    confirm.set_has_papers(page.papers);
    confirm.set_offers_paperless(page.paperless.is_some());
    confirm.set_is_paperless(page.paperless == Some(true));
    confirm.set_has_care(page.care.is_some());
    confirm.set_booked_at(words(&page.booked_at));
}

pub(super) fn show_long_wait(ui: &Main, page: &view::LongWait) {
    let long = ui.global::<LongWaitPage>();
    long.set_name(words(&page.name));
    long.set_ahead(ahead(page.ahead));
    long.set_wait(range(page.wait));
    long.set_self_service(words(&page.self_service));
}

pub(super) fn show_ticket(ui: &Main, page: &view::Ticket, shown_url: Option<&str>) {
    let ticket = ui.global::<TicketPage>();
    ticket.set_number(page.number.as_str().into());
    ticket.set_service(words(&page.service));
    ticket.set_ahead(int(page.ahead));
    ticket.set_wait(range(page.wait));
    ticket.set_area(words(&page.area));
    ticket.set_is_expected(page.expected);
    ticket.set_print(match page.print {
        view::Print::None => PrintStage::None,
        view::Print::Printing => PrintStage::Printing,
        view::Print::Printed => PrintStage::Printed,
        view::Print::NoPaper => PrintStage::NoPaper,
        view::Print::Failed => PrintStage::Failed,
        view::Print::Uncertain => PrintStage::Uncertain,
    });
    ticket.set_paperless(page.paperless);
    ticket.set_seconds_left(int(page.seconds_left));
    if shown_url.is_none() || shown_url != page.url.as_deref() {
        let qr = page.url.as_deref().and_then(qr_image);
        ticket.set_qr_modules(qr.as_ref().map_or(0, |image| int(image.size().width)));
        ticket.set_qr(qr.unwrap_or_default());
    }
}

pub(super) fn show_notice(ui: &Main, page: &view::Notice) {
    let notice = ui.global::<NoticePage>();
    notice.set_kind(match page.kind {
        view::NoticeKind::NotReached => NoticeKind::NotReached,
        view::NoticeKind::Closed => NoticeKind::Closed,
        view::NoticeKind::Quota => NoticeKind::Quota,
        view::NoticeKind::WindowQuota => NoticeKind::WindowQuota,
        view::NoticeKind::Storage => NoticeKind::Storage,
        view::NoticeKind::KioskStorage => NoticeKind::KioskStorage,
        view::NoticeKind::Clock => NoticeKind::Clock,
        view::NoticeKind::Unavailable => NoticeKind::Unavailable,
    });
    notice.set_reason(words(&page.reason));
    notice.set_name(words(&page.name));
    notice.set_hours(words(&page.hours));
    notice.set_self_service(words(&page.self_service));
    notice.set_dismissable(page.dismissable);
}
