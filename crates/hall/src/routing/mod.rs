//! Whom a counter calls next. A profile sees the [`Floor`] and who waits, and answers with one ticket and the reason; it
//! changes nothing and gives the same answer for the same hall and moment.
//!
//! The way of a choice: [`heads`] finds, tier by tier, the customer who came first of those this counter can serve; the hard
//! cap, then the hall's [`profiles`] rule takes one of them; where nobody waits whom a dedicated desk is for, [`pick`] lets
//! it divert (分流); [`foresight`] weighs that, and [`haste`] is its sense of time running out. The day simulator and the
//! forecasts run this very code over their own queues ([`Lines`]).

mod floor;
mod foresight;
mod haste;
mod heads;
mod lines;
mod live;
mod outlook;
mod profiles;
mod reason;
mod settings;

pub use floor::{Floor, MAX_TIERS, Post};
pub use heads::Heads;
pub use lines::{Lines, Waiting, take_turn};
pub use outlook::{Lesson, Outlook};
pub use reason::{Because, Favour, Rule};
pub use settings::{Base, Cap, Margin, Profile, Routing};

/// A profile's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Who.
    pub who: Waiting,
    /// Its tier, as an index in order of precedence.
    pub tier: usize,
    /// Which rule chose it.
    pub rule: Rule,
    /// Misses that a diversion is expected to save, in thousandths, where the rule weighs that.
    pub saves_milli: Option<u32>,
}

/// The ticket that the counter at `post` (index in [`Floor::posts`]) calls next at `now_ms` (UTC), or `None` when nobody waits
/// whom it may serve.
pub fn pick(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<Pick> {
    pick_own(floor, lines, post, now_ms).or_else(|| divert(floor, lines, post, now_ms))
}

/// Like [`pick`], of those only whom the counter is for.
pub fn pick_own(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<Pick> {
    let own = Heads::own(floor, lines, post);
    choose(floor, lines, &own, now_ms)
}

/// Whom a free dedicated desk takes although it is not for them: by the same rule, of those who have no more than the
/// rescue margin left.
///
/// Source: the customer service standard's 分流, §7; a policy with an explicit, logged exception.
pub fn divert(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64) -> Option<Pick> {
    if floor.routing.profile.base == Base::Foresight {
        return foresight::divert(floor, lines, post, now_ms);
    }
    let margin = floor.routing.profile.rescue.then_some(floor.routing.rescue)?;
    let mut others = Heads::others(floor, lines, post)?;
    if let Margin::Within(margin_ms) = margin {
        others.keep(|head| head.slack_ms(now_ms) <= margin_ms);
    }
    choose(floor, lines, &others, now_ms).map(|pick| Pick { rule: Rule::Diversion, ..pick })
}

/// For which services a free dedicated desk would take over somebody more of the lowest tier, who came at `came_ms` (UTC), by
/// `foresight`, rather than anybody who waits.
pub fn foresight_would_divert(floor: &Floor, lines: &impl Lines, post: usize, now_ms: i64, came_ms: i64) -> Vec<usize> {
    foresight::would_divert(floor, lines, post, now_ms, came_ms)
}

/// One of the heads: whoever reached the hard cap first, else whom the rule says.
pub fn choose(floor: &Floor, lines: &impl Lines, heads: &Heads, now_ms: i64) -> Option<Pick> {
    let (tier, rule) =
        profiles::capped(floor, heads, now_ms).or_else(|| profiles::by_rule(floor, lines, heads, now_ms))?;
    heads.of(tier).map(|who| Pick { who, tier, rule, saves_milli: None })
}
