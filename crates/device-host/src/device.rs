//! What every driver is to the task of its port: a machine without I/O that is told what happened and asked what to
//! send.

use std::fmt;
use std::sync::Arc;

use wire::{Condition, DeviceReport, DeviceState, IdentityInput, Place};

use crate::keypad;
use crate::printer;
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

impl Told {
    /// News for a printer.
    pub(crate) fn for_printer(self) -> Option<printer::Told> {
        match self {
            Self::Printer(told) => Some(told),
            told @ (Self::Sign(_) | Self::Keypad(_)) => {
                misdirected(&told);
                None
            }
        }
    }

    /// News for a sign.
    pub(crate) fn for_sign(self) -> Option<wire::SignWanted> {
        match self {
            Self::Sign(wanted) => Some(wanted),
            told @ (Self::Printer(_) | Self::Keypad(_)) => {
                misdirected(&told);
                None
            }
        }
    }

    /// News for a keypad.
    pub(crate) fn for_keypad(self) -> Option<keypad::Told> {
        match self {
            Self::Keypad(told) => Some(*told),
            told @ (Self::Printer(_) | Self::Sign(_)) => {
                misdirected(&told);
                None
            }
        }
    }
}

/// What a device asks of the broker side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    Printer(printer::Request),
    Keypad(keypad::Command),
    Identify(IdentityInput),
}

/// The rules of one kind of device. Whoever adds a kind writes one of these and names it in `host.rs`.
pub(crate) trait Driver: fmt::Debug + Send {
    /// The port stands; nothing is known of the device.
    fn opened(&mut self, now: Now);

    /// The port is gone, with whatever was under way.
    fn gone(&mut self, why: &str);

    /// Bytes came, from this device or from another one on the bus. True when they were this device's.
    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool;

    /// The broker side says something. A device that is told nothing needs no words for it.
    fn take(&mut self, _now: Now, told: Told) {
        misdirected(&told);
    }

    /// Time passed.
    fn tick(&mut self, _now: Now) {}

    /// How urgent what it would send next is, and from when; the longer the wait, the sooner among equals.
    fn due(&self, now: Now) -> Option<(Urgency, i64)> {
        self.next_look(now).map(|at| (Urgency::Key, at))
    }

    /// What to send now, if anything. The line is free.
    fn next_frame(&mut self, _now: Now) -> Option<Frame> {
        None
    }

    /// The kernel has all of the last frame.
    fn written(&mut self, _now: Now) {}

    /// Whether the answer to its last frame has come, or none is expected.
    fn is_answered(&self) -> bool {
        true
    }

    /// When to ask it again at the latest, in the line's milliseconds.
    fn next_look(&self, _now: Now) -> Option<i64> {
        None
    }

    /// The next thing it asks of the broker.
    fn next_request(&mut self) -> Option<Request> {
        None
    }

    /// Whether the device never says anything, neither by itself nor when asked.
    fn is_mute(&self) -> bool;

    /// Whether stopping now would leave something half done.
    fn is_busy(&self) -> bool {
        false
    }

    /// No new work: the host is going to stop.
    fn retire(&mut self) {}

    /// How it is, as long as its port stands.
    fn health(&self) -> DeviceReport;
}

/// The host connects each device with its own kind; should it ever not, nothing happens but this line of the log.
fn misdirected(told: &Told) {
    tracing::error!(?told, "a device was told another one's news");
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
