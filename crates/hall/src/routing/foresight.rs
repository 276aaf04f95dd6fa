//! `foresight`: general counters by `guard` with its own margins; a dedicated desk with nobody of its own diverts whom it pays to
//! divert: by the misses that taking this work out of the queue now is expected to save.
//!
//! Work taken out shortens every wait behind it until the queue is empty. A wait predicted near the limit is saved by it with
//! the probability density there; summed over those who wait and those who will come, this is the value of a minute of work.
//! Who is late already gains nothing. A diversion is made when it saves more than its price, and of several the one that saves
//! most a minute. The price rises with the day's diversions, so that a quiet day uses cheap ones early and a bad day does not
//! spend dozens.
//!
//! The constants were tuned on generated days; figures in `crates/ARCHITECTURE.md`.

use super::Pick;
use super::floor::Floor;
use super::lines::{Lines, Waiting};
use super::reason::Rule;

/// By how much each diversion of today raises the price, a dedicated desk.
const GROWTH: f64 = 0.6;
/// Misses of those who have not come yet count for so much.
const TRUST: f64 = 0.7;
/// How far ahead those who will come are looked at, and in which steps, in minutes.
const HORIZON_MIN: f64 = 120.0;
const STEP_MIN: f64 = 10.0;
/// Variance of a predicted wait: at once, and more for each minute ahead, in minutes².
const VARIANCE: (f64, f64) = (1.0, 2.0);
/// Who has waited this many times their limit is diverted at any price: late people gain nothing by the rule, and would wait
/// longer than under `guard`.
const LATEST: f64 = 1.8;
/// Somebody of a middle tier with so little left is diverted at any price, in ms.
const LAST_MOMENT_MS: i64 = 120_000;

/// Whom a free dedicated desk takes over. The saving it is worth is told in thousandths of a miss.
pub(super) fn divert(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<Pick> {
    let at = floor.posts.get(post).filter(|at| at.tiers < floor.tiers())?;
    let able = |who: &Waiting| at.skills.binary_search(&who.service).is_ok();
    let lowest = floor.tiers() - 1;
    if let Some((tier, who)) = at_any_price(floor, lines, post, now_ms) {
        return Some(Pick { who, tier, rule: Rule::Diversion, saves_milli: None });
    }
    let outlook = lines.outlook();
    let counters = outlook.open.max(1) as f64;
    let dedicated = (0..floor.posts.len()).filter(|post| floor.is_dedicated(*post)).count().max(1);
    let first_price = if floor.routing.profile.rescue { 0.0 } else { floor.routing.price };
    let price = first_price * (1.0 + GROWTH * f64::from(outlook.diverted()) / dedicated as f64);
    let takes_min: Vec<f64> = (0..floor.services).map(|service| outlook.takes_min(service)).collect();
    let takes = |who: &Waiting| takes_min.get(who.service).copied().unwrap_or(0.0);

    // Work before each of the lowest tier: all who wait of higher ones, then those of their own before them.
    let mut ahead_min = 0.0;
    for tier in 0..lowest {
        for (service, takes_min) in takes_min.iter().enumerate() {
            ahead_min += lines.count(tier, service) as f64 * takes_min;
        }
    }
    let length = (0..floor.services).map(|service| lines.count(lowest, service)).sum();
    let mut line: Vec<(Waiting, f64)> = Vec::with_capacity(length);
    lines.each_in_order(lowest, &mut |who| {
        line.push((who, ahead_min));
        ahead_min += takes(&who);
    });

    let limit_min = floor.limits_ms[lowest] as f64 / 60_000.0;
    let mut worth = worth_for_those_to_come(lines, ahead_min, counters, limit_min, now_ms);
    let mut best: Option<(f64, Pick)> = None;
    // From the youngest: what a minute of work is worth grows with everybody behind it.
    for (who, ahead_min) in line.into_iter().rev() {
        let (left_min, slack_min) = (ahead_min / counters, who.slack_ms(now_ms) as f64 / 60_000.0);
        let (late, density) = match slack_min >= 0.0 {
            true => lateness(left_min - slack_min, VARIANCE.0 + VARIANCE.1 * left_min),
            false => (0.0, 0.0),
        };
        let takes_min = takes(&who);
        let saves = late + takes_min * worth;
        if able(&who) && takes_min > 0.0 && saves > price {
            let gain = (saves - price) / takes_min;
            if best.as_ref().is_none_or(|(most, _)| gain >= *most) {
                let saves_milli = Some((saves * 1000.0) as u32);
                best = Some((gain, Pick { who, tier: lowest, rule: Rule::Diversion, saves_milli }));
            }
        }
        worth += density / counters;
    }
    best.map(|(_, pick)| pick)
}

/// Much too late, or of a middle tier at the last moment.
fn at_any_price(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<(usize, Waiting)> {
    let others = super::Heads::others(floor, lines, post)?;
    let is_latest =
        |tier: usize, who: &Waiting| who.order_ms + (floor.limits_ms[tier] as f64 * LATEST) as i64 <= now_ms;
    let latest = others.iter().filter(|(tier, who)| is_latest(*tier, who)).min_by_key(|(_, who)| who.place());
    let lowest = floor.tiers() - 1;
    latest.or_else(|| {
        let mut middle = others.iter().filter(|(tier, _)| *tier < lowest);
        middle.find(|(_, who)| who.slack_ms(now_ms) <= LAST_MOMENT_MS)
    })
}

/// Misses saved for each minute of work taken out now, of those who have not come yet.
fn worth_for_those_to_come(lines: &impl Lines, queued_min: f64, counters: f64, limit_min: f64, now_ms: i64) -> f64 {
    let outlook = lines.outlook();
    let (mut queued_min, mut worth, mut at_min) = (queued_min, 0.0, 0.5 * STEP_MIN);
    while at_min < HORIZON_MIN {
        let (all, lowest) = outlook.rates(now_ms + (at_min * 60_000.0) as i64, now_ms);
        queued_min += (all * outlook.mix_min() - counters) * STEP_MIN;
        if queued_min <= 0.0 {
            // The queue is gone by then: nothing done now matters beyond.
            break;
        }
        let wait_min = queued_min / counters;
        let (_, density) = lateness(wait_min - limit_min, VARIANCE.0 + VARIANCE.1 * (at_min + wait_min));
        worth += TRUST * lowest * STEP_MIN * density / counters;
        at_min += STEP_MIN;
    }
    worth
}

/// Probability that a wait is late that is predicted so many minutes past the limit, and the density there: a bell with algebraic
/// tails, as steep in the middle as the normal one.
fn lateness(past_min: f64, variance: f64) -> (f64, f64) {
    let square = 1.384 * variance + past_min * past_min;
    let root = square.sqrt();
    (0.5 + 0.5 * past_min / root, 0.692 * variance / (square * root))
}
