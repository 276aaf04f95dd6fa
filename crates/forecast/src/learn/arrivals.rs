//! Who comes when: rates by half hour, shares by tier and service, and how busy today is beside other days.

use fastrand::Rng;

use super::observed::Observed;
use super::{BINS, KEEP, bin_end_ms, bin_of};

/// Arrivals of a hall.
#[derive(Clone, Debug)]
pub struct Arrivals {
    services: usize,
    /// Days, the older counting less.
    days: f64,
    /// Arrivals by half hour.
    by_bin: [f64; BINS],
    /// Arrivals by tier and service.
    by_kind: Vec<f64>,
    /// The same, each with those before it: worked out when a day was learnt.
    up_to_kind: Vec<f64>,
}

/// How busy a day is beside others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Today {
    /// Arrivals so far over those expected so far.
    pub factor: f64,
}

/// For how many arrivals it counts that today is like other days.
const PRIOR_ARRIVALS: f64 = 40.0;

impl Arrivals {
    /// Before the first day.
    pub fn new(tiers: usize, services: usize) -> Self {
        let none = vec![0.0; tiers * services];
        Self { services, days: 0.0, by_bin: [0.0; BINS], by_kind: none.clone(), up_to_kind: none }
    }

    /// Learns from a day.
    pub fn learn(&mut self, day: &Observed) {
        self.days = self.days * KEEP + 1.0;
        self.by_bin.iter_mut().chain(&mut self.by_kind).for_each(|count| *count *= KEEP);
        for arrival in &day.arrivals {
            if let Some(count) = self.by_bin.get_mut(arrival.at_s as usize / 1800) {
                *count += 1.0;
            }
            if let Some(count) = self.by_kind.get_mut(arrival.tier * self.services + arrival.service) {
                *count += 1.0;
            }
        }
        let mut sum = 0.0;
        for (up_to, count) in self.up_to_kind.iter_mut().zip(&self.by_kind) {
            sum += count;
            *up_to = sum;
        }
    }

    /// Arrivals a half hour, of a usual day.
    pub fn rate(&self, bin: usize) -> f64 {
        self.by_bin.get(bin).map_or(0.0, |count| count / self.days.max(1.0))
    }

    /// The share of all arrivals that is of the first `tiers` tiers.
    pub fn share_of_first(&self, tiers: usize) -> f64 {
        let all = self.came(self.by_kind.len());
        if all > 0.0 { self.came(tiers * self.services) / all } else { 0.0 }
    }

    /// The share of each service of all arrivals; nothing while none was seen.
    pub fn service_shares(&self) -> Vec<f64> {
        let all = self.came(self.by_kind.len());
        let of = |service: usize| self.by_kind.iter().skip(service).step_by(self.services).sum::<f64>();
        (0..self.services).map(|service| if all > 0.0 { of(service) / all } else { 0.0 }).collect()
    }

    /// How busy today is, from how many have come until `now_ms`.
    pub fn today(&self, came: usize, opened_ms: i64, now_ms: i64, offset_ms: i64) -> Today {
        let mut expected = 0.0;
        let mut at_ms = opened_ms;
        while at_ms < now_ms {
            let end_ms = bin_end_ms(at_ms, offset_ms).min(now_ms);
            expected += self.rate(bin_of(at_ms, offset_ms)) * (end_ms - at_ms) as f64 / 1_800_000.0;
            at_ms = end_ms;
        }
        Today { factor: (came as f64 + PRIOR_ARRIVALS) / (expected + PRIOR_ARRIVALS) }
    }

    /// When the next of the first tiers comes after `now_ms`, if within a day; `share` is theirs of all arrivals.
    pub fn next_ms(&self, now_ms: i64, offset_ms: i64, share: f64, today: Today, rng: &mut Rng) -> Option<i64> {
        let mut at_ms = now_ms;
        for _ in 0..BINS {
            let rate = self.rate(bin_of(at_ms, offset_ms)) * share * today.factor;
            let end_ms = bin_end_ms(at_ms, offset_ms);
            if rate > 0.0 {
                let gap_ms = -(1.0 - rng.f64()).ln() / rate * 1_800_000.0;
                if at_ms as f64 + gap_ms < end_ms as f64 {
                    return Some(at_ms + gap_ms as i64);
                }
            }
            at_ms = end_ms;
        }
        None
    }

    /// Tier and service of one of the first tiers who comes.
    pub fn sample_kind(&self, tiers: usize, rng: &mut Rng) -> (usize, usize) {
        let kinds = (tiers * self.services).min(self.by_kind.len());
        let at = rng.f64() * self.came(kinds);
        let kind = self.up_to_kind[..kinds].partition_point(|up_to| *up_to <= at).min(kinds.saturating_sub(1));
        (kind / self.services.max(1), kind % self.services.max(1))
    }

    /// How many came of the first kinds.
    fn came(&self, kinds: usize) -> f64 {
        let last = kinds.min(self.up_to_kind.len()).checked_sub(1);
        last.map_or(0.0, |last| self.up_to_kind[last])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Arrival;

    /// Sixty of the second tier between ten and half past, twenty of the first in the half hour after.
    fn day() -> Observed {
        let second = (0..60).map(|n| Arrival { at_s: 36_000 + n * 30, tier: 1, service: 0 });
        let first = (0..20).map(|n| Arrival { at_s: 37_800 + n * 90, tier: 0, service: 1 });
        Observed { arrivals: second.chain(first).collect(), ..Observed::default() }
    }

    fn learnt(days: usize) -> Arrivals {
        let mut arrivals = Arrivals::new(2, 2);
        (0..days).for_each(|_| arrivals.learn(&day()));
        arrivals
    }

    #[test]
    fn rates_and_shares_are_those_of_the_days() {
        for days in [1, 30] {
            let arrivals = learnt(days);
            let rates = [19, 20, 21, 22].map(|bin| arrivals.rate(bin).round() as u32);
            assert_eq!(rates, [0, 60, 20, 0], "after {days} days");
            assert!((arrivals.share_of_first(1) - 0.25).abs() < 1e-9);
            assert_eq!(arrivals.share_of_first(2), 1.0);
            assert!((arrivals.service_shares()[0] - 0.75).abs() < 1e-9);
        }
    }

    #[test]
    fn a_busier_month_is_learnt_within_weeks() {
        let mut arrivals = learnt(60);
        let twice = Observed { arrivals: [day().arrivals, day().arrivals].concat(), ..Observed::default() };
        (0..30).for_each(|_| arrivals.learn(&twice));
        assert!((100.0..120.0).contains(&arrivals.rate(20)), "{}", arrivals.rate(20));
    }

    #[test]
    fn today_is_as_busy_as_those_who_came_say() {
        let arrivals = learnt(10);
        let factor = |came| arrivals.today(came, 36_000_000, 37_800_000, 0).factor;
        assert!((factor(60) - 1.0).abs() < 1e-9, "as many as usual");
        assert!((factor(160) - 2.0).abs() < 1e-9, "forty count for what is usual");
        assert!(factor(0) > 0.0, "nobody so far is not nobody for ever");
        let before = arrivals.today(0, 36_000_000, 36_000_000, 0).factor;
        assert_eq!(before, 1.0, "the day begins like any other");
    }

    #[test]
    fn the_next_ones_come_as_often_as_was_learnt_by_the_hall_s_clock() {
        let arrivals = learnt(10);
        let (offset_ms, begin_ms) = (8 * 3_600_000, 2 * 3_600_000);
        let usual = Today { factor: 1.0 };
        let mut rng = Rng::with_seed(1);
        let mut came = [0_u32; 3];
        for _ in 0..200 {
            let mut at_ms = begin_ms;
            while let Some(next_ms) = arrivals.next_ms(at_ms, offset_ms, 1.0, usual, &mut rng) {
                assert!(next_ms >= at_ms);
                at_ms = next_ms;
                match (at_ms - begin_ms) / 1_800_000 {
                    half_hour @ 0..2 => came[half_hour as usize] += 1,
                    _ => break,
                }
            }
        }
        assert!((11_500..12_500).contains(&came[0]) && (3_700..4_300).contains(&came[1]), "{came:?}");
        assert_eq!(arrivals.next_ms(begin_ms, offset_ms, 0.0, usual, &mut rng), None, "no share, nobody");
    }

    #[test]
    fn only_the_asked_tiers_come() {
        let arrivals = learnt(1);
        let mut rng = Rng::with_seed(2);
        assert!((0..100).all(|_| arrivals.sample_kind(1, &mut rng) == (0, 1)));
        let ordinary = (0..1000).filter(|_| arrivals.sample_kind(2, &mut rng) == (1, 0)).count();
        assert!((700..800).contains(&ordinary), "{ordinary}");
    }
}
