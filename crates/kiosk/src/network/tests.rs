//! The talk with a broker that loses answers and lets the kiosk wait.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc as std_mpsc;
use std::time::Instant as StdInstant;
use wire::TakeTicket;

const ISSUED: &str = r#"{"ticket":{"id":7,"number":"A042","tier":"ordinary","service":"open","state":"waiting",
    "issued_at":"2026-11-22T01:41:00Z","deadline_at":"2026-11-22T02:11:00Z","ahead":5,"waited_s":0},
    "wait":{"likely_s":1000,"low_s":600,"high_s":1300,"samples":20}}"#;
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a request.
enum Fate {
    Answered(&'static str, &'static str),
    /// The connection breaks.
    Lost,
    /// No answer comes, and the connection stands.
    Held,
}

/// A broker whose requests meet these fates, by the method and the path's end, such as `POST /tickets`; and the keys it
/// saw, with the path each came to.
fn broker(mut fate: impl FnMut(&str) -> Fate + Send + 'static) -> (Client, std_mpsc::Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (keys_in, keys_out) = std_mpsc::channel();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let Some((asked, key)) = read(&stream) else { continue };
            // The test may have seen enough.
            let _ = key.map(|key| keys_in.send((asked.clone(), key)));
            match fate(&asked) {
                Fate::Answered(status, body) => {
                    let head = "Content-Type: application/json\r\nConnection: close";
                    let _gone =
                        write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                }
                Fate::Lost => drop(stream),
                Fate::Held => held.push(stream),
            }
        }
    });
    (Client::new(address, "token").expect("an address"), keys_out)
}

/// What a request asks, without the beginning that all share, and its key.
fn read(stream: &TcpStream) -> Option<(String, Option<String>)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let asked = line.replace("/api/v1", "").rsplit_once(" HTTP")?.0.to_owned();
    let (mut key, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "idempotency-key" => key = Some(value.trim().to_owned()),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some((asked, key))
}

/// The fate of what a test does not care for.
fn usual(asked: &str) -> Fate {
    match asked {
        "POST /tickets" => Fate::Answered("201 Created", ISSUED),
        "POST /tickets/abandon" => Fate::Answered("204 No Content", ""),
        "GET /services" => Fate::Answered("200 OK", "[]"),
        _ => Fate::Answered("404 Not Found", "{}"),
    }
}

/// Loses the first answer to what is asked so.
fn losing_first(lost: &'static [&'static str]) -> impl FnMut(&str) -> Fate + Send + 'static {
    let mut still: Vec<&str> = lost.to_vec();
    move |asked| match still.iter().position(|lost| *lost == asked) {
        Some(at) => {
            still.remove(at);
            Fate::Lost
        }
        None => usual(asked),
    }
}

/// Starts the talk; the news but those of the businesses.
fn talk(client: Client, pending: &PendingFile) -> (mpsc::Sender<Command>, std_mpsc::Receiver<News>) {
    let (news_in, news) = std_mpsc::channel();
    let commands = start(client, None, pending.clone(), None, move |told| {
        if !matches!(told, News::Services(_)) {
            // The test may have heard enough.
            let _ = news_in.send(told);
        }
    });
    (commands.expect("a thread"), news)
}

fn take(attempt: u64) -> Command {
    Command::Take { attempt, request: TakeTicket { service: "open".to_owned(), ..TakeTicket::default() } }
}

/// Waits until no request is set aside any more.
fn all_given_up(pending: &PendingFile) {
    let begun = StdInstant::now();
    while !pending.abandoned(SystemTime::now()).expect("readable").is_empty() {
        assert!(begun.elapsed() < PATIENCE, "an abandoned request stays on the disk");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key_and_forgotten_once_shown() {
    let (client, keys) = broker(losing_first(&["POST /tickets"]));
    let folder = tempfile::tempdir().expect("a folder");
    let pending = PendingFile::in_folder(folder.path(), "k1");
    let (commands, news) = talk(client, &pending);
    let next = || news.recv_timeout(PATIENCE).expect("news");

    commands.blocking_send(take(1)).expect("taken");
    assert_eq!(next(), News::Unanswered { attempt: 1 });
    let first = keys.recv().expect("a key");
    let written = pending.find(SystemTime::now()).expect("readable").expect("written before it was sent");
    assert_eq!(written.key, first.1);

    commands.blocking_send(Command::TakeAgain { attempt: 1 }).expect("taken");
    assert!(matches!(next(), News::Issued { attempt: 1, issued } if issued.ticket.number == "A042"));
    assert_eq!(keys.recv().expect("a key"), first);
    assert!(pending.find(SystemTime::now()).expect("readable").is_some(), "kept until the answer was shown");

    commands.blocking_send(Command::Forget).expect("taken");
    // Commands are performed in order: the answer to this one tells that the one before is done.
    commands.blocking_send(Command::TakeAgain { attempt: 2 }).expect("taken");
    assert_eq!(next(), News::Unanswered { attempt: 2 });
    assert_eq!(pending.find(SystemTime::now()).expect("readable"), None);
}

#[test]
fn a_request_that_cannot_be_written_down_is_not_sent() {
    let (client, keys) = broker(usual);
    let pending = PendingFile::in_folder(std::path::Path::new("/nonexistent-jiaohao"), "k1");
    let (commands, news) = talk(client, &pending);
    commands.blocking_send(take(1)).expect("taken");
    let told = news.recv_timeout(PATIENCE).expect("news");
    assert!(matches!(told, News::Refused { attempt: 1, problem } if problem.kind == "kiosk_storage"));
    assert!(keys.try_recv().is_err());
}

#[test]
fn a_request_whose_customer_left_is_given_up_while_the_next_one_is_served() {
    // The broker gave a number whose answer was lost; then the word that nobody wants it is lost as well.
    let (client, keys) = broker(losing_first(&["POST /tickets", "POST /tickets/abandon"]));
    let folder = tempfile::tempdir().expect("a folder");
    let pending = PendingFile::in_folder(folder.path(), "k1");
    let (commands, news) = talk(client, &pending);
    let next = || news.recv_timeout(PATIENCE).expect("news");
    let asked = |path: &str| {
        let (asked, key) = keys.recv_timeout(PATIENCE).expect("a key");
        assert_eq!(asked, path);
        key
    };
    commands.blocking_send(take(1)).expect("taken");
    assert_eq!(next(), News::Unanswered { attempt: 1 });
    let left = asked("POST /tickets");
    commands.blocking_send(Command::Abandon).expect("taken");
    assert_eq!(asked("POST /tickets/abandon"), left);

    commands.blocking_send(take(2)).expect("taken");
    assert!(matches!(next(), News::Issued { attempt: 2, .. }));
    let served = asked("POST /tickets");
    assert_ne!(served, left);
    assert_eq!(asked("POST /tickets/abandon"), left, "asked until it is answered");
    all_given_up(&pending);
    let kept = pending.find(SystemTime::now()).expect("readable").expect("the next customer's request");
    assert_eq!(kept.key, served);
}

#[test]
fn a_request_that_was_not_given_up_before_a_restart_is_given_up_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pending = PendingFile::in_folder(folder.path(), "k1");
    let left = pending.write(&TakeTicket::default(), SystemTime::now()).expect("written").key;
    pending.abandon(&left).expect("set aside");
    let (client, keys) = broker(usual);
    let (_commands, _news) = talk(client, &pending);
    assert_eq!(keys.recv_timeout(PATIENCE).expect("a key"), ("POST /tickets/abandon".to_owned(), left));
    all_given_up(&pending);
}

#[test]
fn a_request_that_the_broker_refuses_to_give_up_does_not_hold_up_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let pending = PendingFile::in_folder(folder.path(), "k1");
    for _ in 0..2 {
        let left = pending.write(&TakeTicket::default(), SystemTime::now()).expect("written").key;
        pending.abandon(&left).expect("set aside");
    }
    let mut refused = false;
    let (client, keys) = broker(move |asked| {
        if asked == "POST /tickets/abandon" && !std::mem::replace(&mut refused, true) {
            return Fate::Answered("403 Forbidden", r#"{"type":"forbidden","title":"不允许","status":403}"#);
        }
        usual(asked)
    });
    let (_commands, _news) = talk(client, &pending);
    let next = || keys.recv_timeout(PATIENCE).expect("a key").1;
    let (first, second) = (next(), next());
    assert_ne!(first, second);
    assert_eq!(next(), first, "tried again");
    all_given_up(&pending);
}

#[test]
fn a_customer_is_served_while_the_businesses_are_waited_for() {
    let (client, _keys) = broker(|asked| if asked == "GET /services" { Fate::Held } else { usual(asked) });
    let folder = tempfile::tempdir().expect("a folder");
    let (commands, news) = talk(client, &PendingFile::in_folder(folder.path(), "k1"));
    commands.blocking_send(Command::AskServices(crate::language::Language::ENGLISH)).expect("taken");
    commands.blocking_send(take(1)).expect("taken");
    let first = news.recv_timeout(PATIENCE).expect("news");
    assert!(matches!(first, News::Issued { attempt: 1, .. }), "{first:?}");
    assert_eq!(news.recv_timeout(PATIENCE).expect("news"), News::Unreached);
}
