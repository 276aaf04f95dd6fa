//! The desk's state, worded as a page.

use super::number::print_of;
use super::state::{Over, State};
use super::{ANSWER_LIMIT, Desk, Moment, seconds_up};
use crate::language::Language;
use crate::view::{self, NoticeKind};
use wire::ServiceOffer;

/// Room for the papers on their card, in columns of half a Chinese character.
const PAPERS_LINE: usize = 50;
/// Room for "and so many in all" at the end of a line.
const COUNT_COLUMNS: usize = 12;

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
                let (ahead, wait) = self.ahead_of_visitor(offer);
                view::Page::LongWait(view::LongWait {
                    name: self.worded(&offer.names),
                    ahead,
                    wait,
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
                    print: print_of(*print, !self.paper_out.is_empty(), *issued_at, now),
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
        let several = offer.documents.len() > 1;
        let names: Vec<&wire::Names> = if several {
            offer.documents.iter().map(|group| &group.customer).collect()
        } else {
            offer.documents.iter().flat_map(|group| &group.items).collect()
        };
        let named = |name: &wire::Names| if self.is_chinese() { name.zh.clone() } else { name.en.clone() };
        let names: Vec<String> = names.into_iter().map(named).collect();
        let (documents, more_documents) = self.listed_within(&names, PAPERS_LINE);
        let (ahead, wait) = self.ahead_of_visitor(offer);
        view::Confirm {
            name: self.worded(&offer.names),
            ahead,
            wait,
            unstaffed: self.lacks_a_window(offer),
            area: offer.area.as_ref().map(|area| self.worded(area)).unwrap_or_default(),
            documents,
            more_documents,
            documents_by_kind: several,
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

    /// The names on one line so long, or the first of them, with room for how many there are, and whether that leaves any out.
    pub(super) fn listed_within(&self, names: &[String], columns: usize) -> (String, bool) {
        let between = if self.is_chinese() { "、" } else { ", " };
        let listed = |most: usize| names[..most].join(between);
        if columns_of(&listed(names.len())) <= columns {
            return (listed(names.len()), false);
        }
        let room = columns.saturating_sub(COUNT_COLUMNS);
        let most = (1..names.len()).rev().find(|most| columns_of(&listed(*most)) <= room);
        (listed(most.unwrap_or(1).min(names.len())), true)
    }

    fn is_chinese(&self) -> bool {
        self.language == Language::CHINESE
    }

    /// Whether no window is open that could call the customer who stands here. Of those above the ordinary nobody tells.
    pub(super) fn lacks_a_window(&self, offer: &ServiceOffer) -> bool {
        offer.unstaffed && self.honoured().is_none()
    }

    /// People ahead of whoever stands here, and their wait: by their tier, when it is known. Where somebody has priority care or a
    /// booked time among the others the rules tell only with the number, so nothing is told before.
    pub(super) fn ahead_of_visitor(&self, offer: &ServiceOffer) -> (Option<usize>, Option<(u32, u32)>) {
        if self.visit.care.is_some() || self.visit.appointment.is_some() {
            return (None, None);
        }
        let Some(tier) = self.honoured() else { return (Some(offer.ahead), offer.wait.told_minutes()) };
        match offer.tiers.iter().find(|of| of.tier == tier.id) {
            Some(of) => (Some(of.ahead), of.wait.told_minutes()),
            None => (None, None),
        }
    }

    pub(super) fn notice(&self, kind: NoticeKind, reason: String) -> view::Page {
        let kind = if kind == NoticeKind::Closed && self.clock_doubted { NoticeKind::Clock } else { kind };
        view::Page::Notice(view::Notice {
            kind,
            reason,
            name: self.chosen().map(|offer| self.worded(&offer.names)).unwrap_or_default(),
            hours: self.hours(),
            self_service: self.chosen().map(|offer| self.self_service_of(offer)).unwrap_or_default(),
            dismissable: self.state != State::Welcome,
        })
    }
}

/// How long a text is on the page, in columns of half a Chinese character, which are about as wide as a letter.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) < 0x2e80 { 1 } else { 2 }).sum()
}
