//! A call display: told what to show, and sent it until the display says it does.

mod layout;
mod protocol;

#[cfg(test)]
mod tests;

use client::with_causes;
use wire::{Condition, DeviceReport, DeviceState, ModbusSignProfile, OnbonSignProfile, Place, SignWanted};

use crate::device::{After, Frame, report};
use crate::time::Now;
use protocol::{Answer, Protocol};

/// How long after a frame without an answer it is sent again.
pub(crate) const RESEND_MS: i64 = 1_000;
/// How often an acknowledged text is sent again: a display that was switched off and on shows nothing.
pub(crate) const REFRESH_MS: i64 = 30_000;
/// Frames without an answer after which the display counts as not answering.
const MISSES: u8 = 3;

/// The driver of one display.
#[derive(Debug)]
pub(crate) struct Sign {
    protocol: Protocol,
    place: Place,
    open: bool,
    /// The newest wanted state, as text.
    wanted: Option<String>,
    sent: Option<Sent>,
    misses: u8,
    has_answered: bool,
    complaint: Option<String>,
}

#[derive(Debug)]
struct Sent {
    text: String,
    at_ms: i64,
    acknowledged: bool,
}

impl Sign {
    pub(crate) fn onbon(profile: &OnbonSignProfile, address: u16, place: Place) -> Self {
        Self::new(Protocol::onbon(profile, address), place)
    }

    pub(crate) fn modbus(profile: &ModbusSignProfile, address: u16, place: Place) -> Self {
        Self::new(Protocol::modbus(profile, address), place)
    }

    fn new(protocol: Protocol, place: Place) -> Self {
        Self { protocol, place, open: false, wanted: None, sent: None, misses: 0, has_answered: false, complaint: None }
    }

    pub(crate) fn opened(&mut self) {
        self.open = true;
        self.sent = None;
        self.misses = 0;
        self.has_answered = false;
        self.protocol.clear();
    }

    pub(crate) fn gone(&mut self) {
        self.open = false;
        self.sent = None;
    }

    /// The display is to show this from now on.
    pub(crate) fn want(&mut self, wanted: &SignWanted) {
        self.wanted = Some(self.protocol.words(wanted, &self.place));
    }

    pub(crate) fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        let Some(answer) = self.protocol.heard(bytes) else { return false };
        let Some(sent) = &mut self.sent else { return true };
        match answer {
            Answer::Done => {
                sent.acknowledged = true;
                // From now on, so that a slow display is not refreshed sooner.
                sent.at_ms = now.line_ms;
                self.misses = 0;
                self.has_answered = true;
                self.complaint = None;
            }
            Answer::Refused(why) => self.complaint = Some(why),
        }
        true
    }

    pub(crate) fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open || self.due_at(now)? > now.line_ms {
            return None;
        }
        let text = self.wanted.clone()?;
        if self.sent.as_ref().is_some_and(|sent| !sent.acknowledged) {
            self.misses = self.misses.saturating_add(1);
        }
        let acknowledged = self.is_mute();
        self.sent = Some(Sent { text: text.clone(), at_ms: now.line_ms, acknowledged });
        match self.protocol.frame(&text) {
            Ok(bytes) => {
                let after = if acknowledged { After::Pause } else { After::Answer };
                Some(Frame { bytes, after })
            }
            Err(error) => {
                self.complaint = Some(with_causes(&*error));
                None
            }
        }
    }

    pub(crate) fn next_look(&self, now: Now) -> Option<i64> {
        if self.open { self.due_at(now) } else { None }
    }

    /// Addressed as everybody, it does not answer.
    pub(crate) fn is_mute(&self) -> bool {
        self.protocol.is_broadcast()
    }

    /// Whether the text sent last is known to be shown.
    pub(crate) fn is_answered(&self) -> bool {
        self.sent.as_ref().is_none_or(|sent| sent.acknowledged)
    }

    pub(crate) fn health(&self) -> DeviceReport {
        if let Some(why) = &self.complaint {
            return report(DeviceState::Fault, vec![Condition::HardwareError], Some(why.clone()));
        }
        if self.misses >= MISSES {
            let detail = "it does not acknowledge what it is to show".to_owned();
            return report(DeviceState::Unknown, vec![Condition::NoAnswer], Some(detail));
        }
        let state = if self.has_answered { DeviceState::Ok } else { DeviceState::Unknown };
        report(state, Vec::new(), None)
    }

    fn due_at(&self, now: Now) -> Option<i64> {
        let text = self.wanted.as_ref()?;
        Some(match &self.sent {
            None => now.line_ms,
            Some(sent) if sent.text != *text => now.line_ms,
            Some(sent) if sent.acknowledged => sent.at_ms + REFRESH_MS,
            Some(sent) => sent.at_ms + RESEND_MS,
        })
    }
}
