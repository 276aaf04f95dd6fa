//! `foresight`: general counters by `guard` with margins of its own ([`super::haste`]); a dedicated desk with nobody of its own
//! diverts whom it pays to divert: by the misses that taking this work out of the queue now is expected to save.
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
use super::haste::is_last_moment;
use super::lines::{Lines, Waiting};
use super::reason::Rule;
use crate::ids::TicketId;

/// By how much each diversion of today raises the price, a dedicated desk.
const GROWTH: f64 = 0.6;
/// Misses of those who have not come yet count for so much.
const TRUST: f64 = 0.8;
/// How far ahead those who will come are looked at, and in which steps, in minutes.
const HORIZON_MIN: f64 = 80.0;
const STEP_MIN: f64 = 10.0;
/// Variance of a predicted wait: at once, and more for each minute ahead, in minutes².
const VARIANCE: (f64, f64) = (0.6, 1.8);
/// Who has waited this many times their limit is diverted at any price: late people gain nothing by the rule, and would wait
/// longer than under `guard`.
const LATEST: f64 = 2.0;

/// Whom a free dedicated desk takes over. The saving it is worth is told in thousandths of a miss.
pub(super) fn divert(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<Pick> {
    let at = floor.posts.get(post).filter(|at| at.tiers < floor.tiers())?;
    if let Some((tier, who)) = at_any_price(floor, lines, post, now_ms) {
        return Some(Pick { who, tier, rule: Rule::Diversion, saves_milli: None });
    }
    let scales = Scales::of(floor, lines);
    let Weighed { who, saves, .. } = scales.best(&at.skills, scales.worth_of_a_minute(lines, now_ms), now_ms)?;
    Some(Pick { who, tier: floor.tiers() - 1, rule: Rule::Diversion, saves_milli: Some((saves * 1000.0) as u32) })
}

/// For which services a free dedicated desk would take over somebody more of the lowest tier, who came at `came_ms`, rather than
/// anybody who waits. What their own work adds is left out.
pub(super) fn would_divert(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64, came_ms: i64) -> Vec<usize> {
    let dedicated = floor.posts.get(post).filter(|at| at.tiers < floor.tiers());
    let Some(at) = dedicated.filter(|_| at_any_price(floor, lines, post, now_ms).is_none()) else { return vec![] };
    let scales = Scales::of(floor, lines);
    let worth = scales.worth_of_a_minute(lines, now_ms);
    let most = scales.best(&at.skills, worth, now_ms).map_or(0.0, |best| best.gain);
    let (ahead_min, worth) = scales.at_the_place_of(came_ms, worth, now_ms);
    let due_ms = came_ms + floor.limits_ms[floor.tiers() - 1];
    let one = Waiting { order_ms: came_ms, due_ms, promised_ms: None, ticket: TicketId(u64::MAX), service: 0 };
    let gain = |service: usize| scales.weigh(Waiting { service, ..one }, ahead_min, worth, now_ms).0.gain;
    at.skills.iter().copied().filter(|service| gain(*service) > most).collect()
}

/// What diversions are weighed with at one moment.
struct Scales {
    counters: f64,
    /// Misses that a diversion has to save.
    price: f64,
    limit_min: f64,
    takes_min: Vec<f64>,
    /// The lowest tier, each with the work before them.
    line: Vec<(Waiting, f64)>,
    /// Work of all who wait.
    ahead_min: f64,
}

/// Somebody who was weighed.
#[derive(Clone, Copy)]
struct Weighed {
    who: Waiting,
    /// Misses saved.
    saves: f64,
    /// What that is worth beyond the price, for each minute it takes; no more than 0 when it is not worth it.
    gain: f64,
}

impl Scales {
    fn of(floor: &Floor, lines: &impl Lines) -> Self {
        let lowest = floor.tiers() - 1;
        let outlook = lines.outlook();
        let dedicated = (0..floor.posts.len()).filter(|post| floor.is_dedicated(*post)).count().max(1);
        let first_price = if floor.routing.profile.rescue { 0.0 } else { floor.routing.price };
        let takes_min: Vec<f64> = (0..floor.services).map(|service| outlook.takes_min(service)).collect();

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
            ahead_min += takes_min.get(who.service).copied().unwrap_or(0.0);
        });
        Self {
            counters: outlook.open.max(1) as f64,
            price: first_price * (1.0 + GROWTH * f64::from(outlook.diverted()) / dedicated as f64),
            limit_min: floor.limits_ms[lowest] as f64 / 60_000.0,
            takes_min,
            line,
            ahead_min,
        }
    }

    /// Misses saved for each minute of work taken out of the end of the line.
    fn worth_of_a_minute(&self, lines: &impl Lines, now_ms: i64) -> f64 {
        worth_for_those_to_come(lines, self.ahead_min, self.counters, self.limit_min, now_ms)
    }

    /// The one whom it pays most to divert, if it pays at all, of those who came for one of these services.
    fn best(&self, skills: &[usize], mut worth: f64, now_ms: i64) -> Option<Weighed> {
        let mut best: Option<Weighed> = None;
        // From the youngest: what a minute of work is worth grows with everybody behind it.
        for (who, ahead_min) in self.line.iter().rev() {
            let (weighed, density) = self.weigh(*who, *ahead_min, worth, now_ms);
            let able = skills.binary_search(&who.service).is_ok();
            if able && weighed.gain > 0.0 && best.is_none_or(|best| weighed.gain >= best.gain) {
                best = Some(weighed);
            }
            worth += density / self.counters;
        }
        best
    }

    /// The work before somebody more who came then, and what a minute of it is worth there.
    fn at_the_place_of(&self, came_ms: i64, mut worth: f64, now_ms: i64) -> (f64, f64) {
        let mut at_min = self.ahead_min;
        for (who, ahead_min) in self.line.iter().rev().take_while(|(who, _)| who.order_ms > came_ms) {
            worth += self.weigh(*who, *ahead_min, worth, now_ms).1 / self.counters;
            at_min = *ahead_min;
        }
        (at_min, worth)
    }

    /// What it saves to divert somebody with so much work ahead and a minute behind them worth so much; and the density of their
    /// wait at the limit.
    fn weigh(&self, who: Waiting, ahead_min: f64, worth: f64, now_ms: i64) -> (Weighed, f64) {
        let (left_min, slack_min) = (ahead_min / self.counters, who.slack_ms(now_ms) as f64 / 60_000.0);
        let (late, density) = match slack_min >= 0.0 {
            true => lateness(left_min - slack_min, VARIANCE.0 + VARIANCE.1 * left_min),
            false => (0.0, 0.0),
        };
        let takes_min = self.takes_min.get(who.service).copied().unwrap_or(0.0);
        let saves = late + takes_min * worth;
        let gain = if takes_min > 0.0 { (saves - self.price) / takes_min } else { 0.0 };
        (Weighed { who, saves, gain }, density)
    }
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
        middle.find(|(tier, who)| is_last_moment(floor, lines, *tier, who, now_ms))
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
