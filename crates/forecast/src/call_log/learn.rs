//! What earlier days teach: services, absences of agents, patience, who joins the queue, which agent takes what.

use std::collections::BTreeMap;

use super::hazard::{HalfHours, Hazard};
use super::parse::{Caller, Kind};
use super::scene::{Day, PRIORITIES};

/// How many kinds of call agents tell apart.
const KINDS: usize = 4;
/// The kinds of the common queue.
pub(super) const QUEUED_KINDS: [Kind; 3] = [Kind::Ordinary, Kind::New, Kind::Stock];

/// The models, as of the last day they learnt from; each day fades as further ones follow.
pub(super) struct Learnt<'m> {
    /// How long a service takes, by kind.
    pub(super) service: [Hazard; KINDS],
    /// How long an agent is quiet while somebody waits whom the agent takes: wrapping up, pausing, at lunch or gone.
    pub(super) absence: Hazard,
    /// How long callers wait before they give up, by priority.
    pub(super) patience: [Hazard; PRIORITIES],
    /// Agents who take their first call of the day while somebody waits.
    pub(super) newcomers: HalfHours,
    /// Callers who join others in the queue.
    pub(super) joiners: HalfHours,
    /// Queued callers by kind and priority.
    pub(super) mix: [[f64; PRIORITIES]; QUEUED_KINDS.len()],
    pub(super) skills: Skills<'m>,
    pub(super) mean_service_s: f64,
    keep: f64,
}

/// Which kinds an agent takes, told from what each has taken.
#[derive(Default)]
pub(super) struct Skills<'m> {
    by_agent: BTreeMap<&'m str, [f64; KINDS]>,
    all: [f64; KINDS],
}

impl Skills<'_> {
    /// Less than a tenth of the fair share of a kind means the agent does not take it.
    pub(super) fn takes(&self, agent: &str, kind: Kind) -> bool {
        let Some(taken) = self.by_agent.get(agent) else { return true };
        let kind = kind as usize;
        let share = (self.all[kind] + 1.0) / (self.all.iter().sum::<f64>() + 4.0);
        taken[kind] + 4.0 * share >= 0.1 * share * (taken.iter().sum::<f64>() + 4.0)
    }

    pub(super) fn of(&self, agent: &str) -> [bool; QUEUED_KINDS.len()] {
        QUEUED_KINDS.map(|kind| self.takes(agent, kind))
    }
}

impl<'m> Learnt<'m> {
    /// Before the first day; `keep` (0 to 1) is what a day still counts when another has passed.
    pub(super) fn new(keep: f64) -> Self {
        Self {
            service: std::array::from_fn(|_| Hazard::new(180.0)),
            absence: Hazard::new(30.0),
            patience: std::array::from_fn(|_| Hazard::new(600.0)),
            newcomers: HalfHours::new(3600.0),
            joiners: HalfHours::new(1800.0),
            mix: [[1.0; PRIORITIES]; QUEUED_KINDS.len()],
            skills: Skills::default(),
            mean_service_s: 180.0,
            keep,
        }
    }

    /// Learns from a day that is over.
    pub(super) fn day(&mut self, day: &Day<'m>) {
        let keep = self.keep;
        self.hazards().for_each(|hazard| hazard.fade(keep));
        [&mut self.newcomers, &mut self.joiners].into_iter().for_each(|rate| rate.fade(keep));
        let queue = Queue::of(day);
        self.queued(day, &queue);
        let mut by_agent: BTreeMap<&'m str, Vec<Call>> = BTreeMap::new();
        for caller in &day.callers {
            if let Some((agent, end_s)) = caller.taken_by() {
                by_agent.entry(agent).or_default().push(Call { caller, end_s });
            }
        }
        self.services(&by_agent);
        for (agent, calls) in &mut by_agent {
            calls.sort_by_key(|call| call.start_s());
            self.absences(agent, calls, &queue);
        }
        self.hazards().for_each(Hazard::refresh);
    }

    fn hazards(&mut self) -> impl Iterator<Item = &mut Hazard> {
        self.service.iter_mut().chain(&mut self.patience).chain([&mut self.absence])
    }

    fn queued(&mut self, day: &Day, queue: &Queue) {
        for caller in day.callers.iter().filter(|caller| caller.queued()) {
            self.patience[usize::from(caller.priority)].observe(f64::from(caller.wait_s), caller.service.is_none());
            self.mix[caller.kind as usize][usize::from(caller.priority)] += 1.0;
            if caller.entry_s.checked_sub(1).is_some_and(|before_s| queue.anybody(before_s)) {
                self.joiners.count(caller.entry_s);
            }
        }
        for second in (0..=queue.end_s).filter(|second| queue.anybody(*second)) {
            self.joiners.expose(second);
            self.newcomers.expose(second);
        }
    }

    fn services(&mut self, by_agent: &BTreeMap<&'m str, Vec<Call<'m>>>) {
        let (mut count, mut sum_s) = (0, 0.0);
        for (agent, calls) in by_agent {
            let taken = self.skills.by_agent.entry(agent).or_default();
            for call in calls {
                let kind = call.caller.kind;
                taken[kind as usize] += 1.0;
                self.skills.all[kind as usize] += 1.0;
                let service_s = f64::from(call.end_s - call.start_s());
                self.service[kind as usize].observe(service_s, true);
                if kind != Kind::Internet {
                    count += 1;
                    sum_s += service_s;
                }
            }
        }
        if count > 20 {
            self.mean_service_s = 0.8 * self.mean_service_s + 0.2 * sum_s / f64::from(count);
        }
    }

    /// An absence is exposed to its end in those seconds only in which somebody waits whom the agent takes: a caller who has
    /// to wait proves that nobody is idle.
    fn absences(&mut self, agent: &str, calls: &[Call], queue: &Queue) {
        let takes = self.skills.of(agent);
        let mut calls = calls.iter().peekable();
        if let Some(first) = calls.peek().filter(|call| call.caller.queued()) {
            self.newcomers.count(first.start_s());
        }
        while let Some(call) = calls.next() {
            let next = calls.peek();
            let until_s = next.map_or(queue.end_s, |next| next.start_s().max(call.end_s));
            for second in (call.end_s..until_s).filter(|second| queue.wants(*second, takes)) {
                self.absence.expose(f64::from(second - call.end_s), 1.0);
            }
            // Back at work: a call from the queue, or one served at once while others wait.
            if next.is_some_and(|next| next.caller.queued() || queue.wants(until_s, takes)) {
                let away_s = f64::from(until_s - call.end_s);
                self.absence.expose(away_s, 0.5);
                self.absence.end(away_s);
            }
        }
    }
}

/// A call an agent took.
struct Call<'m> {
    caller: &'m Caller,
    end_s: u32,
}

impl Call<'_> {
    fn start_s(&self) -> u32 {
        self.caller.leaves_queue_s()
    }
}

/// How many of each kind waited in each second of a day.
struct Queue {
    waiting: Vec<[u16; QUEUED_KINDS.len()]>,
    /// When the last thing was seen, in seconds of the day.
    end_s: u32,
}

impl Queue {
    fn of(day: &Day) -> Self {
        let ends = |caller: &&Caller| caller.taken_by().map_or(0, |(_, end_s)| end_s).max(caller.leaves_queue_s());
        let end_s = day.callers.iter().copied().map(|caller| ends(&caller)).max().unwrap_or(0);
        let mut waiting = vec![[0; QUEUED_KINDS.len()]; end_s as usize + 1];
        for caller in day.callers.iter().filter(|caller| caller.queued()) {
            for second in &mut waiting[caller.entry_s as usize..caller.leaves_queue_s() as usize] {
                second[caller.kind as usize] += 1;
            }
        }
        Self { waiting, end_s }
    }

    fn anybody(&self, second: u32) -> bool {
        self.wants(second, [true; QUEUED_KINDS.len()])
    }

    /// Whether somebody waits in this second, up to the last of the day, of a kind that is taken.
    fn wants(&self, second: u32, takes: [bool; QUEUED_KINDS.len()]) -> bool {
        self.waiting[second as usize].iter().zip(takes).any(|(waiting, taken)| *waiting > 0 && taken)
    }
}
