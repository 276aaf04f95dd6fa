//! One thing a display is to have, and what is known of it.

use std::borrow::Borrow;

/// How long after a frame without an answer it is sent again.
pub(crate) const RESEND_MS: i64 = 1_000;
/// The same of a display that has not answered for a while: the line is for those that do.
pub(crate) const DEAD_RESEND_MS: i64 = 5_000;
/// How often what was acknowledged is sent again: a display that was switched off and on shows nothing.
pub(crate) const REFRESH_MS: i64 = 30_000;
/// The same of a display that never answers, once it was sent a few times: a frame may have been lost.
pub(crate) const MUTE_REFRESH_MS: i64 = 10_000;
/// So often in a row a display that never answers is sent what is new.
const MUTE_TIMES: u8 = 3;

/// Why a frame is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// It is otherwise than what was sent last.
    New,
    /// It was not acknowledged.
    Again,
    /// It may have been lost since.
    Refresh,
}

/// What kind of listener the display is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listener {
    /// It acknowledges.
    Answers,
    /// It would acknowledge, and has not for a while.
    Dead,
    /// It never says anything.
    Mute,
}

/// What was sent last, and what became of it.
#[derive(Debug)]
pub(super) struct Slot<T> {
    sent: Option<Sent<T>>,
}

#[derive(Debug)]
struct Sent<T> {
    what: T,
    at_ms: i64,
    acknowledged: bool,
    times: u8,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { sent: None }
    }
}

impl<T: PartialEq> Slot<T> {
    /// Nothing is known of the display any more.
    pub(super) fn forget(&mut self) {
        self.sent = None;
    }

    /// Why and from when the display is to be sent `wanted`.
    pub(super) fn due<Q>(&self, wanted: &Q, listener: Listener, now_ms: i64) -> (Due, i64)
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        let Some(sent) = self.sent.as_ref().filter(|sent| sent.what.borrow() == wanted) else {
            return (Due::New, now_ms);
        };
        let (why, after_ms) = match (listener, sent.acknowledged) {
            (Listener::Mute, _) if sent.times < MUTE_TIMES => (Due::Again, RESEND_MS),
            (Listener::Mute, _) => (Due::Refresh, MUTE_REFRESH_MS),
            (Listener::Answers | Listener::Dead, true) => (Due::Refresh, REFRESH_MS),
            (Listener::Answers, false) => (Due::Again, RESEND_MS),
            (Listener::Dead, false) => (Due::Refresh, DEAD_RESEND_MS),
        };
        (why, sent.at_ms + after_ms)
    }

    /// It is being sent. True when the same was sent before and nothing was heard of it.
    pub(super) fn send(&mut self, what: T, now_ms: i64) -> bool {
        let before = self.sent.as_ref().filter(|sent| sent.what == what);
        let unheard = self.sent.as_ref().is_some_and(|sent| !sent.acknowledged);
        let times = before.map_or(1, |sent| sent.times.saturating_add(1));
        self.sent = Some(Sent { what, at_ms: now_ms, acknowledged: false, times });
        unheard
    }

    /// The display has it: from now on, so that a slow one is not refreshed sooner.
    pub(super) fn acknowledge(&mut self, now_ms: i64) -> Option<&T> {
        let sent = self.sent.as_mut()?;
        sent.acknowledged = true;
        sent.at_ms = now_ms;
        Some(&sent.what)
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.sent.as_ref().is_none_or(|sent| sent.acknowledged)
    }
}
