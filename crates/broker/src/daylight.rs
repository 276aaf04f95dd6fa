//! What signs do by the time of day: they greet, and are dimmed in the evening.

use hall::{At, Language};

use crate::options::SignRules;
use crate::slip::PartOfDay;

/// How the time of day bears on signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Daylight {
    /// After which part of the day the hall's sign greets, if it does.
    greets: Option<PartOfDay>,
    /// In percent, if signs are told.
    pub(crate) brightness: Option<u8>,
}

impl Daylight {
    pub(crate) fn of(rules: &SignRules, at: At) -> Self {
        let minute = at.minute_of_day();
        let begun = rules.brightness.iter().rfind(|(from, _)| *from <= minute);
        let brightness = begun.or(rules.brightness.last()).map(|(_, percent)| *percent);
        let part = PartOfDay::of(i8::try_from(minute / 60).unwrap_or(0));
        Self { greets: rules.greeting.then_some(part), brightness }
    }

    /// The hall's idle text: a greeting before its name.
    pub(crate) fn welcome(self, name: &str, language: Language) -> String {
        match (self.greets, language) {
            (None, _) => name.to_owned(),
            (Some(part), Language::Zh) => format!("{}，{name}欢迎您", part.greeting(language)),
            (Some(part), Language::En) => format!("{}, welcome to {name}", part.greeting(language)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u16, rules: &SignRules) -> Daylight {
        Daylight::of(rules, At { utc_ms: i64::from(minute) * 60_000, offset_s: 0 })
    }

    #[test]
    fn the_last_step_of_the_evening_holds_until_the_morning() {
        let rules = SignRules { greeting: false, brightness: vec![(420, 100), (1140, 40)] };
        let of = |minute| at(minute, &rules).brightness;
        assert_eq!([of(0), of(419), of(420), of(1139), of(1140)], [Some(40), Some(40), Some(100), Some(100), Some(40)]);
        assert_eq!(at(600, &SignRules::default()), Daylight::default(), "a hall without rules tells signs nothing");
    }

    #[test]
    fn a_hall_greets_after_the_hour_or_not_at_all() {
        let rules = SignRules { greeting: true, brightness: Vec::new() };
        assert_eq!(at(8 * 60, &rules).welcome("中心营业厅", Language::Zh), "早上好，中心营业厅欢迎您");
        assert_eq!(
            at(13 * 60, &rules).welcome("Central hall", Language::En),
            "Good afternoon, welcome to Central hall"
        );
        assert_eq!(at(8 * 60, &rules), at(11 * 60 + 59, &rules), "nothing changes within a greeting's hours");
        assert_eq!(at(8 * 60, &SignRules::default()).welcome("中心营业厅", Language::Zh), "中心营业厅");
    }
}
