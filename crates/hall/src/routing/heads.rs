//! The candidates of a choice: of each tier the one who came first of those a counter can serve.

use super::floor::{Floor, MAX_TIERS};
use super::lines::{Lines, Waiting};

/// At most one customer a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    by_tier: [Option<Waiting>; MAX_TIERS],
}

impl Heads {
    /// Those a counter is for, and those of any tier who were sent to it.
    pub fn own(floor: &Floor, lines: &impl Lines, post: usize) -> Self {
        let mut heads = Self::default();
        let own = floor.posts.get(post).map_or(0, |at| at.tiers);
        for (tier, slot) in heads.by_tier.iter_mut().enumerate().take(floor.tiers()) {
            *slot = if tier < own { lines.first(tier, post) } else { None };
            // Hardly anybody is sent to one counter.
            if let Some(sent) = lines.first_sent(tier, post) {
                *slot = slot.filter(|own| own.place() <= sent.place()).or(Some(sent));
            }
        }
        heads
    }

    /// Those a dedicated counter is not for and could serve; `None` at a general counter.
    pub fn others(floor: &Floor, lines: &impl Lines, post: usize) -> Option<Self> {
        let at = floor.posts.get(post).filter(|at| at.tiers < floor.tiers())?;
        let mut heads = Self::default();
        for (tier, slot) in heads.by_tier.iter_mut().enumerate().take(floor.tiers()).skip(at.tiers) {
            *slot = lines.first(tier, post);
        }
        Some(heads)
    }

    /// The candidate of one tier.
    pub fn of(&self, tier: usize) -> Option<Waiting> {
        self.by_tier.get(tier).copied().flatten()
    }

    /// The candidates with their tiers, in order of precedence.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Waiting)> {
        self.by_tier.iter().enumerate().filter_map(|(tier, head)| head.map(|head| (tier, head)))
    }

    /// Puts somebody in their tier's place.
    pub fn set(&mut self, tier: usize, head: Waiting) {
        if let Some(slot) = self.by_tier.get_mut(tier) {
            *slot = Some(head);
        }
    }

    /// Leaves out who does not fit.
    pub fn keep(&mut self, fits: impl Fn(&Waiting) -> bool) {
        for slot in &mut self.by_tier {
            *slot = slot.filter(|head| fits(head));
        }
    }
}
