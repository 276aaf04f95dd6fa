//! Calibration by the nearest past estimates: where did the truth fall when this was said?
//!
//! Of an estimator with one figure the truth itself is read off the neighbours. Of one that draws a sample it is the
//! truth's place in the sample (its probability integral transform), by which the sample's own quantiles are then chosen.

use std::collections::VecDeque;

use super::scene::PRIORITIES;

/// Below this many past estimates nothing is said.
const ENOUGH: usize = 50;

/// Past estimates by the caller's priority, and all together.
#[derive(Clone, Debug)]
pub(super) struct Neighbours {
    strata: [Stratum; PRIORITIES],
    all: Stratum,
    /// How many neighbours answer.
    wanted: usize,
}

impl Neighbours {
    /// `wanted` neighbours of the newest `memory` estimates answer.
    pub(super) fn new(wanted: usize, memory: usize) -> Self {
        let stratum = Stratum { newest: VecDeque::new(), sorted: Vec::new(), memory };
        Self { strata: std::array::from_fn(|_| stratum.clone()), all: stratum, wanted }
    }

    /// An estimate and where the truth fell; it counts after [`Neighbours::close_day`].
    pub(super) fn add(&mut self, priority: u8, estimate_s: f64, fell: f64) {
        self.strata[usize::from(priority)].add(estimate_s, fell);
        self.all.add(estimate_s, fell);
    }

    /// The day is over: its estimates join the past.
    pub(super) fn close_day(&mut self) {
        self.strata.iter_mut().chain([&mut self.all]).for_each(Stratum::close);
    }

    /// Quantiles of where the truth fell near this estimate; `None` while there is too little past.
    pub(super) fn quantiles(&self, priority: u8, estimate_s: f64, at: [f64; 3]) -> Option<[f64; 3]> {
        let own = &self.strata[usize::from(priority)];
        let stratum = if own.sorted.len() >= self.wanted { own } else { &self.all };
        let near = stratum.nearest(estimate_s, self.wanted)?;
        Some(at.map(|share| quantile(&near, share)))
    }
}

#[derive(Clone, Debug)]
struct Stratum {
    /// Estimate (s) and where the truth fell, in order of time.
    newest: VecDeque<(f64, f64)>,
    /// The same by estimate, as of the end of the last day.
    sorted: Vec<(f64, f64)>,
    memory: usize,
}

impl Stratum {
    fn add(&mut self, estimate_s: f64, fell: f64) {
        self.newest.push_back((estimate_s, fell));
        if self.newest.len() > self.memory {
            self.newest.pop_front();
        }
    }

    fn close(&mut self) {
        self.sorted = self.newest.iter().copied().collect();
        self.sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    }

    /// Where the truth fell at the nearest estimates, sorted.
    fn nearest(&self, estimate_s: f64, wanted: usize) -> Option<Vec<f64>> {
        let past = &self.sorted;
        if past.len() < ENOUGH {
            return None;
        }
        // Those who were told the same all count, even when they are more than wanted.
        let mut from = past.partition_point(|(estimate, _)| *estimate < estimate_s);
        let mut to = past.partition_point(|(estimate, _)| *estimate <= estimate_s);
        while to - from < wanted.min(past.len()) {
            let below = from.checked_sub(1).map_or(f64::INFINITY, |index| estimate_s - past[index].0);
            let above = past.get(to).map_or(f64::INFINITY, |(estimate, _)| estimate - estimate_s);
            if below <= above {
                from -= 1;
            } else {
                to += 1;
            }
        }
        let mut near: Vec<f64> = past[from..to].iter().map(|(_, fell)| *fell).collect();
        near.sort_by(f64::total_cmp);
        Some(near)
    }
}

/// The quantile at this share (0 to 1) of a sorted sample of at least one, linear between neighbours.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = (share * sorted.len() as f64 - 0.5).clamp(0.0, last as f64);
    let below = place as usize;
    sorted[below] + place.fract() * (sorted[(below + 1).min(last)] - sorted[below])
}

/// The share (0 to 1) of a sorted sample below the truth; within half a second counts half.
pub(super) fn share_below(sorted: &[f64], truth_s: f64) -> f64 {
    let below = sorted.partition_point(|drawn| *drawn < truth_s - 0.5);
    let not_above = sorted.partition_point(|drawn| *drawn <= truth_s + 0.5);
    (below + not_above) as f64 / 2.0 / sorted.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimator_that_says_half_is_put_right() {
        let mut neighbours = Neighbours::new(20, 1000);
        for told in 0..200 {
            neighbours.add(1, f64::from(told), 2.0 * f64::from(told));
        }
        assert_eq!(neighbours.quantiles(1, 100.0, [0.1, 0.5, 0.9]), None, "today does not count yet");
        neighbours.close_day();
        let [low, likely, high] = neighbours.quantiles(1, 100.0, [0.1, 0.5, 0.9]).unwrap();
        assert!((198.0..=202.0).contains(&likely), "{likely}");
        assert!((180.0..190.0).contains(&low) && (210.0..220.0).contains(&high), "{low} {high}");
    }

    #[test]
    fn a_priority_with_little_past_asks_all() {
        let mut neighbours = Neighbours::new(20, 1000);
        (0..60).for_each(|_| neighbours.add(0, 10.0, 30.0));
        neighbours.close_day();
        assert_eq!(neighbours.quantiles(2, 10.0, [0.1, 0.5, 0.9]), Some([30.0; 3]));
    }

    #[test]
    fn a_quantile_and_the_share_below_it_are_each_other_s_inverse() {
        let sample: Vec<f64> = (0..100).map(|second| f64::from(second) * 3.0).collect();
        for share in [0.1, 0.5, 0.9] {
            assert!((share_below(&sample, quantile(&sample, share)) - share).abs() < 0.011);
        }
        assert_eq!((quantile(&[7.0], 0.9), share_below(&[7.0], 7.0)), (7.0, 0.5));
    }
}
