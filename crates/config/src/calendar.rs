//! `[[news]]` and `[[greeting]]`: what a hall says on some days.

use hall::Date;
use hall::calendar::{Days, Greeting, MonthDay, News};
use toml::Spanned;

use crate::hours::days;
use crate::reader::{Node, Table};
use crate::values::names;

/// A day as written: with a year, or of every year.
#[derive(Clone, Copy)]
enum Day {
    Dated(Date),
    EveryYear(MonthDay),
}

/// Reads a `[[news]]`; `None` when something was wrong, and reported.
pub(crate) fn news(mut table: Table<'_>) -> Option<News> {
    let text = table.needed("text", "{ zh = \"新套餐上市\", en = \"New plans\" }", names);
    let (has_from, has_until) = (table.has("from"), table.has("until"));
    let from = table.optional("from", date);
    let until = table.optional("until", date);
    let report = table.report();
    table.finish();
    if let (Some(from), Some(until)) = (&from, &until)
        && until.get_ref() < from.get_ref()
    {
        let message = format!("the news ends on {}, before it begins", until.get_ref());
        report.error(until.span(), message, "write a later until");
    }
    let wrong = (has_from && from.is_none()) || (has_until && until.is_none());
    let news = News { text: text?.into_inner(), from: inner(from), until: inner(until) };
    (!wrong).then_some(news)
}

/// Reads a `[[greeting]]`; `None` when something was wrong, and reported.
pub(crate) fn greeting(mut table: Table<'_>) -> Option<Greeting> {
    let text = table.needed("text", "{ zh = \"国庆节快乐\", en = \"Happy National Day\" }", names);
    let given = ["date", "from", "until", "days"].map(|key| table.has(key));
    let on = table.optional("date", day);
    let from = table.optional("from", day);
    let until = table.optional("until", day);
    let weekdays = table.optional("days", days);
    let (report, at) = (table.report(), table.span());
    table.finish();
    let days = match given {
        [true, false, false, false] => {
            let day = *on?.get_ref();
            span_of(day, day)
        }
        [false, true, true, false] => {
            let (from, until) = (from?, until?);
            let span = span_of(*from.get_ref(), *until.get_ref());
            if span.is_none() {
                let mend = "write both with a year or both without, the first before the last when they have one";
                report.error(until.span(), "from and until of [[greeting]] do not make a span of days", mend);
            }
            span
        }
        [false, false, false, true] => Some(Days::Weekdays(weekdays?.into_inner())),
        _ => {
            let mend = "write date = \"10-01\", or from and until, or days = [\"sat\", \"sun\"]";
            report.error(at, "[[greeting]] does not say when, or says it twice", mend);
            None
        }
    };
    Some(Greeting { text: text?.into_inner(), days: days? })
}

/// From one day to another; of every year also over New Year.
fn span_of(from: Day, until: Day) -> Option<Days> {
    match (from, until) {
        (Day::Dated(from), Day::Dated(until)) => (from <= until).then_some(Days::Dates { from, until }),
        (Day::EveryYear(from), Day::EveryYear(until)) => Some(Days::EveryYear { from, until }),
        (Day::Dated(_), Day::EveryYear(_)) | (Day::EveryYear(_), Day::Dated(_)) => None,
    }
}

fn inner<T>(spanned: Option<Spanned<T>>) -> Option<T> {
    spanned.map(Spanned::into_inner)
}

/// `"2027-02-05"`
fn date(node: Node<'_>) -> Option<Date> {
    let mend = "write \"YYYY-MM-DD\" in quotes, such as \"2027-02-05\"";
    let Some(written) = node.raw().as_str() else {
        return node.not_a("a date in quotes", mend);
    };
    match dated(written) {
        Some(date) => Some(date),
        None => node.wrong(format!("{} is {written:?}, which is no date", node.name), mend),
    }
}

/// `"10-01"` or `"2027-02-05"`
fn day(node: Node<'_>) -> Option<Day> {
    let mend = "write \"MM-DD\" for every year or \"YYYY-MM-DD\", in quotes";
    let Some(written) = node.raw().as_str() else {
        return node.not_a("a date in quotes", mend);
    };
    let every_year = MonthDay::parse(written).map(Day::EveryYear);
    match every_year.or_else(|| dated(written).map(Day::Dated)) {
        Some(day) => Some(day),
        None => node.wrong(format!("{} is {written:?}, which is no day", node.name), mend),
    }
}

fn dated(written: &str) -> Option<Date> {
    let date = Date::try_from(written.to_owned()).ok()?;
    // Not "2027-2-5", which people read in two ways.
    (date.to_string() == written).then_some(date)
}
