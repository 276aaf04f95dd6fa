//! Answers of the directory in the network, remembered for a while under hashes of the numbers they are about.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::Known;
use super::keyed::Hashed;

/// Answers remembered at a time; a busy hall sees some thousands of customers a day.
const MOST: usize = 10_000;

/// What was answered of late, also that somebody is not known.
pub(super) struct Memory {
    kept_for: Duration,
    answers: HashMap<Hashed, (Option<Known>, Instant)>,
    /// In the order in which they came.
    order: VecDeque<(Hashed, Instant)>,
}

impl Memory {
    pub(super) fn new(kept_for: Duration) -> Self {
        Self { kept_for, answers: HashMap::new(), order: VecDeque::new() }
    }

    /// The answer that was given of late; the inner `None`: not known.
    pub(super) fn recall(&self, who: &Hashed, now: Instant) -> Option<Option<Known>> {
        let (answer, at) = self.answers.get(who)?;
        (now.saturating_duration_since(*at) < self.kept_for).then(|| answer.clone())
    }

    pub(super) fn note(&mut self, who: Hashed, answer: Option<Known>, now: Instant) {
        if self.kept_for.is_zero() {
            return;
        }
        self.answers.insert(who, (answer, now));
        self.order.push_back((who, now));
        while self.order.len() > MOST {
            let Some((oldest, at)) = self.order.pop_front() else { return };
            // Unless it was answered again since.
            if self.answers.get(&oldest).is_some_and(|(_, latest)| *latest == at) {
                self.answers.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(n: usize) -> Hashed {
        (n as u128).to_le_bytes()
    }

    fn vip() -> Option<Known> {
        Some(Known { tier: "vip".into(), level: None })
    }

    #[test]
    fn answers_of_both_kinds_are_remembered_for_their_time() {
        let now = Instant::now();
        let minute = Duration::from_secs(60);
        let mut memory = Memory::new(10 * minute);
        memory.note(who(1), vip(), now);
        memory.note(who(2), None, now);
        assert_eq!(memory.recall(&who(1), now + 9 * minute), Some(vip()));
        assert_eq!(memory.recall(&who(2), now + 9 * minute), Some(None));
        assert_eq!(memory.recall(&who(3), now), None);
        assert_eq!(memory.recall(&who(1), now + 10 * minute), None);
        memory.note(who(1), None, now + 10 * minute);
        assert_eq!(memory.recall(&who(1), now + 19 * minute), Some(None));
    }

    #[test]
    fn the_oldest_answers_make_room_and_not_one_that_was_given_again() {
        let now = Instant::now();
        let mut memory = Memory::new(Duration::from_secs(3600));
        for n in 0..MOST {
            memory.note(who(n), vip(), now + Duration::from_millis(n as u64));
        }
        let later = now + Duration::from_secs(100);
        memory.note(who(0), None, later);
        memory.note(who(MOST), vip(), later);
        assert_eq!(memory.recall(&who(0), later), Some(None));
        assert_eq!(memory.recall(&who(1), later), None);
        assert_eq!(memory.recall(&who(MOST), later), Some(vip()));
        assert!(memory.answers.len() <= MOST && memory.order.len() == MOST);
    }

    #[test]
    fn a_hall_that_wants_nothing_remembered_asks_each_time() {
        let now = Instant::now();
        let mut memory = Memory::new(Duration::ZERO);
        memory.note(who(1), vip(), now);
        assert_eq!(memory.recall(&who(1), now), None);
        assert!(memory.order.is_empty());
    }
}
