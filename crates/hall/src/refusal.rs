//! Why a wish was not granted. A refusal is not an error: it reaches the customer or teller in their language
//! ([`crate::words`]), and nothing has changed.

use crate::ids::{CounterNumber, Number, ServiceId, TellerId, TicketId, TierId};
use crate::ticket::TicketState;
use crate::time::Date;

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No business day is open.
    DayNotOpen,
    /// The day of this date is open or past already: days only go forward.
    DayNotNew {
        /// The latest day.
        latest: Date,
    },
    /// A supervisor closed ticketing.
    TicketingClosed,
    /// Outside opening hours.
    OutsideHours {
        /// Today's hours, empty when closed all day.
        hours: String,
    },
    /// No numbers left today.
    QuotaExhausted {
        /// For this service.
        service: ServiceId,
        /// That many were given out.
        quota: u32,
    },
    /// No numbers left in this part of the day.
    WindowExhausted {
        /// For this service.
        service: ServiceId,
        /// That many were given out.
        numbers: u32,
        /// The minute of today from which there are numbers again, if there is one.
        next: Option<u16>,
    },
    /// No such appointment.
    UnknownAppointment,
    /// It is too early to check in.
    AppointmentEarly {
        /// From when: the time, with the date when it is not today's.
        from: String,
    },
    /// A number was taken with it.
    AppointmentUsed,
    /// It was called off.
    AppointmentCancelled,
    /// It is for another service.
    AppointmentForAnother {
        /// Which.
        service: ServiceId,
    },
    /// It does not lie ahead, or too far.
    AppointmentTime {
        /// How far it may, in days.
        days: i64,
    },
    /// The service is not offered at that time.
    AppointmentOutsideHours {
        /// The hours of that day, empty when closed all day.
        hours: String,
    },
    /// No more can be booked.
    AppointmentsFull,
    /// No such service.
    UnknownService(ServiceId),
    /// No such tier.
    UnknownTier(TierId),
    /// No such counter.
    UnknownCounter(CounterNumber),
    /// No such teller.
    UnknownTeller(TellerId),
    /// No such ticket today.
    UnknownTicket(TicketId),
    /// Nobody is signed in there.
    CounterClosed(CounterNumber),
    /// The counter is paused.
    CounterPaused(CounterNumber),
    /// The counter is not paused.
    CounterNotPaused(CounterNumber),
    /// Somebody is signed in there.
    CounterTaken {
        /// Where.
        counter: CounterNumber,
        /// Who.
        teller: TellerId,
    },
    /// The teller is signed in elsewhere.
    TellerElsewhere {
        /// Who.
        teller: TellerId,
        /// Where.
        counter: CounterNumber,
    },
    /// The counter has no ticket.
    NoTicketHere(CounterNumber),
    /// The counter still has one.
    CounterBusy {
        /// Where.
        counter: CounterNumber,
        /// With which.
        number: Number,
    },
    /// The counter cannot do what the ticket is for.
    NotServedHere {
        /// Where.
        counter: CounterNumber,
        /// What for.
        service: ServiceId,
    },
    /// No counter can do this.
    NoCounterFor(ServiceId),
    /// Not possible from where the ticket stands.
    WrongState {
        /// Which ticket.
        number: Number,
        /// Where it stands.
        state: TicketState,
    },
    /// Already rated.
    AlreadyRated(Number),
    /// A score is 1 to 5.
    BadScore(u8),
    /// The ticket came without a kiosk: there is nowhere to print it.
    NoPrinter(Number),
    /// Nobody waits whom this counter can serve. An answer rather than a fault: the API says 204.
    NobodyWaits(CounterNumber),
}
