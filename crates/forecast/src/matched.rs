//! Calibration of an estimator that says one number: what those really waited who were told about the same.

use crate::score::Told;

/// What was guessed, and what happened.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// Guess and wait, in seconds, sorted by guess.
    known: Vec<(f64, f64)>,
    fresh: Vec<(f64, f64)>,
}

/// How many of about the same guess are asked.
const NEIGHBOURS: usize = 150;

impl Matched {
    /// What to tell where this was guessed.
    pub fn tell(&self, guess_s: f64) -> Told {
        let at = self.known.partition_point(|(guess, _)| *guess < guess_s);
        let from = at.saturating_sub(NEIGHBOURS / 2).min(self.known.len().saturating_sub(NEIGHBOURS));
        let near = &self.known[from..(from + NEIGHBOURS).min(self.known.len())];
        if near.len() < 10 {
            return Told { low_s: guess_s * 0.5, likely_s: guess_s, high_s: guess_s * 1.5 };
        }
        let mut waits_s: Vec<f64> = near.iter().map(|(_, wait_s)| *wait_s).collect();
        waits_s.sort_by(f64::total_cmp);
        let quantile = |share: f64| waits_s[((waits_s.len() - 1) as f64 * share).round() as usize];
        Told { low_s: quantile(0.1), likely_s: quantile(0.5), high_s: quantile(0.9) }
    }

    /// What happened; it counts from the next day on.
    pub fn learn(&mut self, guess_s: f64, wait_s: f64) {
        self.fresh.push((guess_s, wait_s));
    }

    /// A day is over.
    pub fn settle(&mut self) {
        self.known.append(&mut self.fresh);
        self.known.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
}
