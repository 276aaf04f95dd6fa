//! Customers: they come at random, most to the kiosk, some to a guide who takes the number for them over the API.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use client::{Client, Key};
use fastrand::Rng;
use hall::Rules;
use kiosk::Headless;
use tokio::task::JoinSet;
use wire::{Role, TakeTicket};

use super::Script;
use crate::hall::Hall;

/// How busy the hall is: work that arrives over work that its counters can do.
const OFFERED_LOAD: f64 = 1.1;
/// Who stands at the door when it opens, per counter.
const CROWD: f64 = 2.0;
/// One in so many customers asks a guide instead of touching the kiosk.
const GUIDED: u32 = 3;
/// Premium customers, by the tiers' order of precedence; everybody else is of the last tier.
const PREMIUM: [f64; 2] = [0.06, 0.2];

/// The stream of customers.
pub(super) struct Customers {
    script: Script,
    rules: Arc<Rules>,
    chance: Rng,
    guide: Client,
    kiosk_name: Option<String>,
    kiosk: Option<Headless>,
}

impl Customers {
    /// Lets customers come from now until `seconds` of real time before the end leave them no chance.
    pub(super) fn begin(
        hall: &Hall,
        script: &Script,
        rules: Arc<Rules>,
        seconds: u64,
        actors: &mut JoinSet<()>,
    ) -> anyhow::Result<()> {
        let kiosk_name = hall.setup.config.kiosks.first().map(|kiosk| kiosk.name.clone());
        let kiosk = match &kiosk_name {
            Some(name) => {
                let client = hall.client(Role::Kiosk)?;
                Some(Headless::start(client, name, &hall.setup.data).context("starting the kiosk's adapter")?)
            }
            None => None,
        };
        let customers = Self {
            script: script.clone(),
            rules,
            chance: Rng::with_seed(script.seed),
            guide: hall.client(Role::Supervisor)?,
            kiosk_name,
            kiosk,
        };
        let hall_s = seconds as f64 * script.clock.speed();
        actors.spawn(customers.come(hall_s));
        Ok(())
    }

    async fn come(mut self, hall_s: f64) {
        let counters = self.rules.counters.len() as f64;
        for _ in 0..(CROWD * counters) as usize {
            self.arrive().await;
        }
        let services = &self.rules.services;
        let mean_s = services.iter().map(|service| f64::from(service.typical_s)).sum::<f64>() / services.len() as f64;
        let between_s = mean_s / counters / OFFERED_LOAD;
        // The last ones come early enough to be printed before the doors close.
        let mut left_s = hall_s * 0.9;
        loop {
            let gap_s = -self.chance.f64().max(1e-9).ln() * between_s;
            left_s -= gap_s;
            if left_s < 0.0 || !self.script.pass(Duration::from_secs_f64(gap_s)).await {
                return;
            }
            self.arrive().await;
        }
    }

    /// One customer takes a number.
    async fn arrive(&mut self) {
        let service = self.chance.usize(..self.rules.services.len());
        let service = self.rules.services[service].id.to_string();
        let tier = self.tier();
        let premium = self.rules.lowest_tier().is_some_and(|lowest| lowest.id.as_str() != tier);
        let guided = premium || self.chance.u32(..GUIDED) == 0;
        let outcome = match &mut self.kiosk {
            Some(kiosk) if !guided => kiosk.take_number(&service).await.map(drop).map_err(anyhow::Error::from),
            Some(_) | None => {
                let wish =
                    TakeTicket { service, tier: Some(tier), kiosk: self.kiosk_name.clone(), ..TakeTicket::default() };
                self.guide.take_ticket(&Key::new(), &wish).await.map(drop).map_err(anyhow::Error::from)
            }
        };
        if let Err(error) = outcome {
            tracing::warn!("a customer got no number: {error:#}");
        }
    }

    fn tier(&mut self) -> String {
        let mut chance = self.chance.f64();
        let tiers = &self.rules.tiers;
        for (tier, share) in tiers.iter().zip(PREMIUM).take(tiers.len().saturating_sub(1)) {
            if chance < share {
                return tier.id.to_string();
            }
            chance -= share;
        }
        tiers.last().map_or_else(String::new, |tier| tier.id.to_string())
    }
}
