//! What customers ask: take, cancel, rate; and what staff ask of a ticket that is at no counter.

use crate::command::{Actor, TakeTicket};
use crate::counter::CounterState;
use crate::event::{Event, TicketIssued};
use crate::ids::{Number, ServiceId, TicketId, TierId};
use crate::refusal::Refusal;
use crate::rules::{Service, Tier};
use crate::state::Hall;
use crate::ticket::{Care, Ticket, TicketState};
use crate::time::At;

impl Hall {
    pub(super) fn decide_take(&self, at: At, wish: &TakeTicket) -> Result<Vec<Event>, Refusal> {
        let (_, service) =
            self.rules().service(&wish.service).ok_or_else(|| Refusal::UnknownService(wish.service.clone()))?;
        let checked_in = wish.appointment.as_ref().map(|code| self.checks_in(at, code, &service.id)).transpose()?;
        let booking = checked_in.map(|(appointment, _)| &appointment.booking);
        let tier = self.tier_of(wish, booking.and_then(|booking| booking.tier.as_ref()))?;
        self.is_open_for(at, service)?;
        // A number that was promised to somebody who comes in time is not of those that are left.
        if !checked_in.is_some_and(|(_, in_time)| in_time) {
            self.has_numbers(at, service)?;
        }
        self.somebody_serves(&service.id, tier)?;

        let prefix = service.prefix.as_ref().unwrap_or(&tier.prefix);
        let head_start_ms = self.head_start_ms(wish.care);
        let came_ms = self.place_of_newcomer_ms(at);
        // Whoever keeps an appointment waits from the booked time, also when they come a little late; the waiting limit can
        // only run while they are here.
        let late_ms = i64::from(self.rules().routing.appointment_late_s) * 1000;
        let booked = booking.map(|booking| booking.at_ms).or(wish.booked_ms);
        let booked_ms = booked.filter(|booked_ms| at.utc_ms <= booked_ms + late_ms);
        let identified_at_ms = booked_ms.map_or(at.utc_ms, |booked_ms| booked_ms.max(at.utc_ms));
        let place_ms = booked_ms.unwrap_or(came_ms);
        Ok(vec![Event::TicketIssued(TicketIssued {
            ticket: self.next_ticket(),
            number: Number::nth(prefix, self.numbers_given(prefix) + 1),
            prefix: prefix.clone(),
            code: wish.code.clone(),
            tier: tier.id.clone(),
            service: service.id.clone(),
            identified_at_ms,
            deadline_at_ms: identified_at_ms + i64::from(tier.limit_s) * 1000,
            order_ms: place_ms - head_start_ms,
            care: wish.care,
            booked_ms: booked,
            appointment: wish.appointment.clone(),
            paperless: wish.paperless,
            language: wish.language.clone(),
            customer: wish.customer.clone(),
            kiosk: wish.kiosk.clone(),
            identity: wish.identity.clone(),
        })])
    }

    /// Whether numbers for a service are given out at this moment.
    ///
    /// # Errors
    /// Why not: no open day, ticketing closed, outside hours, quota exhausted.
    pub fn offers(&self, at: At, service: &Service) -> Result<(), Refusal> {
        self.is_open_for(at, service)?;
        self.has_numbers(at, service)
    }

    fn is_open_for(&self, at: At, service: &Service) -> Result<(), Refusal> {
        self.day().ok_or(Refusal::DayNotOpen)?;
        if !self.ticketing_open() {
            return Err(Refusal::TicketingClosed);
        }
        for hours in [&self.rules().hours, &service.hours].into_iter().flatten() {
            if !hours.open_at(at) {
                return Err(Refusal::OutsideHours { hours: hours.text_on(at.weekday()) });
            }
        }
        Ok(())
    }

    pub(super) fn decide_rate(&self, id: TicketId, score: u8, comment: Option<&str>) -> Result<Vec<Event>, Refusal> {
        let ticket = self.known(id)?;
        if !(1..=5).contains(&score) {
            return Err(Refusal::BadScore(score));
        }
        if ticket.state != TicketState::Completed {
            return Err(wrong_state(ticket));
        }
        if ticket.score.is_some() {
            return Err(Refusal::AlreadyRated(ticket.number.clone()));
        }
        Ok(vec![Event::TicketRated { ticket: id, score, comment: comment.map(str::to_owned) }])
    }

    pub(super) fn decide_cancel(&self, id: TicketId, by: Actor) -> Result<Vec<Event>, Refusal> {
        let ticket = self.known(id)?;
        match ticket.state {
            TicketState::Waiting | TicketState::Called | TicketState::Held => {
                Ok(vec![Event::TicketCancelled { ticket: id, by }])
            }
            TicketState::Serving | TicketState::Completed | TicketState::NoShow | TicketState::Cancelled => {
                Err(wrong_state(ticket))
            }
        }
    }

    pub(super) fn decide_rejoin(&self, id: TicketId, same_counter: bool) -> Result<Vec<Event>, Refusal> {
        let ticket = self.known(id)?;
        if ticket.state != TicketState::Held {
            return Err(wrong_state(ticket));
        }
        let only_counter = ticket.counter.filter(|number| same_counter && self.is_staffed(*number));
        Ok(vec![Event::TicketRejoined { ticket: id, only_counter }])
    }

    pub(super) fn decide_prioritise(&self, id: TicketId, care: Care) -> Result<Vec<Event>, Refusal> {
        let ticket = self.known(id)?;
        if ticket.state.is_final() {
            return Err(wrong_state(ticket));
        }
        // One head start is all there is, for however many reasons.
        let head_start_ms = if ticket.care.is_some() { 0 } else { self.head_start_ms(Some(care)) };
        let order_ms = ticket.order_ms - head_start_ms;
        Ok(vec![Event::TicketPrioritised { ticket: id, care, order_ms }])
    }

    pub(super) fn decide_reprint(&self, id: TicketId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.known(id)?;
        if ticket.state.is_final() {
            return Err(wrong_state(ticket));
        }
        if ticket.kiosk.is_none() {
            return Err(Refusal::NoPrinter(ticket.number.clone()));
        }
        Ok(vec![Event::TicketReprinted { ticket: id }])
    }

    pub(super) fn known(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        self.ticket(id).ok_or(Refusal::UnknownTicket(id))
    }

    /// A number that no counter could ever call would be a broken promise.
    pub(super) fn somebody_serves(&self, service: &ServiceId, tier: &Tier) -> Result<(), Refusal> {
        let rules = self.rules();
        let served = rules.counters.iter().any(|counter| rules.serves(counter, service, &tier.id));
        if served { Ok(()) } else { Err(Refusal::NoCounterFor(service.clone())) }
    }

    /// Whether a counter is open that could call a customer of this tier for a service.
    pub fn has_window_for(&self, service: &ServiceId, tier: &TierId) -> bool {
        let rules = self.rules();
        self.counters()
            .filter(|counter| matches!(counter.state, CounterState::Open { .. }))
            .any(|open| rules.counter(open.number).is_some_and(|counter| rules.serves(counter, service, tier)))
    }

    /// The tier that was recognised or that of the appointment, whichever precedes; without either the lowest.
    fn tier_of(&self, wish: &TakeTicket, booked: Option<&TierId>) -> Result<&Tier, Refusal> {
        let known =
            |id: &TierId| self.rules().tier(id).map(|(_, tier)| tier).ok_or_else(|| Refusal::UnknownTier(id.clone()));
        let recognised = wish.tier.as_ref().map(known).transpose()?;
        // Rules without tiers are refused by the configuration; a hall made without it refuses every ticket.
        let tier = self.higher_tier(recognised, booked).or(self.rules().lowest_tier());
        tier.ok_or_else(|| Refusal::UnknownTier("".into()))
    }

    /// The place of somebody who comes now. A clock that was set back lets nobody jump the queue.
    pub(super) fn place_of_newcomer_ms(&self, at: At) -> i64 {
        self.latest_arrival_ms().map_or(at.utc_ms, |latest| latest.max(at.utc_ms))
    }

    /// By how much priority care moves a place forward.
    pub(super) fn head_start_ms(&self, care: Option<Care>) -> i64 {
        care.map_or(0, |_| i64::from(self.rules().routing.care_head_start_s) * 1000)
    }
}

pub(super) fn wrong_state(ticket: &Ticket) -> Refusal {
    Refusal::WrongState { number: ticket.number.clone(), state: ticket.state }
}
