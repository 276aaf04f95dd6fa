//! What may be booked, and who may check in.

use crate::appointment::{Appointment, Booking, Standing};
use crate::command::BookAppointment;
use crate::event::Event;
use crate::ids::{AppointmentCode, ServiceId, TierId};
use crate::refusal::Refusal;
use crate::rules::Tier;
use crate::state::Hall;
use crate::time::{At, clock};

/// Appointments that can be open at a time: of a million codes so few are good that guessing one takes long.
const MOST: usize = 2000;
/// How far ahead an appointment can lie, in days.
const AHEAD_DAYS: i64 = 366;
const DAY_MS: i64 = 86_400_000;

impl Hall {
    pub(super) fn decide_book(&self, at: At, wish: &BookAppointment) -> Result<Vec<Event>, Refusal> {
        let rules = self.rules();
        let (_, service) = rules.service(&wish.service).ok_or_else(|| Refusal::UnknownService(wish.service.clone()))?;
        let tier = match &wish.tier {
            Some(id) => rules.tier(id).map(|(_, tier)| tier).ok_or_else(|| Refusal::UnknownTier(id.clone()))?,
            None => rules.lowest_tier().ok_or_else(|| Refusal::UnknownTier("".into()))?,
        };
        self.somebody_serves(&service.id, tier)?;
        if !(at.utc_ms..=at.utc_ms + AHEAD_DAYS * DAY_MS).contains(&wish.at.utc_ms) {
            return Err(Refusal::AppointmentTime { days: AHEAD_DAYS });
        }
        for hours in [&rules.hours, &service.hours].into_iter().flatten() {
            if !hours.open_at(wish.at) {
                return Err(Refusal::AppointmentOutsideHours { hours: hours.text_on(wish.at.weekday()) });
            }
        }
        let free = |code: &&AppointmentCode| self.appointment(code).is_none();
        let code = wish.codes.iter().find(free).filter(|_| self.appointments().count() < MOST);
        Ok(vec![Event::AppointmentBooked(Booking {
            code: code.ok_or(Refusal::AppointmentsFull)?.clone(),
            service: service.id.clone(),
            at_ms: wish.at.utc_ms,
            day: wish.at.business_date(rules.cut_over_minute),
            tier: wish.tier.clone(),
        })])
    }

    pub(super) fn decide_cancel_appointment(&self, at: At, code: &AppointmentCode) -> Result<Vec<Event>, Refusal> {
        let appointment = self.appointment(code).ok_or(Refusal::UnknownAppointment)?;
        match self.standing(appointment, at.utc_ms) {
            Standing::Early | Standing::Due | Standing::Late => {
                Ok(vec![Event::AppointmentCancelled { code: code.clone() }])
            }
            Standing::Used => Err(Refusal::AppointmentUsed),
            Standing::Cancelled => Err(Refusal::AppointmentCancelled),
        }
    }

    /// The appointment with which a customer may take a number for this service now, and whether its booked time counts.
    pub(super) fn checks_in(
        &self,
        at: At,
        code: &AppointmentCode,
        service: &ServiceId,
    ) -> Result<(&Appointment, bool), Refusal> {
        let appointment = self.appointment(code).ok_or(Refusal::UnknownAppointment)?;
        let counts = match self.standing(appointment, at.utc_ms) {
            Standing::Due => true,
            Standing::Late => false,
            Standing::Early => {
                let from_ms = self.checks_in_from_ms(&appointment.booking);
                return Err(Refusal::AppointmentEarly { from: told_from(at, from_ms) });
            }
            Standing::Used => return Err(Refusal::AppointmentUsed),
            Standing::Cancelled => return Err(Refusal::AppointmentCancelled),
        };
        if appointment.booking.service != *service {
            return Err(Refusal::AppointmentForAnother { service: appointment.booking.service.clone() });
        }
        Ok((appointment, counts))
    }

    /// Of two tiers the one that precedes; an appointment's tier that is no longer configured gives none.
    pub(super) fn higher_tier<'h>(&'h self, one: Option<&'h Tier>, booked: Option<&TierId>) -> Option<&'h Tier> {
        let place = |tier: &Tier| self.rules().tier(&tier.id).map_or(usize::MAX, |(place, _)| place);
        let booked = booked.and_then(|id| self.rules().tier(id)).map(|(_, tier)| tier);
        one.into_iter().chain(booked).min_by_key(|tier| place(tier))
    }
}

/// A moment as somebody who stands there at `at` is told it: the time, and the date when it is another.
fn told_from(at: At, from_ms: i64) -> String {
    let from = At { utc_ms: from_ms, ..at };
    let (date, time) = (from.date(), clock(from.minute_of_day()));
    if date == at.date() { time } else { format!("{date} {time}") }
}
