//! What a side came to in figures, and as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Sides;
use super::paired::Paired;
use super::side::Side;

/// The figures of one tier.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TierFigures {
    /// Its id.
    pub(super) id: String,
    /// Its waiting limit, in seconds.
    pub(super) limit_s: u32,
    /// Who counts: no no-shows.
    pub(super) customers: u64,
    /// Called later than the limit, or never.
    pub(super) missed: u64,
    /// Never called: their wait is in neither of the next two.
    pub(super) never_called: u64,
    /// Mean wait of those who were called, in seconds.
    pub(super) wait_mean_s: Option<f64>,
    /// Worst of them.
    pub(super) wait_worst_s: Option<u32>,
}

/// The figures of one side; the JSON that others rely on.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figures {
    pub(super) profile: String,
    pub(super) days: usize,
    pub(super) customers: u64,
    pub(super) missed: u64,
    customers_by_tier: BTreeMap<String, u64>,
    missed_by_tier: BTreeMap<String, u64>,
    never_called_by_tier: BTreeMap<String, u64>,
    pub(super) per_1000: f64,
    wait_mean_s_by_tier: BTreeMap<String, Option<f64>>,
    wait_worst_s_by_tier: BTreeMap<String, Option<u32>>,
    pub(super) inversions: u64,
    pub(super) diverted: u64,
    pub(super) decision_p99_us: Option<f64>,
    /// In order of precedence.
    #[serde(skip)]
    pub(super) tiers: Vec<TierFigures>,
}

impl Figures {
    /// Of a side.
    pub(super) fn of(side: &Side) -> Self {
        let tiers: Vec<TierFigures> = (0..side.hall.rules.tiers.len()).map(|tier| tier_figures(side, tier)).collect();
        let customers = tiers.iter().map(|tier| tier.customers).sum();
        let missed = tiers.iter().map(|tier| tier.missed).sum();
        Self {
            profile: side.profile.clone(),
            days: side.days.len(),
            customers,
            missed,
            customers_by_tier: tiers.iter().map(|tier| (tier.id.clone(), tier.customers)).collect(),
            missed_by_tier: tiers.iter().map(|tier| (tier.id.clone(), tier.missed)).collect(),
            never_called_by_tier: tiers.iter().map(|tier| (tier.id.clone(), tier.never_called)).collect(),
            per_1000: per_1000(missed, customers),
            wait_mean_s_by_tier: tiers.iter().map(|tier| (tier.id.clone(), tier.wait_mean_s)).collect(),
            wait_worst_s_by_tier: tiers.iter().map(|tier| (tier.id.clone(), tier.wait_worst_s)).collect(),
            inversions: side.replays.iter().map(|replay| u64::from(replay.inversions)).sum(),
            diverted: side.replays.iter().map(|replay| u64::from(replay.diverted)).sum(),
            decision_p99_us: side.decision_p99_us,
            tiers,
        }
    }
}

/// Misses per thousand customers.
pub(super) fn per_1000(missed: u64, customers: u64) -> f64 {
    if customers == 0 { 0.0 } else { 1000.0 * missed as f64 / customers as f64 }
}

/// One side's figures alone; of several sides each by its name, and the difference.
pub(super) fn report(sides: &Sides) -> Value {
    let Some((from, to)) = sides.pair() else { return json!(Figures::of(&sides.replayed)) };
    let mut report: serde_json::Map<String, Value> =
        sides.all().map(|side| (side.name.to_owned(), json!(Figures::of(side)))).collect();
    let mut difference = less(&json!(Figures::of(to)), &json!(Figures::of(from)));
    difference["from"] = json!(from.name);
    difference["to"] = json!(to.name);
    if let Some(paired) = Paired::of(from, to) {
        difference["paired_by_day"] = json!(paired);
    }
    report.insert("difference".to_owned(), difference);
    Value::Object(report)
}

/// Number by number, through objects; what is no number on both sides is left out.
fn less(one: &Value, other: &Value) -> Value {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return Value::Null };
    let members = one.iter().filter_map(|(name, value)| {
        let before = other.get(name)?;
        let difference = match (value.as_i64(), before.as_i64()) {
            (Some(value), Some(before)) => json!(value - before),
            (None, _) | (_, None) if value.is_object() => less(value, before),
            (None, _) | (_, None) => json!(value.as_f64()? - before.as_f64()?),
        };
        Some((name.clone(), difference))
    });
    Value::Object(members.collect())
}

fn tier_figures(side: &Side, tier: usize) -> TierFigures {
    let rule = &side.hall.rules.tiers[tier];
    let outcomes =
        || side.replays.iter().flat_map(|replay| &replay.outcomes).filter(|one| one.tier == tier && one.counts);
    let waits = || outcomes().filter_map(|one| one.wait_s);
    let called = waits().count();
    let waited_s: u64 = waits().map(u64::from).sum();
    TierFigures {
        id: rule.id.as_str().to_owned(),
        limit_s: rule.limit_s,
        customers: outcomes().count() as u64,
        missed: outcomes().filter(|one| one.missed).count() as u64,
        never_called: outcomes().filter(|one| one.wait_s.is_none()).count() as u64,
        wait_mean_s: (called > 0).then(|| waited_s as f64 / called as f64),
        wait_worst_s: waits().max(),
    }
}
