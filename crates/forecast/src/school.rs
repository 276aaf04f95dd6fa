//! Learning from the hall's own journal: day by day, as if each were today, its forecasts are made again from what was known
//! then and compared with what really happened. Nothing learnt is stored: the journal has it all.

use std::collections::HashMap;
use std::sync::Arc;

use hall::ticket::StepKind;
use hall::{Event, Hall, Rules, Ticket, TicketId};

use crate::calibrate::Calibration;
use crate::day::Staffed;
use crate::estimate::{self, Waits};
use crate::forward::Present;
use crate::learn::{Arrival, Learnt, Observed, Presence, Served};

/// What a hall has learnt, and how far its forecasts were off.
#[derive(Clone, Debug)]
pub struct School {
    rules: Arc<Rules>,
    /// How the hall is.
    pub learnt: Learnt,
    /// What its forecasts are worth.
    pub calibration: Calibration,
}

/// Futures of a forecast that is only made to be judged.
const FUTURES: usize = 40;

impl School {
    /// Before the first day.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { learnt: Learnt::nothing_yet(&rules), calibration: Calibration::new(rules.tiers.len()), rules }
    }

    /// Learns from the events of one whole day (with their times, UTC ms), in a hall whose clock is `offset_ms` ahead of UTC.
    pub fn attend(&mut self, events: &[(i64, Event)], offset_ms: i64) {
        let mut hall = Hall::new(Arc::clone(&self.rules));
        self.learnt.settle(hall.floor());
        let mut stretches = Stretches::new(&hall, events.first().map_or(0, |(at_ms, _)| *at_ms));
        let mut told: HashMap<TicketId, (i64, Waits)> = HashMap::new();
        for (at_ms, event) in events {
            if let Event::TicketIssued(issued) = event {
                let kind = (self.rules.tier(&issued.tier), self.rules.service(&issued.service));
                if let (Some((tier, _)), Some((service, _))) = kind {
                    let present = Present::of(&hall, &self.learnt, *at_ms, offset_ms);
                    let waits = estimate::newcomer(&self.learnt, &present, tier, service, FUTURES, issued.ticket.0);
                    told.insert(issued.ticket, (*at_ms, waits));
                }
            }
            if let Event::TicketCalled { ticket, .. } = event
                && let Some((told_ms, waits)) = told.remove(ticket)
                && let Some(one) = hall.ticket(*ticket)
            {
                let (tier, _) = hall.indices(one);
                let chance = fastrand::Rng::with_seed(ticket.0).f64();
                let place = waits.place_of((at_ms - told_ms) as f64 / 1000.0, chance);
                self.calibration.learn(tier, waits.quantile(0.5), place);
            }
            hall.apply(*at_ms, event);
            stretches.look(&hall, *at_ms);
        }
        let second = |at_ms: i64| second_of_day(at_ms, offset_ms);
        let arrivals = hall.tickets().map(|ticket| {
            let (tier, service) = hall.indices(ticket);
            Arrival { at_s: second(ticket.identified_at_ms), tier, service }
        });
        let observed = Observed {
            arrivals: arrivals.filter(|arrival| arrival.service < self.rules.services.len()).collect(),
            served: served_in(&hall).map(|(_, served)| served).collect(),
            presences: stretches.end(offset_ms),
        };
        self.learnt.learn(&observed);
        self.calibration.age();
    }
}

/// What counters have done in a hall so far: each call that is over, with its ticket and which of its calls it was.
pub fn served_in(hall: &Hall) -> impl Iterator<Item = ((TicketId, usize), Served)> {
    hall.tickets().flat_map(|ticket| visits(hall, ticket).enumerate().map(|(nth, served)| ((ticket.id, nth), served)))
}

fn visits<'h>(hall: &'h Hall, ticket: &'h Ticket) -> impl Iterator<Item = Served> + 'h {
    let (_, service) = hall.indices(ticket);
    let mut called_ms = None;
    ticket.history.iter().filter_map(move |step| match step.what {
        StepKind::Called => {
            called_ms = Some(step.at_ms);
            None
        }
        StepKind::Returned => {
            called_ms = None;
            None
        }
        StepKind::Completed | StepKind::NoShow | StepKind::Held | StepKind::Transferred => {
            let seconds = u32::try_from((step.at_ms - called_ms.take()?) / 1000).unwrap_or(0);
            let came = step.what != StepKind::NoShow;
            (service < hall.floor().services).then(|| Served { service, teller: ticket.teller.clone(), seconds, came })
        }
        StepKind::Issued
        | StepKind::Recalled
        | StepKind::Started
        | StepKind::Cancelled
        | StepKind::Rated
        | StepKind::Prioritised
        | StepKind::Reprinted
        | StepKind::Rejoined => None,
    })
}

/// How counters were staffed, stretch by stretch.
struct Stretches {
    now: Vec<(Staffed, i64)>,
    over: Vec<(usize, Staffed, i64, i64)>,
    last_ms: i64,
}

impl Stretches {
    fn new(hall: &Hall, from_ms: i64) -> Self {
        Self { now: vec![(Staffed::Closed, from_ms); hall.floor().posts.len()], over: vec![], last_ms: from_ms }
    }

    fn look(&mut self, hall: &Hall, at_ms: i64) {
        self.last_ms = at_ms;
        for (post, at) in hall.floor().posts.iter().enumerate() {
            let Some(counter) = hall.counter(at.number) else { continue };
            let staffed = Staffed::of(&counter.state);
            let (before, since_ms) = self.now[post];
            if staffed != before {
                self.over.push((post, before, since_ms, at_ms));
                self.now[post] = (staffed, at_ms);
            }
        }
    }

    fn end(self, offset_ms: i64) -> Vec<Presence> {
        let second = |at_ms: i64| second_of_day(at_ms, offset_ms);
        let over = self.over.iter().map(|(post, state, from_ms, to_ms)| Presence {
            post: *post,
            state: *state,
            from_s: second(*from_ms),
            to_s: second(*to_ms),
            changed: true,
        });
        let last = self.now.iter().enumerate().map(|(post, (state, from_ms))| Presence {
            post,
            state: *state,
            from_s: second(*from_ms),
            to_s: second(self.last_ms),
            changed: false,
        });
        // What goes over midnight is not learnt from.
        let mut all: Vec<Presence> = over.chain(last).filter(|stretch| stretch.from_s < stretch.to_s).collect();
        all.sort_by_key(|stretch| stretch.from_s);
        all
    }
}

fn second_of_day(at_ms: i64, offset_ms: i64) -> u32 {
    u32::try_from(((at_ms + offset_ms) / 1000).rem_euclid(86_400)).unwrap_or(0)
}
