//! The hall's time at the pace of real time, for lines that are as slow as real ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use crate::rig::Rig;

/// How often the hall's time is moved on. Well below what a driver waits for an answer.
const TICK: Duration = Duration::from_millis(2);

/// The hall's time passes with real time. Dropped, it stands still again.
pub struct RealTime {
    task: AbortHandle,
    keeps_time: Arc<AtomicBool>,
}

impl Rig {
    /// From now on the hall's time passes by itself, as fast as real time: a simulated line at a real speed takes real time, and
    /// in a hall that runs ahead every answer on it would be late.
    pub fn keeps_real_time(&self) -> RealTime {
        self.keeps_time.store(true, Ordering::SeqCst);
        let stepper = Arc::clone(&self.stepper);
        let task = tokio::spawn(async move {
            let begun = Instant::now();
            let mut passed = Duration::ZERO;
            loop {
                tokio::time::sleep(TICK).await;
                // The clock counts whole milliseconds.
                let whole = Duration::from_millis(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
                stepper.pass(whole.saturating_sub(passed));
                passed = whole;
            }
        });
        RealTime { task: task.abort_handle(), keeps_time: Arc::clone(&self.keeps_time) }
    }
}

impl Drop for RealTime {
    fn drop(&mut self) {
        self.task.abort();
        self.keeps_time.store(false, Ordering::SeqCst);
    }
}
