//! Following a broker that says exactly these bytes.

use super::*;
use crate::broker_stub::{Asked, Server};

/// Fast, so that no test waits long; the order of things is the same.
const FAST: Rhythm = Rhythm {
    first_retry: Duration::from_millis(5),
    last_retry: Duration::from_millis(20),
    silence: Duration::from_secs(10),
};

const OPENED: &str = r#"{"v":1,"at":"2026-11-22T01:00:00Z","event":"counter.opened","counter":3}"#;
const SAY: &str = r#"{"v":1,"at":"2026-11-22T01:00:00Z","event":"say","number":"A042","counter":3,"text":{"zh":"请 A042 号到 3 号窗口","en":"A042 to counter 3"},"until":"2026-11-22T01:00:20Z"}"#;

fn id(seq: u64) -> EventId {
    EventId { epoch: "9f3a0c".to_owned(), seq }
}

fn numbered(seq: u64, data: &str) -> String {
    format!("id: 9f3a0c.{seq}\nevent: counter.opened\ndata: {data}\n\n")
}

async fn events(server: &Server) -> Asked {
    let mut asked = server.asked().await;
    asked.begin_events().await;
    asked
}

fn seq(message: Option<Message>) -> u64 {
    match message {
        Some(Message::Event(id, _)) => id.seq,
        other => panic!("no event but {other:?}"),
    }
}

fn is_lost(message: Option<Message>) -> bool {
    matches!(message, Some(Message::Lost(_)))
}

#[tokio::test]
async fn following_asks_for_what_comes_after_the_snapshot() {
    let server = Server::start().await;
    let mut hall = server.client().with_language("en").follow_in(FAST, Some(id(17)));
    let mut asked = events(&server).await;
    assert_eq!(asked.line(), "GET /api/v1/events HTTP/1.1");
    assert_eq!(asked.header("last-event-id"), Some("9f3a0c.17"));
    assert_eq!(asked.header("authorization"), Some("Bearer secret"));
    assert_eq!(asked.header("accept-language"), Some("en"));
    assert_eq!(hall.recv().await, Some(Message::Connected));
    asked.write(numbered(18, OPENED).as_bytes()).await;
    assert_eq!(seq(hall.recv().await), 18);
}

#[tokio::test]
async fn a_broken_stream_is_resumed_behind_the_last_event() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, Some(id(17)));
    let mut asked = events(&server).await;
    asked.write(numbered(18, OPENED).as_bytes()).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    assert_eq!(seq(hall.recv().await), 18);
    drop(asked);
    assert!(is_lost(hall.recv().await));
    let mut again = events(&server).await;
    assert_eq!(again.header("last-event-id"), Some("9f3a0c.18"));
    again.write(numbered(19, OPENED).as_bytes()).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    assert_eq!(seq(hall.recv().await), 19);
}

#[tokio::test]
async fn a_broker_that_is_away_is_told_once_and_found_when_it_is_back() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    for _ in 0..4 {
        server.asked().await.answer("503 Service Unavailable", "text/plain", "starting").await;
    }
    let _asked = events(&server).await;
    assert!(is_lost(hall.recv().await));
    assert_eq!(hall.recv().await, Some(Message::Connected));
}

#[tokio::test]
async fn events_too_old_to_resume_from_make_the_snapshot_stale() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, Some(id(17)));
    let problem = r#"{"type":"events_gone","title":"太旧","status":410}"#;
    server.asked().await.answer("410 Gone", "application/problem+json", problem).await;
    let mut asked = events(&server).await;
    assert_eq!(asked.header("last-event-id"), None);
    asked.write(numbered(90, OPENED).as_bytes()).await;
    assert_eq!(hall.recv().await, Some(Message::Stale));
    assert_eq!(hall.recv().await, Some(Message::Connected));
    assert_eq!(seq(hall.recv().await), 90);
}

#[tokio::test]
async fn a_break_before_the_first_event_makes_the_snapshot_stale() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    drop(events(&server).await);
    assert_eq!(hall.recv().await, Some(Message::Connected));
    assert!(is_lost(hall.recv().await));
    let _asked = events(&server).await;
    assert_eq!(hall.recv().await, Some(Message::Stale));
    assert_eq!(hall.recv().await, Some(Message::Connected));
}

#[tokio::test]
async fn text_cut_inside_a_character_arrives_whole() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    let mut asked = events(&server).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    let message = format!("event: say\ndata: {SAY}\n\n");
    let inside = message.find('请').unwrap() + 1;
    asked.write(&message.as_bytes()[..inside]).await;
    asked.write(&message.as_bytes()[inside..]).await;
    let Some(Message::Passing(passing)) = hall.recv().await else { panic!("nothing was said") };
    assert!(matches!(passing.kind, wire::PassingKind::Say { text, .. } if text.zh == "请 A042 号到 3 号窗口"));
}

#[tokio::test]
async fn events_of_a_later_version_are_skipped_and_counted() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    let mut asked = events(&server).await;
    let strange = r#"{"v":2,"at":"2026-11-22T01:00:00Z","event":"robot.arrived"}"#;
    asked.write(format!("event: hello\ndata: {strange}\n\n").as_bytes()).await;
    asked.write(numbered(20, OPENED).as_bytes()).await;
    asked.write(numbered(21, strange).as_bytes()).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    assert_eq!(seq(hall.recv().await), 20);
    drop(asked);
    assert!(is_lost(hall.recv().await));
    assert_eq!(server.asked().await.header("last-event-id"), Some("9f3a0c.21"));
}

#[tokio::test]
async fn a_huge_line_makes_the_snapshot_stale_and_the_stream_goes_on() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    let mut asked = events(&server).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    asked.write(b"data: ").await;
    asked.write(&vec![b'x'; 3 << 20]).await;
    asked.write(format!("\n\n{}", numbered(20, OPENED)).as_bytes()).await;
    assert_eq!(hall.recv().await, Some(Message::Stale));
    assert_eq!(seq(hall.recv().await), 20);
}

#[tokio::test]
async fn a_silent_stream_is_lost_and_one_kept_alive_is_not() {
    const SILENCE: Duration = Duration::from_millis(300);
    let server = Server::start().await;
    let mut hall = server.client().follow_in(Rhythm { silence: SILENCE, ..FAST }, Some(id(1)));
    let mut asked = events(&server).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    for _ in 0..8 {
        sleep(SILENCE / 4).await;
        asked.write(b": keep-alive\n\n").await;
    }
    assert!(hall.try_recv().is_err(), "two silences long it was kept alive");
    let quiet = tokio::time::Instant::now();
    assert!(is_lost(hall.recv().await));
    assert!(quiet.elapsed() >= SILENCE / 2);
}

#[tokio::test]
async fn an_answer_that_is_no_event_stream_is_not_followed() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    server.asked().await.answer("200 OK", "text/html", "<title>router</title>").await;
    let Some(Message::Lost(why)) = hall.recv().await else { panic!("it counted as connected") };
    assert!(why.contains("text/html"), "{why}");
}

#[tokio::test]
async fn dropping_the_receiver_hangs_up() {
    let server = Server::start().await;
    let mut hall = server.client().follow_in(FAST, None);
    let asked = events(&server).await;
    assert_eq!(hall.recv().await, Some(Message::Connected));
    drop(hall);
    timeout(Duration::from_secs(5), asked.hung_up()).await.expect("the client stayed connected");
}
