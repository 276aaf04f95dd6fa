//! Whom a reader has identified before this kiosk: greeted on the page, and known when they take their number.

use std::time::Duration;

use look::Language;

use super::{Desk, Identified, Moment, State};
use crate::view;

/// So long somebody is greeted, and their number taken as theirs; the broker forgets them little later.
pub const GREETED_FOR: Duration = Duration::from_secs(60);

/// Somebody who was identified, and when.
#[derive(Debug)]
pub(super) struct Guest {
    who: Identified,
    since: Moment,
}

impl Desk {
    /// A reader has identified somebody. A page with a number or a notice is somebody else's still, and is not changed.
    pub(super) fn meet(&mut self, now: Moment, who: Identified) {
        match self.state {
            State::Welcome | State::Confirm { .. } => {
                // Who shows a card is there as much as who touches the page.
                self.touched_at = now;
                self.guest = Some(Guest { who, since: now });
            }
            State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } => {}
        }
    }

    /// Forgets somebody who was identified too long ago.
    pub(super) fn forget_old_guest(&mut self, now: Moment) {
        self.guest.take_if(|guest| guest.is_gone(now));
    }

    /// The key of whoever was identified, for the one number that it is good for.
    pub(super) fn guest_key(&mut self, now: Moment) -> Option<String> {
        self.guest.take().filter(|guest| !guest.is_gone(now)).map(|guest| guest.who.key)
    }

    /// What the page says to whoever was identified: on the pages where they choose.
    pub(super) fn welcome_of_guest(&self, now: Moment) -> Option<view::Guest> {
        match self.state {
            State::Welcome | State::Confirm { .. } => {}
            State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } => return None,
        }
        let who = &self.guest.as_ref().filter(|guest| !guest.is_gone(now))?.who;
        let tiers = self.settings.as_ref().map_or(&[][..], |settings| &settings.tiers);
        // The last tier is everybody's: no honour, but a word that the card was read.
        let honoured = tiers.split_last().map_or(&[][..], |(_, before)| before);
        match honoured.iter().find(|tier| tier.id == who.tier) {
            Some(tier) => {
                let name = self.worded(&tier.names);
                Some(view::Guest::Honoured(if self.language == Language::Chinese { as_person(name) } else { name }))
            }
            None => Some(view::Guest::Known(who.masked.clone())),
        }
    }
}

impl Guest {
    fn is_gone(&self, now: Moment) -> bool {
        now.saturating_sub(self.since) >= GREETED_FOR
    }
}

/// A tier's Chinese name as one addresses a person: 全球通 is a brand, 全球通客户 are people.
fn as_person(name: String) -> String {
    let people = ["客户", "用户", "会员", "贵宾"].iter().any(|people| name.ends_with(people));
    if people { name } else { format!("{name}客户") }
}
