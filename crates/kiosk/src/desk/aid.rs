//! For whoever does not see the page: speech, and the five keys. Both end when the customer leaves.

use std::time::Duration;

use super::{Desk, Moment, STILL_THERE_LIMIT, TOUCH_LIMIT, Touch};
use crate::view;
use voice::Listener;
use wire::Speech;

/// After so long without a touch or a key whoever listens is asked whether they are there: a page takes time to be said.
pub const TOUCH_LIMIT_SPOKEN: Duration = Duration::from_secs(120);
/// So long the question stands for whoever listens.
pub const STILL_THERE_LIMIT_SPOKEN: Duration = Duration::from_secs(45);
/// No page that closes by itself closes earlier on whoever listens.
pub const SHOWN_SPOKEN: Duration = Duration::from_secs(60);

/// What one customer uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Aid {
    speaks: bool,
    keys: bool,
}

impl Desk {
    pub(super) fn change_speech(&mut self) {
        self.aid.speaks = self.can_speak() && !self.aid.speaks;
    }

    /// Headphones that are plugged in cannot be seen: who presses a key may need speech as well.
    pub(super) fn take_keys(&mut self) {
        self.aid = Aid { speaks: self.can_speak(), keys: true };
    }

    /// A finger does without keys.
    pub(super) fn lay_keys_down(&mut self) {
        self.aid.keys = false;
    }

    /// Whether a press of a key leaves the question alone that asks whether anybody is there: its own answers are chosen by keys.
    pub(super) fn is_answering(&self, now: Moment, touch: &Touch) -> bool {
        *touch == Touch::Key && self.still_there_s(now).is_some()
    }

    pub(super) fn aid_of(&self) -> view::Aid {
        view::Aid {
            can_speak: self.can_speak(),
            speaks: self.aid.speaks && self.can_speak(),
            keys: self.aid.keys,
            listener: match self.speech() {
                Speech::Headphones => Listener::Customer,
                Speech::Off | Speech::Loudspeaker => Listener::Everybody,
            },
        }
    }

    /// So long a page may go untouched, and so long the question then stands.
    pub(super) fn limits(&self) -> (Duration, Duration) {
        if self.aid.speaks { (TOUCH_LIMIT_SPOKEN, STILL_THERE_LIMIT_SPOKEN) } else { (TOUCH_LIMIT, STILL_THERE_LIMIT) }
    }

    /// How long a page is shown that closes by itself.
    pub(super) fn shown_for(&self, usual: Duration) -> Duration {
        if self.aid.speaks { usual.max(SHOWN_SPOKEN) } else { usual }
    }

    /// The hall wants it, and there is something that speaks.
    fn can_speak(&self) -> bool {
        self.volume.is_some() && self.speech() != Speech::Off
    }

    /// As the hall has it. While nobody could be asked yet, whoever does not see must still learn that there are no numbers; and not
    /// knowing who hears it, nothing private is said.
    fn speech(&self) -> Speech {
        match &self.settings {
            Some(settings) => settings.speech,
            None if self.reached == Some(false) => Speech::Loudspeaker,
            None => Speech::Off,
        }
    }
}
