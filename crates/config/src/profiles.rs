//! Device profiles: the facts that differ from one make to the next, one file each.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;
use wire::{DeviceProfile, ImageCommand, NumberStyle, QrCommand};

use crate::error::ConfigError;
use crate::fault::{Fault, Flat, What};
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
pub const BUILT_IN: [(&str, &str); 12] = built_in![
    "custom-vkp80",
    "ditel-dn",
    "epson-tm",
    "generic-58",
    "generic-80",
    "hcc-pos80b",
    "keypad-huajiaoqi",
    "modbus-window-6",
    "onbon-bx5k",
    "sprt-pos76",
    "sprt-sp",
    "xprinter-80",
];

/// Line speeds a serial port can be set to, in bits a second.
const SPEEDS: [u32; 9] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400];

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
    ModbusSign,
    Keypad,
}

const KINDS: [(&str, Kind); 4] = [
    ("escpos_printer", Kind::Printer),
    ("onbon_sign", Kind::OnbonSign),
    ("modbus_sign", Kind::ModbusSign),
    ("keypad", Kind::Keypad),
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
        Kind::ModbusSign => fields(report, entries).map(DeviceProfile::ModbusSign),
        Kind::Keypad => fields(report, entries).map(DeviceProfile::Keypad),
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

/// What a type cannot say: speeds a port knows, sizes that hardware has.
fn check(report: &Report<'_>, entries: &DeTable<'_>, profile: &DeviceProfile) {
    let at = |key: &str| entries.get(key).map_or(0..0, Spanned::span);
    let wrong = |key: &str, value: u32, mend: &str| report.error(at(key), format!("{key} is {value}"), mend);
    if !SPEEDS.contains(&profile.baud()) {
        let allowed: Vec<String> = SPEEDS.iter().map(u32::to_string).collect();
        wrong("baud", profile.baud(), &format!("allowed: {}", allowed.join(", ")));
    }
    let eighths = |range: std::ops::RangeInclusive<u16>, key: &str, value: u16| {
        if !range.contains(&value) || !value.is_multiple_of(8) {
            let mend = format!("write a multiple of 8 from {} to {}", range.start(), range.end());
            wrong(key, u32::from(value), &mend);
        }
    };
    match profile {
        DeviceProfile::EscposPrinter(printer) => {
            eighths(192..=1024, "dots", printer.dots);
            if printer.feed_before_cut_mm > 60 {
                wrong("feed_before_cut_mm", u32::from(printer.feed_before_cut_mm), "write 0 to 60 mm");
            }
            let draws = printer.image != ImageCommand::None;
            for (key, wants) in
                [("qr", printer.qr == QrCommand::Raster), ("number", printer.number == NumberStyle::Raster)]
            {
                if wants && !draws {
                    let message = format!("{key} is \"raster\", and the printer takes no image");
                    report.error(at(key), message, "add image = \"gs_v0\", or choose another way");
                }
            }
        }
        DeviceProfile::OnbonSign(sign) => {
            eighths(16..=4096, "width", sign.width);
            eighths(8..=1024, "height", sign.height);
        }
        DeviceProfile::ModbusSign(sign) => {
            if !(1..=32).contains(&sign.characters) {
                wrong("characters", u32::from(sign.characters), "write 1 to 32");
            }
        }
        DeviceProfile::Keypad(_) => {}
    }
}
