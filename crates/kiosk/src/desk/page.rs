//! The desk's state, worded as a page.

use super::{ANSWER_LIMIT, CARDS, Desk, Moment, PRINT_LIMIT, State, seconds_up};
use crate::view::{self, NoticeKind, Print};
use look::Language;
use wire::{PrintState, Problem, ServiceOffer};

impl Desk {
    /// The page that shows the state.
    pub(super) fn page(&self, now: Moment) -> view::Page {
        match &self.state {
            State::Welcome => self.welcome(now),
            State::Confirm { service } => match self.offer(service) {
                Some(offer) => view::Page::Confirm(self.confirm_of(offer)),
                None => self.notice(NoticeKind::Unavailable, String::new()),
            },
            State::Taking { since, try_again_at, .. } => {
                if try_again_at.is_some() || self.reached == Some(false) || now.saturating_sub(*since) >= ANSWER_LIMIT {
                    self.notice(NoticeKind::NotReached, String::new())
                } else {
                    view::Page::Taking
                }
            }
            State::Ticket { issued, print, issued_at, close_at, told: _ } => {
                let offer = self.offer(&issued.ticket.service);
                view::Page::Ticket(view::Ticket {
                    number: issued.ticket.number.clone(),
                    service: offer.map(|offer| self.worded(&offer.names)).unwrap_or_default(),
                    ahead: issued.ticket.ahead,
                    wait: issued.wait.told_minutes(),
                    area: offer.and_then(|offer| offer.area.as_ref()).map(|area| self.worded(area)).unwrap_or_default(),
                    print: print_of(*print, self.paper_out, *issued_at, now),
                    url: issued.ticket.url.clone(),
                    seconds_left: seconds_up(*close_at, now),
                })
            }
            State::Refused { kind, reason, .. } => self.notice(*kind, reason.clone()),
        }
    }

    fn welcome(&self, now: Moment) -> view::Page {
        let starting = self.reached.is_none() && now.saturating_sub(self.started_at) < ANSWER_LIMIT;
        if self.reached != Some(true) && !starting {
            return self.notice(NoticeKind::NotReached, String::new());
        }
        if !self.services.is_empty() && self.services.iter().all(|offer| !offer.open && offer.quota_left != Some(0)) {
            let reason = self.services.iter().find_map(|offer| offer.closed_because.clone()).unwrap_or_default();
            return self.notice(NoticeKind::Closed, reason);
        }
        let pages = self.list_pages();
        let each = if pages == 1 { CARDS } else { CARDS - 1 };
        view::Page::Welcome(view::Welcome {
            cards: self.services.iter().skip(self.list_page * each).take(each).map(|offer| self.card(offer)).collect(),
            pages,
            page: self.list_page + 1,
            waiting: self.services.iter().map(|offer| offer.waiting).sum(),
            hours: self.hours(),
        })
    }

    fn card(&self, offer: &ServiceOffer) -> view::Card {
        let closed = match (offer.open, &offer.closed_because) {
            (true, _) => String::new(),
            (false, Some(reason)) => reason.clone(),
            (false, None) => "—".to_owned(),
        };
        view::Card {
            service: offer.id.clone(),
            name: self.worded(&offer.names),
            ahead: offer.ahead,
            wait: offer.wait.told_minutes(),
            closed,
            self_service: offer.self_service.is_some(),
        }
    }

    fn confirm_of(&self, offer: &ServiceOffer) -> view::Confirm {
        let several = offer.documents.len() > 1;
        let chinese = self.language == Language::Chinese;
        let mut documents: Vec<String> = Vec::new();
        for group in &offer.documents {
            let who = if chinese { &group.customer.zh } else { &group.customer.en };
            for item in &group.items {
                let what = if chinese { &item.zh } else { &item.en };
                documents.push(match (several, chinese) {
                    (false, _) => what.clone(),
                    (true, true) => format!("{who}：{what}"),
                    (true, false) => format!("{who}: {what}"),
                });
            }
        }
        let room = match offer.self_service {
            Some(_) => view::MOST_DOCUMENTS_BESIDE_SELF_SERVICE,
            None => view::MOST_DOCUMENTS,
        };
        let more_documents = documents.len().saturating_sub(room);
        documents.truncate(room);
        view::Confirm {
            name: self.worded(&offer.names),
            ahead: offer.ahead,
            wait: offer.wait.told_minutes(),
            area: offer.area.as_ref().map(|area| self.worded(area)).unwrap_or_default(),
            documents,
            more_documents,
            self_service: offer.self_service.as_ref().map(|hint| self.worded(hint)).unwrap_or_default(),
        }
    }

    fn notice(&self, kind: NoticeKind, reason: String) -> view::Page {
        view::Page::Notice(view::Notice {
            kind,
            reason,
            hours: self.hours(),
            dismissable: self.state != State::Welcome,
        })
    }
}

/// What a customer is told of a print job.
pub(super) fn print_of(state: Option<PrintState>, paper_out: bool, issued_at: Moment, now: Moment) -> Print {
    match state {
        None => Print::None,
        Some(PrintState::Sent | PrintState::Printed) => Print::Printed,
        Some(PrintState::Uncertain) => Print::Uncertain,
        Some(PrintState::Queued | PrintState::Sending | PrintState::Failed | PrintState::Expired) if paper_out => {
            Print::NoPaper
        }
        Some(PrintState::Failed | PrintState::Expired) => Print::Failed,
        Some(PrintState::Queued | PrintState::Sending) if now.saturating_sub(issued_at) >= PRINT_LIMIT => {
            Print::Uncertain
        }
        Some(PrintState::Queued | PrintState::Sending) => Print::Printing,
    }
}

/// A refusal by the name the broker gives it; a name that is newer than this kiosk is shown with the broker's own sentence.
pub(super) fn notice_kind(problem: &Problem) -> NoticeKind {
    match problem.kind.as_str() {
        "quota_exhausted" => NoticeKind::Quota,
        "day_not_open" | "ticketing_closed" | "outside_hours" => NoticeKind::Closed,
        _ => NoticeKind::Unavailable,
    }
}
