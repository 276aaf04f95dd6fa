//! From a business to its number: the pages in between, in the hall's order, and the way back.

use super::state::{State, Who};
use super::{Command, Desk, Moment};
use wire::{KioskPage, ServiceOffer, TakeTicket};

impl Desk {
    /// A card was touched.
    pub(super) fn choose(&mut self, now: Moment, service: String) -> Vec<Command> {
        let open = self.services.iter().any(|offer| offer.id == service && offer.open);
        if !open || self.state != State::Welcome {
            return Vec::new();
        }
        self.visit.service = Some(service);
        self.enter(now, 0)
    }

    /// Shows the first page at or after this step that has something to say, or takes the number when none is left.
    pub(super) fn enter(&mut self, now: Moment, step: usize) -> Vec<Command> {
        for (at, page) in self.pages().into_iter().enumerate().skip(step) {
            if let Some(state) = self.state_of(page) {
                self.visit.step = at;
                self.state = state;
                return Vec::new();
            }
        }
        self.visit.step = self.pages().len();
        if self.is_long_wait() && self.state != State::LongWait {
            self.state = State::LongWait;
            return Vec::new();
        }
        self.take(now)
    }

    /// The button that goes on.
    pub(super) fn go_on(&mut self, now: Moment) -> Vec<Command> {
        match &self.state {
            State::Who(
                Who::Choose | Who::Phone { .. } | Who::Asking { .. } | Who::Show(_) | Who::Code { .. } | Who::Care,
            ) => self.who_done(now),
            State::Documents { aside: true } => {
                self.state = State::Confirm;
                Vec::new()
            }
            State::Documents { aside: false } | State::Confirm => self.enter(now, self.visit.step + 1),
            State::LongWait => self.take(now),
            State::Booked => self.queue_without_booking(now),
            // A second touch of the button finds another page: one customer, one request.
            State::Welcome | State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } | State::Staff(_) => {
                Vec::new()
            }
        }
    }

    /// They have said who they are, or do not want to.
    pub(super) fn who_done(&mut self, now: Moment) -> Vec<Command> {
        self.visit.asked = true;
        if self.visit.service.is_some() {
            return self.enter(now, self.visit.step + 1);
        }
        self.state = State::Welcome;
        Vec::new()
    }

    pub(super) fn back(&mut self, now: Moment) -> Vec<Command> {
        if self.over.take().is_some() {
            return Vec::new();
        }
        match &self.state {
            State::Welcome => {
                if self.list_page > 0 {
                    self.list_page -= 1;
                } else {
                    self.group = None;
                }
                Vec::new()
            }
            State::Who(Who::Choose) => self.one_page_back(),
            State::Who(Who::Phone { .. } | Who::Asking { .. } | Who::Show(_) | Who::Code { .. } | Who::Care) => {
                if self.visit.asked { self.one_page_back() } else { self.show_ways() }
            }
            State::Documents { aside: true } => {
                self.state = State::Confirm;
                Vec::new()
            }
            State::Documents { aside: false } | State::Confirm | State::LongWait | State::Booked => {
                self.one_page_back()
            }
            State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } | State::Staff(_) => self.leave(now),
        }
    }

    fn show_ways(&mut self) -> Vec<Command> {
        self.state = State::Who(Who::Choose);
        Vec::new()
    }

    /// The page before this one; before the first are the cards.
    fn one_page_back(&mut self) -> Vec<Command> {
        let pages = self.pages();
        for at in (0..self.visit.step.min(pages.len())).rev() {
            // Who has been asked who they are is not asked on the way back: they may go to the cards and say it there.
            if pages[at] != KioskPage::Who
                && let Some(state) = self.state_of(pages[at])
            {
                self.visit.step = at;
                self.state = state;
                return Vec::new();
            }
        }
        self.show_cards();
        Vec::new()
    }

    /// Back to the cards by whoever goes on: who they are is still known, what they had chosen is not.
    pub(super) fn show_cards(&mut self) {
        self.visit.service = None;
        self.visit.appointment = None;
        self.visit.step = 0;
        self.visit.customer = 0;
        self.visit.paperless = false;
        if self.guest.is_none() && self.visit.care.is_none() {
            self.visit.asked = false;
            self.visit.unknown = false;
            self.visit.expected = None;
        }
        self.state = State::Welcome;
    }

    /// What a page between card and number shows; nothing when it has nothing to say to this customer.
    fn state_of(&self, page: KioskPage) -> Option<State> {
        let offer = self.chosen()?;
        match page {
            KioskPage::Who => {
                let known = self.visit.asked || self.guest.is_some() || self.visit.care.is_some();
                (self.asks_who() && !known).then_some(State::Who(Who::Choose))
            }
            KioskPage::Documents => has_papers(offer).then_some(State::Documents { aside: false }),
            KioskPage::Confirm => Some(State::Confirm),
        }
    }

    /// The pages between a card and the number.
    pub(super) fn pages(&self) -> Vec<KioskPage> {
        self.settings.as_ref().map_or_else(|| vec![KioskPage::Confirm], |settings| settings.pages.clone())
    }

    /// Whether this hall asks anybody who they are.
    pub(super) fn asks_who(&self) -> bool {
        self.settings.as_ref().is_some_and(|settings| settings.care || !settings.identify.is_empty())
    }

    /// The business that was chosen.
    pub(super) fn chosen(&self) -> Option<&ServiceOffer> {
        self.offer(self.visit.service.as_deref()?)
    }

    /// Whether the wait is so long that the customer is asked once more. It is an ordinary customer's, and no question to others.
    pub(super) fn is_long_wait(&self) -> bool {
        let Some(limit_min) = self.settings.as_ref().and_then(|settings| settings.long_wait_min) else { return false };
        let Some(offer) = self.chosen() else { return false };
        let told = offer.wait.told_minutes().is_some();
        let comes_first = self.visit.care.is_some() || self.visit.appointment.is_some() || self.honoured().is_some();
        told && !comes_first && offer.wait.likely_s / 60 >= limit_min
    }

    fn take(&mut self, now: Moment) -> Vec<Command> {
        let Some(service) = self.visit.service.clone() else { return Vec::new() };
        self.attempt += 1;
        let request = TakeTicket {
            service,
            language: Some(self.language.tag().to_owned()),
            kiosk: self.kiosk.clone(),
            identified: self.guest_key(),
            care: self.visit.care,
            appointment: self.visit.appointment.as_ref().map(|appointment| appointment.code.clone()),
            paperless: self.visit.paperless,
            customer: self.kind_of_customer(),
            ..TakeTicket::default()
        };
        self.state = State::Taking { since: now, try_again_at: None, unable: None };
        vec![Command::Take { attempt: self.attempt, request }]
    }

    /// The kind of customer they chose, by its Chinese name; nothing when that is the first, as which everybody is taken.
    fn kind_of_customer(&self) -> Option<String> {
        let kinds = &self.chosen()?.documents;
        (self.visit.customer > 0).then(|| kinds.get(self.visit.customer).map(|kind| kind.customer.zh.clone()))?
    }

    /// The papers of the business, opened from the confirm page.
    pub(super) fn open_papers(&mut self) {
        if self.state == State::Confirm && self.chosen().is_some_and(has_papers) {
            self.state = State::Documents { aside: true };
        }
    }

    /// Another kind of customer, whose papers are others.
    pub(super) fn choose_customer(&mut self, kind: usize) {
        if self.chosen().is_some_and(|offer| kind < offer.documents.len()) {
            self.visit.customer = kind;
        }
    }

    pub(super) fn choose_paperless(&mut self, paperless: bool) {
        if self.state == State::Confirm && self.settings.as_ref().is_some_and(|settings| settings.paperless) {
            self.visit.paperless = paperless;
        }
    }
}

/// Whether there is anything to say before the number: papers, or a way without a teller.
pub(super) fn has_papers(offer: &ServiceOffer) -> bool {
    offer.self_service.is_some() || offer.documents.iter().any(|group| !group.items.is_empty())
}
