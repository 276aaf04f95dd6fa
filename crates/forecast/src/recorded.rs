//! A day of a hall's own journal: as a day to replay, and what really happened on it.
//!
//! Seconds count from the day's first event, rounded down to the minute. Somebody who comes back to the queue (held and back,
//! sent on, a no-show who came after all) has a row for each visit, with the place of their first arrival; only the first row
//! counts as a customer. A call that was undone is no call. As in every replay the wait ends at the call.
//!
//! In a replay a free counter calls at once, where tellers take a breath: a replay is a little brisker than the day was, and is best
//! compared with another replay. What a day file cannot say is lost: a ticket sent to one counter only waits for any that can serve it, and one cancelled while it
//! waited is called all the same, after its patience ran out.

use std::collections::HashMap;
use std::sync::Arc;

use hall::routing::{Floor, Lesson, Outlook, Rule};
use hall::{CounterNumber, CounterState, Event, Hall, Rules, TicketId};

use crate::day::{Customer, Day, SECONDS, Shift, Staffed};
use crate::replay::{Called, Outcome, Replay, is_inversion};

/// A day of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// When its seconds begin, UTC ms.
    pub opening_ms: i64,
    /// Who came and who worked; a counter nobody opened is closed all day.
    pub day: Day,
    /// What really happened.
    pub happened: Replay,
    /// Visits for a service that these rules do not have: they are not in the day.
    pub left_out: usize,
    /// What routing had learnt from the days before, if anything, by the seconds of this day.
    pub lesson: Option<Lesson>,
}

impl Recorded {
    /// The day that these events (with their times, UTC ms) tell, in a hall of these rules: its opening is the first of them.
    /// `None` without events. Tiers and counters that the rules do not have are taken as [`Hall`] takes them: the lowest tier,
    /// and no counter.
    pub fn of(rules: &Rules, events: &[(i64, Event)]) -> Option<Self> {
        let (first_ms, _) = events.first()?;
        let opening_ms = first_ms - first_ms.rem_euclid(60_000);
        let mut scribe = Scribe::new(rules);
        for (at_ms, event) in events {
            scribe.note(*at_ms, event);
            scribe.hall.apply(*at_ms, event);
            scribe.now_ms = scribe.now_ms.max(*at_ms);
        }
        Some(scribe.told(opening_ms))
    }

    /// What routing knew when this day began, in a hall of these rules.
    pub fn outlook(&self, rules: &Rules, floor: &Floor) -> Outlook {
        let mut outlook = Outlook::presumed(floor);
        self.lesson.iter().for_each(|lesson| outlook.learn(rules, lesson));
        outlook
    }

    /// Counts in a replay of this day the customers that count here: of those who came back only the first visit, and of no-shows
    /// those who came after all.
    pub fn counted(&self, floor: &Floor, mut replay: Replay) -> Replay {
        for (outcome, here) in replay.outcomes.iter_mut().zip(&self.happened.outcomes) {
            let limit_s = floor.limits_ms[outcome.tier] / 1000;
            let late = outcome.wait_s.map_or(outcome.missed, |wait_s| i64::from(wait_s) > limit_s);
            outcome.counts = here.counts;
            outcome.missed = here.counts && late;
        }
        replay
    }
}

/// Follows the events and writes down visits and shifts.
struct Scribe {
    /// The hall before the present event.
    hall: Hall,
    floor: Arc<Floor>,
    /// The latest moment so far.
    now_ms: i64,
    /// Who stands in the queue, and since when.
    queued_ms: HashMap<TicketId, i64>,
    visits: Vec<Visit>,
    /// The present or last visit of each ticket.
    latest: HashMap<TicketId, usize>,
    shifts: Vec<(i64, usize, Staffed)>,
    calls: usize,
    lesson: Option<Lesson>,
}

/// One time in the queue.
struct Visit {
    ticket: TicketId,
    /// Whether the ticket had none before.
    first: bool,
    tier: usize,
    service: usize,
    arrived_ms: i64,
    order_ms: i64,
    call: Option<Call>,
    /// When the customer gave up waiting.
    gave_up_ms: Option<i64>,
}

struct Call {
    /// Counts the calls: several happen at one moment.
    nth: usize,
    at_ms: i64,
    counter: CounterNumber,
    rule: Rule,
    inversion: bool,
    left_ms: Option<i64>,
    no_show: bool,
}

impl Scribe {
    fn new(rules: &Rules) -> Self {
        let hall = Hall::new(Arc::new(rules.clone()));
        Self {
            floor: Arc::clone(hall.floor()),
            hall,
            now_ms: i64::MIN,
            queued_ms: HashMap::new(),
            visits: Vec::new(),
            latest: HashMap::new(),
            shifts: Vec::new(),
            calls: 0,
            lesson: None,
        }
    }

    fn note(&mut self, at_ms: i64, event: &Event) {
        match event {
            Event::TicketIssued(issued) => {
                self.queued_ms.insert(issued.ticket, issued.identified_at_ms);
            }
            Event::TicketCalled { ticket, counter, because, .. } => {
                self.called(at_ms, *ticket, *counter, because.rule);
            }
            Event::TicketCompleted { ticket, .. } | Event::TicketHeld { ticket, .. } => {
                self.left(at_ms, *ticket, false)
            }
            Event::TicketNoShow { ticket, .. } => self.left(at_ms, *ticket, true),
            Event::TicketTransferred { ticket, .. } => {
                self.left(at_ms, *ticket, false);
                self.queued_ms.insert(*ticket, at_ms);
            }
            Event::TicketRejoined { ticket, .. } => {
                self.queued_ms.insert(*ticket, at_ms);
            }
            Event::TicketReturned { ticket, .. } => self.undone(*ticket),
            Event::TicketCancelled { ticket, .. } => match self.queued_ms.remove(ticket) {
                Some(since_ms) => self.visit(*ticket, since_ms, None, Some(at_ms)),
                None => self.left(at_ms, *ticket, false),
            },
            Event::CounterOpened { counter, .. } | Event::CounterResumed { counter } => {
                self.shift(at_ms, *counter, Staffed::Open);
            }
            Event::CounterPaused { counter, .. } => self.shift(at_ms, *counter, Staffed::Paused),
            Event::CounterClosed { counter, .. } => self.shift(at_ms, *counter, Staffed::Closed),
            Event::DayClosed { .. } => {
                let staffed = self.hall.counters().filter(|counter| counter.state != CounterState::Closed);
                let staffed: Vec<CounterNumber> = staffed.map(|counter| counter.number).collect();
                staffed.into_iter().for_each(|counter| self.shift(at_ms, counter, Staffed::Closed));
            }
            Event::Learnt(lesson) => self.lesson = Some(lesson.clone()),
            Event::DayOpened { .. }
            | Event::TicketingChanged { .. }
            | Event::AppointmentBooked(_)
            | Event::AppointmentCancelled { .. }
            | Event::TicketRecalled { .. }
            | Event::ServiceStarted { .. }
            | Event::TicketRated { .. }
            | Event::TicketPrioritised { .. }
            | Event::TicketReprinted { .. } => {}
        }
    }

    fn called(&mut self, at_ms: i64, ticket: TicketId, counter: CounterNumber, rule: Rule) {
        let Some((tier, _)) = self.hall.ticket(ticket).map(|one| self.hall.indices(one)) else { return };
        let post = self.floor.post(counter);
        let inversion = post.is_some_and(|post| is_inversion(&self.floor, &self.hall, post, tier));
        self.calls += 1;
        let call = Call { nth: self.calls, at_ms, counter, rule, inversion, left_ms: None, no_show: false };
        // Called by hand from among the held and the no-shows: they queued for no moment.
        let since_ms = self.queued_ms.remove(&ticket).unwrap_or(at_ms);
        self.visit(ticket, since_ms, Some(call), None);
    }

    fn visit(&mut self, ticket: TicketId, arrived_ms: i64, call: Option<Call>, gave_up_ms: Option<i64>) {
        let Some(one) = self.hall.ticket(ticket) else { return };
        let (tier, service) = self.hall.indices(one);
        let order_ms = one.order_ms;
        let first = self.latest.insert(ticket, self.visits.len()).is_none();
        self.visits.push(Visit { ticket, first, tier, service, arrived_ms, order_ms, call, gave_up_ms });
    }

    fn left(&mut self, at_ms: i64, ticket: TicketId, no_show: bool) {
        let visit = self.latest.get(&ticket).and_then(|at| self.visits.get_mut(*at));
        if let Some(call) = visit.and_then(|visit| visit.call.as_mut()) {
            call.left_ms = Some(at_ms);
            call.no_show = no_show;
        }
    }

    /// A call that was undone: they stand where they stood.
    fn undone(&mut self, ticket: TicketId) {
        let Some(at) = self.latest.remove(&ticket) else { return };
        let visit = self.visits.remove(at);
        self.queued_ms.insert(ticket, visit.arrived_ms);
        self.latest.values_mut().filter(|other| **other > at).for_each(|other| *other -= 1);
        if let Some(before) = self.visits.iter().rposition(|other| other.ticket == ticket) {
            self.latest.insert(ticket, before);
        }
    }

    fn shift(&mut self, at_ms: i64, counter: CounterNumber, state: Staffed) {
        if let Some(post) = self.floor.post(counter) {
            self.shifts.push((at_ms, post, state));
        }
    }

    fn told(mut self, opening_ms: i64) -> Recorded {
        let waiting: Vec<(TicketId, i64)> = self.queued_ms.drain().collect();
        for (ticket, since_ms) in waiting {
            self.visit(ticket, since_ms, None, None);
        }
        let second = |at_ms: i64| u32::try_from((at_ms - opening_ms) / 1000).unwrap_or(0);
        let served: HashMap<TicketId, bool> = self.visits.iter().fold(HashMap::new(), |mut served, visit| {
            *served.entry(visit.ticket).or_default() |= visit.call.as_ref().is_none_or(|call| !call.no_show);
            served
        });
        let services = self.hall.rules().services.len();
        let everybody = self.visits.len();
        let mut visits: Vec<Visit> = self.visits.into_iter().filter(|visit| visit.service < services).collect();
        visits.sort_by_key(|visit| (visit.arrived_ms, visit.ticket));

        let mut recorded = Recorded {
            opening_ms,
            day: Day::default(),
            happened: Replay::default(),
            left_out: everybody - visits.len(),
            lesson: self.lesson.map(|lesson| Lesson { begins_ms: lesson.begins_ms - opening_ms, ..lesson }),
        };
        let mut calls = Vec::new();
        for (row, visit) in visits.iter().enumerate() {
            let typical_s = self.hall.rules().services[visit.service].typical_s;
            let counts = visit.first && served.get(&visit.ticket).copied().unwrap_or(true);
            recorded.day.customers.push(visit.customer(typical_s, second));
            recorded.happened.outcomes.push(visit.outcome(&self.floor, counts, second(self.now_ms), second));
            if let Some(call) = &visit.call {
                recorded.happened.diverted += u32::from(call.rule == Rule::Diversion);
                recorded.happened.inversions += u32::from(call.inversion);
                if let Some(post) = self.floor.post(call.counter) {
                    calls.push((call.nth, Called { row, called_s: second(call.at_ms), post, rule: call.rule }));
                }
            }
        }
        calls.sort_by_key(|(nth, _)| *nth);
        recorded.happened.calls = calls.into_iter().map(|(_, call)| call).collect();
        recorded.day.staffing = staffing(&self.floor, &self.shifts, second);
        recorded
    }
}

impl Visit {
    fn customer(&self, typical_s: u32, second: impl Fn(i64) -> u32) -> Customer {
        let arrival_s = second(self.arrived_ms);
        let took_s =
            |call: &Call| call.left_ms.map(|left_ms| second(left_ms).saturating_sub(second(call.at_ms)).max(1));
        Customer {
            arrival_s,
            tier: self.tier,
            service: self.service,
            service_s: self.call.as_ref().and_then(took_s).unwrap_or(typical_s),
            no_show: self.call.as_ref().is_some_and(|call| call.no_show),
            patience_s: self
                .gave_up_ms
                .map_or(*SECONDS.end(), |gave_up_ms| second(gave_up_ms).saturating_sub(arrival_s)),
            head_start_s: u32::try_from((self.arrived_ms - self.order_ms) / 1000).unwrap_or(0),
        }
    }

    fn outcome(&self, floor: &Floor, counts: bool, end_s: u32, second: impl Fn(i64) -> u32) -> Outcome {
        let arrival_s = second(self.arrived_ms);
        let wait_s = self.call.as_ref().map(|call| second(call.at_ms).saturating_sub(arrival_s));
        // Who was not called waited until they gave up, or until the day ended.
        let waited_s = wait_s.unwrap_or(self.gave_up_ms.map_or(end_s, &second).saturating_sub(arrival_s));
        let late = i64::from(waited_s) > floor.limits_ms[self.tier] / 1000;
        Outcome { tier: self.tier, wait_s, counts, missed: counts && late }
    }
}

/// The shifts by time; who never opened is closed from the beginning.
fn staffing(floor: &Floor, shifts: &[(i64, usize, Staffed)], second: impl Fn(i64) -> u32) -> Vec<Shift> {
    let unopened = (0..floor.posts.len()).filter(|post| !shifts.iter().any(|(_, at, _)| at == post));
    let closed = unopened.map(|post| Shift { at_s: 0, post, state: Staffed::Closed });
    let noted = shifts.iter().map(|(at_ms, post, state)| Shift { at_s: second(*at_ms), post: *post, state: *state });
    let mut all: Vec<Shift> = closed.chain(noted).collect();
    all.sort_by_key(|shift| shift.at_s);
    all
}
