//! Device profiles: the facts that differ from one make to the next, a file of `firmware-config/devices/` each.

mod keypad;
mod printer;
mod reader;
mod sign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use keypad::{KeyAct, KeypadProfile, PolledKeypadProfile};
pub use printer::{
    CutCommand, DoubleByte, Flow, ImageCommand, NumberStyle, PrintConfirm, PrinterCharset, PrinterProfile,
    PrinterStatus, QrCommand,
};
pub use reader::{CardReaderProfile, IdReaderProfile, ScannerCharset, ScannerProfile};
pub use sign::{
    CpowerSignProfile, DigitCommand, DigitSignProfile, ModbusSignProfile, OnbonSignProfile, RegisterLayout, SignLines,
    SignUnits,
};

/// A device profile: a file of `firmware-config/devices/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeviceProfile {
    /// A thermal printer that speaks ESC/POS.
    EscposPrinter(PrinterProfile),
    /// An Onbon BX-5K/6K text sign.
    OnbonSign(OnbonSignProfile),
    /// A Lumen C-Power text sign.
    CpowerSign(CpowerSignProfile),
    /// A window sign with Modbus RTU registers.
    ModbusSign(ModbusSignProfile),
    /// A board that shows three digits.
    DigitSign(DigitSignProfile),
    /// A deployed 呼叫器 keypad.
    Keypad(KeypadProfile),
    /// A keypad that is asked for its keys by Modbus RTU.
    PolledKeypad(PolledKeypadProfile),
    /// A reader of resident identity cards.
    IdReader(IdReaderProfile),
    /// A reader of magnetic cards.
    CardReader(CardReaderProfile),
    /// A QR scanner.
    Scanner(ScannerProfile),
}

impl DeviceProfile {
    /// The speed of the device's line, in bits a second.
    pub fn baud(&self) -> u32 {
        match self {
            Self::EscposPrinter(profile) => profile.baud,
            Self::OnbonSign(profile) => profile.baud,
            Self::CpowerSign(profile) => profile.baud,
            Self::ModbusSign(profile) => profile.baud,
            Self::DigitSign(profile) => profile.baud,
            Self::Keypad(profile) => profile.baud,
            Self::PolledKeypad(profile) => profile.baud,
            Self::IdReader(profile) => profile.baud,
            Self::CardReader(profile) => profile.baud,
            Self::Scanner(profile) => profile.baud,
        }
    }

    /// Whether it is a call display.
    pub fn is_sign(&self) -> bool {
        self.part() == Part::Sign
    }

    /// Whether it is a teller's keypad.
    pub fn is_keypad(&self) -> bool {
        self.part() == Part::Keypad
    }

    /// What it does in a hall.
    pub fn part(&self) -> Part {
        match self {
            Self::EscposPrinter(_) => Part::Printer,
            Self::OnbonSign(_) | Self::CpowerSign(_) | Self::ModbusSign(_) | Self::DigitSign(_) => Part::Sign,
            Self::Keypad(_) | Self::PolledKeypad(_) => Part::Keypad,
            Self::IdReader(_) | Self::CardReader(_) | Self::Scanner(_) => Part::Reader,
        }
    }
}

/// What a device does in a hall, whatever it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It prints tickets.
    Printer,
    /// It shows calls.
    Sign,
    /// Its keys command a counter.
    Keypad,
    /// It tells who stands before a kiosk.
    Reader,
}
