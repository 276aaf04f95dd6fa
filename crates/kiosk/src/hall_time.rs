//! What the hall's clock says, between two looks at it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use wire::KioskSettings;

use crate::desk::Moment;

/// The broker's clock and zone as they were told at some moment.
#[derive(Clone, Debug)]
pub(crate) struct HallTime {
    told: Timestamp,
    at: Moment,
    /// How much faster than real time the hall lives.
    speed: f64,
    zone: TimeZone,
}

impl HallTime {
    pub(crate) fn new(settings: &KioskSettings, at: Moment) -> Self {
        // A zone this machine does not know is no reason to show no time.
        let zone = TimeZone::get(&settings.time_zone).unwrap_or_else(|_| TimeZone::system());
        Self { told: settings.now, at, speed: settings.speed, zone }
    }

    /// The local time at `now`, in the moments of [`HallTime::new`].
    pub(crate) fn at(&self, now: Moment) -> civil::DateTime {
        let since = SignedDuration::try_from(now.saturating_sub(self.at).mul_f64(self.speed.max(0.0)));
        let time = since.ok().and_then(|since| self.told.checked_add(since).ok()).unwrap_or(self.told);
        self.local(time)
    }

    /// A moment in the hall's zone.
    pub(crate) fn local(&self, time: Timestamp) -> civil::DateTime {
        time.to_zoned(self.zone.clone()).datetime()
    }

    /// The hall's day when its clock was told last.
    pub(crate) fn told_date(&self) -> civil::Date {
        self.local(self.told).date()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fast_hall_shows_its_own_local_time() {
        let settings = KioskSettings {
            kiosk: "kiosk-1".to_owned(),
            hall: wire::LocalNames::default(),
            languages: vec!["zh".to_owned()],
            time_zone: "Asia/Shanghai".to_owned(),
            now: "2026-11-22T00:30:00Z".parse().unwrap(),
            hours_today: String::new(),
            panel_bottom_mm: 967,
            speed: 20.0,
            tiers: vec![],
            pages: vec![],
            identify: vec![],
            care: false,
            paperless: false,
            services: vec![],
            groups: vec![],
            long_wait_min: None,
            news: vec![],
            greeting: None,
            speech: wire::Speech::Off,
        };
        let time = HallTime::new(&settings, Duration::from_secs(5));
        assert_eq!(time.at(Duration::from_secs(35)).to_string(), "2026-11-22T08:40:00");
    }
}
