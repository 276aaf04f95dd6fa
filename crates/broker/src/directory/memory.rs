//! Answers of the directory in the network, remembered for a while under hashes of the numbers they are about.

use std::collections::{HashMap, VecDeque};

use super::Known;
use super::keyed::Hashed;

/// Answers remembered at a time; a busy hall sees some thousands of customers a day.
const MOST: usize = 10_000;

/// What was answered of late, also that somebody is not known.
pub(super) struct Memory {
    kept_ms: i64,
    answers: HashMap<Hashed, (Option<Known>, i64)>,
    /// In the order in which they came.
    order: VecDeque<(Hashed, i64)>,
}

impl Memory {
    /// Remembers each answer for so long, in ms; 0: not at all.
    pub(super) fn new(kept_ms: i64) -> Self {
        Self { kept_ms, answers: HashMap::new(), order: VecDeque::new() }
    }

    /// The answer that was given of late; the inner `None`: not known.
    pub(super) fn recall(&self, who: &Hashed, now_ms: i64) -> Option<Option<Known>> {
        let (answer, at_ms) = self.answers.get(who)?;
        // A clock that was set back makes nothing last longer.
        (0..self.kept_ms).contains(&(now_ms - at_ms)).then(|| answer.clone())
    }

    pub(super) fn note(&mut self, who: Hashed, answer: Option<Known>, now_ms: i64) {
        if self.kept_ms == 0 {
            return;
        }
        self.answers.insert(who, (answer, now_ms));
        self.order.push_back((who, now_ms));
        while self.order.len() > MOST {
            let Some((oldest, at_ms)) = self.order.pop_front() else { return };
            // Unless it was answered again since.
            if self.answers.get(&oldest).is_some_and(|(_, latest_ms)| *latest_ms == at_ms) {
                self.answers.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_320_000_000;
    const MINUTE: i64 = 60_000;

    fn who(n: i64) -> Hashed {
        i128::from(n).to_le_bytes()
    }

    fn vip() -> Option<Known> {
        Some(Known { tier: "vip".into(), level: None })
    }

    #[test]
    fn answers_of_both_kinds_are_remembered_for_their_time() {
        let mut memory = Memory::new(10 * MINUTE);
        memory.note(who(1), vip(), NOON);
        memory.note(who(2), None, NOON);
        assert_eq!(memory.recall(&who(1), NOON + 9 * MINUTE), Some(vip()));
        assert_eq!(memory.recall(&who(2), NOON + 9 * MINUTE), Some(None));
        assert_eq!(memory.recall(&who(3), NOON), None);
        assert_eq!(memory.recall(&who(1), NOON + 10 * MINUTE), None);
        assert_eq!(memory.recall(&who(1), NOON - 1), None, "the clock was set back");
        memory.note(who(1), None, NOON + 10 * MINUTE);
        assert_eq!(memory.recall(&who(1), NOON + 19 * MINUTE), Some(None));
    }

    #[test]
    fn the_oldest_answers_make_room_and_not_one_that_was_given_again() {
        let mut memory = Memory::new(60 * MINUTE);
        let most = i64::try_from(MOST).unwrap();
        for n in 0..most {
            memory.note(who(n), vip(), NOON + n);
        }
        let later = NOON + 2 * most;
        memory.note(who(0), None, later);
        memory.note(who(most), vip(), later);
        assert_eq!(memory.recall(&who(0), later), Some(None));
        assert_eq!(memory.recall(&who(1), later), None);
        assert_eq!(memory.recall(&who(most), later), Some(vip()));
        assert!(memory.answers.len() <= MOST && memory.order.len() == MOST);
    }

    #[test]
    fn a_hall_that_wants_nothing_remembered_asks_each_time() {
        let mut memory = Memory::new(0);
        memory.note(who(1), vip(), NOON);
        assert_eq!(memory.recall(&who(1), NOON), None);
        assert!(memory.order.is_empty());
    }
}
