//! `foresight`: from when a tier's first customer goes before higher tiers, and from when a dedicated desk takes a middle tier.
//!
//! What counts is when a counter comes free, and that depends on the hall: one in three is awaited longer than one in fourteen. So
//! time left is measured in *turns*, the time from one general counter that comes free to the next. Of a middle tier that has come
//! in a bunch all must be called in time, not only the first: each needs its turns before the next one gets theirs.
//!
//! The constants were tuned on generated days; figures in `crates/ARCHITECTURE.md`.

use super::floor::Floor;
use super::lines::{Lines, Waiting};

/// How many turns somebody's call may take once it is urgent.
const TURNS: f64 = 2.5;
/// General counters call this part of the limit earlier than the turns ask for.
const RESERVE: i64 = 6;

/// Whether general counters call a tier's first customer before higher tiers.
pub(super) fn is_urgent(floor: &Floor, lines: &impl Lines, tier: usize, head: &Waiting, now_ms: i64) -> bool {
    runs_out(floor, lines, tier, head.slack_ms(now_ms) - floor.limits_ms[tier] / RESERVE)
}

/// Whether a free dedicated desk takes a tier's first customer at any price: the general counters will hardly be in time.
pub(super) fn is_last_moment(floor: &Floor, lines: &impl Lines, tier: usize, head: &Waiting, now_ms: i64) -> bool {
    runs_out(floor, lines, tier, head.slack_ms(now_ms))
}

/// Whether a tier whose first customer has so much time left must be called now, for their sake or for those behind them.
fn runs_out(floor: &Floor, lines: &impl Lines, tier: usize, left_ms: i64) -> bool {
    let outlook = lines.outlook();
    let each_ms = (outlook.mix_min() / outlook.open_general.max(1) as f64 * TURNS * 60_000.0) as i64;
    let spare_ms = left_ms - each_ms;
    let is_middle = tier > 0 && tier + 1 < floor.tiers();
    if spare_ms <= 0 || !is_middle {
        return spare_ms <= 0;
    }
    let waiting: usize = (0..floor.services).map(|service| lines.count(tier, service)).sum();
    // Most often there are too few to matter, and nobody needs to be looked at.
    waiting as i64 * each_ms > spare_ms && bunched_ms(lines, tier, each_ms) >= spare_ms
}

/// By how much sooner the first of a tier must be called so that each of the others is in time, when each takes so long.
fn bunched_ms(lines: &impl Lines, tier: usize, each_ms: i64) -> i64 {
    let (mut first_ms, mut before_ms, mut sooner_ms) = (None, 0, 0);
    lines.each_in_order(tier, &mut |who| {
        let later_ms = who.due_ms - *first_ms.get_or_insert(who.due_ms);
        sooner_ms = sooner_ms.max(before_ms - later_ms);
        before_ms += each_ms;
    });
    sooner_ms
}
