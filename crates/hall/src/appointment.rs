//! Appointments: a customer's place in the queue, booked before they come.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{AppointmentCode, ServiceId, TicketId, TierId};
use crate::state::Hall;
use crate::ticket::TicketState;
use crate::time::Date;

/// What was booked; the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What the customer checks in with.
    pub code: AppointmentCode,
    /// What for.
    pub service: ServiceId,
    /// When they are to come, UTC ms.
    pub at_ms: i64,
    /// The business day this is on: when it is over, so is the appointment.
    pub day: Date,
    /// The tier they will have; without one, the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierId>,
}

/// An appointment of the open business day or a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// What was booked.
    pub booking: Booking,
    /// Whether it was called off.
    pub cancelled: bool,
    /// The latest ticket taken with it.
    pub ticket: Option<TicketId>,
}

/// How an appointment stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is too early to check in.
    Early,
    /// The customer may check in.
    Due,
    /// The booked time does not count any more: they get a number as if they had not booked.
    Late,
    /// A number was taken with it, and not given up.
    Used,
    /// It was called off.
    Cancelled,
}

impl Appointment {
    /// As it was just booked.
    pub(crate) fn new(booking: Booking) -> Self {
        Self { booking, cancelled: false, ticket: None }
    }
}

impl Hall {
    /// The appointment with this code.
    pub fn appointment(&self, code: &AppointmentCode) -> Option<&Appointment> {
        self.book().get(code)
    }

    /// Every appointment of the open business day and later ones, by code.
    pub fn appointments(&self) -> impl Iterator<Item = &Appointment> {
        self.book().values()
    }

    /// How an appointment stands at `now_ms` (UTC). A number that was given up leaves the appointment as it was.
    pub fn standing(&self, appointment: &Appointment, now_ms: i64) -> Standing {
        let state = appointment.ticket.and_then(|id| self.ticket(id)).map(|ticket| ticket.state);
        let used = state.is_some_and(|state| state != TicketState::Cancelled);
        match (appointment.cancelled, used) {
            (true, _) => Standing::Cancelled,
            (false, true) => Standing::Used,
            (false, false) if now_ms < self.checks_in_from_ms(&appointment.booking) => Standing::Early,
            (false, false) if now_ms <= self.counts_until_ms(&appointment.booking) => Standing::Due,
            (false, false) => Standing::Late,
        }
    }

    /// From when a customer may check in, UTC ms.
    pub fn checks_in_from_ms(&self, booking: &Booking) -> i64 {
        booking.at_ms - i64::from(self.rules().routing.appointment_early_s) * 1000
    }

    /// Until when the booked time counts, UTC ms.
    pub fn counts_until_ms(&self, booking: &Booking) -> i64 {
        booking.at_ms + i64::from(self.rules().routing.appointment_late_s) * 1000
    }

    /// What of the appointments goes on into the business day of this date, which is about to begin: whoever waits with one is
    /// cancelled by then, and may come again.
    pub(crate) fn kept_for(&self, date: Date) -> Vec<Booking> {
        let is_open = |appointment: &&Appointment| {
            let ticket = appointment.ticket.and_then(|id| self.ticket(id));
            let was_served =
                ticket.is_some_and(|ticket| matches!(ticket.state, TicketState::Completed | TicketState::NoShow));
            !appointment.cancelled && !was_served
        };
        let ahead = self.appointments().filter(|appointment| appointment.booking.day >= date);
        ahead.filter(is_open).map(|appointment| appointment.booking.clone()).collect()
    }
}

/// Appointments by their codes.
pub(crate) type Book = BTreeMap<AppointmentCode, Appointment>;
