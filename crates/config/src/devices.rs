//! Devices: what they are, where they stand, and which of them can share a line.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use wire::{DeviceProfile, DeviceSpec, DigitCommand, Place};

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
    let kind = Trait::of(&profile);
    let address = address(report, device, &kind);
    let place = place?;
    if !kind.fits(&place) {
        let what = kind.what;
        report.error(device.profile.span(), format!("{what} cannot stand {}", at(&place)), kind.home());
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

fn address(report: &Report<'_>, device: &RawDevice, kind: &Trait) -> Option<u16> {
    match (kind.addresses.clone(), &device.address) {
        _ if device.address_wrong => None,
        (None, None) => Some(0),
        (None, Some(address)) => {
            let message = format!("{} has no address", kind.what);
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
        // Several displays that show the same, as one device.
        (Some(_), Some(address)) if device.hall.is_some() && kind.everybody == Some(*address.get_ref()) => {
            kind.everybody
        }
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
        let Some(single) = Trait::of(&spec.profile).single else { continue };
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
            let (own, others) = (Trait::of(&spec.profile), Trait::of(&first.profile));
            if own.addresses.is_none() || others.addresses.is_none() || own.protocol != others.protocol {
                let message = format!("{} cannot share {port} with device {other:?}", own.what);
                report.error(raw.port.span(), message, "give it a port of its own");
            } else if is_everybody(spec) || is_everybody(first) {
                let message = format!("what {:?} is sent on {port} would go to device {other:?} too", spec.name);
                report.error(raw.port.span(), message, "give the displays that show the same a port of their own");
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

fn is_everybody(spec: &DeviceSpec) -> bool {
    Trait::of(&spec.profile).everybody == Some(spec.address)
}

/// What a kind of device is to a configuration.
struct Trait {
    /// In a sentence.
    what: &'static str,
    /// Devices share a line only if they speak the same.
    protocol: &'static str,
    /// The addresses its protocol has; none where a device has its line to itself.
    addresses: Option<RangeInclusive<u16>>,
    /// The address that stands for every device of the line.
    everybody: Option<u16>,
    /// By what word a place has only one of it; none where it may have several, as a counter has a sign on either side.
    single: Option<&'static str>,
    /// Where it may stand: at a counter, in a kiosk, in the hall.
    counter: bool,
    kiosk: bool,
    hall: bool,
}

impl Trait {
    const SIGN: Self = Self {
        what: "",
        protocol: "",
        addresses: None,
        everybody: None,
        single: None,
        counter: true,
        kiosk: false,
        hall: true,
    };
    const KEYPAD: Self = Self { single: Some("keypad"), hall: false, ..Self::SIGN };
    const READER: Self = Self { counter: false, kiosk: true, hall: false, ..Self::SIGN };

    fn of(profile: &DeviceProfile) -> Self {
        match profile {
            DeviceProfile::EscposPrinter(_) => {
                Self { what: "a ticket printer", protocol: "escpos", single: Some("printer"), ..Self::READER }
            }
            DeviceProfile::OnbonSign(_) => Self {
                what: "an Onbon sign",
                protocol: "onbon",
                addresses: Some(1..=0xFFFD),
                // BX-5K/6K protocol 5.1: no card answers it. Of FFFE the manual says both.
                everybody: Some(0xFFFF),
                ..Self::SIGN
            },
            DeviceProfile::CpowerSign(_) => Self {
                what: "a C-Power sign",
                protocol: "cpower",
                addresses: Some(1..=254),
                everybody: Some(255),
                ..Self::SIGN
            },
            DeviceProfile::ModbusSign(_) => Self {
                what: "a Modbus sign",
                protocol: "modbus",
                // Modbus over serial line, 2.2: 1 to 247 are devices, 0 is the broadcast.
                addresses: Some(1..=247),
                everybody: Some(0),
                ..Self::SIGN
            },
            DeviceProfile::DigitSign(board) => Self {
                what: "a digit board",
                protocol: "digits",
                addresses: match board.command {
                    DigitCommand::Addressed => Some(1..=255),
                    DigitCommand::Xunpeng => None,
                },
                ..Self::SIGN
            },
            // One byte.
            DeviceProfile::Keypad(_) => {
                Self { what: "a keypad", protocol: "keypad", addresses: Some(1..=255), ..Self::KEYPAD }
            }
            DeviceProfile::PolledKeypad(_) => {
                Self { what: "a polled keypad", protocol: "modbus", addresses: Some(1..=247), ..Self::KEYPAD }
            }
            DeviceProfile::IdReader(_) => Self {
                what: "an identity card reader",
                protocol: "sdt",
                single: Some("identity card reader"),
                ..Self::READER
            },
            DeviceProfile::CardReader(_) => {
                Self { what: "a card reader", protocol: "track 2", single: Some("card reader"), ..Self::READER }
            }
            DeviceProfile::Scanner(_) => {
                Self { what: "a scanner", protocol: "codes", single: Some("scanner"), ..Self::READER }
            }
        }
    }

    fn fits(&self, place: &Place) -> bool {
        match place {
            Place::Counter(_) => self.counter,
            Place::Kiosk(_) => self.kiosk,
            Place::Hall => self.hall,
        }
    }

    /// How its place is written.
    fn home(&self) -> &'static str {
        match (self.counter, self.hall) {
            (true, true) => "write counter = … or place = \"hall\"",
            (true, false) => "write counter = …",
            (false, _) => "write kiosk = \"…\"",
        }
    }
}

fn at(place: &Place) -> String {
    match place {
        Place::Counter(number) => format!("at counter {number}"),
        Place::Kiosk(name) => format!("in kiosk {name:?}"),
        Place::Hall => "in the hall".to_owned(),
    }
}
