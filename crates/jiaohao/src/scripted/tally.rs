//! What became of the customers, read off the event stream like any other client would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use client::{Client, Message};
use hall::Rules;
use jiff::Timestamp;
use wire::{EventId, EventKind, TicketRef};

/// The customers so far.
#[derive(Clone)]
pub(super) struct Tally(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    tickets: BTreeMap<u64, Customer>,
    last_seq: u64,
}

struct Customer {
    tier: String,
    issued: Timestamp,
    started: Option<Timestamp>,
    no_show: bool,
}

impl Tally {
    /// Follows the hall from its present moment on.
    pub(super) async fn start(client: &Client) -> anyhow::Result<Self> {
        let tally = Self(Arc::default());
        let snapshot = client.hall().await?;
        let mut messages = client.follow(Some(EventId { epoch: snapshot.epoch, seq: snapshot.seq }));
        let seen = tally.clone();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                if let Message::Event(id, event) = message {
                    seen.note(id.seq, event.at, &event.kind);
                }
            }
        });
        Ok(tally)
    }

    /// Waits until every event of the hall so far is counted.
    pub(super) async fn settle(&self, client: &Client) -> anyhow::Result<()> {
        let seq = client.hall().await?.seq;
        for _ in 0..200 {
            if self.seen().last_seq >= seq {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        anyhow::bail!("the event stream stopped before event {seq}")
    }

    /// One line for the progress bar.
    pub(super) fn line(&self) -> String {
        let seen = self.seen();
        let started = seen.tickets.values().filter(|customer| customer.started.is_some()).count();
        format!("{} 取号 issued · {} 办理 served", seen.tickets.len(), started)
    }

    /// Tier by tier: customers, share within the limit, mean and worst wait, no-shows, still waiting.
    pub(super) fn table(&self, rules: &Rules) -> String {
        let seen = self.seen();
        let mut text = String::from("tier        customers  within limit  mean wait  worst wait  no-shows  waiting\n");
        for tier in &rules.tiers {
            let own: Vec<&Customer> =
                seen.tickets.values().filter(|customer| customer.tier == tier.id.as_str()).collect();
            let waits: Vec<f64> = own
                .iter()
                .filter_map(|customer| Some(customer.started?.duration_since(customer.issued).as_secs_f64() / 60.0))
                .collect();
            let limit_min = f64::from(tier.limit_s) / 60.0;
            let within = waits.iter().filter(|wait| **wait <= limit_min).count();
            let share = if waits.is_empty() {
                "–".to_owned()
            } else {
                format!("{:.1} %", 100.0 * within as f64 / waits.len() as f64)
            };
            let minutes = |wait: f64| if waits.is_empty() { "–".to_owned() } else { format!("{wait:.1} min") };
            let mean = waits.iter().sum::<f64>() / waits.len().max(1) as f64;
            let worst = waits.iter().copied().fold(0.0, f64::max);
            let no_shows = own.iter().filter(|customer| customer.no_show).count();
            text += &format!(
                "{:<10}  {:>9}  {:>12}  {:>9}  {:>10}  {:>8}  {:>7}\n",
                tier.id,
                own.len(),
                share,
                minutes(mean),
                minutes(worst),
                no_shows,
                own.len() - waits.len() - no_shows,
            );
        }
        text
    }

    fn note(&self, seq: u64, at: Timestamp, event: &EventKind) {
        let mut seen = self.seen();
        seen.last_seq = seq;
        let start = |seen: &mut Seen, ticket: &TicketRef, at: Timestamp| {
            if let Some(customer) = seen.tickets.get_mut(&ticket.id.0) {
                customer.started.get_or_insert(at);
            }
        };
        match event {
            EventKind::TicketIssued { ticket } => {
                let customer = Customer { tier: ticket.tier.clone(), issued: at, started: None, no_show: false };
                seen.tickets.insert(ticket.id.0, customer);
            }
            EventKind::TicketStarted { ticket, started_at, .. } => start(&mut seen, ticket, *started_at),
            EventKind::TicketNoShow { ticket, .. } => {
                if let Some(customer) = seen.tickets.get_mut(&ticket.id.0) {
                    customer.no_show = true;
                }
            }
            EventKind::DayOpened { .. }
            | EventKind::DayClosed { .. }
            | EventKind::TicketingChanged { .. }
            | EventKind::TicketCalled { .. }
            | EventKind::TicketRecalled { .. }
            | EventKind::TicketCompleted { .. }
            | EventKind::TicketHeld { .. }
            | EventKind::TicketTransferred { .. }
            | EventKind::TicketRejoined { .. }
            | EventKind::HallLearnt {}
            | EventKind::AppointmentBooked { .. }
            | EventKind::AppointmentCancelled { .. }
            | EventKind::TicketReturned { .. }
            | EventKind::TicketCancelled { .. }
            | EventKind::TicketRated { .. }
            | EventKind::TicketPrioritised { .. }
            | EventKind::TicketReprinted { .. }
            | EventKind::CounterOpened { .. }
            | EventKind::CounterClosed { .. }
            | EventKind::CounterPaused { .. }
            | EventKind::CounterResumed { .. } => {}
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
