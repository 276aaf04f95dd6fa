//! The instructions of a ticket, one method each, over the `escpos` crate as byte builder.

use ::escpos::printer::Printer;
use ::escpos::utils::{Encoder, JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use encoding_rs::GB18030;

use super::memory::Memory;
use super::raster::{self, Bitmap, Glyphs, NoGlyphs};
use super::ticket::EncodeError;
use super::traits::{Cut, DoubleByte, Image, PrinterTraits, StatusKind};
use super::{status, wrap::wrap};
use crate::Charset;

/// Dots of one ASCII column: font A is 12 × 24 dots, Chinese 24 × 24.
const COLUMN_DOTS: u16 = 12;
const CELL_DOTS: usize = 24;
/// Fewest columns that still make a ticket.
const MIN_COLUMNS: usize = 16;
/// Dots a side of a QR module: 29 modules of 6 dots are 21.75 mm.
const QR_MODULE_DOTS: u8 = 6;
/// Of one that is drawn, before the printer doubles it: 0.5 mm at 8 dots a mm, which phones read at arm's length.
const QR_DRAWN_DOTS: usize = 2;
/// `ESC 2`, the line spacing after reset, is 1/6 inch: in tenths of a millimetre, rounded down, so that a
/// feed is never shorter than asked for.
const LINE_TENTHS_OF_MM: u16 = 42;

/// A ticket being written.
pub(super) struct Layout<'g> {
    printer: Printer<Memory>,
    columns: usize,
    charset: Charset,
    /// None where the printer takes no image.
    glyphs: &'g dyn Glyphs,
    size: (u8, u8),
}

impl<'g> Layout<'g> {
    /// Reset the printer and bring it into its Chinese mode. Images are drawn from `glyphs`.
    pub(super) fn begin(traits: &PrinterTraits, glyphs: &'g dyn Glyphs) -> Result<Self, EncodeError> {
        let columns = usize::from(traits.dots / COLUMN_DOTS);
        if columns < MIN_COLUMNS {
            return Err(EncodeError::PaperTooNarrow { dots: traits.dots });
        }
        let protocol = Protocol::new(Encoder::new(GB18030));
        let mut layout = Self {
            printer: Printer::new(Memory::default(), protocol, None),
            columns,
            charset: traits.charset,
            glyphs: match traits.image {
                Image::GsV0 => glyphs,
                Image::None => &NoGlyphs,
            },
            size: (1, 1),
        };
        layout.printer.init()?;
        match traits.status {
            // The reset may have switched automatic status off.
            StatusKind::Automatic => layout.raw(&status::enable_automatic())?,
            StatusKind::RealTime | StatusKind::Full | StatusKind::None => {}
        }
        match traits.double_byte {
            DoubleByte::EnterWithFsAmp => layout.raw(&FS_AMP)?,
            DoubleByte::FromNextLine => {
                layout.raw(&FS_AMP)?;
                layout.raw(&LF)?;
            }
            DoubleByte::AlwaysOn => {}
        }
        Ok(layout)
    }

    /// ASCII characters a line holds at normal size.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn align(&mut self, mode: JustifyMode) -> Result<(), EncodeError> {
        self.printer.justify(mode)?;
        Ok(())
    }

    /// `text` at `width` × `height` times the normal size, in at most `max_lines` lines. A line with a character that the
    /// printer's font lacks and ours has is drawn.
    pub(super) fn text(&mut self, text: &str, width: u8, height: u8, max_lines: usize) -> Result<(), EncodeError> {
        let text = self.charset.printable(text, |c| self.glyphs.glyph(c, CELL_DOTS, CELL_DOTS).is_some());
        for line in wrap(&text, self.columns / usize::from(width), max_lines) {
            let lacks = line.chars().any(|c| !self.charset.has(c));
            match if lacks { self.drawn(&line, width, height) } else { None } {
                Some(image) => self.image(&image)?,
                None => self.line(&line, width, height)?,
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &str, width: u8, height: u8) -> Result<(), EncodeError> {
        if self.size != (width, height) {
            self.printer.size(width, height)?;
            self.size = (width, height);
        }
        self.printer.write(line)?;
        // The crate's `feed` is ESC d 1. LF is what every clone was tested with.
        self.raw(&LF)
    }

    /// `text` in one line as an image; as text where we cannot draw it.
    pub(super) fn picture(&mut self, text: &str, times: u8) -> Result<(), EncodeError> {
        match self.drawn(text, times, times) {
            Some(image) => self.image(&image),
            None => self.text(text, times, times, 2),
        }
    }

    /// Images are as high as they are: the air that text has in its line spacing is fed.
    fn image(&mut self, image: &Bitmap) -> Result<(), EncodeError> {
        self.raw(&image.command())?;
        self.air()
    }

    fn drawn(&self, line: &str, width: u8, height: u8) -> Option<Bitmap> {
        let cell = |times: u8| CELL_DOTS * usize::from(times);
        raster::line(line, cell(width), cell(height), self.glyphs)
    }

    /// [`Layout::text`] where there is any.
    pub(super) fn optional(
        &mut self,
        text: Option<&str>,
        width: u8,
        height: u8,
        max_lines: usize,
    ) -> Result<(), EncodeError> {
        match text {
            Some(text) => self.text(text, width, height, max_lines),
            None => Ok(()),
        }
    }

    /// The QR code with an empty line above and below: `GS ( k` prints no quiet zone of its own, and a line
    /// of 1/6 inch is more than the 4 modules (3 mm) the standard asks for.
    pub(super) fn qr(&mut self, url: &str) -> Result<(), EncodeError> {
        self.reset_size()?;
        self.raw(&LF)?;
        self.printer
            .qrcode_option(url, QRCodeOption::new(QRCodeModel::Model2, QR_MODULE_DOTS, QRCodeCorrectionLevel::M))?;
        self.raw(&LF)?;
        Ok(())
    }

    /// The same code as an image, smaller and doubled by the printer: half a kilobyte instead of four.
    pub(super) fn drawn_qr(&mut self, url: &str) -> Result<(), EncodeError> {
        self.reset_size()?;
        self.raw(&LF)?;
        if let Some(image) = raster::qr(url, QR_DRAWN_DOTS) {
            self.raw(&image.doubled())?;
        }
        self.raw(&LF)
    }

    /// `FS p n 0`: a logo from the printer's memory, in its own size. Where none is stored, nothing is printed.
    pub(super) fn logo(&mut self, number: u8) -> Result<(), EncodeError> {
        self.raw(&[0x1C, 0x70, number, 0x00])
    }

    /// `GS e n`: the presenter hands the ticket out (Custom VKP80).
    pub(super) fn eject(&mut self, n: u8) -> Result<(), EncodeError> {
        self.raw(&[0x1D, 0x65, n])
    }

    /// Feed, then cut.
    ///
    /// The crate's `partial_cut` is not used: it sends `1D 56 41 01`, function A with a feed of one unit,
    /// which is a full cut, and the ticket falls to the floor.
    pub(super) fn cut(&mut self, traits: &PrinterTraits) -> Result<(), EncodeError> {
        self.reset_size()?;
        let lines = (u16::from(traits.feed_before_cut_mm) * 10).div_ceil(LINE_TENTHS_OF_MM);
        if let Ok(lines @ 1..) = u8::try_from(lines) {
            self.printer.feeds(lines)?;
        }
        match traits.cut {
            Cut::PartialGsV66 => self.raw(&[0x1D, 0x56, 0x42, 0x00]),
            Cut::PartialGsV1 => self.raw(&[0x1D, 0x56, 0x01]),
            Cut::EscI => self.raw(&[0x1B, 0x69]),
            Cut::EscM => self.raw(&[0x1B, 0x6D]),
            Cut::None => Ok(()),
        }
    }

    /// A little air: enlarged lines are as high as their spacing and would touch. `ESC J n`, in dots.
    pub(super) fn air(&mut self) -> Result<(), EncodeError> {
        const DOTS: u8 = 10;
        self.raw(&[0x1B, 0x4A, DOTS])
    }

    /// Bytes the crate has no method for, or the wrong ones.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.printer.custom(bytes)?;
        Ok(())
    }

    /// Everything written so far.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, EncodeError> {
        self.printer.print()?;
        Ok(self.printer.driver().into_bytes())
    }

    fn reset_size(&mut self) -> Result<(), EncodeError> {
        if self.size != (1, 1) {
            self.printer.reset_size()?;
            self.size = (1, 1);
        }
        Ok(())
    }
}

/// `FS &`: enter double-byte mode.
const FS_AMP: [u8; 2] = [0x1C, 0x26];
/// Print the line.
const LF: [u8; 1] = [0x0A];
