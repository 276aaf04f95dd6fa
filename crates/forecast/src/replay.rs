//! A day over again through the real routing: what would have been called when, and who would have waited too long.
//!
//! The rules of the replay are those the published figures were measured by: every counter is open as the day says and until
//! nobody waits; a called customer who does not come, or whose patience ran out, costs the counter a minute.

use hall::routing::{Floor, Heads, Lines, Outlook, Pick, Rule, Waiting};
use hall::{Rules, TicketId};

use crate::day::{Customer, Day, Staffed};
use crate::learn::{Arrival, Learnt, Observed, Served};
use crate::sim::{Call, Desk, Room, Script, Turn, by_the_rules, run};

/// What a day came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// Every call, in order.
    pub calls: Vec<Called>,
    /// Calls of the lowest tier at general counters while somebody of a higher one waited whom the counter could serve.
    pub inversions: u32,
    /// Calls by dedicated desks of those they are not for (分流).
    pub diverted: u32,
    /// Customers, in the file's order.
    pub outcomes: Vec<Outcome>,
}

/// One call of a replayed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// The customer's row in the file, from 0.
    pub row: usize,
    /// When, in seconds from opening.
    pub called_s: u32,
    /// The counter's index.
    pub post: usize,
    /// Why.
    pub rule: Rule,
}

/// What became of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Their tier.
    pub tier: usize,
    /// From arrival to call, in seconds; `None` when they were never called.
    pub wait_s: Option<u32>,
    /// Whether they count: no-shows do not.
    pub counts: bool,
    /// Whether they were called later than the limit, or waited longer and were never called.
    pub missed: bool,
}

/// What a call of somebody who is not there costs the counter, in seconds.
const NOBODY_CAME_S: u32 = 60;

/// What a hall that opens so many seconds into the day has learnt once it lived these days by its rules.
pub fn taught_by(rules: &Rules, days: impl IntoIterator<Item = Day>, opens_s: u32) -> Learnt {
    let floor = Floor::of(rules);
    let mut learnt = Learnt::nothing_yet(rules);
    for day in days {
        learnt.learn(&replay(&floor, &day).observed(&day, &floor, opens_s));
        learnt.settle();
    }
    learnt
}

/// Replays a day.
pub fn replay(floor: &Floor, day: &Day) -> Replay {
    replay_with(floor, day, by_the_rules)
}

/// Replays a day with another way to choose.
pub fn replay_with(floor: &Floor, day: &Day, choose: impl FnMut(&Room<'_>, usize, Turn) -> Option<Pick>) -> Replay {
    replay_seen(floor, Outlook::presumed(floor), day, choose, &mut ())
}

/// Somebody who looks on while a day is replayed.
pub trait Onlooker {
    /// A customer comes; `room` is as they find it.
    fn comes(&mut self, room: &Room<'_>, row: usize, customer: &Customer) {
        let _ = (room, row, customer);
    }

    /// A customer is called after this wait.
    fn called(&mut self, room: &Room<'_>, row: usize, call: &Call, wait_s: u32) {
        let _ = (room, row, call, wait_s);
    }

    /// When they want to look next, also when nothing happens, in ms from opening.
    fn wakes_ms(&self) -> Option<i64> {
        None
    }

    /// A moment has passed: whoever could be called was. Counters that are opened now call at the next moment.
    fn passed(&mut self, room: &mut Room<'_>) {
        let _ = room;
    }
}

impl Onlooker for () {}

/// Replays a day before somebody's eyes, of which earlier days have taught this much.
pub fn replay_seen(
    floor: &Floor,
    outlook: Outlook,
    day: &Day,
    choose: impl FnMut(&Room<'_>, usize, Turn) -> Option<Pick>,
    onlooker: &mut impl Onlooker,
) -> Replay {
    let mut room = Room::new(floor, 0);
    *room.lines.outlook_mut() = outlook;
    let mut script = DayScript::begin(day, &mut room, choose, onlooker);
    run(&mut room, &mut script);
    let end_s = u32::try_from(room.now_ms / 1000).unwrap_or(0);
    script.told(floor, end_s)
}

/// A day's customers and shifts.
struct DayScript<'d, C, O> {
    day: &'d Day,
    choose: C,
    onlooker: &'d mut O,
    /// Rows in the order of arrival, then tier, service, row: who comes at one moment queues in this order.
    order: Vec<usize>,
    arrived: usize,
    called: usize,
    shifted: usize,
    replay: Replay,
    waits_s: Vec<Option<u32>>,
}

impl<'d, C, O: Onlooker> DayScript<'d, C, O> {
    /// Sets the room to the day's beginning.
    fn begin(day: &'d Day, room: &mut Room<'_>, choose: C, onlooker: &'d mut O) -> Self {
        for (post, desk) in room.desks.iter_mut().enumerate() {
            let open = day.opens_at_once(post);
            *desk = Desk::new(if open { Staffed::Open } else { Staffed::Closed }, 0);
        }
        let mut order: Vec<usize> = (0..day.customers.len()).collect();
        order.sort_by_key(|row| {
            let Customer { arrival_s, tier, service, .. } = day.customers[*row];
            (arrival_s, tier, service, *row)
        });
        let waits_s = vec![None; order.len()];
        Self { day, choose, onlooker, order, arrived: 0, called: 0, shifted: 0, replay: Replay::default(), waits_s }
    }

    /// Who was never called waited until the end.
    fn told(mut self, floor: &Floor, end_s: u32) -> Replay {
        let outcome = |(one, wait_s): (&Customer, &Option<u32>)| {
            let limit_s = floor.limits_ms[one.tier] / 1000;
            let late = i64::from(wait_s.unwrap_or(end_s.saturating_sub(one.arrival_s))) > limit_s;
            Outcome { tier: one.tier, wait_s: *wait_s, counts: !one.no_show, missed: !one.no_show && late }
        };
        self.replay.outcomes = self.day.customers.iter().zip(&self.waits_s).map(outcome).collect();
        self.replay
    }
}

impl<C: FnMut(&Room<'_>, usize, Turn) -> Option<Pick>, O: Onlooker> Script for DayScript<'_, C, O> {
    fn next_ms(&self) -> Option<i64> {
        let arrival = self.order.get(self.arrived).map(|row| self.day.customers[*row].arrival_s);
        let shift = self.day.staffing.get(self.shifted).map(|shift| shift.at_s);
        let next_ms = arrival.into_iter().chain(shift).min().map(ms);
        // Nobody looks at an empty hall after its last customer.
        let wakes_ms = self.onlooker.wakes_ms().filter(|_| next_ms.is_some() || self.called < self.order.len());
        next_ms.into_iter().chain(wakes_ms).min()
    }

    fn act(&mut self, room: &mut Room<'_>) {
        while let Some(shift) = self.day.staffing.get(self.shifted).filter(|shift| ms(shift.at_s) <= room.now_ms) {
            room.desks[shift.post].staff(shift.state, ms(shift.at_s));
            self.shifted += 1;
        }
        while let Some(row) =
            self.order.get(self.arrived).filter(|row| ms(self.day.customers[**row].arrival_s) <= room.now_ms)
        {
            let one = &self.day.customers[*row];
            self.onlooker.comes(room, *row, one);
            let order_ms = ms(one.arrival_s) - ms(one.head_start_s);
            // Ids in the order of arrival: who comes at one moment is told apart by them.
            let ticket = TicketId(self.arrived as u64);
            let limit_ms = room.floor.limits_ms[one.tier];
            let (due_ms, promised_ms) = (order_ms + limit_ms, Some(ms(one.arrival_s) + limit_ms));
            room.lines.outlook_mut().comes(room.floor, one.tier, one.service, ms(one.arrival_s));
            room.lines.add(one.tier, Waiting { order_ms, due_ms, promised_ms, ticket, service: one.service });
            self.arrived += 1;
        }
    }

    fn passed(&mut self, room: &mut Room<'_>) {
        self.onlooker.passed(room);
    }

    fn choose(&mut self, room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
        (self.choose)(room, post, turn)
    }

    fn called(&mut self, room: &Room<'_>, call: &Call) -> i64 {
        let row = self.order[call.pick.who.ticket.0 as usize];
        let one = &self.day.customers[row];
        let called_s = u32::try_from(room.now_ms / 1000).unwrap_or(u32::MAX);
        let wait_s = called_s.saturating_sub(one.arrival_s);
        self.waits_s[row] = Some(wait_s);
        self.called += 1;
        self.onlooker.called(room, row, call, wait_s);
        self.replay.calls.push(Called { row, called_s, post: call.post, rule: call.pick.rule });
        self.replay.diverted += u32::from(call.pick.rule == Rule::Diversion);
        self.replay.inversions += u32::from(is_inversion(room.floor, &room.lines, call.post, call.pick.tier));
        ms(if is_gone(one, wait_s) { NOBODY_CAME_S } else { one.service_s })
    }
}

impl Replay {
    /// What the day teaches a hall whose clock stood at `opened_s` (second of the day) when it opened.
    pub fn observed(&self, day: &Day, floor: &Floor, opened_s: u32) -> Observed {
        let arrivals = day.customers.iter();
        let arrivals = arrivals.map(|one| {
            let Customer { arrival_s, tier, service, .. } = *one;
            Arrival { at_s: opened_s + arrival_s, tier, service }
        });
        let served = self.calls.iter().map(|call| {
            let one = &day.customers[call.row];
            let came = !is_gone(one, call.called_s - one.arrival_s);
            let seconds = if came { one.service_s } else { NOBODY_CAME_S };
            Served { service: one.service, teller: None, seconds, came }
        });
        let last = self.calls.iter().map(|call| call.called_s + day.customers[call.row].service_s).max();
        Observed {
            arrivals: arrivals.collect(),
            served: served.collect(),
            presences: day.presences(floor.posts.len(), opened_s, last.unwrap_or(0)),
        }
    }
}

/// Whether a customer has left, or never came back, when called after this wait.
fn is_gone(one: &Customer, wait_s: u32) -> bool {
    one.no_show || wait_s > one.patience_s
}

/// Whether calling one of `tier` to the counter at `post` passes over somebody of a higher tier whom a general counter could
/// serve.
pub(crate) fn is_inversion(floor: &Floor, lines: &impl Lines, post: usize, tier: usize) -> bool {
    let lowest = floor.tiers() - 1;
    if tier != lowest || floor.is_dedicated(post) {
        return false;
    }
    Heads::own(floor, lines, post).iter().any(|(tier, _)| tier < lowest)
}

fn ms(seconds: u32) -> i64 {
    i64::from(seconds) * 1000
}
