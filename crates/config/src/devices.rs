//! Devices: what they are, where they stand, and which of them can share a line.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use wire::{DeviceProfile, DeviceSpec, Place};

use crate::check::sound;
use crate::profiles::{NoProfile, ProfileSource};
use crate::raw::{RawDevice, RawFile};
use crate::spans::Report;
use crate::suggest;

/// The port of a device that does not exist and is played by the product.
const VIRTUAL: &str = "virtual";

/// The devices that are right by themselves; whatever is wrong, with one or between two, is reported.
pub(crate) fn check(report: &Report<'_>, file: &RawFile, profiles: &ProfileSource) -> Vec<DeviceSpec> {
    let known: Vec<Option<DeviceSpec>> =
        file.devices.iter().map(|device| one(report, file, device, profiles)).collect();
    let pairs: Vec<(&RawDevice, &DeviceSpec)> =
        file.devices.iter().zip(&known).filter_map(|(raw, spec)| spec.as_ref().map(|spec| (raw, spec))).collect();
    places(report, &pairs);
    lines(report, &pairs);
    known.into_iter().flatten().collect()
}

fn one(report: &Report<'_>, file: &RawFile, device: &RawDevice, profiles: &ProfileSource) -> Option<DeviceSpec> {
    let place = place(report, file, device);
    let profile = profile(report, device, profiles)?;
    let address = address(report, device, &profile);
    let place = place?;
    if !fits(&profile, &place) {
        let (what, mend) = (what(&profile), home(&profile));
        report.error(device.profile.span(), format!("{what} cannot stand {}", at(&place)), mend);
        return None;
    }
    Some(DeviceSpec {
        name: device.name.get_ref().clone(),
        profile_name: device.profile.get_ref().clone(),
        profile,
        port: device.port.get_ref().clone(),
        address: address?,
        place,
    })
}

fn place(report: &Report<'_>, file: &RawFile, device: &RawDevice) -> Option<Place> {
    if device.places != 1 {
        let what = if device.places == 0 { "no place" } else { "more than one place" };
        let message = format!("device {:?} has {what}", device.name.get_ref());
        let mend = "write one of counter = 1, kiosk = \"…\" and place = \"hall\"";
        report.error(device.span.clone(), message, mend);
        return None;
    }
    if let Some(counter) = &device.counter {
        let numbers: Vec<u16> = file.counters.iter().map(|known| *known.number.get_ref()).collect();
        if !numbers.contains(counter.get_ref()) {
            // Perhaps the counter is there, and its number was misread.
            if !sound(&numbers) {
                return None;
            }
            let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
            let message = format!("there is no counter {}", counter.get_ref());
            report.error(counter.span(), message, format!("the counters are {}", numbers.join(", ")));
            return None;
        }
        return Some(Place::Counter(*counter.get_ref()));
    }
    if let Some(kiosk) = &device.kiosk {
        let kiosks: Vec<&str> = file.kiosks.iter().map(|known| known.name.get_ref().as_str()).collect();
        if !kiosks.contains(&kiosk.get_ref().as_str()) {
            let message = format!("there is no kiosk {:?}", kiosk.get_ref());
            if kiosks.is_empty() {
                report.error(kiosk.span(), message, "add a [[kiosk]] of this name");
            } else if sound(&kiosks) {
                report.error(kiosk.span(), message, suggest::mend(kiosk.get_ref(), &kiosks));
            }
            return None;
        }
        return Some(Place::Kiosk(kiosk.get_ref().clone()));
    }
    device.hall.as_ref().map(|_| Place::Hall)
}

fn profile(report: &Report<'_>, device: &RawDevice, profiles: &ProfileSource) -> Option<DeviceProfile> {
    let name = device.profile.get_ref();
    if name.is_empty() {
        return None;
    }
    match profiles.find(name) {
        Ok(profile) => Some(profile),
        Err(NoProfile::Unknown(known)) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("unknown profile {name:?} of device {:?}", device.name.get_ref());
            report.error(device.profile.span(), message, suggest::mend(name, &known));
            None
        }
        Err(NoProfile::Wrong(errors)) => {
            report.adopt(errors);
            None
        }
    }
}

fn address(report: &Report<'_>, device: &RawDevice, profile: &DeviceProfile) -> Option<u16> {
    match (addresses(profile), &device.address) {
        _ if device.address_wrong => None,
        (None, None) => Some(0),
        (None, Some(address)) => {
            let message = format!("{} has no address", what(profile));
            report.error(address.span(), message, "leave the line out");
            None
        }
        (Some(range), None) => {
            let message = format!("device {:?} has no address", device.name.get_ref());
            let mend = format!("add a line such as address = {} ({} to {})", range.start(), range.start(), range.end());
            report.error(device.span.clone(), message, mend);
            None
        }
        (Some(range), Some(address)) if range.contains(address.get_ref()) => Some(*address.get_ref()),
        (Some(range), Some(address)) => {
            let (from, to) = (range.start(), range.end());
            let message = format!("address {} is outside {from} to {to}", address.get_ref());
            report.error(address.span(), message, "write the address set at the device");
            None
        }
    }
}

/// Two devices of one place that cannot both be there.
fn places(report: &Report<'_>, devices: &[(&RawDevice, &DeviceSpec)]) {
    let mut first: BTreeMap<(Place, &str), &RawDevice> = BTreeMap::new();
    for (raw, spec) in devices {
        let single = match &spec.profile {
            DeviceProfile::EscposPrinter(_) => "printer",
            DeviceProfile::Keypad(_) => "keypad",
            // A counter may have a sign on either side, a hall one on each wall: all show the same.
            DeviceProfile::OnbonSign(_) | DeviceProfile::ModbusSign(_) => continue,
        };
        match first.get(&(spec.place.clone(), single)) {
            Some(other) => {
                let place = at(&spec.place);
                let message = format!("a second {single} {place}: {:?} is there already", other.name.get_ref());
                report.error(raw.name.span(), message, "take one out, or give it another place");
            }
            None => {
                first.insert((spec.place.clone(), single), raw);
            }
        }
    }
}

/// Devices of one port that cannot share it.
fn lines(report: &Report<'_>, devices: &[(&RawDevice, &DeviceSpec)]) {
    let mut ports: BTreeMap<&str, Vec<(&RawDevice, &DeviceSpec)>> = BTreeMap::new();
    for (raw, spec) in devices.iter().filter(|(_, spec)| spec.port != VIRTUAL && !spec.port.is_empty()) {
        let sharing = ports.entry(&spec.port).or_default();
        if let Some((_, first)) = sharing.first() {
            let (port, other) = (&spec.port, &first.name);
            if addresses(&spec.profile).is_none() || what(&spec.profile) != what(&first.profile) {
                let message = format!("{} cannot share {port} with device {other:?}", what(&spec.profile));
                report.error(raw.port.span(), message, "give it a port of its own");
            } else if spec.profile.baud() != first.profile.baud() {
                let (own, first) = (spec.profile.baud(), first.profile.baud());
                let message = format!("{port} would run at {own} and, for device {other:?}, at {first} bits a second");
                report.error(raw.port.span(), message, "set both devices to one speed, or use two ports");
            } else if let Some((_, twin)) = sharing.iter().find(|(_, twin)| twin.address == spec.address) {
                let message = format!("address {} on {port} belongs to device {:?} already", spec.address, twin.name);
                let span = raw.address.as_ref().map_or(raw.span.clone(), |address| address.span());
                report.error(span, message, "give each device of a line an address of its own");
            }
        }
        sharing.push((raw, spec));
    }
}

/// The addresses a protocol has; none where a device has its line to itself.
fn addresses(profile: &DeviceProfile) -> Option<RangeInclusive<u16>> {
    match profile {
        DeviceProfile::EscposPrinter(_) => None,
        // Onbon BX-5K/6K protocol: FFFE and FFFF are broadcasts.
        DeviceProfile::OnbonSign(_) => Some(1..=0xFFFD),
        // Modbus over serial line, 2.2: 1 to 247 are devices, 0 is the broadcast.
        DeviceProfile::ModbusSign(_) => Some(1..=247),
        // One byte.
        DeviceProfile::Keypad(_) => Some(1..=255),
    }
}

fn fits(profile: &DeviceProfile, place: &Place) -> bool {
    match (profile, place) {
        (DeviceProfile::EscposPrinter(_), Place::Kiosk(_))
        | (DeviceProfile::OnbonSign(_) | DeviceProfile::ModbusSign(_), Place::Counter(_) | Place::Hall)
        | (DeviceProfile::Keypad(_), Place::Counter(_)) => true,
        (DeviceProfile::EscposPrinter(_) | DeviceProfile::Keypad(_), Place::Hall)
        | (DeviceProfile::EscposPrinter(_), Place::Counter(_))
        | (DeviceProfile::OnbonSign(_) | DeviceProfile::ModbusSign(_) | DeviceProfile::Keypad(_), Place::Kiosk(_)) => {
            false
        }
    }
}

fn what(profile: &DeviceProfile) -> &'static str {
    match profile {
        DeviceProfile::EscposPrinter(_) => "a ticket printer",
        DeviceProfile::OnbonSign(_) => "an Onbon sign",
        DeviceProfile::ModbusSign(_) => "a Modbus sign",
        DeviceProfile::Keypad(_) => "a keypad",
    }
}

fn home(profile: &DeviceProfile) -> &'static str {
    match profile {
        DeviceProfile::EscposPrinter(_) => "write kiosk = \"…\"",
        DeviceProfile::OnbonSign(_) | DeviceProfile::ModbusSign(_) => "write counter = … or place = \"hall\"",
        DeviceProfile::Keypad(_) => "write counter = …",
    }
}

fn at(place: &Place) -> String {
    match place {
        Place::Counter(number) => format!("at counter {number}"),
        Place::Kiosk(name) => format!("in kiosk {name:?}"),
        Place::Hall => "in the hall".to_owned(),
    }
}
