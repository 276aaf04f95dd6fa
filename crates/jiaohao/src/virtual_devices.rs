//! The devices a configuration calls `virtual`: simulators on pseudo-terminals, so that the drivers do the same work as in a
//! hall with real ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use device_sim::{
    Answers, Chinese, Font, Keypad, LineOptions, OnbonOptions, OnbonSign, Printer, PrinterOptions, WindowOptions,
    WindowRegisters, WindowSign,
};
use wire::{DeviceProfile, DeviceSpec, DoubleByte, PrinterStatus, RegisterLayout};

/// The port of a device that is to be simulated.
pub const VIRTUAL: &str = "virtual";

/// The simulated devices of a hall, by the names of the configuration.
#[derive(Default)]
pub struct VirtualDevices {
    /// Ticket printers.
    pub printers: BTreeMap<String, Printer>,
    /// Hall signs.
    pub hall_signs: BTreeMap<String, OnbonSign>,
    /// Window signs.
    pub window_signs: BTreeMap<String, WindowSign>,
    /// Keypads.
    pub keypads: BTreeMap<String, Arc<Keypad>>,
}

/// Whether simulated lines are as slow as real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Bytes arrive at once.
    AtOnce,
    /// Bytes arrive at the speed of the device's line.
    AsTheLine,
}

/// Puts the paths that virtual devices will have in place of their ports, without starting anything.
pub fn name_ports(dir: &Path, devices: &mut [DeviceSpec]) {
    for device in devices.iter_mut().filter(|device| device.port == VIRTUAL) {
        device.port = dir.join(&device.name).display().to_string();
    }
}

impl VirtualDevices {
    /// Starts a simulator for every device whose port is `virtual`, on a pseudo-terminal that appears as `dir/NAME`, and puts
    /// that path in place of the port.
    ///
    /// # Errors
    /// The directory or a pseudo-terminal cannot be made.
    pub fn start(dir: &Path, devices: &mut [DeviceSpec], pace: Pace) -> anyhow::Result<Self> {
        let mut all = Self::default();
        if devices.iter().all(|device| device.port != VIRTUAL) {
            return Ok(all);
        }
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        let font = Font::from_bytes(look::fonts::REGULAR.to_vec()).context("reading the bundled font")?;
        for device in devices.iter_mut().filter(|device| device.port == VIRTUAL) {
            let path = all
                .add(dir, device, &font, pace)
                .with_context(|| format!("starting the virtual device {}", device.name))?;
            device.port = path.display().to_string();
        }
        Ok(all)
    }

    /// The raw bytes that every sign was sent, into `dir/NAME.bin`.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn record_signs(&self, dir: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(dir)?;
        for sign in self.hall_signs.values() {
            sign.record_to(dir)?;
        }
        for sign in self.window_signs.values() {
            sign.record_to(dir)?;
        }
        Ok(())
    }

    fn add(&mut self, dir: &Path, device: &DeviceSpec, font: &Font, pace: Pace) -> std::io::Result<PathBuf> {
        let name = device.name.clone();
        let line = LineOptions::new(dir, &name);
        let line = if pace == Pace::AsTheLine { line.at_baud(device.profile.baud()) } else { line };
        let unit = u8::try_from(device.address).unwrap_or(u8::MAX);
        Ok(match &device.profile {
            DeviceProfile::EscposPrinter(profile) => {
                let mut options = PrinterOptions::new(line, font.clone());
                options.dots = usize::from(profile.dots);
                options.answers = match profile.status {
                    PrinterStatus::RealTime | PrinterStatus::Automatic => Answers::Full,
                    PrinterStatus::None => Answers::Mute,
                };
                options.chinese = match profile.double_byte {
                    DoubleByte::FsAmp => Chinese::ByCommand,
                    DoubleByte::FsAmpNextLine => Chinese::FromNextLine,
                    DoubleByte::Always => Chinese::FromPowerUp,
                };
                let printer = Printer::start(options)?;
                let path = printer.path().to_owned();
                self.printers.insert(name, printer);
                path
            }
            DeviceProfile::OnbonSign(_) => {
                let sign = OnbonSign::start(&line, OnbonOptions::new(device.address, font.clone()))?;
                let path = sign.path().to_owned();
                self.hall_signs.insert(name, sign);
                path
            }
            DeviceProfile::ModbusSign(profile) => {
                let mut options = WindowOptions::new(unit, font.clone());
                options.registers = match profile.layout {
                    RegisterLayout::OneCharacter => WindowRegisters::OneCharacter,
                    RegisterLayout::TwoCharacters => WindowRegisters::TwoCharacters,
                };
                let sign = WindowSign::start(&line, options)?;
                let path = sign.path().to_owned();
                self.window_signs.insert(name, sign);
                path
            }
            DeviceProfile::CpowerSign(_)
            | DeviceProfile::DigitSign(_)
            | DeviceProfile::PolledKeypad(_)
            | DeviceProfile::IdReader(_)
            | DeviceProfile::CardReader(_)
            | DeviceProfile::Scanner(_) => {
                return Err(std::io::Error::other("there is no simulator of this kind of device"));
            }
            DeviceProfile::Keypad(_) => {
                let keypad = Keypad::start(&line, unit)?;
                let path = keypad.path().to_owned();
                self.keypads.insert(name, Arc::new(keypad));
                path
            }
        })
    }
}
