//! What a command is answered with. Worded from the draft before the commit, because a remembered answer is part of it; sent
//! only after.

use axum::http::StatusCode;
use bytes::Bytes;
use hall::{CounterNumber, Event, Language, Refusal, Rules, TicketId};
use serde::Serialize;
use wire::{Called, PrintState, Problem};

use crate::foreseen::Foreseen;
use crate::view::{self, Sight};
use crate::world::World;

/// An answer ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    /// Seconds after which asking again makes sense.
    pub(crate) retry_after: Option<u32>,
}

/// What a command's answer is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The ticket just issued, 201.
    Issued,
    /// The ticket just called to this counter and why; 204 when nobody was.
    Called(CounterNumber),
    /// The ticket that this counter had when it was asked.
    AtCounter(CounterNumber),
    /// This ticket.
    Ticket(TicketId),
    /// This counter.
    Counter(CounterNumber),
    /// The appointment just booked, 201, or called off.
    Appointment,
    /// Nothing, 204.
    Nothing,
}

impl Answer {
    /// An answer with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { status: status.as_u16(), body: body.into(), retry_after: None }
    }

    /// An answer without a body.
    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT.as_u16(), body: Bytes::new(), retry_after: None }
    }

    /// A refusal or error.
    pub(crate) fn problem(status: StatusCode, kind: &str, title: String, detail: Option<String>) -> Self {
        let problem = Problem { kind: kind.to_owned(), title, status: status.as_u16(), detail, field: None };
        Self::json(status, &problem)
    }

    /// The storage did not take it: nothing has happened, try again.
    pub(crate) fn storage_failed(language: Language, detail: String) -> Self {
        let title = match language {
            Language::Zh => "暂时无法保存，请稍后再试",
            Language::En => "It could not be stored; please try again",
        };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { retry_after: Some(1), ..Self::problem(status, "storage", title.to_owned(), Some(detail)) }
    }

    /// The customer of this request had left before it arrived.
    pub(crate) fn abandoned() -> Self {
        let title = "您已离开，未取号 / The customer had left".to_owned();
        Self::problem(StatusCode::GONE, "abandoned", title, None)
    }

    /// A key was used for two different requests.
    pub(crate) fn key_reused(language: Language) -> Self {
        let title = match language {
            Language::Zh => "同一幂等键用于不同的请求",
            Language::En => "This idempotency key was used for another request",
        };
        let detail = "send a new Idempotency-Key with a new request";
        Self::problem(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", title.to_owned(), Some(detail.to_owned()))
    }
}

/// How an answer is to be told: to whom, when, with which address behind the QR.
pub(crate) struct Telling<'a> {
    pub(crate) now_ms: i64,
    pub(crate) language: Language,
    pub(crate) sight: Sight,
    /// What ticket addresses begin with.
    pub(crate) public_url: &'a str,
    /// What was last foreseen.
    pub(crate) foreseen: &'a Foreseen,
}

/// Where a command's events leave the hall, as the one who asked is told. `at_counter` is the ticket that was at the counter
/// before the command.
pub(crate) fn worded(
    world: &World,
    reply: Reply,
    events: &[Event],
    at_counter: Option<TicketId>,
    telling: &Telling<'_>,
) -> Answer {
    let Telling { now_ms, language, sight, public_url, foreseen } = *telling;
    let hall = &world.hall;
    let answer_with = |id: TicketId, because: Option<String>| match hall.ticket(id) {
        Some(ticket) => {
            let ticket = view::ticket(hall, ticket, now_ms, sight);
            Answer::json(StatusCode::OK, &Called { ticket, because })
        }
        None => Answer::empty(),
    };
    match reply {
        Reply::Issued => {
            let issued = |event: &Event| {
                let Event::TicketIssued(issued) = event else { return None };
                Some((hall.ticket(issued.ticket)?, issued.kiosk.is_some() && !issued.paperless))
            };
            let Some((one, printed)) = events.iter().find_map(issued) else { return Answer::empty() };
            let mut view = view::issued(hall, foreseen, one, now_ms, sight);
            view.ticket.url = Some(ticket_url(public_url, one));
            // Its job was written with it. Without this word a page would not know that paper is to be waited for.
            view.ticket.print = printed.then_some(PrintState::Queued);
            Answer::json(StatusCode::CREATED, &view)
        }
        Reply::Called(_) => {
            let called = |event: &Event| {
                let Event::TicketCalled { ticket, because, .. } = event else { return None };
                Some((*ticket, because.clone()))
            };
            let Some((id, because)) = events.iter().find_map(called) else { return Answer::empty() };
            let words = hall.ticket(id).map(|one| because.text(&one.number, hall.rules(), language));
            answer_with(id, words)
        }
        Reply::AtCounter(_) => at_counter.map_or_else(Answer::empty, |id| answer_with(id, None)),
        Reply::Ticket(id) => answer_with(id, None),
        Reply::Counter(number) => match view::counter(hall, number, now_ms, sight) {
            Some(counter) => Answer::json(StatusCode::OK, &counter),
            None => Answer::empty(),
        },
        Reply::Appointment => {
            let about = |event: &Event| {
                if let Event::AppointmentBooked(booking) = event {
                    return Some((StatusCode::CREATED, hall.appointment(&booking.code)?));
                }
                let Event::AppointmentCancelled { code } = event else { return None };
                Some((StatusCode::OK, hall.appointment(code)?))
            };
            match events.iter().find_map(about) {
                Some((status, one)) => Answer::json(status, &view::appointment(hall, one, now_ms)),
                None => Answer::empty(),
            }
        }
        Reply::Nothing => Answer::empty(),
    }
}

/// A refusal as a problem object.
pub(crate) fn refused(refusal: &Refusal, rules: &Rules, language: Language) -> Answer {
    let (status, kind, field) = match refusal {
        Refusal::NobodyWaits(_) => return Answer::empty(),
        Refusal::DayNotOpen => (StatusCode::CONFLICT, "day_not_open", None),
        Refusal::DayNotNew { .. } => (StatusCode::CONFLICT, "day_not_new", None),
        Refusal::TicketingClosed => (StatusCode::CONFLICT, "ticketing_closed", None),
        Refusal::OutsideHours { .. } => (StatusCode::CONFLICT, "outside_hours", None),
        Refusal::QuotaExhausted { .. } => (StatusCode::CONFLICT, "quota_exhausted", None),
        Refusal::WindowExhausted { .. } => (StatusCode::CONFLICT, "window_exhausted", None),
        Refusal::UnknownAppointment => (StatusCode::NOT_FOUND, "unknown_appointment", None),
        Refusal::AppointmentEarly { .. } => (StatusCode::CONFLICT, "appointment_early", None),
        Refusal::AppointmentUsed => (StatusCode::CONFLICT, "appointment_used", None),
        Refusal::AppointmentCancelled => (StatusCode::CONFLICT, "appointment_cancelled", None),
        Refusal::AppointmentForAnother { .. } => (StatusCode::CONFLICT, "appointment_for_another", None),
        Refusal::AppointmentTime { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "appointment_time", Some("at")),
        Refusal::AppointmentOutsideHours { .. } => (StatusCode::CONFLICT, "appointment_outside_hours", Some("at")),
        Refusal::AppointmentsFull => (StatusCode::CONFLICT, "appointments_full", None),
        Refusal::UnknownService(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_service", Some("service")),
        Refusal::UnknownTier(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_tier", Some("tier")),
        Refusal::UnknownCounter(_) => (StatusCode::NOT_FOUND, "unknown_counter", None),
        Refusal::UnknownTeller(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_teller", Some("teller")),
        Refusal::UnknownTicket(_) => (StatusCode::NOT_FOUND, "unknown_ticket", None),
        Refusal::CounterClosed(_) => (StatusCode::CONFLICT, "counter_closed", None),
        Refusal::CounterPaused(_) => (StatusCode::CONFLICT, "counter_paused", None),
        Refusal::CounterNotPaused(_) => (StatusCode::CONFLICT, "counter_not_paused", None),
        Refusal::CounterTaken { .. } => (StatusCode::CONFLICT, "counter_taken", None),
        Refusal::TellerElsewhere { .. } => (StatusCode::CONFLICT, "teller_elsewhere", None),
        Refusal::NoTicketHere(_) => (StatusCode::CONFLICT, "no_ticket_here", None),
        Refusal::CounterBusy { .. } => (StatusCode::CONFLICT, "counter_busy", None),
        Refusal::NotServedHere { .. } => (StatusCode::CONFLICT, "not_served_here", None),
        Refusal::NoCounterFor(_) => (StatusCode::CONFLICT, "no_counter_for", None),
        Refusal::WrongState { .. } => (StatusCode::CONFLICT, "wrong_state", None),
        Refusal::AlreadyRated(_) => (StatusCode::CONFLICT, "already_rated", None),
        Refusal::BadScore(_) => (StatusCode::UNPROCESSABLE_ENTITY, "bad_score", Some("score")),
        Refusal::NoPrinter(_) => (StatusCode::CONFLICT, "no_printer", None),
    };
    let detail = (language != Language::En).then(|| refusal.text(rules, Language::En));
    let problem = Problem {
        kind: kind.to_owned(),
        title: refusal.text(rules, language),
        status: status.as_u16(),
        detail,
        field: field.map(str::to_owned),
    };
    Answer::json(status, &problem)
}

/// What a ticket's QR opens.
pub(crate) fn ticket_url(base: &str, ticket: &hall::Ticket) -> String {
    format!("{base}/t/{}", ticket.code)
}
