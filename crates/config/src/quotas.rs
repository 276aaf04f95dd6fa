//! `[[service.quota]]`: numbers within parts of the day.

use hall::rules::QuotaWindow;
use toml::Spanned;

use crate::hours::{clock, minute_until, time};
use crate::reader::Table;
use crate::spans::Report;
use crate::values::whole;

/// Reads the windows of a service, sorted; those that were wrong are reported and left out.
pub(crate) fn windows(tables: Vec<Table<'_>>) -> Vec<QuotaWindow> {
    let mut windows: Vec<Spanned<QuotaWindow>> = Vec::new();
    for table in tables {
        let report = table.report();
        let Some(window) = window(table) else { continue };
        if let Some(other) = windows.iter().find(|other| overlap(other.get_ref(), window.get_ref())) {
            overlapping(report, other.get_ref(), &window);
        } else {
            windows.push(window);
        }
    }
    windows.sort_by_key(|window| window.get_ref().from_minute);
    windows.into_iter().map(Spanned::into_inner).collect()
}

fn window(mut table: Table<'_>) -> Option<Spanned<QuotaWindow>> {
    let from = table.needed("from", "\"09:00\"", time);
    let until = table.needed("until", "\"11:00\"", |node| minute_until(node, 24 * 60));
    let numbers = table.needed("numbers", "30", whole(1..=100_000, ""));
    let (report, at) = (table.report(), table.span());
    table.finish();
    let (from, until, numbers) = (from?, until?, numbers?.into_inner());
    if until.get_ref() <= from.get_ref() {
        let (begins, ends) = (clock(*from.get_ref()), clock(*until.get_ref()));
        let mend = "write a later until; a quota over midnight is two, until \"24:00\" and from \"00:00\"";
        report.error(until.span(), format!("the quota ends at {ends}, not after it begins at {begins}"), mend);
        return None;
    }
    Some(Spanned::new(at, QuotaWindow { from_minute: from.into_inner(), to_minute: until.into_inner(), numbers }))
}

fn overlapping(report: &Report<'_>, other: &QuotaWindow, window: &Spanned<QuotaWindow>) {
    let (from, until) = (clock(other.from_minute), clock(other.to_minute));
    let message = format!("this quota overlaps the one from {from} until {until}");
    report.error(window.span(), message, "let one end where the next begins");
}

fn overlap(one: &QuotaWindow, other: &QuotaWindow) -> bool {
    one.from_minute < other.to_minute && other.from_minute < one.to_minute
}
