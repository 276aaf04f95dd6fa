//! `/kiosks/{name}/identity`, `/hall/received`: a reader has seen who stands before a kiosk, and somebody goes to receive them.

use ::hall::{Identity, Language};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use wire::{IdentityInput, Passing, PassingKind, Problem, Received};

use super::appointments::scanned;
use super::body::{Asked, wrong_field};
use super::hall::unknown_kiosk;
use super::tickets::random_code;
use super::{App, problem, respond};
use crate::arrivals::Guest;
use crate::engine::Answer;

/// A reader has identified the customer before a kiosk: the kiosk greets them by their tier (`customer.identified`) and takes
/// their number with the key it is told. The number is not kept, and told to nobody but the
/// directory of `[directory]`.
#[utoipa::path(post, path = "/kiosks/{name}/identity", tag = "devices", request_body = IdentityInput,
    params(("name" = String, Path)), responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn identify(
    State(app): State<App>,
    Path(kiosk): Path<String>,
    asked: Asked<IdentityInput>,
) -> Response<Body> {
    if !app.has_kiosk(&kiosk) {
        return unknown_kiosk();
    }
    let IdentityInput { kind, value } = asked.body;
    if let Some(wanted) = kind.fault(&value) {
        return wrong_field("value", wanted.to_owned());
    }
    let Some(key) = random_code().map(|code| code.to_string()) else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no_chance", "The system has no randomness to give", None);
    };
    let booked = scanned(&app, &kiosk, kind, &kind.plain(&value));
    let (tier, level) = match &booked {
        Some(booked) => (booked.tier.clone(), None),
        None => app.known(kind, &value).await.map_or((None, None), |known| (Some(known.tier), known.level)),
    };
    let appointment = booked.map(|booked| booked.appointment);
    let lowest = || app.published.read().world.hall.rules().lowest_tier().map(|tier| tier.id.clone());
    let Some(tier) = tier.or_else(lowest) else { return respond(Answer::empty()) };
    let identity = Identity { level, ..Identity::mask(kind, &kind.plain(&value)) };
    let now_ms = app.clock.now_ms();
    tracing::info!(kiosk, masked = identity.masked, tier = tier.as_str(), "identified a customer");
    app.identified.remember(&key, &kiosk, identity.clone(), tier.clone(), now_ms);
    let guest = Guest { kiosk: kiosk.clone(), identity: identity.clone(), tier: tier.clone() };
    let staff_told = app.published.greet(guest, now_ms);
    let Identity { kind, masked, level } = identity;
    let kind = PassingKind::CustomerIdentified {
        kiosk,
        key,
        kind,
        masked,
        tier: tier.to_string(),
        level,
        staff_told,
        appointment,
    };
    app.published.tell(&Passing::new(now_ms, kind));
    respond(Answer::empty())
}

/// Somebody goes to a customer whom the alarm `vip_arrived` is about: nobody else is told of them any more. In memory only: after
/// a restart those who still wait are told of again.
#[utoipa::path(post, path = "/hall/received", tag = "hall", request_body = Received,
    responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn received(State(app): State<App>, asked: Asked<Received>) -> Response<Body> {
    if app.published.receive(&asked.body.about, app.clock.now_ms()) {
        return respond(Answer::empty());
    }
    let title = match asked.caller.language {
        Language::Zh => "这位客户已被呼叫或已离开",
        Language::En => "This customer was called or has left",
    };
    let detail = Some("`about` is that of an alarm of the kind vip_arrived".to_owned());
    problem(StatusCode::NOT_FOUND, "nobody_to_receive", title, detail)
}
