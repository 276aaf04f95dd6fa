//! Thermal ticket printers speaking ESC/POS (Epson's ESC/POS command reference and the Chinese makers that
//! follow it: SPRT, SurePrint, HCC, Xprinter).
//!
//! [`ticket`] turns a worded [`Slip`] into the bytes of one job; [`status`] asks the printer how it is and
//! understands its answers.
//!
//! ```
//! use codecs::escpos::status::{Condition, PrinterState, Query, Reply, StatusDecoder};
//! use codecs::escpos::{Confirm, NoGlyphs, PrinterTraits, Slip, ticket};
//!
//! let slip = Slip { hall: "营业厅".into(), number: "A042".into(), service: "缴费".into(), ..Slip::default() };
//! let traits = PrinterTraits { confirm: Confirm::GsR, ..PrinterTraits::default() };
//! let job = ticket(&slip, &traits, &NoGlyphs)?;
//!
//! // The port has sent the job and the question, and the printer answers both.
//! let (mut decoder, mut state) = (StatusDecoder::default(), PrinterState::default());
//! decoder.expect_printed();
//! decoder.expect(Query::Paper);
//! let replies = decoder.push(&[0x12, 0x00]);
//! replies.iter().for_each(|reply| state.fold(*reply));
//! assert_eq!(state.condition(), Condition::Unknown, "cover, cutter and device were never asked about");
//! assert!(replies.contains(&Reply::Printed { bits: 0 }));
//! assert!(job.ends_with(&[0x1D, 0x72, 0x01]));
//! # Ok::<(), codecs::escpos::EncodeError>(())
//! ```

mod layout;
mod memory;
mod raster;
pub mod status;
mod ticket;
mod traits;
mod wrap;

pub use raster::{Bitmap, Glyphs, NoGlyphs, without_real_time};
pub use ticket::{EncodeError, MAX_DOCUMENT_LINES, MAX_QR_BYTES, Slip, ticket};
pub use traits::{Confirm, Cut, DoubleByte, Image, Number, PrinterTraits, Qr, StatusKind};
