//! The hall as routing sees it: tiers, services and counters as indices, worked out once from the rules.

use super::settings::Routing;
use crate::ids::CounterNumber;
use crate::rules::{CounterKind, Rules};

/// Tiers a hall can have; the configuration refuses more.
pub const MAX_TIERS: usize = 8;

/// Tiers, services and counters of a hall by index.
#[derive(Clone, Debug, PartialEq)]
pub struct Floor {
    /// Waiting limits in order of precedence, in ms.
    pub limits_ms: Vec<i64>,
    /// How many services there are.
    pub services: usize,
    /// What a service is presumed to take, in ms.
    pub typical_ms: Vec<u32>,
    /// Counters, sorted by number.
    pub posts: Vec<Post>,
    /// What the hall has set.
    pub routing: Routing,
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// As on its sign.
    pub number: CounterNumber,
    /// How many tiers it is for, from the first: all at a general counter.
    pub tiers: usize,
    /// What it can do, ascending.
    pub skills: Vec<usize>,
}

impl Floor {
    /// The floor of these rules.
    pub fn of(rules: &Rules) -> Self {
        let tiers = rules.tiers.len().min(MAX_TIERS);
        let post = |counter: &crate::rules::CounterRule| Post {
            number: counter.number,
            tiers: match &counter.kind {
                CounterKind::General => tiers,
                CounterKind::Dedicated(tier) => rules.tier(tier).map_or(0, |(index, _)| (index + 1).min(tiers)),
            },
            skills: (0..rules.services.len())
                .filter(|service| counter.services.contains(&rules.services[*service].id))
                .collect(),
        };
        Self {
            limits_ms: rules.tiers.iter().take(tiers).map(|tier| i64::from(tier.limit_s) * 1000).collect(),
            services: rules.services.len(),
            typical_ms: rules.services.iter().map(|service| service.typical_s * 1000).collect(),
            posts: rules.counters.iter().map(post).collect(),
            routing: rules.routing.clone(),
        }
    }

    /// How many tiers there are.
    pub fn tiers(&self) -> usize {
        self.limits_ms.len()
    }

    /// The index of a counter.
    pub fn post(&self, number: CounterNumber) -> Option<usize> {
        self.posts.binary_search_by_key(&number, |post| post.number).ok()
    }

    /// Whether two counters are for the same tiers and can do the same.
    pub fn is_alike(&self, one: usize, other: usize) -> bool {
        let of = |post: usize| self.posts.get(post).map(|post| (post.tiers, &post.skills));
        of(one) == of(other)
    }

    /// Whether a counter is for one tier and those before it only.
    pub fn is_dedicated(&self, post: usize) -> bool {
        self.posts.get(post).is_some_and(|post| post.tiers < self.tiers())
    }
}
