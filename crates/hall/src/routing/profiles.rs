//! The rules themselves: which tier's first customer is called. Ties go by arrival, then by ticket.

use std::cmp::Reverse;

use super::floor::Floor;
use super::haste::is_urgent;
use super::heads::Heads;
use super::lines::{Lines, Waiting};
use super::reason::Rule;
use super::settings::{Base, Cap};

/// Who reached the hard cap first, if anybody has.
pub(super) fn capped(floor: &Floor, heads: &Heads, now_ms: i64) -> Option<(usize, Rule)> {
    let Cap::Times(times) = floor.routing.cap() else { return None };
    // Measured from the place in the queue, which carries the head start of priority care.
    let reached_ms = |tier: usize, head: &Waiting| head.order_ms + (floor.limits_ms[tier] as f64 * times) as i64;
    let over = heads.iter().map(|(tier, head)| (reached_ms(tier, &head), head.place(), tier));
    over.filter(|(reached_ms, ..)| *reached_ms <= now_ms).min().map(|(.., tier)| (tier, Rule::Cap))
}

/// The tier whose first customer the hall's rule calls, and why.
pub(super) fn by_rule(floor: &Floor, lines: &impl Lines, heads: &Heads, now_ms: i64) -> Option<(usize, Rule)> {
    match floor.routing.profile.base {
        Base::Fcfs => first_by(heads, |_, head| head.place()).map(|tier| (tier, Rule::Arrival)),
        Base::Strict => precedence(heads),
        Base::Ratio => ratio(floor, lines, heads).map(|tier| (tier, Rule::Turn)),
        Base::Accumulating => {
            let weight = |tier: usize| i64::from(floor.routing.weights.get(tier).copied().unwrap_or(1));
            let claim = |tier, head: &Waiting| (Reverse(weight(tier) * (now_ms - head.order_ms)), head.place());
            first_by(heads, claim).map(|tier| (tier, Rule::Claim))
        }
        Base::Edf => first_by(heads, |_, head| (head.due_ms, head.place())).map(|tier| (tier, Rule::Deadline)),
        Base::Guard => {
            guard(heads, |tier, head| head.slack_ms(now_ms) <= floor.routing.margins_ms.get(tier).copied().unwrap_or(0))
        }
        // Where diversions are free, the top tier is never kept waiting for others either.
        Base::Foresight => guard(heads, |tier, head| {
            (tier == 0 && floor.routing.profile.rescue) || is_urgent(floor, lines, tier, head, now_ms)
        }),
    }
}

fn precedence(heads: &Heads) -> Option<(usize, Rule)> {
    heads.iter().next().map(|(tier, _)| (tier, Rule::Precedence))
}

/// The first tier whose first customer's time is running out, else precedence.
fn guard(heads: &Heads, is_urgent: impl Fn(usize, &Waiting) -> bool) -> Option<(usize, Rule)> {
    let urgent = heads.iter().find(|(tier, head)| is_urgent(*tier, head));
    urgent.map(|(tier, _)| (tier, Rule::Urgent)).or_else(|| precedence(heads))
}

/// The first tier with turns left in the cycle; where none has any, the first that waits.
fn ratio(floor: &Floor, lines: &impl Lines, heads: &Heads) -> Option<usize> {
    let has_turns = |tier: usize| floor.routing.ratio.get(tier).is_some_and(|turns| lines.turns_taken(tier) < *turns);
    heads.iter().find(|(tier, _)| has_turns(*tier)).or_else(|| heads.iter().next()).map(|(tier, _)| tier)
}

fn first_by<K: Ord>(heads: &Heads, key: impl Fn(usize, &Waiting) -> K) -> Option<usize> {
    heads.iter().min_by_key(|(tier, head)| key(*tier, head)).map(|(tier, _)| tier)
}
