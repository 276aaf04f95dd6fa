//! Whose frame goes first on a line of twenty signs. No port: the bus is asked what it would send.

use std::collections::BTreeMap;

use clock::Clock;
use wire::{Place, SignCall, SignWanted};

use super::*;
use crate::sign::tests::window_profile;
use crate::sign::{Protocol, REFRESH_MS, Sign};

const SIGNS: usize = 20;

struct Rig {
    bus: Bus,
    now: Now,
}

impl Rig {
    /// Twenty signs, of which nobody knows yet what they show.
    fn new() -> Self {
        let seats = (1..=SIGNS)
            .map(|unit| {
                let unit = u16::try_from(unit).expect("few signs");
                let sign = Sign::new(Protocol::modbus(&window_profile(), unit), Place::Counter(unit));
                let mut device: Box<dyn Driver> = Box::new(sign);
                device.opened(Now { hall_ms: 0, line_ms: 0 });
                let (requests, _) = mpsc::channel(1);
                let (health, _) = watch::channel(None);
                Seat { name: unit.to_string(), device, requests, health, trouble: None, unsent: VecDeque::new() }
            })
            .collect();
        let settings = PortSettings { path: String::new(), baud: 9_600, flow: wire::Flow::None };
        let (_, inbox) = mpsc::channel(1);
        let (_, stop) = watch::channel(false);
        Self {
            bus: Bus { settings, seats, inbox, time: Time::new(Clock::system()), stop },
            now: Now { hall_ms: 0, line_ms: 0 },
        }
    }

    fn want(&mut self, seat: usize, number: Option<&str>) {
        let place = Place::Counter(u16::try_from(seat + 1).expect("few signs"));
        let call = |number: &str| SignCall { number: number.to_owned(), counter: 1, calls: 1 };
        let calls = number.map(call).into_iter().collect();
        let sign = SignWanted { place, seq: 1, calls, idle: BTreeMap::new(), brightness: None };
        self.bus.tell(self.now, seat, Told::Sign(sign));
    }

    /// Whose frame goes out now. It is acknowledged, unless the sign is dead.
    fn sends(&mut self, dead: Option<usize>) -> Option<usize> {
        let outgoing = self.bus.next_outgoing(self.now)?;
        if dead != Some(outgoing.seat) {
            // Registers 0 to 5 written.
            let mut answer = outgoing.bytes[..6].to_vec();
            let crc = crc(&answer);
            answer.extend(crc.to_le_bytes());
            self.bus.heard(self.now, &answer);
        }
        Some(outgoing.seat)
    }

    /// What goes out within so many milliseconds, a frame every 30.
    fn sends_within(&mut self, ms: i64, dead: Option<usize>) -> Vec<usize> {
        let mut sent = Vec::new();
        for _ in 0..ms / 30 {
            self.now.line_ms += 30;
            sent.extend(self.sends(dead));
        }
        sent
    }

    /// All signs show that nobody is called, and have said so.
    fn settled() -> Self {
        let mut rig = Self::new();
        for seat in 0..SIGNS {
            rig.want(seat, None);
        }
        let mut sent = rig.sends_within(30 * 25, None);
        sent.sort_unstable();
        assert_eq!(sent, (0..SIGNS).collect::<Vec<_>>());
        rig
    }
}

/// CRC-16/MODBUS, bit by bit (Modbus over Serial Line V1.02, 6.2.2).
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

#[test]
fn a_call_goes_before_twenty_refreshes_that_are_due() {
    let mut rig = Rig::settled();
    rig.now.line_ms += REFRESH_MS;
    rig.want(SIGNS - 1, Some("A032"));
    assert_eq!(rig.sends(None), Some(SIGNS - 1));
    assert_eq!(rig.sends(None), Some(0), "then the one that has waited longest");
}

#[test]
fn a_call_goes_before_nineteen_signs_that_blink_and_one_that_does_not_answer() {
    let mut rig = Rig::settled();
    let dead = Some(3);
    for seat in 0..SIGNS - 1 {
        rig.want(seat, Some("A031"));
    }
    rig.sends_within(1_500, dead);
    rig.want(SIGNS - 1, Some("A032"));
    assert_eq!(rig.sends(dead), Some(SIGNS - 1));
}

#[test]
fn a_dead_sign_costs_the_line_a_frame_in_five_seconds() {
    let mut rig = Rig::settled();
    let dead = Some(3);
    rig.want(3, Some("A031"));
    rig.sends_within(10_000, dead);
    let sent = rig.sends_within(20_000, dead);
    let wasted = sent.iter().filter(|seat| Some(**seat) == dead).count();
    assert!((3..=5).contains(&wasted), "{wasted} of {}", sent.len());
}

#[test]
fn signs_are_refreshed_although_others_are_called_without_end() {
    let mut rig = Rig::settled();
    let mut refreshed = 0;
    for n in 0..2_000 {
        // A call in each of the line's frames, in turn at the first ten counters.
        rig.want(n % 10, Some(&format!("A{n:03}")));
        rig.now.line_ms += 30;
        refreshed += usize::from(rig.sends(None).is_some_and(|seat| seat >= 10));
    }
    assert!(refreshed >= 10, "{refreshed} frames for ten signs in a minute");
}
