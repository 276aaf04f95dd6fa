//! What a printer does for its presenter: it keeps the next ticket back, pushes out what nobody takes, and ends a job whose
//! ticket shows. Why, is said in [`super::mouth`].

use codecs::escpos::status::Condition;
use wire::{PrintConfirm, PrintState};

use super::mouth::{Mouth, Shown};
use super::{Printer, Work};
use crate::time::Now;

/// Why a ticket is uncertain of which the mouth cannot tell.
pub(super) const STOPPED: &str =
    "the printer stopped while it printed this, and does not say whether all of it came out";

impl Printer {
    /// A round of answers is complete: what the mouth shows now.
    pub(super) fn look(&mut self, now: Now) {
        match self.mouth.as_mut().map_or(Shown::Nothing, |mouth| mouth.look(now.line_ms, self.status.known())) {
            Shown::Nothing => {}
            Shown::Ticket => self.end_work(PrintState::Printed, None),
            Shown::AfterStop => self.end_work(PrintState::Uncertain, Some(STOPPED)),
        }
    }

    pub(super) fn tick_mouth(&mut self, now: Now) {
        if let Some(mouth) = &mut self.mouth {
            mouth.tick(now.line_ms);
            if self.status.is_silent() || self.status.is_garbled() {
                mouth.forget();
            }
        }
    }

    /// The job's last byte is with the kernel. Whether its ticket is waited for in the mouth.
    pub(super) fn watches_mouth(&mut self, now: Now) -> bool {
        let confirms = self.profile.confirm == PrintConfirm::GsR;
        let is_watched = self.mouth.as_mut().is_some_and(|mouth| mouth.ends(now.line_ms, confirms));
        self.hurry();
        is_watched
    }

    /// The job under way has not been confirmed in time.
    pub(super) fn give_up(&mut self) {
        match self.profile.confirm {
            PrintConfirm::GsR => {
                self.status.give_up_confirmation(self.owed_before);
                if self.status.condition() == Condition::Ok {
                    self.unconfirmed = self.unconfirmed.saturating_add(1);
                }
                self.end_work(PrintState::Uncertain, Some("the printer did not confirm in 10 s"));
            }
            PrintConfirm::None => {
                let stopped = self.mouth.as_mut().is_some_and(Mouth::gives_up);
                let (state, why) =
                    if stopped { (PrintState::Uncertain, Some(STOPPED)) } else { (PrintState::Sent, None) };
                self.end_work(state, why);
            }
        }
    }

    /// The bytes that push out a ticket which keeps the next one waiting, when it is time to.
    pub(super) fn push_out(&mut self, now: Now) -> Option<Vec<u8>> {
        if !self.waits_for_mouth() {
            return None;
        }
        let bytes = self.mouth.as_mut()?.push(now.line_ms);
        self.hurry();
        bytes
    }

    pub(super) fn is_mouth_free(&self) -> bool {
        self.mouth.as_ref().is_none_or(Mouth::is_free)
    }

    /// When the mouth is looked at though no answer comes.
    pub(super) fn mouth_changes_at(&self) -> Option<i64> {
        if self.waits_for_mouth() { self.mouth.as_ref()?.next_at() } else { None }
    }

    /// Asks sooner where the next answer is waited for.
    pub(super) fn hurry(&mut self) {
        let is_curious = self.mouth.as_ref().is_some_and(Mouth::is_curious);
        self.status.hurry(is_curious || self.waits_for_mouth());
    }

    /// Nothing but the ticket in the mouth keeps the next one from being printed.
    fn waits_for_mouth(&self) -> bool {
        let waits = match self.work {
            Work::None => !self.queue.is_empty() && !self.retired,
            Work::Claimed { .. } => true,
            Work::Claiming { .. } | Work::Writing { .. } | Work::Awaiting { .. } => false,
        };
        waits && self.can_print() && !self.is_mouth_free()
    }
}
