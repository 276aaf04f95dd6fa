//! A call display: told what to show, and sent it until the display says it does.

mod blink;
mod layout;
mod protocol;
mod slot;

#[cfg(test)]
pub(crate) mod tests;

use client::with_causes;
use wire::{Condition, DeviceReport, DeviceState, Place, SignCall, SignWanted};

use crate::device::{After, Driver, Frame, Told, Urgency, report};
use crate::time::Now;
use blink::Blink;
use protocol::{Answer, Words};
use slot::{Due, Listener, Slot};

pub(crate) use protocol::Protocol;
#[cfg(test)]
pub(crate) use slot::{DEAD_RESEND_MS, MUTE_REFRESH_MS, REFRESH_MS, RESEND_MS};

/// Frames without an answer after which the display counts as not answering.
const MISSES: u8 = 3;

/// The driver of one display.
#[derive(Debug)]
pub(crate) struct Sign {
    protocol: Protocol,
    place: Place,
    open: bool,
    /// The newest wanted state, as this display words it.
    words: Option<Words>,
    /// It was never sent yet.
    is_news: bool,
    /// The calls of it.
    calls: Vec<SignCall>,
    blink: Blink,
    text: Slot<String>,
    brightness: Option<u8>,
    light: Slot<u8>,
    /// Which of the two was sent last.
    last: Part,
    misses: u8,
    has_answered: bool,
    complaint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Text,
    Light,
}

impl Sign {
    pub(crate) fn new(protocol: Protocol, place: Place) -> Self {
        Self {
            protocol,
            place,
            open: false,
            words: None,
            is_news: false,
            calls: Vec::new(),
            blink: Blink::Stands,
            text: Slot::default(),
            brightness: None,
            light: Slot::default(),
            last: Part::Text,
            misses: 0,
            has_answered: false,
            complaint: None,
        }
    }

    /// The display is to show this from now on.
    pub(crate) fn want(&mut self, wanted: &SignWanted) {
        let newest = wanted.calls.first();
        if newest != self.calls.first() {
            // What a display is told first is how things stand, and an older call moves up when the newest is withdrawn.
            let stood = self.words.is_none() || newest.is_none_or(|call| self.calls.contains(call));
            self.blink = if stood { Blink::Stands } else { Blink::Begins };
        }
        self.calls.clone_from(&wanted.calls);
        let words = self.protocol.words(wanted, &self.place);
        self.is_news |= self.words.as_ref() != Some(&words);
        self.words = Some(words);
        self.brightness = wanted.brightness.filter(|_| self.protocol.can_dim());
    }

    fn sent<E: Into<Box<dyn std::error::Error>>>(
        &mut self,
        now: Now,
        part: Part,
        bytes: Result<Vec<u8>, E>,
        unheard: bool,
    ) -> Option<Frame> {
        self.last = part;
        match bytes {
            Ok(bytes) if self.is_mute() => {
                self.has(now);
                Some(Frame { bytes, after: After::Pause })
            }
            Ok(bytes) => {
                self.misses = if unheard { self.misses.saturating_add(1) } else { self.misses };
                Some(Frame { bytes, after: After::Answer })
            }
            Err(error) => {
                self.complaint = Some(with_causes(&*error.into()));
                None
            }
        }
    }

    /// The display has what was sent last, or as much of it as can be known.
    fn has(&mut self, now: Now) {
        match self.last {
            Part::Light => {
                self.light.acknowledge(now.line_ms);
            }
            Part::Text => {
                let shown = self.text.acknowledge(now.line_ms);
                let called = self.words.as_ref().is_some_and(|words| shown == Some(&words.lit));
                if self.blink == Blink::Begins && called {
                    self.blink = Blink::Since(now.line_ms);
                }
            }
        }
    }

    /// The text of this moment.
    fn shown(&self, now: Now) -> Option<&str> {
        let words = self.words.as_ref()?;
        let dark = words.dark.as_deref().filter(|_| !self.blink.is_lit(now.line_ms));
        Some(dark.unwrap_or(&words.lit))
    }

    fn due_text(&self, now: Now) -> Option<(Urgency, i64)> {
        let shown = self.shown(now).filter(|_| self.open)?;
        let (why, at) = self.text.due(shown, self.listener(), now.line_ms);
        let urgency = match why {
            Due::New if self.is_news => Urgency::Call,
            Due::New => Urgency::Blink,
            Due::Again => Urgency::Again,
            Due::Refresh => Urgency::Refresh,
        };
        Some((urgency, at))
    }

    fn due_light(&self, now: Now) -> Option<(Urgency, i64)> {
        let wanted = self.brightness.filter(|_| self.open)?;
        let (_, at) = self.light.due(&wanted, self.listener(), now.line_ms);
        Some((Urgency::Refresh, at))
    }

    fn listener(&self) -> Listener {
        if self.is_mute() {
            Listener::Mute
        } else if self.misses >= MISSES {
            Listener::Dead
        } else {
            Listener::Answers
        }
    }
}

impl Driver for Sign {
    fn opened(&mut self, _now: Now) {
        self.open = true;
        self.text.forget();
        self.light.forget();
        self.misses = 0;
        self.has_answered = false;
        self.protocol.clear();
    }

    fn gone(&mut self, _why: &str) {
        self.open = false;
        self.blink = Blink::Stands;
        self.text.forget();
        self.light.forget();
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        let Some(answer) = self.protocol.heard(bytes) else { return false };
        match answer {
            Answer::Done => {
                self.misses = 0;
                self.has_answered = true;
                self.complaint = None;
                self.has(now);
            }
            Answer::Refused(why) => self.complaint = Some(why),
        }
        true
    }

    fn due(&self, now: Now) -> Option<(Urgency, i64)> {
        [self.due_text(now), self.due_light(now)]
            .into_iter()
            .flatten()
            .min_by_key(|(urgency, at)| (*at > now.line_ms, *urgency, *at))
    }

    fn next_frame(&mut self, now: Now) -> Option<Frame> {
        let ready = |due: Option<(Urgency, i64)>| due.is_some_and(|(_, at)| at <= now.line_ms);
        if ready(self.due_text(now)) {
            let text = self.shown(now)?.to_owned();
            let bytes = self.protocol.frame(&text);
            self.is_news &= self.words.as_ref().is_none_or(|words| words.lit != text);
            let unheard = self.text.send(text, now.line_ms);
            self.sent(now, Part::Text, bytes, unheard)
        } else if ready(self.due_light(now)) {
            let percent = self.brightness?;
            let bytes = self.protocol.light(percent);
            let unheard = self.light.send(percent, now.line_ms);
            self.sent(now, Part::Light, bytes, unheard)
        } else {
            None
        }
    }

    fn next_look(&self, now: Now) -> Option<i64> {
        let blink = self.blink.changes_at(now.line_ms).filter(|_| self.open);
        [self.due_text(now), self.due_light(now)].into_iter().flatten().map(|(_, at)| at).chain(blink).min()
    }

    fn is_mute(&self) -> bool {
        self.protocol.is_mute()
    }

    fn is_answered(&self) -> bool {
        match self.last {
            Part::Text => self.text.is_acknowledged(),
            Part::Light => self.light.is_acknowledged(),
        }
    }

    fn health(&self) -> DeviceReport {
        if let Some(why) = &self.complaint {
            return report(DeviceState::Fault, vec![Condition::Refused], Some(why.clone()));
        }
        if self.misses >= MISSES {
            let detail = "it does not acknowledge what it is to show".to_owned();
            return report(DeviceState::Unknown, vec![Condition::NoAnswer], Some(detail));
        }
        let state = if self.has_answered { DeviceState::Ok } else { DeviceState::Unknown };
        report(state, Vec::new(), None)
    }

    fn take(&mut self, _now: Now, told: Told) {
        if let Some(wanted) = told.for_sign() {
            self.want(&wanted);
        }
    }
}
