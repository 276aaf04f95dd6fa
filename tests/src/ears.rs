//! Somebody who listens to the hall's events.

use std::sync::{Arc, Mutex, PoisonError};

use client::{Client, Message};
use tokio::task::AbortHandle;
use wire::{Event, EventId, EventKind, Passing, PassingKind, Role};

use crate::rig::{Rig, eventually};

/// Listens from its making on; keeps everything it heard. Dropped, it listens no more.
pub struct Ears {
    heard: Arc<Mutex<Vec<Told>>>,
    task: AbortHandle,
}

/// Something heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The stream stood.
    Connected,
    /// A durable event.
    Event(EventId, Event),
    /// A passing one.
    Passing(Passing),
    /// The stream broke.
    Lost,
    /// Events were missed.
    Stale,
}

impl Ears {
    /// Listens as this client, from the event after `from` on; returns when the stream stands.
    pub async fn open(client: &Client, from: Option<EventId>) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut messages = client.follow(from);
        let notes = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                notes.lock().unwrap_or_else(PoisonError::into_inner).push(Told::from(message));
            }
        });
        let ears = Self { heard, task: task.abort_handle() };
        eventually("the event stream stands", async || {
            let heard = ears.heard();
            if heard.contains(&Told::Connected) { Ok(()) } else { Err(format!("{heard:?}")) }
        })
        .await;
        ears
    }

    /// Everything heard so far.
    pub fn heard(&self) -> Vec<Told> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The durable events heard so far.
    pub fn events(&self) -> Vec<(EventId, Event)> {
        let event = |told| match told {
            Told::Event(id, event) => Some((id, event)),
            Told::Connected | Told::Passing(_) | Told::Lost | Told::Stale => None,
        };
        self.heard().into_iter().filter_map(event).collect()
    }

    /// The calls heard so far: number, counter, and why in Chinese.
    pub fn calls(&self) -> Vec<(String, u16, String)> {
        let call = |(_, event): (EventId, Event)| {
            let EventKind::TicketCalled { ticket, counter, because, .. } = event.kind else { return None };
            Some((ticket.number, counter, because.zh))
        };
        self.events().into_iter().filter_map(call).collect()
    }

    /// The announcements heard so far, in Chinese.
    pub fn said(&self) -> Vec<String> {
        let said = |told| match told {
            Told::Passing(Passing { kind: PassingKind::Say { text, .. }, .. }) => Some(text.zh),
            Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
        };
        self.heard().into_iter().filter_map(said).collect()
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl From<Message> for Told {
    fn from(message: Message) -> Self {
        match message {
            Message::Connected => Self::Connected,
            Message::Event(id, event) => Self::Event(id, event),
            Message::Passing(passing) => Self::Passing(passing),
            Message::Lost(_) => Self::Lost,
            Message::Stale => Self::Stale,
        }
    }
}

impl Rig {
    /// A hall screen's ears.
    pub async fn listens(&self) -> Ears {
        Ears::open(&self.client(Role::Screen), None).await
    }
}
