//! The printer behind the line: receive buffer, real-time commands, sensors, the pace of the mechanism.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::commands::{Command, Decoded, Presenter, decode};
use super::composer::{Composer, Work};
use super::options::{Answers, Outlet, Overrun, PrinterOptions};
use super::paper::{Media, PaperPath};
use super::status::Sensors;
use super::ticket::{CutKind, DOTS_PER_MM, Strip};
use crate::line::Device;

pub(crate) struct Model {
    answers: Answers,
    overrun: Overrun,
    buffer_bytes: usize,
    mm_per_second: Option<f32>,
    image_lost_at_paper_end: bool,
    pub(crate) sensors: Sensors,
    /// A jam waiting for the next movement of the cutter.
    pub(crate) jam_at_next_cut: bool,
    /// A jam waiting for the next row of an image.
    pub(crate) jam_in_next_image: bool,
    /// Whether a cutter error goes away by `DLE ENQ`, its cause being gone.
    transient_jam: bool,
    buffer: VecDeque<(u8, Instant)>,
    lost: usize,
    command: Vec<u8>,
    command_since: Option<Instant>,
    real_time: Vec<u8>,
    composer: Composer,
    work: VecDeque<Work>,
    pub(crate) paper: PaperPath,
    now: Instant,
    /// Until when the mechanism moves.
    busy_until: Option<Instant>,
    /// When the presenter draws the ticket back.
    retract_at: Option<Instant>,
    status_mask: u8,
    status_sent: Sensors,
    output: Vec<u8>,
}

impl Model {
    pub(crate) fn new(options: &PrinterOptions, now: Instant) -> Self {
        Self {
            answers: options.answers,
            overrun: options.overrun,
            buffer_bytes: options.buffer_bytes,
            mm_per_second: options.mm_per_second.filter(|speed| *speed > 0.0),
            image_lost_at_paper_end: options.image_lost_at_paper_end,
            sensors: Sensors::default(),
            jam_at_next_cut: false,
            jam_in_next_image: false,
            transient_jam: false,
            buffer: VecDeque::new(),
            lost: 0,
            command: Vec::new(),
            command_since: None,
            real_time: Vec::new(),
            composer: Composer::new(options),
            work: VecDeque::new(),
            paper: PaperPath::new(options),
            now,
            busy_until: None,
            retract_at: None,
            status_mask: 0,
            status_sent: Sensors::default(),
            output: Vec::new(),
        }
    }

    pub(crate) fn waiting_bytes(&self) -> usize {
        self.buffer.len()
    }

    pub(crate) fn lost_bytes(&self) -> usize {
        self.lost
    }

    /// Something is done to the printer from outside at `now`; then it goes on with what it had to leave.
    pub(crate) fn change<R>(&mut self, now: Instant, change: impl FnOnce(&mut Self) -> R) -> R {
        self.now = now;
        let result = change(self);
        self.go_on();
        result
    }

    /// `rows` dot rows more, then the roll is at its end.
    pub(crate) fn leave_paper(&mut self, rows: usize) {
        self.paper.leave(rows);
        self.sense_paper();
    }

    /// A new roll of so many dot rows, or one without end.
    pub(crate) fn load_paper(&mut self, rows: Option<usize>) {
        self.paper.load(rows);
        self.sensors.near_end = false;
        self.sensors.paper_out = false;
        self.sense_paper();
    }

    /// The jammed paper is taken out: what was on its way is garbage from here on.
    pub(crate) fn free_paper(&mut self) {
        self.sensors.paper_jam = false;
    }

    pub(crate) fn take_ticket(&mut self) -> bool {
        self.retract_at = None;
        self.paper.take()
    }

    /// Off and on again: everything not yet on paper is lost, the cutter is freed unless it is held.
    pub(crate) fn power_cycle(&mut self) {
        self.forget_job();
        self.composer.power_up();
        self.real_time.clear();
        self.busy_until = None;
        self.status_mask = 0;
        self.output.clear();
        if self.transient_jam {
            self.sensors.cutter_error = false;
            self.transient_jam = false;
        }
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
        while self.sensors.can_print() && self.busy_until.is_none_or(|until| until <= self.now) {
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
            self.paper.note(&[byte], at, at);
            let work = self.composer.row_byte(byte);
            self.work.extend(work);
            return;
        }
        let since = *self.command_since.get_or_insert(at);
        self.command.push(byte);
        if let Decoded::Command(command) = decode(&self.command, self.composer.double_byte()) {
            // A driver asks for the state at any time; that is no part of what it prints.
            let closing = matches!(command, Command::AnswerInOrder(_) | Command::Presenter(_));
            if closing && !self.paper.has_bytes() {
                // A job ends with the presenter and the question whether it came out: that belongs to the ticket just cut,
                // not to the next.
                self.paper.note_behind_the_cut(&self.command, at);
            } else if command != Command::RealTime {
                self.paper.note(&self.command, since, at);
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
            Work::Anomaly(what) => self.paper.anomaly(what),
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
            Work::Presenter(presenter) => self.presenter(presenter),
        }
    }

    fn print(&mut self, strip: &Strip) {
        let in_image = self.composer.wants_rows();
        if in_image && std::mem::take(&mut self.jam_in_next_image) {
            self.sensors.paper_jam = true;
            self.lose_image();
            return;
        }
        let rest = self.paper.print(strip);
        if let Some(speed) = self.mm_per_second {
            let time = Duration::from_secs_f32((strip.rows() - rest.rows()) as f32 / DOTS_PER_MM / speed);
            self.busy_until = Some(self.busy_until.unwrap_or(self.now) + time);
        }
        self.sense_paper();
        if self.sensors.paper_out && in_image && self.image_lost_at_paper_end {
            self.lose_image();
        } else if rest.rows() > 0 {
            self.work.push_front(Work::Print(rest));
        }
    }

    fn lose_image(&mut self) {
        if self.composer.lose_image() {
            self.paper.anomaly("an image was broken off: garbage until power goes".to_owned());
        }
    }

    fn sense_paper(&mut self) {
        self.sensors.near_end |= self.paper.is_near_end();
        self.sensors.paper_out |= self.paper.left() == Some(0);
    }

    fn presenter(&mut self, presenter: Presenter) {
        match self.paper.outlet {
            Outlet::Presenter => {}
            // Accepted and without effect.
            Outlet::Cutter | Outlet::TearBar => return,
        }
        match presenter {
            Presenter::Present { seconds } => {
                self.paper.present();
                let wait = Duration::from_secs(seconds.into());
                self.retract_at = (seconds > 0 && self.paper.media() == Media::Present).then(|| self.now + wait);
            }
            Presenter::Eject => self.paper.eject(),
            Presenter::Retract => self.retract(),
            Presenter::AnswerStatus => {
                let status = self.sensors.presenter(self.paper.media() == Media::Present);
                self.say(&[status]);
            }
            Presenter::Accepted => {}
        }
    }

    /// Draws the ticket back.
    fn retract(&mut self) {
        self.retract_at = None;
        self.paper.retract();
    }

    fn cut(&mut self, full: bool) {
        if self.jam_at_next_cut {
            self.jam_at_next_cut = false;
            self.transient_jam = true;
            self.sensors.cutter_error = true;
            self.work.push_front(Work::Cut { full });
            return;
        }
        self.paper.cut(if full { CutKind::Full } else { CutKind::Partial });
    }

    /// Watches the raw stream for real-time commands, which work even when printing has stopped.
    fn notice(&mut self, byte: u8) {
        self.real_time.push(byte);
        match *self.real_time {
            [0x10] | [0x10, 0x04 | 0x05] => {}
            [0x10, 0x04, 20] if self.paper.outlet == Outlet::Presenter && self.answers != Answers::Mute => {
                self.real_time.clear();
                let presented = self.paper.media() == Media::Present;
                // Questions wait in the buffer as well, and are nothing to print.
                let to_print = |(byte, _): &(u8, Instant)| !matches!(byte, 0x10 | 0x04 | 0x14);
                let spooling = !self.work.is_empty() || self.buffer.iter().any(to_print);
                let moving = self.busy_until.is_some_and(|until| until > self.now);
                self.output.extend(self.sensors.full(presented, spooling, moving));
            }
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
        self.now = at;
        for byte in bytes {
            self.notice(*byte);
            if self.buffer.len() < self.buffer_bytes {
                self.buffer.push_back((*byte, at));
            } else {
                self.lost += 1;
            }
            self.go_on();
        }
    }

    fn room(&self) -> usize {
        match self.overrun {
            Overrun::HoldOff => self.buffer_bytes.saturating_sub(self.buffer.len()),
            Overrun::DropBytes => self.buffer_bytes,
        }
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn alarm_at(&self) -> Option<Instant> {
        [self.busy_until, self.retract_at].into_iter().flatten().min()
    }

    fn alarm(&mut self, at: Instant) {
        if self.retract_at.is_some_and(|due| due <= at) {
            self.retract();
        }
        // Each strip begins when the one before ends, however late the alarm: the paper runs at its own speed.
        while let Some(until) = self.busy_until.filter(|until| *until <= at) {
            self.now = until;
            self.go_on();
            if self.busy_until == Some(until) {
                self.busy_until = None;
            }
        }
        self.now = at;
    }
}
