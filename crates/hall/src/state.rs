//! The hall as its events made it. [`Hall::apply`] is the only thing that changes it.

mod apply;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::ahead::Overlap;
use crate::appointment::Book;
use crate::counter::{Counter, CounterState};
use crate::ids::{CounterNumber, Prefix, ServiceId, TellerId, TicketCode, TicketId};
use crate::queue::Queue;
use crate::routing::{Floor, Outlook};
use crate::rules::Rules;
use crate::ticket::Ticket;
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
    /// When the numbers of a service were given out today, UTC ms, in that order.
    issues: BTreeMap<ServiceId, Vec<i64>>,
    /// Appointments of this day and later ones. Shared with the copies that others look at.
    book: Arc<Book>,
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
            issues: BTreeMap::new(),
            book: Arc::default(),
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

    /// When the numbers of a service were given out today, UTC ms.
    pub(crate) fn issues(&self, service: &ServiceId) -> &[i64] {
        self.issues.get(service).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn book(&self) -> &Book {
        &self.book
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
}

fn all_closed(rules: &Rules) -> BTreeMap<CounterNumber, Counter> {
    rules.counters.iter().map(|counter| (counter.number, closed(counter.number))).collect()
}

fn closed(number: CounterNumber) -> Counter {
    Counter { number, state: CounterState::Closed, ticket: None, since_ms: 0, longest_pause_ms: 0 }
}
