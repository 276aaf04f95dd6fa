//! One look at the businesses, and at what the kiosk has to know of itself.

use crate::desk::News;
use client::Client;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use wire::{AlarmKind, Condition, DeviceHealth, KioskSettings, Place};

/// So long a look waits for an answer.
const LOOK_LIMIT: Duration = Duration::from_millis(900);

pub(super) struct Look<Tell> {
    pub(super) client: Client,
    pub(super) kiosk: Option<String>,
    pub(super) tell: Arc<Tell>,
}

impl<Tell: Fn(News)> Look<Tell> {
    /// Asks how the businesses stand, and who the kiosk is when that is not known yet. Hands back whether it is known now.
    pub(super) async fn run(self, mut knows_settings: bool) -> bool {
        if !knows_settings && let Some(kiosk) = &self.kiosk {
            match timeout(LOOK_LIMIT, self.client.kiosk(kiosk)).await {
                Ok(Ok(settings)) => {
                    warn_of_reach(&settings);
                    (self.tell)(News::Settings(settings));
                    knows_settings = true;
                    self.look_at_devices().await;
                }
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "asking what this kiosk is");
                }
                Err(_late) => {
                    tracing::warn!("no answer in time to what this kiosk is");
                    (self.tell)(News::Unreached);
                    return false;
                }
            }
        }
        (self.tell)(match timeout(LOOK_LIMIT, self.client.services()).await {
            Ok(Ok(services)) => {
                // A hall may be closed because its day does not begin, and that because its clock is doubted.
                if !services.is_empty() && services.iter().all(|offer| !offer.open) {
                    self.look_at_clock().await;
                }
                News::Services(services)
            }
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "asking for the businesses");
                News::Unreached
            }
            Err(_late) => News::Unreached,
        });
        knows_settings
    }

    /// Asks whether the broker doubts its clock.
    async fn look_at_clock(&self) {
        if let Ok(Ok(hall)) = timeout(LOOK_LIMIT, self.client.hall()).await {
            let doubted = hall.alarms.iter().any(|alarm| alarm.kind == AlarmKind::Clock);
            (self.tell)(News::ClockDoubted(doubted));
        }
    }

    /// Asks how the kiosk's devices are; from then on the stream tells.
    async fn look_at_devices(&self) {
        match timeout(LOOK_LIMIT, self.client.hall()).await {
            Ok(Ok(hall)) => {
                for paper in hall.devices.iter().filter_map(|device| paper_of(device, self.kiosk.as_deref())) {
                    (self.tell)(paper);
                }
            }
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "asking how the kiosk's devices are");
            }
            Err(_late) => tracing::warn!("no answer in time to how the kiosk's devices are"),
        }
    }
}

/// What a device's state says of this kiosk's paper, if it is this kiosk's.
pub(super) fn paper_of(device: &DeviceHealth, own: Option<&str>) -> Option<News> {
    match &device.place {
        Place::Kiosk(kiosk) if Some(kiosk.as_str()) == own => Some(News::Paper {
            device: device.name.clone(),
            out: device.report.conditions.contains(&Condition::PaperOut),
        }),
        Place::Kiosk(_) | Place::Counter(_) | Place::Hall => None,
    }
}

fn warn_of_reach(settings: &KioskSettings) {
    if !crate::reach::is_within_reach(settings.panel_bottom_mm) {
        tracing::warn!(
            panel_bottom_mm = settings.panel_bottom_mm,
            highest_mm = crate::reach::HIGHEST_PANEL_BOTTOM_MM,
            "the panel hangs too high: its upper controls are out of a wheelchair's reach; hang it lower"
        );
    }
}
