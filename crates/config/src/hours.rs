//! Opening hours and times of day as people write them.

use hall::rules::{HoursSpan, WeekHours};

use crate::reader::{Node, Table};
use crate::suggest;
use crate::values::text;

/// Weekdays as written, Monday first as in [`HoursSpan::days`].
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `hours = [ { days = ["mon-fri"], from = "08:30", to = "18:00" } ]`, sorted by opening time.
pub(crate) fn week(node: Node<'_>) -> Option<WeekHours> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let mut spans: Vec<HoursSpan> = Vec::new();
    let tables = node.list(|item| {
        let place = item.name.clone();
        let at = item.span();
        let span = span_of(item.table(&place)?)?;
        if let Some(other) = spans.iter().find(|other| overlap(other, &span)) {
            let (from, to) = (clock(other.from_minute), clock(other.to_minute));
            let mend = "join the two, or change one";
            report.error(at, format!("{place} overlaps {from} to {to} on the same day"), mend);
            return None;
        }
        spans.push(span);
        Some(())
    })?;
    if tables.is_empty() {
        let mend =
            "leave the line out for any hour, or write { days = [\"mon-fri\"], from = \"08:30\", to = \"18:00\" }";
        report.error(at, format!("{name} is an empty list: never open"), mend);
        return None;
    }
    spans.sort_by_key(|span| (span.from_minute, span.days));
    Some(WeekHours(spans))
}

/// A time of day in minutes, 00:00 to 23:59.
pub(crate) fn time(node: Node<'_>) -> Option<u16> {
    minute_until(node, 24 * 60 - 1)
}

/// `08:30`
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn span_of(mut table: Table<'_>) -> Option<HoursSpan> {
    let days = table.needed("days", "[\"mon-fri\"]", days);
    let from = table.needed("from", "\"08:30\"", time);
    let to = table.needed("to", "\"18:00\"", |node| minute_until(node, 24 * 60));
    let report = table.report();
    table.finish();
    let (days, from, to) = (days?.into_inner(), from?, to?);
    if to.get_ref() <= from.get_ref() {
        let (opens, closes) = (clock(*from.get_ref()), clock(*to.get_ref()));
        let mend = "write a later to; hours over midnight are two entries, until \"24:00\" and from \"00:00\"";
        report.error(to.span(), format!("closes at {closes}, not after it opens at {opens}"), mend);
        return None;
    }
    Some(HoursSpan { days, from_minute: from.into_inner(), to_minute: to.into_inner() })
}

/// `["mon-fri", "sun"]` as bits.
pub(crate) fn days(node: Node<'_>) -> Option<u8> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let days = node.list(|item| {
        let (at, report) = (item.span(), item.report);
        let written = text(item)?;
        let (from, to) = written.split_once('-').unwrap_or((&written, &written));
        let index = |day: &str| WEEKDAYS.iter().position(|known| *known == day.trim());
        match (index(from), index(to)) {
            (Some(from), Some(to)) if from <= to => Some((from..=to).fold(0_u8, |bits, day| bits | 1 << day)),
            (Some(_), Some(_)) => {
                let mend = "write the days of one week, Monday first, or two entries";
                report.error(at, format!("{written:?} ends before it begins"), mend);
                None
            }
            (from_day, _) => {
                let wrong = if from_day.is_none() { from } else { to };
                let mend = suggest::mend(wrong.trim(), &WEEKDAYS);
                report.error(at, format!("unknown weekday {wrong:?}"), mend);
                None
            }
        }
    })?;
    if days.is_empty() {
        report.error(at, format!("{name} is an empty list"), "name at least one day, such as \"mon-fri\"");
        return None;
    }
    Some(days.iter().fold(0, |bits, day| bits | day.get_ref()))
}

/// A time of day in minutes, 00:00 to this minute.
pub(crate) fn minute_until(node: Node<'_>, last: u16) -> Option<u16> {
    let mend = format!("write \"HH:MM\" in quotes, 00:00 to {}", clock(last));
    let Some(written) = node.raw().as_str() else {
        return node.not_a("a time of day", &mend);
    };
    match minute(written).filter(|minute| *minute <= last) {
        Some(minute) => Some(minute),
        None => node.wrong(format!("{} is {written:?}, which is no time of day", node.name), mend),
    }
}

fn minute(written: &str) -> Option<u16> {
    let (hour, minute) = written.split_once(':')?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60).then_some(hour * 60 + minute)
}

fn overlap(one: &HoursSpan, other: &HoursSpan) -> bool {
    one.days & other.days != 0 && one.from_minute < other.to_minute && other.from_minute < one.to_minute
}

#[cfg(test)]
mod tests {
    use super::minute;

    #[test]
    fn times_have_two_digits_each_and_end_at_midnight() {
        assert_eq!(minute("00:00"), Some(0));
        assert_eq!(minute("08:30"), Some(510));
        assert_eq!(minute("24:00"), Some(1440));
        for wrong in ["8:30", "08:60", "0830", "+8:30", "08:3O", "八:三十", ""] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
