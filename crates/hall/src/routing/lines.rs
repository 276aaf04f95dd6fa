//! Who waits, as routing sees it. The live hall and the simulator each keep their queues in their own way; both show them so.

use super::outlook::Outlook;
use crate::ids::TicketId;

/// The queues of a hall, by indices of [`super::Floor`].
pub trait Lines {
    /// Who came first of one tier of those this counter can serve, but for those sent to one counter.
    fn first(&self, tier: usize, post: usize) -> Option<Waiting>;

    /// Who came first of one tier of those sent to this counter.
    fn first_sent(&self, tier: usize, post: usize) -> Option<Waiting>;

    /// How many of one tier wait for one service, but for those sent to one counter.
    fn count(&self, tier: usize, service: usize) -> usize;

    /// Everybody of one tier, first come first, but for those sent to one counter.
    fn each_in_order(&self, tier: usize, each: &mut dyn FnMut(Waiting));

    /// What was learnt, and today.
    fn outlook(&self) -> &Outlook;

    /// How many of one tier were called in the present cycle of `ratio`.
    fn turns_taken(&self, tier: usize) -> u32;
}

/// Somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Their place: when they came, less the head start of priority care, or the booked time of an appointment. UTC ms.
    pub order_ms: i64,
    /// When the limit ends, less the same head start: what rules go by. UTC ms.
    pub due_ms: i64,
    /// When the limit ends as it was promised, UTC ms; none runs for somebody who was called before and came back.
    pub promised_ms: Option<i64>,
    /// Which ticket; of two who came at once the lower id goes first.
    pub ticket: TicketId,
    /// What for: the service's index.
    pub service: usize,
}

impl Waiting {
    /// Time left at `now_ms`, in ms; negative when the limit is passed.
    pub fn slack_ms(&self, now_ms: i64) -> i64 {
        self.due_ms - now_ms
    }

    /// What a tier's queue is sorted by.
    pub fn place(&self) -> (i64, TicketId) {
        (self.order_ms, self.ticket)
    }
}

/// Counts a call of `tier` in the cycle of `ratio`: it begins anew when the lowest tier was called or all turns are used up. Every
/// call counts, chosen by hand or given back too: other counters have gone on in the cycle by then.
pub fn take_turn(taken: &mut [u32], ratio: &[u32], tier: usize) {
    if let Some(count) = taken.get_mut(tier) {
        *count += 1;
    }
    let lowest_called = tier + 1 == taken.len();
    let used_up = taken.iter().zip(ratio).all(|(taken, turns)| taken >= turns);
    if lowest_called || used_up {
        taken.fill(0);
    }
}
