//! Device profiles: the facts that differ from one make to the next, one file each.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;
use wire::DeviceProfile;

use crate::error::ConfigError;
use crate::fault::{Fault, Flat, What};
use crate::profile_check::check;
use crate::reader::Table;
use crate::spans::Report;
use crate::suggest;
use crate::syntax;
use crate::values::word;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../firmware-config/devices/", $name, ".toml")))),*]
    };
}

/// The profiles that come with the product, by name.
pub const BUILT_IN: [(&str, &str); 19] = built_in![
    "card-reader-track2",
    "cpower-5200",
    "custom-vkp80",
    "digits-485",
    "digits-xunpeng",
    "ditel-dn",
    "epson-tm",
    "generic-58",
    "generic-80",
    "hcc-pos80b",
    "id-reader-sdt",
    "keypad-huajiaoqi",
    "keypad-modbus-8",
    "modbus-window-6",
    "onbon-bx5k",
    "scanner-qr",
    "sprt-pos76",
    "sprt-sp",
    "xprinter-80",
];

/// Where profiles come from: the built-in ones, and a site's own, which go before built-in ones of the same name.
#[derive(Clone, Debug, Default)]
pub struct ProfileSource {
    site: BTreeMap<String, String>,
}

/// Why there is no profile of a name.
#[derive(Debug)]
pub(crate) enum NoProfile {
    /// Nobody has one of this name; these are the names there are.
    Unknown(Vec<String>),
    /// Its file has mistakes.
    Wrong(Vec<ConfigError>),
}

impl ProfileSource {
    /// The built-in profiles only.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// The built-in profiles and these, name (without `.toml`) to text.
    pub fn with_site(site: BTreeMap<String, String>) -> Self {
        Self { site }
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.extend(self.site.keys().cloned());
        names.sort();
        names.dedup();
        names
    }

    /// Every mistake in the site's own files, also in those no device uses.
    pub fn check(&self) -> Vec<ConfigError> {
        self.site
            .iter()
            .flat_map(|(name, text)| parse_profile(&file_of(name), text).err().unwrap_or_default())
            .collect()
    }

    pub(crate) fn find(&self, name: &str) -> Result<DeviceProfile, NoProfile> {
        let built_in = || BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        match self.site.get(name).map(String::as_str).or_else(built_in) {
            Some(text) => parse_profile(&file_of(name), text).map_err(NoProfile::Wrong),
            None => Err(NoProfile::Unknown(self.names())),
        }
    }
}

/// Reads one profile.
///
/// # Errors
/// What is wrong in it, with line and column.
pub fn parse_profile(file_name: &str, text: &str) -> Result<DeviceProfile, Vec<ConfigError>> {
    let report = Report::new(file_name, text);
    let profile = syntax::document(&report, text).and_then(|document| read(&report, &document));
    match (profile, report.into_errors()) {
        (Some(profile), errors) if errors.is_empty() => Ok(profile),
        (_, errors) => Err(errors),
    }
}

fn file_of(name: &str) -> String {
    format!("devices/{name}.toml")
}

/// Which profile a file describes.
#[derive(Clone, Copy)]
enum Kind {
    Printer,
    OnbonSign,
    CpowerSign,
    ModbusSign,
    DigitSign,
    Keypad,
    PolledKeypad,
    IdReader,
    CardReader,
    Scanner,
}

const KINDS: [(&str, Kind); 10] = [
    ("escpos_printer", Kind::Printer),
    ("onbon_sign", Kind::OnbonSign),
    ("cpower_sign", Kind::CpowerSign),
    ("modbus_sign", Kind::ModbusSign),
    ("digit_sign", Kind::DigitSign),
    ("keypad", Kind::Keypad),
    ("polled_keypad", Kind::PolledKeypad),
    ("id_reader", Kind::IdReader),
    ("card_reader", Kind::CardReader),
    ("scanner", Kind::Scanner),
];

fn read(report: &Report<'_>, document: &Spanned<DeTable<'_>>) -> Option<DeviceProfile> {
    let Some(kind) = Table::root(report, document, "the profile").take("kind") else {
        report.error(0..0, "the profile has no kind", "add a line such as kind = \"escpos_printer\"");
        return None;
    };
    let kind = word(&KINDS)(kind)?;
    let entries = document.get_ref();
    let profile = match kind {
        Kind::Printer => fields(report, entries).map(DeviceProfile::EscposPrinter),
        Kind::OnbonSign => fields(report, entries).map(DeviceProfile::OnbonSign),
        Kind::CpowerSign => fields(report, entries).map(DeviceProfile::CpowerSign),
        Kind::ModbusSign => fields(report, entries).map(DeviceProfile::ModbusSign),
        Kind::DigitSign => fields(report, entries).map(DeviceProfile::DigitSign),
        Kind::Keypad => fields(report, entries).map(DeviceProfile::Keypad),
        Kind::PolledKeypad => fields(report, entries).map(DeviceProfile::PolledKeypad),
        Kind::IdReader => fields(report, entries).map(DeviceProfile::IdReader),
        Kind::CardReader => fields(report, entries).map(DeviceProfile::CardReader),
        Kind::Scanner => fields(report, entries).map(DeviceProfile::Scanner),
    }?;
    check(report, entries, &profile);
    Some(profile)
}

/// The profile's fields but `kind`. Every unknown key is reported; of other mistakes the first.
fn fields<'a, T: Deserialize<'a>>(report: &Report<'_>, entries: &'a DeTable<'a>) -> Option<T> {
    let mut skip = vec!["kind".to_owned()];
    loop {
        let fault = match try_fields::<T>(entries, &skip) {
            Ok(profile) => return Some(profile),
            Err(fault) => fault,
        };
        let at = fault.span.clone().unwrap_or(0..0);
        let (message, mend) = (fault.to_string(), fault.mend());
        match fault.what {
            What::UnknownField { field, .. } => {
                report.error(at, message, mend);
                skip.push(field);
            }
            What::MissingField(field) => {
                // A key that was only misspelt was told already.
                if !skip.iter().any(|unknown| suggest::nearest(unknown, std::iter::once(field)).is_some()) {
                    report.error(at, message, mend);
                }
                return None;
            }
            What::UnknownWord { .. } | What::Wrong { .. } => {
                report.error(at, message, mend);
                return None;
            }
        }
    }
}

fn try_fields<'a, T: Deserialize<'a>>(entries: &'a DeTable<'a>, skip: &[String]) -> Result<T, Fault> {
    T::deserialize(Flat { entries, skip: skip.to_vec() })
}
