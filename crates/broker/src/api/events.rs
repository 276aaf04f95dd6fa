//! `/events`: what happens, as Server-Sent Events, resumable by `Last-Event-ID`.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use wire::{EventId, Problem};

use super::{App, Caller, problem};

/// Where to go on, for clients that cannot set a header.
#[derive(Debug, Deserialize)]
pub(crate) struct From {
    from: Option<String>,
}

/// A silent connection gets a comment this often, so that both ends notice when it is dead.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Everything after `Last-Event-ID` (or `from`), then whatever happens. 410 when that is too long ago: take a new snapshot.
///
/// Durable events carry `id: epoch.seq`; passing ones (`say`, `sign.wanted`, `print.changed`, `device.changed`,
/// `outlook.changed`, `customer.identified`, `arrivals.changed`) carry none. `outlook.changed` comes to those who may
/// `GET /outlook`, `customer.identified` to kiosks, supervisors and administrators, `arrivals.changed` to tellers, supervisors
/// and administrators.
#[utoipa::path(get, path = "/events", tag = "hall",
    params(("Last-Event-ID" = Option<String>, Header), ("from" = Option<String>, Query)),
    responses((status = 200, content_type = "text/event-stream", body = wire::Event), (status = 400, body = Problem),
        (status = 410, body = Problem)))]
pub(crate) async fn follow(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Response<Body> {
    let last = headers.get("Last-Event-ID").and_then(|value| value.to_str().ok()).map(str::to_owned).or(from.from);
    let from: Option<EventId> = match last.as_deref().map(str::parse).transpose() {
        Ok(from) => from,
        Err(detail) => return problem(StatusCode::BAD_REQUEST, "bad_event_id", "Last-Event-ID is wrong", Some(detail)),
    };
    let Some((missed, receiver)) = app.published.follow(from.as_ref()) else {
        let detail = Some("take a new snapshot from GET /hall and go on from its epoch.seq".to_owned());
        return problem(StatusCode::GONE, "too_old", "These events are not at hand any more", detail);
    };
    let first = stream::iter([Bytes::from_static(b": jiaohao events, version 1\n\n")])
        .chain(stream::iter(missed.into_iter().map(|frame| frame.text)));
    let then = stream::unfold((receiver, app.stopping.clone()), move |(mut receiver, stopping)| async move {
        let silent_since = Instant::now();
        loop {
            tokio::select! {
                frame = receiver.recv() => match frame {
                    Ok(frame) if frame.is_for(caller.role) => return Some((frame.text, (receiver, stopping))),
                    Ok(_) => {}
                    // Too slow: cut, so that the client resumes from what it has.
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
                () = tokio::time::sleep_until(silent_since + KEEP_ALIVE) => {
                    return Some((Bytes::from_static(b": alive\n\n"), (receiver, stopping)));
                }
                () = stopping.cancelled() => return None,
            }
        }
    });
    let body = Body::from_stream(first.chain(then).map(Ok::<_, std::convert::Infallible>));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
