//! The sign's rules: what is wanted is sent until it is acknowledged.

use std::collections::BTreeMap;

use codecs::led::onbon::Decoder;
use wire::{RegisterLayout, SignCall};

use super::*;

struct Rig {
    sign: Sign,
    now: Now,
}

impl Rig {
    fn window() -> Self {
        let profile =
            ModbusSignProfile { baud: 9_600, first_register: 0, characters: 6, layout: RegisterLayout::OneCharacter };
        let mut sign = Sign::modbus(&profile, 1, Place::Counter(3));
        sign.opened();
        Self { sign, now: Now { hall_ms: 0, line_ms: 0 } }
    }

    fn want(&mut self, number: Option<&str>) {
        let calls = number.map(|number| SignCall { number: number.to_owned(), counter: 3 });
        let calls = calls.into_iter().collect();
        self.sign.want(&SignWanted { place: Place::Counter(3), seq: 1, calls, idle: BTreeMap::new() });
    }

    /// The characters of the frame it sends, if it sends one.
    fn sends(&mut self) -> Option<String> {
        let frame = self.sign.next_frame(self.now)?;
        // Function 16: unit, function, start, count, length, then a register a character.
        let characters = frame.bytes[7..frame.bytes.len() - 2].chunks(2).map(|register| char::from(register[1]));
        Some(characters.collect())
    }

    fn acknowledge(&mut self) {
        // Registers 0 to 5 written on unit 1; the CRC is CRC-16/MODBUS over the six bytes before.
        assert!(self.sign.heard(self.now, &[0x01, 0x10, 0x00, 0x00, 0x00, 0x06, 0x40, 0x0B]));
    }

    fn pass(&mut self, ms: i64) {
        self.now.line_ms += ms;
    }
}

#[test]
fn nothing_is_sent_before_it_is_known_what_to_show() {
    let mut rig = Rig::window();
    assert_eq!((rig.sends(), rig.sign.next_look(rig.now)), (None, None));
}

#[test]
fn an_acknowledged_number_rests_until_it_is_refreshed() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    assert_eq!(rig.sends().as_deref(), Some("  A032"));
    assert!(!rig.sign.is_answered());
    rig.acknowledge();
    assert!(rig.sign.is_answered());
    assert_eq!(rig.sign.health().state, DeviceState::Ok);
    assert_eq!(rig.sign.next_look(rig.now), Some(REFRESH_MS));
    rig.pass(REFRESH_MS - 1);
    assert_eq!(rig.sends(), None);
    rig.pass(1);
    assert_eq!(rig.sends().as_deref(), Some("  A032"));
}

#[test]
fn a_number_nobody_acknowledged_is_sent_every_second_for_ever() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    for _ in 0..100 {
        rig.pass(RESEND_MS - 1);
        assert_eq!(rig.sends(), None);
        rig.pass(1);
        assert_eq!(rig.sends().as_deref(), Some("  A032"));
    }
    let health = rig.sign.health();
    assert_eq!((health.state, health.conditions), (DeviceState::Unknown, vec![Condition::NoAnswer]));
    rig.acknowledge();
    assert_eq!(rig.sign.health().state, DeviceState::Ok);
}

#[test]
fn a_newer_number_overtakes_at_once() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    rig.want(Some("A033"));
    assert_eq!(rig.sends().as_deref(), Some("  A033"));
}

#[test]
fn an_idle_window_is_blank() {
    let mut rig = Rig::window();
    rig.want(None);
    assert_eq!(rig.sends().as_deref(), Some("      "));
}

#[test]
fn after_the_port_was_lost_the_number_is_sent_again() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    rig.acknowledge();
    rig.sign.gone();
    assert_eq!(rig.sends(), None);
    rig.sign.opened();
    assert_eq!(rig.sends().as_deref(), Some("  A032"));
}

#[test]
fn a_sign_that_refuses_is_at_fault_and_asked_again() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    // Exception 2 to function 16 of unit 1 (Modbus Application Protocol V1.1b3, section 7).
    assert!(rig.sign.heard(rig.now, &[0x01, 0x90, 0x02, 0xCD, 0xC1]));
    assert_eq!(rig.sign.health().state, DeviceState::Fault);
    rig.pass(RESEND_MS);
    assert!(rig.sends().is_some());
}

#[test]
fn a_hall_sign_takes_an_acknowledgement_of_its_own_card_only() {
    let profile = OnbonSignProfile { baud: 57_600, width: 192, height: 32, vertical: wire::SignUnits::Pixels };
    let mut sign = Sign::onbon(&profile, 1, Place::Hall);
    sign.opened();
    let calls = vec![SignCall { number: "A032".to_owned(), counter: 3 }];
    sign.want(&SignWanted { place: Place::Hall, seq: 1, calls, idle: BTreeMap::new() });
    let now = Now { hall_ms: 0, line_ms: 0 };
    let frame = sign.next_frame(now).unwrap();
    assert_eq!(frame.after, After::Answer);
    assert!(Decoder::default().push(&frame.bytes)[0].is_echo());
    assert!(!sign.heard(now, &frame.bytes), "our own frame, heard back");
    // deanled.cn, BX-5K protocol section 5.1.2, example 3: an acknowledgement, there of the card FFFE.
    let other =
        [0xA5, 0x00, 0x80, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0xFE, 0x02, 0x05, 0, 0xA0, 0, 0, 0, 0, 0x14, 0xAC, 0x5A];
    assert!(!sign.heard(now, &other));
    // The same from card 1, unchecked (FF FF).
    let mine =
        [0xA5, 0x00, 0x80, 0x01, 0x00, 0, 0, 0, 0, 0, 0, 0xFE, 0x02, 0x05, 0, 0xA0, 0, 0, 0, 0, 0xFF, 0xFF, 0x5A];
    assert!(sign.heard(now, &mine) && sign.is_answered());
}

#[test]
fn everybodys_address_is_never_waited_for() {
    let profile = OnbonSignProfile { baud: 57_600, width: 192, height: 32, vertical: wire::SignUnits::Pixels };
    let mut sign = Sign::onbon(&profile, 0xFFFE, Place::Hall);
    sign.opened();
    sign.want(&SignWanted { place: Place::Hall, seq: 1, calls: Vec::new(), idle: BTreeMap::new() });
    let now = Now { hall_ms: 0, line_ms: 0 };
    assert_eq!(sign.next_frame(now).map(|frame| frame.after), Some(After::Pause));
    assert_eq!(sign.health().state, DeviceState::Unknown, "unknown is not ok");
}
