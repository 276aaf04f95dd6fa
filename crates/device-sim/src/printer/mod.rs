//! A thermal receipt printer: ESC/POS in, tickets of true dots out.

mod code;
mod commands;
mod composer;
mod line_buffer;
mod model;
mod options;
mod paper;
mod status;
mod ticket;

use std::io;
use std::time::Instant;

use crate::line::Line;
use crate::line_methods::line_methods;
use model::Model;
pub use options::{Answers, Charset, Chinese, Outlet, Overrun, PrinterOptions};
pub use paper::Media;
use ticket::rows_of;
pub use ticket::{CutKind, Ticket};

/// A running printer. Dropping it unplugs it and ends its task.
pub struct Printer {
    line: Line<Model>,
}

impl Printer {
    /// Plugs a printer in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, for a width outside 8 to 2048 dots or a buffer of no bytes, or when no pseudo-terminal or no
    /// link can be made.
    pub fn start(options: PrinterOptions) -> io::Result<Self> {
        let wrong = |what: String| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        if !(8..=2048).contains(&options.dots) {
            return wrong(format!("a print head of {} dots", options.dots));
        }
        if options.buffer_bytes == 0 {
            return wrong("a receive buffer of no bytes".to_owned());
        }
        let line = Line::start(&options.line, Model::new(&options, Instant::now()))?;
        Ok(Self { line })
    }

    line_methods!(line);

    /// The paper ends here and now.
    pub fn run_out_of_paper(&self) {
        self.change(|model| model.leave_paper(0));
    }

    /// The paper ends after `mm` more millimetres, in the middle of a line if need be. Negative counts as 0.
    pub fn run_out_after_mm(&self, mm: f32) {
        self.change(|model| model.leave_paper(rows_of(mm)));
    }

    /// A new roll without end: a half-printed piece comes off ([`CutKind::PaperEnd`]), and the backlog prints, as in the
    /// field.
    pub fn load_paper(&self) {
        self.change(|model| model.load_paper(None));
    }

    /// A new roll of `mm` millimetres, otherwise as [`Printer::load_paper`].
    pub fn load_roll(&self, mm: f32) {
        self.change(|model| model.load_paper(Some(rows_of(mm))));
    }

    /// Millimetres left on the roll; `None`: a roll without end.
    pub fn paper_left_mm(&self) -> Option<f32> {
        self.line.read(|model| model.paper.left()).map(|rows| rows as f32 / ticket::DOTS_PER_MM)
    }

    /// The sensor before the end of the roll.
    pub fn near_end(&self, near: bool) {
        self.change(|model| model.sensors.near_end = near);
    }

    /// Opens or closes the cover; open, nothing prints.
    pub fn open_cover(&self, open: bool) {
        self.change(|model| model.sensors.cover_open = open);
    }

    /// Blocks the cutter (`true`), which is an error at once and stays one whatever the driver sends, or frees it.
    pub fn jam_cutter(&self, jammed: bool) {
        self.change(|model| model.sensors.cutter_error = jammed);
    }

    /// The next cut jams once: an error that `DLE ENQ 1` clears, cutting again, or `DLE ENQ 2`, dropping the job.
    pub fn jam_next_cut(&self) {
        self.change(|model| model.jam_at_next_cut = true);
    }

    /// The paper jams at the next row of an image: an error no command clears. What is printed after
    /// [`Printer::free_paper`] is garbage until [`Printer::power_cycle`].
    pub fn jam_in_next_image(&self) {
        self.change(|model| model.jam_in_next_image = true);
    }

    /// Takes jammed paper out.
    pub fn free_paper(&self) {
        self.change(Model::free_paper);
    }

    /// The customer tears off what is past the bar, whether the printer has a cutter or not; false when nothing is.
    pub fn tear(&self) -> bool {
        self.change(|model| model.paper.part(CutKind::Torn))
    }

    /// Where the newest ticket of a printer with a presenter is.
    pub fn media(&self) -> Media {
        self.line.read(|model| model.paper.media())
    }

    /// Waits until the newest ticket is there.
    pub async fn wait_for_media(&self, media: Media) {
        self.line.wait_for(|model| (model.paper.media() == media).then_some(())).await;
    }

    /// The customer takes the ticket that the presenter holds out; false when it holds none out.
    pub fn take_ticket(&self) -> bool {
        self.change(Model::take_ticket)
    }

    /// How many tickets the presenter has drawn back into its bin.
    pub fn retracted_tickets(&self) -> usize {
        self.line.read(|model| model.paper.retracted())
    }

    /// How many tickets nobody took the presenter has pushed out of its mouth; they lie on the floor.
    pub fn pushed_out_tickets(&self) -> usize {
        self.line.read(|model| model.paper.pushed_out())
    }

    /// Off and on again: what is not on paper is lost. The port stays, as with an adapter that has its own power.
    pub fn power_cycle(&self) {
        self.change(Model::power_cycle);
    }

    /// The finished tickets so far, oldest first (the newest 2000).
    pub fn tickets(&self) -> Vec<Ticket> {
        self.line.read(|model| model.paper.tickets().iter().cloned().collect())
    }

    /// The newest finished ticket.
    pub fn last_ticket(&self) -> Option<Ticket> {
        self.line.read(|model| model.paper.tickets().back().cloned())
    }

    /// How many tickets have been finished since the start.
    pub fn finished_tickets(&self) -> usize {
        self.line.read(|model| model.paper.finished())
    }

    /// Waits until `count` tickets have been finished since the start, and returns the finished ones.
    pub async fn wait_for_tickets(&self, count: usize) -> Vec<Ticket> {
        let tickets = |model: &Model| model.paper.tickets().iter().cloned().collect();
        self.line.wait_for(|model| (model.paper.finished() >= count).then(|| tickets(model))).await
    }

    /// The text lines printed since the last cut: paper that still hangs in the printer.
    pub fn hanging_lines(&self) -> Vec<String> {
        self.line.read(|model| model.paper.hanging_lines())
    }

    /// Bytes received and not worked off, because printing has stopped or is slower; at most its buffer.
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

    fn change<R>(&self, change: impl FnOnce(&mut Model) -> R) -> R {
        self.line.act(|model| model.change(Instant::now(), change))
    }
}
