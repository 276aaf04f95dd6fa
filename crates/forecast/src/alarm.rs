//! When trouble ahead is worth an alarm, and what alarms were worth on days that are over.

/// An alarm of one tier: on when enough misses are expected, off when clearly fewer are, so that it does not flicker; and on while
/// somebody waits whose limit has passed, for that is trouble until they are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    on: bool,
}

/// Expected misses of a tier within the next half hour at which its alarm goes on, and below which it goes off again.
const ON: f64 = 0.7;
const OFF: f64 = 0.3;

impl Alarm {
    /// Looks at what is expected now, and how many wait whose limit has passed.
    pub fn look(&mut self, expected_misses: f64, overdue: u32) {
        self.on = overdue > 0 || expected_misses >= if self.on { OFF } else { ON };
    }

    /// Whether it is on.
    pub fn is_on(self) -> bool {
        self.on
    }
}

/// What alarms of some days were worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// Limits missed.
    pub misses: u32,
    /// Of them announced at least ten minutes before.
    pub announced: u32,
    /// Troubles: misses with none of their tier in the half hour before.
    pub troubles: u32,
    /// Of them announced at least ten minutes before.
    pub troubles_announced: u32,
    /// Alarms.
    pub alarms: u32,
    /// Alarms that no miss followed, while they were on or in the half hour after.
    pub false_alarms: u32,
}

/// A miss counts as announced that an alarm of its tier came before by so much, in seconds.
pub const LEAD_S: u32 = 600;
/// An alarm speaks of this time after it, in seconds.
const SPEAKS_OF_S: u32 = 1800;

impl Worth {
    /// Adds one day of one tier: stretches in which the alarm was on, and the moments at which limits were missed, in seconds.
    pub fn add(&mut self, alarms: &[(u32, u32)], missed_s: &[u32]) {
        for at_s in missed_s {
            let announces = |(from_s, to_s): &(u32, u32)| from_s + LEAD_S <= *at_s && *at_s <= to_s + SPEAKS_OF_S;
            let announced = u32::from(alarms.iter().any(announces));
            self.misses += 1;
            self.announced += announced;
            if !missed_s.iter().any(|before_s| before_s < at_s && at_s - before_s <= SPEAKS_OF_S) {
                self.troubles += 1;
                self.troubles_announced += announced;
            }
        }
        for (from_s, to_s) in alarms {
            let followed = missed_s.iter().any(|at_s| (*from_s..=to_s + SPEAKS_OF_S).contains(at_s));
            self.alarms += 1;
            self.false_alarms += u32::from(!followed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_does_not_flicker() {
        let mut alarm = Alarm::default();
        let on: Vec<bool> = [0.5, 0.8, 0.5, 0.2, 0.5]
            .into_iter()
            .map(|expected| {
                alarm.look(expected, 0);
                alarm.is_on()
            })
            .collect();
        assert_eq!(on, [false, true, true, false, false]);
    }

    #[test]
    fn an_alarm_is_on_while_somebody_late_waits() {
        let mut alarm = Alarm::default();
        alarm.look(0.0, 1);
        assert!(alarm.is_on());
        alarm.look(0.1, 0);
        assert!(!alarm.is_on());
    }

    #[test]
    fn a_miss_is_announced_ten_minutes_before_or_not_at_all() {
        let mut worth = Worth::default();
        worth.add(&[(1000, 1200), (9000, 9060)], &[1300, 1700, 3000, 3100, 6000]);
        let expected =
            Worth { misses: 5, announced: 2, troubles: 2, troubles_announced: 0, alarms: 2, false_alarms: 1 };
        assert_eq!(worth, expected);
    }
}
