//! The wait of one customer: many futures, until they are called in each.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use hall::TicketId;
use hall::routing::Waiting;

use crate::forward::{FUTURE, Forward, Present, Watch};
use crate::learn::Learnt;
use crate::sim::Call;

/// Waits in many futures, sorted, in seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    sorted_s: Vec<f32>,
}

impl Waits {
    /// From waits in any order.
    pub fn of(mut waits_s: Vec<f32>) -> Self {
        waits_s.sort_by(f32::total_cmp);
        Self { sorted_s: waits_s }
    }

    /// The wait that a share of them does not pass, 0 to 1; between two of them by their distance. Nothing waited is 0.
    pub fn quantile(&self, share: f64) -> f64 {
        let Some(last) = self.sorted_s.len().checked_sub(1) else { return 0.0 };
        // The n-th of N stands for the share (n + 1/2) / N.
        let at = (share * self.sorted_s.len() as f64 - 0.5).clamp(0.0, last as f64);
        let (low, high) = (at.floor() as usize, at.ceil() as usize);
        let (one, other) = (f64::from(self.sorted_s[low]), f64::from(self.sorted_s[high]));
        one + (other - one) * at.fract()
    }

    /// The place of a wait among them, 0 to 1. Among equals it is anywhere: `chance` (0 to 1) says where.
    pub fn place_of(&self, wait_s: f64, chance: f64) -> f64 {
        let below = self.sorted_s.partition_point(|value| f64::from(*value) < wait_s) as f64;
        let up_to = self.sorted_s.partition_point(|value| f64::from(*value) <= wait_s) as f64;
        // One wait more than there are futures: the real one is one of them.
        (below + chance * (up_to - below + 1.0)) / (self.sorted_s.len() as f64 + 1.0)
    }

    /// How many futures there were.
    pub fn len(&self) -> usize {
        self.sorted_s.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.sorted_s.is_empty()
    }
}

/// No wait is followed for longer, in ms.
const HORIZON_MS: i64 = 4 * 3_600_000;

/// The waits of somebody of this tier and service who comes now. So many `cores` run the futures, each its share: the answer is
/// the same for any number.
pub fn newcomer(
    learnt: &Learnt,
    present: &Present<'_>,
    tier: usize,
    service: usize,
    futures: usize,
    seed: u64,
    cores: usize,
) -> Waits {
    let mut present = present.clone();
    let now_ms = present.room.now_ms;
    let due_ms = now_ms + present.room.floor.limits_ms.get(tier).copied().unwrap_or(0);
    let who = Waiting { order_ms: now_ms, due_ms, promised_ms: Some(due_ms), ticket: TicketId(FUTURE), service };
    present.room.lines.add(tier, who);
    let waits_s = |share: Range<usize>| -> Vec<f32> {
        let mut forward = Forward::new(learnt, &present, HORIZON_MS).only_before(tier);
        let wait_s = |n: usize| {
            let mut one = One { ticket: who.ticket, called_ms: None };
            forward.once(seed.wrapping_add(n as u64), &mut one);
            (one.called_ms.unwrap_or(now_ms + HORIZON_MS) - now_ms) as f32 / 1000.0
        };
        share.map(wait_s).collect()
    };
    let share = futures.div_ceil(cores.max(1)).max(1);
    let mut shares = (0..futures).step_by(share).map(|from| from..futures.min(from + share));
    let own = shares.next();
    thread::scope(|scope| {
        let others: Vec<_> = shares.map(|share| scope.spawn(|| waits_s(share))).collect();
        let mut all = own.map(&waits_s).unwrap_or_default();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        Waits::of(all)
    })
}

/// Waits for one ticket's call.
struct One {
    ticket: TicketId,
    called_ms: Option<i64>,
}

impl Watch for One {
    fn called(&mut self, now_ms: i64, call: &Call) {
        if call.pick.who.ticket == self.ticket {
            self.called_ms = Some(now_ms);
        }
    }

    fn is_over(&self) -> bool {
        self.called_ms.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_waits_by_their_distance() {
        let waits = Waits::of(vec![40.0, 10.0, 30.0, 20.0]);
        // The n-th of four stands for an eighth, three eighths …
        let told = [0.0, 0.125, 0.25, 0.5, 0.875, 1.0].map(|share| waits.quantile(share));
        assert_eq!(told, [10.0, 10.0, 15.0, 25.0, 40.0, 40.0]);
        assert_eq!(Waits::of(vec![7.0]).quantile(0.9), 7.0);
        assert_eq!(Waits::default().quantile(0.5), 0.0);
    }

    #[test]
    fn the_real_wait_has_its_place_among_the_futures() {
        let waits = Waits::of(vec![10.0, 20.0, 30.0, 40.0]);
        assert_eq!(waits.place_of(5.0, 0.0), 0.0);
        assert_eq!(waits.place_of(25.0, 0.5), 0.5);
        assert_eq!(waits.place_of(99.0, 1.0), 1.0);
    }

    #[test]
    fn among_equals_chance_says_where() {
        // Most need not wait at all: who did not either is anywhere among them.
        let waits = Waits::of(vec![0.0, 0.0, 0.0, 60.0]);
        assert_eq!([0.0, 0.5, 1.0].map(|chance| waits.place_of(0.0, chance)), [0.0, 0.4, 0.8]);
    }

    #[test]
    fn places_of_waits_like_the_futures_are_even() {
        let waits = Waits::of((0..99).map(|n| (n / 3) as f32).collect());
        let mut rng = fastrand::Rng::with_seed(1);
        let places = (0..20_000).map(|_| waits.place_of(f64::from(rng.u32(..33)), rng.f64()));
        let mut tenths = [0; 10];
        places.for_each(|place| tenths[((place * 10.0) as usize).min(9)] += 1);
        assert!(tenths.iter().all(|count| (1_700..2_300).contains(count)), "{tenths:?}");
    }
}
