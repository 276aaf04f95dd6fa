//! `/appointments`, `/kiosks/{name}/appointment`: times that were booked, and who comes with one.

use ::hall::command::BookAppointment as Book;
use ::hall::{AppointmentCode, Command, IdentityKind, Language, TierId};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use wire::{Appointment, BookAppointment, FindAppointment, Problem};

use super::body::Asked;
use super::hall::unknown_kiosk;
use super::{App, json, problem, respond};
use crate::engine::{Answer, Reply, refused};
use crate::view;

/// Codes that are made for a booking; the first that is free is taken.
const CANDIDATES: usize = 8;
/// The longest text that is looked up as a code.
const CODE_LIMIT: usize = 32;

/// Books a time for a customer, who checks in with the code they are told: at a kiosk, from some minutes before the time on. It
/// is there until its business day is over.
#[utoipa::path(post, path = "/appointments", tag = "appointments", request_body = BookAppointment,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = Appointment), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn book(State(app): State<App>, asked: Asked<BookAppointment>) -> Response<Body> {
    let wish = &asked.body;
    let Some(codes) = (0..CANDIDATES).map(|_| random_digits()).collect::<Option<Vec<_>>>() else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no_chance", "The system has no randomness to give", None);
    };
    let command = Command::BookAppointment(Book {
        service: wish.service.as_str().into(),
        at: app.at_ms(wish.at.as_millisecond()),
        tier: wish.tier.as_deref().map(Into::into),
        codes,
    });
    app.command(&asked.caller, asked.request(), command, Reply::Appointment).await
}

/// Calls an appointment off.
#[utoipa::path(post, path = "/appointments/{code}/cancel", tag = "appointments", request_body = wire::Cancel,
    params(("code" = String, Path)),
    responses((status = 200, body = Appointment), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn cancel(
    State(app): State<App>,
    Path(code): Path<String>,
    asked: Asked<wire::Cancel>,
) -> Response<Body> {
    let command = Command::CancelAppointment { code: code.into() };
    app.command(&asked.caller, asked.request(), command, Reply::Appointment).await
}

/// The appointments of the open business day and later ones, by their time.
#[utoipa::path(get, path = "/appointments", tag = "appointments", responses((status = 200, body = [Appointment])))]
pub(crate) async fn list(State(app): State<App>) -> Response<Body> {
    let (state, now_ms) = (app.published.read(), app.clock.now_ms());
    let hall = &state.world.hall;
    let mut all: Vec<Appointment> = hall.appointments().map(|one| view::appointment(hall, one, now_ms)).collect();
    all.sort_by(|one, other| (one.at, &one.code).cmp(&(other.at, &other.code)));
    json(&all)
}

/// A customer has typed a code. After ten unknown ones within a minute the kiosk has to wait.
#[utoipa::path(post, path = "/kiosks/{name}/appointment", tag = "appointments", request_body = FindAppointment,
    params(("name" = String, Path)), responses((status = 200, body = Appointment), (status = 404, body = Problem),
        (status = 429, body = Problem)))]
pub(crate) async fn find(
    State(app): State<App>,
    Path(kiosk): Path<String>,
    asked: Asked<FindAppointment>,
) -> Response<Body> {
    if !app.has_kiosk(&kiosk) {
        return unknown_kiosk();
    }
    let language = asked.caller.language;
    if let Some(answer) = guesses_too_much(&app, Some(&kiosk), language) {
        return answer;
    }
    match look_up(&app, &asked.body.code) {
        Some(found) => json(&found.appointment),
        None => {
            app.guesses.note(&kiosk, app.clock.now_ms());
            let state = app.published.read();
            respond(refused(&::hall::Refusal::UnknownAppointment, state.world.hall.rules(), language))
        }
    }
}

/// An appointment, and the tier that was booked with it.
pub(super) struct Booked {
    pub(super) appointment: Appointment,
    pub(super) tier: Option<TierId>,
}

/// The appointment whose code a reader of a kiosk has seen; most codes it sees are of another kind.
pub(super) fn scanned(app: &App, kiosk: &str, kind: IdentityKind, value: &str) -> Option<Booked> {
    let six_digits = value.len() == DIGITS && value.bytes().all(|byte| byte.is_ascii_digit());
    let now_ms = app.clock.now_ms();
    if kind != IdentityKind::Code || !six_digits || app.guesses.penalty_s(kiosk, now_ms).is_some() {
        return None;
    }
    let found = look_up(app, value);
    if found.is_none() {
        app.guesses.note(kiosk, now_ms);
    }
    found
}

/// The answer to whoever has tried too many codes at this kiosk.
pub(super) fn guesses_too_much(app: &App, kiosk: Option<&str>, language: Language) -> Option<Response<Body>> {
    let seconds = app.guesses.penalty_s(kiosk.unwrap_or_default(), app.clock.now_ms())?;
    tracing::warn!(kiosk, seconds, "too many codes that are no appointment's");
    let title = match language {
        Language::Zh => "预约码错误次数过多，请稍后再试",
        Language::En => "Too many unknown codes; please try again later",
    };
    let answer = Answer::problem(StatusCode::TOO_MANY_REQUESTS, "throttled", title.to_owned(), None);
    Some(respond(Answer { retry_after: Some(seconds), ..answer }))
}

fn look_up(app: &App, code: &str) -> Option<Booked> {
    let code = code.trim();
    if code.len() > CODE_LIMIT {
        return None;
    }
    let state = app.published.read();
    let hall = &state.world.hall;
    let found = hall.appointment(&AppointmentCode::from(code))?;
    let tier = found.booking.tier.clone().filter(|tier| hall.rules().tier(tier).is_some());
    Some(Booked { appointment: view::appointment(hall, found, app.clock.now_ms()), tier })
}

/// Digits of a code.
const DIGITS: usize = 6;

/// A code that nobody can know beforehand.
fn random_digits() -> Option<AppointmentCode> {
    let mut bytes = [0_u8; 4];
    getrandom::fill(&mut bytes).ok()?;
    let number = u32::from_le_bytes(bytes) % 1_000_000;
    Some(format!("{number:0DIGITS$}").into())
}
