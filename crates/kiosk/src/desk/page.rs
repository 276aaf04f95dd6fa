//! The desk's state, worded as a page.

use super::number::print_of;
use super::state::{Over, State};
use super::{ANSWER_LIMIT, Desk, Moment, seconds_up};
use crate::language::Language;
use crate::view::{self, NoticeKind};
use wire::ServiceOffer;

impl Desk {
    /// The page that shows the state.
    pub(super) fn page(&self, now: Moment) -> view::Page {
        match self.over {
            Some(Over::Help) => return view::Page::Help,
            Some(Over::Languages) => return view::Page::Languages,
            None => {}
        }
        match &self.state {
            State::Welcome => self.welcome(now),
            State::Who(who) => self.who_page(who),
            State::Booked => self.booked_page().unwrap_or_else(|| self.welcome(now)),
            State::Documents { aside } => {
                self.with_offer(|offer| view::Page::Documents(self.documents_of(offer, *aside)))
            }
            State::Confirm => self.with_offer(|offer| view::Page::Confirm(self.confirm_of(offer))),
            State::LongWait => self.with_offer(|offer| {
                view::Page::LongWait(view::LongWait {
                    name: self.worded(&offer.names),
                    ahead: offer.ahead,
                    wait: offer.wait.told_minutes(),
                    self_service: self.self_service_of(offer),
                })
            }),
            State::Taking { since, try_again_at, unable } => {
                if let Some(kind) = unable {
                    self.notice(*kind, String::new())
                } else if try_again_at.is_some()
                    || self.reached == Some(false)
                    || now.saturating_sub(*since) >= ANSWER_LIMIT
                {
                    self.notice(NoticeKind::NotReached, String::new())
                } else {
                    view::Page::Taking
                }
            }
            State::Ticket { issued, print, issued_at, close_at, told: _ } => {
                let offer = self.offer(&issued.ticket.service);
                let own = self.honoured_tier(&issued.ticket.tier).and_then(|tier| tier.area.as_ref());
                let area = own.or(offer.and_then(|offer| offer.area.as_ref()));
                view::Page::Ticket(view::Ticket {
                    number: issued.ticket.number.clone(),
                    service: offer.map(|offer| self.worded(&offer.names)).unwrap_or_default(),
                    ahead: issued.ticket.ahead,
                    wait: issued.wait.told_minutes(),
                    area: area.map(|area| self.worded(area)).unwrap_or_default(),
                    expected: own.is_some(),
                    print: print_of(*print, self.paper_out, *issued_at, now),
                    paperless: self.visit.paperless && print.is_none(),
                    url: issued.ticket.url.clone(),
                    seconds_left: seconds_up(*close_at, now),
                })
            }
            State::Refused { kind, reason, .. } => self.notice(*kind, reason.clone()),
            State::Staff(staff) => self.staff_page(staff),
        }
    }

    fn with_offer(&self, page: impl FnOnce(&ServiceOffer) -> view::Page) -> view::Page {
        match self.chosen() {
            Some(offer) => page(offer),
            None => self.notice(NoticeKind::Unavailable, String::new()),
        }
    }

    fn self_service_of(&self, offer: &ServiceOffer) -> String {
        offer.self_service.as_ref().map(|hint| self.worded(hint)).unwrap_or_default()
    }

    fn documents_of(&self, offer: &ServiceOffer, aside: bool) -> view::Documents {
        let chinese = self.is_chinese();
        let several = offer.documents.len() > 1;
        let customer = self.visit.customer.min(offer.documents.len().saturating_sub(1));
        let mut documents: Vec<String> = offer.documents.get(customer).map_or_else(Vec::new, |group| {
            group.items.iter().map(|item| if chinese { item.zh.clone() } else { item.en.clone() }).collect()
        });
        let room = match offer.self_service {
            Some(_) => view::MOST_DOCUMENTS_BESIDE_SELF_SERVICE,
            None => view::MOST_DOCUMENTS,
        };
        let more_documents = documents.len().saturating_sub(room);
        documents.truncate(room);
        let named =
            |group: &wire::Documents| if chinese { group.customer.zh.clone() } else { group.customer.en.clone() };
        view::Documents {
            name: self.worded(&offer.names),
            customers: if several { offer.documents.iter().map(named).collect() } else { Vec::new() },
            customer,
            documents,
            more_documents,
            self_service: self.self_service_of(offer),
            aside,
        }
    }

    fn confirm_of(&self, offer: &ServiceOffer) -> view::Confirm {
        let chinese = self.is_chinese();
        let several = offer.documents.len() > 1;
        let of = |group: &wire::Documents| {
            let items = group.items.iter().map(|item| if chinese { item.zh.clone() } else { item.en.clone() });
            let items = self.listed_words(items);
            match (several, chinese) {
                (false, _) => items,
                (true, true) => format!("{}：{items}", group.customer.zh),
                (true, false) => format!("{}: {items}", group.customer.en),
            }
        };
        let documents: Vec<String> = offer.documents.iter().map(of).collect();
        view::Confirm {
            name: self.worded(&offer.names),
            ahead: offer.ahead,
            wait: offer.wait.told_minutes(),
            area: offer.area.as_ref().map(|area| self.worded(area)).unwrap_or_default(),
            documents: documents.join(if chinese { "；" } else { "; " }),
            documents_count: offer.documents.iter().map(|group| group.items.len()).sum(),
            self_service: self.self_service_of(offer),
            papers: super::flow::has_papers(offer),
            paperless: self
                .settings
                .as_ref()
                .is_some_and(|settings| settings.paperless)
                .then_some(self.visit.paperless),
            care: self.visit.care,
            booked_at: self.visit.appointment.as_ref().map(|booked| self.clock_time(booked.at)).unwrap_or_default(),
        }
    }

    /// A time of the hall's day, such as 14:30; with the date when it is another day's.
    pub(super) fn clock_time(&self, at: jiff::Timestamp) -> String {
        let Some(time) = &self.hall_time else { return String::new() };
        let at = time.local(at);
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.date() == time.told_date() { clock } else { format!("{}-{:02} {clock}", at.month(), at.day()) }
    }

    /// Several names on one line.
    pub(super) fn listed_words(&self, names: impl Iterator<Item = String>) -> String {
        names.collect::<Vec<_>>().join(if self.is_chinese() { "、" } else { ", " })
    }

    fn is_chinese(&self) -> bool {
        self.language == Language::CHINESE
    }

    pub(super) fn notice(&self, kind: NoticeKind, reason: String) -> view::Page {
        let kind = if kind == NoticeKind::Closed && self.clock_doubted { NoticeKind::Clock } else { kind };
        view::Page::Notice(view::Notice {
            kind,
            reason,
            hours: self.hours(),
            dismissable: self.state != State::Welcome,
        })
    }
}
