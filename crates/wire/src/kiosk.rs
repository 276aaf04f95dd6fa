//! What a kiosk is told of its hall.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reply::LocalNames;

/// `GET /kiosks/{name}`: what a kiosk has to know of its hall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KioskSettings {
    /// The kiosk's name.
    pub kiosk: String,
    /// The hall's name.
    pub hall: LocalNames,
    /// Languages offered, first the default.
    pub languages: Vec<String>,
    /// IANA name of the hall's time zone.
    pub time_zone: String,
    /// The broker's clock.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// Today's opening hours as text; empty when the hall gives numbers at any hour.
    pub hours_today: String,
    /// Height of the panel's lower edge above the floor, in mm.
    pub panel_bottom_mm: u32,
    /// How much faster than real time this hall lives; 1 in a real one.
    pub speed: f64,
    /// Tiers in order of precedence.
    #[serde(default)]
    pub tiers: Vec<TierName>,
}

/// What a tier is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierName {
    /// Its id.
    pub id: String,
    /// Its names.
    pub names: LocalNames,
}
