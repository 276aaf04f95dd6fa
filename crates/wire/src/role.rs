//! Who may ask what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The role a bearer token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A ticket kiosk.
    Kiosk,
    /// A teller's window.
    Teller,
    /// A hall screen.
    Screen,
    /// A device host: printers, signs, keypads.
    Devices,
    /// The hall manager.
    Supervisor,
    /// Whoever sets the hall up.
    Admin,
    /// Another system.
    Integrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] =
        [Self::Kiosk, Self::Teller, Self::Screen, Self::Devices, Self::Supervisor, Self::Admin, Self::Integrator];

    /// Its name in `access.toml` and in the API's documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Teller => "teller",
            Self::Screen => "screen",
            Self::Devices => "devices",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Integrator => "integrator",
        }
    }
}
