//! Asking a printer how it is, and understanding what it says.
//!
//! Four kinds of answer share one stream without a frame around any of them; only bits the ESC/POS standard
//! fixes tell them apart (Epson ESC/POS command reference: DLE EOT, GS a, GS r; Custom's manuals: DLE EOT 20):
//!
//! | answer | test |
//! |---|---|
//! | to `DLE EOT n`, one byte | `b & 93h == 12h` |
//! | automatic status, first of four bytes | `b & 93h == 10h` |
//! | automatic status, other bytes; to `GS r 1`, one byte | `b & 90h == 0` |
//! | to `DLE EOT 20`, first two of six bytes | `10 0F`, from a printer that is asked so |

mod decoder;
mod full;
mod state;

pub use decoder::{Reply, StatusDecoder};
pub use state::{Condition, Cover, Cutter, Device, Fault, Media, Paper, PrinterState};

/// A real-time question, `DLE EOT n` (10 04 n), answered even while the printer is offline.
///
/// The `escpos` crate's own method is not used: it sends a stray 00 after the three bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// n = 1: online or offline.
    Printer,
    /// n = 2: why it is offline: cover, paper end, error.
    Offline,
    /// n = 3: which error.
    Error,
    /// n = 4: the paper sensors.
    Paper,
}

impl Query {
    /// All four, in their order.
    pub const ALL: [Self; 4] = [Self::Printer, Self::Offline, Self::Error, Self::Paper];

    /// The bytes to send.
    pub fn bytes(self) -> [u8; 3] {
        let n = match self {
            Self::Printer => 1,
            Self::Offline => 2,
            Self::Error => 3,
            Self::Paper => 4,
        };
        [0x10, 0x04, n]
    }
}

/// `DLE EOT 20` (10 04 14), the full status of Custom's printers: also whether a ticket is in the presenter's mouth.
pub const FULL: [u8; 3] = [0x10, 0x04, 0x14];

/// `GS r 1`: the paper sensors, answered in print order. At the end of a job its answer means "printed".
pub const CONFIRM: [u8; 3] = [0x1D, 0x72, 0x01];

/// `DLE ENQ 1`: go on after a recoverable error, from the line the error stopped at. Several manuals answer
/// it for cutter errors only.
pub const RESUME: [u8; 3] = [0x10, 0x05, 0x01];

/// `DLE ENQ 2`: go on after a recoverable error and forget the job, so that no backlog is printed.
pub const RESUME_WITHOUT_BACKLOG: [u8; 3] = [0x10, 0x05, 0x02];

/// `GS a`: report online state (2), errors (4) and paper (8) without being asked, on every change and once now.
pub fn enable_automatic() -> [u8; 3] {
    [0x1D, 0x61, 0x0E]
}

/// `GS a 0`: no more automatic reports.
pub fn disable_automatic() -> [u8; 3] {
    [0x1D, 0x61, 0x00]
}
