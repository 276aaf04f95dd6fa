//! Who are you: a number is typed, something is shown to a reader, or neither. What is typed lives on its page and no longer.

use super::state::{CODE_DIGITS, CodeTrouble, IDENTIFY_LIMIT, PHONE_DIGITS, PIN_DIGITS, PinTrouble, Staff, State, Who};
use super::{ANSWER_LIMIT, Command, Desk, Lookup, Moment};
use crate::typed::Typed;
use wire::{Appointment, AppointmentStanding, Care, IdentifyBy, KioskPage};

impl Desk {
    /// The customer wants to say who they are, from the cards.
    pub(super) fn ask_who(&mut self) {
        if self.state == State::Welcome && self.asks_who() {
            self.state = State::Who(Who::Choose);
        }
    }

    pub(super) fn choose_way(&mut self, way: IdentifyBy) {
        let offered = self.settings.as_ref().is_some_and(|settings| settings.identify.contains(&way));
        if !offered || self.state != State::Who(Who::Choose) {
            return;
        }
        self.state = State::Who(match way {
            IdentifyBy::Phone => Who::Phone { typed: Typed::default(), revealed: false },
            IdentifyBy::Card | IdentifyBy::IdCard | IdentifyBy::Code => Who::Show(way),
            IdentifyBy::Appointment => Who::Code { typed: Typed::default(), asked_at: None, trouble: None },
        });
    }

    pub(super) fn choose_care_way(&mut self) {
        let offered = self.settings.as_ref().is_some_and(|settings| settings.care);
        if offered && self.state == State::Who(Who::Choose) {
            self.state = State::Who(Who::Care);
        }
    }

    pub(super) fn choose_care(&mut self, now: Moment, care: Care) -> Vec<Command> {
        if self.state != State::Who(Who::Care) {
            return Vec::new();
        }
        self.visit.care = Some(care);
        self.who_done(now)
    }

    /// A key of the keypad, wherever it is shown.
    pub(super) fn digit(&mut self, now: Moment, digit: u8) -> Vec<Command> {
        let full = match &mut self.state {
            State::Who(Who::Phone { typed, .. }) => {
                typed.push(digit, PHONE_DIGITS);
                false
            }
            State::Who(Who::Code { typed, asked_at: None, trouble }) => {
                typed.push(digit, CODE_DIGITS);
                *trouble = None;
                typed.count() == CODE_DIGITS
            }
            State::Staff(Staff::Pin { typed, asked: false, trouble }) => {
                typed.push(digit, PIN_DIGITS);
                *trouble = None;
                typed.count() == PIN_DIGITS
            }
            State::Who(Who::Choose | Who::Asking { .. } | Who::Show(_) | Who::Code { .. } | Who::Care)
            | State::Staff(_)
            | State::Welcome
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. }
            | State::Ticket { .. }
            | State::Refused { .. } => false,
        };
        // A code and a PIN have a length of their own: nobody has to say that they are complete.
        if full { self.enter_typed(now) } else { Vec::new() }
    }

    pub(super) fn erase(&mut self) {
        if let State::Who(Who::Phone { typed, .. } | Who::Code { typed, asked_at: None, .. })
        | State::Staff(Staff::Pin { typed, asked: false, .. }) = &mut self.state
        {
            typed.pop();
        }
    }

    pub(super) fn reveal(&mut self, shown: bool) {
        if let State::Who(Who::Phone { revealed, .. }) = &mut self.state {
            *revealed = shown;
        }
    }

    /// What was typed is complete.
    pub(super) fn enter_typed(&mut self, now: Moment) -> Vec<Command> {
        let visit = self.visits;
        match &mut self.state {
            State::Who(Who::Phone { typed, .. }) if is_mobile_number(typed) => {
                let number = typed.clone();
                self.visit.expected = Some(number.masked());
                self.state = State::Who(Who::Asking { since: now });
                vec![Command::Identify { number }]
            }
            State::Who(Who::Code { typed, asked_at: asked_at @ None, .. }) if typed.count() == CODE_DIGITS => {
                *asked_at = Some(now);
                vec![Command::FindAppointment { visit, code: typed.clone() }]
            }
            State::Staff(Staff::Pin { typed, asked: asked @ false, .. }) if typed.count() == PIN_DIGITS => {
                *asked = true;
                vec![Command::OpenStaffCorner { visit, pin: typed.clone() }]
            }
            State::Who(_)
            | State::Staff(_)
            | State::Welcome
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. }
            | State::Ticket { .. }
            | State::Refused { .. } => Vec::new(),
        }
    }

    /// Time passes for somebody who waits to be known.
    pub(super) fn wait_to_be_known(&mut self, now: Moment) -> Vec<Command> {
        match &mut self.state {
            State::Who(Who::Asking { since }) if now.saturating_sub(*since) >= IDENTIFY_LIMIT => {
                self.visit.unknown = true;
                self.who_done(now)
            }
            State::Who(Who::Code { typed, asked_at, trouble })
                if asked_at.is_some_and(|at| now.saturating_sub(at) >= 2 * ANSWER_LIMIT) =>
            {
                *asked_at = None;
                *typed = Typed::default();
                *trouble = Some(CodeTrouble::Unreached);
                Vec::new()
            }
            State::Staff(Staff::Pin { .. } | Staff::Open { .. })
            | State::Who(_)
            | State::Welcome
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. }
            | State::Ticket { .. }
            | State::Refused { .. } => Vec::new(),
        }
    }

    /// The broker has looked an appointment up.
    pub(super) fn looked_up(&mut self, visit: u64, found: Lookup) {
        let waits = matches!(self.state, State::Who(Who::Code { asked_at: Some(_), .. }));
        if visit != self.visits || !waits {
            return;
        }
        let trouble = match found {
            Lookup::Found(appointment) => {
                self.meet_appointment(appointment);
                return;
            }
            Lookup::Unknown => CodeTrouble::Unknown,
            Lookup::TooMany => CodeTrouble::TooMany,
            Lookup::Unreached => CodeTrouble::Unreached,
        };
        self.state = State::Who(Who::Code { typed: Typed::default(), asked_at: None, trouble: Some(trouble) });
    }

    /// Somebody has an appointment: its business, or why it is not that simple.
    pub(super) fn meet_appointment(&mut self, appointment: Appointment) {
        self.visit.asked = true;
        let open = self.offer(&appointment.service).is_some_and(|offer| offer.open);
        let due = appointment.standing == AppointmentStanding::Due && open;
        self.visit.service = Some(appointment.service.clone());
        self.visit.appointment = Some(appointment);
        let pages = self.pages();
        let confirm = pages.iter().position(|page| *page == KioskPage::Confirm).unwrap_or(pages.len());
        if due {
            self.visit.step = confirm;
            self.state = State::Confirm;
        } else {
            self.visit.step = 0;
            self.state = State::Booked;
        }
    }

    /// A number for the booked business all the same. Whoever is late checks in, so that the appointment is used.
    pub(super) fn queue_without_booking(&mut self, now: Moment) -> Vec<Command> {
        let Some(appointment) = &self.visit.appointment else { return Vec::new() };
        match appointment.standing {
            AppointmentStanding::Due | AppointmentStanding::Late => {}
            AppointmentStanding::Early | AppointmentStanding::Used | AppointmentStanding::Cancelled => {
                self.visit.appointment = None;
            }
        }
        if self.chosen().is_some_and(|offer| offer.open) {
            return self.enter(now, 0);
        }
        self.show_cards();
        Vec::new()
    }
}

/// Whether these digits can be a mobile number of the mainland.
pub(super) fn is_mobile_number(typed: &Typed) -> bool {
    typed.count() == PHONE_DIGITS && typed.reveal().starts_with('1') && !typed.reveal().starts_with("10")
}

/// A PIN is asked for again.
pub(super) fn asked_for_pin(trouble: Option<PinTrouble>) -> State {
    State::Staff(Staff::Pin { typed: Typed::default(), asked: false, trouble })
}
