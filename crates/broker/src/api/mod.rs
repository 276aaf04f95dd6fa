//! Sessions: HTTP in, an ask on the loop's queue or a look at the published state, HTTP out.

mod appointments;
mod body;
mod counters;
mod devices;
mod events;
mod hall;
mod identity;
pub mod openapi;
mod ops;
mod roles;
mod staff;
mod tickets;

use std::sync::Arc;

use ::hall::{Command, Identity, IdentityKind, Language};
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use axum::middleware;
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use wire::{IDEMPOTENCY_KEY, Role};

use crate::access::Access;
use crate::corners::Corners;
use crate::directory::{Directory, Known};
use crate::engine::{Answer, Ask, CommandAsk, Desk, Reply};
use crate::guesses::Guesses;
use crate::identified::Identified;
use crate::options::Premises;
use crate::published::Published;
use crate::view::Sight;

/// The longest request body, in bytes: the largest honest one is a rating with a comment.
const BODY_LIMIT: usize = 16 * 1024;
/// The longest idempotency key, in bytes.
const KEY_LIMIT: usize = 128;

/// What every handler works with.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) desk: Desk,
    pub(crate) published: Published,
    pub(crate) access: Access,
    pub(crate) premises: Premises,
    pub(crate) directory: Arc<Directory>,
    pub(crate) identified: Identified,
    pub(crate) corners: Corners,
    pub(crate) guesses: Guesses,
    pub(crate) clock: clock::Clock,
    /// Ends the event streams when the broker stops.
    pub(crate) stopping: tokio_util::sync::CancellationToken,
}

impl App {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The whole API.
pub(crate) fn router(app: App) -> Router {
    let (router, _) = openapi::routes().split_for_parts();
    router
        .fallback(|| async { not_found() })
        .method_not_allowed_fallback(|| async { method_not_allowed() })
        .layer(middleware::from_fn_with_state(app.clone(), roles::check))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::map_response(unreadable_as_problem))
        .with_state(app)
}

/// A path or query that cannot be read at all is refused by axum in plain text; here every refusal is a problem object.
async fn unreadable_as_problem(response: Response<Body>) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain || !response.status().is_client_error() {
        return response;
    }
    let status = response.status();
    let told = axum::body::to_bytes(response.into_body(), BODY_LIMIT).await.unwrap_or_default();
    let detail = String::from_utf8_lossy(&told).into_owned();
    problem(status, "bad_address", "The request's path or query cannot be read", Some(detail))
}

/// What a request says about itself.
pub(crate) struct Caller {
    pub(crate) role: Role,
    pub(crate) language: Language,
    pub(crate) key: Option<String>,
}

impl Caller {
    /// The idempotency key with the fingerprint of the request, path and body, that it stands for.
    pub(crate) fn keyed(&self, (path, body): (&str, &[u8])) -> Option<(String, [u8; 32])> {
        let key = self.key.clone()?;
        // The role is part of it: a key says nothing to somebody who could not have asked.
        let hash = Sha256::new()
            .chain_update(self.role.name())
            .chain_update([0])
            .chain_update(path)
            .chain_update([0])
            .chain_update(fingerprinted(body));
        Some((key, hash.finalize().into()))
    }

    /// How much this caller may see of a ticket.
    pub(crate) fn sight(&self) -> Sight {
        match self.role {
            Role::Teller | Role::Supervisor | Role::Admin => Sight::Staff,
            Role::Kiosk | Role::Screen | Role::Devices | Role::Integrator => Sight::Public,
        }
    }
}

/// The language a request asks for.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let tag = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("zh");
    Language::of_tag(tag)
}

/// The idempotency key of a request.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Box<Answer>> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_LIMIT => Ok(Some(key.to_owned())),
        Ok(_) | Err(_) => {
            let detail = format!("{IDEMPOTENCY_KEY} is 1 to {KEY_LIMIT} visible ASCII characters");
            let title = "Idempotency-Key is not usable".to_owned();
            Err(Box::new(Answer::problem(StatusCode::BAD_REQUEST, "bad_key", title, Some(detail))))
        }
    }
}

impl Inner {
    /// What the directories know of a customer, whose number has nothing wrong with it.
    pub(crate) async fn known(&self, kind: IdentityKind, value: &str) -> Option<Known> {
        let known = self.directory.ask(kind, value, self.clock.now_ms()).await;
        self.published.note_silence(self.directory.is_silent(), self.clock.now_ms());
        known
    }

    /// Puts a command on the loop's queue and waits for what became of it. `request` is what the idempotency key stands
    /// for: path and body.
    pub(crate) async fn command(
        &self,
        caller: &Caller,
        request: (&str, &[u8]),
        command: Command,
        reply: Reply,
    ) -> Response<Body> {
        let key = caller.keyed(request);
        let (respond, answer) = oneshot::channel();
        let ask = CommandAsk { key, command, reply, language: caller.language, sight: caller.sight(), respond };
        self.ask(Ask::Command(Box::new(ask)), answer, caller.language).await
    }

    pub(crate) async fn ask(&self, ask: Ask, answer: oneshot::Receiver<Answer>, language: Language) -> Response<Body> {
        let busy = || {
            let title = match language {
                Language::Zh => "系统繁忙，请稍后再试",
                Language::En => "Busy; please try again",
            };
            let problem = Answer::problem(StatusCode::SERVICE_UNAVAILABLE, "busy", title.to_owned(), None);
            respond(Answer { retry_after: Some(1), ..problem })
        };
        match self.desk.ask(ask) {
            Ok(()) => answer.await.map_or_else(|_| busy(), respond),
            Err(mpsc::error::TrySendError::Full(_) | mpsc::error::TrySendError::Closed(_)) => busy(),
        }
    }

    /// Whether the hall has a kiosk of this name.
    pub(crate) fn has_kiosk(&self, name: &str) -> bool {
        self.premises.kiosks.iter().any(|(known, _)| known == name)
    }

    /// The hall's present moment.
    pub(crate) fn at(&self) -> ::hall::At {
        crate::engine::moment(&self.clock, &self.premises.time_zone)
    }

    /// Another moment by the hall's clocks, UTC ms.
    pub(crate) fn at_ms(&self, utc_ms: i64) -> ::hall::At {
        crate::engine::moment_of(utc_ms, &self.premises.time_zone)
    }
}

/// What of a body its fingerprint is made of: all but secrets and numbers of persons, which a short search would find again
/// from the fingerprint that the database keeps.
fn fingerprinted(body: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    // Most bodies have neither; they need not be read twice.
    let has = |name: &[u8]| body.windows(name.len()).any(|bytes| bytes == name);
    if !has(b"pin") && !has(b"identity") && !body.contains(&b'\\') {
        return body.into();
    }
    let Ok(serde_json::Value::Object(mut object)) = serde_json::from_slice(body) else { return body.into() };
    let pin = object.remove("pin").is_some();
    let identity = object.get_mut("identity").and_then(|identity| identity.get_mut("value"));
    if let Some(value) = identity {
        *value = Identity::mask(IdentityKind::Card, value.as_str().unwrap_or_default()).masked.into();
    } else if !pin {
        return body.into();
    }
    serde_json::to_vec(&object).unwrap_or_default().into()
}

/// An answer as HTTP.
pub(crate) fn respond(answer: Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if status != StatusCode::NO_CONTENT {
        let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    }
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A JSON answer.
pub(crate) fn json(body: &impl serde::Serialize) -> Response<Body> {
    respond(Answer::json(StatusCode::OK, body))
}

/// A problem in plain English, for whoever wrote the client.
pub(crate) fn problem(status: StatusCode, kind: &str, title: &str, detail: Option<String>) -> Response<Body> {
    respond(Answer::problem(status, kind, title.to_owned(), detail))
}

fn not_found() -> Response<Body> {
    problem(
        StatusCode::NOT_FOUND,
        "no_such_path",
        "There is nothing at this path",
        Some("see /openapi.json".to_owned()),
    )
}

fn method_not_allowed() -> Response<Body> {
    let detail = Some("see /openapi.json".to_owned());
    problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This path does not take this method", detail)
}

/// The identity of a request for its idempotency key.
pub(crate) fn path_of(method: &Method, path: &str) -> String {
    format!("{method} {path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_made_without_pin_and_number() {
        let sign_in = fingerprinted(br#"{"teller":"1001","pin":"471147"}"#);
        assert_eq!(sign_in.as_ref(), br#"{"teller":"1001"}"#);
        let take = fingerprinted(br#"{"service":"payment","identity":{"kind":"phone","value":"13812341234"}}"#);
        assert!(String::from_utf8_lossy(&take).contains("138****1234"));
        let plain = br#"{"service":"payment"}"#;
        assert_eq!(fingerprinted(plain).as_ref(), plain);
    }
}
