//! What a profile's types cannot say: speeds a port knows, sizes that hardware has.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::DeTable;
use wire::{
    DeviceProfile, ImageCommand, KeyAct, KeypadProfile, NumberStyle, PolledKeypadProfile, PrinterProfile, QrCommand,
};

use crate::spans::Report;

/// Line speeds a serial port can be set to, in bits a second.
const SPEEDS: [u32; 9] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400];

/// Reports what cannot be right in `profile`, which was read from these entries.
pub(crate) fn check(report: &Report<'_>, entries: &DeTable<'_>, profile: &DeviceProfile) {
    let found = Found { report, entries };
    let speed = profile.baud();
    if !SPEEDS.contains(&speed) {
        let allowed: Vec<String> = SPEEDS.iter().map(u32::to_string).collect();
        found.wrong("baud", speed, &format!("allowed: {}", allowed.join(", ")));
    }
    match profile {
        DeviceProfile::EscposPrinter(printer) => found.printer(printer),
        DeviceProfile::OnbonSign(sign) => found.matrix(sign.width, sign.height),
        DeviceProfile::CpowerSign(sign) => {
            found.matrix(sign.width, sign.height);
            found.within("window", sign.window, 0..=7);
        }
        DeviceProfile::ModbusSign(sign) => {
            found.within("characters", sign.characters, 1..=32);
            found.within("first_register", sign.first_register, 0..=u16::MAX - 32);
            found.within("brightness_full", sign.brightness_full, 1..=u16::MAX);
        }
        DeviceProfile::DigitSign(sign) => found.within("idle", sign.idle, 0..=999),
        DeviceProfile::Keypad(keypad) => found.keypad(keypad),
        DeviceProfile::PolledKeypad(keypad) => found.polled(keypad),
        // The maker's manual: no faster, or the module stops answering.
        DeviceProfile::IdReader(reader) => found.within("poll_ms", reader.poll_ms, 300..=5_000),
        DeviceProfile::CardReader(_) | DeviceProfile::Scanner(_) => {}
    }
}

struct Found<'f> {
    report: &'f Report<'f>,
    entries: &'f DeTable<'f>,
}

impl Found<'_> {
    fn error(&self, key: &str, message: String, mend: impl Into<String>) {
        let at = self.entries.get(key).map_or(0..0, Spanned::span);
        self.report.error(at, message, mend);
    }

    fn wrong(&self, key: &str, value: u32, mend: &str) {
        self.error(key, format!("{key} is {value}"), mend);
    }

    fn within<T: Copy + PartialOrd + Into<u32>>(&self, key: &str, value: T, range: RangeInclusive<T>) {
        if !range.contains(&value) {
            let (from, to): (u32, u32) = ((*range.start()).into(), (*range.end()).into());
            self.wrong(key, value.into(), &format!("write {from} to {to}"));
        }
    }

    fn eighths(&self, key: &str, value: u16, range: RangeInclusive<u16>) {
        if !range.contains(&value) || !value.is_multiple_of(8) {
            let mend = format!("write a multiple of 8 from {} to {}", range.start(), range.end());
            self.wrong(key, u32::from(value), &mend);
        }
    }

    fn matrix(&self, width: u16, height: u16) {
        self.eighths("width", width, 16..=4096);
        self.eighths("height", height, 8..=1024);
    }

    fn printer(&self, printer: &PrinterProfile) {
        self.eighths("dots", printer.dots, 192..=1024);
        if printer.feed_before_cut_mm > 60 {
            self.wrong("feed_before_cut_mm", u32::from(printer.feed_before_cut_mm), "write 0 to 60 mm");
        }
        let draws = printer.image != ImageCommand::None;
        for (key, wants) in [("qr", printer.qr == QrCommand::Raster), ("number", printer.number == NumberStyle::Raster)]
        {
            if wants && !draws {
                let message = format!("{key} is \"raster\", and the printer takes no image");
                self.error(key, message, "add image = \"gs_v0\", or choose another way");
            }
        }
    }

    fn keypad(&self, keypad: &KeypadProfile) {
        for code in keypad.keys.keys().filter(|code| !is_key_code(code)) {
            let message = format!("{code:?} is no code of a key");
            self.error("keys", message, "write one or two bytes in hexadecimal, such as \"0C\" or \"06 0F\"");
        }
        let mut codes: Vec<String> = keypad.keys.keys().map(|code| code.to_uppercase()).collect();
        codes.sort_unstable();
        if let Some(pair) = codes.windows(2).find(|pair| pair[0] == pair[1]) {
            self.error("keys", format!("{:?} has two meanings", pair[0]), "leave one of them out");
        }
        if !keypad.keys.is_empty() && !keypad.keys.values().any(|act| *act == KeyAct::Next) {
            self.error("keys", "no key calls the next customer".to_owned(), "give one key the meaning \"next\"");
        }
        if keypad.scores.iter().any(|score| !(1..=5).contains(score)) {
            self.error("scores", format!("scores are {:?}", keypad.scores), "write scores of 1 to 5");
        }
    }

    fn polled(&self, keypad: &PolledKeypadProfile) {
        let count = u16::try_from(keypad.keys.len()).unwrap_or(u16::MAX);
        if !(1..=64).contains(&count) {
            self.error("keys", format!("the keypad has {count} keys"), "write 1 to 64 keys");
        } else if !keypad.keys.contains(&KeyAct::Next) {
            self.error("keys", "no key calls the next customer".to_owned(), "give one key the meaning \"next\"");
        }
        self.within("poll_ms", keypad.poll_ms, 20..=1_000);
        self.within("first_input", keypad.first_input, 0..=u16::MAX - 64);
    }
}

/// One or two bytes in hexadecimal, parted by spaces.
fn is_key_code(code: &str) -> bool {
    let bytes: Vec<&str> = code.split_whitespace().collect();
    (1..=2).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.len() == 2 && byte.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
