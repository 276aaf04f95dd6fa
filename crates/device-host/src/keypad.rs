//! A teller's keypad: keys become commands of its counter; it shows the counter's number and how many wait.

mod desk;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use codecs::keypad::{self, Decoder, Event, Key};
use wire::{CounterStatus, CounterView, DeviceReport, DeviceState, TicketView};

use crate::device::{After, Frame, report};
use crate::time::Now;
use desk::Desk;

/// A key pressed again within this time, in the hall's time, is the same press.
pub(crate) const DEBOUNCE_MS: i64 = 600;
/// The display says nothing back, so it is sent again now and then: a collision may have destroyed a frame.
pub(crate) const REFRESH_MS: i64 = 30_000;
/// Where the wires echo, our own frame is back by then; a later equal one is the device's.
const ECHO_MS: i64 = 100;
/// Frames waiting to be acknowledged; a device that sends more without listening is not helped by more.
const MOST_ACKNOWLEDGEMENTS: usize = 8;

/// What a key asks of the broker, for the keypad's counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    CallNext,
    Recall,
    NoShow,
    Hold,
    Return,
    Pause,
    Resume,
}

/// News for a keypad.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Its counter as the hall's snapshot has it.
    Counter(Box<CounterView>),
    /// A command was done; its counter.
    Changed(Box<CounterView>),
    /// A command was done; the ticket it was about.
    Ticket(Box<TicketView>),
    /// A command was done; nobody waits.
    Nobody,
    /// The broker said no, or cannot be reached. The key is not remembered.
    No,
}

/// The driver of one keypad.
#[derive(Debug)]
pub(crate) struct Keypad {
    address: u8,
    open: bool,
    heard_once: bool,
    decoder: Decoder,
    echoes_until: Option<i64>,
    acknowledgements: VecDeque<Vec<u8>>,
    beep: bool,
    pressed: Option<(Key, i64)>,
    asking: Option<Command>,
    request: Option<Command>,
    desk: Desk,
    shown: Option<(desk::Digits, i64)>,
}

impl Keypad {
    pub(crate) fn new(address: u8) -> Self {
        Self {
            address,
            open: false,
            heard_once: false,
            decoder: Decoder::default(),
            echoes_until: None,
            acknowledgements: VecDeque::new(),
            beep: false,
            pressed: None,
            asking: None,
            request: None,
            desk: Desk::default(),
            shown: None,
        }
    }

    pub(crate) fn opened(&mut self) {
        self.open = true;
        self.heard_once = false;
        self.decoder.clear();
        self.echoes_until = None;
        self.acknowledgements.clear();
        self.beep = false;
        self.shown = None;
    }

    pub(crate) fn gone(&mut self) {
        self.open = false;
    }

    pub(crate) fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        // On a busy machine these bytes are read before the echoes' time is looked at: a key must not pass for an echo.
        self.tick(now);
        let mut mine = false;
        for frame in self.decoder.push(bytes) {
            if frame.address != self.address {
                continue;
            }
            let Some(event) = frame.event() else { continue };
            mine = true;
            self.heard_once = true;
            if self.acknowledgements.len() < MOST_ACKNOWLEDGEMENTS {
                self.acknowledgements.push_back(keypad::acknowledge(&frame));
            }
            match event {
                Event::Key(key) => self.press(now, key),
                // Ratings go through the rater; here they are acknowledged, so that the device stops sending.
                Event::Rating(_) => {}
            }
        }
        mine
    }

    pub(crate) fn take(&mut self, now: Now, told: Told) {
        match told {
            Told::Counter(counter) => self.desk.take(*counter),
            Told::Changed(counter) => {
                self.asking = None;
                self.desk.take(*counter);
            }
            Told::Ticket(ticket) => {
                self.asking = None;
                self.desk.take_ticket(*ticket);
            }
            Told::Nobody => {
                self.asking = None;
                self.desk.nobody_waits();
                self.beep = true;
            }
            Told::No => {
                self.asking = None;
                self.beep = true;
            }
        }
        self.tick(now);
    }

    pub(crate) fn tick(&mut self, now: Now) {
        if self.echoes_until.is_some_and(|until| now.line_ms >= until) {
            self.echoes_until = None;
            self.decoder.forget_echoes();
        }
    }

    pub(crate) fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open {
            return None;
        }
        let bytes = if let Some(acknowledgement) = self.acknowledgements.pop_front() {
            acknowledgement
        } else if std::mem::take(&mut self.beep) {
            keypad::beep(self.address)
        } else if self.shows_at(now)? <= now.line_ms {
            let digits = self.desk.digits()?;
            self.shown = Some((digits, now.line_ms));
            keypad::show(self.address, Some(digits.waiting), digits.ticket)
        } else {
            return None;
        };
        self.decoder.sent(&bytes);
        self.echoes_until = Some(now.line_ms + ECHO_MS);
        Some(Frame { bytes, after: After::Pause })
    }

    pub(crate) fn next_look(&self, now: Now) -> Option<i64> {
        if !self.open {
            return None;
        }
        let at_once = (self.beep || !self.acknowledgements.is_empty()).then_some(now.line_ms);
        [at_once, self.shows_at(now), self.echoes_until].into_iter().flatten().min()
    }

    pub(crate) fn next_request(&mut self) -> Option<Command> {
        self.request.take()
    }

    pub(crate) fn health(&self) -> DeviceReport {
        if self.heard_once {
            return report(DeviceState::Ok, Vec::new(), None);
        }
        report(DeviceState::Unknown, Vec::new(), Some("it speaks only when a key is pressed".to_owned()))
    }

    fn press(&mut self, now: Now, key: Key) {
        // The device repeats a key until it hears the acknowledgement, and a finger bounces.
        let again =
            self.pressed.is_some_and(|(last, at)| last == key && (0..DEBOUNCE_MS).contains(&(now.hall_ms - at)));
        if again {
            return;
        }
        self.pressed = Some((key, now.hall_ms));
        let command = match key {
            Key::Next => Some(Command::CallNext),
            Key::Recall => Some(Command::Recall),
            Key::NoShow => self.desk.may_mark_no_show(now.hall_ms).then_some(Command::NoShow),
            Key::Hold => Some(Command::Hold),
            Key::CallBack => Some(Command::Return),
            Key::Pause => Some(match self.desk.status() {
                Some(CounterStatus::Paused) => Command::Resume,
                Some(CounterStatus::Open | CounterStatus::Closed) | None => Command::Pause,
            }),
            // A transfer needs to know where to, and a rating who is rated: both belong to the teller's page.
            Key::Transfer | Key::Evaluate => None,
        };
        match command {
            Some(command) if self.asking.is_none() => {
                self.asking = Some(command);
                self.request = Some(command);
            }
            Some(_) | None => self.beep = true,
        }
    }

    fn shows_at(&self, now: Now) -> Option<i64> {
        let digits = self.desk.digits()?;
        Some(match self.shown {
            Some((shown, at)) if shown == digits => at + REFRESH_MS,
            Some(_) | None => now.line_ms,
        })
    }
}
