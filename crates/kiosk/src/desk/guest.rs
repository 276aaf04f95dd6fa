//! Whoever was identified before this kiosk: greeted on the page, and known when they take their number.

use crate::language::Language;

use super::state::{State, Who};
use super::{Command, Desk, Identified, Moment};
use crate::view;
use wire::{IdentityKind, TierName};

impl Desk {
    /// Somebody was identified. A page with a number or a notice is somebody else's still, and is not changed.
    pub(super) fn meet(&mut self, now: Moment, mut who: Identified) -> Vec<Command> {
        // A phone number is typed here: another one is that of a customer who has left in the meantime.
        if who.kind == IdentityKind::Phone && self.visit.expected.as_ref() != Some(&who.masked) {
            return Vec::new();
        }
        if !self.is_before_number() {
            return Vec::new();
        }
        // Who shows a card is there as much as who touches the page.
        self.touched_at = now;
        self.poster_since = None;
        let appointment = who.appointment.take();
        self.guest = Some(who);
        self.visit.unknown = false;
        match (appointment, &self.state) {
            (Some(appointment), _) => {
                self.over = None;
                self.meet_appointment(appointment);
                Vec::new()
            }
            (
                None,
                State::Who(Who::Choose | Who::Phone { .. } | Who::Asking { .. } | Who::Show(_) | Who::Code { .. }),
            ) => {
                self.over = None;
                self.who_done(now)
            }
            (
                None,
                State::Who(Who::Care)
                | State::Welcome
                | State::Booked
                | State::Documents { .. }
                | State::Confirm
                | State::LongWait
                | State::Taking { .. }
                | State::Ticket { .. }
                | State::Refused { .. }
                | State::Staff(_),
            ) => Vec::new(),
        }
    }

    /// The key of whoever was identified, for the one number that it is good for.
    pub(super) fn guest_key(&mut self) -> Option<String> {
        self.guest.take().map(|who| who.key)
    }

    /// Whoever was identified, on the pages where they choose.
    fn present(&self) -> Option<&Identified> {
        self.guest.as_ref().filter(|_| self.is_before_number())
    }

    /// The tier by which somebody is honoured.
    pub(super) fn honoured(&self) -> Option<&TierName> {
        self.honoured_tier(&self.present()?.tier)
    }

    /// A tier that is an honour: the last one is everybody's.
    pub(super) fn honoured_tier(&self, id: &str) -> Option<&TierName> {
        let tiers = self.settings.as_ref().map_or(&[][..], |settings| &settings.tiers);
        tiers.split_last().map_or(&[][..], |(_, before)| before).iter().find(|tier| tier.id == id)
    }

    /// What the page says to whoever was identified: on the pages where they choose.
    pub(super) fn welcome_of_guest(&self) -> Option<view::Guest> {
        let who = self.present()?;
        match self.honoured() {
            Some(tier) => Some(view::Guest::Honoured(self.addressed(tier))),
            None => Some(view::Guest::Known(who.masked.clone())),
        }
    }

    /// How somebody of a tier with a name is received.
    pub(super) fn reception(&self) -> Option<view::Reception> {
        let (who, tier) = (self.present()?, self.honoured()?);
        Some(view::Reception {
            level: who.level.clone().unwrap_or_default(),
            way: tier.area.as_ref().map(|area| self.worded(area)).unwrap_or_default(),
            staff_told: who.staff_told,
        })
    }

    /// A tier's name as one addresses a person.
    fn addressed(&self, tier: &TierName) -> String {
        let name = self.worded(&tier.names);
        if self.language == Language::CHINESE { as_person(name) } else { name }
    }

    /// Whether a page is shown on which somebody still chooses.
    pub(super) fn is_before_number(&self) -> bool {
        match self.state {
            State::Welcome
            | State::Who(_)
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait => true,
            State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } | State::Staff(_) => false,
        }
    }
}

/// A tier's Chinese name as one addresses a person: 全球通 is a brand, 全球通客户 are people.
fn as_person(name: String) -> String {
    let people = ["客户", "用户", "会员", "贵宾"].iter().any(|people| name.ends_with(people));
    if people { name } else { format!("{name}客户") }
}
