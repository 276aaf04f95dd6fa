//! A keypad that is asked for its keys by Modbus RTU.

use codecs::keypad::polled::{KeyMap, PolledKeys};
use codecs::led::modbus::{Answer, Echo, Exchange, ModbusError, Request as Question, Response};
use wire::{Condition, DeviceReport, DeviceState, KeyAct, PolledKeypadProfile};

use super::desk::Digits;
use super::teller::{Teller, Told};
use crate::device::{self, After, Driver, Frame, Request, Urgency, report};
use crate::time::Now;

/// Questions without an answer after which the keypad counts as not answering.
const MISSES: u8 = 3;
/// How often it is asked then: the line is for those that answer.
const DEAD_POLL_MS: i64 = 5_000;
/// How often what it shows is written again.
const REFRESH_MS: i64 = 30_000;

/// The driver of one keypad.
#[derive(Debug)]
pub(crate) struct PolledKeypad {
    unit: u8,
    profile: PolledKeypadProfile,
    keys: PolledKeys<KeyAct>,
    poll: Question,
    open: bool,
    asked_at: Option<i64>,
    /// Its turn before was a question for its keys.
    polled_last: bool,
    exchange: Option<(Exchange, About)>,
    /// What is wrong with a register it shows something in, until one is written again.
    register_complaint: Option<String>,
    misses: u8,
    has_answered: bool,
    complaint: Option<String>,
    teller: Teller,
    shown: Option<(Digits, i64)>,
    /// Registers still to be written, with their values.
    writes: Vec<(u16, u16)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Keys,
    Register(u16, u16),
}

impl PolledKeypad {
    pub(crate) fn new(profile: &PolledKeypadProfile, unit: u8) -> Self {
        let meaning = |key: &KeyAct| (*key != KeyAct::Unused).then_some(*key);
        let map = KeyMap::new(profile.first_input, profile.keys.iter().map(meaning));
        Self {
            unit,
            profile: profile.clone(),
            poll: map.request(),
            keys: PolledKeys::new(map),
            open: false,
            asked_at: None,
            polled_last: false,
            exchange: None,
            register_complaint: None,
            misses: 0,
            has_answered: false,
            complaint: None,
            teller: Teller::default(),
            shown: None,
            writes: Vec::new(),
        }
    }

    pub(crate) fn told(&mut self, now: Now, told: Told) {
        self.teller.take(now, told);
        self.show(now);
    }

    fn poll_at(&self, now: Now) -> i64 {
        let pause = if self.misses >= MISSES { DEAD_POLL_MS } else { i64::from(self.profile.poll_ms) };
        self.asked_at.map_or(now.line_ms, |asked| asked + pause)
    }

    fn ask(&mut self, about: About, request: Question) -> Option<Frame> {
        let frame: Result<Vec<u8>, ModbusError> = request.frame(self.unit);
        match frame {
            Ok(bytes) => {
                let echo = if self.profile.echo { Echo::Local } else { Echo::None };
                self.exchange = Some((Exchange::new(self.unit, request, echo), about));
                Some(Frame { bytes, after: After::Answer })
            }
            Err(error) => {
                self.complaint = Some(error.to_string());
                None
            }
        }
    }

    fn beep(&mut self) {
        // There is no rater on this wire to ask the customer.
        self.teller.take_ask_rating();
        if self.teller.take_beep()
            && let Some(register) = self.profile.beep_register
        {
            self.writes.push((register, 1));
        }
    }

    /// Writes what the registers are to show, if that is otherwise or long ago.
    fn show(&mut self, now: Now) {
        let Some(digits) = self.teller.digits() else { return };
        let stands = self.shown.is_some_and(|(shown, at)| shown == digits && now.line_ms < at + REFRESH_MS);
        if stands || !self.open {
            return;
        }
        self.shown = Some((digits, now.line_ms));
        // What no register can leave blank is 0.
        let values = [
            (self.profile.waiting_register, digits.waiting.min(999)),
            (self.profile.number_register, digits.ticket.unwrap_or(0)),
        ];
        self.writes.retain(|(register, _)| values.iter().all(|(shown, _)| *shown != Some(*register)));
        self.writes.extend(values.into_iter().filter_map(|(register, value)| Some((register?, value))));
    }
}

impl Driver for PolledKeypad {
    fn opened(&mut self, _now: Now) {
        self.open = true;
        self.asked_at = None;
        self.exchange = None;
        self.misses = 0;
        self.has_answered = false;
        self.complaint = None;
        self.register_complaint = None;
        self.keys.forget();
        self.teller.opened();
        self.shown = None;
        self.writes.clear();
    }

    fn gone(&mut self, _why: &str) {
        self.open = false;
        self.exchange = None;
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        let Some((exchange, about)) = &mut self.exchange else { return false };
        let Some(answer) = exchange.push(bytes) else { return false };
        let about = *about;
        self.exchange = None;
        self.misses = 0;
        self.has_answered = true;
        match (about, answer) {
            (About::Keys, Answer::Done(Response::Inputs(inputs))) => {
                self.complaint = None;
                for key in self.keys.press(&inputs) {
                    self.teller.press(now, key, None);
                }
            }
            (About::Keys, Answer::Refused(why)) => {
                self.complaint = Some(format!("asked for its keys it answered {why:?}"));
            }
            (About::Register(register, _), Answer::Refused(why)) => {
                self.register_complaint = Some(format!("to register {register} it answered {why:?}"));
            }
            (About::Register(..), Answer::Done(_)) => self.register_complaint = None,
            // The answer to another question is none: `Exchange` has seen to that.
            (About::Keys, Answer::Done(Response::Registers(_) | Response::Written)) => {}
        }
        true
    }

    fn tick(&mut self, now: Now) {
        self.show(now);
    }

    fn due(&self, now: Now) -> Option<(Urgency, i64)> {
        let writes = !self.writes.is_empty() && (self.polled_last || self.poll_at(now) > now.line_ms);
        let due = if writes { (Urgency::Call, now.line_ms) } else { (Urgency::Poll, self.poll_at(now)) };
        self.open.then_some(due)
    }

    fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open {
            return None;
        }
        match self.exchange.take() {
            None => {}
            Some((_, About::Keys)) => {
                self.misses = self.misses.saturating_add(1);
                // A key that went down unseen and stayed is no press any more.
                if self.misses >= MISSES {
                    self.keys.forget();
                }
            }
            Some((_, About::Register(register, value))) => {
                self.misses = self.misses.saturating_add(1);
                // Written again, unless something newer is to stand there. A beep that comes late means nothing.
                let is_newer = self.writes.iter().any(|(queued, _)| *queued == register);
                if !is_newer && self.profile.beep_register != Some(register) {
                    self.writes.push((register, value));
                }
            }
        }
        self.beep();
        // By turns, or a keypad slower than its polls would never be written to.
        let may_poll = !self.polled_last || self.writes.is_empty();
        if may_poll && self.poll_at(now) <= now.line_ms {
            self.asked_at = Some(now.line_ms);
            self.polled_last = true;
            return self.ask(About::Keys, self.poll.clone());
        }
        self.polled_last = false;
        let (register, value) = self.writes.pop()?;
        self.ask(About::Register(register, value), Question::WriteSingle { register, value })
    }

    fn next_look(&self, now: Now) -> Option<i64> {
        let at_once = !self.writes.is_empty() || self.teller.calls_for_attention();
        self.open.then(|| if at_once { now.line_ms } else { self.poll_at(now) })
    }

    fn is_answered(&self) -> bool {
        self.exchange.is_none()
    }

    fn health(&self) -> DeviceReport {
        if let Some(why) = &self.complaint {
            return report(DeviceState::Fault, vec![Condition::Refused], Some(why.clone()));
        }
        if self.misses >= MISSES {
            let detail = "it does not answer when it is asked for its keys".to_owned();
            return report(DeviceState::Unknown, vec![Condition::NoAnswer], Some(detail));
        }
        if let Some(why) = &self.register_complaint {
            return report(DeviceState::Warning, vec![Condition::Refused], Some(why.clone()));
        }
        let state = if self.has_answered { DeviceState::Ok } else { DeviceState::Unknown };
        report(state, Vec::new(), None)
    }

    fn take(&mut self, now: Now, told: device::Told) {
        if let Some(told) = told.for_keypad() {
            self.told(now, told);
        }
    }

    fn next_request(&mut self) -> Option<Request> {
        self.teller.next_request().map(Request::Keypad)
    }

    fn is_mute(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keypad::teller::Command;

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    const ASK: [u8; 8] = [0x01, 0x02, 0, 0, 0, 8, 0x79, 0xCC];
    const NONE: [u8; 6] = [0x01, 0x02, 0x01, 0x00, 0xA1, 0x88];
    /// Input 0 set.
    const FIRST: [u8; 6] = [0x01, 0x02, 0x01, 0x01, 0x60, 0x48];

    struct Rig {
        keypad: PolledKeypad,
        now: Now,
    }

    impl Rig {
        fn new(beep_register: Option<u16>) -> Self {
            let keys = [KeyAct::Next, KeyAct::Recall].into_iter().chain([KeyAct::Unused; 6]).collect();
            let profile = PolledKeypadProfile {
                baud: 9_600,
                first_input: 0,
                keys,
                poll_ms: 50,
                echo: false,
                waiting_register: None,
                number_register: None,
                beep_register,
            };
            let mut keypad = PolledKeypad::new(&profile, 1);
            let now = Now { hall_ms: 100_000, line_ms: 0 };
            keypad.opened(now);
            Self { keypad, now }
        }

        fn pass(&mut self, ms: i64) {
            self.now = Now { hall_ms: self.now.hall_ms + ms, line_ms: self.now.line_ms + ms };
            self.keypad.tick(self.now);
        }

        /// Lets it ask, and answers.
        fn poll(&mut self, answer: &[u8]) -> Option<Command> {
            let frame = self.keypad.next_frame(self.now).expect("it asks");
            assert_eq!(frame.bytes, ASK);
            assert!(!self.keypad.is_answered());
            self.keypad.heard(self.now, answer);
            self.pass(50);
            self.keypad.next_request().map(|request| match request {
                Request::Keypad(command) => command,
                other @ (Request::Printer(_) | Request::Identify(_)) => panic!("a keypad asked {other:?}"),
            })
        }
    }

    #[test]
    fn a_key_that_goes_down_is_one_command_however_long_it_is_held() {
        let mut rig = Rig::new(None);
        assert_eq!(rig.poll(&NONE), None);
        assert_eq!(rig.poll(&FIRST), Some(Command::CallNext));
        for _ in 0..30 {
            assert_eq!(rig.poll(&FIRST), None);
        }
        assert_eq!(rig.keypad.health().state, DeviceState::Ok);
    }

    #[test]
    fn a_keypad_that_does_not_answer_is_asked_more_seldom_and_said_to_be_silent() {
        let mut rig = Rig::new(None);
        let mut asked = 0;
        for _ in 0..10_000 {
            asked += usize::from(rig.keypad.next_frame(rig.now).is_some());
            rig.pass(1);
        }
        assert!((4..=6).contains(&asked), "asked {asked} times in ten seconds");
        let health = rig.keypad.health();
        assert_eq!((health.state, health.conditions), (DeviceState::Unknown, vec![Condition::NoAnswer]));
        rig.keypad.heard(rig.now, &NONE);
        rig.pass(DEAD_POLL_MS);
        rig.poll(&NONE);
        assert_eq!(rig.keypad.health().state, DeviceState::Ok);
    }

    #[test]
    fn a_key_held_while_nobody_could_ask_presses_nothing() {
        let mut rig = Rig::new(None);
        rig.poll(&NONE);
        for _ in 0..=MISSES {
            rig.keypad.next_frame(rig.now).expect("it asks, and gets no answer");
            rig.pass(DEAD_POLL_MS);
        }
        assert_eq!(rig.poll(&FIRST), None);
    }

    #[test]
    fn a_register_that_was_not_written_is_written_again_and_a_refusal_is_a_warning_that_stays() {
        let mut rig = Rig::new(None);
        rig.keypad.profile.waiting_register = Some(4);
        rig.poll(&NONE);
        rig.now.line_ms -= 50;
        rig.keypad.writes.push((4, 12));
        for _ in 0..2 {
            let frame = rig.keypad.next_frame(rig.now).expect("the register");
            assert_eq!(frame.bytes[..6], [0x01, 0x06, 0x00, 0x04, 0x00, 0x0C]);
        }
        // Exception 2 to function 06 (Modbus Application Protocol V1.1b3, section 7).
        rig.keypad.heard(rig.now, &[0x01, 0x86, 0x02, 0xC3, 0xA1]);
        rig.now.line_ms += 50;
        rig.poll(&NONE);
        assert_eq!(rig.keypad.health().state, DeviceState::Warning, "keys that answer do not mend the register");
    }

    #[test]
    fn an_error_beeps_where_there_is_a_register_for_it() {
        let mut rig = Rig::new(Some(2));
        rig.poll(&NONE);
        assert_eq!(rig.poll(&FIRST), Some(Command::CallNext));
        rig.keypad.told(rig.now, Told::No);
        let frame = rig.keypad.next_frame(rig.now).expect("the beep");
        assert_eq!(frame.bytes[..6], [0x01, 0x06, 0x00, 0x02, 0x00, 0x01]);
    }
}
