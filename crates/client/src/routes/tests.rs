//! Questions and commands to a broker that says exactly these bytes.

use super::*;
use crate::broker_stub::Server;

const TICKET: &str = r#"{"ticket":{"id":7,"number":"A042","tier":"ordinary","service":"payment","state":"called","issued_at":"2026-11-22T01:00:00Z","deadline_at":"2026-11-22T01:30:00Z","ahead":0,"waited_s":60}}"#;
const PROBLEM: &str = "application/problem+json";

#[tokio::test]
async fn a_command_carries_its_key_and_is_answered() {
    let server = Server::start().await;
    let key = Key::from("k-1".to_owned());
    let client = server.client();
    let (called, ()) = tokio::join!(client.call(3, &key, TicketId(7)), async {
        let asked = server.asked().await;
        assert_eq!(asked.line(), "POST /api/v1/counters/3/call HTTP/1.1");
        assert_eq!(asked.header("idempotency-key"), Some("k-1"));
        assert_eq!(asked.header("accept-language"), Some("zh"));
        assert_eq!(asked.body, r#"{"ticket":7}"#);
        asked.answer("200 OK", "application/json", TICKET).await;
    });
    assert_eq!(called.unwrap().ticket.number, "A042");
}

#[tokio::test]
async fn nobody_waiting_is_no_error() {
    let server = Server::start().await;
    let (client, key) = (server.client(), Key::new());
    let (called, ()) = tokio::join!(client.call_next(3, &key), async {
        server.asked().await.answer("204 No Content", "application/json", "").await;
    });
    assert!(called.unwrap().is_none());
}

#[tokio::test]
async fn a_refusal_brings_its_words() {
    let server = Server::start().await;
    let (client, key) = (server.client(), Key::new());
    let (refused, ()) = tokio::join!(client.recall(3, &key), async {
        let problem = r#"{"type":"no_ticket","title":"窗口没有叫号","status":409}"#;
        server.asked().await.answer("409 Conflict", PROBLEM, problem).await;
    });
    let error = refused.unwrap_err();
    assert_eq!(error.refusal().map(|problem| problem.title.as_str()), Some("窗口没有叫号"));
    assert!(!error.is_passing());
}

#[tokio::test]
async fn a_full_queue_is_passing() {
    let server = Server::start().await;
    let (client, key) = (server.client(), Key::new());
    let (refused, ()) = tokio::join!(client.recall(3, &key), async {
        let problem = r#"{"type":"busy","title":"请稍候","status":503}"#;
        server.asked().await.answer("503 Service Unavailable", PROBLEM, problem).await;
    });
    assert!(refused.unwrap_err().is_passing());
}

#[tokio::test]
async fn a_lost_answer_is_unreachable_and_tells_no_address() {
    let server = Server::start().await;
    let client = server.client();
    let (lost, ()) = tokio::join!(client.ticket(TicketId(4711)), async { drop(server.asked().await) });
    let error = lost.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }) && error.is_passing());
    assert!(!format!("{error:?}").contains("4711"), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_another_kind_is_not_understood() {
    let server = Server::start().await;
    let client = server.client();
    let (strange, ()) = tokio::join!(client.services(), async {
        server.asked().await.answer("200 OK", "text/html", "<title>router</title>").await;
    });
    assert!(matches!(strange, Err(Error::Protocol { status: 200, .. })));
}

#[tokio::test]
async fn a_key_the_broker_would_refuse_is_not_sent_and_not_worth_retrying() {
    let server = Server::start().await;
    for key in ["a\nb", "", "a b", &"k".repeat(Key::LIMIT + 1)] {
        let error = server.client().recall(3, &Key::from(key.to_owned())).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { status: 0, .. }) && !error.is_passing(), "{key:?}: {error}");
    }
}

#[tokio::test]
async fn a_request_is_abandoned_by_its_key_alone() {
    let server = Server::start().await;
    let (client, key) = (server.client(), Key::from("k-1".to_owned()));
    let (abandoned, ()) = tokio::join!(client.abandon(&key), async {
        let asked = server.asked().await;
        assert_eq!(asked.line(), "POST /api/v1/tickets/abandon HTTP/1.1");
        assert_eq!((asked.header("idempotency-key"), asked.body.as_str()), (Some("k-1"), ""));
        asked.answer("204 No Content", "application/json", "").await;
    });
    abandoned.unwrap();
}

#[tokio::test]
async fn print_jobs_of_a_kiosk_are_asked_for_by_name() {
    let server = Server::start().await;
    let client = server.client();
    let (jobs, ()) = tokio::join!(client.print_jobs(Some("东 1")), async {
        let asked = server.asked().await;
        assert_eq!(asked.line(), "GET /api/v1/print-jobs?kiosk=%E4%B8%9C+1 HTTP/1.1");
        asked.answer("200 OK", "application/json", "[]").await;
    });
    assert_eq!(jobs.unwrap(), []);
}

#[tokio::test]
async fn a_report_needs_no_body_in_its_answer() {
    let server = Server::start().await;
    let client = server.client();
    let report = PrintReport { state: wire::PrintState::Printed, detail: None };
    let (told, ()) = tokio::join!(client.report_print(9, &report), async {
        let asked = server.asked().await;
        assert_eq!(
            (asked.line(), asked.body.as_str()),
            ("POST /api/v1/print-jobs/9 HTTP/1.1", r#"{"state":"printed"}"#)
        );
        asked.answer("204 No Content", "application/json", "").await;
    });
    told.unwrap();
}
