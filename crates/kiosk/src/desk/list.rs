//! The businesses as cards: in the hall's order, on pages, or under groups.

use super::state::State;
use super::{ANSWER_LIMIT, Desk, Moment};
use crate::reach;
use crate::view::{self, NoticeKind};
use wire::{ServiceGroup, ServiceOffer};

/// Room for the businesses of a group on its card, in columns of half a Chinese character.
const HOLDS_LINE: usize = 24;

impl Desk {
    /// The first page, or why there is none.
    pub(super) fn welcome(&self, now: Moment) -> view::Page {
        if self.is_away(now) {
            return self.notice(NoticeKind::NotReached, String::new());
        }
        if self.is_closed() {
            let reason = self.offered().into_iter().find_map(|offer| offer.closed_because.clone()).unwrap_or_default();
            return self.notice(NoticeKind::Closed, reason);
        }
        let groups = self.group.is_none() && self.is_grouped();
        let (pages, each) = (self.list_pages(), self.cards_a_page());
        let listed = self.listed();
        let waiting = self.offered().iter().map(|offer| offer.waiting).sum();
        view::Page::Welcome(view::Welcome {
            cards: if groups {
                self.group_cards().into_iter().skip(self.list_page * each).take(each).collect()
            } else {
                listed.into_iter().skip(self.list_page * each).take(each).map(|offer| self.card(offer)).collect()
            },
            group: self.group.and_then(|at| self.groups().get(at)).map(|group| self.worded(&group.names)),
            rows: self.rows(),
            pages,
            page: self.list_page + 1,
            waiting,
            hours: self.hours(),
            news: self.news_line(now),
            greeting: self
                .settings
                .as_ref()
                .and_then(|settings| settings.greeting.as_ref())
                .map(|text| self.worded(text)),
            asks_who: self.offers_who_card().then(|| {
                let by = self.settings.as_ref().is_some_and(|settings| !settings.identify.is_empty());
                if by { view::WhoCard::Who } else { view::WhoCard::Care }
            }),
        })
    }

    /// Whether customers see the businesses, and not that there are none.
    pub(super) fn is_open(&self, now: Moment) -> bool {
        !self.is_away(now) && !self.is_closed()
    }

    pub(super) fn open_group(&mut self, group: usize) {
        if self.state == State::Welcome && self.group.is_none() && self.is_grouped() && group < self.groups().len() {
            self.group = Some(group);
            self.list_page = 0;
        }
    }

    pub(super) fn turn_page(&mut self) {
        if self.state == State::Welcome {
            self.list_page = (self.list_page + 1) % self.list_pages();
        }
    }

    /// The hall has other businesses than before.
    pub(super) fn keep_list_in_bounds(&mut self) {
        if self.group.is_some_and(|at| !self.is_grouped() || at >= self.groups().len()) {
            self.group = None;
        }
        self.list_page = self.list_page.min(self.list_pages() - 1);
    }

    pub(super) fn hours(&self) -> String {
        self.settings.as_ref().map(|settings| settings.hours_today.clone()).unwrap_or_default()
    }

    fn is_away(&self, now: Moment) -> bool {
        let starting = self.reached.is_none() && now.saturating_sub(self.started_at) < ANSWER_LIMIT;
        self.reached != Some(true) && !starting
    }

    fn is_closed(&self) -> bool {
        let offered = self.offered();
        !offered.is_empty() && offered.iter().all(|offer| !offer.open && offer.quota_left != Some(0))
    }

    /// The businesses of this kiosk, in its order.
    fn offered(&self) -> Vec<&ServiceOffer> {
        match &self.settings {
            Some(settings) if !settings.services.is_empty() => {
                settings.services.iter().filter_map(|id| self.offer(id)).collect()
            }
            Some(_) | None => self.services.iter().collect(),
        }
    }

    fn groups(&self) -> &[ServiceGroup] {
        self.settings.as_ref().map_or(&[], |settings| &settings.groups)
    }

    /// Groups stand where a page cannot hold all businesses.
    fn is_grouped(&self) -> bool {
        !self.groups().is_empty() && self.offered().len() > self.cards()
    }

    /// The businesses that the page turns through.
    fn listed(&self) -> Vec<&ServiceOffer> {
        let offered = self.offered();
        match self.group.and_then(|at| self.groups().get(at)) {
            Some(group) => {
                group.services.iter().filter_map(|id| offered.iter().find(|offer| offer.id == *id).copied()).collect()
            }
            None => offered,
        }
    }

    fn group_cards(&self) -> Vec<view::Card> {
        let offered = self.offered();
        let of = |group: &ServiceGroup| -> Vec<&ServiceOffer> {
            offered.iter().filter(|offer| group.services.contains(&offer.id)).copied().collect()
        };
        let card = |(at, group): (usize, &ServiceGroup)| {
            let members = of(group);
            let names: Vec<String> = members.iter().map(|offer| self.worded(&offer.names)).collect();
            let (holds, more) = self.listed_within(&names, HOLDS_LINE);
            view::Card {
                target: view::CardTarget::Group(at),
                name: self.worded(&group.names),
                ahead: Some(members.iter().map(|offer| offer.waiting).sum()),
                wait: None,
                unstaffed: false,
                closed: String::new(),
                self_service: false,
                holds,
                holds_of: more.then_some(members.len()),
            }
        };
        self.groups().iter().enumerate().map(card).collect()
    }

    fn card(&self, offer: &ServiceOffer) -> view::Card {
        let closed = match (offer.open, offer.closed_short.as_ref().or(offer.closed_because.as_ref())) {
            (true, _) => String::new(),
            (false, Some(reason)) => reason.clone(),
            (false, None) => "—".to_owned(),
        };
        let (ahead, wait) = self.ahead_of_visitor(offer);
        view::Card {
            target: view::CardTarget::Service(offer.id.clone()),
            name: self.worded(&offer.names),
            ahead,
            wait,
            unstaffed: self.lacks_a_window(offer),
            closed,
            self_service: offer.self_service.is_some(),
            holds: String::new(),
            holds_of: None,
        }
    }

    /// The card "who are you" has a place of its own, unless everybody is asked on the way.
    fn offers_who_card(&self) -> bool {
        let on_the_way = self.pages().contains(&wire::KioskPage::Who);
        self.asks_who() && !on_the_way && self.group.is_none()
    }

    fn rows(&self) -> usize {
        usize::try_from(reach::card_rows(self.controls_from_px())).unwrap_or_default()
    }

    /// Places on a page.
    fn cards(&self) -> usize {
        2 * self.rows()
    }

    fn places(&self) -> usize {
        self.cards() - usize::from(self.offers_who_card())
    }

    fn listed_count(&self) -> usize {
        if self.group.is_none() && self.is_grouped() { self.groups().len() } else { self.listed().len() }
    }

    fn cards_a_page(&self) -> usize {
        if self.list_pages() == 1 { self.places() } else { self.places() - 1 }
    }

    fn list_pages(&self) -> usize {
        let (count, places) = (self.listed_count(), self.places());
        if count <= places { 1 } else { count.div_ceil(places - 1) }
    }
}
