//! How a printer is built.

use crate::font::Font;
use crate::line::LineOptions;

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

/// Which Chinese characters its font has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Those of GB 18030 that have two bytes.
    Gb18030,
    /// GB 2312 levels 1 and 2 (SPRT SP series); the others come out as a box.
    Gb2312,
}

/// What happens to bytes that find the receive buffer full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrun {
    /// The printer holds the driver off. Real-time commands behind the full buffer wait as well.
    HoldOff,
    /// They are lost, but real-time commands among them are carried out.
    DropBytes,
}

/// How a ticket leaves the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlet {
    /// Cut, it lies in the slot.
    Cutter,
    /// Cut, it is held inside until `GS e` hands it out or takes it back (Custom VKP80, Pyramid Reliance).
    Presenter,
    /// There is no cutter and cut commands do nothing: the customer tears it off at a bar.
    TearBar,
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
    /// Which Chinese characters it has.
    pub charset: Charset,
    /// What it does with too many bytes.
    pub overrun: Overrun,
    /// Size of its receive buffer in bytes, at least 1.
    pub buffer_bytes: usize,
    /// Paper speed in millimetres a second; `None`: it prints in no time.
    pub mm_per_second: Option<f32>,
    /// How a ticket leaves it.
    pub outlet: Outlet,
    /// Paper between the head and the cutter or tear bar, in millimetres: what is printed last stays behind unless it
    /// was fed past. `GS V A` and `GS V B` feed so far by themselves.
    pub head_to_cutter_mm: f32,
    /// Its near-end sensor speaks from so many millimetres of paper on; 0: with the end only.
    pub near_end_mm: f32,
    /// Whether an image that the end of the paper breaks off is lost, and all that is printed is garbage until the
    /// printer was switched off and on; otherwise it goes on where it stopped.
    pub image_lost_at_paper_end: bool,
    /// The font its glyphs are made from.
    pub font: Font,
}

impl PrinterOptions {
    /// A printer for 80 mm paper that answers everything, prints in no time, cuts where the head stands and reads
    /// Chinese after `FS &`.
    pub fn new(line: LineOptions, font: Font) -> Self {
        Self {
            line,
            dots: 576,
            answers: Answers::Full,
            chinese: Chinese::ByCommand,
            charset: Charset::Gb18030,
            overrun: Overrun::HoldOff,
            buffer_bytes: 4096,
            mm_per_second: None,
            outlet: Outlet::Cutter,
            head_to_cutter_mm: 0.0,
            near_end_mm: 0.0,
            image_lost_at_paper_end: false,
            font,
        }
    }
}
