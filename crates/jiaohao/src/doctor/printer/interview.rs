//! The conversation about an unknown printer: answers in, the next question or act out. It knows no port and no terminal.

use device_host::probe::{Fault, RULERS, SPEEDS};
use wire::{CutCommand, DoubleByte, Flow, ImageCommand, NumberStyle, PrinterCharset, PrinterProfile, QrCommand};

use super::learnt::{Found, Learnt};
use super::question::Question;
use super::texts;

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Do this with the port.
    Act(Act),
    /// Ask the person in front of the printer.
    Ask(Question),
    /// Nothing more: this profile fits.
    Proposed(Box<PrinterProfile>),
    /// Nothing more: it cannot be made to print tickets.
    GaveUp(Why),
}

/// Something to do with the port.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// Ask at these speeds, in this order, what answers.
    Find(Vec<u32>),
    /// Print a line at each of these speeds.
    PrintSpeeds(Vec<u32>),
    /// Print the test page at this speed.
    PrintPage(u32),
    /// Print a letter, some paper, and a cut command, at this speed.
    TryCut { baud: u32, letter: char, cut: CutCommand, feed_mm: u8 },
    /// Print a ticket in this profile.
    PrintTicket(Box<PrinterProfile>),
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Came {
    /// Of [`Act::Find`]: what answered.
    Found(Found),
    /// Of [`Act::Find`]: nothing did; whether the wire `CTS` is connected and says go.
    Silent {
        /// It is.
        clear_to_send: bool,
    },
    /// Bytes were sent.
    Sent,
    /// Of [`Act::PrintTicket`]: what the printer itself said.
    Ticket(Word),
}

/// A printer's own word of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It said that it came out.
    Printed,
    /// It says nothing.
    Sent,
    /// It was to say so and did not.
    Unconfirmed,
    /// It said that something is wrong.
    Failed,
}

/// Why a printer is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It answers at no speed, and prints at none.
    NoSpeed,
    /// It says what is wrong, and nobody mends it.
    Broken(Fault),
    /// It has no Chinese font.
    NoChinese,
    /// The ticket did not come out.
    NoTicket,
    /// The ticket came out wrong.
    WrongTicket,
}

/// The cut commands with their letters, in the order they are tried.
const CUTS: [(char, CutCommand); 4] =
    [('H', CutCommand::PartialFeed), ('I', CutCommand::Partial), ('J', CutCommand::EscI), ('K', CutCommand::EscM)];
/// Millimetres fed where the usual feed cut through the last line.
const LONG_FEED_MM: u8 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Ready,
    Find,
    Mend(Fault),
    Speeds,
    WhichSpeed,
    Page,
    Chinese,
    Rare,
    Image,
    Qr,
    Number,
    Width,
    Cut(usize),
    IsCut(usize),
    Ticket,
    IsRight,
    End,
    GaveUp(Why),
}

/// A conversation under way.
#[derive(Debug)]
pub(super) struct Interview {
    stage: Stage,
    learnt: Learnt,
    /// Nobody is there to mend anything.
    alone: bool,
}

impl Interview {
    /// Starts from a profile, whose words are the answers that an empty line gives. `flow` is used whatever is found;
    /// `alone` means that nobody is there to mend what the printer says is wrong.
    pub(super) fn new(base: PrinterProfile, flow: Option<Flow>, alone: bool) -> Self {
        Self { stage: Stage::Ready, learnt: Learnt::new(base, flow), alone }
    }

    /// What is to be done now; asking again changes nothing.
    pub(super) fn step(&self) -> Step {
        let baud = self.learnt.profile.baud;
        match self.stage {
            Stage::Find => Step::Act(Act::Find(self.speeds())),
            Stage::Speeds => Step::Act(Act::PrintSpeeds(SPEEDS.to_vec())),
            Stage::Page => Step::Act(Act::PrintPage(baud)),
            Stage::Cut(at) => {
                let (letter, cut) = CUTS[at];
                Step::Act(Act::TryCut { baud, letter, cut, feed_mm: self.learnt.profile.feed_before_cut_mm })
            }
            Stage::Ticket => Step::Act(Act::PrintTicket(Box::new(self.learnt.profile.clone()))),
            Stage::End => Step::Proposed(Box::new(self.learnt.profile.clone())),
            Stage::GaveUp(why) => Step::GaveUp(why),
            Stage::Ready
            | Stage::Mend(_)
            | Stage::WhichSpeed
            | Stage::Chinese
            | Stage::Rare
            | Stage::Image
            | Stage::Qr
            | Stage::Number
            | Stage::Width
            | Stage::IsCut(_)
            | Stage::IsRight => Step::Ask(self.question()),
        }
    }

    /// An act was carried out.
    pub(super) fn came(&mut self, came: Came) {
        self.stage = match (self.stage, came) {
            (Stage::Find, Came::Found(found)) => {
                self.learnt.heard(found);
                found.fault.map_or(Stage::Page, Stage::Mend)
            }
            (Stage::Find, Came::Silent { clear_to_send }) => {
                self.learnt.is_mute(clear_to_send);
                Stage::Speeds
            }
            (Stage::Speeds, Came::Sent) => Stage::WhichSpeed,
            (Stage::Page, Came::Sent) => Stage::Chinese,
            (Stage::Cut(at), Came::Sent) => Stage::IsCut(at),
            (Stage::Ticket, Came::Ticket(word)) => match word {
                Word::Printed | Word::Sent => Stage::IsRight,
                Word::Unconfirmed => {
                    self.learnt.confirms_nothing();
                    Stage::IsRight
                }
                Word::Failed => Stage::GaveUp(Why::NoTicket),
            },
            // What answers no act under way is old news.
            (stage, Came::Found(_) | Came::Silent { .. } | Came::Sent | Came::Ticket(_)) => stage,
        };
    }

    /// A line was given as answer; whether it is one. An empty line is the default.
    pub(super) fn answered(&mut self, line: &str) -> bool {
        let Step::Ask(question) = self.step() else { return false };
        let Some(letters) = question.letters(line) else { return false };
        self.stage = self.after(&letters);
        true
    }

    fn after(&mut self, letters: &str) -> Stage {
        let yes = letters == "y";
        let profile = &mut self.learnt.profile;
        match self.stage {
            Stage::Ready => Stage::Find,
            Stage::Mend(fault) if letters == "q" => Stage::GaveUp(Why::Broken(fault)),
            Stage::Mend(_) => Stage::Find,
            Stage::WhichSpeed if letters == "r" => Stage::Speeds,
            Stage::WhichSpeed => {
                let figure = letters.chars().next().and_then(|c| c.to_digit(10)).unwrap_or(0);
                match (figure as usize).checked_sub(1).and_then(|at| SPEEDS.get(at)) {
                    Some(speed) => {
                        profile.baud = *speed;
                        Stage::Page
                    }
                    None => Stage::GaveUp(Why::NoSpeed),
                }
            }
            Stage::Chinese if letters.contains('r') => Stage::Page,
            Stage::Chinese => {
                // The way that needs the least comes first.
                profile.double_byte = match letters {
                    seen if seen.contains('a') => DoubleByte::Always,
                    seen if seen.contains('b') => DoubleByte::FsAmp,
                    seen if seen.contains('c') => DoubleByte::FsAmpNextLine,
                    _ => return Stage::GaveUp(Why::NoChinese),
                };
                Stage::Rare
            }
            Stage::Rare => {
                profile.charset = if yes { PrinterCharset::Gb18030 } else { PrinterCharset::Gb2312 };
                Stage::Image
            }
            Stage::Image => {
                profile.image = if yes { ImageCommand::GsV0 } else { ImageCommand::None };
                Stage::Qr
            }
            Stage::Qr => {
                profile.qr = match profile.image {
                    _ if yes => QrCommand::Native,
                    ImageCommand::GsV0 => QrCommand::Raster,
                    ImageCommand::None => QrCommand::None,
                };
                Stage::Number
            }
            Stage::Number => {
                profile.number = match profile.image {
                    ImageCommand::GsV0 if !yes => NumberStyle::Raster,
                    ImageCommand::GsV0 | ImageCommand::None => NumberStyle::Text,
                };
                Stage::Width
            }
            Stage::Width => {
                if let Some(ruler) = RULERS.iter().find(|ruler| letters.starts_with(ruler.figure)) {
                    profile.dots = ruler.dots;
                }
                Stage::Cut(0)
            }
            Stage::IsCut(at) if letters == "n" => {
                profile.cut = CutCommand::None;
                if at + 1 < CUTS.len() { Stage::Cut(at + 1) } else { Stage::Ticket }
            }
            Stage::IsCut(at) => {
                profile.cut = CUTS[at].1;
                if letters == "t" {
                    profile.feed_before_cut_mm = LONG_FEED_MM;
                }
                Stage::Ticket
            }
            Stage::IsRight if yes => Stage::End,
            Stage::IsRight => Stage::GaveUp(Why::WrongTicket),
            stage @ (Stage::Find
            | Stage::Speeds
            | Stage::Page
            | Stage::Cut(_)
            | Stage::Ticket
            | Stage::End
            | Stage::GaveUp(_)) => stage,
        }
    }

    /// The profile's own speed first.
    fn speeds(&self) -> Vec<u32> {
        let own = self.learnt.base.baud;
        std::iter::once(own).chain(SPEEDS.into_iter().filter(|speed| *speed != own)).collect()
    }

    fn question(&self) -> Question {
        let base = &self.learnt.base;
        match self.stage {
            Stage::Mend(fault) => texts::mend(fault, self.alone),
            Stage::WhichSpeed => texts::which_speed(base.baud),
            Stage::Chinese => texts::chinese(base.double_byte),
            Stage::Rare => texts::rare(base.charset == PrinterCharset::Gb18030),
            Stage::Image => texts::image(base.image == ImageCommand::GsV0),
            Stage::Qr => texts::qr(base.qr == QrCommand::Native),
            Stage::Number => texts::number(base.number == NumberStyle::Text),
            Stage::Width => texts::width(base.dots),
            Stage::IsCut(at) => texts::is_cut(CUTS[at].0, CUTS[at].1 == base.cut),
            Stage::IsRight => texts::is_right(),
            Stage::Ready
            | Stage::Find
            | Stage::Speeds
            | Stage::Page
            | Stage::Cut(_)
            | Stage::Ticket
            | Stage::End
            | Stage::GaveUp(_) => texts::ready(),
        }
    }
}
