//! Recorded and generated days as text: who came when for what, and who worked when.
//!
//! A day file is CSV with the heading `arrival_s,tier,service,service_s,no_show,patience_s`: seconds from opening, ids of the
//! hall's tiers and services, the seconds a counter is taken, 0 or 1, and after how long the customer leaves. A staffing file
//! is CSV with the heading `at_s,counter,state`: from that second on the counter is `open`, `paused` or `closed`. A counter
//! that is not named is open all day; one whose first line is `open` is closed until then.

use std::fmt;
use std::ops::RangeInclusive;

use hall::{CounterNumber, CounterState, Rules};

use crate::learn::Presence;
use crate::rows::Rows;

/// One day of a hall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Customers, in the file's order.
    pub customers: Vec<Customer>,
    /// Who worked when, by time; counters not named are open all day.
    pub staffing: Vec<Shift>,
}

/// One customer of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer {
    /// When they came, in seconds from opening.
    pub arrival_s: u32,
    /// Their tier's index in order of precedence.
    pub tier: usize,
    /// What for: the service's index.
    pub service: usize,
    /// How long a counter is taken, in seconds.
    pub service_s: u32,
    /// Whether they do not come when called.
    pub no_show: bool,
    /// After waiting longer than this they have left, in seconds.
    pub patience_s: u32,
    /// By how much priority care moves their place forward, in seconds.
    pub head_start_s: u32,
}

/// A counter changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// When, in seconds from opening.
    pub at_s: u32,
    /// Which: index of the counter in the hall.
    pub post: usize,
    /// To what.
    pub state: Staffed,
}

/// Whether a counter is staffed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staffed {
    /// It calls.
    Open,
    /// A teller is there and does not call.
    Paused,
    /// Nobody is there.
    Closed,
}

/// What is wrong with a file, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayError {
    /// Which file; only named.
    pub file: String,
    /// From 1.
    pub line: u64,
    /// From 1, in characters.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, mend } = self;
        write!(f, "{file}:{line}:{column}: {message}; {mend}")
    }
}

impl std::error::Error for DayError {}

const DAY_HEADING: [&str; 6] = ["arrival_s", "tier", "service", "service_s", "no_show", "patience_s"];
const STAFFING_HEADING: [&str; 3] = ["at_s", "counter", "state"];
/// Two days: a hall that is open for longer is a mistake of units.
pub(crate) const SECONDS: RangeInclusive<u32> = 0..=172_800;

impl Day {
    /// Reads a day file.
    ///
    /// # Errors
    /// The first thing that is wrong in it.
    pub fn parse(file: &str, text: &str, rules: &Rules) -> Result<Self, DayError> {
        let tiers: Vec<&str> = rules.tiers.iter().map(|tier| tier.id.as_str()).collect();
        let services: Vec<&str> = rules.services.iter().map(|service| service.id.as_str()).collect();
        let mut customers = Vec::new();
        for row in Rows::of(file, text, &DAY_HEADING)? {
            let row = row?;
            customers.push(Customer {
                arrival_s: row.number(0, SECONDS)?,
                tier: row.word(1, &tiers)?,
                service: row.word(2, &services)?,
                service_s: row.number(3, 1..=86_400)?,
                no_show: row.number(4, 0..=1)? == 1,
                patience_s: row.number(5, SECONDS)?,
                head_start_s: 0,
            });
        }
        Ok(Self { customers, staffing: vec![] })
    }

    /// Reads a staffing file into this day.
    ///
    /// # Errors
    /// The first thing that is wrong in it; the day is as it was then.
    pub fn staff(&mut self, file: &str, text: &str, rules: &Rules) -> Result<(), DayError> {
        let numbers: Vec<String> = rules.counters.iter().map(|counter| counter.number.to_string()).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let mut shifts: Vec<Shift> = Vec::new();
        for row in Rows::of(file, text, &STAFFING_HEADING)? {
            let row = row?;
            let states = [Staffed::Open, Staffed::Paused, Staffed::Closed];
            let state = states[row.word(2, &["open", "paused", "closed"])?];
            shifts.push(Shift { at_s: row.number(0, SECONDS)?, post: row.word(1, &numbers)?, state });
        }
        shifts.sort_by_key(|shift| shift.at_s);
        self.staffing = shifts;
        Ok(())
    }

    /// The day as a day file.
    pub fn to_csv(&self, rules: &Rules) -> String {
        let line = |one: &Customer| {
            let Customer { arrival_s, tier, service, service_s, no_show, patience_s, .. } = one;
            let (tier, service) = (&rules.tiers[*tier].id, &rules.services[*service].id);
            format!("{arrival_s},{tier},{service},{service_s},{},{patience_s}\n", u8::from(*no_show))
        };
        DAY_HEADING.join(",") + "\n" + &self.customers.iter().map(line).collect::<String>()
    }

    /// Its staffing as a staffing file.
    pub fn staffing_csv(&self, rules: &Rules) -> String {
        let line = |shift: &Shift| {
            let number: CounterNumber = rules.counters[shift.post].number;
            format!("{},{number},{}\n", shift.at_s, shift.state.word())
        };
        STAFFING_HEADING.join(",") + "\n" + &self.staffing.iter().map(line).collect::<String>()
    }

    /// How each counter was staffed until the day ended at `end_s`, as seconds of the hall's clock, which stood at `opened_s`.
    pub fn presences(&self, posts: usize, opened_s: u32, end_s: u32) -> Vec<Presence> {
        let mut stretches = Vec::new();
        for post in 0..posts {
            let mut state = if self.opens_at_once(post) { Staffed::Open } else { Staffed::Closed };
            let mut from_s = 0;
            for shift in self.staffing.iter().filter(|shift| shift.post == post && shift.at_s < end_s) {
                if shift.state != state && shift.at_s > from_s {
                    let (from_s, to_s) = (opened_s + from_s, opened_s + shift.at_s);
                    stretches.push(Presence { post, state, from_s, to_s, changed: true });
                }
                (state, from_s) = (shift.state, shift.at_s);
            }
            if end_s > from_s {
                let (from_s, to_s) = (opened_s + from_s, opened_s + end_s);
                stretches.push(Presence { post, state, from_s, to_s, changed: false });
            }
        }
        stretches
    }

    /// Whether a counter is open from the first second.
    pub fn opens_at_once(&self, post: usize) -> bool {
        let first = self.staffing.iter().find(|shift| shift.post == post);
        first.is_none_or(|shift| shift.state != Staffed::Open)
    }

    /// Whether any of so many counters is ever open.
    pub fn is_staffed(&self, posts: usize) -> bool {
        self.presences(posts, 0, u32::MAX).iter().any(|presence| presence.state == Staffed::Open)
    }
}

impl Staffed {
    /// How a live counter is staffed.
    pub fn of(state: &CounterState) -> Self {
        match state {
            CounterState::Open { .. } => Self::Open,
            CounterState::Paused { .. } => Self::Paused,
            CounterState::Closed => Self::Closed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Closed => "closed",
        }
    }
}
