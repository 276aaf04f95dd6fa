//! How long services take, by service and teller: the hall's own latest services, mixed with what was presumed for as long as
//! there are few.

use std::collections::{HashMap, VecDeque};

use fastrand::Rng;
use hall::{Rules, TellerId};

use super::durations::Durations;
use super::observed::Served;

/// Service times of a hall.
#[derive(Clone, Debug)]
pub struct ServiceTimes {
    services: Vec<Service>,
    tellers: HashMap<TellerId, Pace>,
    /// Services of known tellers since the tables were made: service, teller, seconds.
    fresh: Vec<(usize, TellerId, u32)>,
}

#[derive(Clone, Debug)]
struct Service {
    typical_s: f64,
    /// The latest services, in seconds.
    latest_s: VecDeque<u32>,
    table: Durations,
    changed: bool,
}

/// What a teller's services took, beside what they take on average.
#[derive(Clone, Copy, Debug, Default)]
struct Pace {
    took_s: f64,
    expected_s: f64,
}

/// Services that are remembered, of each kind.
const MEMORY: usize = 600;
/// For how many measured services the presumed time counts.
const PRIOR_SERVICES: f64 = 10.0;
/// Spread of service times before anything is measured: the standard deviation of their logarithms.
const PRIOR_SPREAD: f64 = 0.65;
/// For how much work of a teller it counts that they are like everybody, in seconds.
const PRIOR_PACE_S: f64 = 7200.0;

impl ServiceTimes {
    /// Before anything is measured.
    pub fn presumed(rules: &Rules) -> Self {
        let service = |service: &hall::rules::Service| {
            let typical_s = f64::from(service.typical_s);
            let table = Durations::of(presumed(typical_s, 1.0));
            Service { typical_s, latest_s: VecDeque::new(), table, changed: false }
        };
        Self { services: rules.services.iter().map(service).collect(), tellers: HashMap::new(), fresh: vec![] }
    }

    /// Learns from one service.
    pub fn learn(&mut self, served: &Served) {
        let Some(service) = self.services.get_mut(served.service) else { return };
        if let Some(teller) = &served.teller {
            self.fresh.push((served.service, teller.clone(), served.seconds));
        }
        if service.latest_s.len() == MEMORY {
            service.latest_s.pop_front();
        }
        service.latest_s.push_back(served.seconds);
        service.changed = true;
    }

    /// Makes the tables anew that have changed, and compares the tellers.
    pub fn settle(&mut self) {
        for service in self.services.iter_mut().filter(|service| service.changed) {
            let measured = service.latest_s.iter().map(|seconds| (f64::from(*seconds) * 1000.0, 1.0));
            let mut values: Vec<(f64, f64)> = measured.collect();
            values.extend(presumed(service.typical_s, PRIOR_SERVICES));
            service.table = Durations::of(values);
            service.changed = false;
        }
        // Beside what these services themselves have taught: a hall slower than presumed has no slow tellers for that.
        for (service, teller, seconds) in std::mem::take(&mut self.fresh) {
            let expected_s = self.mean_ms(service) / 1000.0;
            let pace = self.tellers.entry(teller).or_default();
            pace.took_s += f64::from(seconds);
            pace.expected_s += expected_s;
        }
    }

    /// Mean time of a service, in ms; of one that is not configured, nothing.
    pub fn mean_ms(&self, service: usize) -> f64 {
        self.services.get(service).map_or(0.0, |service| service.table.mean_ms())
    }

    /// How many services were measured.
    pub fn measured(&self) -> usize {
        self.services.iter().map(|service| service.latest_s.len()).sum()
    }

    /// How slow a teller is: 1 = as everybody, 1.2 = takes a fifth longer.
    pub fn pace(&self, teller: Option<&TellerId>) -> f64 {
        let pace = teller.and_then(|teller| self.tellers.get(teller)).copied().unwrap_or_default();
        (pace.took_s + PRIOR_PACE_S) / (pace.expected_s + PRIOR_PACE_S)
    }

    /// How long a service takes this time, in ms.
    pub fn sample(&self, service: usize, rng: &mut Rng) -> i64 {
        self.services.get(service).map_or(0, |service| service.table.sample(rng))
    }

    /// How much is left of a service that has lasted for `elapsed_ms`.
    pub fn sample_left(&self, service: usize, elapsed_ms: i64, rng: &mut Rng) -> i64 {
        self.services.get(service).map_or(0, |service| service.table.sample_left(elapsed_ms, rng))
    }
}

/// Log-normal values of this mean, in ms, together of this weight.
fn presumed(mean_s: f64, weight: f64) -> Vec<(f64, f64)> {
    /// Quantiles of the standard normal distribution at 1/16, 3/16 … 15/16.
    const NORMAL: [f64; 8] = [-1.534, -0.887, -0.489, -0.157, 0.157, 0.489, 0.887, 1.534];
    let raw: Vec<f64> = NORMAL.iter().map(|z| (PRIOR_SPREAD * z).exp()).collect();
    let mean = raw.iter().sum::<f64>() / raw.len() as f64;
    raw.iter().map(|value| (value / mean * mean_s * 1000.0, weight / NORMAL.len() as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::tests::rules;

    fn served(teller: Option<&str>, seconds: u32) -> Served {
        Served { service: 0, teller: teller.map(Into::into), seconds, came: true }
    }

    #[test]
    fn service_times_go_from_the_presumed_to_the_measured_mean() {
        let mut times = ServiceTimes::presumed(&rules());
        assert!((times.mean_ms(0) - 300_000.0).abs() < 1.0);
        let mut before_ms = times.mean_ms(0);
        for n in [1, 9, 90, 500] {
            (0..n).for_each(|_| times.learn(&served(None, 600)));
            times.settle();
            assert!(times.mean_ms(0) > before_ms && times.mean_ms(0) < 600_000.0, "after {n} more");
            before_ms = times.mean_ms(0);
        }
        assert!(before_ms > 590_000.0);
        assert!((times.mean_ms(1) - 120_000.0).abs() < 1.0, "the other service was not measured");
    }

    #[test]
    fn ten_measured_services_weigh_as_much_as_what_was_presumed() {
        let mut times = ServiceTimes::presumed(&rules());
        (0..10).for_each(|_| times.learn(&served(None, 500)));
        times.settle();
        assert!((times.mean_ms(0) - 400_000.0).abs() < 1.0);
    }

    #[test]
    fn a_slow_teller_is_told_from_a_quick_one() {
        let mut times = ServiceTimes::presumed(&rules());
        for _ in 0..60 {
            times.learn(&served(Some("slow"), 360));
            times.learn(&served(Some("quick"), 240));
        }
        times.settle();
        let pace = |teller: &str| times.pace(Some(&teller.into()));
        assert!(pace("slow") > 1.1 && pace("quick") < 0.9, "{} {}", pace("slow"), pace("quick"));
        assert_eq!(pace("somebody new"), 1.0);
        assert_eq!(times.pace(None), 1.0);
    }

    #[test]
    fn a_hall_slower_than_presumed_has_no_slow_tellers() {
        let mut times = ServiceTimes::presumed(&rules());
        (0..200).for_each(|n| times.learn(&served(Some(["one", "other"][n % 2]), 900)));
        times.settle();
        let pace = times.pace(Some(&"one".into()));
        assert!((pace - 1.0).abs() < 0.05, "{pace}");
    }

    #[test]
    fn the_latest_services_are_remembered() {
        let mut times = ServiceTimes::presumed(&rules());
        (0..1000).for_each(|_| times.learn(&served(None, 900)));
        (0..MEMORY).for_each(|_| times.learn(&served(None, 300)));
        times.settle();
        assert_eq!(times.measured(), MEMORY);
        assert!((times.mean_ms(0) - 300_000.0).abs() < 1.0);
    }
}
