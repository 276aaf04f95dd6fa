//! The mouth of a presenter: whether the next ticket may come, and whether the last one has come out.
//!
//! **A ticket nobody took.** Presenters are told to hand out, not what becomes of the ticket before: by model and set-up a
//! new one pushes it out, draws it in or jams on it (Pyramid Reliance and Zebra TTP manuals; Custom's say nothing). So
//! nothing is printed into a mouth that two answers in a row have not called empty. The customer before gets [`TAKE_MS`] to take the ticket; then it is pushed
//! out by the profile's own `GS e`, and the next one is printed. Waiting for ever would leave everybody without paper
//! because of one who walked away, and drawing the ticket in is no command that all models share. What the next customer
//! sees: the page with the number says that it is being printed for up to five seconds more, and the paper that comes
//! last is theirs; the number on the page says so.
//!
//! **A ticket that came out.** A printer that confirms nothing still says when there is a ticket in its mouth. That proves
//! that ours came out when nothing else can have come: the mouth was empty before our first byte, and the ticket before had
//! been seen in it or nothing had moved for [`SETTLED_MS`]. Half a ticket sticks out as well, so the same answer has to say
//! that nothing moves and nothing is wrong; and noise may be shaped like one answer, so two in a row have to say so. What
//! shows after the printer had stopped may be the half that was printed then: that ticket is `uncertain`. In other doubt it
//! is `sent`, as without a presenter. What cannot be told apart is paper that somebody pushes in.

use codecs::escpos::status::{Condition, Media, PrinterState};
use wire::{PrinterProfile, PrinterStatus};

/// So long a customer has to take a ticket before the next one pushes it out; Citizen's presenters draw tickets in after as
/// long (PPU-700 and PMU-2300 III manuals, `GS R 1`).
pub(super) const TAKE_MS: i64 = 5_000;
/// So long a ticket may take to be pushed out; one that still is there then is printed behind.
const PUSH_MS: i64 = 4_000;
/// A printer in which nothing has moved for so long has nothing left to hand out.
const SETTLED_MS: i64 = 10_000;
/// Answers in a row that have to show the ticket, or an empty mouth.
const SURE: u8 = 2;
/// Tickets in a row that were not seen in the mouth after which none is waited for: this presenter lets them drop, faster
/// than it is asked.
const UNSEEN: u8 = 2;

/// What is known of a mouth. `None` in place of it: there is no presenter, or its printer does not tell of it.
#[derive(Debug)]
pub(super) struct Mouth {
    /// `GS e n`
    eject: [u8; 3],
    media: Media,
    /// Since when there is a ticket.
    present_since: i64,
    /// It has been there for longer than somebody takes to take it.
    is_left: bool,
    /// When it was told to be pushed out.
    pushed_at: Option<i64>,
    /// It was, and has been there ever since. Until the mouth is empty once, it keeps nobody waiting any more.
    is_stuck: bool,
    /// When something moved last.
    moved_at: Option<i64>,
    /// No ticket is under way that could be taken for the next one.
    came_out: bool,
    /// A ticket that shows now is the one sent last.
    is_proof: bool,
    is_watched: bool,
    /// The printer stopped since the last ticket began.
    stopped: bool,
    /// Answers in a row that showed a whole ticket …
    sightings: u8,
    /// … and that showed none.
    empties: u8,
    unseen: u8,
}

/// What has become of the ticket watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// It did not show yet, or none is watched for.
    Nothing,
    /// It is out.
    Ticket,
    /// Something is out, and the printer had stopped before.
    AfterStop,
}

impl Mouth {
    pub(super) fn of(profile: &PrinterProfile) -> Option<Self> {
        (profile.eject > 0 && profile.status == PrinterStatus::Full).then(|| Self::new(profile.eject))
    }

    fn new(eject: u8) -> Self {
        Self {
            eject: [0x1D, 0x65, eject],
            media: Media::Unknown,
            present_since: 0,
            is_left: false,
            pushed_at: None,
            is_stuck: false,
            moved_at: None,
            came_out: false,
            is_proof: false,
            is_watched: false,
            stopped: false,
            sightings: 0,
            empties: 0,
            unseen: 0,
        }
    }

    /// The port was lost. How often tickets were not seen outlives it.
    pub(super) fn gone(&mut self) {
        *self = Self { unseen: self.unseen, ..Self::new(self.eject[2]) };
    }

    /// The printer has answered.
    pub(super) fn look(&mut self, now_ms: i64, state: &PrinterState) -> Shown {
        if state.media == Media::Present && self.media != Media::Present {
            self.present_since = now_ms;
        }
        self.media = state.media;
        let is_wrong = matches!(state.condition(), Condition::Fault(_));
        self.stopped |= is_wrong;
        let is_still = !state.is_moving && !is_wrong;
        if !is_still {
            self.moved_at = Some(now_ms);
        }
        let is_present = state.media == Media::Present;
        self.sightings = if is_present && is_still { self.sightings.saturating_add(1) } else { 0 };
        self.empties = if is_present { 0 } else { self.empties.saturating_add(1) };
        self.tick(now_ms);
        if !self.is_proof || self.sightings < SURE {
            return Shown::Nothing;
        }
        self.is_proof = false;
        self.came_out = true;
        self.unseen = 0;
        match (std::mem::take(&mut self.is_watched), self.stopped) {
            (false, _) => Shown::Nothing,
            (true, false) => Shown::Ticket,
            (true, true) => Shown::AfterStop,
        }
    }

    pub(super) fn tick(&mut self, now_ms: i64) {
        let is_present = self.media == Media::Present;
        if !is_present {
            self.pushed_at = None;
        }
        self.is_left = is_present && now_ms >= self.present_since + TAKE_MS;
        self.is_stuck = is_present && (self.is_stuck || self.pushed_at.is_some_and(|at| now_ms >= at + PUSH_MS));
    }

    /// The printer no longer says anything.
    pub(super) fn forget(&mut self) {
        self.media = Media::Unknown;
        (self.sightings, self.empties) = (0, 0);
    }

    /// Whether the next ticket may come.
    pub(super) fn is_free(&self) -> bool {
        self.empties >= SURE || self.is_stuck
    }

    /// A ticket is in it that nobody takes.
    pub(super) fn is_left(&self) -> bool {
        self.is_left
    }

    /// The bytes that push out a ticket the next one has waited for long enough.
    pub(super) fn push(&mut self, now_ms: i64) -> Option<Vec<u8>> {
        if !self.is_left || self.is_stuck || self.pushed_at.is_some() {
            return None;
        }
        self.pushed_at = Some(now_ms);
        Some(self.eject.to_vec())
    }

    /// When [`Mouth::push`] or [`Mouth::is_free`] says something else though the printer does not.
    pub(super) fn next_at(&self) -> Option<i64> {
        let waits = self.media == Media::Present && !self.is_stuck;
        waits.then(|| self.pushed_at.map_or(self.present_since + TAKE_MS, |at| at + PUSH_MS))
    }

    /// The first byte of a ticket leaves.
    pub(super) fn begins(&mut self, now_ms: i64) {
        let is_settled = self.came_out || self.moved_at.is_none_or(|at| now_ms >= at + SETTLED_MS);
        self.is_proof = self.empties >= SURE && is_settled;
        self.came_out = false;
        self.is_watched = false;
        self.stopped = false;
        self.moved_at = Some(now_ms);
        self.sightings = 0;
        // Where the mouth could not be emptied, what is there from now on is the new one.
        self.present_since = now_ms;
        self.tick(now_ms);
        self.pushed_at = None;
    }

    /// The last byte of a ticket is with the kernel. Returns whether it is worth waiting for the ticket to show;
    /// `confirms`: its printer says so in another way.
    pub(super) fn ends(&mut self, now_ms: i64, confirms: bool) -> bool {
        self.moved_at = Some(now_ms);
        self.sightings = 0;
        self.is_watched = self.is_proof && !confirms && self.unseen < UNSEEN;
        self.is_watched
    }

    /// The ticket did not show in time. Returns whether the printer had stopped meanwhile.
    pub(super) fn gives_up(&mut self) -> bool {
        self.is_watched = false;
        if !self.stopped {
            self.unseen = self.unseen.saturating_add(1);
        }
        self.stopped
    }

    /// Something is waited for that the next answer may tell.
    pub(super) fn is_curious(&self) -> bool {
        self.is_watched || self.pushed_at.is_some()
    }
}
