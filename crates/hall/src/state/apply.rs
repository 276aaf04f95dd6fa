//! What each event changes.

use std::sync::Arc;

use super::{Hall, all_closed, closed};
use crate::appointment::{Appointment, Booking};
use crate::command::Destination;
use crate::counter::{Counter, CounterState};
use crate::event::{Event, TicketIssued};
use crate::ids::{CounterNumber, TicketId};
use crate::queue::Place;
use crate::routing::{Outlook, Rule, take_turn};
use crate::ticket::{Step, StepKind, Ticket, TicketState, Visit};
use crate::time::Date;

impl Hall {
    /// Takes an event into account that happened at `at_ms` (UTC) and is durable. Never fails: an event about something
    /// this hall does not know changes nothing.
    pub fn apply(&mut self, at_ms: i64, event: &Event) {
        match event {
            Event::DayOpened { date, first_ticket, appointments } => self.open_day(*date, *first_ticket, appointments),
            Event::DayClosed { .. } => self.close_day(at_ms),
            Event::TicketingChanged { open } => self.ticketing_open = *open,
            Event::Learnt(lesson) => {
                let rules = Arc::clone(&self.rules);
                self.outlook.learn(&rules, lesson);
            }
            Event::AppointmentBooked(booking) => {
                let code = booking.code.clone();
                Arc::make_mut(&mut self.book).insert(code, Appointment::new(booking.clone()));
            }
            Event::AppointmentCancelled { code } => {
                if let Some(appointment) = Arc::make_mut(&mut self.book).get_mut(code) {
                    appointment.cancelled = true;
                }
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
                    ticket.diverted = because.rule == Rule::Diversion;
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
                if self.ticket(*ticket).is_some_and(|ticket| ticket.diverted) {
                    self.outlook.undoes_a_diversion();
                }
                self.leave(*ticket, at_ms, StepKind::Returned, *counter, |ticket| {
                    ticket.state = TicketState::Waiting;
                    // What is undone has not started: the customer goes on waiting.
                    ticket.diverted = false;
                    ticket.started_at_ms = ticket.started_before_this_call();
                });
            }
            Event::TicketCancelled { ticket, .. } => {
                let at_counter = self.counters.values().any(|counter| counter.ticket == Some(*ticket));
                let visit = if at_counter { self.visit(*ticket, at_ms, true) } else { None };
                for counter in self.counters.values_mut().filter(|counter| counter.ticket == Some(*ticket)) {
                    counter.ticket = None;
                }
                self.change(*ticket, at_ms, StepKind::Cancelled, None, |ticket| {
                    ticket.visits.extend(visit);
                    ticket.state = TicketState::Cancelled;
                });
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

    fn open_day(&mut self, date: Date, first_ticket: TicketId, appointments: &[Booking]) {
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
        self.issues.clear();
        let kept = appointments.iter().map(|booking| (booking.code.clone(), Appointment::new(booking.clone())));
        self.book = Arc::new(kept.collect());
        self.turns_taken.fill(0);
        // What was learnt comes again with each day: a journal that is read from here on leads to the same calls.
        self.outlook = Outlook::presumed(&self.floor);
        // Not only closed: counters that the configuration lost during the old day are gone now.
        self.counters = all_closed(&self.rules);
        self.count_open();
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
        self.count_open();
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
            customer: issued.customer.clone(),
            kiosk: issued.kiosk.clone(),
            identity: issued.identity.clone(),
            only_counter: None,
            diverted: false,
            note: None,
            last_call_ms: None,
            recalls: 0,
            started_at_ms: None,
            counter: None,
            teller: None,
            score: None,
            visits: vec![],
            history: vec![Step { at_ms, what: StepKind::Issued, counter: None }],
        };
        *self.numbers.entry(issued.prefix.clone()).or_default() += 1;
        self.services.entry(issued.service.clone()).or_default().issued += 1;
        self.issues.entry(issued.service.clone()).or_default().push(at_ms);
        if let Some(code) = &issued.appointment
            && let Some(appointment) = Arc::make_mut(&mut self.book).get_mut(code)
        {
            appointment.ticket = Some(issued.ticket);
        }
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
        let visit = if what == StepKind::Returned { None } else { self.visit(id, at_ms, what != StepKind::NoShow) };
        self.change(id, at_ms, what, Some(counter), |ticket| {
            ticket.visits.extend(visit);
            edit(ticket);
        });
        if let Some(counter) = self.counters.get_mut(&counter).filter(|counter| counter.ticket == Some(id)) {
            counter.ticket = None;
        }
    }

    /// The ticket's visit to a counter that ends now, which routing learns from.
    fn visit(&mut self, id: TicketId, at_ms: i64, came: bool) -> Option<Visit> {
        let ticket = self.ticket(id)?;
        let took_ms = ticket.visit_ms(at_ms)?;
        let visit = Visit { service: ticket.service.clone(), teller: ticket.teller.clone(), took_ms, came };
        let (_, service) = self.indices(ticket);
        self.outlook.ends(service, took_ms);
        Some(visit)
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

    fn occupy(&mut self, counter: CounterNumber, ticket: TicketId) {
        if self.ticket(ticket).is_some() {
            self.counters.entry(counter).or_insert_with(|| closed(counter)).ticket = Some(ticket);
        }
    }

    fn count_open(&mut self) {
        let is_open = |counter: &&Counter| matches!(counter.state, CounterState::Open { .. });
        let is_dedicated = |counter: &Counter| {
            let post = self.floor.post(counter.number);
            post.is_some_and(|post| self.floor.is_dedicated(post))
        };
        let open = self.counters.values().filter(is_open).count();
        let dedicated = self.counters.values().filter(is_open).filter(|counter| is_dedicated(counter)).count();
        self.outlook.set_open(dedicated, open - dedicated);
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
