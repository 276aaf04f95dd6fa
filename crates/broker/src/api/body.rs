//! Request bodies: JSON whose faults are named by field.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use wire::Problem;

use super::{App, Caller, idempotency_key, language, path_of, respond};
use crate::engine::Answer;

/// A command's body, with what its idempotency key stands for.
pub(crate) struct Asked<T> {
    pub(crate) caller: Caller,
    pub(crate) body: T,
    path: String,
    bytes: Bytes,
}

impl<T> Asked<T> {
    /// Path and body, as the idempotency key sees them.
    pub(crate) fn request(&self) -> (&str, &[u8]) {
        (&self.path, &self.bytes)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Asked<T> {
    type Rejection = Response<Body>;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let path = path_of(request.method(), request.uri().path());
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let bytes =
            Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|error| unreadable(&error))?;
        // A command without arguments may come without a body.
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let mut json = serde_json::Deserializer::from_slice(text);
        let body = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong(&error))?;
        json.end().map_err(|error| not_json(&error))?;
        Ok(Self { caller, body, path, bytes })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        // The role check put it there; without it the route is one that needs none.
        let role = parts.extensions.get::<wire::Role>().copied().unwrap_or(wire::Role::Screen);
        let key = idempotency_key(&parts.headers).map_err(|answer| respond(*answer))?;
        Ok(Self { role, language: language(&parts.headers), key })
    }
}

fn unreadable(error: &BytesRejection) -> Response<Body> {
    let (status, kind, title) = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The request body is larger than 16 KiB")
        }
        _ => (StatusCode::BAD_REQUEST, "bad_body", "The request body could not be read"),
    };
    super::problem(status, kind, title, None)
}

fn wrong(error: &serde_path_to_error::Error<serde_json::Error>) -> Response<Body> {
    let inner = error.inner();
    if inner.is_syntax() || inner.is_eof() {
        return not_json(inner);
    }
    let text = inner.to_string();
    let path = error.path().to_string();
    let field = if path == "." { named(&text) } else { Some(path) };
    bad_field(field, text)
}

/// A field whose value cannot be used.
pub(super) fn wrong_field(field: &str, detail: String) -> Response<Body> {
    bad_field(Some(field.to_owned()), detail)
}

fn bad_field(field: Option<String>, detail: String) -> Response<Body> {
    let problem = Problem {
        kind: "bad_field".to_owned(),
        title: "A field of the request is wrong".to_owned(),
        status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
        detail: Some(detail),
        field,
    };
    respond(Answer::json(StatusCode::UNPROCESSABLE_ENTITY, &problem))
}

/// The longest text a person writes into a field, in characters.
const TEXT_LIMIT: usize = 500;

/// Refuses a text that would fill the journal: it is kept for ever.
pub(super) fn too_long(field: &str, text: Option<&str>) -> Option<Response<Body>> {
    let length = text?.chars().count();
    (length > TEXT_LIMIT).then(|| wrong_field(field, format!("it has {length} characters; at most {TEXT_LIMIT}")))
}

/// The field that serde names in backticks, where it knows no path: a missing or unknown one.
fn named(text: &str) -> Option<String> {
    text.split('`').nth(1).map(str::to_owned)
}

fn not_json(error: &serde_json::Error) -> Response<Body> {
    super::problem(StatusCode::BAD_REQUEST, "not_json", "The request body is not JSON", Some(error.to_string()))
}
