//! Durations and rates learnt from counts that are often cut off: events over exposure.

use fastrand::Rng;

/// Where the bins of elapsed time begin, in seconds; the last has no end.
const EDGES_S: [f64; 28] = [
    0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 120.0, 150.0, 180.0, 240.0, 300.0,
    420.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0, 5400.0, 7200.0,
];
const BINS: usize = EDGES_S.len();

/// How a duration ends, by how long it has lasted: a constant rate in each bin of elapsed time.
///
/// A bin's rate is its events over its seconds of exposure (occurrence–exposure rates; a Gamma prior worth one event pulls
/// it to the mean of all bins). A duration that was cut off adds exposure and no event, so nothing has to be left out. What
/// is added counts after [`Hazard::refresh`].
#[derive(Clone, Debug)]
pub(super) struct Hazard {
    events: [f64; BINS],
    exposure_s: [f64; BINS],
    /// Per second.
    rate: [f64; BINS],
    /// The rate integrated up to each edge.
    integrated: [f64; BINS],
}

impl Hazard {
    /// Before any data: durations of this mean (seconds, above 0), which counts for one observation.
    pub(super) fn new(mean_s: f64) -> Self {
        let mut hazard =
            Self { events: [0.0; BINS], exposure_s: [0.0; BINS], rate: [0.0; BINS], integrated: [0.0; BINS] };
        hazard.exposure_s[0] = mean_s;
        hazard.events[0] = 1.0;
        hazard.refresh();
        hazard
    }

    /// Lets what was seen until now count less: `keep` from 0 to 1.
    pub(super) fn fade(&mut self, keep: f64) {
        self.events.iter_mut().chain(&mut self.exposure_s).for_each(|count| *count *= keep);
    }

    /// A whole duration, which ended or was cut off.
    pub(super) fn observe(&mut self, duration_s: f64, ended: bool) {
        for (bin, from_s) in EDGES_S.into_iter().enumerate() {
            let to_s = EDGES_S.get(bin + 1).copied().unwrap_or(f64::INFINITY);
            self.exposure_s[bin] += (duration_s.min(to_s) - from_s).max(0.0);
        }
        if ended {
            self.end(duration_s);
        }
    }

    /// Some seconds in which a duration that had lasted `elapsed_s` could have ended.
    pub(super) fn expose(&mut self, elapsed_s: f64, seconds: f64) {
        self.exposure_s[bin(elapsed_s)] += seconds;
    }

    /// A duration ended after `elapsed_s`.
    pub(super) fn end(&mut self, elapsed_s: f64) {
        self.events[bin(elapsed_s)] += 1.0;
    }

    /// Makes the rates follow what was added.
    pub(super) fn refresh(&mut self) {
        let mean_rate = self.events.iter().sum::<f64>() / self.exposure_s.iter().sum::<f64>();
        if !(mean_rate.is_finite() && mean_rate > 0.0) {
            // All has faded away: the rates stay as they were.
            return;
        }
        for (bin, from_s) in EDGES_S.into_iter().enumerate() {
            self.rate[bin] = (self.events[bin] + 1.0) / (self.exposure_s[bin] + 1.0 / mean_rate);
            if let Some(before) = bin.checked_sub(1) {
                let step = self.rate[before] * (from_s - EDGES_S[before]);
                self.integrated[bin] = self.integrated[before] + step;
            }
        }
    }

    /// Draws how much longer a duration goes on that has lasted `elapsed_s`, in seconds.
    pub(super) fn remaining(&self, elapsed_s: f64, rng: &mut Rng) -> f64 {
        let now = bin(elapsed_s);
        let spent = self.integrated[now] + self.rate[now] * (elapsed_s - EDGES_S[now]);
        let target = spent + exponential(rng);
        let bin = self.integrated.partition_point(|integrated| *integrated <= target).max(1) - 1;
        (EDGES_S[bin] + (target - self.integrated[bin]) / self.rate[bin] - elapsed_s).max(0.0)
    }
}

fn bin(elapsed_s: f64) -> usize {
    EDGES_S.partition_point(|edge| *edge <= elapsed_s).max(1) - 1
}

/// Draws from the exponential distribution of mean 1.
pub(super) fn exponential(rng: &mut Rng) -> f64 {
    -(1.0 - rng.f64()).ln()
}

const SLOTS: usize = 48;
const SLOT_S: u32 = 1800;

/// A rate by half hour of the day, in which a half hour of little exposure follows the mean of all.
#[derive(Clone, Debug)]
pub(super) struct HalfHours {
    events: [f64; SLOTS],
    exposure_s: [f64; SLOTS],
    prior_s: f64,
}

impl HalfHours {
    /// `prior_s`: how many seconds of exposure the mean of all half hours counts for.
    pub(super) fn new(prior_s: f64) -> Self {
        Self { events: [0.0; SLOTS], exposure_s: [0.0; SLOTS], prior_s }
    }

    /// Lets what was seen until now count less: `keep` from 0 to 1.
    pub(super) fn fade(&mut self, keep: f64) {
        self.events.iter_mut().chain(&mut self.exposure_s).for_each(|count| *count *= keep);
    }

    /// Something happened.
    pub(super) fn count(&mut self, time_s: u32) {
        self.events[slot(time_s)] += 1.0;
    }

    /// It could have happened in this second.
    pub(super) fn expose(&mut self, time_s: u32) {
        self.exposure_s[slot(time_s)] += 1.0;
    }

    /// Per second; above 0.
    pub(super) fn rate(&self, time_s: u32) -> f64 {
        // A tenth of an event in an hour, where nothing was ever seen.
        let mean = (self.events.iter().sum::<f64>() + 0.1) / (self.exposure_s.iter().sum::<f64>() + 3600.0);
        let slot = slot(time_s);
        (self.events[slot] + self.prior_s * mean) / (self.exposure_s[slot] + self.prior_s)
    }
}

/// Past midnight belongs to the last half hour.
fn slot(time_s: u32) -> usize {
    ((time_s / SLOT_S) as usize).min(SLOTS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 8000;

    fn mean(hazard: &Hazard, elapsed_s: f64) -> f64 {
        let mut rng = Rng::with_seed(2);
        (0..DRAWS).map(|_| hazard.remaining(elapsed_s, &mut rng)).sum::<f64>() / DRAWS as f64
    }

    #[test]
    fn a_hazard_gives_back_the_durations_it_learnt() {
        let (mut hazard, mut rng) = (Hazard::new(50.0), Rng::with_seed(1));
        (0..DRAWS).for_each(|_| hazard.observe(100.0 + 80.0 * exponential(&mut rng), true));
        hazard.refresh();
        let (whole_s, rest_s) = (mean(&hazard, 0.0), mean(&hazard, 150.0));
        assert!((170.0..190.0).contains(&whole_s), "{whole_s}");
        assert!((74.0..86.0).contains(&rest_s), "{rest_s}");
    }

    #[test]
    fn durations_cut_off_do_not_shorten_what_is_learnt() {
        let (mut hazard, mut rng) = (Hazard::new(50.0), Rng::with_seed(1));
        for _ in 0..DRAWS {
            let duration_s = 200.0 * exponential(&mut rng);
            hazard.observe(duration_s.min(100.0), duration_s <= 100.0);
        }
        hazard.refresh();
        let whole_s = mean(&hazard, 0.0);
        assert!((185.0..215.0).contains(&whole_s), "{whole_s}");
    }

    #[test]
    fn a_half_hour_never_seen_has_the_mean_rate() {
        let mut rates = HalfHours::new(1800.0);
        (0..SLOT_S).for_each(|second| rates.expose(second));
        (0..18).for_each(|_| rates.count(0));
        let (seen, unseen) = (rates.rate(0), rates.rate(86_399));
        assert!(unseen > 0.0 && seen > unseen && seen < 0.01, "{seen} {unseen}");
    }
}
