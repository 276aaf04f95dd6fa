//! The classical estimators, one figure each, from the scene at the moment of entry (Whitt 1999, *Predicting Queueing
//! Delays*; Ibrahim and Whitt 2009, *Real-time delay estimation based on delay history*).

use super::scene::{Scene, Waiter};

/// An agent whose last call ended within these seconds is still there.
const RECENT_S: u32 = 300;
/// Over how long the rate of calls is taken, in seconds.
const RATE_S: u32 = 1800;

/// How long the last one waited who entered service, in seconds (LES).
pub(super) fn last_to_enter_service(scene: &Scene) -> f64 {
    f64::from(scene.last_wait_s)
}

/// How long the head of the line has waited, in seconds (HOL); 0 when nobody else waits.
pub(super) fn head_of_line(scene: &Scene, me: &Waiter, now_s: u32) -> f64 {
    let others = scene.waiting.iter().filter(|waiter| waiter.caller != me.caller);
    f64::from(others.map(|waiter| now_s - waiter.since_s).max().unwrap_or(0))
}

/// Place in the queue × mean service time / agents of the last five minutes, in seconds.
pub(super) fn queue_by_agents(scene: &Scene, me: &Waiter, now_s: u32, mean_service_s: f64) -> f64 {
    let there = |quiet_s: u32| quiet_s + RECENT_S > now_s;
    let agents = scene.agents.iter().filter(|agent| agent.serving.is_some() || there(agent.quiet_s)).count();
    place(scene, me) * mean_service_s / agents.max(1) as f64
}

/// Place in the queue / rate of service starts over half an hour, in seconds.
pub(super) fn queue_by_call_rate(scene: &Scene, me: &Waiter, now_s: u32) -> f64 {
    let starts = scene.starts_s.iter().rev().take_while(|start_s| **start_s + RATE_S > now_s).count();
    place(scene, me) * f64::from(RATE_S) / starts.max(1) as f64
}

/// Those who are served before this caller by the stated rule, and the caller.
fn place(scene: &Scene, me: &Waiter) -> f64 {
    scene.waiting.iter().filter(|waiter| waiter.key_s() <= me.key_s()).count() as f64
}
