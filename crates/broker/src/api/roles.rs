//! Who may ask what: one table, used to check requests and to write the documents.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, Response, StatusCode, header};
use axum::middleware::Next;
use wire::Role;

use super::{App, problem};
use crate::access::{RECEIVE, SEE_AHEAD};

use Role::{Admin, Devices, Integrator, Kiosk, Screen, Supervisor, Teller};

/// Method, path and the roles that may ask it. A path that is not here needs no token.
pub(crate) const TABLE: &[(&str, &str, &[Role])] = &[
    ("POST", "/api/v1/tickets", &[Kiosk, Teller, Supervisor, Admin, Integrator]),
    ("POST", "/api/v1/tickets/abandon", &[Kiosk]),
    ("GET", "/api/v1/tickets/{id}", &[Kiosk, Teller, Supervisor, Admin]),
    ("POST", "/api/v1/tickets/{id}/rating", &[Kiosk, Teller, Devices, Supervisor, Admin]),
    ("POST", "/api/v1/tickets/{id}/cancel", &[Kiosk, Teller, Supervisor, Admin]),
    ("POST", "/api/v1/tickets/{id}/priority", &[Teller, Supervisor, Admin]),
    ("POST", "/api/v1/tickets/{id}/rejoin", &[Teller, Supervisor, Admin]),
    ("POST", "/api/v1/tickets/{id}/reprint", &[Teller, Supervisor, Admin]),
    ("POST", "/api/v1/appointments", BOOK),
    ("GET", "/api/v1/appointments", BOOK),
    ("POST", "/api/v1/appointments/{code}/cancel", BOOK),
    ("GET", "/api/v1/services", &[Kiosk, Teller, Screen, Supervisor, Admin, Integrator]),
    ("GET", "/api/v1/kiosks/{name}", &[Kiosk, Supervisor, Admin]),
    ("POST", "/api/v1/kiosks/{name}/identity", &[Kiosk, Devices]),
    ("POST", "/api/v1/kiosks/{name}/appointment", &[Kiosk]),
    ("POST", "/api/v1/kiosks/{name}/staff", &[Kiosk]),
    ("POST", "/api/v1/kiosks/{name}/staff/act", &[Kiosk]),
    ("GET", "/api/v1/hall", &[Kiosk, Teller, Screen, Devices, Supervisor, Admin, Integrator]),
    ("GET", "/api/v1/outlook", SEE_AHEAD),
    ("POST", "/api/v1/hall/received", RECEIVE),
    ("POST", "/api/v1/hall/ticketing", &[Supervisor, Admin]),
    ("POST", "/api/v1/hall/day", &[Supervisor, Admin]),
    ("GET", "/api/v1/events", &[Kiosk, Teller, Screen, Devices, Supervisor, Admin, Integrator]),
    ("POST", "/api/v1/counters/{n}/sign-in", &[Teller, Supervisor, Admin]),
    ("POST", "/api/v1/counters/{n}/sign-out", &[Teller, Supervisor, Admin]),
    ("POST", "/api/v1/counters/{n}/pause", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/resume", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/call-next", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/call", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/recall", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/no-show", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/start", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/complete", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/hold", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/transfer", &AT_COUNTER),
    ("POST", "/api/v1/counters/{n}/return", &AT_COUNTER),
    ("GET", "/api/v1/devices", &[Devices, Supervisor, Admin]),
    ("POST", "/api/v1/devices/{name}/state", &[Devices]),
    ("GET", "/api/v1/print-jobs", &[Devices, Supervisor, Admin]),
    ("POST", "/api/v1/print-jobs/{id}", &[Devices]),
    ("GET", "/api/v1/signs", &[Devices, Screen]),
];

/// Who books for customers: the system they book in, and staff who are asked.
const BOOK: &[Role] = &[Integrator, Supervisor, Admin];

/// Who works a counter: a teller's window, a keypad's host, a supervisor who helps out.
const AT_COUNTER: [Role; 4] = [Teller, Devices, Supervisor, Admin];

/// The table by method and path: it is asked with every request.
static BY_ROUTE: LazyLock<HashMap<(&str, &str), &[Role]>> =
    LazyLock::new(|| TABLE.iter().map(|(method, path, roles)| ((*method, *path), *roles)).collect());

/// Lets a request through that its token may make, and notes the role for the handler.
pub(crate) async fn check(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let Some(allowed) = allowed(&request) else { return next.run(request).await };
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let Some(role) = token.and_then(|token| app.access.role(token)) else {
        let detail = "send `Authorization: Bearer …` with a token of the hall's access.toml".to_owned();
        let mut answer =
            problem(StatusCode::UNAUTHORIZED, "no_token", "The token is missing or not known", Some(detail));
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        return answer;
    };
    if !allowed.contains(&role) {
        let names: Vec<_> = allowed.iter().map(|role| role.name()).collect();
        let detail = format!("the token is of role {}; this needs {}", role.name(), names.join(", "));
        tracing::info!(role = role.name(), path = request.uri().path(), "refused by role");
        return problem(StatusCode::FORBIDDEN, "wrong_role", "This token may not do this", Some(detail));
    }
    request.extensions_mut().insert(role);
    next.run(request).await
}

fn allowed(request: &Request) -> Option<&'static [Role]> {
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    let method = if *request.method() == Method::HEAD { &Method::GET } else { request.method() };
    BY_ROUTE.get(&(method.as_str(), path)).copied()
}
