//! What is known at a counter, and what a key may do there. Pure: snapshots, events, answers, acts and moments in; orders out.
//!
//! A moment (`at`) is the time since the program started. Debounce, undo and limits run in the hall's own time, which a
//! scripted hall lives faster; messages stand in real time, because people read at one speed.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use look::Language;
use wire::{
    Alarm, Called, CounterStatus, CounterView, Event, EventKind, HallSnapshot, Hold, LocalNames, ServiceOffer,
    StepKind, TicketId, TicketState, TicketView, Transfer,
};

pub use crate::act::{Act, Answer, Asking, Choice, Message, Order};
use crate::pace::Pace;
use crate::reason::{HOLDS, PAUSES};

/// A second order within this much of the hall's time is a bouncing key.
pub const DEBOUNCE: Duration = Duration::from_millis(600);
/// A call may be undone for this much of the hall's time.
pub const UNDO: Duration = Duration::from_secs(10);
/// A message stands this long, in real time.
pub const MESSAGE: Duration = Duration::from_secs(6);
/// Choices on a page of a picker: the keys 1 to 9.
pub const CHOICES: usize = 9;

/// One counter's page.
#[derive(Debug)]
pub struct Desk {
    pub(crate) counter: u16,
    pub(crate) language: Language,
    pub(crate) zone: TimeZone,
    pub(crate) hall: Option<HallSnapshot>,
    pub(crate) pace: Pace,
    pub(crate) away: bool,
    pub(crate) because: Option<(TicketId, String)>,
    pub(crate) documents: HashMap<String, String>,
    pub(crate) came_from: Option<(TicketId, u16)>,
    pub(crate) picker: Option<(Asking, usize)>,
    pub(crate) message: Option<(Message, Duration)>,
    /// Customers to be received, the longest there first.
    pub(crate) arrivals: Vec<Alarm>,
    /// The order whose answer is awaited.
    pub(crate) pending: Option<Order>,
    called: Option<(TicketId, Duration)>,
    ordered: Option<Duration>,
}

impl Desk {
    /// The page of a counter before anything is known. `zone` counts until the hall tells its own.
    pub fn new(counter: u16, language: Language, zone: TimeZone) -> Self {
        Self {
            counter,
            language,
            zone,
            hall: None,
            pace: Pace::new(Timestamp::UNIX_EPOCH, Duration::ZERO, 1.0),
            away: true,
            because: None,
            documents: HashMap::new(),
            came_from: None,
            picker: None,
            message: None,
            arrivals: vec![],
            pending: None,
            called: None,
            ordered: None,
        }
    }

    /// The hall as it stands now; older snapshots of the same journal are ignored.
    pub fn snapshot(&mut self, snapshot: HallSnapshot, at: Duration) {
        let older = |known: &HallSnapshot| known.epoch == snapshot.epoch && known.seq > snapshot.seq;
        if !self.hall.as_ref().is_some_and(older) {
            self.pace = Pace::new(snapshot.now, at, snapshot.speed);
            // A zone this machine does not know is no reason to show no time.
            if let Ok(zone) = TimeZone::get(&snapshot.time_zone) {
                self.zone = zone;
            }
            self.take_arrivals(&snapshot.alarms);
            self.hall = Some(snapshot);
        }
    }

    /// A durable event; a call to this counter, from wherever, tells its reason and may be undone.
    pub fn event(&mut self, event: &Event, at: Duration) {
        if let EventKind::TicketCalled { ticket, counter, because, .. } = &event.kind
            && *counter == self.counter
        {
            self.note_call(ticket.id, Some(self.name(because)), at);
        }
    }

    /// What businesses ask for, as told to kiosks; shown beside the ticket.
    pub fn offers(&mut self, offers: &[ServiceOffer]) {
        let list = |offer: &ServiceOffer| {
            let first = offer.documents.first()?;
            let items = first.items.iter().map(|item| self.name(&item.into()));
            let comma = match self.language {
                Language::Chinese => "、",
                Language::English => ", ",
            };
            Some((offer.id.clone(), items.collect::<Vec<_>>().join(comma)))
        };
        self.documents = offers.iter().filter_map(list).collect();
    }

    /// A ticket with its history: a colleague's counter it came from.
    pub fn history(&mut self, ticket: &TicketView) {
        let transfer = ticket.history.iter().rev().find(|step| step.what == StepKind::Transferred);
        self.came_from = transfer.and_then(|step| step.counter).map(|counter| (ticket.id, counter));
    }

    /// The broker is out of reach, or back.
    pub fn set_away(&mut self, away: bool) {
        self.away = away;
    }

    /// A key, a button or a choice. What can be done becomes an order; what cannot, a message.
    pub fn act(&mut self, act: Act, at: Duration) -> Option<Order> {
        let undo = act == Act::Undo;
        match self.decide(act, at) {
            Ok(Some(order)) => self.send(order, undo, at),
            Ok(None) => None,
            Err(message) => {
                self.message = Some((message, at));
                None
            }
        }
    }

    /// The answer to the order that was sent last.
    pub fn answer(&mut self, answer: Answer, at: Duration) {
        let order = self.pending.take();
        let had_ticket = self.ticket().is_some();
        match answer {
            Answer::Called(called) => {
                let Called { ticket, because } = *called;
                match &order {
                    Some(Order::Next | Order::Call(_)) => self.note_call(ticket.id, because, at),
                    Some(Order::Return) => self.message = Some((Message::Returned(ticket.number.clone()), at)),
                    Some(
                        Order::SignIn(_)
                        | Order::SignOut
                        | Order::Recall
                        | Order::NoShow
                        | Order::Start
                        | Order::Complete
                        | Order::Hold(_)
                        | Order::Transfer(_)
                        | Order::Pause(_)
                        | Order::Resume
                        | Order::Receive(_),
                    )
                    | None => {}
                }
                let here = matches!(ticket.state, TicketState::Called | TicketState::Serving);
                self.set_ticket(here.then_some(ticket));
            }
            Answer::Nobody => {
                self.set_ticket(None);
                self.message = Some((if had_ticket { Message::CompletedNobody } else { Message::Nobody }, at));
            }
            Answer::Counter(view) => {
                if let Some(counter) = self.counter_mut() {
                    *counter = *view;
                }
            }
            Answer::Done => {
                if let Some(Order::Receive(about)) = &order {
                    self.is_received(about);
                }
            }
            Answer::Refused(title) => self.message = Some((Message::Refused(title), at)),
            Answer::Unknown => self.message = Some((Message::Unknown, at)),
        }
    }

    /// This counter, once the hall is known.
    pub fn counter(&self) -> Option<&CounterView> {
        self.hall.as_ref()?.counters.iter().find(|counter| counter.number == self.counter)
    }

    /// The ticket at this counter.
    pub fn ticket(&self) -> Option<&TicketView> {
        self.counter()?.ticket.as_ref()
    }

    /// Held tickets this counter may call, its own first.
    pub fn held(&self) -> Vec<&TicketView> {
        let (Some(hall), Some(counter)) = (&self.hall, self.counter()) else { return vec![] };
        let mine = |ticket: &&TicketView| ticket.counter == Some(self.counter);
        let able = |ticket: &&TicketView| !mine(ticket) && counter.services.contains(&ticket.service);
        hall.held.iter().filter(mine).chain(hall.held.iter().filter(able)).collect()
    }

    /// How much of the hall's time is left to undo the call of the present ticket.
    pub fn undo_left(&self, at: Duration) -> Option<Duration> {
        let (id, since) = self.called?;
        let ticket = self.ticket().filter(|ticket| ticket.id == id && ticket.state == TicketState::Called)?;
        let left = UNDO.checked_sub(self.pace.between(since, at))?;
        (!left.is_zero() && ticket.recalls == 0).then_some(left)
    }

    /// How long until a no-show may be marked; zero when it may.
    pub fn no_show_in(&self, at: Duration) -> Duration {
        let from = self.ticket().and_then(|ticket| ticket.no_show_from);
        let left = from.map(|from| self.pace.time(at).until(from).ok().and_then(|span| Duration::try_from(span).ok()));
        left.flatten().unwrap_or_default()
    }

    /// The choices of the open picker, all pages.
    pub fn choices(&self) -> Vec<Choice> {
        match self.picker {
            None => vec![],
            Some((Asking::HoldReason, _)) => (0..HOLDS.len()).map(Choice::Hold).collect(),
            Some((Asking::PauseReason, _)) => (0..PAUSES.len()).map(Choice::Pause).collect(),
            Some((Asking::Destination, _)) => self.destinations(),
        }
    }

    fn decide(&mut self, act: Act, at: Duration) -> Result<Option<Order>, Message> {
        if let Some((asking, page)) = self.picker {
            match act {
                Act::Choose(n) => return self.choose(page * CHOICES + n),
                Act::MoreChoices => {
                    let pages = self.choices().len().div_ceil(CHOICES).max(1);
                    self.picker = Some((asking, (page + 1) % pages));
                    return Ok(None);
                }
                Act::Dismiss => return self.close_picker(),
                // The key that opened a picker closes it; any other goes ahead.
                Act::Hold if asking == Asking::HoldReason => return self.close_picker(),
                Act::Transfer if asking == Asking::Destination => return self.close_picker(),
                Act::Pause if asking == Asking::PauseReason => return self.close_picker(),
                Act::Next
                | Act::Complete
                | Act::Start
                | Act::Recall
                | Act::NoShow
                | Act::Hold
                | Act::Transfer
                | Act::Pause
                | Act::Undo
                | Act::Received
                | Act::CallHeld(_)
                | Act::SignIn(_)
                | Act::SignOut => self.picker = None,
            }
        }
        match act {
            Act::Dismiss => self.message = None,
            Act::Choose(_) | Act::MoreChoices => {}
            Act::SignIn(input) => return self.reachable().map(|()| Some(Order::SignIn(input))),
            Act::SignOut => return self.must_be_free().map(|()| Some(Order::SignOut)),
            Act::Next => return self.must_be_ready().map(|()| Some(Order::Next)),
            Act::CallHeld(n) => {
                self.must_be_ready()?;
                self.must_be_free()?;
                return Ok(self.held().get(n).map(|ticket| Order::Call(ticket.id)));
            }
            Act::Complete => return self.must_have_ticket().map(|_| Some(Order::Complete)),
            Act::Start => return self.must_be_called().map(|()| Some(Order::Start)),
            Act::Recall => return self.must_be_called().map(|()| Some(Order::Recall)),
            Act::NoShow => {
                self.must_be_called()?;
                return if self.no_show_in(at).is_zero() { Ok(Some(Order::NoShow)) } else { Err(Message::TooEarly) };
            }
            Act::Received => {
                self.reachable()?;
                return Ok(self.arrival().map(|alarm| Order::Receive(alarm.about.clone())));
            }
            Act::Undo => {
                self.reachable()?;
                return if self.undo_left(at).is_some() { Ok(Some(Order::Return)) } else { Err(Message::TooLate) };
            }
            Act::Hold => {
                self.must_have_ticket()?;
                self.picker = Some((Asking::HoldReason, 0));
            }
            Act::Transfer => {
                self.must_have_ticket()?;
                self.picker = Some((Asking::Destination, 0));
            }
            Act::Pause if self.is_paused() => return self.reachable().map(|()| Some(Order::Resume)),
            Act::Pause => {
                self.must_be_free()?;
                self.picker = Some((Asking::PauseReason, 0));
            }
        }
        Ok(None)
    }

    fn close_picker(&mut self) -> Result<Option<Order>, Message> {
        self.picker = None;
        Ok(None)
    }

    fn choose(&mut self, n: usize) -> Result<Option<Order>, Message> {
        let Some(choice) = self.choices().into_iter().nth(n) else { return Ok(None) };
        self.picker = None;
        self.reachable()?;
        Ok(Some(match choice {
            Choice::Hold(n) => {
                let (reason, kind) = HOLDS[n];
                Order::Hold(Hold { reason: reason.text(self.language).to_owned(), kind })
            }
            Choice::Pause(n) => Order::Pause(PAUSES[n].text(self.language).to_owned()),
            Choice::Service(id) => Order::Transfer(Transfer { service: Some(id), ..Transfer::default() }),
            Choice::Counter(number) => Order::Transfer(Transfer { counter: Some(number), ..Transfer::default() }),
        }))
    }

    fn send(&mut self, order: Order, undo: bool, at: Duration) -> Option<Order> {
        let bounces = self.ordered.is_some_and(|before| self.pace.between(before, at) < DEBOUNCE);
        // Whoever undoes a slip is quick, and means it.
        if self.pending.is_some() || (bounces && !undo) {
            return None;
        }
        self.ordered = Some(at);
        self.message = None;
        self.pending = Some(order.clone());
        Some(order)
    }

    fn destinations(&self) -> Vec<Choice> {
        let (Some(hall), Some(ticket)) = (&self.hall, self.ticket()) else { return vec![] };
        let services = hall.services.iter().filter(|service| service.id != ticket.service);
        let able = |counter: &&CounterView| {
            counter.number != self.counter
                && counter.state != CounterStatus::Closed
                && counter.services.contains(&ticket.service)
        };
        let counters = hall.counters.iter().filter(able);
        let services = services.map(|service| Choice::Service(service.id.clone()));
        services.chain(counters.map(|counter| Choice::Counter(counter.number))).collect()
    }

    fn reachable(&self) -> Result<(), Message> {
        if self.away { Err(Message::Away) } else { Ok(()) }
    }

    fn must_be_ready(&self) -> Result<(), Message> {
        self.reachable()?;
        if self.is_paused() { Err(Message::Paused) } else { Ok(()) }
    }

    fn must_be_free(&self) -> Result<(), Message> {
        self.reachable()?;
        self.ticket().map_or(Ok(()), |ticket| Err(Message::Busy(ticket.number.clone())))
    }

    fn must_have_ticket(&self) -> Result<&TicketView, Message> {
        self.reachable()?;
        self.ticket().ok_or(Message::NoTicket)
    }

    fn must_be_called(&self) -> Result<(), Message> {
        let ticket = self.must_have_ticket()?;
        if ticket.state == TicketState::Called { Ok(()) } else { Err(Message::AlreadyServing) }
    }

    fn is_paused(&self) -> bool {
        self.counter().is_some_and(|counter| counter.state == CounterStatus::Paused)
    }

    fn note_call(&mut self, id: TicketId, because: Option<String>, at: Duration) {
        if let Some(because) = because {
            self.because = Some((id, because));
        }
        // The answer and the event tell of the same call; a ticket called again later is another one.
        let fresh = |(before, since): (TicketId, Duration)| before == id && self.pace.between(since, at) < UNDO;
        if !self.called.is_some_and(fresh) {
            self.called = Some((id, at));
        }
    }

    fn set_ticket(&mut self, ticket: Option<TicketView>) {
        if let Some(counter) = self.counter_mut() {
            counter.ticket = ticket;
        }
    }

    fn counter_mut(&mut self) -> Option<&mut CounterView> {
        let number = self.counter;
        self.hall.as_mut()?.counters.iter_mut().find(|counter| counter.number == number)
    }

    pub(crate) fn name(&self, names: &LocalNames) -> String {
        match self.language {
            Language::English if !names.en.is_empty() => names.en.clone(),
            Language::English | Language::Chinese => names.zh.clone(),
        }
    }
}
