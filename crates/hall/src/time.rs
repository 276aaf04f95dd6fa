//! Time as an argument. The caller reads the clock and the zone; the rules only compare.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The moment at which a command is decided: UTC, and how far local time is from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    pub utc_ms: i64,
    /// Local time minus UTC at this moment, in seconds (China: 28,800).
    pub offset_s: i32,
}

impl At {
    /// Minute of the local day, 0 to 1439.
    pub fn minute_of_day(self) -> u16 {
        u16::try_from(self.local_ms().rem_euclid(DAY_MS) / 60_000).unwrap_or(0)
    }

    /// Day of the local week, 0 = Monday to 6 = Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((self.local_ms().div_euclid(DAY_MS) + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The local calendar date, where a day runs from `cut_over_minute` to the same minute of the next morning.
    pub fn business_date(self, cut_over_minute: u16) -> Date {
        let shifted = self.local_ms() - i64::from(cut_over_minute) * 60_000;
        Date::from_days(shifted.div_euclid(DAY_MS))
    }

    /// The local calendar date.
    pub fn date(self) -> Date {
        self.business_date(0)
    }

    /// When the local calendar day began, as far as its clocks were not changed since, UTC ms.
    pub fn midnight_ms(self) -> i64 {
        self.utc_ms - self.local_ms().rem_euclid(DAY_MS)
    }

    fn local_ms(self) -> i64 {
        self.utc_ms + i64::from(self.offset_s) * 1000
    }
}

/// A minute of the day as people write it: `09:30`.
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

const DAY_MS: i64 = 86_400_000;

/// A calendar date, ordered, written `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    /// Year of the Gregorian calendar.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date that lies `days` after 1970-01-01.
    ///
    /// Source: H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`.
    fn from_days(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }
}

impl Date {
    /// How many days its month has; 0 when there is no such month.
    fn days_in_month(self) -> u8 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a date like 2026-11-22");
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or_else(wrong);
        let (year, month, day) = (next()?, next()?, next()?);
        let date = Self {
            year: year.parse().map_err(|_| wrong())?,
            month: month.parse().map_err(|_| wrong())?,
            day: day.parse().map_err(|_| wrong())?,
        };
        if (1..=date.days_in_month()).contains(&date.day) { Ok(date) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 00:30:00 UTC, a Sunday, 08:30 in China.
    const SUNDAY: At = At { utc_ms: 1_795_307_400_000, offset_s: 28_800 };

    #[test]
    fn local_time_follows_the_offset() {
        assert_eq!(SUNDAY.minute_of_day(), 8 * 60 + 30);
        assert_eq!(SUNDAY.weekday(), 6);
        assert_eq!(SUNDAY.business_date(240).to_string(), "2026-11-22");
    }

    #[test]
    fn before_the_cut_over_it_is_still_yesterday() {
        let early = At { utc_ms: SUNDAY.utc_ms - 5 * 3_600_000, ..SUNDAY };
        assert_eq!(early.minute_of_day(), 3 * 60 + 30);
        assert_eq!(early.business_date(240).to_string(), "2026-11-21");
    }

    #[test]
    fn dates_read_back_and_bad_ones_are_refused() {
        let leap = Date::try_from("2028-02-29".to_owned()).unwrap();
        assert_eq!(leap.to_string(), "2028-02-29");
        assert!(Date::try_from("2026-13-01".to_owned()).is_err());
        assert!(Date::try_from("2026-02-29".to_owned()).is_err());
        assert!(Date::try_from("2026-04-31".to_owned()).is_err());
        assert!(Date::try_from("today".to_owned()).is_err());
    }
}
