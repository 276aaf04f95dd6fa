//! Wrong requests: each gets a problem object that names what is wrong, and the hall stays as it was.

use hall_tests::{Answer, Raw, Rig};
use wire::Role;

/// Where a request goes and what it says.
struct Wrong {
    method: &'static str,
    path: &'static str,
    role: Role,
    body: &'static str,
    status: u16,
    kind: &'static str,
    field: Option<&'static str>,
}

const fn posted(path: &'static str, role: Role, body: &'static str, status: u16, kind: &'static str) -> Wrong {
    Wrong { method: "POST", path, role, body, status, kind, field: None }
}

const fn field(wrong: Wrong, field: &'static str) -> Wrong {
    Wrong { field: Some(field), ..wrong }
}

const fn asked(method: &'static str, path: &'static str, role: Role, status: u16, kind: &'static str) -> Wrong {
    Wrong { method, path, role, body: "", status, kind, field: None }
}

const TICKETS: &str = "/api/v1/tickets";

const WRONG: &[Wrong] = &[
    posted(TICKETS, Role::Kiosk, "{", 400, "not_json"),
    posted(TICKETS, Role::Kiosk, "not json at all", 400, "not_json"),
    posted(TICKETS, Role::Kiosk, r#"{"service":"payment"} {}"#, 400, "not_json"),
    posted(TICKETS, Role::Kiosk, "[]", 422, "bad_field"),
    field(posted(TICKETS, Role::Kiosk, "{}", 422, "bad_field"), "service"),
    field(posted(TICKETS, Role::Kiosk, "", 422, "bad_field"), "service"),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"payment","colour":"red"}"#, 422, "bad_field"), "colour"),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":17}"#, 422, "bad_field"), "service"),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"payment","care":"rich"}"#, 422, "bad_field"), "care"),
    field(
        posted(
            TICKETS,
            Role::Kiosk,
            r#"{"service":"payment","identity":{"kind":"shoe","value":"1"}}"#,
            422,
            "bad_field",
        ),
        "identity.kind",
    ),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"haircut"}"#, 422, "unknown_service"), "service"),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"payment","tier":"king"}"#, 422, "unknown_tier"), "tier"),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"payment","kiosk":"kiosk-9"}"#, 422, "bad_field"), "kiosk"),
    asked("GET", "/api/v1/tickets/999", Role::Kiosk, 404, "unknown_ticket"),
    asked("GET", "/api/v1/tickets/A001", Role::Kiosk, 404, "unknown_ticket"),
    asked("GET", "/api/v1/tickets/-1", Role::Kiosk, 404, "unknown_ticket"),
    asked("GET", "/api/v1/tickets/99999999999999999999999", Role::Kiosk, 404, "unknown_ticket"),
    asked("GET", "/api/v1/kiosks/kiosk-9", Role::Kiosk, 404, "unknown_kiosk"),
    asked("GET", "/api/v1/nothing", Role::Kiosk, 404, "no_such_path"),
    asked("GET", "/", Role::Kiosk, 404, "no_such_path"),
    asked("GET", "/t/0000nosuch00", Role::Kiosk, 404, "unknown_ticket"),
    asked("DELETE", TICKETS, Role::Admin, 405, "method_not_allowed"),
    asked("GET", "/api/v1/counters/3/call-next", Role::Teller, 405, "method_not_allowed"),
    posted("/api/v1/counters/99/call-next", Role::Teller, "{}", 404, "unknown_counter"),
    posted("/api/v1/counters/three/call-next", Role::Teller, "{}", 404, "unknown_counter"),
    posted("/api/v1/counters/70000/call-next", Role::Teller, "{}", 404, "unknown_counter"),
    posted("/api/v1/counters/3/call-next", Role::Teller, "{}", 409, "counter_closed"),
    field(posted("/api/v1/counters/3/sign-in", Role::Teller, r#"{"teller":"1003"}"#, 422, "bad_field"), "pin"),
    posted("/api/v1/counters/3/sign-in", Role::Teller, r#"{"teller":"1003","pin":"x"}"#, 401, "wrong_pin"),
    field(
        posted("/api/v1/counters/3/hold", Role::Teller, r#"{"reason":"x","kind":"bored"}"#, 422, "bad_field"),
        "kind",
    ),
    field(posted("/api/v1/counters/3/call", Role::Teller, r#"{"ticket":"A001"}"#, 422, "bad_field"), "ticket"),
    field(posted("/api/v1/tickets/999/rating", Role::Teller, r#"{"score":"good"}"#, 422, "bad_field"), "score"),
    field(posted("/api/v1/tickets/999/rating", Role::Teller, r#"{"score":300}"#, 422, "bad_field"), "score"),
    posted("/api/v1/tickets/999/cancel", Role::Teller, "{}", 404, "unknown_ticket"),
    posted("/api/v1/tickets/999/rejoin", Role::Teller, "{}", 404, "unknown_ticket"),
    field(
        posted("/api/v1/tickets/999/rejoin", Role::Teller, r#"{"same_counter":"3"}"#, 422, "bad_field"),
        "same_counter",
    ),
    field(
        posted(TICKETS, Role::Kiosk, r#"{"service":"payment","booked_at":"2026-11-25T01:30:00Z"}"#, 422, "bad_field"),
        "booked_at",
    ),
    field(posted(TICKETS, Role::Kiosk, r#"{"service":"payment","booked_at":"soon"}"#, 422, "bad_field"), "booked_at"),
    asked("GET", "/api/v1/outlook", Role::Kiosk, 403, "wrong_role"),
    posted("/api/v1/tickets/999/reprint", Role::Teller, "{}", 404, "unknown_ticket"),
    field(posted("/api/v1/hall/ticketing", Role::Supervisor, r#"{"open":"yes"}"#, 422, "bad_field"), "open"),
    posted("/api/v1/print-jobs/999", Role::Devices, r#"{"state":"printed"}"#, 404, "unknown_print_job"),
    posted("/api/v1/print-jobs/x", Role::Devices, r#"{"state":"printed"}"#, 404, "unknown_print_job"),
    posted("/api/v1/devices/toaster/state", Role::Devices, r#"{"state":"ok"}"#, 404, "unknown_device"),
];

#[tokio::test]
async fn every_wrong_request_gets_a_problem_object_and_changes_nothing() {
    let rig = Rig::opens_unattended().await;
    let raw = Raw::to(&rig.url());
    let before = rig.hall().await;
    for wrong in WRONG {
        let Wrong { method, path, role, body, status, kind, field } = wrong;
        let request =
            raw.request(method, path, rig.token(*role)).header("Content-Type", "application/json").body(*body);
        let answer = Answer::to(request).await;
        let problem = answer.is_problem(*status, kind);
        if let Some(field) = field {
            assert_eq!(problem["field"], *field, "{method} {path} {body}: {answer:?}");
        }
    }
    let after = rig.hall().await;
    assert_eq!((after.seq, after.waiting, after.counters), (before.seq, before.waiting, before.counters));
}

#[tokio::test]
async fn paths_and_queries_that_make_no_sense_are_problems_too() {
    let rig = Rig::opens_unattended().await;
    let raw = Raw::to(&rig.url());
    for (path, role) in [
        ("/api/v1/tickets/%FF", Role::Kiosk),
        ("/api/v1/kiosks/%FF", Role::Kiosk),
        ("/api/v1/print-jobs?kiosk=a&kiosk=b", Role::Devices),
        ("/api/v1/events?from=a&from=b", Role::Screen),
    ] {
        let answer = raw.get(path, rig.token(role)).await;
        assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
        assert_eq!(answer.kind, "application/problem+json", "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let rig = Rig::opens_unattended().await;
    let raw = Raw::to(&rig.url());
    let body = format!(r#"{{"service":"{}"}}"#, "x".repeat(1024 * 1024));
    raw.post(TICKETS, rig.token(Role::Kiosk), body).await.is_problem(413, "body_too_large");
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused_and_the_same_request_gets_the_same_answer() {
    let rig = Rig::opens_unattended().await;
    let (raw, token) = (Raw::to(&rig.url()), rig.token(Role::Kiosk));
    let first = raw.post_with_key(TICKETS, token, "k-1", r#"{"service":"payment"}"#).await;
    assert_eq!(first.status, 201, "{first:?}");
    let again = raw.post_with_key(TICKETS, token, "k-1", r#"{"service":"payment"}"#).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    raw.post_with_key(TICKETS, token, "k-1", r#"{"service":"enquiry"}"#).await.is_problem(422, "key_reused");
    // Another role's key says nothing about the first one's answer.
    let other = rig.token(Role::Teller);
    raw.post_with_key(TICKETS, other, "k-1", r#"{"service":"payment"}"#).await.is_problem(422, "key_reused");
    assert_eq!(rig.hall().await.waiting.len(), 1);
    raw.post_with_key(TICKETS, token, &"k".repeat(300), r#"{"service":"payment"}"#).await.is_problem(400, "bad_key");
    assert_eq!(rig.hall().await.waiting.len(), 1);
}

#[tokio::test]
async fn an_event_id_that_is_none_is_400_and_one_too_old_is_410() {
    let rig = Rig::opens_unattended().await;
    let (raw, token) = (Raw::to(&rig.url()), rig.token(Role::Screen));
    for wrong in ["yesterday", "", "abc.", ".", "abc.-1"] {
        let request = raw.request("GET", "/api/v1/events", token).header("Last-Event-ID", wrong);
        Answer::to(request).await.is_problem(400, "bad_event_id");
    }
    let epoch = rig.hall().await.epoch;
    for gone in [format!("{epoch}.999999"), "ffffffffffffffff.1".to_owned()] {
        let request = raw.request("GET", "/api/v1/events", token).header("Last-Event-ID", gone);
        Answer::to(request).await.is_problem(410, "too_old");
    }
}

#[tokio::test]
async fn a_fifth_wrong_pin_makes_the_counter_wait_and_no_other() {
    let rig = Rig::opens_unattended().await;
    let (raw, token) = (Raw::to(&rig.url()), rig.token(Role::Teller));
    for _ in 0..5 {
        raw.post("/api/v1/counters/3/sign-in", token, r#"{"teller":"1003","pin":"000"}"#)
            .await
            .is_problem(401, "wrong_pin");
    }
    raw.post("/api/v1/counters/3/sign-in", token, r#"{"teller":"1003","pin":"000"}"#)
        .await
        .is_problem(429, "throttled");
    rig.teller(4).signs_in().await;
    rig.pass(std::time::Duration::from_secs(61));
    rig.teller(3).signs_in().await;
}
