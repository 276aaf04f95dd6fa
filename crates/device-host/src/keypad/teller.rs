//! What a teller's keys mean, whatever wire they came by.

use wire::{CounterStatus, CounterView, KeyAct, TicketId, TicketView};

use super::desk::{Desk, Digits};
use crate::time::Now;

/// A key pressed again within this time, in the hall's time, is the same press.
pub(crate) const DEBOUNCE_MS: i64 = 600;
/// How long a customer has to press a key of the rater.
pub(crate) const RATING_MS: i64 = 60_000;

/// What a key asks of the broker, for the keypad's counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    CallNext,
    Recall,
    NoShow,
    Hold,
    /// Put the ticket at the counter back into the queue.
    Return,
    /// Call this ticket, which was put on hold here.
    Call(TicketId),
    /// Hand the customer on to this counter.
    Transfer(u16),
    Pause,
    Resume,
    /// The service is done, and the customer will be asked how it was.
    Complete,
    /// The customer says how it was: 1 to 5.
    Rate(TicketId, u8),
}

/// News for a keypad.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Its counter as the hall's snapshot has it.
    Counter(Box<CounterView>),
    /// A command was done; its counter.
    Changed(Box<CounterView>),
    /// A command was done; the ticket it was about.
    Ticket(Box<TicketView>),
    /// A rating was taken.
    Rated,
    /// A command was done; nobody waits.
    Nobody,
    /// The broker said no, or cannot be reached. The key is not remembered.
    No,
}

/// The teller's side of a keypad, and the customer's.
#[derive(Debug, Default)]
pub(super) struct Teller {
    pressed: Option<(KeyAct, i64)>,
    asking: Option<Command>,
    request: Option<Command>,
    desk: Desk,
    beep: bool,
    /// Whose service may be rated, and until when, in the hall's time.
    rated: Option<(TicketId, i64)>,
    /// A rating that came while a key was being carried out.
    rating: Option<(TicketId, u8)>,
    /// The rater is to ask.
    ask_rating: bool,
    /// The ticket put on hold here last.
    held: Option<TicketId>,
}

impl Teller {
    /// The port stands anew: what was to be heard or asked is past.
    pub(super) fn opened(&mut self) {
        self.beep = false;
        self.ask_rating = false;
    }

    /// A key was pressed, after this number was typed.
    pub(super) fn press(&mut self, now: Now, key: KeyAct, typed: Option<u16>) {
        // A device repeats a key until it hears the acknowledgement, and a finger bounces. However often it comes, it is one
        // press until it has been silent for a while: a keypad that hears nothing must not call the whole queue.
        let before = self.pressed.replace((key, now.hall_ms));
        if before.is_some_and(|(last, at)| last == key && (0..DEBOUNCE_MS).contains(&(now.hall_ms - at))) {
            return;
        }
        let command = match key {
            KeyAct::Next => Some(Command::CallNext),
            KeyAct::Recall => Some(Command::Recall),
            KeyAct::NoShow => self.desk.may_mark_no_show(now.hall_ms).then_some(Command::NoShow),
            KeyAct::Hold => Some(Command::Hold),
            KeyAct::CallBack => self.held.map(Command::Call),
            KeyAct::Return => Some(Command::Return),
            KeyAct::Transfer => typed.map(Command::Transfer),
            KeyAct::Pause => Some(match self.desk.status() {
                Some(CounterStatus::Paused) => Command::Resume,
                Some(CounterStatus::Open | CounterStatus::Closed) | None => Command::Pause,
            }),
            KeyAct::Evaluate if self.desk.ticket().is_some() => Some(Command::Complete),
            KeyAct::Evaluate if self.rateable(now).is_some() => {
                self.ask_rating = true;
                return;
            }
            KeyAct::Evaluate => None,
            KeyAct::Unused => return,
        };
        match command {
            Some(command) if self.asking.is_none() => self.ask(command),
            Some(_) | None => self.beep = true,
        }
    }

    /// The customer pressed a key of the rater that counts so much. One rating a service; what nobody is known to have
    /// been served for is dropped.
    pub(super) fn rate(&mut self, now: Now, score: u8) {
        let Some(ticket) = self.rateable(now) else { return };
        self.rated = None;
        if self.asking.is_none() {
            self.ask(Command::Rate(ticket, score));
        } else {
            self.rating = Some((ticket, score));
        }
    }

    pub(super) fn take(&mut self, now: Now, told: Told) {
        let asked = match told {
            Told::Counter(_) => None,
            Told::Changed(_) | Told::Ticket(_) | Told::Rated | Told::Nobody | Told::No => self.asking.take(),
        };
        // "Next" completes whoever was there, as a service that is over does.
        let at_counter = self.desk.ticket();
        match asked {
            Some(Command::Hold) if matches!(told, Told::Ticket(_)) => self.held = at_counter,
            Some(Command::Call(ticket)) if self.held == Some(ticket) => self.held = None,
            Some(_) | None => {}
        }
        let served = at_counter.filter(|_| matches!(asked, Some(Command::CallNext | Command::Complete)));
        let may_be_rated = served.map(|ticket| (ticket, now.hall_ms + RATING_MS));
        match told {
            Told::Counter(counter) | Told::Changed(counter) => self.desk.take(*counter),
            Told::Ticket(ticket) => {
                self.rated = may_be_rated.or(self.rated);
                self.ask_rating |= asked == Some(Command::Complete);
                self.desk.take_ticket(*ticket);
            }
            Told::Nobody => {
                self.rated = may_be_rated.or(self.rated);
                self.desk.nobody_waits();
                self.beep = true;
            }
            Told::No => self.beep = true,
            Told::Rated => {}
        }
        if self.asking.is_none()
            && let Some((ticket, score)) = self.rating.take()
        {
            self.ask(Command::Rate(ticket, score));
        }
    }

    pub(super) fn next_request(&mut self) -> Option<Command> {
        self.request.take()
    }

    /// Whether something is to be heard or asked now.
    pub(super) fn calls_for_attention(&self) -> bool {
        self.beep || self.ask_rating
    }

    pub(super) fn take_beep(&mut self) -> bool {
        std::mem::take(&mut self.beep)
    }

    pub(super) fn take_ask_rating(&mut self) -> bool {
        std::mem::take(&mut self.ask_rating)
    }

    /// What the keypad shows; nothing before anything is known.
    pub(super) fn digits(&self) -> Option<Digits> {
        self.desk.digits()
    }

    fn ask(&mut self, command: Command) {
        self.asking = Some(command);
        self.request = Some(command);
    }

    fn rateable(&self, now: Now) -> Option<TicketId> {
        self.rated.filter(|(_, until)| now.hall_ms < *until).map(|(ticket, _)| ticket)
    }
}
