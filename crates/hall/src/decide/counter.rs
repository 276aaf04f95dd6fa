//! What tellers ask.

use std::iter;

use super::ticket::wrong_state;
use crate::command::{CounterAct, Destination};
use crate::counter::CounterState;
use crate::event::Event;
use crate::ids::{CounterNumber, TellerId, TicketId};
use crate::refusal::Refusal;
use crate::routing::{self, Because, Favour, Rule};
use crate::state::Hall;
use crate::ticket::{Ticket, TicketState};
use crate::time::At;

impl Hall {
    pub(super) fn decide_sign_in(&self, counter: CounterNumber, teller: &TellerId) -> Result<Vec<Event>, Refusal> {
        self.day().ok_or(Refusal::DayNotOpen)?;
        self.rules().counter(counter).ok_or(Refusal::UnknownCounter(counter))?;
        if !self.rules().tellers.iter().any(|known| known.id == *teller) {
            return Err(Refusal::UnknownTeller(teller.clone()));
        }
        let present = self.counter(counter).and_then(|counter| counter.state.teller());
        match (present, self.teller_at(teller)) {
            // Signing in twice is what a teller does after a restart; it changes nothing.
            (Some(present), _) if present == teller => Ok(vec![]),
            (Some(present), _) => Err(Refusal::CounterTaken { counter, teller: present.clone() }),
            // Signed in at a counter that the configuration has lost since: nobody can sign out at a window that is gone.
            (None, Some(gone)) if self.is_gone_and_free(gone) => Ok(vec![
                Event::CounterClosed { counter: gone, teller: teller.clone() },
                Event::CounterOpened { counter, teller: teller.clone() },
            ]),
            (None, Some(elsewhere)) => Err(Refusal::TellerElsewhere { teller: teller.clone(), counter: elsewhere }),
            (None, None) => Ok(vec![Event::CounterOpened { counter, teller: teller.clone() }]),
        }
    }

    pub(super) fn decide_at_counter(
        &self,
        at: At,
        number: CounterNumber,
        act: &CounterAct,
    ) -> Result<Vec<Event>, Refusal> {
        self.day().ok_or(Refusal::DayNotOpen)?;
        let desk = self.desk(number)?;
        match act {
            CounterAct::SignOut => {
                desk.must_be_free()?;
                let closed = Event::CounterClosed { counter: number, teller: desk.teller.clone() };
                // Who was sent here or came back would wait for a counter that may stay empty.
                let bound = self.sent().filter(|ticket| ticket.only_counter == Some(number));
                let freed = bound.map(|ticket| Event::TicketRejoined { ticket: ticket.id, only_counter: None });
                Ok(iter::once(closed).chain(freed).collect())
            }
            CounterAct::Pause { reason } => {
                desk.must_be_ready()?;
                desk.must_be_free()?;
                Ok(vec![Event::CounterPaused { counter: number, reason: reason.clone() }])
            }
            CounterAct::Resume => {
                if !desk.paused {
                    return Err(Refusal::CounterNotPaused(number));
                }
                Ok(vec![Event::CounterResumed { counter: number }])
            }
            CounterAct::CallNext => self.decide_call_next(at, &desk),
            CounterAct::Call { ticket } => self.decide_call(at, &desk, *ticket),
            CounterAct::Recall => {
                let ticket = desk.ticket_in(&[TicketState::Called])?;
                let recalls = ticket.recalls.saturating_add(1);
                Ok(vec![Event::TicketRecalled { ticket: ticket.id, counter: number, recalls }])
            }
            CounterAct::NoShow => {
                let ticket = desk.ticket_in(&[TicketState::Called])?;
                Ok(vec![Event::TicketNoShow { ticket: ticket.id, counter: number }])
            }
            CounterAct::Start => {
                let ticket = desk.ticket_in(&[TicketState::Called])?;
                Ok(vec![Event::ServiceStarted { ticket: ticket.id, counter: number, started_at_ms: at.utc_ms }])
            }
            CounterAct::Complete { outcome } => {
                let ticket = desk.ticket_in(&AT_COUNTER)?;
                Ok(self.complete(at, number, ticket, outcome.clone()))
            }
            CounterAct::Hold { reason, kind } => {
                let ticket = desk.ticket_in(&AT_COUNTER)?;
                let held =
                    Event::TicketHeld { ticket: ticket.id, counter: number, reason: reason.clone(), kind: *kind };
                Ok(vec![held])
            }
            CounterAct::Transfer { to, keep_place, note } => {
                let ticket = desk.ticket_in(&AT_COUNTER)?;
                self.can_go_to(ticket, to)?;
                Ok(vec![Event::TicketTransferred {
                    ticket: ticket.id,
                    counter: number,
                    to: to.clone(),
                    note: note.clone(),
                    order_ms: (!keep_place).then(|| self.place_of_newcomer_ms(at) - self.head_start_ms(ticket.care)),
                }])
            }
            CounterAct::Return => {
                let ticket = desk.ticket_in(&AT_COUNTER)?;
                Ok(vec![Event::TicketReturned { ticket: ticket.id, counter: number }])
            }
        }
    }

    fn decide_call_next(&self, at: At, desk: &Desk) -> Result<Vec<Event>, Refusal> {
        desk.must_be_ready()?;
        let mut events = match desk.ticket {
            Some(ticket) => self.complete(at, desk.number, ticket, None),
            None => vec![],
        };
        let post = self.floor().post(desk.number);
        let lines = self.lines_after(desk.ticket, at.utc_ms);
        let pick = post.and_then(|post| routing::pick(self.floor(), &lines, post, at.utc_ms));
        match pick.and_then(|pick| Some((self.ticket(pick.who.ticket)?, pick))) {
            Some((ticket, pick)) => {
                // A colleague's wish is the reason that the teller should read, whichever rule it passed.
                let rule = match self.sent_to(ticket) {
                    Some(only) if ticket.came_back_to(only) => Rule::CameBack,
                    Some(_) => Rule::Transferred,
                    None => pick.rule,
                };
                events.push(called(at, desk, ticket, rule, pick.saves_milli));
            }
            // The customer who is done is done, also when nobody follows.
            None if events.is_empty() => return Err(Refusal::NobodyWaits(desk.number)),
            None => {}
        }
        Ok(events)
    }

    fn decide_call(&self, at: At, desk: &Desk, id: TicketId) -> Result<Vec<Event>, Refusal> {
        desk.must_be_ready()?;
        desk.must_be_free()?;
        let ticket = self.known(id)?;
        match ticket.state {
            // A no-show who came after all is called again like a held ticket.
            TicketState::Waiting | TicketState::Held | TicketState::NoShow => {}
            TicketState::Called | TicketState::Serving | TicketState::Completed | TicketState::Cancelled => {
                return Err(wrong_state(ticket));
            }
        }
        let able = self.rules().counter(desk.number).is_some_and(|rule| rule.services.contains(&ticket.service));
        if !able && ticket.only_counter != Some(desk.number) {
            return Err(Refusal::NotServedHere { counter: desk.number, service: ticket.service.clone() });
        }
        Ok(vec![called(at, desk, ticket, Rule::ByHand, None)])
    }

    /// Ends a ticket's time at a counter. Service that nobody marked as started began when the customer can first have
    /// sat down: the walking time after the last call, or now if that is earlier.
    fn complete(&self, at: At, counter: CounterNumber, ticket: &Ticket, outcome: Option<String>) -> Vec<Event> {
        let started = (ticket.state == TicketState::Called).then(|| {
            let walk_ms = i64::from(self.rules().routing.walk_s) * 1000;
            let seated_ms = ticket.last_call_ms.unwrap_or(at.utc_ms) + walk_ms;
            Event::ServiceStarted { ticket: ticket.id, counter, started_at_ms: seated_ms.min(at.utc_ms) }
        });
        started.into_iter().chain([Event::TicketCompleted { ticket: ticket.id, counter, outcome }]).collect()
    }

    fn can_go_to(&self, ticket: &Ticket, to: &Destination) -> Result<(), Refusal> {
        match to {
            Destination::Service(service) => {
                let (_, known) =
                    self.rules().service(service).ok_or_else(|| Refusal::UnknownService(service.clone()))?;
                let (_, tier) =
                    self.rules().tier(&ticket.tier).ok_or_else(|| Refusal::UnknownTier(ticket.tier.clone()))?;
                self.somebody_serves(&known.id, tier)
            }
            Destination::Counter(number) => {
                let rule = self.rules().counter(*number).ok_or(Refusal::UnknownCounter(*number))?;
                // Its kind does not bar it: the norm lets a person make the exception, and the event says who did.
                if !rule.services.contains(&ticket.service) {
                    return Err(Refusal::NotServedHere { counter: *number, service: ticket.service.clone() });
                }
                // Nobody may ever come to an empty counter. One that is paused calls again.
                if self.is_staffed(*number) { Ok(()) } else { Err(Refusal::CounterClosed(*number)) }
            }
        }
    }

    /// Whether a teller is signed in there, paused or not.
    pub(super) fn is_staffed(&self, number: CounterNumber) -> bool {
        self.counter(number).is_some_and(|counter| counter.state.teller().is_some())
    }

    fn is_gone_and_free(&self, number: CounterNumber) -> bool {
        let free = self.counter(number).is_none_or(|counter| counter.ticket.is_none());
        free && self.rules().counter(number).is_none()
    }

    fn desk(&self, number: CounterNumber) -> Result<Desk<'_>, Refusal> {
        let counter = self.counter(number).ok_or(Refusal::UnknownCounter(number))?;
        let (teller, paused) = match &counter.state {
            CounterState::Closed => return Err(Refusal::CounterClosed(number)),
            CounterState::Open { teller } => (teller, false),
            CounterState::Paused { teller, .. } => (teller, true),
        };
        Ok(Desk { number, teller, paused, ticket: counter.ticket.and_then(|id| self.ticket(id)) })
    }
}

const AT_COUNTER: [TicketState; 2] = [TicketState::Called, TicketState::Serving];

/// A staffed counter.
struct Desk<'a> {
    number: CounterNumber,
    teller: &'a TellerId,
    paused: bool,
    ticket: Option<&'a Ticket>,
}

impl Desk<'_> {
    fn must_be_ready(&self) -> Result<(), Refusal> {
        if self.paused { Err(Refusal::CounterPaused(self.number)) } else { Ok(()) }
    }

    fn must_be_free(&self) -> Result<(), Refusal> {
        match self.ticket {
            Some(ticket) => Err(Refusal::CounterBusy { counter: self.number, number: ticket.number.clone() }),
            None => Ok(()),
        }
    }

    fn ticket_in(&self, states: &[TicketState]) -> Result<&Ticket, Refusal> {
        let ticket = self.ticket.ok_or(Refusal::NoTicketHere(self.number))?;
        if states.contains(&ticket.state) { Ok(ticket) } else { Err(wrong_state(ticket)) }
    }
}

fn called(at: At, desk: &Desk, ticket: &Ticket, rule: Rule, saves_milli: Option<u32>) -> Event {
    Event::TicketCalled {
        ticket: ticket.id,
        counter: desk.number,
        teller: desk.teller.clone(),
        because: Because {
            rule,
            tier: ticket.tier.clone(),
            slack_ms: ticket.slack_ms(at.utc_ms),
            saves_milli,
            favour: favour(ticket),
        },
    }
}

fn favour(ticket: &Ticket) -> Option<Favour> {
    let favour = if ticket.care.is_some() { Favour::Care } else { Favour::Appointment };
    (ticket.order_ms < ticket.identified_at_ms).then_some(favour)
}
