//! The table of role and route, held against the OpenAPI document: who may, may; who may not, may not.

use std::collections::BTreeSet;

use hall_tests::{Raw, Rig};
use serde_json::Value;
use wire::Role;

/// Routes that need no token.
const OPEN: &[&str] = &["/t/{code}", "/livez", "/readyz", "/metrics"];

/// One operation of the document.
struct Operation {
    method: String,
    path: String,
    roles: Option<BTreeSet<String>>,
}

impl Operation {
    /// A path that could be; what it names need not exist.
    fn address(&self) -> String {
        self.path
            .replace("{n}", "3")
            .replace("{id}", "999999")
            .replace("{name}", "nobody")
            .replace("{code}", "000000000000")
    }
}

async fn operations(raw: &Raw) -> Vec<Operation> {
    let document = raw.get("/openapi.json", "").await;
    assert_eq!((document.status, document.kind.as_str()), (200, "application/json"));
    let document = document.json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let roles = operation["x-roles"]
                .as_array()
                .map(|roles| roles.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            assert_eq!(operation["security"].is_array(), roles.is_some(), "{method} {path}");
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), roles });
        }
    }
    all
}

#[tokio::test]
async fn every_route_says_who_may_ask_it_and_keeps_to_it() {
    let rig = Rig::opens_unattended().await;
    let raw = Raw::to(&rig.url());
    let operations = operations(&raw).await;
    assert!(operations.len() > 30, "{} operations", operations.len());
    let before = rig.hall().await.seq;
    for operation in &operations {
        let Operation { method, path, roles } = operation;
        let Some(roles) = roles else {
            assert!(OPEN.contains(&path.as_str()), "{method} {path} is open to everybody");
            continue;
        };
        assert!(path.starts_with("/api/v1/") && !roles.is_empty(), "{method} {path}");
        for role in Role::ALL {
            // Events never end: the head of the answer is enough.
            let request = raw.request(method, &operation.address(), rig.token(role)).body("{}");
            let status = request.send().await.expect("an answer").status().as_u16();
            if roles.contains(role.name()) {
                assert!(
                    ![401, 403, 404, 405].contains(&status) || is_about_content(status, path),
                    "{role:?} {method} {path}: {status}"
                );
            } else {
                assert_eq!(status, 403, "{role:?} {method} {path}");
            }
        }
        for nobody in ["", "0123456789abcdef0123456789abcdef"] {
            let answer = raw.request(method, &operation.address(), nobody).send().await.expect("an answer");
            assert_eq!(answer.status(), 401, "nobody {method} {path}");
            assert!(answer.headers().contains_key("www-authenticate"), "{method} {path}");
        }
    }
    assert_eq!(rig.hall().await.seq, before, "asking with empty bodies changed the hall");
}

/// These paths name something that does not exist here.
fn is_about_content(status: u16, path: &str) -> bool {
    status == 404 && path.contains('{')
}

#[tokio::test]
async fn a_refusal_by_role_names_the_roles_that_may() {
    let rig = Rig::opens_unattended().await;
    let raw = Raw::to(&rig.url());
    let answer = raw.post("/api/v1/hall/ticketing", rig.token(Role::Kiosk), r#"{"open":false}"#).await;
    let problem = answer.is_problem(403, "wrong_role");
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("kiosk") && detail.contains("supervisor") && detail.contains("admin"), "{detail}");
    assert!(rig.hall().await.ticketing_open);
    raw.post("/api/v1/hall/ticketing", "", r#"{"open":false}"#).await.is_problem(401, "no_token");
}

#[tokio::test]
async fn the_document_of_the_program_is_the_document_of_the_broker() {
    let rig = Rig::opens_unattended().await;
    let served = Raw::to(&rig.url()).get("/openapi.json", "").await.json();
    let printed = crate::program().run(["openapi"]).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let printed: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(printed, served);
}
