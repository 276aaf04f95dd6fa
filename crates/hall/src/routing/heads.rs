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
        let Some(at) = floor.posts.get(post) else { return heads };
        for (tier, slot) in heads.by_tier.iter_mut().enumerate().take(floor.tiers()) {
            let sent = lines.first_sent(tier, post);
            let own = if tier < at.tiers { first_of(lines, tier, &at.skills) } else { None };
            *slot = earlier(own, sent);
        }
        heads
    }

    /// Those a dedicated counter is not for and could serve; `None` at a general counter.
    pub fn others(floor: &Floor, lines: &impl Lines, post: usize) -> Option<Self> {
        let at = floor.posts.get(post).filter(|at| at.tiers < floor.tiers())?;
        let mut heads = Self::default();
        for (tier, slot) in heads.by_tier.iter_mut().enumerate().take(floor.tiers()).skip(at.tiers) {
            *slot = first_of(lines, tier, &at.skills);
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

fn first_of(lines: &impl Lines, tier: usize, skills: &[usize]) -> Option<Waiting> {
    skills.iter().fold(None, |first, service| earlier(first, lines.first(tier, *service)))
}

fn earlier(one: Option<Waiting>, other: Option<Waiting>) -> Option<Waiting> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one.place() <= other.place() { one } else { other }),
        (one, other) => one.or(other),
    }
}
