//! Devices that the sample has not, and those it has in another place.

use device_sim::{CPowerSign, DigitBoard, IdCardReader, PolledKeypad, QrScanner, TrackReader};
use wire::DeviceSpec;

use crate::rig::Rig;

/// A `[[device]]` block; `rest` says its address and where it stands.
pub fn block(name: &str, profile: &str, port: &str, rest: &str) -> String {
    format!("\n[[device]]\nname = \"{name}\"\nprofile = \"{profile}\"\nport = \"{port}\"\n{rest}\n")
}

/// The configuration with more devices.
pub fn with_devices(sample: &str, blocks: &[String]) -> String {
    format!("{sample}\n{}", blocks.concat())
}

/// The configuration with the device of this name at another port.
///
/// # Panics
/// When it has no such device.
pub fn at_port(sample: &str, device: &str, port: &str) -> String {
    let name = format!("\nname = \"{device}\"\n");
    let (before, block) = sample.split_once(&name).unwrap_or_else(|| panic!("no device {device}"));
    let block = block.replacen("port = \"virtual\"", &format!("port = \"{port}\""), 1);
    format!("{before}{name}{block}")
}

impl Rig {
    /// A C-Power sign.
    pub fn cpower_sign(&self, name: &str) -> &CPowerSign {
        self.devices.cpower_signs.get(name).expect("a C-Power sign of this name")
    }

    /// A board of three digits.
    pub fn digit_board(&self, name: &str) -> &DigitBoard {
        self.devices.digit_boards.get(name).expect("a digit board of this name")
    }

    /// A keypad that is asked for its keys.
    pub fn polled_keypad(&self, name: &str) -> &PolledKeypad {
        self.devices.polled_keypads.get(name).expect("a polled keypad of this name")
    }

    /// A reader of identity cards.
    pub fn id_reader(&self, name: &str) -> &IdCardReader {
        self.devices.id_readers.get(name).expect("a reader of identity cards of this name")
    }

    /// A reader of magnetic cards.
    pub fn card_reader(&self, name: &str) -> &TrackReader {
        self.devices.card_readers.get(name).expect("a reader of magnetic cards of this name")
    }

    /// A scanner.
    pub fn scanner(&self, name: &str) -> &QrScanner {
        self.devices.scanners.get(name).expect("a scanner of this name")
    }

    /// The port of a device, as the technician reads it.
    pub(crate) fn port(&self, name: &str) -> String {
        let spec = self.specs().iter().find(|spec| spec.name == name);
        spec.map(|spec: &DeviceSpec| spec.port.clone()).expect("a device of this name")
    }
}
