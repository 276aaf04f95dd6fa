//! What a broker is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use hall::calendar::{Greeting, News};
use hall::{IdentityKind, Rules, TierId};
use wire::{DeviceSpec, KioskRules};

use crate::access::Access;

impl Premises {
    /// IANA name of the hall's time zone.
    pub(crate) fn zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }
}

/// Everything a broker needs to know. Files were read and checked by whoever starts it.
pub struct Options {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where the journal lives.
    pub data: PathBuf,
    /// The hall's rules.
    pub rules: Arc<Rules>,
    /// What the hall has beside rules.
    pub premises: Premises,
    /// Tokens and PINs.
    pub access: Access,
    /// The time.
    pub clock: Clock,
}

/// What signs do by the time of day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignRules {
    /// Whether the hall's sign greets while nobody is called.
    pub greeting: bool,
    /// Minute of the local day, 0 to 1439, and the brightness from then on, in percent, in the order of the minutes.
    pub brightness: Vec<(u16, u8)>,
}

/// A directory of customers in the network.
#[derive(Clone)]
pub struct OnlineDirectory {
    /// Its address: `http` only.
    pub url: String,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// How long an answer is remembered; zero: not at all.
    pub remembered: Duration,
    /// The bearer token it asks for.
    pub token: Option<String>,
}

/// Tells a customer's tier from what they identified themselves with.
pub type Recognise = Arc<dyn Fn(IdentityKind, &str) -> Option<TierId> + Send + Sync>;

/// What a hall consists of beside its rules.
#[derive(Clone)]
pub struct Premises {
    /// The hall's time zone.
    pub time_zone: jiff::tz::TimeZone,
    /// Languages offered, the default first.
    pub languages: Vec<String>,
    /// Kiosks by name.
    pub kiosks: Vec<(String, KioskRules)>,
    /// News, told by kiosks while nobody acts.
    pub news: Vec<News>,
    /// Greetings instead of the one by the time of day; the first that fits is said.
    pub greetings: Vec<Greeting>,
    /// Devices with their resolved profiles.
    pub devices: Vec<DeviceSpec>,
    /// What a ticket's QR begins with, up to and without `/t/…`; `None` = the address the broker listens at.
    pub public_url: Option<String>,
    /// Whom to ask who a customer is, beside the hall's own list.
    pub directory: Option<OnlineDirectory>,
    /// The tier of a customer who identified themselves, where their number tells it.
    pub recognise: Recognise,
    /// What signs do by the time of day.
    pub signs: SignRules,
    /// Whether the broker opens the business day by itself, at start and at each cut-over.
    pub opens_day: bool,
}
