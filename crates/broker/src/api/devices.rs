//! `/devices`, `/print-jobs`, `/signs`: what device hosts ask and report.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use tokio::sync::oneshot;
use wire::{DeviceReport, DeviceSpec, PrintJob, PrintReport, Problem, SignWanted};

use super::body::Asked;
use super::{App, Caller, json, problem, respond};
use crate::daylight::Daylight;
use crate::effects;
use crate::engine::{Answer, Ask, moment};

/// The hall's devices.
#[utoipa::path(get, path = "/devices", tag = "devices", responses((status = 200, body = [DeviceSpec])))]
pub(crate) async fn list(State(app): State<App>) -> Response<Body> {
    json(&app.premises.devices)
}

/// A host says how a device is.
#[utoipa::path(post, path = "/devices/{name}/state", tag = "devices", request_body = DeviceReport,
    params(("name" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn report(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: Asked<DeviceReport>,
) -> Response<Body> {
    match app.published.report_device(&name, asked.body, app.clock.now_ms()) {
        Some(()) => respond(Answer::empty()),
        None => {
            let detail = Some("devices are named in [[device]] of the hall's configuration".to_owned());
            problem(StatusCode::NOT_FOUND, "unknown_device", "There is no such device", detail)
        }
    }
}

/// Which print jobs are asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct JobsOf {
    kiosk: Option<String>,
}

/// What a kiosk's printer has to do, oldest first.
#[utoipa::path(get, path = "/print-jobs", tag = "devices", params(("kiosk" = Option<String>, Query)),
    responses((status = 200, body = [PrintJob])))]
pub(crate) async fn print_jobs(State(app): State<App>, caller: Caller, Query(of): Query<JobsOf>) -> Response<Body> {
    let (respond, answer) = oneshot::channel();
    app.ask(Ask::PrintJobs { kiosk: of.kiosk, respond }, answer, caller.language).await
}

/// A host says how a print job stands.
#[utoipa::path(post, path = "/print-jobs/{id}", tag = "devices", request_body = PrintReport, params(("id" = u64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn print_report(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Asked<PrintReport>,
) -> Response<Body> {
    // The store counts in signed numbers.
    let Some(job) = id.parse::<u64>().ok().filter(|job| i64::try_from(*job).is_ok()) else {
        return problem(StatusCode::NOT_FOUND, "unknown_print_job", "There is no such print job", None);
    };
    let (respond, answer) = oneshot::channel();
    app.ask(Ask::Print { job, report: asked.body, respond }, answer, asked.caller.language).await
}

/// What every sign is to show.
#[utoipa::path(get, path = "/signs", tag = "devices", responses((status = 200, body = [SignWanted])))]
pub(crate) async fn signs(State(app): State<App>) -> Response<Body> {
    let daylight = Daylight::of(&app.premises.signs, moment(&app.clock, &app.premises.time_zone));
    let state = app.published.read();
    let places = effects::all_places(&state.world);
    let wanted: Vec<_> = places.iter().map(|place| effects::wanted(&state.world, place, state.seq, daylight)).collect();
    json(&wanted)
}
