//! Commands in, events or a refusal out. Nothing here changes the hall.

mod appointment;
mod counter;
mod ticket;

use crate::command::Command;
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::Hall;
use crate::time::{At, Date};

impl Hall {
    /// What `command` leads to at this moment: the events to make durable and then to apply, in order.
    ///
    /// # Errors
    /// The [`Refusal`] that the customer or teller is told; nothing is to change then.
    pub fn decide(&self, at: At, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::OpenDay { date } => self.decide_open_day(*date),
            Command::CloseDay => {
                let date = self.day().ok_or(Refusal::DayNotOpen)?;
                Ok(vec![Event::DayClosed { date }])
            }
            Command::SetTicketing { open } => {
                self.day().ok_or(Refusal::DayNotOpen)?;
                let changed = self.ticketing_open() != *open;
                Ok(changed.then_some(Event::TicketingChanged { open: *open }).into_iter().collect())
            }
            Command::Learn(lesson) => {
                self.day().ok_or(Refusal::DayNotOpen)?;
                Ok(vec![Event::Learnt(lesson.clone())])
            }
            Command::TakeTicket(wish) => self.decide_take(at, wish),
            Command::BookAppointment(wish) => self.decide_book(at, wish),
            Command::CancelAppointment { code } => self.decide_cancel_appointment(at, code),
            Command::SignIn { counter, teller } => self.decide_sign_in(*counter, teller),
            Command::AtCounter { counter, act } => self.decide_at_counter(at, *counter, act),
            Command::Rate { ticket, score, comment } => self.decide_rate(*ticket, *score, comment.as_deref()),
            Command::Cancel { ticket, by } => self.decide_cancel(*ticket, *by),
            Command::Rejoin { ticket, same_counter } => self.decide_rejoin(*ticket, *same_counter),
            Command::Prioritise { ticket, care } => self.decide_prioritise(*ticket, *care),
            Command::Reprint { ticket } => self.decide_reprint(*ticket),
        }
    }

    fn decide_open_day(&self, date: Date) -> Result<Vec<Event>, Refusal> {
        match self.latest_day() {
            Some(latest) if date <= latest => Err(Refusal::DayNotNew { latest }),
            Some(_) | None => {
                let closed = self.day().map(|date| Event::DayClosed { date });
                let appointments = self.kept_for(date);
                let opened = Event::DayOpened { date, first_ticket: self.next_ticket(), appointments };
                Ok(closed.into_iter().chain([opened]).collect())
            }
        }
    }
}
