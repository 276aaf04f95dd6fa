//! The keypad's rules. Frames are those of a queueing system in use, computed from its frame format.

use std::collections::BTreeMap;

use wire::CounterView;

use super::*;
use crate::keypad::teller::{Command, DEBOUNCE_MS, RATING_MS};

const NEXT: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x0C, 0x0E, 0x16];
const NO_SHOW: [u8; 11] = [0xFF, 0x68, 0x04, 0x04, 0x68, 0x01, 0x01, 0x06, 0x0F, 0x17, 0x16];
const PAUSE: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x12, 0x14, 0x16];
const TRANSFER: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x13, 0x15, 0x16];
const EVALUATE: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x0B, 0x0D, 0x16];
/// The host's, to start a rating: the same bytes as the key.
const ASK_RATING: [u8; 10] = EVALUATE;
/// The customer's second key.
const RATING_2: [u8; 10] = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x11, 0x02, 0x14, 0x16];
const BEEP: [u8; 9] = [0xFF, 0x68, 0x02, 0x02, 0x68, 0x01, 0x03, 0x04, 0x16];

/// The deployed kind.
pub(crate) fn profile() -> KeypadProfile {
    KeypadProfile { baud: 9_600, keys: BTreeMap::new(), scores: Vec::new() }
}

struct Rig {
    keypad: Keypad,
    now: Now,
}

impl Rig {
    fn new() -> Self {
        let mut keypad = Keypad::new(&profile(), 1);
        let now = Now { hall_ms: 100_000, line_ms: 0 };
        keypad.opened(now);
        Self { keypad, now }
    }

    fn press(&mut self, frame: &[u8]) -> Option<Command> {
        self.keypad.heard(self.now, frame);
        self.asks()
    }

    fn asks(&mut self) -> Option<Command> {
        self.keypad.next_request().map(|request| match request {
            Request::Keypad(command) => command,
            other @ (Request::Printer(_) | Request::Identify(_)) => panic!("a keypad asked {other:?}"),
        })
    }

    fn frames(&mut self) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| self.keypad.next_frame(self.now)).map(|frame| frame.bytes).collect()
    }

    fn pass(&mut self, ms: i64) {
        self.now = Now { hall_ms: self.now.hall_ms + ms, line_ms: self.now.line_ms + ms };
        self.keypad.tick(self.now);
    }

    fn told(&mut self, told: Told) {
        self.keypad.told(self.now, told);
    }
}

fn ticket(state: &str) -> String {
    format!(
        r#"{{"id":7,"number":"A042","tier":"ordinary","service":"payment","state":"{state}","issued_at":"1970-01-01T00:00:00Z","deadline_at":"1970-01-01T00:30:00Z","ahead":0,"waited_s":60,"no_show_from":"1970-01-01T00:02:00Z"}}"#
    )
}

fn called(state: &str) -> Told {
    Told::Ticket(Box::new(serde_json::from_str(&ticket(state)).unwrap()))
}

fn counter(state: &str, ticket: Option<String>) -> Box<CounterView> {
    let ticket = ticket.map_or(String::new(), |ticket| format!(r#","ticket":{ticket}"#));
    let view = format!(
        r#"{{"number":3,"names":{{"zh":"3 号窗口","en":"Counter 3"}},"kind":"general","services":[],"state":"{state}","waiting":12{ticket}}}"#
    );
    Box::new(serde_json::from_str(&view).unwrap())
}

/// Waiting 012 and these digits of the ticket, `0A` for blank.
fn shows(ticket: [u8; 3]) -> Vec<u8> {
    let mut frame = vec![0xFF, 0x68, 0x08, 0x08, 0x68, 0x01, 0x02, 0, 1, 2];
    frame.extend(ticket);
    let sum = frame[5..].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    frame.extend([sum, 0x16]);
    frame
}

#[test]
fn a_key_is_acknowledged_by_its_echo_and_becomes_a_command() {
    let mut rig = Rig::new();
    assert_eq!(rig.press(&NEXT), Some(Command::CallNext));
    assert_eq!(rig.frames(), [NEXT]);
}

#[test]
fn a_key_repeated_within_600_ms_is_acknowledged_and_not_pressed_again() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.frames();
    rig.told(Told::No);
    rig.frames();
    rig.pass(DEBOUNCE_MS - 1);
    assert_eq!(rig.press(&NEXT), None);
    assert_eq!(rig.frames(), [NEXT]);
    rig.pass(DEBOUNCE_MS);
    assert_eq!(rig.press(&NEXT), Some(Command::CallNext));
}

#[test]
fn our_acknowledgement_heard_back_is_not_acknowledged_for_ever() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.frames();
    rig.press(&NEXT);
    assert_eq!(rig.frames(), Vec::<Vec<u8>>::new());
}

#[test]
fn a_key_read_before_the_clock_is_looked_at_does_not_pass_for_a_late_echo() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.frames();
    rig.told(Told::No);
    rig.frames();
    // The time of echoes and of bouncing is over, and nobody has told the keypad.
    rig.now = Now { hall_ms: rig.now.hall_ms + 1_000, line_ms: rig.now.line_ms + 1_000 };
    assert_eq!(rig.press(&NEXT), Some(Command::CallNext));
}

#[test]
fn the_number_called_and_how_many_wait_are_shown_and_refreshed() {
    let mut rig = Rig::new();
    rig.told(Told::Counter(counter("open", None)));
    assert_eq!(rig.frames(), [shows([0x0A; 3])]);
    rig.told(called("called"));
    assert_eq!(rig.frames(), [shows([0, 4, 2])]);
    assert_eq!(rig.frames(), Vec::<Vec<u8>>::new());
    rig.pass(REFRESH_MS);
    assert_eq!(rig.frames(), [shows([0, 4, 2])]);
    rig.told(called("no_show"));
    assert_eq!(rig.frames(), [shows([0x0A; 3])]);
}

#[test]
fn while_a_command_is_under_way_another_key_beeps() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.frames();
    assert_eq!(rig.press(&PAUSE), None);
    assert_eq!(rig.frames(), [PAUSE.to_vec(), BEEP.to_vec()]);
}

#[test]
fn with_the_broker_away_the_keypad_beeps_and_the_key_is_not_remembered() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.frames();
    rig.told(Told::No);
    assert_eq!(rig.frames(), [BEEP]);
    rig.pass(60_000);
    assert_eq!(rig.asks(), None);
    assert_eq!(rig.press(&NEXT), Some(Command::CallNext));
}

#[test]
fn a_no_show_too_early_is_refused_without_asking() {
    let mut rig = Rig::new();
    rig.told(Told::Counter(counter("open", Some(ticket("called")))));
    rig.frames();
    assert_eq!(rig.press(&NO_SHOW), None);
    assert_eq!(rig.frames(), [NO_SHOW.to_vec(), BEEP.to_vec()]);
    rig.pass(20_000);
    assert_eq!(rig.press(&NO_SHOW), Some(Command::NoShow));
}

#[test]
fn the_pause_key_pauses_and_resumes() {
    let mut rig = Rig::new();
    assert_eq!(rig.press(&PAUSE), Some(Command::Pause));
    rig.told(Told::Changed(counter("paused", None)));
    rig.pass(1_000);
    assert_eq!(rig.press(&PAUSE), Some(Command::Resume));
}

#[test]
fn a_snapshot_in_between_does_not_count_as_the_answer() {
    let mut rig = Rig::new();
    rig.press(&NEXT);
    rig.told(Told::Counter(counter("open", None)));
    rig.pass(1_000);
    assert_eq!(rig.press(&PAUSE), None);
}

#[test]
fn a_transfer_goes_to_the_counter_typed_before_and_beeps_without_one() {
    let mut rig = Rig::new();
    assert_eq!(rig.press(&TRANSFER), None);
    assert_eq!(rig.frames(), [TRANSFER.to_vec(), BEEP.to_vec()]);
    rig.pass(1_000);
    let to_5 = [0xFF, 0x68, 0x04, 0x04, 0x68, 0x01, 0x01, 0x05, 0x13, 0x1A, 0x16];
    assert_eq!(rig.press(&to_5), Some(Command::Transfer(5)));
}

#[test]
fn evaluate_ends_the_service_and_asks_the_customer_who_answers_once() {
    let mut rig = Rig::new();
    rig.told(Told::Counter(counter("open", Some(ticket("serving")))));
    rig.frames();
    assert_eq!(rig.press(&EVALUATE), Some(Command::Complete));
    assert_eq!(rig.frames(), [EVALUATE], "asked only once it is done");
    rig.told(called("completed"));
    assert_eq!(rig.frames(), [ASK_RATING.to_vec(), shows([0x0A; 3])]);
    assert_eq!(rig.press(&RATING_2), Some(Command::Rate(wire::TicketId(7), 4)));
    rig.told(Told::Rated);
    // The acknowledgement has function 01; a second opinion is acknowledged and not sent on.
    assert_eq!(rig.frames(), [[0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x02, 0x04, 0x16]]);
    assert_eq!(rig.press(&RATING_2), None);
}

#[test]
fn a_rating_pressed_after_next_is_of_the_customer_who_was_there_and_only_for_a_minute() {
    let mut rig = Rig::new();
    rig.told(Told::Counter(counter("open", Some(ticket("serving")))));
    assert_eq!(rig.press(&NEXT), Some(Command::CallNext));
    rig.told(Told::Nobody);
    rig.pass(RATING_MS - 1);
    assert_eq!(rig.press(&RATING_2), Some(Command::Rate(wire::TicketId(7), 4)));
    let mut late = Rig::new();
    late.told(Told::Counter(counter("open", Some(ticket("serving")))));
    late.press(&NEXT);
    late.told(Told::Nobody);
    late.pass(RATING_MS);
    assert_eq!(late.press(&RATING_2), None);
}

#[test]
fn a_profiles_own_codes_stand_in_place_of_the_deployed_ones() {
    let keys = BTreeMap::from([("0A".to_owned(), wire::KeyAct::Next)]);
    let mut keypad = Keypad::new(&KeypadProfile { keys, ..profile() }, 1);
    let now = Now { hall_ms: 0, line_ms: 0 };
    keypad.opened(now);
    assert!(keypad.heard(now, &NEXT));
    assert_eq!(keypad.next_request(), None, "0C means nothing to this one");
    assert!(keypad.heard(now, &[0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x0A, 0x0C, 0x16]));
    assert_eq!(keypad.next_request(), Some(Request::Keypad(Command::CallNext)));
}

#[test]
fn a_keypad_is_unknown_until_a_key_was_pressed() {
    let mut rig = Rig::new();
    assert_eq!(rig.keypad.health().state, DeviceState::Unknown);
    rig.press(&NEXT);
    assert_eq!(rig.keypad.health().state, DeviceState::Ok);
}

#[test]
fn another_keypads_keys_on_the_same_wires_are_not_ours() {
    let mut rig = Rig::new();
    let other = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x02, 0x01, 0x0C, 0x0F, 0x16];
    assert_eq!(rig.press(&other), None);
    assert_eq!(rig.frames(), Vec::<Vec<u8>>::new());
}
