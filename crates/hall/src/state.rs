//! The hall as its events made it. [`Hall::apply`] is the only thing that changes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::ahead::Overlap;
use crate::command::Destination;
use crate::counter::{Counter, CounterState};
use crate::event::{Event, TicketIssued};
use crate::ids::{CounterNumber, Prefix, ServiceId, TellerId, TicketCode, TicketId};
use crate::queue::{Place, Queue};
use crate::routing::{Floor, Outlook, Rule, take_turn};
use crate::rules::Rules;
use crate::ticket::{Step, StepKind, Ticket, TicketState};
use crate::time::Date;

pub use crate::tally::ServiceTally;

/// One hall's present: the business day, its tickets and counters.
#[derive(Clone, Debug, PartialEq)]
pub struct Hall {
    rules: Arc<Rules>,
    overlap: Overlap,
    floor: Arc<Floor>,
    day: Option<Date>,
    latest_day: Option<Date>,
    ticketing_open: bool,
    first_ticket: TicketId,
    /// Indexed by id less `first_ticket`: ids of a day are dense.
    tickets: Vec<Arc<Ticket>>,
    by_code: HashMap<TicketCode, TicketId>,
    counters: BTreeMap<CounterNumber, Counter>,
    queue: Queue,
    /// Those of the queue who were sent to one counter.
    sent: BTreeSet<TicketId>,
    /// The latest moment at which anybody of this day came, by the clock of then.
    latest_arrival_ms: Option<i64>,
    numbers: BTreeMap<Prefix, u32>,
    services: BTreeMap<ServiceId, ServiceTally>,
    /// Calls of each tier in the present cycle of the `ratio` rule.
    turns_taken: Vec<u32>,
    /// What was learnt, and today.
    outlook: Outlook,
}

impl Hall {
    /// A hall before its first day.
    pub fn new(rules: Arc<Rules>) -> Self {
        let counters = all_closed(&rules);
        let floor = Arc::new(Floor::of(&rules));
        let outlook = Outlook::presumed(&floor);
        let queue = Queue::new(rules.tiers.len(), rules.services.len());
        Self {
            overlap: Overlap::of(&rules),
            floor,
            turns_taken: vec![0; rules.tiers.len()],
            rules,
            day: None,
            latest_day: None,
            ticketing_open: true,
            first_ticket: TicketId(1),
            tickets: Vec::new(),
            by_code: HashMap::new(),
            counters,
            queue,
            sent: BTreeSet::new(),
            latest_arrival_ms: None,
            numbers: BTreeMap::new(),
            services: BTreeMap::new(),
            outlook,
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules as routing sees them.
    pub fn floor(&self) -> &Arc<Floor> {
        &self.floor
    }

    /// Calls of each tier in the present cycle of the `ratio` rule.
    pub fn turns_taken(&self) -> &[u32] {
        &self.turns_taken
    }

    /// How many tickets dedicated desks took over today (分流).
    pub fn diverted(&self) -> u32 {
        self.outlook.diverted()
    }

    /// What was learnt, and today.
    pub fn outlook(&self) -> &Outlook {
        &self.outlook
    }

    pub(crate) fn overlap(&self) -> &Overlap {
        &self.overlap
    }

    /// The open business day.
    pub fn day(&self) -> Option<Date> {
        self.day
    }

    /// The latest business day, open or not.
    pub fn latest_day(&self) -> Option<Date> {
        self.latest_day
    }

    /// Whether a supervisor lets numbers be given out.
    pub fn ticketing_open(&self) -> bool {
        self.ticketing_open
    }

    /// A ticket of this day.
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.index(id).and_then(|index| self.tickets.get(index)).map(Arc::as_ref)
    }

    /// The ticket behind a QR code.
    pub fn ticket_by_code(&self, code: &TicketCode) -> Option<&Ticket> {
        self.by_code.get(code).and_then(|id| self.ticket(*id))
    }

    /// Every ticket of this day, in order of issue.
    pub fn tickets(&self) -> impl DoubleEndedIterator<Item = &Ticket> {
        self.tickets.iter().map(Arc::as_ref)
    }

    /// The id the next ticket gets.
    pub fn next_ticket(&self) -> TicketId {
        TicketId(self.first_ticket.0 + self.tickets.len() as u64)
    }

    /// Who waits.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Those of the queue who were sent to one counter.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &Ticket> {
        self.sent.iter().filter_map(|id| self.ticket(*id))
    }

    /// The latest moment at which anybody of this day came, UTC ms; later than now when the clock was set back since.
    pub(crate) fn latest_arrival_ms(&self) -> Option<i64> {
        self.latest_arrival_ms
    }

    /// A counter.
    pub fn counter(&self, number: CounterNumber) -> Option<&Counter> {
        self.counters.get(&number)
    }

    /// Every counter, by number.
    pub fn counters(&self) -> impl Iterator<Item = &Counter> {
        self.counters.values()
    }

    /// Where a teller is signed in.
    pub fn teller_at(&self, teller: &TellerId) -> Option<CounterNumber> {
        self.counters.values().find(|counter| counter.state.teller() == Some(teller)).map(|counter| counter.number)
    }

    /// How many numbers of a prefix were given out today.
    pub fn numbers_given(&self, prefix: &Prefix) -> u32 {
        self.numbers.get(prefix).copied().unwrap_or(0)
    }

    /// What the day has seen of a service.
    pub fn tally(&self, service: &ServiceId) -> ServiceTally {
        self.services.get(service).copied().unwrap_or_default()
    }

    /// Takes an event into account that happened at `at_ms` (UTC) and is durable. Never fails: an event about something
    /// this hall does not know changes nothing.
    pub fn apply(&mut self, at_ms: i64, event: &Event) {
        match event {
            Event::DayOpened { date, first_ticket } => self.open_day(*date, *first_ticket),
            Event::DayClosed { .. } => self.close_day(at_ms),
            Event::TicketingChanged { open } => self.ticketing_open = *open,
            Event::Learnt(lesson) => {
                let rules = Arc::clone(&self.rules);
                self.outlook.learn(&rules, lesson);
            }
            Event::TicketIssued(issued) => self.issue(at_ms, issued),
            Event::TicketCalled { ticket, counter, teller, because } => {
                if let Some(one) = self.ticket(*ticket) {
                    let (tier, _) = self.indices(one);
                    take_turn(&mut self.turns_taken, &self.floor.routing.ratio, tier);
                }
                if because.rule == Rule::Diversion {
                    self.outlook.diverts();
                }
                self.change(*ticket, at_ms, StepKind::Called, Some(*counter), |ticket| {
                    ticket.state = TicketState::Called;
                    ticket.counter = Some(*counter);
                    ticket.teller = Some(teller.clone());
                    ticket.last_call_ms = Some(at_ms);
                    ticket.recalls = 0;
                });
                self.occupy(*counter, *ticket);
            }
            Event::TicketRecalled { ticket, counter, recalls } => {
                self.change(*ticket, at_ms, StepKind::Recalled, Some(*counter), |ticket| {
                    ticket.last_call_ms = Some(at_ms);
                    ticket.recalls = *recalls;
                });
            }
            Event::ServiceStarted { ticket, counter, started_at_ms } => {
                self.change(*ticket, *started_at_ms, StepKind::Started, Some(*counter), |ticket| {
                    ticket.state = TicketState::Serving;
                    // The wait ended at the first start; a held or transferred ticket does not wait anew.
                    ticket.started_at_ms.get_or_insert(*started_at_ms);
                });
            }
            Event::TicketCompleted { ticket, counter, .. } => {
                self.learn_service_time(*ticket, at_ms);
                self.leave(*ticket, at_ms, StepKind::Completed, *counter, |ticket| {
                    ticket.state = TicketState::Completed
                });
            }
            Event::TicketNoShow { ticket, counter } => {
                self.leave(*ticket, at_ms, StepKind::NoShow, *counter, |ticket| ticket.state = TicketState::NoShow);
            }
            Event::TicketHeld { ticket, counter, reason, .. } => {
                self.leave(*ticket, at_ms, StepKind::Held, *counter, |ticket| {
                    ticket.state = TicketState::Held;
                    ticket.note = Some(reason.clone());
                });
            }
            Event::TicketTransferred { ticket, counter, to, note, order_ms } => {
                if order_ms.is_some() {
                    self.latest_arrival_ms = self.latest_arrival_ms.max(Some(at_ms));
                }
                self.leave(*ticket, at_ms, StepKind::Transferred, *counter, |ticket| {
                    ticket.state = TicketState::Waiting;
                    ticket.order_ms = order_ms.unwrap_or(ticket.order_ms);
                    ticket.note.clone_from(note);
                    match to {
                        Destination::Service(service) => {
                            ticket.service = service.clone();
                            ticket.only_counter = None;
                        }
                        Destination::Counter(only) => ticket.only_counter = Some(*only),
                    }
                });
            }
            Event::TicketRejoined { ticket, only_counter } => {
                self.change(*ticket, at_ms, StepKind::Rejoined, *only_counter, |ticket| {
                    ticket.state = TicketState::Waiting;
                    ticket.only_counter = *only_counter;
                });
            }
            Event::TicketReturned { ticket, counter } => {
                self.leave(*ticket, at_ms, StepKind::Returned, *counter, |ticket| {
                    ticket.state = TicketState::Waiting;
                    // What is undone has not started: the customer goes on waiting.
                    ticket.started_at_ms = ticket.started_before_this_call();
                });
            }
            Event::TicketCancelled { ticket, .. } => {
                if self.counters.values().any(|counter| counter.ticket == Some(*ticket)) {
                    self.learn_time_at_counter(*ticket, at_ms);
                }
                for counter in self.counters.values_mut().filter(|counter| counter.ticket == Some(*ticket)) {
                    counter.ticket = None;
                }
                self.change(*ticket, at_ms, StepKind::Cancelled, None, |ticket| ticket.state = TicketState::Cancelled);
            }
            Event::TicketRated { ticket, score, .. } => {
                self.change(*ticket, at_ms, StepKind::Rated, None, |ticket| ticket.score = Some(*score));
            }
            Event::TicketPrioritised { ticket, care, order_ms } => {
                self.change(*ticket, at_ms, StepKind::Prioritised, None, |ticket| {
                    ticket.care = Some(*care);
                    ticket.order_ms = *order_ms;
                });
            }
            Event::TicketReprinted { ticket } => {
                self.change(*ticket, at_ms, StepKind::Reprinted, None, |_| {});
            }
            Event::CounterOpened { counter, teller } => {
                self.set_counter(at_ms, *counter, CounterState::Open { teller: teller.clone() });
            }
            Event::CounterClosed { counter, .. } => self.set_counter(at_ms, *counter, CounterState::Closed),
            Event::CounterPaused { counter, reason } => {
                if let Some(teller) = self.counter(*counter).and_then(|counter| counter.state.teller().cloned()) {
                    self.set_counter(at_ms, *counter, CounterState::Paused { teller, reason: reason.clone() });
                }
            }
            Event::CounterResumed { counter } => {
                if let Some(teller) = self.counter(*counter).and_then(|counter| counter.state.teller().cloned()) {
                    self.set_counter(at_ms, *counter, CounterState::Open { teller });
                }
            }
        }
    }

    fn open_day(&mut self, date: Date, first_ticket: TicketId) {
        self.day = Some(date);
        self.latest_day = Some(date);
        self.ticketing_open = true;
        self.first_ticket = first_ticket;
        self.tickets.clear();
        self.by_code.clear();
        self.queue.clear();
        self.sent.clear();
        self.latest_arrival_ms = None;
        self.numbers.clear();
        self.services.clear();
        self.turns_taken.fill(0);
        self.outlook.begin_day();
        self.count_open();
        // Not only closed: counters that the configuration lost during the old day are gone now.
        self.counters = all_closed(&self.rules);
    }

    fn close_day(&mut self, at_ms: i64) {
        self.day = None;
        let open: Vec<_> = self.tickets().filter(|ticket| !ticket.state.is_final()).map(|ticket| ticket.id).collect();
        for id in open {
            self.change(id, at_ms, StepKind::Cancelled, None, |ticket| ticket.state = TicketState::Cancelled);
        }
        for counter in self.counters.values_mut() {
            *counter = closed(counter.number);
        }
    }

    fn issue(&mut self, at_ms: i64, issued: &TicketIssued) {
        let ticket = Ticket {
            id: issued.ticket,
            number: issued.number.clone(),
            code: issued.code.clone(),
            tier: issued.tier.clone(),
            service: issued.service.clone(),
            state: TicketState::Waiting,
            issued_at_ms: at_ms,
            identified_at_ms: issued.identified_at_ms,
            deadline_at_ms: issued.deadline_at_ms,
            order_ms: issued.order_ms,
            care: issued.care,
            booked_ms: issued.booked_ms,
            language: issued.language.clone(),
            kiosk: issued.kiosk.clone(),
            identity: issued.identity.clone(),
            only_counter: None,
            note: None,
            last_call_ms: None,
            recalls: 0,
            started_at_ms: None,
            counter: None,
            teller: None,
            score: None,
            history: vec![Step { at_ms, what: StepKind::Issued, counter: None }],
        };
        *self.numbers.entry(issued.prefix.clone()).or_default() += 1;
        self.services.entry(issued.service.clone()).or_default().issued += 1;
        self.by_code.insert(issued.code.clone(), issued.ticket);
        // With the clock set back, who came later carries an earlier time of identification and a later place.
        let came_ms = match issued.booked_ms {
            // Their place may lie in the future, and says nothing of the clock.
            Some(_) => at_ms,
            None => issued.identified_at_ms.max(issued.order_ms),
        };
        self.latest_arrival_ms = self.latest_arrival_ms.max(Some(came_ms));
        self.enqueue(&ticket);
        let (tier, service) = self.indices(&ticket);
        self.outlook.comes(&self.floor, tier, service, at_ms);
        self.tickets.push(Arc::new(ticket));
    }

    /// Changes a ticket and keeps the queue in step with its state and place.
    fn change(
        &mut self,
        id: TicketId,
        at_ms: i64,
        what: StepKind,
        counter: Option<CounterNumber>,
        edit: impl FnOnce(&mut Ticket),
    ) {
        let Some(index) = self.index(id) else { return };
        let Some(slot) = self.tickets.get(index) else { return };
        let mut ticket = Ticket::clone(slot);
        self.dequeue(&ticket);
        edit(&mut ticket);
        ticket.history.push(Step { at_ms, what, counter });
        if ticket.state == TicketState::Waiting {
            self.enqueue(&ticket);
        }
        self.tickets[index] = Arc::new(ticket);
    }

    /// Like [`Self::change`], and the counter is free again.
    fn leave(
        &mut self,
        id: TicketId,
        at_ms: i64,
        what: StepKind,
        counter: CounterNumber,
        edit: impl FnOnce(&mut Ticket),
    ) {
        // A call that was undone was none.
        if what != StepKind::Returned {
            self.learn_time_at_counter(id, at_ms);
        }
        self.change(id, at_ms, what, Some(counter), edit);
        if let Some(counter) = self.counters.get_mut(&counter).filter(|counter| counter.ticket == Some(id)) {
            counter.ticket = None;
        }
    }

    fn learn_time_at_counter(&mut self, id: TicketId, at_ms: i64) {
        let Some(ticket) = self.ticket(id) else { return };
        let Some(called_ms) = ticket.latest_call_ms() else { return };
        let (_, service) = self.indices(ticket);
        self.outlook.ends(service, at_ms - called_ms);
    }

    fn learn_service_time(&mut self, id: TicketId, at_ms: i64) {
        let Some(ticket) = self.ticket(id) else { return };
        let Some(started_ms) = ticket.latest_start_ms() else { return };
        let seconds = (at_ms - started_ms).max(0) as f64 / 1000.0;
        self.services.entry(ticket.service.clone()).or_default().learn(seconds);
    }

    fn enqueue(&mut self, ticket: &Ticket) {
        let (tier, service) = self.indices(ticket);
        let sent = self.sent_to(ticket).and_then(|only| self.floor.post(only));
        self.queue.insert(tier, service, Place { order_ms: ticket.order_ms, ticket: ticket.id }, sent);
        if ticket.only_counter.is_some() {
            self.sent.insert(ticket.id);
        }
    }

    fn dequeue(&mut self, ticket: &Ticket) {
        let (tier, service) = self.indices(ticket);
        let sent = self.sent_to(ticket).and_then(|only| self.floor.post(only));
        self.queue.remove(tier, service, Place { order_ms: ticket.order_ms, ticket: ticket.id }, sent);
        self.sent.remove(&ticket.id);
    }

    /// Tier and service as places in the rules; a tier that is no longer configured queues with the lowest.
    pub fn indices(&self, ticket: &Ticket) -> (usize, usize) {
        let lowest = self.rules.tiers.len().saturating_sub(1);
        let tier = self.rules.tier(&ticket.tier).map_or(lowest, |(index, _)| index);
        let service = self.rules.service(&ticket.service).map_or(usize::MAX, |(index, _)| index);
        (tier, service)
    }

    fn index(&self, id: TicketId) -> Option<usize> {
        id.0.checked_sub(self.first_ticket.0).and_then(|index| usize::try_from(index).ok())
    }

    fn occupy(&mut self, counter: CounterNumber, ticket: TicketId) {
        if self.ticket(ticket).is_some() {
            self.counters.entry(counter).or_insert_with(|| closed(counter)).ticket = Some(ticket);
        }
    }

    fn count_open(&mut self) {
        let open = self.counters.values().filter(|counter| matches!(counter.state, CounterState::Open { .. })).count();
        self.outlook.set_open(open);
    }

    fn set_counter(&mut self, at_ms: i64, counter: CounterNumber, state: CounterState) {
        let counter = self.counters.entry(counter).or_insert_with(|| closed(counter));
        if matches!(counter.state, CounterState::Paused { .. }) {
            counter.longest_pause_ms = counter.longest_pause_ms.max(at_ms - counter.since_ms);
        }
        counter.state = state;
        counter.since_ms = at_ms;
        self.count_open();
    }
}

fn all_closed(rules: &Rules) -> BTreeMap<CounterNumber, Counter> {
    rules.counters.iter().map(|counter| (counter.number, closed(counter.number))).collect()
}

fn closed(number: CounterNumber) -> Counter {
    Counter { number, state: CounterState::Closed, ticket: None, since_ms: 0, longest_pause_ms: 0 }
}
