//! Days of the calendar on which a hall says something of its own: holidays, weekends, news with an end.

use crate::rules::Names;
use crate::time::{At, Date};

/// A greeting instead of the one by the time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// What is said: 国庆节快乐.
    pub text: Names,
    /// When.
    pub days: Days,
}

/// News of the hall, shown while nobody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What is told.
    pub text: Names,
    /// The first day it is told on; `None` = from now on.
    pub from: Option<Date>,
    /// The last; `None` = until it is taken out.
    pub until: Option<Date>,
}

/// Some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// From one day of every year to another, both included; over New Year when the second is the earlier.
    EveryYear {
        /// The first.
        from: MonthDay,
        /// The last.
        until: MonthDay,
    },
    /// From one date to another, both included.
    Dates {
        /// The first.
        from: Date,
        /// The last.
        until: Date,
    },
    /// Days of the week: bit 0 = Monday … bit 6 = Sunday.
    Weekdays(u8),
}

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl MonthDay {
    /// Reads `10-01`; 02-29 is a day, though not of every year.
    pub fn parse(text: &str) -> Option<Self> {
        let leap = Date::try_from(format!("2000-{text}")).ok()?;
        let two_digits = text.len() == 5 && text.bytes().filter(u8::is_ascii_digit).count() == 4;
        two_digits.then_some(Self { month: leap.month, day: leap.day })
    }
}

impl Days {
    /// Whether this moment's local date is one of them.
    pub fn contain(self, at: At) -> bool {
        let date = at.date();
        match self {
            Self::EveryYear { from, until } => {
                let today = MonthDay { month: date.month, day: date.day };
                if from <= until { (from..=until).contains(&today) } else { today >= from || today <= until }
            }
            Self::Dates { from, until } => (from..=until).contains(&date),
            Self::Weekdays(days) => days & (1 << at.weekday()) != 0,
        }
    }
}

impl News {
    /// Whether it is told on this moment's local date.
    pub fn is_told(&self, at: At) -> bool {
        let date = at.date();
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }
}

/// The greeting of this moment's local date: the first that fits.
pub fn greeting(greetings: &[Greeting], at: At) -> Option<&Names> {
    greetings.iter().find(|greeting| greeting.days.contain(at)).map(|greeting| &greeting.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day in China at this hour.
    fn on(date: &str, hour: i64) -> At {
        let wanted = Date::try_from(date.to_owned()).unwrap();
        // 2026-01-01 00:00 in China.
        let midnights = (0..2000).map(|day| 1_767_196_800_000 + day * 86_400_000);
        let at = |midnight_ms| At { utc_ms: midnight_ms + hour * 3_600_000, offset_s: 28_800 };
        midnights.map(at).find(|at| at.date() == wanted).unwrap()
    }

    fn day(text: &str) -> MonthDay {
        MonthDay::parse(text).unwrap()
    }

    #[test]
    fn a_holiday_begins_and_ends_at_midnight_and_comes_every_year() {
        let golden_week = Days::EveryYear { from: day("10-01"), until: day("10-07") };
        assert!(!golden_week.contain(on("2026-09-30", 23)));
        assert!(golden_week.contain(on("2026-10-01", 0)));
        assert!(golden_week.contain(on("2027-10-07", 23)));
        assert!(!golden_week.contain(on("2027-10-08", 0)));
    }

    #[test]
    fn days_over_new_year_are_those_on_both_sides_of_it() {
        let new_year = Days::EveryYear { from: day("12-30"), until: day("01-03") };
        for inside in ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-03"] {
            assert!(new_year.contain(on(inside, 12)), "{inside}");
        }
        for outside in ["2026-12-29", "2027-01-04", "2027-06-15"] {
            assert!(!new_year.contain(on(outside, 12)), "{outside}");
        }
    }

    #[test]
    fn the_first_greeting_that_fits_is_said_and_none_where_none_does() {
        let said = |zh: &str, days| Greeting { text: Names { zh: zh.into(), en: String::new() }, days };
        let (from, until) = (on("2027-02-05", 0).date(), on("2027-02-11", 0).date());
        let greetings = [said("新春快乐", Days::Dates { from, until }), said("周末愉快", Days::Weekdays(0b110_0000))];
        let zh = |date| greeting(&greetings, on(date, 9)).map(|text| text.zh.as_str());
        assert_eq!(zh("2027-02-06"), Some("新春快乐"), "a Saturday");
        assert_eq!(zh("2027-02-13"), Some("周末愉快"));
        assert_eq!(zh("2028-02-07"), None);
    }

    #[test]
    fn news_is_told_from_its_first_day_to_its_last() {
        let news = News { text: Names::default(), from: Some(on("2026-12-01", 0).date()), until: None };
        assert!(!news.is_told(on("2026-11-30", 23)));
        assert!(news.is_told(on("2027-05-01", 0)));
        let over = News { until: Some(on("2026-12-24", 0).date()), ..news };
        assert!(over.is_told(on("2026-12-24", 23)));
        assert!(!over.is_told(on("2026-12-25", 0)));
    }

    #[test]
    fn a_day_of_the_year_has_two_digits_each_and_exists() {
        assert_eq!(MonthDay::parse("02-29"), Some(MonthDay { month: 2, day: 29 }));
        for wrong in ["2-29", "02-30", "13-01", "10/01", "10-1", "+1-01", "国庆", ""] {
            assert_eq!(MonthDay::parse(wrong), None, "{wrong}");
        }
    }
}
