//! The forward run: the queue's rule run ahead from the moment a caller enters, many times over.
//!
//! First come, first served, with a head start for priority 2; an agent takes the first caller of a kind the agent takes.
//! Drawn are how long services under way still last, when quiet agents come back, whether agents not seen yet today appear,
//! who gives up, and who comes later and passes.

use fastrand::Rng;

use super::hazard::exponential;
use super::learn::{Learnt, QUEUED_KINDS};
use super::parse::Kind;
use super::scene::{HEAD_START_S, Scene, Waiter, head_start_s};

/// Draws the wait of a caller who enters now, in seconds, sorted.
///
/// Draws in which the caller would have given up first are left out, as only those who were served are judged; where hardly
/// any is left, all count.
pub(super) fn waits(
    learnt: &Learnt,
    scene: &Scene,
    me: &Waiter,
    now_s: u32,
    replications: usize,
    rng: &mut Rng,
) -> Vec<f64> {
    let mut run = Run::of(learnt, scene, me, now_s);
    let (mut stayed, mut all) = (Vec::with_capacity(replications), Vec::with_capacity(replications));
    for _ in 0..replications {
        let patience_s = learnt.patience[usize::from(me.priority)].remaining(0.0, rng);
        let wait_s = run.wait(rng);
        all.push(wait_s);
        if wait_s < patience_s {
            stayed.push(wait_s);
        }
    }
    let mut waits = if stayed.len() * 10 > replications { stayed } else { all };
    waits.sort_by(f64::total_cmp);
    waits
}

/// One scene run ahead; every time here is in seconds from now.
struct Run<'r> {
    learnt: &'r Learnt<'r>,
    scene: &'r Scene<'r>,
    me: &'r Waiter,
    now_s: u32,
    /// Per second, as of now.
    joiners: f64,
    /// Per second, as of now.
    newcomers: f64,
    /// What each agent of the scene takes, by kind.
    takes: Vec<[bool; QUEUED_KINDS.len()]>,
    ahead: Vec<Ahead>,
    /// When each agent takes the next call; agents who appear follow those of the scene.
    free_s: Vec<f64>,
}

/// Somebody who comes before the caller.
struct Ahead {
    /// The place: smaller first.
    key_s: f64,
    joins_s: f64,
    gives_up_s: f64,
    kind: Kind,
    served: bool,
}

impl<'r> Run<'r> {
    fn of(learnt: &'r Learnt, scene: &'r Scene, me: &'r Waiter, now_s: u32) -> Self {
        Self {
            learnt,
            scene,
            me,
            now_s,
            joiners: learnt.joiners.rate(now_s),
            newcomers: learnt.newcomers.rate(now_s),
            takes: scene.agents.iter().map(|agent| learnt.skills.of(agent.name)).collect(),
            ahead: Vec::new(),
            free_s: Vec::new(),
        }
    }

    fn wait(&mut self, rng: &mut Rng) -> f64 {
        self.ahead.clear();
        self.draw_waiting(rng);
        self.draw_joiners(rng);
        self.draw_agents(rng);
        let mut newcomer_s = exponential(rng) / self.newcomers;
        loop {
            let seen = self.free_s.iter().copied().enumerate().min_by(|one, other| one.1.total_cmp(&other.1));
            let (agent, at_s) = match seen {
                Some((index, at_s)) if at_s < newcomer_s => (Some(index), at_s),
                Some(_) | None => (None, newcomer_s),
            };
            // What somebody takes who was not seen before today's scene is not asked: everything.
            let takes = agent.and_then(|index| self.takes.get(index)).copied().unwrap_or([true; QUEUED_KINDS.len()]);
            let Some(kind) = self.serve(at_s, takes) else {
                if takes[self.me.kind as usize] {
                    return at_s;
                }
                if let Some(index) = agent {
                    self.free_s[index] = f64::INFINITY;
                }
                continue;
            };
            let again_s = at_s + self.service(kind, 0, rng) + self.learnt.absence.remaining(0.0, rng);
            match agent {
                Some(index) => self.free_s[index] = again_s,
                None => {
                    self.free_s.push(again_s);
                    newcomer_s = at_s + exponential(rng) / self.newcomers;
                }
            }
        }
    }

    /// Takes the first of those ahead who is there and of a kind that is taken.
    fn serve(&mut self, at_s: f64, takes: [bool; QUEUED_KINDS.len()]) -> Option<Kind> {
        let there = |one: &&mut Ahead| !one.served && one.joins_s <= at_s && one.gives_up_s > at_s;
        let able = self.ahead.iter_mut().filter(there).filter(|one| takes[one.kind as usize]);
        let first = able.min_by(|one, other| one.key_s.total_cmp(&other.key_s))?;
        first.served = true;
        Some(first.kind)
    }

    fn draw_waiting(&mut self, rng: &mut Rng) {
        for one in self.scene.waiting.iter().filter(|one| one.caller != self.me.caller) {
            if one.key_s() <= self.me.key_s() {
                let age_s = f64::from(self.now_s - one.since_s);
                let gives_up_s = self.learnt.patience[usize::from(one.priority)].remaining(age_s, rng);
                let key_s = one.key_s() - f64::from(self.now_s);
                self.ahead.push(Ahead { key_s, joins_s: 0.0, gives_up_s, kind: one.kind, served: false });
            }
        }
    }

    /// Later callers whose head start carries them past.
    fn draw_joiners(&mut self, rng: &mut Rng) {
        let my_key_s = -head_start_s(self.me.priority);
        let mut joins_s = exponential(rng) / self.joiners;
        while joins_s < my_key_s + HEAD_START_S {
            let (kind, priority) = self.draw_caller(rng);
            let key_s = joins_s - head_start_s(priority);
            if key_s < my_key_s {
                let gives_up_s = joins_s + self.learnt.patience[usize::from(priority)].remaining(0.0, rng);
                self.ahead.push(Ahead { key_s, joins_s, gives_up_s, kind, served: false });
            }
            joins_s += exponential(rng) / self.joiners;
        }
    }

    fn draw_caller(&self, rng: &mut Rng) -> (Kind, u8) {
        let mix = &self.learnt.mix;
        let mut left = rng.f64() * mix.iter().flatten().sum::<f64>();
        for (kind, counts) in QUEUED_KINDS.into_iter().zip(mix) {
            for (priority, count) in (0..).zip(counts) {
                left -= count;
                if left < 0.0 {
                    return (kind, priority);
                }
            }
        }
        // Only rounding leads here.
        (Kind::Ordinary, 0)
    }

    fn draw_agents(&mut self, rng: &mut Rng) {
        self.free_s.clear();
        for agent in &self.scene.agents {
            let free_s = match agent.serving {
                Some((since_s, kind)) => {
                    self.service(kind, self.now_s - since_s, rng) + self.learnt.absence.remaining(0.0, rng)
                }
                None => self.learnt.absence.remaining(f64::from(self.now_s - agent.quiet_s), rng),
            };
            self.free_s.push(free_s);
        }
    }

    /// What is left of a service that has lasted `elapsed_s`.
    fn service(&self, kind: Kind, elapsed_s: u32, rng: &mut Rng) -> f64 {
        self.learnt.service[kind as usize].remaining(f64::from(elapsed_s), rng)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Agent;
    use super::*;

    const NOW_S: u32 = 36_000;

    /// The mean wait of a caller of this priority behind ordinary callers who have waited for these seconds.
    fn mean_wait(priority: u8, agents: usize, waited_s: &[u32]) -> f64 {
        let queue = waited_s.iter().enumerate();
        let wait = |(caller, waited_s): (usize, &u32)| (caller, NOW_S - waited_s, 1);
        let all = queue.map(wait).chain([(waited_s.len(), NOW_S, priority)]);
        let waiting: Vec<Waiter> =
            all.map(|(caller, since_s, priority)| Waiter { caller, kind: Kind::Ordinary, priority, since_s }).collect();
        let agent = |_| Agent { name: "BASCH", serving: Some((NOW_S - 10, Kind::Ordinary)), quiet_s: 0 };
        let agents = (0..agents).map(agent).collect();
        let scene = Scene { waiting, agents, ..Scene::default() };
        let me = scene.waiting[waited_s.len()];
        let waits = waits(&Learnt::new(0.95), &scene, &me, NOW_S, 400, &mut Rng::with_seed(1));
        assert!(waits.is_sorted());
        waits.iter().sum::<f64>() / waits.len() as f64
    }

    #[test]
    fn more_people_ahead_make_the_wait_longer_and_more_agents_shorter() {
        assert!(mean_wait(1, 3, &[]) < mean_wait(1, 3, &[60, 40, 20]));
        assert!(mean_wait(1, 6, &[60, 40, 20]) < mean_wait(1, 3, &[60, 40, 20]));
    }

    #[test]
    fn priority_2_passes_those_who_waited_for_less_than_its_head_start() {
        assert!(mean_wait(2, 3, &[60, 40, 20]) < mean_wait(1, 3, &[60, 40, 20]));
        assert!(mean_wait(2, 3, &[60, 40, 20]) < mean_wait(2, 3, &[120, 110, 100]));
    }
}
