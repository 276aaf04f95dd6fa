//! The hidden corner for staff: a PIN, and what they may do at the kiosk itself.

use std::time::Duration;

use super::state::{PinTrouble, Staff, State};
use super::who::asked_for_pin;
use super::{Command, Desk, Moment, StaffReply};
use crate::view::Deed;
use wire::StaffDeed;

/// So many touches of the corner open it …
pub const CORNER_TOUCHES: usize = 5;
/// … within so long.
pub const CORNER_WITHIN: Duration = Duration::from_secs(5);
/// An open corner that nobody touches closes itself.
pub const CORNER_LIMIT: Duration = Duration::from_secs(60);

/// Of 100, by a touch.
const VOLUME_STEP: u8 = 10;

impl Desk {
    /// The header's right corner was touched.
    pub(super) fn touch_corner(&mut self, now: Moment) -> Vec<Command> {
        self.corner.retain(|at| now.saturating_sub(*at) < CORNER_WITHIN);
        self.corner.push(now);
        if self.corner.len() < CORNER_TOUCHES {
            return Vec::new();
        }
        self.corner.clear();
        match self.state {
            State::Welcome | State::Refused { .. } => {
                let commands = self.leave(now);
                self.state = asked_for_pin(None);
                commands
            }
            // Somebody is in the middle of their own business.
            State::Who(_)
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. }
            | State::Ticket { .. }
            | State::Staff(_) => Vec::new(),
        }
    }

    pub(super) fn deed(&mut self, deed: StaffDeed) -> Vec<Command> {
        let visit = self.visits;
        let State::Staff(Staff::Open { corner: Some(corner), asking, done, trouble, .. }) = &mut self.state else {
            return Vec::new();
        };
        // One deed at a time: two touches are one reprint.
        if asking.is_some() {
            return Vec::new();
        }
        *asking = Some(match deed {
            StaffDeed::Look {} => Deed::Look,
            StaffDeed::Reprint { .. } => Deed::Reprint,
            StaffDeed::Ticketing { .. } => Deed::Ticketing,
            StaffDeed::TestPrint {} => Deed::TestPrint,
        });
        *done = None;
        *trouble = None;
        vec![Command::StaffAct { visit, key: corner.key.clone(), deed }]
    }

    /// Louder or quieter, where the kiosk speaks.
    pub(super) fn change_volume(&mut self, louder: bool) -> Vec<Command> {
        let (State::Staff(Staff::Open { .. }), Some(volume)) = (&self.state, self.volume) else { return Vec::new() };
        let volume =
            if louder { volume.saturating_add(VOLUME_STEP).min(100) } else { volume.saturating_sub(VOLUME_STEP) };
        self.volume = Some(volume);
        vec![Command::SetVolume(volume)]
    }

    /// Staff end the window. The broker is not asked: this is what works when nothing else does.
    pub(super) fn exit(&mut self) -> Vec<Command> {
        match self.state {
            State::Staff(Staff::Open { .. }) => vec![Command::Exit],
            State::Staff(Staff::Pin { .. })
            | State::Welcome
            | State::Who(_)
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. }
            | State::Ticket { .. }
            | State::Refused { .. } => Vec::new(),
        }
    }

    /// The broker has answered staff.
    pub(super) fn hear_of_staff(&mut self, visit: u64, reply: StaffReply) {
        if visit != self.visits {
            return;
        }
        let State::Staff(staff) = &mut self.state else { return };
        match staff {
            Staff::Pin { typed, asked: true, .. } => {
                let known = self.known_pin.as_ref() == Some(&*typed);
                self.state = match reply {
                    StaffReply::Open(corner) => {
                        self.known_pin = Some(typed.clone());
                        open(Some(corner))
                    }
                    StaffReply::WrongPin | StaffReply::Refused(_) => asked_for_pin(Some(PinTrouble::Wrong)),
                    StaffReply::Locked => asked_for_pin(Some(PinTrouble::Locked)),
                    // Whom the broker has let in before may end the window while it is away.
                    StaffReply::Unreached if known => open(None),
                    StaffReply::Unreached => asked_for_pin(Some(PinTrouble::Unreached)),
                };
            }
            Staff::Pin { .. } => {}
            Staff::Open { corner, asking, done, trouble, unreached } => {
                let deed = asking.take();
                match reply {
                    StaffReply::Open(now) => {
                        *corner = Some(now);
                        *unreached = false;
                        *done = deed;
                    }
                    StaffReply::Refused(why) => *trouble = Some(why),
                    StaffReply::Unreached => *unreached = true,
                    // The key is too old.
                    StaffReply::WrongPin | StaffReply::Locked => self.state = asked_for_pin(None),
                }
            }
        }
    }

    /// Time passes in the staff corner.
    pub(super) fn tick_staff(&mut self, now: Moment) -> Vec<Command> {
        if now.saturating_sub(self.touched_at) >= CORNER_LIMIT {
            return self.leave(now);
        }
        Vec::new()
    }
}

fn open(corner: Option<Box<wire::StaffCorner>>) -> State {
    let unreached = corner.is_none();
    State::Staff(Staff::Open { corner, asking: None, done: None, trouble: None, unreached })
}
