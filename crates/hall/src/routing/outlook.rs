//! What routing knows beyond those who wait: what the hall has learnt from earlier days, and how today compares with them.
//!
//! Everything here follows from events, so that a journal replays to the same calls. Only sums, products, quotients and square
//! roots are taken: the same on every machine.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::floor::Floor;
use crate::ids::ServiceId;
use crate::rules::{Rules, Service};

/// What a hall has learnt from earlier days, as the journal keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// How long a call of each service takes a counter, in ms.
    pub takes_ms: Vec<(ServiceId, u32)>,
    /// The same on average over all calls, in ms; 0 while no day was seen.
    pub mix_ms: u32,
    /// When the business day begins (its cut-over), UTC ms: half hours are counted from here.
    #[serde(alias = "midnight_ms")]
    pub begins_ms: i64,
    /// Arrivals by half hour of a usual day, in thousandths; empty while no day was seen.
    pub arrivals_milli: Vec<u32>,
    /// Those of the lowest tier among them.
    pub lowest_milli: Vec<u32>,
}

/// What is known by index.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    takes_min: Vec<f64>,
    mix_min: f64,
    begins_ms: i64,
    /// Arrivals a minute by half hour, all and of the lowest tier.
    rates: Vec<(f64, f64)>,
    /// Arrivals from the day's begin to that of each half hour.
    until: Vec<f64>,
}

/// What has been learnt, and today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    known: Arc<Known>,
    /// Tickets taken today, all and of the lowest tier.
    came: (u32, u32),
    first_came_ms: Option<i64>,
    /// What those who came today are thought to take together, in minutes.
    came_min: f64,
    /// Time that counters were taken today, and what it was thought to be, in ms.
    took_ms: i64,
    thought_ms: i64,
    /// Tickets that dedicated desks took over today (分流).
    diverted: u32,
    /// Counters that call, dedicated ones included.
    pub(crate) open: usize,
    /// The general ones of them.
    pub(crate) open_general: usize,
}

const BIN_MIN: f64 = 30.0;
/// For how many arrivals it counts that today is like other days.
const PRIOR_CAME: f64 = 100.0;
/// For how many average services it counts that they are those that usually come, and take as long.
const PRIOR_SERVICES: f64 = 40.0;

impl Outlook {
    /// Before anything is learnt: services take their typical time.
    pub fn presumed(floor: &Floor) -> Self {
        let mut outlook = Self::default();
        outlook.know(&floor.typical_ms, &Lesson::default());
        outlook
    }

    /// Takes over what was learnt; services that a lesson does not name keep their typical time.
    pub fn learn(&mut self, rules: &Rules, lesson: &Lesson) {
        let takes_ms = |service: &Service| {
            let learnt = lesson.takes_ms.iter().find(|(id, _)| *id == service.id);
            learnt.map_or(service.typical_s * 1000, |(_, takes_ms)| *takes_ms)
        };
        let takes_ms: Vec<u32> = rules.services.iter().map(takes_ms).collect();
        self.know(&takes_ms, lesson);
    }

    fn know(&mut self, takes_ms: &[u32], lesson: &Lesson) {
        let takes_min: Vec<f64> = takes_ms.iter().map(|takes_ms| f64::from(*takes_ms) / 60_000.0).collect();
        let rate = |milli: &u32| f64::from(*milli) / 1000.0 / BIN_MIN;
        let rates: Vec<(f64, f64)> = lesson
            .arrivals_milli
            .iter()
            .zip(&lesson.lowest_milli)
            .map(|(all, lowest)| (rate(all), rate(lowest)))
            .collect();
        let mut sum = 0.0;
        let until = rates
            .iter()
            .map(|(all, _)| {
                let before = sum;
                sum += all * BIN_MIN;
                before
            })
            .collect();
        // Nothing seen: every service as often as the other.
        let even_min = takes_min.iter().sum::<f64>() / takes_min.len().max(1) as f64;
        let mix_min = if lesson.mix_ms > 0 { f64::from(lesson.mix_ms) / 60_000.0 } else { even_min };
        self.known = Arc::new(Known { takes_min, mix_min, begins_ms: lesson.begins_ms, rates, until });
    }

    /// Whether a lesson for the business day that begins at `begins_ms` (UTC) was learnt.
    pub fn knows(&self, begins_ms: i64) -> bool {
        !self.known.rates.is_empty() && self.known.begins_ms == begins_ms
    }

    /// Somebody takes a ticket.
    pub fn comes(&mut self, floor: &Floor, tier: usize, service: usize, now_ms: i64) {
        self.came_min += self.known.takes_min.get(service).copied().unwrap_or(self.known.mix_min);
        self.came.0 += 1;
        self.came.1 += u32::from(tier + 1 == floor.tiers());
        self.first_came_ms = self.first_came_ms.or(Some(now_ms));
    }

    /// A counter is done with a call of this service after so long, in ms.
    pub fn ends(&mut self, service: usize, took_ms: i64) {
        if let Some(takes_min) = self.known.takes_min.get(service) {
            self.took_ms += took_ms.max(0);
            self.thought_ms += (takes_min * 60_000.0) as i64;
        }
    }

    /// A dedicated desk takes somebody over.
    pub fn diverts(&mut self) {
        self.diverted += 1;
    }

    /// The call by which a dedicated desk took somebody over was undone.
    pub(crate) fn undoes_a_diversion(&mut self) {
        self.diverted = self.diverted.saturating_sub(1);
    }

    /// So many counters call, dedicated and general ones.
    pub fn set_open(&mut self, dedicated: usize, general: usize) {
        self.open = dedicated + general;
        self.open_general = general;
    }

    /// How many tickets were diverted today.
    pub fn diverted(&self) -> u32 {
        self.diverted
    }

    /// How long a call of each service takes a counter today, in minutes.
    pub(super) fn takes_min(&self, service: usize) -> f64 {
        self.known.takes_min.get(service).copied().unwrap_or(0.0) * self.pace()
    }

    /// The same over all services.
    pub(super) fn mix_min(&self) -> f64 {
        let mix_min = (self.came_min + PRIOR_SERVICES * self.known.mix_min) / (f64::from(self.came.0) + PRIOR_SERVICES);
        mix_min * self.pace()
    }

    /// Arrivals a minute to expect at a moment, all and of the lowest tier. Before the first lesson those of today so far.
    pub(super) fn rates(&self, at_ms: i64, now_ms: i64) -> (f64, f64) {
        if self.known.rates.is_empty() {
            let seen_min = self.first_came_ms.map_or(0.0, |first_ms| (now_ms - first_ms) as f64 / 60_000.0);
            let over_min = seen_min.max(BIN_MIN);
            return (f64::from(self.came.0) / over_min, f64::from(self.came.1) / over_min);
        }
        let (all, lowest) = self.known.rates.get(self.bin(at_ms)).copied().unwrap_or_default();
        let busy = self.busy(now_ms);
        (all * busy, lowest * busy)
    }

    /// How much slower or faster than usual services go today.
    fn pace(&self) -> f64 {
        let prior_min = PRIOR_SERVICES * self.known.mix_min;
        let (took_min, thought_min) = (self.took_ms as f64 / 60_000.0, self.thought_ms as f64 / 60_000.0);
        if prior_min > 0.0 { (took_min + prior_min) / (thought_min + prior_min) } else { 1.0 }
    }

    /// How much busier or quieter than usual today is.
    fn busy(&self, now_ms: i64) -> f64 {
        let bin = self.bin(now_ms);
        let into_min = self.minute_of_day(now_ms) - bin as f64 * BIN_MIN;
        let (rate, _) = self.known.rates.get(bin).copied().unwrap_or_default();
        let usual = self.known.until.get(bin).copied().unwrap_or(0.0) + rate * into_min;
        (f64::from(self.came.0) + PRIOR_CAME) / (usual + PRIOR_CAME)
    }

    fn bin(&self, at_ms: i64) -> usize {
        (self.minute_of_day(at_ms) / BIN_MIN) as usize
    }

    fn minute_of_day(&self, at_ms: i64) -> f64 {
        (at_ms - self.known.begins_ms).rem_euclid(86_400_000) as f64 / 60_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn after_midnight_it_is_still_the_same_day() {
        let mut outlook = Outlook::default();
        let arrivals_milli: Vec<u32> = (0..48).map(|bin| if bin < 44 { 10_000 } else { 1000 }).collect();
        outlook.know(&[60_000], &Lesson { arrivals_milli, lowest_milli: vec![0; 48], ..Lesson::default() });
        // As many as usual came by two hours to the cut-over.
        outlook.came.0 = 440;
        assert!((outlook.busy(22 * HOUR) - 1.0).abs() < 1e-9, "{}", outlook.busy(22 * HOUR));
        let (rate, _) = outlook.rates(22 * HOUR + 1, 22 * HOUR);
        assert!((rate * 30.0 - 1.0).abs() < 1e-9, "{rate}");
    }
}
