//! What the broker and its device hosts tell each other: which devices there are, what is to be printed and shown, and how
//! the devices are.

use std::collections::BTreeMap;

use hall::TicketId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A device of the hall: `GET /devices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeviceSpec {
    /// Its name within the hall.
    pub name: String,
    /// The name of its profile.
    pub profile_name: String,
    /// What the profile says.
    pub profile: DeviceProfile,
    /// A stable path, or `virtual`.
    pub port: String,
    /// Its address on the bus, where the protocol has one.
    pub address: u16,
    /// Where it stands.
    pub place: Place,
}

/// Where a device belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At a counter.
    Counter(u16),
    /// In a kiosk.
    Kiosk(String),
    /// In the hall, for everybody.
    Hall,
}

/// A device profile: a file of `firmware-config/devices/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeviceProfile {
    /// A thermal printer that speaks ESC/POS.
    EscposPrinter(PrinterProfile),
    /// An Onbon BX-5K/6K text sign.
    OnbonSign(OnbonSignProfile),
    /// A window sign with Modbus RTU registers.
    ModbusSign(ModbusSignProfile),
    /// A deployed 呼叫器 keypad.
    Keypad(KeypadProfile),
}

impl DeviceProfile {
    /// The speed of the device's line, in bits a second.
    pub fn baud(&self) -> u32 {
        match self {
            Self::EscposPrinter(profile) => profile.baud,
            Self::OnbonSign(profile) => profile.baud,
            Self::ModbusSign(profile) => profile.baud,
            Self::Keypad(profile) => profile.baud,
        }
    }
}

/// How one kind of ESC/POS printer differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrinterProfile {
    /// Line speed.
    pub baud: u32,
    /// Flow control of the line.
    pub flow: Flow,
    /// Printable dots a line: 384 on 58 mm paper, 576 on 80 mm.
    pub dots: u16,
    /// How it comes to print Chinese.
    pub double_byte: DoubleByte,
    /// Which cut command it understands.
    pub cut: CutCommand,
    /// Whether it draws QR codes itself.
    pub qr: QrCommand,
    /// How it tells its state.
    pub status: PrinterStatus,
    /// How it tells that a job came out on paper.
    pub confirm: PrintConfirm,
    /// Paper between print head and cutter, in mm.
    pub feed_before_cut_mm: u8,
    /// Which characters its font has.
    #[serde(default)]
    pub charset: PrinterCharset,
    /// How it takes an image, which stands for what its font lacks.
    #[serde(default)]
    pub image: ImageCommand,
    /// How the large number comes onto the paper.
    #[serde(default)]
    pub number: NumberStyle,
    /// Which logo of its memory stands above the ticket (`FS p`); 0 for none.
    #[serde(default)]
    pub logo: u8,
    /// With which parameter a presenter is told to hand the ticket out (`GS e`); 0 where there is none.
    #[serde(default)]
    pub eject: u8,
}

/// The repertoire of a printer's font.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrinterCharset {
    /// GB 2312: 6763 characters.
    Gb2312,
    /// The two-byte area of GB18030.
    #[default]
    Gb18030,
}

/// How a printer takes an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageCommand {
    /// `GS v 0`
    GsV0,
    /// It does not: what its font lacks is replaced by a sign.
    #[default]
    None,
}

/// How the large number comes onto the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// In the printer's font, enlarged.
    #[default]
    Text,
    /// As an image, for printers that do not enlarge. It takes seconds on a slow line.
    Raster,
}

/// Flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// None.
    None,
    /// RTS/CTS.
    Hardware,
    /// XON/XOFF.
    Software,
}

/// How a printer comes to print double-byte characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoubleByte {
    /// After `FS &`, at once.
    FsAmp,
    /// After `FS &`, from the next line.
    FsAmpNextLine,
    /// Always.
    Always,
}

/// Which cut command a printer understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CutCommand {
    /// `GS V 66 0`
    PartialFeed,
    /// `GS V 1`
    Partial,
    /// `ESC i`
    EscI,
    /// `ESC m`
    EscM,
    /// It has no cutter: tear bar.
    None,
}

/// Whether a printer draws QR codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QrCommand {
    /// `GS ( k`
    Native,
    /// It does not: the code is sent as an image.
    Raster,
    /// It does not; the ticket goes without.
    None,
}

/// How a printer tells its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrinterStatus {
    /// It answers `DLE EOT`.
    RealTime,
    /// It sends automatic status after `GS a`.
    Automatic,
    /// Never: its state is unknown.
    None,
}

/// How a printer tells that a job came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintConfirm {
    /// `GS r 1` is answered in print order.
    GsR,
    /// It does not.
    None,
}

/// How one kind of Onbon sign differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnbonSignProfile {
    /// Line speed.
    pub baud: u32,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// In which unit Y and height are sent; sources disagree.
    pub vertical: SignUnits,
}

/// Units of a sign's vertical coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUnits {
    /// Units of 8 pixels.
    Eighths,
    /// Pixels.
    Pixels,
}

/// How one kind of Modbus window sign differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModbusSignProfile {
    /// Line speed.
    pub baud: u32,
    /// The first text register.
    pub first_register: u16,
    /// Characters the sign shows.
    pub characters: u8,
    /// How characters lie in registers.
    pub layout: RegisterLayout,
}

/// How characters lie in Modbus registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegisterLayout {
    /// One ASCII character a register.
    OneCharacter,
    /// Two, the first in the high byte.
    TwoCharacters,
}

/// How one kind of keypad differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeypadProfile {
    /// Line speed.
    pub baud: u32,
}

/// How a device is, as its host reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceReport {
    /// In one word.
    pub state: DeviceState,
    /// What is the matter, by the names of the CEN/XFS printer class.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// For the technician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How a device is. What a device did not say is unknown, and unknown is not ok.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It said that it is well.
    Ok,
    /// It works, and will soon not.
    Warning,
    /// It does not work.
    Fault,
    /// It says nothing.
    Unknown,
}

/// What can be the matter with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// No device host has said anything about it.
    NoHost,
    /// Its port is not there.
    NoDevice,
    /// Its port is there and cannot be used.
    PortError,
    /// It does not answer.
    NoAnswer,
    /// It answers nonsense: most often the speed of the line is wrong.
    Garbled,
    /// It answers, and never says that a ticket came out although its profile says it would.
    Unconfirmed,
    /// It does not take any bytes.
    Stalled,
    /// It is offline.
    Offline,
    /// Paper near its end.
    PaperLow,
    /// No paper.
    PaperOut,
    /// Cover open.
    CoverOpen,
    /// The cutter is stuck.
    CutterFault,
    /// An error of the mechanism.
    HardwareError,
}

/// A device and how it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeviceHealth {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What its host said last.
    pub report: DeviceReport,
    /// Since when it is like that.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// A job of a kiosk's printer: `GET /print-jobs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PrintJob {
    /// Its id.
    pub id: u64,
    /// Whose printer.
    pub kiosk: String,
    /// Of which ticket.
    #[schema(value_type = u64)]
    pub ticket: TicketId,
    /// Marked as a copy.
    pub copy: bool,
    /// How it stands.
    pub state: PrintState,
    /// After this it is not worth printing.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// What to print, already worded.
    pub slip: Slip,
}

/// How a print job stands. Only `printed` means paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// In the outbox.
    Queued,
    /// A host has taken it and is about to send bytes.
    Sending,
    /// All bytes are with the printer, which cannot say more (its profile has no confirmation).
    Sent,
    /// The printer said that it came out.
    Printed,
    /// It may have come out. Never printed again by itself.
    Uncertain,
    /// It did not come out and will not.
    Failed,
    /// It was not worth printing any more.
    Expired,
}

/// `POST /print-jobs/{id}`: a host says how a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintReport {
    /// The new state.
    pub state: PrintState,
    /// For the technician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A ticket's text, line by line, worded in the customer's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slip {
    /// The hall's name.
    pub hall: String,
    /// A greeting after the time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// The number.
    pub number: String,
    /// The business.
    pub service: String,
    /// People ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<String>,
    /// The range of the wait, as estimated when printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
    /// Where to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// When it was taken.
    pub time: String,
    /// Papers to have ready.
    #[serde(default)]
    pub documents: Vec<String>,
    /// What its QR opens, at most 42 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr_url: Option<String>,
    /// What becomes of a missed call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// That this is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_mark: Option<String>,
}

/// What a sign is to show: `GET /signs`, and the passing event `sign.wanted`. A wanted state, not a message: a host sends it
/// again until the sign acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignWanted {
    /// Whose sign: a counter's or the hall's.
    pub place: Place,
    /// The event that made it; a higher one is newer.
    pub seq: u64,
    /// Calls to show, newest first: one at a counter, several in the hall; none = idle.
    pub calls: Vec<SignCall>,
    /// What to show when idle, by language.
    #[serde(default)]
    pub idle: BTreeMap<String, String>,
}

/// One call on a sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignCall {
    /// The number.
    pub number: String,
    /// The counter.
    pub counter: u16,
}
