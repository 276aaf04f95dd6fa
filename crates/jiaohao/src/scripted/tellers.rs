//! Tellers: one at each counter; who has a keypad uses it, the others use the API as their window does.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use client::{Client, Key};
use device_sim::Keypad;
use fastrand::Rng;
use tokio::task::JoinSet;
use wire::{DeviceProfile, Place, Rating, Role, SignIn, TicketView};

use super::Script;
use crate::hall::Hall;

/// Customers who have left when they are called, one in so many.
const GONE: u32 = 25;
/// Served customers who rate, one in so many.
const RATE: u32 = 3;
/// How often an idle teller looks again, in the hall's time.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// From the call to the chair, in seconds.
const WALK_S: std::ops::Range<u64> = 8..25;

/// The tellers of a scripted hall.
pub(super) struct Tellers;

impl Tellers {
    /// Signs a teller in at every counter and lets them work.
    pub(super) async fn open(hall: &Hall, script: &Script, actors: &mut JoinSet<()>) -> anyhow::Result<()> {
        let client = hall.client(Role::Teller)?;
        let config = &hall.setup.config;
        for (counter, teller) in config.rules.counters.iter().zip(&config.rules.tellers) {
            let n = counter.number.0;
            let pin = hall.setup.secrets.pin.get(teller.id.as_str()).cloned().unwrap_or_default();
            let sign_in = SignIn { teller: teller.id.to_string(), pin };
            client.sign_in(n, &Key::new(), &sign_in).await.with_context(|| format!("counter {n}"))?;
            let keypad = keypad_of(hall, n);
            let worker = Worker {
                n,
                client: client.clone(),
                script: script.clone(),
                chance: Rng::with_seed(script.seed.wrapping_add(u64::from(n))),
                typical: config.rules.services.iter().map(|one| (one.id.to_string(), one.typical_s)).collect(),
            };
            actors.spawn(async move {
                match keypad {
                    Some(keypad) => worker.by_keypad(keypad).await,
                    None => worker.by_api().await,
                }
            });
        }
        Ok(())
    }
}

fn keypad_of(hall: &Hall, counter: u16) -> Option<Arc<Keypad>> {
    let device =
        hall.setup.config.devices.iter().find(|device| {
            matches!(device.profile, DeviceProfile::Keypad(_)) && device.place == Place::Counter(counter)
        })?;
    hall.devices.keypads.get(&device.name).cloned()
}

struct Worker {
    n: u16,
    client: Client,
    script: Script,
    chance: Rng,
    typical: std::collections::HashMap<String, u32>,
}

impl Worker {
    async fn by_api(mut self) {
        loop {
            match self.client.call_next(self.n, &Key::new()).await {
                Ok(Some(called)) => {
                    if !self.serve(called.ticket).await {
                        return;
                    }
                }
                Ok(None) => {
                    if !self.script.pass(LOOK_AGAIN).await {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(counter = self.n, %error, "calling the next customer");
                    if !self.script.pass(LOOK_AGAIN).await {
                        return;
                    }
                }
            }
        }
    }

    /// From the call to the rating; `false` when the script ends.
    async fn serve(&mut self, ticket: TicketView) -> bool {
        if self.chance.u32(..GONE) == 0 {
            // Nobody comes: one recall, then a no-show.
            if !self.script.pass(Duration::from_secs(20)).await {
                return false;
            }
            self.note("recall", self.client.recall(self.n, &Key::new()).await.map(drop));
            if !self.script.pass(Duration::from_secs(20)).await {
                return false;
            }
            self.note("no-show", self.client.no_show(self.n, &Key::new()).await.map(drop));
            return true;
        }
        let walk = Duration::from_secs(self.chance.u64(WALK_S));
        if !self.script.pass(walk).await {
            return false;
        }
        self.note("start", self.client.start(self.n, &Key::new()).await.map(drop));
        let service = self.service_time(&ticket.service);
        if !self.script.pass(service).await {
            return false;
        }
        let done = wire::Complete::default();
        self.note("complete", self.client.complete(self.n, &Key::new(), &done).await.map(drop));
        if self.chance.u32(..RATE) == 0 {
            let rating = Rating { score: self.chance.u8(3..=5), comment: None };
            self.note("rating", self.client.rate(ticket.id, &Key::new(), &rating).await.map(drop));
        }
        true
    }

    /// One key for everything: complete and call next. Who is called and when service starts is the broker's business.
    async fn by_keypad(mut self, keypad: Arc<Keypad>) {
        loop {
            keypad.press(device_sim::Key::Call);
            let service = self.service_time("");
            if !self.script.pass(service).await {
                return;
            }
        }
    }

    /// Exponential around the typical time, between a fifth and three times of it.
    fn service_time(&mut self, service: &str) -> Duration {
        let typical = f64::from(self.typical.get(service).copied().unwrap_or(240));
        let factor = (-self.chance.f64().max(1e-9).ln()).clamp(0.2, 3.0);
        Duration::from_secs_f64(typical * factor)
    }

    fn note(&self, act: &str, outcome: Result<(), client::Error>) {
        if let Err(error) = outcome {
            tracing::warn!(counter = self.n, act, %error, "a teller's wish was not granted");
        }
    }
}
