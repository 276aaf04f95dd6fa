//! What every driver is to the task of its port: a machine without I/O that is told what happened and asked what to
//! send.

use std::sync::Arc;

use wire::{Condition, DeviceReport, DeviceState, IdentityInput, Place};

use crate::keypad::{self, Keypad, PolledKeypad};
use crate::printer::{self, Printer};
use crate::reader::Reader;
use crate::sign::Sign;
use crate::time::Now;

/// Something to send in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) bytes: Vec<u8>,
    pub(crate) after: After,
}

/// What the line has to do after a frame before it carries another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing: the line is this device's alone, in both directions.
    Nothing,
    /// A pause, by which devices on a shared bus tell frames apart.
    Pause,
    /// The device answers; others keep silent until it did or is late.
    Answer,
}

/// Whose frame goes first on a line that several devices share, the first of these first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// Somebody pressed a key and waits, or the line is this device's alone.
    Key,
    /// A display shows the wrong thing: somebody was called, or went.
    Call,
    /// A keypad is asked for its keys.
    Poll,
    /// A display may show the wrong thing: it did not acknowledge.
    Again,
    /// A call blinks.
    Blink,
    /// A display shows the right thing unless it was switched off.
    Refresh,
}

/// What the broker side tells a device.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Printer(printer::Told),
    Sign(wire::SignWanted),
    Keypad(Box<keypad::Told>),
}

/// What a device asks of the broker side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    Printer(printer::Request),
    Keypad(keypad::Command),
    Identify(IdentityInput),
}

/// A driver.
#[derive(Debug)]
pub(crate) enum Device {
    Printer(Box<Printer>),
    Sign(Box<Sign>),
    Keypad(Box<Keypad>),
    Polled(Box<PolledKeypad>),
    Reader(Box<Reader>),
}

impl Device {
    /// The port stands; nothing is known of the device.
    pub(crate) fn opened(&mut self, now: Now) {
        match self {
            Self::Printer(printer) => printer.opened(now),
            Self::Sign(sign) => sign.opened(),
            Self::Keypad(keypad) => keypad.opened(),
            Self::Polled(keypad) => keypad.opened(),
            Self::Reader(reader) => reader.opened(now),
        }
    }

    /// The port is gone, with whatever was under way.
    pub(crate) fn gone(&mut self, why: &str) {
        match self {
            Self::Printer(printer) => printer.gone(why),
            Self::Sign(sign) => sign.gone(),
            Self::Keypad(keypad) => keypad.gone(),
            Self::Polled(keypad) => keypad.gone(),
            Self::Reader(reader) => reader.gone(),
        }
    }

    /// Bytes came, from this device or from another one on the bus. True when they were this device's.
    pub(crate) fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        match self {
            Self::Printer(printer) => printer.heard(now, bytes),
            Self::Sign(sign) => sign.heard(now, bytes),
            Self::Keypad(keypad) => keypad.heard(now, bytes),
            Self::Polled(keypad) => keypad.heard(now, bytes),
            Self::Reader(reader) => reader.heard(now, bytes),
        }
    }

    /// The broker side says something.
    pub(crate) fn take(&mut self, now: Now, told: Told) {
        match (self, told) {
            (Self::Printer(printer), Told::Printer(told)) => printer.take(told),
            (Self::Sign(sign), Told::Sign(wanted)) => sign.want(&wanted),
            (Self::Keypad(keypad), Told::Keypad(told)) => keypad.take(now, *told),
            (Self::Polled(keypad), Told::Keypad(told)) => keypad.take(now, *told),
            // The host connects each device with its own kind.
            (Self::Printer(_) | Self::Sign(_) | Self::Keypad(_) | Self::Polled(_) | Self::Reader(_), told) => {
                tracing::error!(?told, "a device was told another one's news");
            }
        }
    }

    /// Time passed.
    pub(crate) fn tick(&mut self, now: Now) {
        match self {
            Self::Printer(printer) => printer.tick(now),
            Self::Sign(_) => {}
            Self::Keypad(keypad) => keypad.tick(now),
            Self::Polled(keypad) => keypad.tick(now),
            Self::Reader(reader) => reader.tick(now),
        }
    }

    /// How urgent what it would send next is, and since when: the longer the wait, the sooner among equals.
    pub(crate) fn due(&self, now: Now) -> (Urgency, i64) {
        match self {
            Self::Sign(sign) => sign.due(now).unwrap_or((Urgency::Refresh, i64::MAX)),
            Self::Polled(keypad) => keypad.due(now),
            Self::Printer(_) | Self::Keypad(_) | Self::Reader(_) => {
                (Urgency::Key, self.next_look(now).unwrap_or(i64::MAX))
            }
        }
    }

    /// What to send now, if anything. The line is free.
    pub(crate) fn next_frame(&mut self, now: Now) -> Option<Frame> {
        match self {
            Self::Printer(printer) => printer.next_frame(now),
            Self::Sign(sign) => sign.next_frame(now),
            Self::Keypad(keypad) => keypad.next_frame(now),
            Self::Polled(keypad) => keypad.next_frame(now),
            Self::Reader(reader) => reader.next_frame(now),
        }
    }

    /// The kernel has all of the last frame.
    pub(crate) fn written(&mut self, now: Now) {
        match self {
            Self::Printer(printer) => printer.written(now),
            Self::Sign(_) | Self::Keypad(_) | Self::Polled(_) | Self::Reader(_) => {}
        }
    }

    /// Whether the answer to its last frame has come, or none is expected.
    pub(crate) fn is_answered(&self) -> bool {
        match self {
            Self::Sign(sign) => sign.is_answered(),
            Self::Polled(keypad) => keypad.is_answered(),
            Self::Printer(_) | Self::Keypad(_) | Self::Reader(_) => true,
        }
    }

    /// When to ask it again at the latest, in the line's milliseconds.
    pub(crate) fn next_look(&self, now: Now) -> Option<i64> {
        match self {
            Self::Printer(printer) => printer.next_look(now),
            Self::Sign(sign) => sign.next_look(now),
            Self::Keypad(keypad) => keypad.next_look(now),
            Self::Polled(keypad) => keypad.next_look(now),
            Self::Reader(reader) => reader.next_look(),
        }
    }

    /// The next thing it asks of the broker.
    pub(crate) fn next_request(&mut self) -> Option<Request> {
        match self {
            Self::Printer(printer) => printer.next_request().map(Request::Printer),
            Self::Sign(_) => None,
            Self::Keypad(keypad) => keypad.next_request().map(Request::Keypad),
            Self::Polled(keypad) => keypad.next_request().map(Request::Keypad),
            Self::Reader(reader) => reader.next_request().map(Request::Identify),
        }
    }

    /// Whether the device ever says anything by itself or when asked.
    pub(crate) fn is_mute(&self) -> bool {
        match self {
            Self::Printer(printer) => printer.is_mute(),
            Self::Sign(sign) => sign.is_mute(),
            Self::Keypad(_) => true,
            Self::Polled(_) => false,
            Self::Reader(reader) => reader.is_mute(),
        }
    }

    /// Whether stopping now would leave something half done.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Printer(printer) => printer.is_busy(),
            Self::Sign(_) | Self::Keypad(_) | Self::Polled(_) | Self::Reader(_) => false,
        }
    }

    /// No new work: the host is going to stop.
    pub(crate) fn retire(&mut self) {
        match self {
            Self::Printer(printer) => printer.retire(),
            Self::Sign(_) | Self::Keypad(_) | Self::Polled(_) | Self::Reader(_) => {}
        }
    }

    /// How it is, as long as its port stands.
    pub(crate) fn health(&self) -> DeviceReport {
        match self {
            Self::Printer(printer) => printer.health(),
            Self::Sign(sign) => sign.health(),
            Self::Keypad(keypad) => keypad.health(),
            Self::Polled(keypad) => keypad.health(),
            Self::Reader(reader) => reader.health(),
        }
    }
}

/// What is wrong with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) condition: Condition,
    pub(crate) detail: Arc<str>,
}

impl Trouble {
    pub(crate) fn new(condition: Condition, detail: impl Into<Arc<str>>) -> Self {
        Self { condition, detail: detail.into() }
    }

    pub(crate) fn report(&self) -> DeviceReport {
        report(DeviceState::Fault, vec![self.condition], Some(self.detail.to_string()))
    }
}

pub(crate) fn report(state: DeviceState, conditions: Vec<Condition>, detail: Option<String>) -> DeviceReport {
    DeviceReport { state, conditions, detail }
}

/// The counter of a device that needs one.
pub(crate) fn counter_of(place: &Place) -> Option<u16> {
    match place {
        Place::Counter(number) => Some(*number),
        Place::Kiosk(_) | Place::Hall => None,
    }
}
