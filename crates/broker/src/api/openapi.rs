//! The OpenAPI document, made from the handlers and the table of roles.

use axum::body::Body;
use axum::http::Response;
use utoipa::OpenApi;
use utoipa::openapi::Components;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, counters, devices, events, hall, ops, roles, tickets};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jiaohao 叫号",
        description = "The API of one hall. Commands take `Idempotency-Key`; refusals and errors are problem objects (RFC 9457); \
                       `Accept-Language: en` gives English sentences. Times are RFC 3339 UTC.",
        license(name = "GPL-3.0-only", identifier = "GPL-3.0-only")
    ),
    components(schemas(wire::Event, wire::Passing, wire::Problem))
)]
struct Document;

/// The routes with their documentation.
pub(super) fn routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(tickets::take))
        .routes(routes!(tickets::abandon))
        .routes(routes!(tickets::look))
        .routes(routes!(tickets::rate))
        .routes(routes!(tickets::cancel))
        .routes(routes!(tickets::prioritise))
        .routes(routes!(tickets::reprint))
        .routes(routes!(hall::services))
        .routes(routes!(hall::kiosk))
        .routes(routes!(hall::snapshot))
        .routes(routes!(hall::ticketing))
        .routes(routes!(hall::day))
        .routes(routes!(events::follow))
        .routes(routes!(counters::sign_in))
        .routes(routes!(counters::sign_out))
        .routes(routes!(counters::pause))
        .routes(routes!(counters::resume))
        .routes(routes!(counters::call_next))
        .routes(routes!(counters::call))
        .routes(routes!(counters::recall))
        .routes(routes!(counters::no_show))
        .routes(routes!(counters::start))
        .routes(routes!(counters::complete))
        .routes(routes!(counters::hold))
        .routes(routes!(counters::transfer))
        .routes(routes!(counters::give_back))
        .routes(routes!(devices::list))
        .routes(routes!(devices::report))
        .routes(routes!(devices::print_jobs))
        .routes(routes!(devices::print_report))
        .routes(routes!(devices::signs));
    OpenApiRouter::with_openapi(Document::openapi())
        .nest("/api/v1", v1)
        .routes(routes!(tickets::by_code))
        .routes(routes!(ops::live))
        .routes(routes!(ops::ready))
        .routes(routes!(ops::metrics))
        .route("/openapi.json", axum::routing::get(serve))
}

/// The document as JSON.
pub fn document() -> String {
    let mut api = routes().to_openapi();
    let components = api.components.get_or_insert_with(Components::default);
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("bearer".to_owned(), bearer.into());
    let mut value = serde_json::to_value(&api).unwrap_or_default();
    for (method, path, allowed) in roles::TABLE {
        let pointer = format!("/paths/{}/{}", path.replace('~', "~0").replace('/', "~1"), method.to_lowercase());
        if let Some(operation) = value.pointer_mut(&pointer).and_then(serde_json::Value::as_object_mut) {
            let names: Vec<_> = allowed.iter().map(|role| role.name()).collect();
            operation.insert("security".to_owned(), serde_json::json!([{ "bearer": [] }]));
            operation.insert("x-roles".to_owned(), serde_json::json!(names));
        }
    }
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

async fn serve() -> Response<Body> {
    let mut response = Response::new(Body::from(document()));
    let kind = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}
