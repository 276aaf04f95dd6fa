//! The published state as the wire tells it.

use hall::routing::{self, Rule};
use hall::rules::{CounterKind, Service};
use hall::ticket::Step;
use hall::{At, CounterNumber, CounterState, Hall, Language, Ticket, TicketState};
use wire::event::timestamp;
use wire::{
    Appointment, CounterStatus, CounterView, HallSnapshot, HistoryStep, Issued, LocalNames, Notice, PublicTicket,
    ServiceOffer, ServiceView, TicketView, TierOffer, TierView, Wait,
};

use crate::alarms;
use crate::foreseen::Foreseen;
use crate::options::Premises;
use crate::published::State;

/// How much of a ticket the one who asks may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Numbers and states.
    Public,
    /// The masked identity and notes too.
    Staff,
}

/// A ticket at `now_ms`, without its history.
pub(crate) fn ticket(hall: &Hall, ticket: &Ticket, now_ms: i64, sight: Sight) -> TicketView {
    let ahead = hall.ahead_of(ticket.id).map_or(0, |ahead| ahead.total());
    ticket_with(hall, ticket, ahead, now_ms, sight)
}

fn ticket_with(hall: &Hall, ticket: &Ticket, ahead: usize, now_ms: i64, sight: Sight) -> TicketView {
    let staff = sight == Sight::Staff;
    let no_show_after_ms = i64::from(hall.rules().routing.no_show_after_s) * 1000;
    let called = ticket.last_call_ms.filter(|_| ticket.state == TicketState::Called);
    TicketView {
        id: ticket.id,
        number: ticket.number.to_string(),
        tier: ticket.tier.to_string(),
        service: ticket.service.to_string(),
        state: ticket.state,
        issued_at: timestamp(ticket.issued_at_ms),
        deadline_at: timestamp(ticket.deadline_at_ms),
        ahead,
        waited_s: ticket.waited_ms(now_ms) / 1000,
        counter: ticket.counter.map(|counter| counter.0),
        only_counter: ticket.only_counter.map(|counter| counter.0),
        recalls: ticket.recalls,
        called_at: ticket.last_call_ms.map(timestamp),
        no_show_from: called.map(|at| timestamp(at + no_show_after_ms)),
        started_at: ticket.started_at_ms.map(timestamp),
        care: ticket.care,
        booked_at: ticket.booked_ms.map(timestamp),
        language: ticket.language.clone(),
        kiosk: ticket.kiosk.clone(),
        identity: ticket.identity.as_ref().filter(|_| staff).map(|identity| identity.masked.clone()),
        note: ticket.note.clone().filter(|_| staff),
        score: ticket.score,
        url: None,
        print: None,
        history: vec![],
    }
}

/// A ticket and its wait, as `POST /tickets` and `GET /tickets/{id}` tell it.
pub(crate) fn issued(hall: &Hall, foreseen: &Foreseen, one: &Ticket, now_ms: i64, sight: Sight) -> Issued {
    let ahead = hall.ahead_of(one.id).map(|ahead| ahead.total());
    let wait = ahead.map_or(NO_WAIT, |ahead| foreseen.wait_of(hall, one, ahead, now_ms));
    Issued { ticket: ticket_with(hall, one, ahead.unwrap_or(0), now_ms, sight), wait }
}

const NO_WAIT: Wait = Wait { likely_s: 0, low_s: 0, high_s: 0, samples: 0 };

pub(crate) fn history(ticket: &Ticket) -> Vec<HistoryStep> {
    let step = |step: &Step| HistoryStep {
        at: timestamp(step.at_ms),
        what: step.what,
        counter: step.counter.map(|counter| counter.0),
    };
    ticket.history.iter().map(step).collect()
}

/// What a stranger with the QR may know.
pub(crate) fn public(hall: &Hall, ticket: &Ticket) -> PublicTicket {
    PublicTicket { state: ticket.state, ahead: hall.ahead_of(ticket.id).map_or(0, |ahead| ahead.total()) }
}

/// An appointment at `now_ms`.
pub(crate) fn appointment(hall: &Hall, one: &hall::Appointment, now_ms: i64) -> Appointment {
    let booking = &one.booking;
    Appointment {
        code: booking.code.to_string(),
        service: booking.service.to_string(),
        at: timestamp(booking.at_ms),
        standing: hall.standing(one, now_ms).into(),
        opens_at: timestamp(hall.checks_in_from_ms(booking)),
        closes_at: timestamp(hall.counts_until_ms(booking)),
    }
}

/// What kiosks may offer at this moment.
pub(crate) fn services(state: &State, at: At, language: Language) -> Vec<ServiceOffer> {
    let hall = &state.world.hall;
    let rules = hall.rules();
    let lowest = rules.tiers.len().saturating_sub(1);
    let tier = rules.lowest_tier();
    let offer = |(index, service): (usize, &Service)| {
        let refusal = hall.offers(at, service).err();
        ServiceOffer {
            id: service.id.to_string(),
            names: (&service.names).into(),
            prefix: service
                .prefix
                .as_ref()
                .or(tier.map(|tier| &tier.prefix))
                .map(ToString::to_string)
                .unwrap_or_default(),
            open: refusal.is_none(),
            closed_short: refusal.as_ref().map(|refusal| refusal.in_short(rules, language)),
            closed_because: refusal.map(|refusal| refusal.text(rules, language)),
            quota_left: hall.quota_left(at, service),
            waiting: (0..rules.tiers.len()).map(|tier| hall.queue().count(tier, index)).sum(),
            ahead: hall.ahead_of_newcomer(lowest, index).total(),
            wait: newcomer(state, lowest, index, at.utc_ms),
            tiers: (0..lowest)
                .map(|above| TierOffer {
                    tier: rules.tiers[above].id.to_string(),
                    ahead: hall.ahead_of_newcomer(above, index).total(),
                    wait: newcomer(state, above, index, at.utc_ms),
                })
                .collect(),
            unstaffed: !tier.is_some_and(|tier| hall.has_window_for(&service.id, &tier.id)),
            documents: service.documents.clone(),
            self_service: service.self_service.as_ref().map(LocalNames::from),
            area: tier.and_then(|tier| tier.area.as_ref()).map(LocalNames::from),
        }
    };
    rules.services.iter().enumerate().map(offer).collect()
}

/// The whole hall at this moment.
pub(crate) fn snapshot(state: &State, premises: &Premises, at: At, speed: f64, sight: Sight) -> HallSnapshot {
    let hall = &state.world.hall;
    let rules = hall.rules();
    let now_ms = at.utc_ms;
    let lowest = rules.tiers.len().saturating_sub(1);
    let tickets = |wanted: TicketState| {
        hall.tickets().filter(move |one| one.state == wanted).map(|one| ticket(hall, one, now_ms, sight)).collect()
    };
    HallSnapshot {
        epoch: state.epoch.clone(),
        seq: state.seq,
        now: timestamp(now_ms),
        name: (&rules.names).into(),
        time_zone: premises.zone_name().to_owned(),
        day: hall.day().map(|day| day.to_string()),
        ticketing_open: hall.ticketing_open(),
        speed,
        tiers: rules
            .tiers
            .iter()
            .enumerate()
            .map(|(index, tier)| TierView {
                id: tier.id.to_string(),
                names: (&tier.names).into(),
                limit_s: tier.limit_s,
                waiting: (0..rules.services.len()).map(|service| hall.queue().count(index, service)).sum(),
            })
            .collect(),
        services: rules
            .services
            .iter()
            .enumerate()
            .map(|(index, service)| ServiceView {
                id: service.id.to_string(),
                names: (&service.names).into(),
                waiting: (0..rules.tiers.len()).map(|tier| hall.queue().count(tier, index)).sum(),
                wait: newcomer(state, lowest, index, now_ms),
            })
            .collect(),
        counters: counters(hall, now_ms, sight),
        waiting: waiting(hall, now_ms, sight),
        held: tickets(TicketState::Held),
        recent: state
            .world
            .recent()
            .map(|call| Notice {
                ticket: call.ticket,
                number: call.number.clone(),
                counter: call.counter.0,
                at: timestamp(call.at_ms),
            })
            .collect(),
        devices: state.devices.values().cloned().collect(),
        alarms: alarms::all(state, premises, now_ms, sight),
    }
}

fn newcomer(state: &State, tier: usize, service: usize, now_ms: i64) -> Wait {
    let ahead = state.world.hall.ahead_of_newcomer(tier, service).total();
    state.foreseen.newcomer(tier, service, ahead, now_ms)
}

fn waiting(hall: &Hall, now_ms: i64, sight: Sight) -> Vec<TicketView> {
    let view = |(one, ahead): (&Ticket, usize)| ticket_with(hall, one, ahead, now_ms, sight);
    hall.everybody_with_ahead().into_iter().map(view).collect()
}

fn counters(hall: &Hall, now_ms: i64, sight: Sight) -> Vec<CounterView> {
    hall.rules().counters.iter().filter_map(|rule| counter(hall, rule.number, now_ms, sight)).collect()
}

/// A counter at `now_ms`; `None` when the hall has no such one.
pub(crate) fn counter(hall: &Hall, number: CounterNumber, now_ms: i64, sight: Sight) -> Option<CounterView> {
    let rule = hall.rules().counter(number)?;
    let counter = hall.counter(number)?;
    let (state, reason) = match &counter.state {
        CounterState::Closed => (CounterStatus::Closed, None),
        CounterState::Open { .. } => (CounterStatus::Open, None),
        CounterState::Paused { reason, .. } => (CounterStatus::Paused, Some(reason.clone())),
    };
    let teller = counter.state.teller().filter(|_| sight == Sight::Staff);
    let own = counter.ticket.and_then(|id| hall.ticket(id));
    let waiting = hall.queue().iter().filter_map(|place| hall.ticket(place.ticket));
    Some(CounterView {
        number: number.0,
        names: (&rule.names).into(),
        kind: match &rule.kind {
            CounterKind::General => "general".to_owned(),
            CounterKind::Dedicated(tier) => tier.to_string(),
        },
        services: rule.services.iter().map(ToString::to_string).collect(),
        state,
        teller: teller.map(ToString::to_string),
        reason,
        ticket: own.map(|own| ticket(hall, own, now_ms, sight)),
        waiting: waiting.filter(|one| hall.may_call(number, one)).count(),
        diverts: diverts(hall, number, now_ms),
    })
}

fn diverts(hall: &Hall, number: CounterNumber, now_ms: i64) -> Option<String> {
    let counter = hall.counter(number)?;
    let free = matches!(counter.state, CounterState::Open { .. }) && counter.ticket.is_none();
    let post = hall.floor().post(number).filter(|post| free && hall.floor().is_dedicated(*post))?;
    let pick = routing::pick(hall.floor(), hall, post, now_ms).filter(|pick| pick.rule == Rule::Diversion)?;
    Some(hall.ticket(pick.who.ticket)?.number.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::published::Published;
    use crate::testing::{At10, TEN};
    use crate::world::World;

    #[test]
    fn a_kiosk_is_told_for_every_tier_how_many_would_be_ahead() {
        let mut lived = At10::new();
        lived.opens(2);
        (0..30).for_each(|_| lived.takes("ordinary"));
        (0..2).for_each(|_| lived.takes("vip"));
        let world = World::new(Arc::new(lived.hall.rules().clone()));
        let published = Published::new("epoch".to_owned(), world, &[], TEN);
        let numbered: Vec<_> = (1..).zip(&lived.events).map(|(seq, (at, event))| (seq, *at, event.clone())).collect();
        published.replay(&numbered);
        let at = At { utc_ms: lived.now_ms, offset_s: 28_800 };
        let offers = services(&published.read(), at, Language::Zh);
        let above: Vec<_> = offers[0].tiers.iter().map(|tier| (tier.tier.as_str(), tier.ahead)).collect();
        assert_eq!(above, [("vip", 2), ("gotone", 2)]);
        assert_eq!(offers[0].ahead, 32);
    }
}
