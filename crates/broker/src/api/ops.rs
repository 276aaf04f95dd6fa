//! For whoever keeps the machine alive: `/livez`, `/readyz`, `/metrics`.

use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use tokio::sync::oneshot;
use wire::Problem;

use super::{App, problem};
use crate::engine::Ask;

/// The process answers and its loop runs.
#[utoipa::path(get, path = "/livez", tag = "operations", responses((status = 200), (status = 503, body = Problem)))]
pub(crate) async fn live(State(app): State<App>) -> Response<Body> {
    if app.desk.has_loop() {
        Response::new(Body::from("ok\n"))
    } else {
        let detail = Some("start the broker again; see the log for what ended it".to_owned());
        problem(StatusCode::SERVICE_UNAVAILABLE, "no_loop", "The broker's loop has ended", detail)
    }
}

/// How long the loop may take to show that it works.
const PROOF_WITHIN: Duration = Duration::from_secs(2);

/// The loop works and the database takes commits.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200), (status = 503, body = Problem)))]
pub(crate) async fn ready(State(app): State<App>) -> Response<Body> {
    let (respond, proof) = oneshot::channel();
    let asked = app.desk.ask(Ask::Tick { prove: true, respond }).is_ok();
    match tokio::time::timeout(PROOF_WITHIN, proof).await {
        Ok(Ok(())) if asked => Response::new(Body::from("ready\n")),
        Ok(Ok(()) | Err(_)) | Err(_) => {
            let detail = Some("see the log: the disk may be full or failing".to_owned());
            problem(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "The broker cannot commit", detail)
        }
    }
}

/// Figures in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, content_type = "text/plain")))]
pub(crate) async fn metrics(State(app): State<App>) -> Response<Body> {
    let mut text = String::new();
    let figures = &app.desk.counters;
    let load = |figure: &std::sync::atomic::AtomicU64| figure.load(Ordering::Relaxed);
    let mut row = |name: &str, kind: &str, help: &str, labels: &str, value: f64| {
        // Writing to a String does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name}{labels} {value}");
    };
    row("jiaohao_commits_total", "counter", "Batches committed.", "", load(&figures.commits) as f64);
    row("jiaohao_commit_seconds_total", "counter", "Time spent in batches.", "", load(&figures.commit_us) as f64 / 1e6);
    row("jiaohao_failed_commits_total", "counter", "Batches that failed.", "", load(&figures.failed_commits) as f64);
    row("jiaohao_busy_total", "counter", "Requests refused by a full queue.", "", load(&figures.refused_full) as f64);
    {
        let state = app.published.read();
        let hall = &state.world.hall;
        row("jiaohao_event_seq", "gauge", "The last event.", "", state.seq as f64);
        row("jiaohao_tickets_today", "gauge", "Tickets issued this business day.", "", hall.tickets().count() as f64);
        row("jiaohao_waiting", "gauge", "Tickets waiting.", "", hall.queue().len() as f64);
        let well = state.devices.values().filter(|device| device.report.state == wire::DeviceState::Ok).count();
        row("jiaohao_devices_ok", "gauge", "Devices that said they are well.", "", well as f64);
        row("jiaohao_devices", "gauge", "Devices configured.", "", state.devices.len() as f64);
    }
    let mut response = Response::new(Body::from(text));
    let kind = header::HeaderValue::from_static("text/plain; version=0.0.4");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
