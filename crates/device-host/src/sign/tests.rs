//! The sign's rules: what is wanted is sent until it is acknowledged.

use std::collections::BTreeMap;

use codecs::led::onbon::Decoder;
use wire::{
    CpowerSignProfile, DigitCommand, DigitSignProfile, ModbusSignProfile, OnbonSignProfile, PrinterCharset,
    RegisterLayout, SignLines,
};

use super::*;

struct Rig {
    sign: Sign,
    now: Now,
}

/// A window sign of six characters.
pub(crate) fn window_profile() -> ModbusSignProfile {
    ModbusSignProfile {
        baud: 9_600,
        first_register: 0,
        characters: 6,
        layout: RegisterLayout::OneCharacter,
        echo: false,
        brightness_register: None,
        brightness_full: 100,
    }
}

fn wanted(place: Place, number: Option<&str>, calls: u8) -> SignWanted {
    let calls = number.map(|number| SignCall { number: number.to_owned(), counter: 3, calls }).into_iter().collect();
    SignWanted { place, seq: 1, calls, idle: BTreeMap::new(), brightness: None }
}

impl Rig {
    fn window() -> Self {
        Self::of(Protocol::modbus(&window_profile(), 1))
    }

    fn of(protocol: Protocol) -> Self {
        let mut sign = Sign::new(protocol, Place::Counter(3));
        let now = Now { hall_ms: 0, line_ms: 0 };
        sign.opened(now);
        Self { sign, now }
    }

    fn want(&mut self, number: Option<&str>) {
        self.call(number, 1);
    }

    fn call(&mut self, number: Option<&str>, calls: u8) {
        self.sign.want(&wanted(Place::Counter(3), number, calls));
    }

    fn urgency(&self) -> Option<Urgency> {
        self.sign.due(self.now).map(|(urgency, _)| urgency)
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
fn a_number_nobody_acknowledged_is_sent_for_ever_and_after_a_while_more_seldom() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    for n in 0..100 {
        let pause = if n < 3 { RESEND_MS } else { DEAD_RESEND_MS };
        rig.pass(pause - 1);
        assert_eq!(rig.sends(), None);
        rig.pass(1);
        assert_eq!(rig.urgency(), Some(if n < 3 { Urgency::Again } else { Urgency::Refresh }));
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
    rig.sign.gone("unplugged");
    assert_eq!(rig.sends(), None);
    rig.sign.opened(rig.now);
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
    let mut sign = Sign::new(Protocol::onbon(&font_card(), 1), Place::Hall);
    sign.opened(Now { hall_ms: 0, line_ms: 0 });
    sign.want(&wanted(Place::Hall, Some("A032"), 1));
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
    let mut sign = Sign::new(Protocol::onbon(&font_card(), 0xFFFF), Place::Hall);
    sign.opened(Now { hall_ms: 0, line_ms: 0 });
    sign.want(&wanted(Place::Hall, None, 0));
    let now = Now { hall_ms: 0, line_ms: 0 };
    assert_eq!(sign.next_frame(now).map(|frame| frame.after), Some(After::Pause));
    assert_eq!(sign.health().state, DeviceState::Unknown, "unknown is not ok");
}

fn font_card() -> OnbonSignProfile {
    OnbonSignProfile { baud: 57_600, width: 192, height: 32, vertical: wire::SignUnits::Pixels }
}

#[test]
fn a_new_call_blinks_for_six_seconds_and_then_stands() {
    let mut rig = Rig::window();
    rig.want(None);
    rig.sends();
    rig.acknowledge();
    rig.pass(100);
    rig.want(Some("A032"));
    assert_eq!(rig.urgency(), Some(Urgency::Call));
    let mut seen = Vec::new();
    let until = rig.now.line_ms + 8_000;
    while rig.now.line_ms < until {
        if let Some(text) = rig.sends() {
            seen.push(text);
            rig.acknowledge();
        }
        let look = rig.sign.next_look(rig.now).expect("an open sign is looked at again");
        rig.now.line_ms = look.max(rig.now.line_ms + 1);
    }
    let dark = seen.iter().filter(|text| text.trim().is_empty()).count();
    assert_eq!(
        (dark, seen.first().map(String::as_str), seen.last().map(String::as_str)),
        (6, Some("  A032"), Some("  A032")),
        "{seen:?}"
    );
}

#[test]
fn a_blinking_sign_is_less_urgent_than_a_call_and_more_than_a_refresh() {
    let mut rig = Rig::window();
    rig.want(None);
    rig.sends();
    rig.acknowledge();
    assert_eq!(rig.urgency(), Some(Urgency::Refresh));
    rig.want(Some("A032"));
    rig.sends();
    assert_eq!(rig.urgency(), Some(Urgency::Again), "until it is acknowledged");
    rig.acknowledge();
    rig.pass(700);
    assert_eq!(rig.urgency(), Some(Urgency::Blink));
    rig.want(Some("A033"));
    assert_eq!(rig.urgency(), Some(Urgency::Call));
    assert!(Urgency::Call < Urgency::Again && Urgency::Again < Urgency::Blink && Urgency::Blink < Urgency::Refresh);
}

#[test]
fn a_recall_blinks_again_and_what_stood_before_the_host_started_does_not() {
    let mut rig = Rig::window();
    rig.want(Some("A032"));
    rig.sends();
    rig.acknowledge();
    rig.pass(700);
    assert_eq!(rig.sends(), None, "it stands");
    rig.call(Some("A032"), 2);
    rig.pass(REFRESH_MS);
    rig.sends();
    rig.acknowledge();
    rig.pass(700);
    assert_eq!(rig.sends().as_deref(), Some("      "));
}

#[test]
fn an_older_call_that_moves_up_does_not_blink() {
    let mut sign = Sign::new(Protocol::onbon(&font_card(), 0xFFFF), Place::Hall);
    let now = Now { hall_ms: 0, line_ms: 0 };
    sign.opened(now);
    let older = SignCall { number: "A031".to_owned(), counter: 4, calls: 1 };
    let both = |newest: &str| {
        let mut wanted = wanted(Place::Hall, Some(newest), 1);
        wanted.calls.push(older.clone());
        wanted
    };
    sign.want(&wanted(Place::Hall, None, 0));
    sign.next_frame(now).expect("the idle text");
    sign.want(&both("A032"));
    sign.next_frame(now).expect("the call");
    assert_ne!(sign.blink, Blink::Stands);
    // A032 did not come.
    sign.want(&SignWanted { calls: vec![older.clone()], ..wanted(Place::Hall, None, 0) });
    assert_eq!(sign.blink, Blink::Stands);
    sign.want(&both("A033"));
    assert_eq!(sign.blink, Blink::Begins);
}

#[test]
fn on_a_hall_sign_only_the_newest_line_blinks() {
    let sign = Sign::new(Protocol::onbon(&font_card(), 1), Place::Hall);
    let mut wanted = wanted(Place::Hall, Some("A032"), 1);
    wanted.calls.push(SignCall { number: "V001".to_owned(), counter: 1, calls: 1 });
    let words = sign.protocol.words(&wanted, &Place::Hall);
    assert_eq!(words.lit, "A032 → 3号窗口\\nV001 → 1号窗口");
    assert_eq!(words.dark.as_deref(), Some(" \\nV001 → 1号窗口"));
}

#[test]
fn a_board_of_digits_is_told_three_times_and_then_now_and_again() {
    let profile = DigitSignProfile { baud: 9_600, command: DigitCommand::Addressed, idle: 0, colour: 0, info: 0 };
    let mut rig = Rig::of(Protocol::digits(&profile, 5));
    rig.want(Some("A999"));
    let mut sent = Vec::new();
    for at in 0..25_000 {
        rig.now.line_ms = at;
        if let Some(frame) = rig.sign.next_frame(rig.now) {
            // The boards' command sheet: 999 on board 5.
            assert_eq!((frame.bytes.as_slice(), frame.after), ([0x05, 0x03, 0xE7, 0xEF].as_slice(), After::Pause));
            sent.push(at);
        }
    }
    assert_eq!(
        sent,
        [0, RESEND_MS, 2 * RESEND_MS, 2 * RESEND_MS + MUTE_REFRESH_MS, 2 * RESEND_MS + 2 * MUTE_REFRESH_MS]
    );
    assert_eq!(rig.sign.health().state, DeviceState::Unknown, "it never says anything");
    rig.want(None);
    let frame = rig.sign.next_frame(rig.now).expect("the idle number");
    assert_eq!(frame.bytes, [0x05, 0x00, 0x00, 0x05]);
}

#[test]
fn a_cpower_sign_is_sent_lines_filled_to_its_edge() {
    let profile = CpowerSignProfile {
        baud: 9_600,
        width: 128,
        height: 32,
        window: 0,
        font: 1,
        charset: PrinterCharset::Gb2312,
        lines: SignLines::Filled,
        dims: false,
    };
    let sign = Sign::new(Protocol::cpower(&profile, 1), Place::Hall);
    let mut wanted = wanted(Place::Hall, Some("A032"), 1);
    wanted.calls.push(SignCall { number: "V001".to_owned(), counter: 1, calls: 1 });
    assert_eq!(sign.protocol.words(&wanted, &Place::Hall).lit, "A032 → 3号窗口 V001 → 1号窗口");
}

#[test]
fn the_brightness_is_set_after_the_text_and_kept() {
    let profile = ModbusSignProfile { brightness_register: Some(9), brightness_full: 15, ..window_profile() };
    let mut rig = Rig::of(Protocol::modbus(&profile, 1));
    rig.sign.want(&SignWanted { brightness: Some(40), ..wanted(Place::Counter(3), Some("A032"), 1) });
    assert_eq!(rig.sends().as_deref(), Some("  A032"));
    rig.acknowledge();
    let frame = rig.sign.next_frame(rig.now).expect("the brightness");
    // Function 06, register 9 := 6.
    assert_eq!(frame.bytes[..6], [0x01, 0x06, 0x00, 0x09, 0x00, 0x06]);
    assert!(!rig.sign.is_answered());
    assert!(rig.sign.heard(rig.now, &frame.bytes), "a write is answered by its echo");
    assert!(rig.sign.is_answered());
    assert_eq!(rig.sign.next_frame(rig.now), None);
}
