//! What the broker says to every device: one stream for the whole host, spread over watched values. Each value is a
//! state, so a slow reader misses steps but never the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::{Client, Message};
use tokio::sync::watch;
use tokio::time::timeout;
use wire::{HallSnapshot, PassingKind, Place, PrintState, SignWanted};

use crate::courier::persist;
use crate::time::Time;

/// What every sign is to show, the newest known.
pub(crate) type Signs = BTreeMap<Place, SignWanted>;

/// The hall is asked for at most this often.
const SNAPSHOT_PAUSE: Duration = Duration::from_secs(1);
/// A clock may be set while the stream stands.
const LEARN_TIME_EVERY: Duration = Duration::from_mins(10);

/// Where the stream is spread from.
pub(crate) struct Feed {
    signs: watch::Sender<Signs>,
    /// For each kiosk: counts up when jobs may wait.
    jobs: BTreeMap<String, watch::Sender<u64>>,
    /// Counts up when the stream stands (again).
    connected: watch::Sender<u64>,
    /// Counts up when the hall may be otherwise.
    events: watch::Sender<u64>,
    hall: watch::Sender<Option<Arc<HallSnapshot>>>,
}

impl Feed {
    pub(crate) fn new(kiosks: impl IntoIterator<Item = String>) -> Self {
        Self {
            signs: watch::Sender::default(),
            jobs: kiosks.into_iter().map(|kiosk| (kiosk, watch::Sender::default())).collect(),
            connected: watch::Sender::default(),
            events: watch::Sender::default(),
            hall: watch::Sender::default(),
        }
    }

    pub(crate) fn signs(&self) -> watch::Receiver<Signs> {
        self.signs.subscribe()
    }

    pub(crate) fn jobs(&self, kiosk: &str) -> Option<watch::Receiver<u64>> {
        self.jobs.get(kiosk).map(watch::Sender::subscribe)
    }

    pub(crate) fn connected(&self) -> watch::Receiver<u64> {
        self.connected.subscribe()
    }

    pub(crate) fn hall(&self) -> watch::Receiver<Option<Arc<HallSnapshot>>> {
        self.hall.subscribe()
    }

    /// Follows the broker for ever.
    pub(crate) async fn follow(&self, client: &Client) {
        let mut messages = client.follow(None);
        while let Some(message) = messages.recv().await {
            match message {
                Message::Connected => {
                    tracing::info!("connected to the broker");
                    // Whatever passed while nobody listened.
                    count_up(&self.connected);
                    count_up(&self.events);
                }
                Message::Event(..) => count_up(&self.events),
                Message::Passing(passing) => self.pass_on(passing.kind),
                Message::Lost(why) => tracing::warn!(why, "the broker is away"),
                // Another journal may count from the beginning again; what it wants is asked for next.
                Message::Stale => self.signs.send_modify(Signs::clear),
            }
        }
    }

    /// Learns the broker's time whenever the stream stands, and now and then; only then are jobs looked at, which expire by it.
    pub(crate) async fn keep_time(&self, client: &Client, time: &Time) {
        let mut connected = self.connected();
        while let Ok(Ok(())) | Err(_) = timeout(LEARN_TIME_EVERY, connected.changed()).await {
            if let Some(hall) = persist("asking for the hall's time", || client.hall()).await {
                time.learn(hall.now.as_millisecond());
            }
            self.jobs.values().for_each(count_up);
        }
    }

    /// Asks what the signs are to show each time the stream stands.
    pub(crate) async fn ask_signs(&self, client: &Client) {
        let mut connected = self.connected();
        while connected.changed().await.is_ok() {
            if let Some(signs) = persist("asking what the signs are to show", || client.signs()).await {
                // Asked for and passing ones overtake each other.
                signs.into_iter().for_each(|sign| self.want(sign));
            }
        }
    }

    /// Asks for the hall when something happened, for devices that show it.
    pub(crate) async fn ask_hall(&self, client: &Client) {
        let mut events = self.events.subscribe();
        while events.changed().await.is_ok() {
            if let Some(hall) = persist("asking for the hall", || client.hall()).await {
                self.hall.send_replace(Some(Arc::new(hall)));
            }
            tokio::time::sleep(SNAPSHOT_PAUSE).await;
        }
    }

    fn pass_on(&self, kind: PassingKind) {
        match kind {
            PassingKind::SignWanted { sign } => self.want(sign),
            PassingKind::PrintChanged { kiosk, state: PrintState::Queued, .. } => {
                if let Some(jobs) = self.jobs.get(&kiosk) {
                    count_up(jobs);
                }
            }
            PassingKind::PrintChanged { .. }
            | PassingKind::Say { .. }
            | PassingKind::DeviceChanged { .. }
            | PassingKind::CustomerIdentified { .. }
            | PassingKind::ArrivalsChanged { .. }
            | PassingKind::OutlookChanged { .. } => {}
        }
    }

    /// Takes in a wanted state unless a newer one is known. One as new may be another: an event may change a sign twice, and the
    /// time of day changes it without any.
    fn want(&self, sign: SignWanted) {
        self.signs.send_if_modified(|signs| {
            let newer = signs.get(&sign.place).is_none_or(|known| known.seq <= sign.seq);
            if newer {
                signs.insert(sign.place.clone(), sign);
            }
            newer
        });
    }
}

fn count_up(counter: &watch::Sender<u64>) {
    counter.send_modify(|count| *count = count.wrapping_add(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(seq: u64) -> SignWanted {
        SignWanted { place: Place::Counter(3), seq, calls: Vec::new(), idle: BTreeMap::new(), brightness: None }
    }

    #[test]
    fn an_older_wanted_state_does_not_replace_a_newer_one() {
        let feed = Feed::new([]);
        let signs = feed.signs();
        for seq in [4, 9, 7] {
            feed.pass_on(PassingKind::SignWanted { sign: wanted(seq) });
        }
        assert_eq!(signs.borrow()[&Place::Counter(3)].seq, 9);
    }

    #[test]
    fn only_a_queued_job_of_its_kiosk_wakes_a_printer() {
        let feed = Feed::new(["east".to_owned()]);
        let jobs = feed.jobs("east").unwrap();
        let changed = |kiosk: &str, state| PassingKind::PrintChanged {
            job: 1,
            ticket: Some(wire::TicketId(1)),
            kiosk: kiosk.to_owned(),
            state,
        };
        feed.pass_on(changed("west", PrintState::Queued));
        feed.pass_on(changed("east", PrintState::Sending));
        assert!(!jobs.has_changed().unwrap());
        feed.pass_on(changed("east", PrintState::Queued));
        assert!(jobs.has_changed().unwrap());
    }
}
