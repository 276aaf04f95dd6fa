//! Learning from the hall's own journal: day by day, as if each were today, its forecasts are made again from what was known
//! then and compared with what really happened. What is learnt has no file of its own: the journal has it all.

use std::collections::HashMap;
use std::sync::Arc;

use hall::{Event, Hall, Rules, TicketId};

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
pub(crate) const FUTURES: usize = 40;

impl School {
    /// Before the first day.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { learnt: Learnt::nothing_yet(&rules), calibration: Calibration::new(rules.tiers.len()), rules }
    }

    /// Learns from the events of one whole day (with their times, UTC ms), in a hall whose clock is `offset_ms` ahead of UTC.
    pub fn attend(&mut self, events: &[(i64, Event)], offset_ms: i64) {
        let mut hall = Hall::new(Arc::clone(&self.rules));
        self.learnt.settle();
        let mut stretches = Stretches::new(&hall, events.first().map_or(0, |(at_ms, _)| *at_ms));
        let mut told: HashMap<TicketId, (i64, Waits)> = HashMap::new();
        let mut arrivals = vec![];
        for (at_ms, event) in events {
            if let Event::TicketIssued(issued) = event {
                let kind = (self.rules.tier(&issued.tier), self.rules.service(&issued.service));
                if let (Some((tier, _)), Some((service, _))) = kind {
                    let present = Present::of(&hall, &self.learnt, *at_ms, offset_ms);
                    let waits = estimate::newcomer(&self.learnt, &present, tier, service, FUTURES, issued.ticket.0, 1);
                    told.insert(issued.ticket, (*at_ms, waits));
                    arrivals.push(Arrival { at_s: second_of_day(issued.identified_at_ms, offset_ms), tier, service });
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
        let observed = Observed {
            arrivals,
            served: served_in(&hall).map(|(_, served)| served).collect(),
            presences: stretches.end(offset_ms),
        };
        self.learnt.learn(&observed);
        self.calibration.age();
    }
}

/// What counters have done in a hall so far: each visit that is over, with its ticket and which of its visits it was.
pub fn served_in(hall: &Hall) -> impl Iterator<Item = ((TicketId, usize), Served)> {
    hall.tickets()
        .flat_map(|ticket| ticket.visits.iter().enumerate().map(|(nth, visit)| (ticket.id, nth, visit)))
        .filter_map(|(id, nth, visit)| {
            let (service, _) = hall.rules().service(&visit.service)?;
            let seconds = u32::try_from(visit.took_ms / 1000).unwrap_or(u32::MAX);
            Some(((id, nth), Served { service, teller: visit.teller.clone(), seconds, came: visit.came }))
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
