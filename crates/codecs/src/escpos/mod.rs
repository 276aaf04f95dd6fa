//! Thermal ticket printers speaking ESC/POS (Epson's ESC/POS command reference and the Chinese makers that
//! follow it: SPRT, SurePrint, HCC, Xprinter).
//!
//! [`ticket`] turns a worded [`Slip`] into the bytes of one job; [`status`] asks the printer how it is and
//! understands its answers.

mod layout;
mod memory;
pub mod status;
mod ticket;
mod traits;
mod wrap;

pub use ticket::{EncodeError, MAX_DOCUMENT_LINES, MAX_QR_BYTES, Slip, ticket};
pub use traits::{Confirm, Cut, DoubleByte, PrinterTraits, Qr, StatusKind};
