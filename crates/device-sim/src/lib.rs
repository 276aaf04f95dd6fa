//! Printer, LED signs and keypad on pseudo-terminals, with faults.
//!
//! Each simulated device lives at the far end of a pseudo-terminal, behind a stable path a driver opens like any
//! serial port. It understands the bytes on its own: nothing here is shared with the drivers' encoders and decoders,
//! so that a misreading of a manual shows up as two sides that do not understand each other.
//!
//! Faults are methods of the device, never part of the data stream: `unplug`, `stall`, `run_out_of_paper`, `mute` …
//! From outside the process they are called through [`ControlServer`].
//!
//! ```no_run
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! use device_sim::{Font, LineOptions, Printer, PrinterOptions};
//! let font = Font::from_bytes(std::fs::read("NotoSansSC-Regular.ttf")?)?;
//! let printer = Printer::start(PrinterOptions::new(LineOptions::new("/run/hall", "printer"), font))?;
//! printer.run_out_of_paper();
//! printer.load_paper();
//! for ticket in printer.wait_for_tickets(1).await {
//!     std::fs::write(format!("ticket-{}.png", ticket.number), ticket.png())?;
//! }
//! # Ok(())
//! # }
//! ```

mod bus;
mod canvas;
mod control;
mod font;
mod gb2312;
mod keypad;
mod led;
mod line;
mod line_methods;
mod modbus;
mod polled_keypad;
mod printer;
mod pty;
mod readers;
mod recording;
mod replay;

pub use bus::{Frame, Verdict};
pub use control::{Act, ActError, ControlServer, Controlled};
pub use font::{Font, FontError};
pub use keypad::{Key, Keypad, KeypadDisplay, KeypadOptions};
pub use led::cpower::{CPowerOptions, CPowerSign, CPowerText, CPowerWindow};
pub use led::digit_board::DigitBoard;
pub use led::onbon::{OnbonOptions, OnbonSign};
pub use led::onbon_area::OnbonArea;
pub use led::window::{WindowOptions, WindowRegisters, WindowSign};
pub use line::LineOptions;
pub use polled_keypad::{PolledKeypad, PolledKeypadOptions};
pub use printer::{Answers, Charset, Chinese, CutKind, Media, Outlet, Overrun, Printer, PrinterOptions, Ticket};
pub use readers::id_card::IdCardData;
pub use readers::id_reader::IdCardReader;
pub use readers::scanner::{QrScanner, ScannerCharset, ScannerOptions};
pub use readers::track::{TrackCard, TrackOptions, TrackReader};
pub use recording::{Chunk, Direction, Recording, RecordingError};
pub use replay::{Replay, ReplayPace};
