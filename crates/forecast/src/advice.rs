//! What to do about trouble ahead: each step is tried in the same futures as doing nothing, and told with what it changes.

use hall::Rules;
use hall::routing::{Lines, Waiting};

use crate::day::Staffed;
use crate::forward::Present;
use crate::learn::Learnt;
use crate::prospect::expected_misses;

/// Something that can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open this closed counter (index).
    Open(usize),
    /// End the pause of this counter (index).
    EndPause(usize),
    /// Send customers of this service (index) to self-service.
    SelfService(usize),
}

/// A step and what it is expected to change within the next two hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// What to do.
    pub step: Step,
    /// Limits that will be missed when nothing is done, by tier.
    pub before: Vec<f64>,
    /// Limits that will be missed all the same, by tier.
    pub after: Vec<f64>,
}

/// Advice looks so far ahead, in ms: what is done now is felt by those whose limit ends later than the next half hour.
pub const WINDOW_MS: i64 = 120 * 60_000;
/// Futures each step is tried in, while few wait.
pub const FUTURES: usize = 60;
/// A step is worth telling that saves so many misses, and this share of them.
const WORTH: (f64, f64) = (0.8, 0.05);
/// Nobody is told more steps at once.
const MOST: usize = 3;
/// Fewer who wait for a service are not worth sending on.
const QUEUED: usize = 3;

/// The steps worth taking now, the best first. `self_service` are the services (indices) that customers can do themselves.
pub fn advise(
    learnt: &Learnt,
    present: &Present<'_>,
    self_service: &[usize],
    futures: usize,
    seed: u64,
) -> Vec<Advice> {
    let misses = |present: &Present<'_>| expected_misses(learnt, present, WINDOW_MS, futures, seed);
    let before = misses(present);
    let all: f64 = before.iter().sum();
    if all < WORTH.0 {
        return vec![];
    }
    let mut advice: Vec<Advice> = steps(present, self_service)
        .into_iter()
        .map(|step| Advice { step, before: before.clone(), after: misses(&taken(present, step)) })
        .filter(|advice| advice.saves() >= WORTH.0.max(all * WORTH.1))
        .collect();
    advice.sort_by(|one, other| other.saves().total_cmp(&one.saves()));
    advice.truncate(MOST);
    advice
}

/// The services (indices) that customers of this hall can do themselves.
pub fn self_service(rules: &Rules) -> Vec<usize> {
    let services = rules.services.iter().enumerate();
    services.filter(|(_, service)| service.self_service.is_some()).map(|(index, _)| index).collect()
}

impl Advice {
    /// Misses that the step saves in the whole hall.
    pub fn saves(&self) -> f64 {
        self.before.iter().sum::<f64>() - self.after.iter().sum::<f64>()
    }

    /// Misses that it saves of one tier.
    pub fn saves_of(&self, tier: usize) -> f64 {
        let of = |misses: &[f64]| misses.get(tier).copied().unwrap_or(0.0);
        of(&self.before) - of(&self.after)
    }
}

/// What can be done: of closed counters that can do the same one stands for all.
fn steps(present: &Present<'_>, self_service: &[usize]) -> Vec<Step> {
    let (room, floor) = (&present.room, present.room.floor);
    let mut steps: Vec<Step> = vec![];
    for (post, desk) in room.desks.iter().enumerate() {
        let like = |step: &Step| matches!(step, Step::Open(other) if floor.is_alike(post, *other));
        match desk.staffed {
            Staffed::Open => {}
            Staffed::Paused => steps.push(Step::EndPause(post)),
            Staffed::Closed if steps.iter().any(like) => {}
            Staffed::Closed => steps.push(Step::Open(post)),
        }
    }
    let queued = |service: &usize| (0..floor.tiers()).map(|tier| room.lines.count(tier, *service)).sum::<usize>();
    let crowded = self_service.iter().copied().filter(|service| queued(service) >= QUEUED);
    steps.extend(crowded.map(Step::SelfService));
    steps
}

/// The present after a step.
fn taken<'f>(present: &Present<'f>, step: Step) -> Present<'f> {
    let mut after = present.clone();
    let room = &mut after.room;
    match step {
        Step::Open(post) | Step::EndPause(post) => room.desks[post].staff(Staffed::Open, room.now_ms),
        Step::SelfService(service) => {
            for tier in 0..room.floor.tiers() {
                let waiting: Vec<Waiting> = room.lines.waiting_for(tier, service).collect();
                // Every second one goes: a machine is not for everybody.
                waiting.iter().step_by(2).for_each(|who| {
                    room.lines.remove(tier, *who);
                });
            }
        }
    }
    after
}
