//! The devices a configuration calls `virtual`: simulators on pseudo-terminals, so that the drivers do the same work as in a
//! hall with real ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use device_sim::{
    Answers, CPowerOptions, CPowerSign, Chinese, ControlServer, Controlled, DigitBoard, Font, IdCardReader, Keypad,
    LineOptions, OnbonOptions, OnbonSign, Outlet, PolledKeypad, PolledKeypadOptions, Printer, PrinterOptions,
    QrScanner, ScannerOptions, TrackOptions, TrackReader, WindowOptions, WindowRegisters, WindowSign,
};
use wire::{
    CutCommand, DeviceProfile, DeviceSpec, DigitCommand, DoubleByte, PolledKeypadProfile, PrinterProfile,
    PrinterStatus, RegisterLayout, SignUnits,
};

/// The port of a device that is to be simulated.
pub const VIRTUAL: &str = "virtual";

/// The socket of the control channel, beside the ports.
pub const CONTROL: &str = "control";

/// The simulated devices of a hall, by the names of the configuration.
#[derive(Default)]
pub struct VirtualDevices {
    /// Ticket printers.
    pub printers: BTreeMap<String, Arc<Printer>>,
    /// Onbon signs.
    pub hall_signs: BTreeMap<String, Arc<OnbonSign>>,
    /// C-Power signs.
    pub cpower_signs: BTreeMap<String, Arc<CPowerSign>>,
    /// Window signs.
    pub window_signs: BTreeMap<String, Arc<WindowSign>>,
    /// Boards of three digits.
    pub digit_boards: BTreeMap<String, Arc<DigitBoard>>,
    /// Keypads that speak.
    pub keypads: BTreeMap<String, Arc<Keypad>>,
    /// Keypads that are asked.
    pub polled_keypads: BTreeMap<String, Arc<PolledKeypad>>,
    /// Readers of identity cards.
    pub id_readers: BTreeMap<String, Arc<IdCardReader>>,
    /// Readers of magnetic cards.
    pub card_readers: BTreeMap<String, Arc<TrackReader>>,
    /// Scanners.
    pub scanners: BTreeMap<String, Arc<QrScanner>>,
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

/// Whether another process has virtual devices in `dir`: their control channel answers.
pub fn are_played_by_another(dir: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(dir.join(CONTROL)).is_ok()
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

    /// All of them by name, each as the control channel sees it.
    pub fn controlled(&self) -> BTreeMap<String, Arc<dyn Controlled>> {
        let mut all = BTreeMap::new();
        controlled(&self.printers, &mut all);
        controlled(&self.hall_signs, &mut all);
        controlled(&self.cpower_signs, &mut all);
        controlled(&self.window_signs, &mut all);
        controlled(&self.digit_boards, &mut all);
        controlled(&self.keypads, &mut all);
        controlled(&self.polled_keypads, &mut all);
        controlled(&self.id_readers, &mut all);
        controlled(&self.card_readers, &mut all);
        controlled(&self.scanners, &mut all);
        all
    }

    /// Opens the control channel beside the lines, at `dir/control`. `None` where there is no device, or no socket can be made:
    /// the devices do without.
    pub fn control(&self, dir: &Path) -> Option<ControlServer> {
        let devices = self.controlled();
        if devices.is_empty() {
            return None;
        }
        ControlServer::start(dir, devices)
            .inspect_err(
                |error| tracing::warn!(dir = %dir.display(), %error, "no control channel for the virtual devices"),
            )
            .ok()
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
        for sign in self.cpower_signs.values() {
            sign.record_to(dir)?;
        }
        for sign in self.window_signs.values() {
            sign.record_to(dir)?;
        }
        for board in self.digit_boards.values() {
            board.record_to(dir)?;
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
                let printer = Printer::start(printer(profile, line, font))?;
                keep(&mut self.printers, name, printer, Printer::path)
            }
            DeviceProfile::OnbonSign(profile) => {
                let options = OnbonOptions {
                    width: usize::from(profile.width),
                    height: usize::from(profile.height),
                    rows_in_eights: profile.vertical == SignUnits::Eighths,
                    ..OnbonOptions::new(device.address, font.clone())
                };
                let sign = OnbonSign::start(&line, options)?;
                keep(&mut self.hall_signs, name, sign, OnbonSign::path)
            }
            DeviceProfile::CpowerSign(profile) => {
                let (width, height) = (usize::from(profile.width), usize::from(profile.height));
                let sign = CPowerSign::start(&line, CPowerOptions::sized(unit, width, height, font.clone()))?;
                keep(&mut self.cpower_signs, name, sign, CPowerSign::path)
            }
            DeviceProfile::ModbusSign(profile) => {
                let registers = match profile.layout {
                    RegisterLayout::OneCharacter => WindowRegisters::OneCharacter,
                    RegisterLayout::TwoCharacters => WindowRegisters::TwoCharacters,
                };
                let options = WindowOptions {
                    registers,
                    first: profile.first_register,
                    digits: profile.characters,
                    ..WindowOptions::new(unit, font.clone())
                };
                let sign = WindowSign::start(&line, options)?;
                keep(&mut self.window_signs, name, sign, WindowSign::path)
            }
            DeviceProfile::DigitSign(profile) => {
                let board = match profile.command {
                    DigitCommand::Addressed => {
                        DigitBoard::start_bus(&line, [unit])?.into_iter().next().ok_or(std::io::ErrorKind::NotFound)?
                    }
                    DigitCommand::Xunpeng => DigitBoard::start_xunpeng(&line)?,
                };
                keep(&mut self.digit_boards, name, board, DigitBoard::path)
            }
            DeviceProfile::Keypad(_) => {
                let keypad = Keypad::start(&line, unit)?;
                keep(&mut self.keypads, name, keypad, Keypad::path)
            }
            DeviceProfile::PolledKeypad(profile) => {
                let keypad = PolledKeypad::start(&line, polled_keypad(profile, unit))?;
                keep(&mut self.polled_keypads, name, keypad, PolledKeypad::path)
            }
            DeviceProfile::IdReader(_) => {
                let reader = IdCardReader::start(&line)?;
                keep(&mut self.id_readers, name, reader, IdCardReader::path)
            }
            DeviceProfile::CardReader(_) => {
                let reader = TrackReader::start(&line, TrackOptions::default())?;
                keep(&mut self.card_readers, name, reader, TrackReader::path)
            }
            DeviceProfile::Scanner(profile) => {
                let charset = match profile.charset {
                    wire::ScannerCharset::Gbk => device_sim::ScannerCharset::Gbk,
                    wire::ScannerCharset::Utf8 => device_sim::ScannerCharset::Utf8,
                };
                let scanner = QrScanner::start(&line, ScannerOptions { charset, ..ScannerOptions::default() })?;
                keep(&mut self.scanners, name, scanner, QrScanner::path)
            }
        })
    }
}

fn controlled<D: Controlled + 'static>(
    known: &BTreeMap<String, Arc<D>>,
    all: &mut BTreeMap<String, Arc<dyn Controlled>>,
) {
    for (name, device) in known {
        let device: Arc<dyn Controlled> = device.clone();
        all.insert(name.clone(), device);
    }
}

/// A printer of this profile as it comes out of its box.
fn printer(profile: &PrinterProfile, line: LineOptions, font: &Font) -> PrinterOptions {
    let mut options = PrinterOptions::new(line, font.clone());
    options.dots = usize::from(profile.dots);
    options.answers = match profile.status {
        PrinterStatus::RealTime | PrinterStatus::Automatic | PrinterStatus::Full => Answers::Full,
        PrinterStatus::None => Answers::Mute,
    };
    options.outlet = match profile.cut {
        _ if profile.eject > 0 => Outlet::Presenter,
        CutCommand::None => Outlet::TearBar,
        CutCommand::PartialFeed | CutCommand::Partial | CutCommand::EscI | CutCommand::EscM => Outlet::Cutter,
    };
    options.charset = match profile.charset {
        wire::PrinterCharset::Gb2312 => device_sim::Charset::Gb2312,
        wire::PrinterCharset::Gb18030 => device_sim::Charset::Gb18030,
    };
    options.chinese = match profile.double_byte {
        DoubleByte::FsAmp => Chinese::ByCommand,
        DoubleByte::FsAmpNextLine => Chinese::FromNextLine,
        DoubleByte::Always => Chinese::FromPowerUp,
    };
    options
}

/// A keypad with as many keys and registers as this profile asks for.
fn polled_keypad(profile: &PolledKeypadProfile, unit: u8) -> PolledKeypadOptions {
    let keys = u16::try_from(profile.keys.len()).unwrap_or(u16::MAX);
    let shown = [profile.waiting_register, profile.number_register, profile.beep_register];
    let registers = shown.into_iter().flatten().max().map_or(0, |last| last.saturating_add(1));
    let options = PolledKeypadOptions::new(unit);
    PolledKeypadOptions {
        inputs: options.inputs.max(profile.first_input.saturating_add(keys)),
        registers: options.registers.max(registers),
        ..options
    }
}

/// Puts a simulator under its name and tells its path.
fn keep<D>(known: &mut BTreeMap<String, Arc<D>>, name: String, device: D, path: impl Fn(&D) -> &Path) -> PathBuf {
    let path = path(&device).to_owned();
    known.insert(name, Arc::new(device));
    path
}
