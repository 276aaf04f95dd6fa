//! What forecasts turned out to be worth, and how to tell them so that they are worth what they say.
//!
//! The place of the real wait among the forecast ones (probability integral transform, Dawid 1984) is uniform when forecasts are
//! right. Its histogram, by tier and by how long the forecast was, says which quantile to tell for the one that is meant.

/// Places of real waits among forecast ones.
#[derive(Clone, Debug)]
pub struct Calibration {
    by_kind: Vec<Histogram>,
}

#[derive(Clone, Debug)]
struct Histogram {
    counts: [f64; PLACES],
    total: f64,
}

const PLACES: usize = 20;
/// How many waits it counts for that a forecast is right.
const PRIOR_WAITS: f64 = 40.0;
/// Forecasts are told apart by their median, in minutes.
const EDGES_MIN: [f64; 5] = [2.0, 6.0, 12.0, 20.0, 35.0];
/// An older day counts for so much of the next.
const KEEP: f64 = 0.97;

impl Calibration {
    /// Before the first forecast was judged.
    pub fn new(tiers: usize) -> Self {
        let even = Histogram { counts: [PRIOR_WAITS / PLACES as f64; PLACES], total: PRIOR_WAITS };
        Self { by_kind: vec![even; tiers.max(1) * (EDGES_MIN.len() + 1)] }
    }

    /// A wait of this tier came out at `place` (0 to 1) among the forecast ones, whose median was `median_s`.
    pub fn learn(&mut self, tier: usize, median_s: f64, place: f64) {
        let kind = self.kind(tier, median_s);
        if let Some(histogram) = self.by_kind.get_mut(kind) {
            histogram.counts[((place * PLACES as f64) as usize).min(PLACES - 1)] += 1.0;
            histogram.total += 1.0;
        }
    }

    /// A day is over: what is older counts less.
    pub fn age(&mut self) {
        for histogram in &mut self.by_kind {
            for count in &mut histogram.counts {
                *count = *count * KEEP + PRIOR_WAITS / PLACES as f64 * (1.0 - KEEP);
            }
            histogram.total = histogram.counts.iter().sum();
        }
    }

    /// The share of forecast waits below which a share of real ones lies.
    pub fn share(&self, tier: usize, median_s: f64, wanted: f64) -> f64 {
        let Some(histogram) = self.by_kind.get(self.kind(tier, median_s)) else { return wanted };
        let mut left = wanted * histogram.total;
        for (place, count) in histogram.counts.iter().enumerate() {
            if left <= *count {
                return (place as f64 + left / count) / PLACES as f64;
            }
            left -= count;
        }
        1.0
    }

    fn kind(&self, tier: usize, median_s: f64) -> usize {
        let length = EDGES_MIN.partition_point(|edge| edge * 60.0 <= median_s);
        tier * (EDGES_MIN.len() + 1) + length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_leaves_a_forecast_as_it_is() {
        let calibration = Calibration::new(3);
        for share in [0.1, 0.5, 0.9] {
            assert!((calibration.share(2, 600.0, share) - share).abs() < 1e-9);
        }
    }

    #[test]
    fn waits_that_came_out_longer_move_the_told_share_up() {
        let mut calibration = Calibration::new(1);
        (0..400).for_each(|_| calibration.learn(0, 600.0, 0.85));
        assert!(calibration.share(0, 600.0, 0.5) > 0.8);
        assert!((calibration.share(0, 60.0, 0.5) - 0.5).abs() < 1e-9, "other lengths are judged apart");
    }
}
