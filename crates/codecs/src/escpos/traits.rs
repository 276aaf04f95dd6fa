//! What differs from one printer to the next: the printer's profile in plain types.

use crate::Charset;

/// A printer's profile. The default is the commonest 80 mm printer, one that never answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterTraits {
    /// Printable dots a line at 8 dots/mm: 576 for 80 mm paper, 384 for 58 mm.
    pub dots: u16,
    /// How the printer gets into its Chinese mode.
    pub double_byte: DoubleByte,
    /// Which characters its font has.
    pub charset: Charset,
    /// Which cut command it knows.
    pub cut: Cut,
    /// Whether it draws QR codes itself.
    pub qr: Qr,
    /// How it reports paper, cover and errors.
    pub status: StatusKind,
    /// Whether it says that a job was printed.
    pub confirm: Confirm,
    /// Millimetres fed before the cut, rounded up to whole lines of 1/6 inch, so that the last printed line
    /// clears the cutter and the hand has something to hold. 12 or more unless the cut feeds by itself.
    pub feed_before_cut_mm: u8,
    /// How it takes an image, which stands for what its font lacks.
    pub image: Image,
    /// How the large number comes onto the paper.
    pub number: Number,
    /// Which logo of its memory stands above the ticket.
    pub logo: Option<u8>,
    /// With which parameter of `GS e` (1D 65) a presenter hands the ticket out (Custom VKP80: 5).
    pub eject: Option<u8>,
}

impl Default for PrinterTraits {
    fn default() -> Self {
        Self {
            dots: 576,
            double_byte: DoubleByte::EnterWithFsAmp,
            charset: Charset::Gb18030TwoByte,
            cut: Cut::PartialGsV66,
            qr: Qr::Native,
            status: StatusKind::None,
            confirm: Confirm::None,
            feed_before_cut_mm: 12,
            image: Image::None,
            number: Number::Text,
            logo: None,
            eject: None,
        }
    }
}

/// How a printer gets into its double-byte (Chinese) mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoubleByte {
    /// `FS &` (1C 26) enters it at once (SPRT SP series).
    EnterWithFsAmp,
    /// On since power-up, no command wanted (SurePrint SP91, HCC POS80B, Xprinter).
    AlwaysOn,
    /// `FS &` takes effect from the next line only (SPRT POS76): an empty line follows it.
    FromNextLine,
}

/// The cut command a printer knows. All but `None` leave a bridge of paper, so a ticket does not fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// `GS V 66 0` (1D 56 42 00): feed to the cutter, partial cut.
    PartialGsV66,
    /// `GS V 1` (1D 56 01): partial cut where the paper stands.
    PartialGsV1,
    /// `ESC i` (1B 69): the older partial cut, one point left.
    EscI,
    /// `ESC m` (1B 6D): the older partial cut, three points left.
    EscM,
    /// No cutter: the customer tears at the bar.
    None,
}

/// Who draws the QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qr {
    /// The printer, from `GS ( k`.
    Native,
    /// We do, as an image.
    Raster,
    /// Nobody: the code is left out.
    None,
}

/// How a printer reports its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// It answers `DLE EOT n` ([`super::status::Query`]).
    RealTime,
    /// It sends its four status bytes by itself ([`super::status::enable_automatic`]).
    Automatic,
    /// It answers `DLE EOT 20` ([`super::status::FULL`]).
    Full,
    /// It never says anything; its state stays unknown.
    None,
}

/// Whether a printer says that a job came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confirm {
    /// It answers `GS r 1` in print order, so the answer after a job means the job was printed.
    GsR,
    /// It says nothing: a job is never known to be printed.
    None,
}

/// How a printer takes an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Image {
    /// `GS v 0` (1D 76 30).
    GsV0,
    /// It does not.
    None,
}

/// How the large number comes onto the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// In the printer's font, enlarged by `GS !`.
    Text,
    /// As an image.
    Raster,
}
