//! People who are identified before the kiosk, and their appointments.

use kiosk::desk::{Identified, News};
use wire::{Appointment, AppointmentStanding, IdentityKind};

/// Somebody whom a reader has identified.
pub fn who(tier: &str) -> Identified {
    Identified {
        key: "k3v9".to_owned(),
        kind: IdentityKind::Card,
        masked: "138****5678".to_owned(),
        tier: tier.to_owned(),
        level: None,
        appointment: None,
        staff_told: false,
    }
}

/// The news of it.
pub fn identified(tier: &str) -> News {
    News::Identified(who(tier))
}

/// An appointment for a number of mobile telephone, at half past two of the hall's day.
pub fn appointment(standing: AppointmentStanding) -> Appointment {
    Appointment {
        code: "402913".to_owned(),
        service: "open".to_owned(),
        at: "2026-11-22T06:30:00Z".parse().expect("a time"),
        standing,
        opens_at: "2026-11-22T06:00:00Z".parse().expect("a time"),
        closes_at: "2026-11-22T06:45:00Z".parse().expect("a time"),
    }
}
