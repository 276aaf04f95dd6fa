//! One day of a journal.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, anyhow};
use hall::{Date, Event};
use serde::Deserialize;
use store::{Entry, StoreError};

/// The events of one business day in the journal of this directory, or in this copy, with their times (UTC ms).
///
/// # Errors
/// The journal is not sound, does not have the day, or has it with events of another program.
pub(super) fn events_of(data: &Path, date: Date) -> anyhow::Result<Vec<(i64, Event)>> {
    let read = store::read_journal(data, |entries| look_for(date, entries));
    let Found { days, events } =
        read.with_context(|| format!("reading the journal of {}, which `jiaohao verify` checks", data.display()))?;
    if events.is_empty() {
        let there = match (days.first(), days.last()) {
            (Some(first), Some(last)) => format!("days from {first} to {last}"),
            (None, _) | (_, None) => "no day yet".to_owned(),
        };
        return Err(anyhow!("the journal of {} has no {date}; it has {there}", data.display()));
    }
    Ok(events)
}

/// Every day there is, and the events of the one.
#[derive(Default)]
struct Found {
    days: Vec<Date>,
    events: Vec<(i64, Event)>,
}

/// Of what lies outside it only the beginnings of days are read: years need not be
/// decoded for one day, and what another program wrote on another day does not matter.
fn look_for(date: Date, entries: impl Iterator<Item = Result<Entry, StoreError>>) -> anyhow::Result<Found> {
    let (mut found, mut within) = (Found::default(), false);
    for entry in entries {
        let entry = entry?;
        if !within && !opens_a_day(&entry.payload) {
            continue;
        }
        let event: Event = serde_json::from_slice(&entry.payload)
            .with_context(|| format!("event {} is not of this program; use the version that wrote it", entry.seq))?;
        if let Event::DayOpened { date: opened, .. } = &event {
            within = *opened == date;
            found.days.push(*opened);
        }
        let ends = matches!(event, Event::DayClosed { .. });
        if within {
            found.events.push((entry.at_ms, event));
        }
        within &= !ends;
    }
    Ok(found)
}

fn opens_a_day(payload: &[u8]) -> bool {
    /// How the journal names [`Event::DayOpened`].
    const DAY_OPENED: &str = "day_opened";
    #[derive(Deserialize)]
    struct Tag<'p> {
        #[serde(borrow)]
        event: Cow<'p, str>,
    }
    serde_json::from_slice::<Tag<'_>>(payload).is_ok_and(|tag| tag.event == DAY_OPENED)
}
