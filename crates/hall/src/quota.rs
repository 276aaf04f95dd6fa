//! Quotas: how many numbers of a service a day and a part of the day have. Outside of every part only the day's counts.

use crate::refusal::Refusal;
use crate::rules::{QuotaWindow, Service};
use crate::state::Hall;
use crate::time::At;

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

impl Hall {
    /// Whether a service has numbers left at this moment.
    pub(crate) fn has_numbers(&self, at: At, service: &Service) -> Result<(), Refusal> {
        if let Some(quota) = service.daily_quota.filter(|quota| self.tally(&service.id).issued >= *quota) {
            return Err(Refusal::QuotaExhausted { service: service.id.clone(), quota });
        }
        match window_at(service, at) {
            Some(window) if self.left_in(window, at, service) == 0 => Err(Refusal::WindowExhausted {
                service: service.id.clone(),
                numbers: window.numbers,
                next: self.reopens(service, at, window.to_minute),
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Numbers a service has left at this moment, by the day or by the part of it, whichever is less; `None` without a quota.
    pub fn quota_left(&self, at: At, service: &Service) -> Option<u32> {
        let today = service.daily_quota.map(|quota| quota.saturating_sub(self.tally(&service.id).issued));
        let now = window_at(service, at).map(|window| self.left_in(window, at, service));
        today.into_iter().chain(now).min()
    }

    fn left_in(&self, window: &QuotaWindow, at: At, service: &Service) -> u32 {
        let moment = |minute: u16| at.midnight_ms() + i64::from(minute) * 60_000;
        let within = moment(window.from_minute)..moment(window.to_minute);
        let given = self.issues(&service.id).iter().filter(|at_ms| within.contains(at_ms)).count();
        window.numbers.saturating_sub(u32::try_from(given).unwrap_or(u32::MAX))
    }

    /// The first minute of today, from this one on, at which the service is offered.
    fn reopens(&self, service: &Service, at: At, from_minute: u16) -> Option<u16> {
        let hours = [&self.rules().hours, &service.hours];
        let open = |minute: &u16| hours.into_iter().flatten().all(|hours| hours.open_on(at.weekday(), *minute));
        (from_minute..DAY_MINUTES).find(open)
    }
}

/// The part of the day with a quota of its own that this moment lies in.
fn window_at(service: &Service, at: At) -> Option<&QuotaWindow> {
    let minute = at.minute_of_day();
    service.windows.iter().find(|window| (window.from_minute..window.to_minute).contains(&minute))
}
