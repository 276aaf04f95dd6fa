//! The keypad behind the line: what it shows, what it waits for, what it says again.

use std::collections::VecDeque;
use std::time::Instant;

use tokio::sync::watch;

use super::frame::{KeypadMessage, frame, readable};
use super::{Key, KeypadDisplay, KeypadOptions};
use crate::bus::{Unit, Verdict};

/// Key pressed, acknowledgement, order to start a rating.
pub(super) const KEY: u8 = 0x01;
/// Six digits for the display.
const SHOW: u8 = 0x02;
/// One beep.
const BEEP: u8 = 0x03;
/// A rating was given.
pub(super) const RATING: u8 = 0x11;
/// The evaluate key, and the order to start a rating.
pub(super) const EVALUATE: u8 = 0x0B;
/// A digit that stays dark.
const DARK: u8 = 0x0A;

pub(super) struct Pad {
    pub(super) options: KeypadOptions,
    pub(super) shown: watch::Sender<KeypadDisplay>,
    pub(super) unanswered: VecDeque<Press>,
    pub(super) acknowledged: usize,
    pub(super) repeated: usize,
    pub(super) beeps: usize,
    pub(super) ratings_started: usize,
    pub(super) rates: Option<u8>,
    pub(super) garble_next: bool,
}

/// A key the host has not acknowledged.
pub(super) struct Press {
    pub(super) key: Key,
    bytes: Vec<u8>,
    /// When it is said again; `None`: no more.
    again_at: Option<Instant>,
    repeats_left: u32,
}

/// Two frames sent over each other: a low bit of either pulls the line low. Should that leave a frame that can be read,
/// its sum is spoilt.
pub(super) fn superimposed(one: &[u8], other: &[u8]) -> Vec<u8> {
    let byte = |index: usize| {
        let at = |bytes: &[u8]| bytes.get(index).copied().unwrap_or(0xFF);
        at(one) & at(other)
    };
    let mut bytes: Vec<u8> = (0..one.len().max(other.len())).map(byte).collect();
    if readable(&bytes)
        && let [.., sum, _] = bytes.as_mut_slice()
    {
        *sum ^= 0x80;
    }
    bytes
}

impl Pad {
    pub(super) fn new(options: KeypadOptions) -> Self {
        Self {
            options,
            shown: watch::Sender::new(KeypadDisplay::default()),
            unanswered: VecDeque::new(),
            acknowledged: 0,
            repeated: 0,
            beeps: 0,
            ratings_started: 0,
            rates: None,
            garble_next: false,
        }
    }

    /// The bytes of a key pressed at `at`, which from now on wait for an acknowledgement.
    pub(super) fn press(&mut self, key: Key, at: Instant) -> Vec<u8> {
        let bytes = key.frame(self.options.address);
        let again_at = self.options.repeat.filter(|_| self.options.repeats > 0).map(|repeat| at + repeat);
        let repeats_left = self.options.repeats;
        self.unanswered.push_back(Press { key, bytes: bytes.clone(), again_at, repeats_left });
        self.on_wire(bytes)
    }

    fn on_wire(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        if std::mem::take(&mut self.garble_next)
            && let Some(byte) = bytes.get_mut(6)
        {
            *byte ^= 0x20;
        }
        bytes
    }

    /// Whether the frame acknowledges a key: the host echoes it, a rating with function 01 instead of 11.
    fn acknowledges(&mut self, message: &KeypadMessage) -> bool {
        let echo = frame(message.address, message.function, &message.data);
        let rating = frame(message.address, RATING, &message.data);
        let answered = self.unanswered.iter().position(|press| match press.key {
            Key::Rate(_) => message.function == KEY && press.bytes == rating,
            Key::Call
            | Key::Recall
            | Key::Evaluate
            | Key::Pause
            | Key::Transfer
            | Key::NoShow
            | Key::Hold
            | Key::CallBack => press.bytes == echo,
        });
        let found = answered.and_then(|index| self.unanswered.remove(index));
        self.acknowledged += usize::from(found.is_some());
        found.is_some()
    }

    fn show(&mut self, data: &[u8]) -> Verdict {
        let shown = data.split_at_checked(3).map(|(waiting, ticket)| (digits(waiting), digits(ticket)));
        let Some((Some(waiting), Some(ticket))) = shown else {
            return Verdict::Refused(format!("digits {data:02X?}"));
        };
        let display = KeypadDisplay { waiting, ticket };
        self.shown.send_if_modified(|shown| {
            let changed = *shown != display;
            *shown = display;
            changed
        });
        Verdict::Understood
    }
}

impl Unit for Pad {
    type Message = KeypadMessage;

    fn is_for_me(&self, message: &KeypadMessage) -> bool {
        message.address == self.options.address
    }

    /// The keypad answers nothing, it is the host that acknowledges; but the order to start a rating may end in one.
    fn hear(&mut self, message: &KeypadMessage, at: Instant) -> (Verdict, Option<Vec<u8>>) {
        if self.acknowledges(message) {
            return (Verdict::Understood, None);
        }
        match (message.function, message.data.as_slice()) {
            (SHOW, data) if data.len() == 6 => (self.show(data), None),
            (BEEP, []) => {
                self.beeps += 1;
                (Verdict::Understood, None)
            }
            (KEY, [EVALUATE]) => {
                self.ratings_started += 1;
                (Verdict::Understood, self.rates.map(|score| self.press(Key::Rate(score), at)))
            }
            (function, data) => (Verdict::Refused(format!("function {function:02X} with {data:02X?}")), None),
        }
    }

    fn alarm_at(&self) -> Option<Instant> {
        self.unanswered.iter().filter_map(|press| press.again_at).min()
    }

    fn alarm(&mut self, at: Instant) -> Option<Vec<u8>> {
        let repeat = self.options.repeat?;
        let press = self.unanswered.iter_mut().find(|press| press.again_at.is_some_and(|due| due <= at))?;
        press.repeats_left -= 1;
        press.again_at = (press.repeats_left > 0).then_some(at + repeat);
        self.repeated += 1;
        let bytes = press.bytes.clone();
        Some(self.on_wire(bytes))
    }
}

/// Digits, dark ones left out; `None` when one is neither 0 to 9 nor dark.
fn digits(data: &[u8]) -> Option<String> {
    data.iter().filter(|digit| **digit != DARK).map(|digit| char::from_digit(u32::from(*digit), 10)).collect()
}
