//! The ticket a customer takes, as one ESC/POS job.

use ::escpos::errors::PrinterError;
use ::escpos::utils::JustifyMode;
use thiserror::Error;

use super::layout::Layout;
use super::raster::Glyphs;
use super::traits::{Confirm, Number, PrinterTraits, Qr};
use super::wrap::{width, wrap};

/// What is printed, in words already chosen and translated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// The hall's name.
    pub hall: String,
    /// A line for this customer, such as a greeting by time of day.
    pub greeting: Option<String>,
    /// The ticket number, printed as large as the paper allows. Not empty.
    pub number: String,
    /// The service asked for.
    pub service: String,
    /// "您前面还有 3 位".
    pub ahead_line: Option<String>,
    /// The waiting range and that it is an estimate made at printing.
    pub wait_line: Option<String>,
    /// Where to wait.
    pub area_line: Option<String>,
    /// When the ticket was taken.
    pub time_line: String,
    /// The documents to have ready; [`MAX_DOCUMENT_LINES`] printed lines at most, whatever is given.
    pub documents: Vec<String>,
    /// An address of at most [`MAX_QR_BYTES`] printable ASCII bytes.
    pub qr_url: Option<String>,
    /// The rule for missed calls.
    pub rule_line: Option<String>,
    /// What marks a second print of the same ticket, such as "补打".
    pub copy_mark: Option<String>,
}

/// Printed lines the documents may take.
pub const MAX_DOCUMENT_LINES: usize = 3;

/// Bytes a version 3 QR code holds in byte mode at level M (ISO/IEC 18004, table 7).
pub const MAX_QR_BYTES: usize = 42;

/// Why a slip cannot be made into a job.
#[derive(Debug, Error)]
pub enum EncodeError {
    /// A ticket without a number is worth nothing.
    #[error("printing a ticket without a number")]
    NoNumber,
    /// The profile's paper cannot hold a line.
    #[error("printing on paper of {dots} dots, which is narrower than 16 characters")]
    PaperTooNarrow {
        /// The profile's dots a line.
        dots: u16,
    },
    /// The address would need a larger QR code than the ticket has room for.
    #[error("putting {len} bytes into a QR code that holds {MAX_QR_BYTES}")]
    QrTooLong {
        /// Bytes of the address.
        len: usize,
    },
    /// The address has a byte no address has.
    #[error("putting an address into a QR code that is not plain ASCII")]
    QrNotAscii,
    /// The byte builder refused an instruction.
    #[error("building the ticket's ESC/POS bytes")]
    Build {
        /// What it refused.
        #[source]
        source: PrinterError,
    },
}

impl From<PrinterError> for EncodeError {
    fn from(source: PrinterError) -> Self {
        Self::Build { source }
    }
}

/// The bytes of one job: reset, the ticket from top to bottom, feed, cut and, where the printer answers it,
/// the question whose answer means "printed".
///
/// A line with characters that the printer's font lacks is drawn from `glyphs` where the printer takes images; what neither has is
/// replaced by [`crate::REPLACEMENT`] (〓). Long texts wrap by the
/// width of their characters, and each field has a number of lines it may take, so that a ticket stays within
/// 120 mm.
///
/// # Errors
/// [`EncodeError`] names what of the slip or the profile cannot be printed.
pub fn ticket(slip: &Slip, traits: &PrinterTraits, glyphs: &dyn Glyphs) -> Result<Vec<u8>, EncodeError> {
    let number = slip.number.trim();
    if number.is_empty() {
        return Err(EncodeError::NoNumber);
    }
    let mut page = Layout::begin(traits, glyphs)?;

    page.align(JustifyMode::CENTER)?;
    if let Some(number) = traits.logo {
        page.logo(number)?;
    }
    page.text(&slip.hall, 1, 1, 2)?;
    page.optional(slip.greeting.as_deref(), 1, 1, 2)?;
    let times = magnification(number, page.columns(), traits.dots);
    match traits.number {
        Number::Text => page.text(number, times, times, 2)?,
        Number::Raster => page.picture(number, times)?,
    }
    page.optional(slip.copy_mark.as_deref(), 1, 2, 1)?;
    page.air()?;
    page.text(&slip.service, 2, 2, 2)?;
    page.air()?;
    page.optional(slip.ahead_line.as_deref(), 2, 2, 2)?;
    page.optional(slip.wait_line.as_deref(), 1, 1, 2)?;
    page.air()?;
    for line in area_and_time(slip, page.columns()) {
        page.text(&line, 1, 1, 2)?;
    }
    page.air()?;
    for line in document_lines(&slip.documents, page.columns()) {
        page.text(&line, 1, 2, 1)?;
    }

    match (&slip.qr_url, traits.qr) {
        (Some(url), Qr::Native) => page.qr(checked(url)?)?,
        (Some(url), Qr::Raster) => page.drawn_qr(checked(url)?)?,
        (Some(_), Qr::None) | (None, Qr::Native | Qr::Raster | Qr::None) => {}
    }
    page.optional(slip.rule_line.as_deref(), 1, 1, 3)?;

    page.cut(traits)?;
    if let Some(n) = traits.eject {
        page.eject(n)?;
    }
    match traits.confirm {
        Confirm::GsR => page.raw(&super::status::CONFIRM)?,
        Confirm::None => {}
    }
    page.finish()
}

/// How many times the number is enlarged: 8 on 80 mm paper (a capital of about 18 mm), 6 on 58 mm (14 mm),
/// less where a long number would not fit on one line, and never under 2.
fn magnification(number: &str, columns: usize, dots: u16) -> u8 {
    const WIDE_PAPER_DOTS: u16 = 512;
    let most = if dots >= WIDE_PAPER_DOTS { 8 } else { 6 };
    let fits = columns / width(number).max(1);
    u8::try_from(fits).unwrap_or(most).clamp(2, most)
}

/// Area and time share a line where they fit.
fn area_and_time(slip: &Slip, columns: usize) -> Vec<String> {
    match &slip.area_line {
        Some(area) => {
            let together = format!("{area}  {}", slip.time_line);
            if width(&together) <= columns { vec![together] } else { vec![area.clone(), slip.time_line.clone()] }
        }
        None => vec![slip.time_line.clone()],
    }
}

fn document_lines(documents: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> =
        documents.iter().flat_map(|document| wrap(document, columns, MAX_DOCUMENT_LINES)).collect();
    if lines.len() > MAX_DOCUMENT_LINES {
        // The cut must show, or a customer would bring too little.
        let rest = lines.drain(MAX_DOCUMENT_LINES - 1..).collect::<Vec<_>>().join("、");
        lines.extend(wrap(&rest, columns, 1));
    }
    lines
}

fn checked(url: &str) -> Result<&str, EncodeError> {
    if url.len() > MAX_QR_BYTES {
        return Err(EncodeError::QrTooLong { len: url.len() });
    }
    if url.is_empty() || !url.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(EncodeError::QrNotAscii);
    }
    Ok(url)
}
