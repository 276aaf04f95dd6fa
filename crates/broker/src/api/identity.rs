//! `/kiosks/{name}/identity`: a reader has seen who stands before a kiosk.

use ::hall::Identity;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use wire::{IdentityInput, Passing, PassingKind, Problem};

use super::body::{Asked, wrong_field};
use super::hall::unknown_kiosk;
use super::tickets::random_code;
use super::{App, problem, respond};
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
    if !app.premises.kiosks.iter().any(|(known, _)| *known == kiosk) {
        return unknown_kiosk();
    }
    let IdentityInput { kind, value } = asked.body;
    if let Some(wanted) = kind.fault(&value) {
        return wrong_field("value", wanted.to_owned());
    }
    let Some(key) = random_code().map(|code| code.to_string()) else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no_chance", "The system has no randomness to give", None);
    };
    let (tier, level) = match app.known(kind, &value).await {
        Some(known) => (Some(known.tier), known.level),
        None => (None, None),
    };
    let lowest = || app.published.read().world.hall.rules().lowest_tier().map(|tier| tier.id.clone());
    let Some(tier) = tier.or_else(lowest) else { return respond(Answer::empty()) };
    let identity = Identity::mask(kind, &kind.plain(&value));
    let now_ms = app.clock.now_ms();
    tracing::info!(kiosk, masked = identity.masked, tier = tier.as_str(), "identified a customer");
    app.identified.remember(&key, &kiosk, identity.clone(), tier.clone(), now_ms);
    let Identity { kind, masked } = identity;
    let kind = PassingKind::CustomerIdentified { kiosk, key, kind, masked, tier: tier.to_string(), level };
    app.published.tell(&Passing::new(now_ms, kind));
    respond(Answer::empty())
}
