//! The rules of the hall, and nothing else: no clock, no randomness, no async, no I/O.
//!
//! A [`Command`] asks, an [`Event`] tells. [`Hall::decide`] answers a command with events or a [`Refusal`] and changes
//! nothing; [`Hall::apply`] takes events that are durable already and cannot fail. Whoever replays the same events gets
//! the same hall, whatever the [`Rules`] say by then.
//!
//! Read on in the order of a ticket's life: [`command`], [`decide`], [`event`], [`state`], [`routing`].

pub mod ahead;
pub mod appointment;
pub mod calendar;
pub mod command;
pub mod counter;
mod decide;
pub mod event;
pub mod identity;
pub mod ids;
pub mod queue;
mod quota;
pub mod refusal;
pub mod routing;
pub mod rules;
pub mod state;
mod tally;
pub mod ticket;
pub mod time;
pub mod words;

pub use ahead::Ahead;
pub use appointment::{Appointment, Booking, Standing};
pub use command::{Actor, Command, Destination};
pub use counter::{Counter, CounterState};
pub use event::{Event, HoldKind};
pub use identity::{Identity, IdentityKind};
pub use ids::{AppointmentCode, CounterNumber, Number, Prefix, ServiceId, TellerId, TicketCode, TicketId, TierId};
pub use refusal::Refusal;
pub use routing::{Because, Profile};
pub use rules::Rules;
pub use state::Hall;
pub use ticket::{Care, Ticket, TicketState};
pub use time::{At, Date};
pub use words::Language;
