//! Call displays.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PrinterCharset;

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

/// How one kind of Lumen C-Power sign differs from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CpowerSignProfile {
    /// Line speed.
    pub baud: u32,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// The window of the sign's own layout in which the text stands, from 0.
    pub window: u8,
    /// The font and size byte of a text, as the sign's manual counts them.
    pub font: u8,
    /// In which code it takes Chinese; no manual says.
    pub charset: PrinterCharset,
    /// How a text is broken into lines.
    pub lines: SignLines,
    /// Whether it takes the command that sets its brightness.
    #[serde(default)]
    pub dims: bool,
}

/// How a text of several lines is sent to a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignLines {
    /// A line feed begins a new line.
    LineFeed,
    /// It has no command for that; lines are filled with spaces, and the sign breaks the text at its edge.
    Filled,
}

/// How one kind of three-digit board differs from others. Boards answer nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigitSignProfile {
    /// Line speed.
    pub baud: u32,
    /// Which command it takes.
    pub command: DigitCommand,
    /// The number that stands while nobody is called, 0 to 999: no board is known to have a command that blanks it.
    pub idle: u16,
    /// Colour byte of a 讯鹏 board.
    #[serde(default)]
    pub colour: u8,
    /// Information byte of a 讯鹏 board.
    #[serde(default)]
    pub info: u8,
}

/// Which command a three-digit board takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DigitCommand {
    /// `ID hi lo sum8`: several boards on a line, each with its ID.
    Addressed,
    /// 讯鹏 `3A colour lo hi info sum 0A`: no address, so one board a line.
    Xunpeng,
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
    /// Whether the host hears its own frames back, as with many two-wire adapters.
    #[serde(default)]
    pub echo: bool,
    /// The register that sets the brightness, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brightness_register: Option<u16>,
    /// Its value at full brightness.
    #[serde(default = "full_brightness")]
    pub brightness_full: u16,
}

const fn full_brightness() -> u16 {
    100
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
