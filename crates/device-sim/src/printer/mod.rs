//! A thermal receipt printer: ESC/POS in, tickets of true dots out.

mod code;
mod commands;
mod composer;
mod line_buffer;
mod model;
mod status;
mod ticket;

use std::io;

use crate::font::Font;
use crate::line::{Line, LineOptions};
use crate::line_methods::line_methods;
use model::Model;
pub use ticket::{CutKind, Ticket};

/// Which questions a printer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// All: `DLE EOT n`, `GS a`, `GS r n`, `ESC v`.
    Full,
    /// `DLE EOT n` only, as many clones do.
    RealTimeOnly,
    /// None, as many other clones do.
    Mute,
}

/// When Chinese text is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chinese {
    /// After `FS &` (SPRT SP series).
    ByCommand,
    /// From power-up and `ESC @` on (SurePrint SP91, HCC POS80B).
    FromPowerUp,
    /// After `FS &`, but when that comes in the middle of a line, from the next line on (SPRT POS76).
    FromNextLine,
}

/// What happens to bytes that find the receive buffer full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrun {
    /// The printer holds the driver off. Real-time commands behind the full buffer wait as well.
    HoldOff,
    /// They are lost, but real-time commands among them are carried out.
    DropBytes,
}

/// How a printer is built.
#[derive(Clone, Debug)]
pub struct PrinterOptions {
    /// Where it is plugged in.
    pub line: LineOptions,
    /// Width of the head in dots at 8 dots a millimetre: 576 for 80 mm paper, 384 for 58 mm; 8 to 2048.
    pub dots: usize,
    /// Which questions it answers.
    pub answers: Answers,
    /// When it understands Chinese.
    pub chinese: Chinese,
    /// What it does with too many bytes.
    pub overrun: Overrun,
    /// The font its glyphs are made from.
    pub font: Font,
}

impl PrinterOptions {
    /// A printer for 80 mm paper that answers everything and reads Chinese after `FS &`.
    pub fn new(line: LineOptions, font: Font) -> Self {
        Self { line, dots: 576, answers: Answers::Full, chinese: Chinese::ByCommand, overrun: Overrun::HoldOff, font }
    }
}

/// A running printer. Dropping it unplugs it and ends its task.
pub struct Printer {
    line: Line<Model>,
}

impl Printer {
    /// Plugs a printer in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, for a width outside 8 to 2048 dots, or when no pseudo-terminal or no link can be made.
    pub fn start(options: PrinterOptions) -> io::Result<Self> {
        let PrinterOptions { line, dots, answers, chinese, overrun, font } = options;
        if !(8..=2048).contains(&dots) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("a print head of {dots} dots")));
        }
        let model = Model::new(dots, chinese, answers, overrun, font);
        let line = Line::start(&line, model)?;
        Ok(Self { line })
    }

    line_methods!(line);

    /// The paper ends here and now.
    pub fn run_out_of_paper(&self) {
        self.line.act(|model| model.leave_paper(0));
    }

    /// The paper ends after `mm` more millimetres, in the middle of a line if need be. Negative counts as 0.
    pub fn run_out_after_mm(&self, mm: f32) {
        // Rounded and never negative; the cast saturates.
        let rows = (mm.max(0.0) * ticket::DOTS_PER_MM).round() as usize;
        self.line.act(|model| model.leave_paper(rows));
    }

    /// A new roll: a half-printed piece comes off ([`CutKind::PaperEnd`]), and the backlog prints, as in the field.
    pub fn load_paper(&self) {
        self.line.act(Model::load_paper);
    }

    /// The sensor before the end of the roll.
    pub fn near_end(&self, near: bool) {
        self.change(|sensors| sensors.near_end = near);
    }

    /// Opens or closes the cover; open, nothing prints.
    pub fn open_cover(&self, open: bool) {
        self.change(|sensors| sensors.cover_open = open);
    }

    /// Blocks the cutter (`true`), which is an error at once and stays one whatever the driver sends, or frees it.
    pub fn jam_cutter(&self, jammed: bool) {
        self.change(|sensors| sensors.cutter_error = jammed);
    }

    /// The next cut jams once: an error that `DLE ENQ 1` clears, cutting again, or `DLE ENQ 2`, dropping the job.
    pub fn jam_next_cut(&self) {
        self.line.act(|model| model.jam_at_next_cut = true);
    }

    /// Off and on again: what is not on paper is lost. The port stays, as with an adapter that has its own power.
    pub fn power_cycle(&self) {
        self.line.act(Model::power_cycle);
    }

    /// The finished tickets so far, oldest first (the newest 2000).
    pub fn tickets(&self) -> Vec<Ticket> {
        self.line.read(Model::tickets)
    }

    /// The newest finished ticket.
    pub fn last_ticket(&self) -> Option<Ticket> {
        self.line.read(Model::last_ticket)
    }

    /// How many tickets have been finished since the start.
    pub fn finished_tickets(&self) -> usize {
        self.line.read(Model::finished)
    }

    /// Waits until `count` tickets have been finished since the start, and returns the finished ones.
    pub async fn wait_for_tickets(&self, count: usize) -> Vec<Ticket> {
        self.line.wait_for(|model| (model.finished() >= count).then(|| model.tickets())).await
    }

    /// The text lines printed since the last cut: paper that still hangs in the printer.
    pub fn hanging_lines(&self) -> Vec<String> {
        self.line.read(Model::hanging_lines)
    }

    /// Bytes received and not worked off, because printing has stopped; at most 4096.
    pub fn waiting_bytes(&self) -> usize {
        self.line.read(Model::waiting_bytes)
    }

    /// Waits until at least `count` received bytes wait for printing to go on.
    pub async fn wait_for_backlog(&self, count: usize) {
        self.line.wait_for(|model| (model.waiting_bytes() >= count).then_some(())).await;
    }

    /// Bytes lost because the buffer was full ([`Overrun::DropBytes`]).
    pub fn lost_bytes(&self) -> usize {
        self.line.read(Model::lost_bytes)
    }

    fn change(&self, change: impl FnOnce(&mut status::Sensors)) {
        self.line.act(|model| model.change(change));
    }
}
