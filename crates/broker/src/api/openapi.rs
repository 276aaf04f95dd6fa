//! The OpenAPI document, made from the handlers and the table of roles.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::Components;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, appointments, counters, devices, events, hall, identity, ops, roles, staff, tickets};

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
        .routes(routes!(tickets::rejoin))
        .routes(routes!(tickets::reprint))
        .routes(routes!(appointments::book, appointments::list))
        .routes(routes!(appointments::cancel))
        .routes(routes!(appointments::find))
        .routes(routes!(hall::services))
        .routes(routes!(hall::kiosk))
        .routes(routes!(identity::identify))
        .routes(routes!(identity::received))
        .routes(routes!(staff::open))
        .routes(routes!(staff::act))
        .routes(routes!(hall::snapshot))
        .routes(routes!(hall::outlook))
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
        if let Some(operation) = value.pointer_mut(&pointer).and_then(Value::as_object_mut) {
            let names: Vec<_> = allowed.iter().map(|role| role.name()).collect();
            operation.insert("security".to_owned(), json!([{ "bearer": [] }]));
            operation.insert("x-roles".to_owned(), json!(names));
        }
    }
    for operation in operations(&mut value) {
        complete(operation);
    }
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// Every operation of the document.
fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let methods = paths.into_iter().flat_map(|paths| paths.values_mut().filter_map(Value::as_object_mut));
    methods.flat_map(|methods| methods.values_mut().filter_map(Value::as_object_mut))
}

/// Adds what is true of every operation: what its answers mean, and the refusals that any request can get.
fn complete(operation: &mut Map<String, Value>) {
    let with_token = operation.contains_key("security");
    let with_body = operation.contains_key("requestBody");
    let with_path = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|parameters| parameters.iter().any(|parameter| parameter["in"] == "path"));
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let mut refusals = vec!["400", "503"];
    if with_token {
        refusals.extend(["401", "403"]);
    }
    if with_path {
        refusals.push("404");
    }
    if with_body {
        refusals.extend(["413", "422"]);
    }
    for status in refusals {
        responses.entry(status).or_insert_with(|| json!({}));
    }
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else { continue };
        let described = response.get("description").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if !described {
            response.insert("description".to_owned(), meaning(status).into());
        }
        if status.starts_with(['4', '5']) {
            let problem =
                json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
            response.insert("content".to_owned(), problem);
        }
    }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "done",
        "201" => "a number was promised, or a time booked",
        "204" => "done, or nobody waits; nothing to tell",
        "400" => "the request cannot be read",
        "401" => "no known token, or a wrong PIN",
        "403" => "the token's role may not ask this, or a kiosk's PIN is wrong",
        "404" => "there is no such thing",
        "409" => "not possible as things stand",
        "410" => "too long ago",
        "413" => "the body is too large",
        "422" => "a field is wrong",
        "429" => "too many tries; see Retry-After",
        _ => "busy, or nothing can be stored now; see Retry-After",
    }
}

async fn serve() -> Response<Body> {
    let mut response = Response::new(Body::from(document()));
    let kind = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_says_what_it_means_and_every_refusal_is_a_problem_object() {
        let mut document: Value = serde_json::from_str(&document()).unwrap();
        let mut count = 0;
        for operation in operations(&mut document) {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()));
                if status.starts_with(['4', '5']) {
                    assert!(response["content"]["application/problem+json"].is_object(), "{status}");
                }
                count += 1;
            }
        }
        assert!(count > 150, "{count} answers");
    }

    #[test]
    fn every_route_of_the_role_table_is_documented_with_its_roles() {
        let document: Value = serde_json::from_str(&document()).unwrap();
        for (method, path, _) in roles::TABLE {
            let roles = &document["paths"][path][method.to_lowercase()]["x-roles"];
            assert!(roles.is_array(), "{method} {path}");
        }
    }
}
