//! How long it takes: the wait a customer is told, as a likely value and an 80 % range.
//!
//! The estimator of this step is the classical one, queue length × mean service time over the counters that are open for
//! the customer, with service times learnt from the day and shrunk towards the configured ones while the day is young.

pub mod advice;
pub mod alarm;
pub mod calibrate;
pub mod call_log;
pub mod classical;
pub mod day;
pub mod estimate;
pub mod evaluate;
pub mod forward;
pub mod generate;
pub mod learn;
pub mod matched;
pub mod present;
pub mod prospect;
pub mod recorded;
pub mod replay;
pub mod score;
pub mod sim;
pub mod vigil;

use hall::{Ahead, Counter, CounterState, Hall, Ticket, TicketId, TicketState};

/// A wait from now to the start of service, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The likely wait.
    pub likely_s: u32,
    /// One in ten waits is shorter.
    pub low_s: u32,
    /// One in ten waits is longer.
    pub high_s: u32,
    /// Services measured today that the estimate rests on.
    pub samples: u32,
}

/// The wait of somebody of this tier and service (indices in the rules) who would take a number now.
pub fn newcomer(hall: &Hall, tier: usize, service: usize, now_ms: i64) -> Estimate {
    estimate(hall, tier, service, &hall.ahead_of_newcomer(tier, service), now_ms)
}

/// The remaining wait of a waiting ticket; `None` when it is not waiting.
pub fn waiting(hall: &Hall, ticket: TicketId, now_ms: i64) -> Option<Estimate> {
    let ahead = hall.ahead_of(ticket)?;
    behind(hall, hall.ticket(ticket)?, &ahead, now_ms)
}

/// The remaining wait of a ticket behind these people; `None` when its tier or service is not configured any more.
pub fn behind(hall: &Hall, ticket: &Ticket, ahead: &Ahead, now_ms: i64) -> Option<Estimate> {
    let (tier, _) = hall.rules().tier(&ticket.tier)?;
    let (service, _) = hall.rules().service(&ticket.service)?;
    Some(estimate(hall, tier, service, ahead, now_ms))
}

/// How many measured services the configured service time counts for.
const PRIOR_WEIGHT: f64 = 5.0;
/// Standard deviation of a service time over its mean, before anything is measured.
const PRIOR_VARIATION: f64 = 0.8;
/// The 90 % quantile of the standard normal distribution.
const Z_90: f64 = 1.2816;

fn estimate(hall: &Hall, tier: usize, service: usize, ahead: &Ahead, now_ms: i64) -> Estimate {
    let desks = Desks::for_customer(hall, tier, service);

    let mut work_s = 0.0;
    let mut variance = 0.0;
    for (index, count) in ahead.by_service.iter().enumerate().filter(|(_, count)| **count > 0) {
        let time = ServiceTime::of(hall, index);
        work_s += time.mean_s * *count as f64;
        variance += time.variance * *count as f64;
    }
    // Where a counter is free, the first in the queue starts at once; else everybody waits for one more to finish.
    if desks.free == 0 {
        for (service, since_ms) in &desks.busy {
            let time = ServiceTime::of(hall, *service);
            let elapsed_s = (now_ms - since_ms).max(0) as f64 / 1000.0;
            let left_s = (time.mean_s - elapsed_s).max(time.mean_s / 4.0);
            work_s += left_s / desks.busy.len() as f64;
            variance += time.variance / desks.busy.len() as f64;
        }
    }
    let counters = desks.count.max(1) as f64;
    let likely = work_s / counters;
    let spread = Z_90 * variance.sqrt() / counters;
    Estimate {
        likely_s: whole(likely),
        low_s: whole(likely - spread),
        high_s: whole(likely + spread),
        samples: hall.rules().services.iter().map(|service| hall.tally(&service.id).served).sum(),
    }
}

/// What is known of one service's duration.
struct ServiceTime {
    mean_s: f64,
    variance: f64,
}

impl ServiceTime {
    fn of(hall: &Hall, service: usize) -> Self {
        let Some(service) = hall.rules().services.get(service) else { return Self { mean_s: 0.0, variance: 0.0 } };
        let tally = hall.tally(&service.id);
        let served = f64::from(tally.served);
        let prior_s = f64::from(service.typical_s);
        let prior_s2 = prior_s * prior_s * (1.0 + PRIOR_VARIATION * PRIOR_VARIATION);
        let weight = served + PRIOR_WEIGHT;
        let mean_s = (tally.service_s + PRIOR_WEIGHT * prior_s) / weight;
        let mean_s2 = (tally.service_s2 + PRIOR_WEIGHT * prior_s2) / weight;
        Self { mean_s, variance: (mean_s2 - mean_s * mean_s).max(0.0) }
    }
}

/// The counters that can serve a customer.
struct Desks {
    /// How many count.
    count: usize,
    /// How many of them have no ticket.
    free: usize,
    /// What the others are doing (service index), and since when (UTC ms).
    busy: Vec<(usize, i64)>,
}

impl Desks {
    /// The open counters for this customer; while none is open, all that could be.
    fn for_customer(hall: &Hall, tier: usize, service: usize) -> Self {
        let rules = hall.rules();
        let (Some(tier), Some(service)) = (rules.tiers.get(tier), rules.services.get(service)) else {
            return Self { count: 0, free: 0, busy: vec![] };
        };
        let able: Vec<&Counter> = rules
            .counters
            .iter()
            .filter(|rule| rule.services.contains(&service.id) && rules.admits(&rule.kind, &tier.id))
            .filter_map(|rule| hall.counter(rule.number))
            .collect();
        let open: Vec<&Counter> = able
            .iter()
            .copied()
            .filter(|counter| match counter.state {
                CounterState::Open { .. } => true,
                CounterState::Closed | CounterState::Paused { .. } => false,
            })
            .collect();
        let counters = if open.is_empty() { &able } else { &open };
        let busy: Vec<(usize, i64)> = counters
            .iter()
            .filter_map(|counter| counter.ticket.and_then(|id| hall.ticket(id)))
            .map(|ticket| {
                let service = rules.service(&ticket.service).map_or(usize::MAX, |(index, _)| index);
                let serving = ticket.state == TicketState::Serving;
                let started_ms = ticket.latest_start_ms().filter(|_| serving);
                let since_ms = started_ms.or(ticket.last_call_ms).unwrap_or(ticket.issued_at_ms);
                (service, since_ms)
            })
            .collect();
        Self { count: counters.len(), free: counters.len() - busy.len(), busy }
    }
}

fn whole(seconds: f64) -> u32 {
    // `as` saturates: a negative value is 0, and no wait is longer than a u32 of seconds.
    seconds.round() as u32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use hall::routing::{Profile, Routing};
    use hall::rules::{CounterKind, CounterRule, Names, Rules, Service, Teller, Tier};
    use hall::{At, Command, CounterNumber};

    use super::*;

    const NINE: i64 = 1_795_309_200_000;

    /// One tier, one service of five minutes, `counters` general counters.
    fn hall(counters: u16) -> Hall {
        let names = Names::default();
        let rules = Rules {
            names: names.clone(),
            tiers: vec![Tier {
                id: "ordinary".into(),
                names: names.clone(),
                prefix: "A".into(),
                limit_s: 1800,
                satisfaction_target_pct: 80,
                area: None,
            }],
            services: vec![Service {
                id: "payment".into(),
                names: names.clone(),
                prefix: None,
                documents: vec![],
                self_service: None,
                hours: None,
                daily_quota: None,
                typical_s: 300,
            }],
            counters: (1..=counters)
                .map(|number| CounterRule {
                    number: CounterNumber(number),
                    names: names.clone(),
                    kind: CounterKind::General,
                    services: BTreeSet::from(["payment".into()]),
                })
                .collect(),
            tellers: vec![Teller { id: "1001".into(), name: "甲".into() }],
            routing: Routing::standard(Profile::STRICT, &[1800]),
            hours: None,
            cut_over_minute: 240,
        };
        let mut hall = Hall::new(Arc::new(rules));
        act(&mut hall, NINE, Command::OpenDay { date: at(NINE).business_date(240) });
        hall
    }

    fn at(utc_ms: i64) -> At {
        At { utc_ms, offset_s: 28_800 }
    }

    fn act(hall: &mut Hall, now_ms: i64, command: Command) {
        for event in hall.decide(at(now_ms), &command).unwrap() {
            hall.apply(now_ms, &event);
        }
    }

    fn take(hall: &mut Hall, now_ms: i64) {
        let wish = hall::command::TakeTicket {
            service: "payment".into(),
            tier: None,
            identity: None,
            care: None,
            booked_ms: None,
            language: None,
            kiosk: None,
            code: format!("code{}", hall.next_ticket()).into(),
        };
        act(hall, now_ms, Command::TakeTicket(wish));
    }

    #[test]
    fn with_a_free_counter_and_nobody_ahead_there_is_no_wait() {
        let estimate = newcomer(&hall(1), 0, 0, NINE);
        assert_eq!((estimate.low_s, estimate.likely_s, estimate.samples), (0, 0, 0));
    }

    #[test]
    fn four_people_ahead_of_one_counter_take_four_service_times() {
        let mut hall = hall(1);
        (0..4).for_each(|_| take(&mut hall, NINE));
        let estimate = newcomer(&hall, 0, 0, NINE);
        assert_eq!(estimate.likely_s, 4 * 300);
        assert!(estimate.low_s < estimate.likely_s && estimate.likely_s < estimate.high_s);
    }

    #[test]
    fn twice_the_counters_halve_the_wait_and_who_waits_knows_their_own_place() {
        let mut hall = hall(2);
        (0..4).for_each(|_| take(&mut hall, NINE));
        assert_eq!(newcomer(&hall, 0, 0, NINE).likely_s, 2 * 300);
        let third = hall.tickets().nth(2).map(|ticket| ticket.id).unwrap();
        assert_eq!(waiting(&hall, third, NINE).map(|estimate| estimate.likely_s), Some(300));
    }

    #[test]
    fn measured_services_move_the_estimate() {
        let mut hall = hall(1);
        let counter = CounterNumber(1);
        act(&mut hall, NINE, Command::SignIn { counter, teller: "1001".into() });
        let mut now = NINE;
        for _ in 0..20 {
            take(&mut hall, now);
            for step in [hall::command::CounterAct::CallNext, hall::command::CounterAct::Start] {
                act(&mut hall, now, Command::AtCounter { counter, act: step });
            }
            now += 60_000;
            let done = hall::command::CounterAct::Complete { outcome: None };
            act(&mut hall, now, Command::AtCounter { counter, act: done });
        }
        take(&mut hall, now);
        let estimate = newcomer(&hall, 0, 0, now);
        assert_eq!(estimate.samples, 20);
        assert!((60..200).contains(&estimate.likely_s), "{estimate:?}");
    }
}
