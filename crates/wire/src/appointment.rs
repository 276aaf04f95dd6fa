//! Appointments: booked by another system or by staff, checked in at a kiosk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /appointments`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookAppointment {
    /// The service's id.
    pub service: String,
    /// When the customer is to come.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The tier they will have; without one, the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
}

/// `POST /kiosks/{name}/appointment`: a customer has typed or shown a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindAppointment {
    /// The code.
    pub code: String,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Appointment {
    /// What the customer checks in with: six digits.
    pub code: String,
    /// The service's id.
    pub service: String,
    /// The booked time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How it stands now.
    pub standing: AppointmentStanding,
    /// From when the customer may check in.
    #[schema(value_type = String, format = DateTime)]
    pub opens_at: Timestamp,
    /// Until when the booked time counts; later they get a number as if they had not booked.
    #[schema(value_type = String, format = DateTime)]
    pub closes_at: Timestamp,
}

/// How an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStanding {
    /// It is too early to check in.
    Early,
    /// The customer may check in.
    Due,
    /// The booked time does not count any more.
    Late,
    /// A number was taken with it.
    Used,
    /// It was called off.
    Cancelled,
}

impl From<hall::Standing> for AppointmentStanding {
    fn from(standing: hall::Standing) -> Self {
        match standing {
            hall::Standing::Early => Self::Early,
            hall::Standing::Due => Self::Due,
            hall::Standing::Late => Self::Late,
            hall::Standing::Used => Self::Used,
            hall::Standing::Cancelled => Self::Cancelled,
        }
    }
}
