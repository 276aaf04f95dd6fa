//! The printer behind the line: receive buffer, real-time commands, paper, cutter.

use std::collections::VecDeque;
use std::time::Instant;

use super::commands::{Command, Decoded, decode};
use super::composer::{Composer, Work};
use super::status::Sensors;
use super::ticket::{CutKind, DOTS_PER_MM, Ink, Strip, Ticket};
use super::{Answers, Chinese, Overrun};
use crate::font::Font;
use crate::line::Device;

/// The receive buffer of a common thermal printer.
pub(crate) const BUFFER_BYTES: usize = 4096;

/// So many finished tickets are kept; older ones are forgotten, their numbers never used again.
const KEPT_TICKETS: usize = 2000;

pub(crate) struct Model {
    answers: Answers,
    overrun: Overrun,
    font: Font,
    dots: usize,
    pub(crate) sensors: Sensors,
    /// A jam waiting for the next movement of the cutter.
    pub(crate) jam_at_next_cut: bool,
    /// Whether a cutter error goes away by `DLE ENQ`, its cause being gone.
    transient_jam: bool,
    /// Dot rows left on the roll; `None`: a roll without end.
    paper_left: Option<usize>,
    buffer: VecDeque<(u8, Instant)>,
    lost: usize,
    command: Vec<u8>,
    command_since: Option<Instant>,
    real_time: Vec<u8>,
    composer: Composer,
    work: VecDeque<Work>,
    piece: Piece,
    tickets: VecDeque<Ticket>,
    finished: usize,
    status_mask: u8,
    status_sent: Sensors,
    output: Vec<u8>,
}

/// The paper past the head since the last cut.
#[derive(Default)]
struct Piece {
    strips: Vec<Strip>,
    bytes: Vec<u8>,
    anomalies: Vec<String>,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Piece {
    fn note(&mut self, bytes: &[u8], since: Instant, until: Instant) {
        self.first.get_or_insert(since);
        self.last = Some(until);
        self.bytes.extend(bytes);
    }
}

impl Model {
    pub(crate) fn new(dots: usize, chinese: Chinese, answers: Answers, overrun: Overrun, font: Font) -> Self {
        Self {
            answers,
            overrun,
            font,
            dots,
            sensors: Sensors::default(),
            jam_at_next_cut: false,
            transient_jam: false,
            paper_left: None,
            buffer: VecDeque::new(),
            lost: 0,
            command: Vec::new(),
            command_since: None,
            real_time: Vec::new(),
            composer: Composer::new(dots, chinese),
            work: VecDeque::new(),
            piece: Piece::default(),
            tickets: VecDeque::new(),
            finished: 0,
            status_mask: 0,
            status_sent: Sensors::default(),
            output: Vec::new(),
        }
    }

    pub(crate) fn tickets(&self) -> Vec<Ticket> {
        self.tickets.iter().cloned().collect()
    }

    pub(crate) fn last_ticket(&self) -> Option<Ticket> {
        self.tickets.back().cloned()
    }

    pub(crate) fn finished(&self) -> usize {
        self.finished
    }

    pub(crate) fn waiting_bytes(&self) -> usize {
        self.buffer.len()
    }

    pub(crate) fn lost_bytes(&self) -> usize {
        self.lost
    }

    pub(crate) fn hanging_lines(&self) -> Vec<String> {
        text_lines(&self.piece.strips)
    }

    /// Changes sensors from outside, then lets the printer go on with what it had to leave.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Sensors)) {
        change(&mut self.sensors);
        self.go_on();
    }

    /// `rows` dot rows more, then the roll is at its end.
    pub(crate) fn leave_paper(&mut self, rows: usize) {
        self.paper_left = Some(rows);
        self.sensors.paper_out = rows == 0;
        self.go_on();
    }

    /// A new roll. The half-printed piece, if there is one, comes off with the old one.
    pub(crate) fn load_paper(&mut self) {
        if self.sensors.paper_out && self.piece.strips.iter().any(has_ink) {
            self.finish(CutKind::PaperEnd);
        }
        self.paper_left = None;
        self.sensors.paper_out = false;
        self.sensors.near_end = false;
        self.go_on();
    }

    /// Off and on again: everything not yet on paper is lost, the cutter is freed unless it is held.
    pub(crate) fn power_cycle(&mut self) {
        self.forget_job();
        self.composer.power_up();
        self.status_mask = 0;
        self.output.clear();
        if self.transient_jam {
            self.sensors.cutter_error = false;
            self.transient_jam = false;
        }
        self.go_on();
    }

    fn forget_job(&mut self) {
        self.buffer.clear();
        self.command.clear();
        self.command_since = None;
        self.work.clear();
        self.composer.forget_line();
    }

    /// Works off what can be worked off, in order, and reports a change of state.
    fn go_on(&mut self) {
        while self.sensors.can_print() {
            if let Some(work) = self.work.pop_front() {
                self.carry_out(work);
            } else if let Some((byte, at)) = self.buffer.pop_front() {
                self.take(byte, at);
            } else {
                break;
            }
        }
        if self.status_mask != 0 && self.sensors.is_news(self.status_sent, self.status_mask) {
            self.send_automatic();
        }
    }

    fn send_automatic(&mut self) {
        self.status_sent = self.sensors;
        self.say(&self.sensors.automatic());
    }

    fn take(&mut self, byte: u8, at: Instant) {
        if self.composer.wants_rows() {
            self.piece.note(&[byte], at, at);
            let work = self.composer.row_byte(byte);
            self.work.extend(work);
            return;
        }
        let since = *self.command_since.get_or_insert(at);
        self.command.push(byte);
        if let Decoded::Command(command) = decode(&self.command, self.composer.double_byte()) {
            // A driver asks for the state at any time; that is no part of what it prints.
            let after_the_cut = self.piece.bytes.is_empty() && matches!(command, Command::AnswerInOrder(_));
            if after_the_cut {
                // A job ends with the question whether it came out: that belongs to the ticket just cut, not to the next.
                if let Some(ticket) = self.tickets.back_mut() {
                    ticket.bytes.extend(&self.command);
                    ticket.last_byte_at = at;
                }
            } else if command != Command::RealTime {
                self.piece.note(&self.command, since, at);
            }
            self.command.clear();
            self.command_since = None;
            let work = self.composer.compose(command);
            self.work.extend(work);
        }
    }

    fn carry_out(&mut self, work: Work) {
        match work {
            Work::Print(strip) => self.print(&strip),
            Work::Anomaly(what) => self.piece.anomalies.push(what),
            Work::AnswerPaper => self.say(&[self.sensors.paper()]),
            // The drawer's sensor: closed.
            Work::AnswerDrawer => self.say(&[0]),
            Work::AutomaticStatus(mask) => {
                self.status_mask = mask;
                if mask != 0 {
                    self.send_automatic();
                }
            }
            Work::Cut { full } => self.cut(full),
        }
    }

    fn print(&mut self, strip: &Strip) {
        let rows = self.paper_left.map_or(strip.rows(), |left| left.min(strip.rows()));
        let (printed, rest) = strip.split(rows);
        if printed.rows() > 0 {
            self.piece.strips.push(printed);
        }
        if rest.rows() > 0 {
            self.work.push_front(Work::Print(rest));
        }
        if let Some(left) = &mut self.paper_left {
            *left -= rows;
            if *left == 0 {
                self.sensors.paper_out = true;
            }
        }
    }

    fn cut(&mut self, full: bool) {
        if self.jam_at_next_cut {
            self.jam_at_next_cut = false;
            self.transient_jam = true;
            self.sensors.cutter_error = true;
            self.work.push_front(Work::Cut { full });
            return;
        }
        if self.piece.strips.is_empty() {
            self.piece.anomalies.push("cut without any paper fed".to_owned());
            return;
        }
        let kind = if full { CutKind::Full } else { CutKind::Partial };
        self.finish(kind);
    }

    fn finish(&mut self, cut: CutKind) {
        let piece = std::mem::take(&mut self.piece);
        // Paper moves only because bytes came.
        let (Some(first), Some(last)) = (piece.first, piece.last) else {
            return;
        };
        self.finished += 1;
        let rows: usize = piece.strips.iter().map(Strip::rows).sum();
        let qr = piece
            .strips
            .iter()
            .filter(|strip| strip.from == 0)
            .filter_map(|strip| match &*strip.ink {
                Ink::Code { says, .. } => Some(says.clone()),
                Ink::Blank | Ink::Text { .. } | Ink::Row { .. } => None,
            })
            .collect();
        self.tickets.push_back(Ticket {
            number: self.finished,
            bytes: piece.bytes,
            text_lines: text_lines(&piece.strips),
            qr,
            cut,
            anomalies: piece.anomalies,
            length_mm: rows as f32 / DOTS_PER_MM,
            first_byte_at: first,
            last_byte_at: last,
            dots: self.dots,
            strips: piece.strips,
            font: self.font.clone(),
        });
        if self.tickets.len() > KEPT_TICKETS {
            self.tickets.pop_front();
        }
    }

    /// Watches the raw stream for real-time commands, which work even when printing has stopped.
    fn notice(&mut self, byte: u8) {
        self.real_time.push(byte);
        match *self.real_time {
            [0x10] | [0x10, 0x04 | 0x05] => {}
            [0x10, 0x04, n] => {
                self.real_time.clear();
                if let Some(answer) = self.sensors.real_time(n)
                    && self.answers != Answers::Mute
                {
                    self.output.push(answer);
                }
            }
            [0x10, 0x05, n] => {
                self.real_time.clear();
                self.recover(n);
            }
            _ => {
                self.real_time.clear();
                if byte == 0x10 {
                    self.real_time.push(byte);
                }
            }
        }
    }

    /// `DLE ENQ`: several manuals know it for cutter errors only, and so does this printer.
    fn recover(&mut self, n: u8) {
        if !(self.sensors.cutter_error && self.transient_jam) {
            return;
        }
        match n {
            1 => {}
            2 => self.forget_job(),
            _ => return,
        }
        self.transient_jam = false;
        self.sensors.cutter_error = false;
    }

    fn say(&mut self, bytes: &[u8]) {
        match self.answers {
            Answers::Full => self.output.extend(bytes),
            Answers::RealTimeOnly | Answers::Mute => {}
        }
    }
}

impl Device for Model {
    fn receive(&mut self, bytes: &[u8], at: Instant) {
        for byte in bytes {
            self.notice(*byte);
            if self.buffer.len() < BUFFER_BYTES {
                self.buffer.push_back((*byte, at));
            } else {
                self.lost += 1;
            }
            self.go_on();
        }
    }

    fn room(&self) -> usize {
        match self.overrun {
            Overrun::HoldOff => BUFFER_BYTES - self.buffer.len(),
            Overrun::DropBytes => BUFFER_BYTES,
        }
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn is_mid_frame(&self) -> bool {
        false
    }

    fn fell_silent(&mut self, _at: Instant) {}
}

fn text_lines(strips: &[Strip]) -> Vec<String> {
    // A line counts where its first row is: a roll ending in the middle of it does not print it twice.
    strips
        .iter()
        .filter(|strip| strip.from == 0)
        .filter_map(|strip| match &*strip.ink {
            Ink::Text { text, .. } if !text.is_empty() => Some(text.clone()),
            Ink::Blank | Ink::Text { .. } | Ink::Row { .. } | Ink::Code { .. } => None,
        })
        .collect()
}

fn has_ink(strip: &Strip) -> bool {
    match &*strip.ink {
        Ink::Blank => false,
        Ink::Text { .. } | Ink::Row { .. } | Ink::Code { .. } => true,
    }
}
