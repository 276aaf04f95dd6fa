//! `/tickets`: taking a number, looking at it, giving it up.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use hall::command::TakeTicket;
use hall::{Actor, Command, Identity, TicketCode, TicketId, TierId};
use wire::{Called, Cancel, Issued, Priority, Problem, PublicTicket, Rating, Rejoin, Role};

use super::appointments::guesses_too_much;
use super::body::{Asked, too_long, wrong_field};
use super::{App, Caller, json, problem};
use crate::arrivals::Guest;
use crate::engine::{Ask, Reply};
use crate::view;

/// Takes a number.
#[utoipa::path(post, path = "/tickets", tag = "tickets", request_body = wire::TakeTicket,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = Issued), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn take(State(app): State<App>, asked: Asked<wire::TakeTicket>) -> Response<Body> {
    let wish = &asked.body;
    if let Some(answer) = unknown_kiosk(&app, wish.kiosk.as_deref()) {
        return answer;
    }
    if let Some(language) =
        wish.language.as_deref().filter(|language| !app.premises.languages.iter().any(|known| known == language))
    {
        let known = app.premises.languages.join(", ");
        return wrong_field("language", format!("`{}` is not one of: {known}", abridged(language)));
    }
    if let Some(wrong) = wish.identity.as_ref().and_then(|identity| identity.kind.fault(&identity.value)) {
        return wrong_field("identity.value", wrong.to_owned());
    }
    if wish.identity.is_some() && wish.identified.is_some() {
        return wrong_field("identified", "send either identity or identified, not both".to_owned());
    }
    if wish.appointment.is_some() && wish.booked_at.is_some() {
        return wrong_field("booked_at", "send either appointment or booked_at, not both".to_owned());
    }
    if let Some(answer) =
        wish.appointment.as_ref().and_then(|_| guesses_too_much(&app, wish.kiosk.as_deref(), asked.caller.language))
    {
        return answer;
    }
    let booked_ms = wish.booked_at.map(|booked| booked.as_millisecond());
    if booked_ms.is_some_and(|booked_ms| !is_of_today(&app, booked_ms)) {
        return wrong_field("booked_at", "an appointment is of the present business day".to_owned());
    }
    let Some(code) = random_code() else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no_chance", "The system has no randomness to give", None);
    };
    let Customer { tier, identity } = customer(&app, &asked).await;
    let command = Command::TakeTicket(TakeTicket {
        service: wish.service.as_str().into(),
        tier,
        identity,
        care: wish.care,
        booked_ms,
        appointment: wish.appointment.as_deref().map(|code| code.trim().into()),
        paperless: wish.paperless,
        language: wish.language.clone(),
        customer: kind_of_customer(&app, wish),
        kiosk: wish.kiosk.clone(),
        code,
    });
    let answer = app.command(&asked.caller, asked.request(), command, Reply::Issued).await;
    if wish.appointment.is_some() && answer.status() == StatusCode::NOT_FOUND {
        app.guesses.note(wish.kiosk.as_deref().unwrap_or_default(), app.clock.now_ms());
    }
    if let Some(key) = wish.identified.as_deref().filter(|_| answer.status().is_client_error()) {
        app.identified.release(key);
    }
    answer
}

/// The kind of customer a wish names, where the service knows it. One that it does not know, as after the hall renamed its kinds, costs
/// nobody a number.
fn kind_of_customer(app: &App, wish: &wire::TakeTicket) -> Option<String> {
    let state = app.published.read();
    let (_, service) = state.world.hall.rules().service(&wish.service.as_str().into())?;
    wish.customer.clone().filter(|wanted| service.documents.iter().any(|kind| kind.customer.zh == *wanted))
}

/// A ticket, its wait and its history.
#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", params(("id" = u64, Path)),
    responses((status = 200, body = Issued), (status = 404, body = Problem)))]
pub(crate) async fn look(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Response<Body> {
    let state = app.published.read();
    let ticket = id.parse().ok().and_then(|id| state.world.hall.ticket(TicketId(id)));
    let Some(ticket) = ticket else { return no_ticket(&id) };
    let mut issued = view::issued(&state.world.hall, &state.foreseen, ticket, app.clock.now_ms(), caller.sight());
    issued.ticket.history = view::history(ticket);
    issued.ticket.print = state.prints.get(&ticket.id).map(|(_, print, _)| *print);
    json(&issued)
}

/// What a ticket's QR opens.
#[utoipa::path(get, path = "/t/{code}", tag = "tickets", params(("code" = String, Path)),
    responses((status = 200, body = PublicTicket), (status = 404, body = Problem)))]
pub(crate) async fn by_code(State(app): State<App>, Path(code): Path<String>) -> Response<Body> {
    let state = app.published.read();
    match state.world.hall.ticket_by_code(&TicketCode::from(code)) {
        Some(ticket) => json(&view::public(&state.world.hall, ticket)),
        None => problem(StatusCode::NOT_FOUND, "unknown_ticket", "There is no such ticket today", None),
    }
}

/// Rates a served ticket.
#[utoipa::path(post, path = "/tickets/{id}/rating", tag = "tickets", request_body = Rating, params(("id" = u64, Path)),
    responses((status = 200, body = Called), (status = 409, body = Problem)))]
pub(crate) async fn rate(State(app): State<App>, Path(id): Path<String>, asked: Asked<Rating>) -> Response<Body> {
    let Some(ticket) = ticket_id(&id) else { return no_ticket(&id) };
    if let Some(answer) = too_long("comment", asked.body.comment.as_deref()) {
        return answer;
    }
    let command = Command::Rate { ticket, score: asked.body.score, comment: asked.body.comment.clone() };
    app.command(&asked.caller, asked.request(), command, Reply::Ticket(ticket)).await
}

/// Gives a ticket up.
#[utoipa::path(post, path = "/tickets/{id}/cancel", tag = "tickets", request_body = Cancel, params(("id" = u64, Path)),
    responses((status = 200, body = Called), (status = 409, body = Problem)))]
pub(crate) async fn cancel(State(app): State<App>, Path(id): Path<String>, asked: Asked<Cancel>) -> Response<Body> {
    let Some(ticket) = ticket_id(&id) else { return no_ticket(&id) };
    let by = if asked.caller.role == Role::Kiosk { Actor::Customer } else { Actor::Staff };
    let command = Command::Cancel { ticket, by };
    app.command(&asked.caller, asked.request(), command, Reply::Ticket(ticket)).await
}

/// Cares for a customer first.
#[utoipa::path(post, path = "/tickets/{id}/priority", tag = "tickets", request_body = Priority,
    params(("id" = u64, Path)), responses((status = 200, body = Called), (status = 409, body = Problem)))]
pub(crate) async fn prioritise(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Asked<Priority>,
) -> Response<Body> {
    let Some(ticket) = ticket_id(&id) else { return no_ticket(&id) };
    let command = Command::Prioritise { ticket, care: asked.body.care };
    app.command(&asked.caller, asked.request(), command, Reply::Ticket(ticket)).await
}

/// A held customer is back and waits again, in the place of their arrival.
#[utoipa::path(post, path = "/tickets/{id}/rejoin", tag = "tickets", request_body = Rejoin,
    params(("id" = u64, Path)), responses((status = 200, body = Called), (status = 409, body = Problem)))]
pub(crate) async fn rejoin(State(app): State<App>, Path(id): Path<String>, asked: Asked<Rejoin>) -> Response<Body> {
    let Some(ticket) = ticket_id(&id) else { return no_ticket(&id) };
    let command = Command::Rejoin { ticket, same_counter: asked.body.same_counter.unwrap_or(false) };
    app.command(&asked.caller, asked.request(), command, Reply::Ticket(ticket)).await
}

/// The customer left before the answer came. The key is that of the request given up: a number it was given is cancelled, and a
/// late original gets none.
#[utoipa::path(post, path = "/tickets/abandon", tag = "tickets",
    params(("Idempotency-Key" = String, Header, description = "of the request that is given up")),
    responses((status = 204), (status = 400, body = Problem)))]
pub(crate) async fn abandon(State(app): State<App>, caller: Caller) -> Response<Body> {
    let Some(key) = caller.key else {
        let detail = Some("send the Idempotency-Key of the request that is given up".to_owned());
        return problem(StatusCode::BAD_REQUEST, "bad_key", "Which request is not clear", detail);
    };
    let (respond, answer) = tokio::sync::oneshot::channel();
    app.ask(Ask::Abandon { key, respond }, answer, caller.language).await
}

/// Prints a ticket again, marked as a copy.
#[utoipa::path(post, path = "/tickets/{id}/reprint", tag = "tickets", request_body = Cancel, params(("id" = u64, Path)),
    responses((status = 200, body = Called), (status = 409, body = Problem)))]
pub(crate) async fn reprint(State(app): State<App>, Path(id): Path<String>, asked: Asked<Cancel>) -> Response<Body> {
    let Some(ticket) = ticket_id(&id) else { return no_ticket(&id) };
    app.command(&asked.caller, asked.request(), Command::Reprint { ticket }, Reply::Ticket(ticket)).await
}

/// What is known of whoever takes a number.
struct Customer {
    tier: Option<TierId>,
    identity: Option<Identity>,
}

/// The tier that the request states, else that of the customer as far as they are known, else none: the lowest. Somebody whose
/// `identified` is not known any more is nobody in particular: they get a number all the same.
async fn customer(app: &App, asked: &Asked<wire::TakeTicket>) -> Customer {
    let wish = &asked.body;
    let stated = wish.tier.as_deref().map(TierId::from);
    match (&wish.identity, &wish.identified) {
        (Some(who), _) => {
            let mut identity = Identity::mask(who.kind, &who.kind.plain(&who.value));
            let tier = match stated {
                Some(stated) => Some(stated),
                None => app.known(who.kind, &who.value).await.map(|known| {
                    identity.level = known.level;
                    // A number may still be refused them; then a person is needed all the more.
                    if let Some(kiosk) = wish.kiosk.clone() {
                        let guest = Guest { kiosk, identity: identity.clone(), tier: known.tier.clone() };
                        app.published.greet(guest, app.clock.now_ms());
                    }
                    known.tier
                }),
            };
            Customer { tier, identity: Some(identity) }
        }
        (None, Some(key)) => {
            let request = asked.caller.key.as_deref();
            match app.identified.redeem(key, wish.kiosk.as_deref(), request, app.clock.now_ms()) {
                Some((identity, tier)) => Customer { tier: stated.or(Some(tier)), identity: Some(identity) },
                None => Customer { tier: stated, identity: None },
            }
        }
        (None, None) => Customer { tier: stated, identity: None },
    }
}

/// Whether a moment is of the present business day.
fn is_of_today(app: &App, at_ms: i64) -> bool {
    let now = app.at();
    let cut_over_minute = app.published.read().world.hall.rules().cut_over_minute;
    app.at_ms(at_ms).business_date(cut_over_minute) == now.business_date(cut_over_minute)
}

fn ticket_id(text: &str) -> Option<TicketId> {
    text.parse().ok().map(TicketId)
}

fn no_ticket(id: &str) -> Response<Body> {
    let detail = Some(format!("`{id}` is not the id of a ticket of this business day"));
    problem(StatusCode::NOT_FOUND, "unknown_ticket", "There is no such ticket today", detail)
}

/// As much of a foreign text as an error may repeat.
fn abridged(text: &str) -> String {
    text.chars().take(40).collect()
}

fn unknown_kiosk(app: &App, kiosk: Option<&str>) -> Option<Response<Body>> {
    let kiosk = kiosk?;
    if app.has_kiosk(kiosk) {
        return None;
    }
    let known: Vec<_> = app.premises.kiosks.iter().map(|(name, _)| name.as_str()).collect();
    Some(wrong_field("kiosk", format!("`{}` is not one of: {}", abridged(kiosk), known.join(", "))))
}

/// Twelve letters and digits, 60 bits of chance: short enough for a small QR, too many to guess.
pub(super) fn random_code() -> Option<TicketCode> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).ok()?;
    let code: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    Some(code.into())
}
