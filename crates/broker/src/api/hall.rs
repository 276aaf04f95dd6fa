//! `/hall`, `/services`, `/kiosks`: how the hall stands.

use ::hall::{Command, calendar};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use wire::{BusinessDay, HallSnapshot, KioskSettings, OpenTicketing, Outlook, Problem, ServiceOffer, TierName};

use super::body::Asked;
use super::{App, Caller, json, problem};
use crate::engine::Reply;
use crate::{prospects, view};

/// The whole hall at one `seq`.
#[utoipa::path(get, path = "/hall", tag = "hall", responses((status = 200, body = HallSnapshot)))]
pub(crate) async fn snapshot(State(app): State<App>, caller: Caller) -> Response<Body> {
    let at = app.at();
    let snapshot = view::snapshot(&app.published.read(), &app.premises, at, app.clock.speed(), caller.sight());
    json(&snapshot)
}

/// Trouble ahead: who will miss their limit in the next half hour, and what helps.
#[utoipa::path(get, path = "/outlook", tag = "hall", responses((status = 200, body = Outlook)))]
pub(crate) async fn outlook(State(app): State<App>) -> Response<Body> {
    let state = app.published.read();
    json(&prospects::outlook(&state.world.hall, &state.foreseen, app.clock.now_ms()))
}

/// A supervisor opens or closes ticketing.
#[utoipa::path(post, path = "/hall/ticketing", tag = "hall", request_body = OpenTicketing,
    responses((status = 204), (status = 409, body = Problem)))]
pub(crate) async fn ticketing(State(app): State<App>, asked: Asked<OpenTicketing>) -> Response<Body> {
    let command = Command::SetTicketing { open: asked.body.open };
    app.command(&asked.caller, asked.request(), command, Reply::Nothing).await
}

/// A supervisor opens or closes the business day, where it does not open by itself.
#[utoipa::path(post, path = "/hall/day", tag = "hall", request_body = BusinessDay,
    responses((status = 204), (status = 409, body = Problem)))]
pub(crate) async fn day(State(app): State<App>, asked: Asked<BusinessDay>) -> Response<Body> {
    let command = if asked.body.open {
        let cut_over_minute = app.published.read().world.hall.rules().cut_over_minute;
        Command::OpenDay { date: app.at().business_date(cut_over_minute) }
    } else {
        Command::CloseDay
    };
    app.command(&asked.caller, asked.request(), command, Reply::Nothing).await
}

/// What kiosks may offer at this moment.
#[utoipa::path(get, path = "/services", tag = "hall", responses((status = 200, body = [ServiceOffer])))]
pub(crate) async fn services(State(app): State<App>, caller: Caller) -> Response<Body> {
    let at = app.at();
    let offers = view::services(&app.published.read(), at, caller.language);
    json(&offers)
}

/// What a kiosk has to know of its hall.
#[utoipa::path(get, path = "/kiosks/{name}", tag = "hall", params(("name" = String, Path)),
    responses((status = 200, body = KioskSettings), (status = 404, body = Problem)))]
pub(crate) async fn kiosk(State(app): State<App>, Path(name): Path<String>) -> Response<Body> {
    let Some((_, kiosk)) = app.premises.kiosks.iter().find(|(known, _)| *known == name) else {
        return unknown_kiosk();
    };
    let at = app.at();
    let state = app.published.read();
    let rules = state.world.hall.rules();
    json(&KioskSettings {
        kiosk: name,
        hall: (&rules.names).into(),
        languages: app.premises.languages.clone(),
        time_zone: app.premises.zone_name().to_owned(),
        now: wire::event::timestamp(at.utc_ms),
        hours_today: rules.hours.as_ref().map(|hours| hours.text_on(at.weekday())).unwrap_or_default(),
        panel_bottom_mm: kiosk.panel_bottom_mm,
        speed: app.clock.speed(),
        tiers: rules.tiers.iter().map(tier_name).collect(),
        pages: kiosk.pages.clone(),
        identify: kiosk.identify.clone(),
        care: kiosk.care,
        paperless: kiosk.paperless,
        services: kiosk.services.clone(),
        groups: kiosk.groups.clone(),
        long_wait_min: kiosk.long_wait_min,
        news: app.premises.news.iter().filter(|news| news.is_told(at)).map(|news| (&news.text).into()).collect(),
        greeting: calendar::greeting(&app.premises.greetings, at).map(Into::into),
        speech: kiosk.speech,
    })
}

/// There is no kiosk of the name in the path.
pub(super) fn unknown_kiosk() -> Response<Body> {
    let detail = Some("kiosks are named in [[kiosk]] of the hall's configuration".to_owned());
    problem(StatusCode::NOT_FOUND, "unknown_kiosk", "There is no such kiosk", detail)
}

fn tier_name(tier: &::hall::rules::Tier) -> TierName {
    TierName { id: tier.id.to_string(), names: (&tier.names).into(), area: tier.area.as_ref().map(Into::into) }
}
