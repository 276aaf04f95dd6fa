//! A ticket printer: takes jobs from the outbox one at a time and says of each what the printer itself said.
//!
//! A job is claimed (`sending`, durable at the broker) before its first byte leaves. From then on it ends in exactly
//! one of `printed`, `sent`, `uncertain` or `failed`, and whatever happens no byte of it is sent twice.

mod health;
mod job;
mod mouth;
mod presenter;
mod status;
mod traits;

#[cfg(test)]
mod mouth_tests;
#[cfg(test)]
mod noise_tests;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::VecDeque;

use client::with_causes;
use codecs::escpos::status::Condition;
use codecs::escpos::{self, PrinterTraits};
use wire::{DeviceReport, PrintConfirm, PrintJob, PrintReport, PrintState, PrinterProfile, PrinterStatus};

use crate::device::{self, After, Driver, Frame};
use crate::glyphs::Font;
use crate::time::Now;
use job::Work;
use mouth::Mouth;
use status::Status;

/// How long a printer that says it is well may take to confirm a job.
pub(crate) const CONFIRM_MS: i64 = 10_000;
/// How long a mechanism takes for a ticket: 15 cm at 50 mm/s, the slowest here.
const MECHANISM_MS: i64 = 3_000;
/// Jobs in a row that a printer which says it is well may leave unconfirmed before its profile is doubted.
const UNCONFIRMED: u8 = 2;
/// How often expiry is looked at while jobs wait.
const EXPIRY_LOOK_MS: i64 = 1_000;

/// News for a printer.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Every job of this kiosk that is queued or being sent.
    Jobs(Vec<PrintJob>),
    /// The broker has written down that this job is being sent.
    Claimed(u64),
    /// The broker does not want this job sent any more.
    Withdrawn(u64),
}

/// What a printer asks of the broker. Requests are carried out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Write down that this job is being sent; answered by [`Told::Claimed`] or [`Told::Withdrawn`].
    Claim(u64),
    /// Write down how this job ended.
    Report(u64, PrintReport),
}

/// The driver of one printer.
#[derive(Debug)]
pub(crate) struct Printer {
    profile: PrinterProfile,
    traits: PrinterTraits,
    font: Font,
    open: bool,
    retired: bool,
    status: Status,
    mouth: Option<Mouth>,
    queue: VecDeque<PrintJob>,
    /// Jobs this process has claimed and the broker may still list.
    mine: Vec<u64>,
    work: Work,
    /// How long the job under way takes to be paper, once the kernel has it, in ms.
    out_ms: i64,
    /// When the job under way was sent, the confirmation of an older one could still come.
    owed_before: bool,
    /// Jobs in a row that were not confirmed while the printer otherwise answered and said it was well. Outlives the
    /// port: what would be wrong is the profile.
    unconfirmed: u8,
    requests: VecDeque<Request>,
}

impl Printer {
    pub(crate) fn new(profile: PrinterProfile, font: Font) -> Self {
        Self {
            font,
            traits: traits::of(&profile),
            status: Status::new(profile.status),
            mouth: Mouth::of(&profile),
            profile,
            open: false,
            retired: false,
            queue: VecDeque::new(),
            mine: Vec::new(),
            work: Work::None,
            out_ms: 0,
            owed_before: false,
            unconfirmed: 0,
            requests: VecDeque::new(),
        }
    }

    pub(crate) fn told(&mut self, told: Told) {
        match told {
            Told::Jobs(jobs) => self.take_jobs(jobs),
            Told::Claimed(id) => {
                self.mine.push(id);
                self.work = match std::mem::take(&mut self.work) {
                    Work::Claiming { job, bytes } => Work::Claimed { job, bytes },
                    other @ (Work::None | Work::Claimed { .. } | Work::Writing { .. } | Work::Awaiting { .. }) => other,
                };
            }
            Told::Withdrawn(id) => {
                if matches!(&self.work, Work::Claiming { job, .. } if job.id == id) {
                    self.work = Work::None;
                }
            }
        }
        self.begin();
    }

    pub(crate) fn next_wish(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    fn take_jobs(&mut self, jobs: Vec<PrintJob>) {
        let current = self.work.id();
        self.mine.retain(|id| Some(*id) == current || jobs.iter().any(|job| job.id == *id));
        self.queue.clear();
        for job in jobs {
            if Some(job.id) == current || self.mine.contains(&job.id) {
                continue;
            }
            match job.state {
                PrintState::Queued => self.queue.push_back(job),
                // Claimed by a host that is no more: nobody knows how far it came.
                PrintState::Sending => {
                    self.mine.push(job.id);
                    let why = "the device host ended while this was being printed";
                    self.end(job.id, PrintState::Uncertain, Some(why.to_owned()));
                }
                PrintState::Sent
                | PrintState::Printed
                | PrintState::Uncertain
                | PrintState::Failed
                | PrintState::Expired => {}
            }
        }
    }

    /// Claims the next job when there is nothing else to do and the printer can print.
    fn begin(&mut self) {
        while matches!(self.work, Work::None) && self.is_ready() && !self.retired {
            let Some(job) = self.queue.pop_front() else { return };
            match escpos::ticket(&traits::slip(&job.slip), &self.traits, &self.font) {
                Ok(bytes) => {
                    self.requests.push_back(Request::Claim(job.id));
                    self.work = Work::Claiming { job, bytes };
                }
                Err(error) => self.end(job.id, PrintState::Failed, Some(with_causes(&error))),
            }
        }
    }

    fn send(&mut self, now: Now) -> Option<Frame> {
        let Work::Claimed { job, bytes } = std::mem::take(&mut self.work) else { return None };
        self.work = Work::Writing { id: job.id };
        let wire_ms = i64::try_from(bytes.len()).unwrap_or(0) * 10_000 / i64::from(self.profile.baud.max(1));
        self.out_ms = wire_ms + MECHANISM_MS;
        if self.profile.confirm == PrintConfirm::GsR {
            self.owed_before = self.status.owes_confirmation();
            self.status.expect_confirmation();
        }
        if let Some(mouth) = &mut self.mouth {
            mouth.begins(now.line_ms);
        }
        Some(Frame { bytes, after: After::Nothing })
    }

    /// A printer that says what is wrong gets all the time it needs to be mended; one that says nothing is wrong gets
    /// [`CONFIRM_MS`] from then on.
    fn watch_patience(&mut self, now: Now) {
        let faulty = matches!(self.status.condition(), Condition::Fault(_));
        if self.awaits_only_faults() {
            if faulty {
                self.end_work(PrintState::Uncertain, Some(presenter::STOPPED));
            }
        } else if let Work::Awaiting { until, .. } = &mut self.work {
            *until = if faulty { None } else { until.or(Some(now.line_ms + CONFIRM_MS)) };
        }
    }

    fn expire(&mut self, now: Now) {
        let is_over = |job: &PrintJob| now.hall_ms >= job.expires_at.as_millisecond();
        let (over, waiting): (VecDeque<_>, VecDeque<_>) = self.queue.drain(..).partition(is_over);
        self.queue = waiting;
        for job in over {
            self.end(job.id, PrintState::Expired, None);
        }
        if let Work::Claimed { job, .. } = &self.work
            && is_over(job)
        {
            let id = job.id;
            self.work = Work::None;
            // What is being sent can fail, not expire: `expired` is for jobs nobody took.
            self.end(id, PrintState::Failed, Some("it expired before the first byte left".to_owned()));
        }
    }

    fn is_ready(&self) -> bool {
        self.can_print() && self.is_mouth_free()
    }

    fn can_print(&self) -> bool {
        // A confirmation would not be believed: the next clean round of answers is waited for.
        self.open
            && !self.status.is_in_doubt()
            && match self.status.condition() {
                Condition::Ok => true,
                Condition::Unknown => self.profile.status == PrinterStatus::None,
                Condition::Fault(_) => false,
            }
    }

    /// It confirms nothing and has no mouth to look into; but while it prints it says when it stops.
    fn tells_only_faults(&self) -> bool {
        self.profile.confirm == PrintConfirm::None && self.profile.status != PrinterStatus::None && self.mouth.is_none()
    }

    /// Nothing but such a fault can come of the job under way any more.
    fn awaits_only_faults(&self) -> bool {
        self.tells_only_faults() && matches!(self.work, Work::Awaiting { .. })
    }

    fn end_work(&mut self, state: PrintState, detail: Option<&str>) {
        if let Work::Writing { id } | Work::Awaiting { id, .. } = self.work {
            self.work = Work::None;
            self.end(id, state, detail.map(str::to_owned));
        }
    }

    fn end(&mut self, id: u64, state: PrintState, detail: Option<String>) {
        self.requests.push_back(Request::Report(id, PrintReport { state, detail }));
    }
}

impl Driver for Printer {
    fn opened(&mut self, now: Now) {
        self.open = true;
        self.status.opened(now);
        self.begin();
    }

    fn gone(&mut self, why: &str) {
        self.open = false;
        self.status.gone();
        if let Some(mouth) = &mut self.mouth {
            mouth.gone();
        }
        self.work = match std::mem::take(&mut self.work) {
            Work::Writing { id } | Work::Awaiting { id, .. } => {
                self.end(id, PrintState::Uncertain, Some(format!("the printer's port was lost: {why}")));
                Work::None
            }
            // No byte has left: it may still be printed.
            untouched @ (Work::None | Work::Claiming { .. } | Work::Claimed { .. }) => untouched,
        };
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) -> bool {
        let heard = self.status.heard(bytes);
        if heard.confirms {
            self.unconfirmed = 0;
        }
        if heard.confirmed {
            self.end_work(PrintState::Printed, None);
        }
        if heard.round {
            self.look(now);
        }
        self.watch_patience(now);
        self.begin();
        self.hurry();
        heard.understood
    }

    fn tick(&mut self, now: Now) {
        self.status.tick(now);
        self.tick_mouth(now);
        self.expire(now);
        self.watch_patience(now);
        if let Work::Awaiting { until: Some(until), .. } = self.work
            && now.line_ms >= until
        {
            self.give_up();
        }
        self.begin();
        self.hurry();
    }

    fn next_frame(&mut self, now: Now) -> Option<Frame> {
        if !self.open {
            return None;
        }
        // The claim may have taken long, with the broker away.
        self.expire(now);
        if self.is_ready() && matches!(self.work, Work::Claimed { .. }) {
            return self.send(now);
        }
        let bytes = self.push_out(now).or_else(|| self.status.next_question(now))?;
        Some(Frame { bytes, after: After::Nothing })
    }

    fn written(&mut self, now: Now) {
        let Work::Writing { id } = self.work else { return };
        let is_watched = self.watches_mouth(now);
        match self.profile.confirm {
            // Until the paper must be out: a printer that stops before then has printed half a ticket, or none.
            PrintConfirm::None if self.tells_only_faults() => {
                self.work = Work::Awaiting { id, until: Some(now.line_ms + self.out_ms) };
            }
            PrintConfirm::None if !is_watched => {
                self.end_work(PrintState::Sent, None);
                self.begin();
            }
            PrintConfirm::GsR | PrintConfirm::None => {
                self.work = Work::Awaiting { id, until: None };
                self.watch_patience(now);
            }
        }
    }

    fn next_look(&self, now: Now) -> Option<i64> {
        let confirmation = match self.work {
            Work::Awaiting { until, .. } => until,
            Work::None | Work::Claiming { .. } | Work::Claimed { .. } | Work::Writing { .. } => None,
        };
        let jobs_wait = !self.queue.is_empty() || matches!(self.work, Work::Claimed { .. });
        let expiry = jobs_wait.then_some(now.line_ms + EXPIRY_LOOK_MS);
        let question = if self.open { self.status.next_at() } else { None };
        [confirmation, expiry, question, self.mouth_changes_at()].into_iter().flatten().min()
    }

    fn is_mute(&self) -> bool {
        self.profile.status == PrinterStatus::None && self.profile.confirm == PrintConfirm::None
    }

    fn is_busy(&self) -> bool {
        matches!(self.work, Work::Claiming { .. } | Work::Writing { .. } | Work::Awaiting { .. })
    }

    fn retire(&mut self) {
        self.retired = true;
        if self.awaits_only_faults() {
            self.end_work(PrintState::Sent, None);
        }
    }

    fn health(&self) -> DeviceReport {
        let is_left = self.mouth.as_ref().is_some_and(Mouth::is_left);
        health::of(&self.status, self.profile.status, self.unconfirmed >= UNCONFIRMED, is_left)
    }

    fn take(&mut self, _now: Now, told: device::Told) {
        if let Some(told) = told.for_printer() {
            self.told(told);
        }
    }

    fn next_request(&mut self) -> Option<device::Request> {
        self.next_wish().map(device::Request::Printer)
    }
}
