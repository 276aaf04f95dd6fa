//! How long something takes, as equally likely values.

use fastrand::Rng;

/// A distribution of durations: sorted values in ms, each as likely as the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Durations {
    values_ms: Vec<i64>,
    mean_ms: f64,
}

impl Durations {
    /// How many values stand for a distribution.
    pub const SIZE: usize = 128;

    /// The quantiles of weighted values, in ms. `values` must not be empty.
    pub fn of(mut values: Vec<(f64, f64)>) -> Self {
        values.sort_by(|one, other| one.0.total_cmp(&other.0));
        let total: f64 = values.iter().map(|(_, weight)| weight).sum();
        let mean_ms = values.iter().map(|(value, weight)| value * weight).sum::<f64>() / total;
        let mut values_ms = Vec::with_capacity(Self::SIZE);
        let (mut at, mut reached) = (0, values.first().map_or(0.0, |(_, weight)| *weight));
        for n in 0..Self::SIZE {
            let wanted = total * (n as f64 + 0.5) / Self::SIZE as f64;
            while reached < wanted && at + 1 < values.len() {
                at += 1;
                reached += values[at].1;
            }
            values_ms.push(values.get(at).map_or(0.0, |(value, _)| *value).max(0.0) as i64);
        }
        Self { values_ms, mean_ms }
    }

    /// Their mean, in ms.
    pub fn mean_ms(&self) -> f64 {
        self.mean_ms
    }

    /// One of them.
    pub fn sample(&self, rng: &mut Rng) -> i64 {
        self.values_ms[rng.usize(..self.values_ms.len())]
    }

    /// How much is left of one that has lasted for `elapsed_ms`.
    pub fn sample_left(&self, elapsed_ms: i64, rng: &mut Rng) -> i64 {
        let longer = self.values_ms.partition_point(|value| *value <= elapsed_ms);
        if longer < self.values_ms.len() {
            return self.values_ms[rng.usize(longer..self.values_ms.len())] - elapsed_ms;
        }
        // Longer than anything known: what lasts so long has no age any more.
        (-(1.0 - rng.f64()).ln() * self.mean_ms / 2.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_follow_the_weights() {
        let durations = Durations::of(vec![(3000.0, 1.0), (1000.0, 3.0)]);
        let ones = durations.values_ms.iter().filter(|value| **value == 1000).count();
        assert_eq!(ones, Durations::SIZE * 3 / 4);
        assert_eq!(durations.mean_ms(), 1500.0);
    }

    #[test]
    fn what_is_left_depends_on_how_long_it_has_lasted() {
        let durations = Durations::of(vec![(60_000.0, 1.0), (600_000.0, 1.0)]);
        let mut rng = Rng::with_seed(1);
        assert!((0..100).all(|_| durations.sample_left(60_000, &mut rng) == 540_000));
        assert!((0..100).all(|_| durations.sample_left(700_000, &mut rng) >= 0));
    }
}
