//! The deployed 呼叫器 with its 评价器: it speaks first, and repeats itself until it is acknowledged.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::VecDeque;

use codecs::keypad::{self, Decoder, Event, Rating};
use wire::{DeviceReport, DeviceState, KeypadProfile};

use super::codes::Codes;
use super::desk::Digits;
use super::teller::{Teller, Told};
use crate::device::{self, After, Driver, Frame, Request, report};
use crate::time::Now;

/// The display says nothing back, so it is sent again now and then: a collision may have destroyed a frame.
pub(crate) const REFRESH_MS: i64 = 30_000;
/// Where the wires echo, our own frame is back by then; a later equal one is the device's.
const ECHO_MS: i64 = 100;
/// Frames waiting to be acknowledged; a device that sends more without listening is not helped by more.
const MOST_ACKNOWLEDGEMENTS: usize = 8;

/// The driver of one keypad.
#[derive(Debug)]
pub(crate) struct Keypad {
    address: u8,
    codes: Codes,
    scores: Vec<u8>,
    open: bool,
    heard_once: bool,
    decoder: Decoder,
    echoes_until: Option<i64>,
    acknowledgements: VecDeque<Vec<u8>>,
    teller: Teller,
    shown: Option<(Digits, i64)>,
}

impl Keypad {
    pub(crate) fn new(profile: &KeypadProfile, address: u8) -> Self {
        Self {
            address,
            codes: Codes::of(&profile.keys),
            scores: profile.rater_scores().to_vec(),
            open: false,
            heard_once: false,
            decoder: Decoder::default(),
            echoes_until: None,
            acknowledgements: VecDeque::new(),
            teller: Teller::default(),
            shown: None,
        }
    }

    pub(crate) fn told(&mut self, now: Now, told: Told) {
        self.teller.take(now, told);
        self.tick(now);
    }

    /// What a key of the rater counts; keys are counted from 1.
    fn score(&self, Rating(key): Rating) -> Option<u8> {
        self.scores.get(usize::from(key).checked_sub(1)?).copied()
    }

    fn shows_at(&self, now: Now) -> Option<i64> {
        let digits = self.teller.digits()?;
        Some(match self.shown {
            Some((shown, at)) if shown == digits => at + REFRESH_MS,
            Some(_) | None => now.line_ms,
        })
    }
}

impl Driver for Keypad {
    fn opened(&mut self, _now: Now) {
        self.open = true;
        self.heard_once = false;
        self.decoder.clear();
        self.echoes_until = None;
        self.acknowledgements.clear();
        self.teller.opened();
        self.shown = None;
    }

    fn gone(&mut self, _why: &str) {
        self.open = false;
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        // On a busy machine these bytes are read before the echoes' time is looked at: a key must not pass for an echo.
        self.tick(now);
        let mut mine = false;
        for frame in self.decoder.push(bytes) {
            if frame.address != self.address {
                continue;
            }
            mine = true;
            self.heard_once = true;
            // Whatever it means: a device repeats what is not acknowledged, into the others' frames.
            if self.acknowledgements.len() < MOST_ACKNOWLEDGEMENTS {
                self.acknowledgements.push_back(keypad::acknowledge(&frame));
            }
            match frame.event() {
                Some(Event::Keys(keys)) => {
                    if let Some((key, typed)) = self.codes.read(keys) {
                        self.teller.press(now, key, typed);
                    }
                }
                Some(Event::Rating(rating)) => {
                    if let Some(score) = self.score(rating) {
                        self.teller.rate(now, score);
                    }
                }
                None => {}
            }
        }
        mine
    }

    fn tick(&mut self, now: Now) {
        if self.echoes_until.is_some_and(|until| now.line_ms >= until) {
            self.echoes_until = None;
            self.decoder.forget_echoes();
        }
    }

    fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open {
            return None;
        }
        let bytes = if let Some(acknowledgement) = self.acknowledgements.pop_front() {
            acknowledgement
        } else if self.teller.take_beep() {
            keypad::beep(self.address)
        } else if self.teller.take_ask_rating() {
            keypad::start_rating(self.address)
        } else if self.shows_at(now)? <= now.line_ms {
            let digits = self.teller.digits()?;
            self.shown = Some((digits, now.line_ms));
            keypad::show(self.address, Some(digits.waiting), digits.ticket)
        } else {
            return None;
        };
        self.decoder.sent(&bytes);
        self.echoes_until = Some(now.line_ms + ECHO_MS);
        Some(Frame { bytes, after: After::Pause })
    }

    fn next_look(&self, now: Now) -> Option<i64> {
        if !self.open {
            return None;
        }
        let at_once = (self.teller.calls_for_attention() || !self.acknowledgements.is_empty()).then_some(now.line_ms);
        [at_once, self.shows_at(now), self.echoes_until].into_iter().flatten().min()
    }

    fn health(&self) -> DeviceReport {
        if self.heard_once {
            return report(DeviceState::Ok, Vec::new(), None);
        }
        report(DeviceState::Unknown, Vec::new(), Some("it speaks only when a key is pressed".to_owned()))
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
        true
    }
}
