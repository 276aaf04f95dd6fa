//! A checked configuration.

use std::net::SocketAddr;

use hall::calendar::{Greeting, News};
use hall::rules::Rules;
use hall::{IdentityKind, Language, TierId};
use jiff::tz::TimeZone;
use wire::{DeviceSpec, KioskRules};

use crate::level::{Area, Level};

/// Bytes a ticket's QR holds at most: version 3, level M, byte mode (ISO/IEC 18004, table of capacities).
pub const QR_URL_MAX: usize = 42;
/// Characters of a ticket's code in its QR. The broker makes codes of this length (62 letters and digits: 71 bits).
pub const TICKET_CODE_LEN: usize = 12;
/// What stands between the public address and the code.
pub const QR_PATH: &str = "/t/";
/// Longest [`HallConfig::public_url`], in bytes.
pub const PUBLIC_URL_MAX: usize = QR_URL_MAX - QR_PATH.len() - TICKET_CODE_LEN;

/// Everything a hall's file says, checked: whoever holds one need not check again.
#[derive(Clone, Debug, PartialEq)]
pub struct HallConfig {
    /// What the rules of the hall need.
    pub rules: Rules,
    /// The hall's level.
    pub level: Level,
    /// Its areas, in the norm's order, each once.
    pub areas: Vec<Area>,
    /// The IANA name of its time zone: `Asia/Shanghai`.
    pub time_zone: String,
    /// The zone itself, from the bundled database.
    pub zone: TimeZone,
    /// Languages offered, the first is the default; never empty, each once.
    pub languages: Vec<Language>,
    /// Where the broker listens, unless the command line says otherwise.
    pub listen: Option<SocketAddr>,
    /// What a ticket's QR begins with, without a slash at its end: at most [`PUBLIC_URL_MAX`] bytes.
    pub public_url: String,
    /// Whether the business day opens by itself when the hall starts; else a supervisor opens it.
    pub open_day_at_start: bool,
    /// How customers are recognised, in order of the tiers' precedence.
    pub recognition: Vec<Recognition>,
    /// Whom to ask who a customer is.
    pub directory: Directory,
    /// What call displays do by the time of day.
    pub signs: Signs,
    /// What is told while nobody acts, in the file's order.
    pub news: Vec<News>,
    /// Greetings instead of the one by the time of day; the first that fits is said.
    pub greetings: Vec<Greeting>,
    /// The ticket machines.
    pub kiosks: Vec<Kiosk>,
    /// The hall screens.
    pub screens: Vec<Screen>,
    /// The devices on ports, in the file's order.
    pub devices: Vec<DeviceSpec>,
}

impl HallConfig {
    /// The tier of somebody who identified with this number, or none when no tier recognises it. The longest beginning wins;
    /// blanks and hyphens do not count.
    pub fn recognise(&self, kind: IdentityKind, value: &str) -> Option<&TierId> {
        let plain: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        self.recognition
            .iter()
            .filter(|known| known.kind == kind && plain.starts_with(&known.begins))
            // Strictly longer: of two of one length the first in precedence stays.
            .reduce(|best, known| if known.begins.len() > best.begins.len() { known } else { best })
            .map(|known| &known.tier)
    }

    /// What the QR of a ticket with this code opens.
    pub fn ticket_url(&self, code: &str) -> String {
        format!("{}{QR_PATH}{code}", self.public_url)
    }
}

/// One way by which a customer is recognised as of a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognition {
    /// The tier.
    pub tier: TierId,
    /// Which number.
    pub kind: IdentityKind,
    /// How it begins: digits and letters.
    pub begins: String,
}

/// A directory of customers in the network, beside the hall's own list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Where it is asked, an `http` address; nobody is asked without one.
    pub url: Option<String>,
    /// How long an answer is waited for, in milliseconds, 50 to 900: of a VIP staff are told within a second.
    pub timeout_ms: u32,
    /// How long an answer is remembered, in minutes; 0: not at all.
    pub cache_min: u32,
    /// The file with the bearer token it asks for; a path that is not absolute begins at the hall's data directory.
    pub token_file: Option<String>,
}

/// What call displays do by the time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signs {
    /// Whether the hall's sign greets when nobody is called.
    pub greeting: bool,
    /// How bright signs are, from which minute of the day on, in their order; the last of them holds until the first. Empty:
    /// they are not told.
    pub brightness: Vec<Brightness>,
}

/// How bright signs are from a minute of the day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brightness {
    /// 0 to 1439.
    pub from_minute: u16,
    /// 1 to 100.
    pub percent: u8,
}

/// A ticket machine (取号机).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    /// Its name.
    pub name: String,
    /// What it shows and asks.
    pub rules: KioskRules,
}

/// A hall screen (叫号屏).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its name.
    pub name: String,
}
