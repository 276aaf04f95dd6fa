//! What a kiosk is told of its hall.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::device::DeviceHealth;
use crate::reply::{LocalNames, TicketView};

/// A kiosk's panel whose lower edge is higher above the floor than this, in mm, has controls out of a wheelchair's reach however they are
/// laid out: there is no room for the rows of a keypad below 1220 mm (ADA 308, EN 301 549 8.3).
pub const HIGHEST_PANEL_BOTTOM_MM: u32 = 1064;

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
    /// Pages between the cards and the ticket, in this order; none = a touch on a card gives the number.
    #[serde(default = "usual_pages")]
    pub pages: Vec<KioskPage>,
    /// Ways in which a customer may say who they are here; none = the page is not offered.
    #[serde(default)]
    pub identify: Vec<IdentifyBy>,
    /// Whether customers may ask for priority care here.
    #[serde(default)]
    pub care: bool,
    /// Whether a customer may go without paper.
    #[serde(default)]
    pub paperless: bool,
    /// Businesses of this kiosk, by id, in this order; none = all, in the hall's order.
    #[serde(default)]
    pub services: Vec<String>,
    /// Groups under which businesses stand when they are more than a page holds; none = pages of cards.
    #[serde(default)]
    pub groups: Vec<ServiceGroup>,
    /// With a wait as long as this or longer, in minutes, the customer is asked once more, on whatever pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_wait_min: Option<u32>,
    /// News of the hall, shown while nobody acts.
    #[serde(default)]
    pub news: Vec<LocalNames>,
    /// Today's greeting instead of the one by time of day: a holiday, a weekend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<LocalNames>,
    /// Where the kiosk speaks.
    #[serde(default)]
    pub speech: Speech,
}

/// What a hall's configuration says of one kiosk: what it shows and asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KioskRules {
    /// Height of the panel's lower edge above the floor, in mm; keeps all controls within reach (ADA 308, EN 301 549 8.3).
    pub panel_bottom_mm: u32,
    /// Pages between the cards and the ticket, in this order, each once; none: a touch on a card gives the number.
    pub pages: Vec<KioskPage>,
    /// How customers may say who they are, each once.
    pub identify: Vec<IdentifyBy>,
    /// Whether they may ask for priority care.
    pub care: bool,
    /// Whether they may go without paper.
    pub paperless: bool,
    /// Its services by id, in this order; none: all, in the hall's order.
    pub services: Vec<String>,
    /// Groups of at most eight of them, which have each of them once; or no group.
    pub groups: Vec<ServiceGroup>,
    /// From how long a wait on the customer is asked once more, in minutes.
    pub long_wait_min: Option<u32>,
    /// Where it speaks.
    pub speech: Speech,
}

/// Pages between the cards and the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KioskPage {
    /// Who are you.
    Who,
    /// Papers to bring, and what can be done without a teller.
    Documents,
    /// Is this what you need.
    Confirm,
}

fn usual_pages() -> Vec<KioskPage> {
    vec![KioskPage::Confirm]
}

/// How a customer may say who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentifyBy {
    /// Types a mobile number.
    Phone,
    /// Swipes a customer card.
    Card,
    /// Lays the resident identity card on the reader.
    IdCard,
    /// Shows a QR code.
    Code,
    /// Types the code of an appointment.
    Appointment,
}

/// Businesses that stand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceGroup {
    /// Its names.
    pub names: LocalNames,
    /// Its businesses, by id.
    pub services: Vec<String>,
}

/// Where a kiosk speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Speech {
    /// Nowhere: no button is shown.
    #[default]
    Off,
    /// To whoever stands there; never what was typed.
    Loudspeaker,
    /// Into a headphone.
    Headphones,
}

/// `POST /kiosks/{name}/staff`: staff open the hidden corner of a kiosk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenStaffCorner {
    /// The kiosk's PIN.
    pub pin: String,
}

impl std::fmt::Debug for OpenStaffCorner {
    /// Without the PIN: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenStaffCorner").finish_non_exhaustive()
    }
}

/// What staff see at a kiosk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StaffCorner {
    /// What `POST /kiosks/{name}/staff/act` is asked with; good for five minutes after the last use.
    pub key: String,
    /// Whether numbers are given out.
    pub ticketing_open: bool,
    /// The kiosk's latest tickets, newest first, at most eight.
    pub tickets: Vec<TicketView>,
    /// The kiosk's devices.
    pub devices: Vec<DeviceHealth>,
}

/// `POST /kiosks/{name}/staff/act`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffAct {
    /// The key of the opened corner.
    pub key: String,
    /// What to do.
    pub act: StaffDeed,
}

/// What staff may do at a kiosk; answered by how things stand then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffDeed {
    /// Nothing: how do things stand?
    Look {},
    /// Print a ticket of this kiosk again, marked as a copy.
    Reprint {
        /// The ticket.
        #[schema(value_type = u64)]
        ticket: hall::TicketId,
    },
    /// Open or close ticketing in the hall.
    Ticketing {
        /// Whether numbers are given out.
        open: bool,
    },
    /// Print a page that is no ticket.
    TestPrint {},
}

/// What a tier is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierName {
    /// Its id.
    pub id: String,
    /// Its names.
    pub names: LocalNames,
    /// Where its customers wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<LocalNames>,
}
