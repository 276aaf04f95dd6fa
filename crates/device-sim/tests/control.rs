//! The control channel, over its socket.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use common::{Host, font};
use device_sim::{
    CPowerOptions, CPowerSign, ControlServer, Controlled, DigitBoard, IdCardReader, Keypad, LineOptions, OnbonOptions,
    OnbonSign, PolledKeypad, PolledKeypadOptions, Printer, PrinterOptions, QrScanner, Recording, Replay, ReplayPace,
    ScannerOptions, TrackOptions, TrackReader, WindowOptions, WindowSign,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Somebody at the socket.
struct Operator(BufReader<UnixStream>);

impl Operator {
    fn connect(server: &ControlServer) -> Self {
        Self(BufReader::new(UnixStream::connect(server.path()).expect("the control channel")))
    }

    fn ask(&mut self, request: &Value) -> Value {
        self.say(&format!("{request}\n"))
    }

    fn say(&mut self, request: &str) -> Value {
        self.0.get_mut().write_all(request.as_bytes()).expect("the control channel");
        let mut answer = String::new();
        self.0.read_line(&mut answer).expect("an answer");
        serde_json::from_str(&answer).expect("an answer in JSON")
    }
}

fn printer(directory: &Path) -> Arc<Printer> {
    let options = PrinterOptions::new(LineOptions::new(directory, "printer-1"), font());
    Arc::new(Printer::start(options).expect("a printer"))
}

fn serving(directory: &TempDir, devices: Vec<(&str, Arc<dyn Controlled>)>) -> (ControlServer, Operator) {
    let devices: BTreeMap<_, _> = devices.into_iter().map(|(name, device)| (name.to_owned(), device)).collect();
    let server = ControlServer::start(directory.path(), devices).expect("the control channel");
    let operator = Operator::connect(&server);
    (server, operator)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printers_paper_ends_and_comes_back_by_request() {
    let directory = tempfile::tempdir().unwrap();
    let printer = printer(directory.path());
    let (_server, mut operator) = serving(&directory, vec![("printer-1", printer.clone())]);
    let host = Host::open(printer.path());
    operator.ask(&json!({ "device": "printer-1", "do": "out_of_paper" }));
    assert_eq!(host.ask(b"\x10\x04\x04", 1), [0x7E]);
    operator.ask(&json!({ "device": "printer-1", "do": "load_paper" }));
    host.send(b"A001\n\x1D\x56\x00");
    printer.wait_for_tickets(1).await;
    let answer = operator.ask(&json!({ "device": "printer-1", "do": "state" }));
    assert_eq!(answer["state"]["tickets"], 1);
    assert_eq!(answer["state"]["last_ticket"]["lines"], json!(["A001"]));
    assert_eq!(answer["state"]["open"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_is_set_without_an_argument_and_cleared_with_false() {
    let directory = tempfile::tempdir().unwrap();
    let printer = printer(directory.path());
    let (_server, mut operator) = serving(&directory, vec![("printer-1", printer.clone())]);
    let host = Host::open(printer.path());
    operator.ask(&json!({ "device": "printer-1", "do": "open_cover" }));
    assert_eq!(host.ask(b"\x10\x04\x02", 1), [0x16]);
    operator.ask(&json!({ "device": "printer-1", "do": "open_cover", "with": false }));
    assert_eq!(host.ask(b"\x10\x04\x02", 1), [0x12]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_errs_is_told_what_there_is() {
    let directory = tempfile::tempdir().unwrap();
    let (_server, mut operator) = serving(&directory, vec![("printer-1", printer(directory.path()))]);
    let mut error = |request: &str| {
        let answer = operator.say(&format!("{request}\n"));
        answer["error"].as_str().unwrap_or_else(|| panic!("no error but {answer}")).to_owned()
    };
    assert_eq!(error(r#"{"device":"printer-2","do":"state"}"#), "no device printer-2; there are: printer-1");
    let unknown = error(r#"{"device":"printer-1","do":"explode"}"#);
    assert!(unknown.starts_with("printer-1: no act explode; there are: unplug, plug_back,"), "{unknown}");
    assert!(unknown.contains("out_of_paper, "), "{unknown}");
    assert_eq!(
        error(r#"{"device":"printer-1","do":"open_cover","with":"wide"}"#),
        "printer-1: the argument must be true or false"
    );
    assert!(error("hello").starts_with("no JSON"));
    assert!(error(r#"{"device":"printer-1"}"#).contains("\"do\" is missing"));
    assert_eq!(error(r#"{"do":"dance"}"#), "without a \"device\" there is only list, not dance");
    // And the connection is still there.
    assert!(operator.ask(&json!({ "do": "list" }))["devices"].is_array());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_device_is_listed_with_its_state_and_acts_of_one_name_each() {
    let directory = tempfile::tempdir().unwrap();
    let line = |name: &str| LineOptions::new(directory.path(), name);
    let devices: Vec<(&str, Arc<dyn Controlled>)> = vec![
        ("cpower", Arc::new(CPowerSign::start(&line("cpower"), CPowerOptions::new(1, font())).unwrap())),
        ("digits", Arc::new(DigitBoard::start_xunpeng(&line("digits")).unwrap())),
        ("id", Arc::new(IdCardReader::start(&line("id")).unwrap())),
        ("keypad", Arc::new(Keypad::start(&line("keypad"), 1).unwrap())),
        ("onbon", Arc::new(OnbonSign::start(&line("onbon"), OnbonOptions::new(1, font())).unwrap())),
        ("polled", Arc::new(PolledKeypad::start(&line("polled"), PolledKeypadOptions::new(1)).unwrap())),
        ("printer", printer(directory.path())),
        ("qr", Arc::new(QrScanner::start(&line("qr"), ScannerOptions::default()).unwrap())),
        ("replay", Arc::new(Replay::start(&line("replay"), &Recording::default(), ReplayPace::AtOnce).unwrap())),
        ("track", Arc::new(TrackReader::start(&line("track"), TrackOptions::default()).unwrap())),
        ("window", Arc::new(WindowSign::start(&line("window"), WindowOptions::new(1, font())).unwrap())),
    ];
    let (_server, mut operator) = serving(&directory, devices);
    let list = operator.ask(&json!({ "do": "list" }));
    let devices = list["devices"].as_array().unwrap();
    let kinds: BTreeSet<_> = devices.iter().map(|device| device["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 11);
    for device in devices {
        let acts = device["acts"].as_array().unwrap();
        let names: BTreeSet<_> = acts.iter().map(|act| act["do"].as_str().unwrap()).collect();
        assert_eq!(names.len(), acts.len(), "{device}");
        assert!(names.contains("unplug"), "{device}");
        assert_eq!(device["state"]["plugged"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_pressed_cards_laid_on_and_codes_shown_by_request() {
    let directory = tempfile::tempdir().unwrap();
    let line = |name: &str| LineOptions::new(directory.path(), name);
    let keypad = Arc::new(Keypad::start(&line("keypad"), 1).unwrap());
    let polled = Arc::new(PolledKeypad::start(&line("polled"), PolledKeypadOptions::new(1)).unwrap());
    let id = Arc::new(IdCardReader::start(&line("id")).unwrap());
    let track = Arc::new(TrackReader::start(&line("track"), TrackOptions::default()).unwrap());
    let qr = Arc::new(QrScanner::start(&line("qr"), ScannerOptions::default()).unwrap());
    let (_server, mut operator) = serving(
        &directory,
        vec![
            ("keypad", keypad.clone()),
            ("polled", polled.clone()),
            ("id", id.clone()),
            ("track", track.clone()),
            ("qr", qr.clone()),
        ],
    );
    let hosts = [keypad.path(), track.path(), qr.path()].map(Host::open);
    operator.ask(&json!({ "device": "keypad", "do": "press", "with": "call" }));
    assert_eq!(hosts[0].hear(10), b"\xFF\x68\x03\x03\x68\x01\x01\x0C\x0E\x16");
    let rated = operator.ask(&json!({ "device": "keypad", "do": "rate", "with": 3 }));
    assert_eq!(rated["state"]["unanswered"], json!(["call", "rate 3"]));
    operator.ask(&json!({ "device": "polled", "do": "hold", "with": 2 }));
    assert_eq!(polled.pressed(), [2]);
    assert!(operator.ask(&json!({ "device": "polled", "do": "hold", "with": 8 }))["error"].is_string());
    let card = json!({ "name": "李雷", "number": "11010519491231002X" });
    assert_eq!(operator.ask(&json!({ "device": "id", "do": "lay_on", "with": card }))["state"]["has_card"], true);
    assert!(id.has_card());
    let card = json!({ "pan": "6222020000000000000", "expiry": "3012", "service": "101" });
    operator.ask(&json!({ "device": "track", "do": "swipe", "with": card }));
    assert!(hosts[1].hear(29).starts_with(b";6222020000000000000=3012101?"));
    operator.ask(&json!({ "device": "qr", "do": "scan_bytes", "with": "BA C5 0a" }));
    assert_eq!(hosts[2].hear(5), b"\xBA\xC5\x0A\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_recordings_are_files() {
    let directory = tempfile::tempdir().unwrap();
    let printer = printer(directory.path());
    let (_server, mut operator) = serving(&directory, vec![("printer-1", printer.clone())]);
    let file = |name: &str| directory.path().join(name);
    operator.ask(&json!({ "device": "printer-1", "do": "record", "with": file("line.txt") }));
    let host = Host::open(printer.path());
    host.ask(b"\x10\x04\x01", 1);
    operator.ask(&json!({ "device": "printer-1", "do": "stop_recording" }));
    host.send(b"A001\n\x1D\x56\x00");
    printer.wait_for_tickets(1).await;
    operator.ask(&json!({ "device": "printer-1", "do": "picture", "with": file("ticket.png") }));
    assert!(std::fs::read(file("ticket.png")).unwrap().starts_with(b"\x89PNG"));
    let recording = std::fs::read_to_string(file("line.txt")).unwrap();
    let said: Vec<_> = recording.lines().filter_map(|line| line.split_once(' ')).map(|(_, said)| said).collect();
    assert_eq!(said, ["> 10 04 01", "< 12"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_left_by_a_dead_process_is_replaced_and_a_living_one_respected() {
    let directory = tempfile::tempdir().unwrap();
    drop(std::os::unix::net::UnixListener::bind(directory.path().join("control")).unwrap());
    let server = ControlServer::start(directory.path(), BTreeMap::new()).unwrap();
    let second = ControlServer::start(directory.path(), BTreeMap::new());
    assert_eq!(second.err().map(|error| error.kind()), Some(std::io::ErrorKind::AddrInUse));
    let path = server.path().to_owned();
    drop(server);
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_end_is_refused_and_its_connection_closed() {
    let directory = tempfile::tempdir().unwrap();
    let (server, mut operator) = serving(&directory, Vec::new());
    let answer = operator.say(&"x".repeat(64 * 1024));
    assert!(answer["error"].as_str().unwrap().contains("more than 65536 bytes"));
    let mut rest = String::new();
    assert_eq!(operator.0.read_line(&mut rest).unwrap(), 0);
    assert!(Operator::connect(&server).ask(&json!({ "do": "list" }))["devices"].is_array());
}
