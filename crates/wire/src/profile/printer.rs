//! Ticket printers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// It answers `DLE EOT 20`: six bytes, the presenter's mouth among them.
    Full,
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
