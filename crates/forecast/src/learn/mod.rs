//! What a hall has learnt from its own days: how long services take, who comes when, when counters are staffed, how often
//! nobody comes, and how far its forecasts were off. Learning is adding up what was observed; nothing is fitted twice.

mod arrivals;
mod durations;
mod observed;
mod services;
mod staffing;

pub use arrivals::{Arrivals, Today};
pub use durations::Durations;
pub use observed::{Arrival, Observed, Presence, Served};
pub use services::ServiceTimes;
pub use staffing::{Change, Staffing};

use hall::Rules;
use hall::routing::{Lesson, Outlook};

/// Half hours of a day.
pub const BINS: usize = 48;
const BIN_S: i64 = 1800;

/// What a hall knows of itself.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// How long services take.
    pub services: ServiceTimes,
    /// Who comes when.
    pub arrivals: Arrivals,
    /// When counters pause, close and come back.
    pub staffing: Staffing,
    /// How often a called customer is not there.
    pub no_show: NoShow,
    /// Whole days learnt from.
    pub days: u32,
}

/// How often a called customer is not there, and what that costs a counter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoShow {
    called: f64,
    absent: f64,
    absent_s: f64,
}

/// Of how many calls the presumed share of no-shows counts for.
const PRIOR_CALLS: f64 = 50.0;
const PRIOR_SHARE: f64 = 0.05;
const PRIOR_ABSENT_S: f64 = 60.0;
/// An older day counts for so much of the next: a month ago for a fifth.
const KEEP: f64 = 0.95;

impl Learnt {
    /// What is presumed before the first day: the services' typical times, and that counters stay as they are.
    pub fn nothing_yet(rules: &Rules) -> Self {
        Self {
            services: ServiceTimes::presumed(rules),
            arrivals: Arrivals::new(rules.tiers.len(), rules.services.len()),
            staffing: Staffing::default(),
            no_show: NoShow { called: 0.0, absent: 0.0, absent_s: 0.0 },
            days: 0,
        }
    }

    /// Learns from a whole day.
    pub fn learn(&mut self, day: &Observed) {
        self.days += 1;
        self.arrivals.learn(day);
        self.staffing.learn(day);
        self.no_show.called *= KEEP;
        self.no_show.absent *= KEEP;
        self.no_show.absent_s *= KEEP;
        for served in &day.served {
            self.learn_service(served);
        }
    }

    /// Learns from one call that ended, of a day that goes on.
    pub fn learn_service(&mut self, served: &Served) {
        self.no_show.called += 1.0;
        if served.came {
            self.services.learn(served);
        } else {
            self.no_show.absent += 1.0;
            self.no_show.absent_s += f64::from(served.seconds);
        }
    }

    /// What routing is told of it, for a business day that begins at `begins_ms` (UTC), which is `begins_s` after midnight by the
    /// hall's clock.
    pub fn lesson(&self, rules: &Rules, begins_ms: i64, begins_s: u32) -> Lesson {
        let takes_ms = |service: usize| {
            let share = self.no_show.share();
            (self.services.mean_ms(service) * (1.0 - share) + self.no_show.takes_ms() as f64 * share) as u32
        };
        let takes: Vec<u32> = (0..rules.services.len()).map(takes_ms).collect();
        let shares = self.arrivals.service_shares();
        let mix_ms: f64 = shares.iter().zip(&takes).map(|(share, takes)| share * f64::from(*takes)).sum();
        let lowest = 1.0 - self.arrivals.share_of_first(rules.tiers.len().saturating_sub(1));
        // Where the day does not begin with a half hour of the clock, the one that holds most of each stands for it.
        let first = (i64::from(begins_s) + BIN_S / 2) / BIN_S;
        let from_begin = (0..BINS).map(|bin| (bin + usize::try_from(first).unwrap_or(0)) % BINS);
        let milli =
            |share: f64| from_begin.clone().map(|bin| (self.arrivals.rate(bin) * share * 1000.0) as u32).collect();
        let seen = self.days > 0;
        Lesson {
            takes_ms: rules.services.iter().map(|service| service.id.clone()).zip(takes).collect(),
            mix_ms: if seen { mix_ms as u32 } else { 0 },
            begins_ms,
            arrivals_milli: if seen { milli(1.0) } else { vec![] },
            lowest_milli: if seen { milli(lowest) } else { vec![] },
        }
    }

    /// The same as routing keeps it, for a day that begins at 0 ms.
    pub fn outlook(&self, rules: &Rules) -> Outlook {
        let mut outlook = Outlook::default();
        outlook.learn(rules, &self.lesson(rules, 0, 0));
        outlook
    }

    /// Finishes what was learnt of services: forecasts read tables made of it.
    pub fn settle(&mut self) {
        self.services.settle();
    }
}

impl NoShow {
    /// The share of calls that nobody answers.
    pub fn share(&self) -> f64 {
        (self.absent + PRIOR_CALLS * PRIOR_SHARE) / (self.called + PRIOR_CALLS)
    }

    /// For how long such a call takes a counter, in ms.
    pub fn takes_ms(&self) -> i64 {
        let prior = PRIOR_CALLS * PRIOR_SHARE;
        ((self.absent_s + prior * PRIOR_ABSENT_S) / (self.absent + prior) * 1000.0) as i64
    }
}

/// The half hour of a moment, by the hall's clock.
pub(crate) fn bin_of(now_ms: i64, offset_ms: i64) -> usize {
    usize::try_from(((now_ms + offset_ms) / 1000).rem_euclid(86_400) / BIN_S).unwrap_or(0)
}

/// When the half hour of a moment ends.
pub(crate) fn bin_end_ms(now_ms: i64, offset_ms: i64) -> i64 {
    let bin_ms = BIN_S * 1000;
    ((now_ms + offset_ms).div_euclid(bin_ms) + 1) * bin_ms - offset_ms
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use hall::CounterNumber;
    use hall::routing::{Profile, Routing};
    use hall::rules::{CounterKind, CounterRule, Names, Service, Tier};

    use super::*;

    /// Two tiers, services of five and two minutes, two counters for both.
    pub(crate) fn rules() -> Rules {
        let tier = |(id, prefix, limit_s): (&str, &str, u32)| Tier {
            id: id.into(),
            names: Names::default(),
            prefix: prefix.into(),
            limit_s,
            satisfaction_target_pct: 80,
            area: None,
        };
        let service = |(id, typical_s): (&str, u32)| Service {
            id: id.into(),
            names: Names::default(),
            prefix: None,
            documents: vec![],
            self_service: None,
            hours: None,
            daily_quota: None,
            windows: vec![],
            typical_s,
        };
        let counter = |number| CounterRule {
            number: CounterNumber(number),
            names: Names::default(),
            kind: CounterKind::General,
            services: BTreeSet::from(["sim".into(), "payment".into()]),
        };
        Rules {
            names: Names::default(),
            tiers: [("vip", "V", 600), ("ordinary", "A", 1800)].map(tier).to_vec(),
            services: [("sim", 300), ("payment", 120)].map(service).to_vec(),
            counters: [1, 2].map(counter).to_vec(),
            tellers: vec![],
            routing: Routing::standard(Profile::STRICT, &[600, 1800]),
            hours: None,
            cut_over_minute: 240,
        }
    }

    fn served(seconds: u32, came: bool) -> Served {
        Served { service: 0, teller: None, seconds, came }
    }

    #[test]
    fn no_shows_are_learnt_apart_from_services() {
        let mut learnt = Learnt::nothing_yet(&rules());
        assert!((learnt.no_show.share() - PRIOR_SHARE).abs() < 1e-9);
        (0..150).for_each(|n| learnt.learn_service(&served(if n % 3 == 0 { 30 } else { 300 }, n % 3 != 0)));
        learnt.services.settle();
        assert!((0.25..0.34).contains(&learnt.no_show.share()), "{}", learnt.no_show.share());
        assert!((30_000..35_000).contains(&learnt.no_show.takes_ms()));
        assert!((learnt.services.mean_ms(0) - 300_000.0).abs() < 1.0, "who did not come took no service");
    }

    #[test]
    fn a_lesson_says_nothing_before_the_first_day() {
        let lesson = Learnt::nothing_yet(&rules()).lesson(&rules(), 7, 0);
        assert_eq!((lesson.mix_ms, lesson.arrivals_milli.len(), lesson.begins_ms), (0, 0, 7));
        // Five and two minutes, but for one call in twenty that costs a minute.
        let takes_s: Vec<u32> = lesson.takes_ms.iter().map(|(_, ms)| (ms + 500) / 1000).collect();
        assert_eq!(takes_s, [288, 117]);
    }

    #[test]
    fn a_lesson_tells_arrivals_by_half_hour_and_the_mix_of_services() {
        let mut learnt = Learnt::nothing_yet(&rules());
        let arrival = |n: u32| Arrival {
            at_s: 36_000 + n,
            tier: usize::from(!n.is_multiple_of(4)),
            service: usize::from(n.is_multiple_of(2)),
        };
        learnt.learn(&Observed { arrivals: (0..40).map(arrival).collect(), ..Observed::default() });
        let lesson = learnt.lesson(&rules(), 0, 0);
        assert_eq!((lesson.arrivals_milli[20], lesson.lowest_milli[20]), (40_000, 30_000));
        assert_eq!(lesson.arrivals_milli.iter().sum::<u32>(), 40_000);
        let of_four = learnt.lesson(&rules(), 0, 4 * 3600 + 300);
        assert_eq!(of_four.arrivals_milli[12], 40_000, "half hours from four o'clock");
        assert!(lesson.mix_ms.abs_diff((288_000 + 117_000) / 2) <= 1);
    }
}
