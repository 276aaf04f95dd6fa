//! What was last foreseen: waits of everybody and of whoever may come, and the trouble ahead. Made beside the loop
//! ([`crate::seer`]); whoever answers reads the latest and never waits for the next.

use std::collections::HashMap;

use forecast::advice::Advice;
use forecast::prospect::{HORIZON_MS, TierOutlook};
use forecast::score::Told;
use hall::{Hall, Ticket, TicketId};
use wire::Wait;

/// A forecast of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Foreseen {
    /// When it was made, UTC ms.
    pub(crate) at_ms: i64,
    /// Everybody who waited then.
    pub(crate) waiting: HashMap<TicketId, Expected>,
    /// Whoever would have come then, by tier and service.
    pub(crate) newcomers: Vec<Vec<Newcomer>>,
    /// The next half hour, by tier.
    pub(crate) tiers: Vec<TierOutlook>,
    /// Since when each tier's alarm is on, UTC ms.
    pub(crate) alarms: Vec<Option<i64>>,
    /// What is worth doing.
    pub(crate) advice: Vec<Advice>,
    /// Services measured, of all days that were learnt from.
    pub(crate) samples: u32,
}

/// What was expected of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Expected {
    pub(crate) told: Told,
    /// Probability that it is called later than its limit, where that ends within the next half hour.
    pub(crate) miss: f64,
}

/// What was expected of somebody who would have come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Newcomer {
    pub(crate) told: Told,
    /// People they would have had ahead.
    pub(crate) ahead: usize,
    /// What each further one adds, in seconds.
    pub(crate) each_s: f64,
}

/// What stands for a wait that nobody knows, in seconds: as long as waits are followed.
const UNKNOWN_S: f64 = HORIZON_MS as f64 / 1000.0;

/// A forecast older than this, in ms, is not told: a look is due every minute.
const STALE_MS: i64 = 300_000;

impl Foreseen {
    /// Whether it is still worth telling.
    pub(crate) fn is_fresh(&self, now_ms: i64) -> bool {
        (now_ms - self.at_ms).abs() <= STALE_MS
    }

    /// The wait of a ticket from `now_ms` (UTC) until it is called; nothing unless it waits.
    pub(crate) fn wait_of(&self, hall: &Hall, ticket: &Ticket, ahead: usize, now_ms: i64) -> Wait {
        if let Some(expected) = self.waiting.get(&ticket.id) {
            return self.told(expected.told, -((now_ms - self.at_ms) as f64) / 1000.0, now_ms);
        }
        // Came after the forecast was made: as whoever would have come then, behind those who came in between.
        let (tier, service) = hall.indices(ticket);
        self.newcomer(tier, service, ahead, now_ms)
    }

    /// The wait of somebody of this tier and service (indices) who comes at `now_ms` (UTC) and has so many people ahead.
    pub(crate) fn newcomer(&self, tier: usize, service: usize, ahead: usize, now_ms: i64) -> Wait {
        let of = self.newcomers.get(tier).and_then(|tier| tier.get(service)).copied().unwrap_or_default();
        let more = ahead as f64 - of.ahead as f64;
        self.told(of.told, more * of.each_s, now_ms)
    }

    fn told(&self, told: Told, later_s: f64, now_ms: i64) -> Wait {
        // `as` saturates: nobody waits less than nothing.
        let seconds = |value_s: f64| (value_s + later_s).round() as u32;
        // Where no counter is open that could call them, or nobody looked for a while, nobody knows: then people are told only
        // how many are ahead.
        if !self.is_fresh(now_ms) || told.high_s >= UNKNOWN_S {
            let unknown_s = UNKNOWN_S as u32;
            return Wait { likely_s: unknown_s, low_s: unknown_s, high_s: unknown_s, samples: 0 };
        }
        Wait {
            likely_s: seconds(told.likely_s),
            low_s: seconds(told.low_s),
            high_s: seconds(told.high_s),
            samples: self.samples,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn ten_minutes_behind_four() -> Foreseen {
        let told = Told { likely_s: 600.0, low_s: 300.0, high_s: 900.0 };
        let newcomer = Newcomer { told, ahead: 4, each_s: 60.0 };
        Foreseen { at_ms: NOW, newcomers: vec![vec![newcomer]], samples: 20, ..Foreseen::default() }
    }

    #[test]
    fn who_comes_behind_more_people_waits_longer() {
        let foreseen = ten_minutes_behind_four();
        let wait = |ahead| foreseen.newcomer(0, 0, ahead, NOW);
        assert_eq!(wait(4), Wait { likely_s: 600, low_s: 300, high_s: 900, samples: 20 });
        assert_eq!(wait(6), Wait { likely_s: 720, low_s: 420, high_s: 1020, samples: 20 });
        assert_eq!(wait(0).low_s, 60);
    }

    #[test]
    fn a_forecast_that_is_old_is_not_told() {
        let foreseen = ten_minutes_behind_four();
        assert!(foreseen.newcomer(0, 0, 4, NOW + STALE_MS).told_minutes().is_some());
        let old = foreseen.newcomer(0, 0, 4, NOW + STALE_MS + 1);
        assert_eq!((old.samples, old.told_minutes()), (0, None));
    }

    #[test]
    fn what_nobody_could_call_is_not_told() {
        let mut foreseen = ten_minutes_behind_four();
        foreseen.newcomers[0][0].told.high_s = UNKNOWN_S;
        assert_eq!(foreseen.newcomer(0, 0, 4, NOW).samples, 0);
        assert_eq!(foreseen.newcomer(7, 7, 4, NOW + STALE_MS + 1).samples, 0, "no such tier");
    }
}
