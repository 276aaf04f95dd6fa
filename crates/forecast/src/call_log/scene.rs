//! The call centre at one moment, as it was seen then: who waits, who serves, who was last seen when.

use super::parse::{Caller, Kind};

/// Priorities are below this.
pub(super) const PRIORITIES: usize = 3;
/// By how much a caller of priority 2 is moved ahead in the queue, in seconds (as the log's description states).
pub(super) const HEAD_START_S: f64 = 90.0;

/// One day of the log.
pub(super) struct Day<'m> {
    /// yymmdd.
    pub(super) date: u32,
    pub(super) callers: Vec<&'m Caller>,
}

/// What is known at a moment of the day.
#[derive(Default)]
pub(super) struct Scene<'m> {
    pub(super) waiting: Vec<Waiter>,
    /// All who have taken a call today.
    pub(super) agents: Vec<Agent<'m>>,
    /// When calls of the common queue and those served at once began service, in seconds of the day.
    pub(super) starts_s: Vec<u32>,
    /// How long the last caller waited who entered service from the queue, in seconds.
    pub(super) last_wait_s: u32,
}

/// Somebody in the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    /// Index in the day.
    pub(super) caller: usize,
    pub(super) kind: Kind,
    pub(super) priority: u8,
    pub(super) since_s: u32,
}

/// An agent as the outside sees one: serving since, or quiet since the last call.
pub(super) struct Agent<'m> {
    pub(super) name: &'m str,
    pub(super) serving: Option<(u32, Kind)>,
    /// When the last call ended, in seconds of the day.
    pub(super) quiet_s: u32,
}

/// Something seen, of the caller with this index in the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sight {
    /// A service ends.
    End(usize),
    /// The caller leaves the queue, served or not, or is served at once.
    Leave(usize),
    /// The caller joins the queue.
    Enter(usize),
}

impl Waiter {
    /// The place in the queue: who has the smallest is served first.
    pub(super) fn key_s(&self) -> f64 {
        f64::from(self.since_s) - head_start_s(self.priority)
    }
}

pub(super) fn head_start_s(priority: u8) -> f64 {
    if priority == 2 { HEAD_START_S } else { 0.0 }
}

impl Day<'_> {
    /// What was seen, in order, with seconds of the day; in one second ends come first and entries last.
    pub(super) fn sights(&self) -> Vec<(u32, Sight)> {
        let mut sights = Vec::new();
        for (index, caller) in self.callers.iter().enumerate() {
            let taken = caller.taken_by();
            if caller.queued() {
                sights.push((caller.entry_s, Sight::Enter(index)));
            }
            if caller.queued() || taken.is_some() {
                sights.push((caller.leaves_queue_s(), Sight::Leave(index)));
            }
            if let Some((_, end_s)) = taken {
                sights.push((end_s, Sight::End(index)));
            }
        }
        sights.sort_unstable();
        sights
    }
}

impl<'m> Scene<'m> {
    pub(super) fn see(&mut self, day: &Day<'m>, now_s: u32, sight: Sight) {
        match sight {
            Sight::Enter(index) => {
                let Caller { kind, priority, .. } = *day.callers[index];
                self.waiting.push(Waiter { caller: index, kind, priority, since_s: now_s });
            }
            Sight::Leave(index) => {
                self.waiting.retain(|waiter| waiter.caller != index);
                self.begin(day.callers[index], now_s);
            }
            Sight::End(index) => self.end(day.callers[index], now_s),
        }
    }

    fn begin(&mut self, caller: &'m Caller, now_s: u32) {
        let Some((name, end_s)) = caller.taken_by() else { return };
        // A service that ends in the second it begins has been seen to end already.
        let serving = (end_s > now_s).then_some((now_s, caller.kind));
        match self.agents.iter_mut().find(|agent| agent.name == name) {
            Some(agent) => agent.serving = serving.or(agent.serving),
            None => self.agents.push(Agent { name, serving, quiet_s: now_s }),
        }
        if caller.kind != Kind::Internet {
            self.starts_s.push(now_s);
        }
        if caller.queued() {
            self.last_wait_s = caller.wait_s;
        }
    }

    fn end(&mut self, caller: &Caller, now_s: u32) {
        let Some((name, _)) = caller.taken_by() else { return };
        if let Some(agent) = self.agents.iter_mut().find(|agent| agent.name == name) {
            // The log has calls that overlap: the end of an older one frees nobody.
            agent.serving = agent.serving.filter(|(since_s, _)| *since_s > caller.leaves_queue_s());
            agent.quiet_s = now_s;
        }
    }
}
