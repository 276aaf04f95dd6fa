//! What an event leads to outside: print is an outbox row, show is a wanted state, say is perishable.

use std::collections::BTreeMap;

use hall::{CounterNumber, CounterState, Event, Language, TicketId};
use wire::{LocalNames, PassingKind, Place, SignCall, SignWanted};

use crate::daylight::Daylight;
use crate::world::World;

/// A ticket is to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) ticket: TicketId,
    pub(crate) copy: bool,
}

/// The print job an event asks for; `world` has applied it. A ticket without a kiosk prints nowhere.
pub(crate) fn print(world: &World, event: &Event) -> Option<Print> {
    let (ticket, copy) = match event {
        Event::TicketIssued(issued) if issued.paperless => return None,
        Event::TicketIssued(issued) => (issued.ticket, false),
        Event::TicketReprinted { ticket } => (*ticket, true),
        Event::DayOpened { .. }
        | Event::DayClosed { .. }
        | Event::TicketingChanged { .. }
        | Event::Learnt(_)
        | Event::AppointmentBooked(_)
        | Event::AppointmentCancelled { .. }
        | Event::TicketCalled { .. }
        | Event::TicketRecalled { .. }
        | Event::ServiceStarted { .. }
        | Event::TicketCompleted { .. }
        | Event::TicketNoShow { .. }
        | Event::TicketHeld { .. }
        | Event::TicketTransferred { .. }
        | Event::TicketRejoined { .. }
        | Event::TicketReturned { .. }
        | Event::TicketCancelled { .. }
        | Event::TicketRated { .. }
        | Event::TicketPrioritised { .. }
        | Event::CounterOpened { .. }
        | Event::CounterClosed { .. }
        | Event::CounterPaused { .. }
        | Event::CounterResumed { .. } => return None,
    };
    world.hall.ticket(ticket)?.kiosk.as_ref()?;
    Some(Print { ticket, copy })
}

/// The places whose signs an event changes; `world` has applied it.
pub(crate) fn places_changed(world: &World, event: &Event) -> Vec<Place> {
    match event {
        Event::TicketCalled { counter, .. }
        | Event::TicketRecalled { counter, .. }
        | Event::TicketCompleted { counter, .. }
        | Event::TicketNoShow { counter, .. }
        | Event::TicketHeld { counter, .. }
        | Event::TicketTransferred { counter, .. }
        | Event::TicketReturned { counter, .. } => vec![Place::Counter(counter.0), Place::Hall],
        Event::CounterOpened { counter, .. }
        | Event::CounterClosed { counter, .. }
        | Event::CounterPaused { counter, .. }
        | Event::CounterResumed { counter } => vec![Place::Counter(counter.0)],
        // Which counter had a cancelled ticket is not known any more, and the day's end empties all.
        Event::DayOpened { .. } | Event::DayClosed { .. } | Event::TicketCancelled { .. } => all_places(world),
        Event::TicketIssued(_)
        | Event::AppointmentBooked(_)
        | Event::AppointmentCancelled { .. }
        | Event::Learnt(_)
        | Event::TicketingChanged { .. }
        | Event::ServiceStarted { .. }
        | Event::TicketRated { .. }
        | Event::TicketPrioritised { .. }
        | Event::TicketReprinted { .. }
        | Event::TicketRejoined { .. } => vec![],
    }
}

/// Every place that can have a sign.
pub(crate) fn all_places(world: &World) -> Vec<Place> {
    world.hall.counters().map(|counter| Place::Counter(counter.number.0)).chain([Place::Hall]).collect()
}

/// What the sign of a place is to show, as of event `seq`.
pub(crate) fn wanted(world: &World, place: &Place, seq: u64, daylight: Daylight) -> SignWanted {
    let calls = match place {
        Place::Counter(number) => world
            .hall
            .counter(CounterNumber(*number))
            .and_then(|counter| counter.ticket)
            .and_then(|id| world.hall.ticket(id))
            .map(|ticket| SignCall {
                number: ticket.number.to_string(),
                counter: *number,
                calls: ticket.recalls.saturating_add(1),
            })
            .into_iter()
            .collect(),
        Place::Hall | Place::Kiosk(_) => world
            .recent()
            .take(HALL_LINES)
            .map(|call| SignCall {
                number: call.number.clone(),
                counter: call.counter.0,
                calls: world.hall.ticket(call.ticket).map_or(1, |ticket| ticket.recalls.saturating_add(1)),
            })
            .collect(),
    };
    SignWanted { place: place.clone(), seq, calls, idle: idle(world, place, daylight), brightness: daylight.brightness }
}

/// Calls that the hall's sign is told; how many lines it has is its profile's business.
const HALL_LINES: usize = 4;

/// A counter's name, or that it is closed; the hall's name with a greeting.
fn idle(world: &World, place: &Place, daylight: Daylight) -> BTreeMap<String, String> {
    let rules = world.hall.rules();
    let text = |language: Language| match place {
        Place::Counter(number) => {
            let number = CounterNumber(*number);
            let state = world.hall.counter(number).map(|counter| &counter.state);
            match (state, language) {
                (Some(CounterState::Open { .. }), _) => {
                    rules.counter(number).map(|counter| counter.names.in_language(language).to_owned())
                }
                (Some(CounterState::Paused { .. } | CounterState::Closed) | None, Language::Zh) => {
                    Some("暂停服务".to_owned())
                }
                (Some(CounterState::Paused { .. } | CounterState::Closed) | None, Language::En) => {
                    Some("Closed".to_owned())
                }
            }
        }
        Place::Hall | Place::Kiosk(_) => Some(daylight.welcome(rules.names.in_language(language), language)),
    };
    [("zh", Language::Zh), ("en", Language::En)]
        .into_iter()
        .filter_map(|(tag, language)| Some((tag.to_owned(), text(language)?)))
        .collect()
}

/// How long an announcement is worth saying.
const SAY_FOR_MS: i64 = 20_000;

/// The announcement of a call.
pub(crate) fn say(world: &World, at_ms: i64, event: &Event) -> Option<PassingKind> {
    let (Event::TicketCalled { ticket, counter, .. } | Event::TicketRecalled { ticket, counter, .. }) = event else {
        return None;
    };
    let number = world.hall.ticket(*ticket)?.number.to_string();
    let text = LocalNames {
        zh: format!("请 {number} 号到 {counter} 号窗口办理"),
        en: format!("Ticket {number}, please go to window {counter}"),
    };
    Some(PassingKind::Say { number, counter: counter.0, text, until: wire::event::timestamp(at_ms + SAY_FOR_MS) })
}
