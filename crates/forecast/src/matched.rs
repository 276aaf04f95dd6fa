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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_stands_alone_until_the_next_day() {
        let mut matched = Matched::default();
        (0..100).for_each(|_| matched.learn(600.0, 60.0));
        assert_eq!(matched.tell(600.0), Told { low_s: 300.0, likely_s: 600.0, high_s: 900.0 });
        matched.settle();
        assert_eq!(matched.tell(600.0), Told { low_s: 60.0, likely_s: 60.0, high_s: 60.0 });
    }

    #[test]
    fn those_who_were_told_about_the_same_are_asked() {
        let mut matched = Matched::default();
        // Guesses are twice too long, and waits spread by a tenth.
        for guess in 1..=1000 {
            let spread = f64::from(guess % 21 - 10) / 100.0;
            matched.learn(f64::from(guess), f64::from(guess) / 2.0 * (1.0 + spread));
        }
        matched.settle();
        for guess_s in [1.0, 100.0, 500.0, 1000.0, 5000.0] {
            let Told { low_s, likely_s, high_s } = matched.tell(guess_s);
            assert!(low_s < likely_s && likely_s < high_s);
            // At both ends the nearest hundred and fifty.
            let near_s = guess_s.clamp(75.0, 925.0) / 2.0;
            assert!((likely_s - near_s).abs() < near_s * 0.1, "{guess_s}: {likely_s}");
        }
    }
}
