//! A restart: the day's events again, from the journal.

use std::sync::Arc;

use hall::{Event, Rules};
use store::{Store, StoreError};
use wire::DeviceSpec;

use super::prints::wire_print_state;
use crate::published::Published;
use crate::world::World;

/// Why a journal cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The store failed.
    #[error("reading the journal")]
    Store(#[source] StoreError),
    /// An entry is not an event this version knows.
    #[error(
        "journal entry {seq} is not an event this version of jiaohao knows: it was written by a newer version. Run that version, \
         or restore a backup made by this one"
    )]
    Foreign {
        /// The entry.
        seq: u64,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// Somebody waits for something that the configuration no longer has.
    #[error(
        "ticket {number} of the open business day is in need of {what} `{id}`, which the configuration does not have any more. Put it back until \
         the day is closed"
    )]
    Orphan {
        /// The ticket's number.
        number: String,
        /// `service`, `tier`, `counter` or a counter that does a service.
        what: &'static str,
        /// Its id.
        id: String,
    },
}

/// The published state as the journal made it.
pub(crate) fn restore(
    store: &Store,
    rules: Arc<Rules>,
    devices: &[DeviceSpec],
    now_ms: i64,
) -> Result<Published, RestoreError> {
    let published = Published::new(store.epoch().to_owned(), World::new(rules), devices, now_ms);
    // Before the first day there is nothing but what was booked for it.
    let from = store.day_start().unwrap_or(0);
    let mut events = Vec::with_capacity(CHUNK);
    for entry in store.replay(from).map_err(RestoreError::Store)? {
        let entry = entry.map_err(RestoreError::Store)?;
        let event: Event = serde_json::from_slice(&entry.payload)
            .map_err(|source| RestoreError::Foreign { seq: entry.seq, source })?;
        events.push((entry.seq, entry.at_ms, event));
        if events.len() == CHUNK {
            published.replay(&events);
            events.clear();
        }
    }
    published.replay(&events);
    check_against_rules(&published)?;
    for job in store.print_jobs().map_err(RestoreError::Store)? {
        if let Ok(ticket) = job.ticket.parse() {
            let ticket = hall::TicketId(ticket);
            // Former days' tickets are not known any more, and nobody asks for them.
            if published.read().world.hall.ticket(ticket).is_some() {
                published.remember_print(ticket, job.id, wire_print_state(job.state), job.changed_ms);
            }
        }
    }
    Ok(published)
}

/// Events applied at a time.
const CHUNK: usize = 1024;

fn check_against_rules(published: &Published) -> Result<(), RestoreError> {
    let state = published.read();
    let hall = &state.world.hall;
    let rules = hall.rules();
    for ticket in hall.tickets().filter(|ticket| !ticket.state.is_final()) {
        let orphan = |what, id: String| RestoreError::Orphan { number: ticket.number.to_string(), what, id };
        if rules.service(&ticket.service).is_none() {
            return Err(orphan("service", ticket.service.to_string()));
        }
        if rules.tier(&ticket.tier).is_none() {
            return Err(orphan("tier", ticket.tier.to_string()));
        }
        if !rules.counters.iter().any(|counter| hall.may_call(counter.number, ticket)) {
            return Err(orphan("a counter that does", ticket.service.to_string()));
        }
    }
    for counter in hall.counters().filter(|counter| counter.ticket.is_some()) {
        if rules.counter(counter.number).is_none() {
            let number = counter.ticket.and_then(|id| hall.ticket(id)).map(|ticket| ticket.number.to_string());
            return Err(RestoreError::Orphan {
                number: number.unwrap_or_default(),
                what: "counter",
                id: counter.number.to_string(),
            });
        }
    }
    Ok(())
}
