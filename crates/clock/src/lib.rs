//! The one way to ask what time it is and to wait: real time, faster than real, or stepped by a test. The pure rooms never
//! see it; they are given moments.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// A clock, cheap to clone; clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    System,
    Scaled { origin_ms: i64, origin: Instant, speed: f64 },
    Stepped(watch::Receiver<Stepped>),
}

/// What a stepped clock shows, and how much time has really passed on it, both in ms.
#[derive(Clone, Copy, Debug)]
struct Stepped {
    wall_ms: i64,
    passed_ms: i64,
}

/// Moves a stepped clock.
#[derive(Debug)]
pub struct Stepper(watch::Sender<Stepped>);

impl Clock {
    /// The machine's own time.
    pub fn system() -> Self {
        Self(Arc::new(Kind::System))
    }

    /// Starts at `origin_ms` (UTC) and runs `speed` times as fast as real time; `speed` is above 0.
    pub fn scaled(origin_ms: i64, speed: f64) -> Self {
        Self(Arc::new(Kind::Scaled { origin_ms, origin: Instant::now(), speed }))
    }

    /// Stands at `origin_ms` (UTC) until the stepper moves it.
    pub fn stepped(origin_ms: i64) -> (Self, Stepper) {
        let (sender, receiver) = watch::channel(Stepped { wall_ms: origin_ms, passed_ms: 0 });
        (Self(Arc::new(Kind::Stepped(receiver))), Stepper(sender))
    }

    /// Milliseconds since 1970-01-01 00:00 UTC.
    pub fn now_ms(&self) -> i64 {
        match &*self.0 {
            Kind::System => system_ms(),
            Kind::Scaled { origin_ms, origin, speed } => {
                origin_ms + (origin.elapsed().as_secs_f64() * speed * 1000.0) as i64
            }
            Kind::Stepped(now) => now.borrow().wall_ms,
        }
    }

    /// Milliseconds that have passed on this clock since some moment, whatever it was set to meanwhile: a difference from
    /// [`Clock::now_ms`] means that somebody set it.
    pub fn passed_ms(&self) -> i64 {
        let since = |origin: Instant, speed: f64| (origin.elapsed().as_secs_f64() * speed * 1000.0) as i64;
        match &*self.0 {
            Kind::System => since(*STARTED, 1.0),
            Kind::Scaled { origin, speed, .. } => since(*origin, *speed),
            Kind::Stepped(now) => now.borrow().passed_ms,
        }
    }

    /// How much faster than real time this clock runs; a stepped one counts as 1.
    pub fn speed(&self) -> f64 {
        match &*self.0 {
            Kind::Scaled { speed, .. } => *speed,
            Kind::System | Kind::Stepped(_) => 1.0,
        }
    }

    /// Waits until this clock is `duration` further.
    pub async fn sleep(&self, duration: Duration) {
        match &*self.0 {
            Kind::System => tokio::time::sleep(duration).await,
            Kind::Scaled { speed, .. } => tokio::time::sleep(duration.div_f64(*speed)).await,
            Kind::Stepped(now) => {
                let mut now = now.clone();
                let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
                let until = now.borrow().passed_ms.saturating_add(millis);
                // When the stepper is gone nobody moves this clock again: the wait never ends, as on a stopped clock.
                if now.wait_for(|now| now.passed_ms >= until).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

impl Stepper {
    /// Moves the clock forward by `duration` and wakes whoever waited for it.
    pub fn pass(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.0.send_modify(|now| {
            now.wall_ms = now.wall_ms.saturating_add(millis);
            now.passed_ms = now.passed_ms.saturating_add(millis);
        });
    }

    /// Sets the clock, also backwards, as a technician does: no time passes.
    pub fn set(&self, now_ms: i64) {
        self.0.send_modify(|now| now.wall_ms = now_ms);
    }
}

/// When this process first asked how much time has passed.
static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

fn system_ms() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stepped_clock_wakes_sleepers_when_it_is_moved_far_enough() {
        let (clock, stepper) = Clock::stepped(1_000);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(Duration::from_secs(5)).await;
                clock.now_ms()
            }
        });
        tokio::task::yield_now().await;
        stepper.pass(Duration::from_secs(4));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        stepper.pass(Duration::from_secs(1));
        assert_eq!(sleeper.await.unwrap(), 6_000);
    }

    #[test]
    fn setting_a_clock_passes_no_time() {
        let (clock, stepper) = Clock::stepped(1_000);
        stepper.set(90_000_000);
        stepper.pass(Duration::from_secs(1));
        assert_eq!((clock.now_ms(), clock.passed_ms()), (90_001_000, 1_000));
    }

    #[test]
    fn a_scaled_clock_runs_ahead_of_the_real_one() {
        let clock = Clock::scaled(0, 1_000.0);
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        assert!(clock.now_ms() >= 2_000);
        assert!((clock.speed() - 1_000.0).abs() < f64::EPSILON);
    }
}
