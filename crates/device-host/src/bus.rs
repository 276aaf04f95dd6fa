//! One task owns one port and every device behind it: it opens, reads, writes, notices stalls, closes and opens again.

use std::collections::VecDeque;
use std::time::Duration;

use client::with_causes;
use tokio::sync::{mpsc, watch};
use wire::{Condition, DeviceReport};

use crate::device::{After, Driver, Request, Told, Trouble, Urgency};
use crate::notice;
use crate::port::{Gone, OpenError, Port, PortSettings};
use crate::time::{Now, Time};

/// The first wait before a lost port is tried again, and the longest.
const FIRST_RETRY_MS: i64 = 200;
const LAST_RETRY_MS: i64 = 3_000;
/// How long the kernel may take no byte before the port counts as stalled.
pub(crate) const STALL_MS: i64 = 3_000;
/// How long a device may take to answer before the line is given to others, besides the time on the wire.
const ANSWER_MS: i64 = 100;
/// Who has waited so long for the line goes as if a keypad were to be asked, and at last as if somebody had been called.
const PATIENCE_MS: i64 = 500;
const LAST_PATIENCE_MS: i64 = 5_000;
/// The pause that tells frames apart: 3.5 characters (Modbus over Serial Line V1.02, 2.5.1.1), 4 ms at 9600 baud and longer on
/// slower lines, and some for the adapter.
const PAUSE_MS: i64 = 5;
const PAUSE_CHARACTERS: i64 = 4;
/// Bytes of the longest answer that is waited for.
const ANSWER_BYTES: i64 = 40;
/// How long a job under way may go on when the host stops.
const GRACE: Duration = Duration::from_secs(3);

/// A device and its connections to the broker side.
pub(crate) struct Seat {
    pub(crate) name: String,
    pub(crate) device: Box<dyn Driver>,
    pub(crate) requests: mpsc::Sender<Request>,
    pub(crate) health: watch::Sender<Option<DeviceReport>>,
    pub(crate) trouble: Option<Trouble>,
    /// Requests the broker side has no room for yet.
    pub(crate) unsent: VecDeque<Request>,
}

/// A port and who sits behind it.
pub(crate) struct Bus {
    pub(crate) settings: PortSettings,
    pub(crate) seats: Vec<Seat>,
    pub(crate) inbox: mpsc::Receiver<(usize, Told)>,
    pub(crate) time: Time,
    pub(crate) stop: watch::Receiver<bool>,
}

/// A frame on its way to the kernel.
struct Outgoing {
    seat: usize,
    bytes: Vec<u8>,
    done: usize,
    after: After,
    stalls_at: i64,
}

/// Whose turn the line is.
#[derive(Clone, Copy)]
enum Line {
    Free,
    /// Nobody's until then.
    Pause {
        until: i64,
    },
    /// This seat's answer is due until then.
    Answer {
        seat: usize,
        until: i64,
    },
}

/// Why a port is not used any more.
enum Ended {
    Gone(Gone),
    Stalled,
    Stopped,
}

enum Happened {
    Read(Result<usize, Gone>),
    Wrote(Result<usize, Gone>),
    Told(usize, Told),
    Time,
    Stop,
}

impl Bus {
    pub(crate) async fn run(mut self) {
        let mut retry = FIRST_RETRY_MS;
        while !*self.stop.borrow() {
            let ended = match Port::open(&self.settings).await {
                Ok(port) => {
                    retry = FIRST_RETRY_MS;
                    tracing::info!(port = self.settings.path, devices = ?self.names(), "port open");
                    let ended = self.serve(&port).await;
                    port.close().await;
                    ended
                }
                Err(error) => {
                    let condition = match error {
                        OpenError::Missing { .. } => Condition::NoDevice,
                        OpenError::Busy { .. } | OpenError::Open { .. } => Condition::PortError,
                    };
                    self.lose(Trouble::new(condition, with_causes(&error)));
                    if self.wait(retry).await {
                        return;
                    }
                    retry = (retry * 2).min(LAST_RETRY_MS);
                    continue;
                }
            };
            match ended {
                Ended::Stopped => return,
                Ended::Gone(gone) => self.lose(Trouble::new(Condition::NoDevice, with_causes(&gone))),
                Ended::Stalled => {
                    let detail = format!("{} took no byte for {} s", self.settings.path, STALL_MS / 1000);
                    self.lose(Trouble::new(Condition::Stalled, detail));
                }
            }
            if self.wait(retry).await {
                return;
            }
        }
    }

    async fn serve(&mut self, port: &Port) -> Ended {
        let now = self.time.now();
        for seat in &mut self.seats {
            seat.device.opened(now);
            // A stalled device has to show that it is not any more; one that was away is there.
            if seat.trouble.as_ref().is_some_and(|trouble| trouble.condition != Condition::Stalled) {
                seat.trouble = None;
            }
        }
        let mut line = Line::Free;
        let mut outgoing: Option<Outgoing> = None;
        let mut buffer = [0; 512];
        let mut stopping = *self.stop.borrow();
        let grace = tokio::time::sleep(GRACE);
        tokio::pin!(grace);
        loop {
            let now = self.time.now();
            line = self.turn(line, now);
            if outgoing.is_none() && matches!(line, Line::Free) {
                outgoing = self.next_outgoing(now);
            }
            self.settle();
            if stopping && outgoing.is_none() && self.seats.iter().all(|seat| !seat.device.is_busy()) {
                return Ended::Stopped;
            }
            if outgoing.as_ref().is_some_and(|frame| now.line_ms >= frame.stalls_at) {
                return Ended::Stalled;
            }
            let look = self.next_look(now, line, outgoing.as_ref());
            let happened = tokio::select! {
                read = port.read(&mut buffer) => Happened::Read(read),
                wrote = write(port, outgoing.as_ref()) => Happened::Wrote(wrote),
                Some((seat, told)) = self.inbox.recv() => Happened::Told(seat, told),
                () = sleep_until(&self.time, now, look) => Happened::Time,
                _ = self.stop.changed(), if !stopping => Happened::Stop,
                () = &mut grace, if stopping => return Ended::Stopped,
            };
            let now = self.time.now();
            match happened {
                Happened::Read(Ok(count)) => self.heard(now, &buffer[..count]),
                Happened::Wrote(Ok(count)) => {
                    if let Some(frame) = &mut outgoing {
                        frame.done += count;
                        frame.stalls_at = now.line_ms + STALL_MS;
                    }
                    if let Some(frame) = outgoing.take_if(|frame| frame.done >= frame.bytes.len()) {
                        line = self.written(now, &frame);
                    }
                }
                Happened::Read(Err(gone)) | Happened::Wrote(Err(gone)) => return Ended::Gone(gone),
                Happened::Told(seat, told) => self.tell(now, seat, told),
                Happened::Time => self.tick(now),
                Happened::Stop => {
                    stopping = true;
                    grace.as_mut().reset(tokio::time::Instant::now() + GRACE);
                    self.seats.iter_mut().for_each(|seat| seat.device.retire());
                }
            }
        }
    }

    /// Waits before the port is tried again; devices still hear the broker. True when the host stops.
    async fn wait(&mut self, ms: i64) -> bool {
        let time = self.time.clone();
        let wait = time.sleep_ms(ms);
        tokio::pin!(wait);
        loop {
            self.settle();
            tokio::select! {
                () = &mut wait => {
                    self.tick(self.time.now());
                    self.settle();
                    return *self.stop.borrow();
                }
                Some((seat, told)) = self.inbox.recv() => self.tell(self.time.now(), seat, told),
                _ = self.stop.changed() => return true,
            }
        }
    }

    fn turn(&self, line: Line, now: Now) -> Line {
        match line {
            Line::Pause { until } if now.line_ms < until => line,
            Line::Answer { seat, until } => {
                let waiting = self.seats.get(seat).is_some_and(|seat| !seat.device.is_answered());
                if waiting && now.line_ms < until { line } else { self.pause(now) }
            }
            Line::Free | Line::Pause { .. } => Line::Free,
        }
    }

    fn next_outgoing(&mut self, now: Now) -> Option<Outgoing> {
        let turn = |seat: &Seat| {
            let (urgency, since) = seat.device.due(now).unwrap_or((Urgency::Refresh, i64::MAX));
            // Keypads that are asked all the time must not keep displays from being refreshed for ever, nor must calls.
            let at_least = match now.line_ms.saturating_sub(since) {
                ..PATIENCE_MS => Urgency::Refresh,
                PATIENCE_MS..LAST_PATIENCE_MS => Urgency::Poll,
                LAST_PATIENCE_MS.. => Urgency::Call,
            };
            (urgency.min(at_least), since)
        };
        let mut order: Vec<usize> = (0..self.seats.len()).collect();
        order.sort_by_cached_key(|seat| self.seats.get(*seat).map(turn));
        order.into_iter().find_map(|seat| {
            let frame = self.seats.get_mut(seat)?.device.next_frame(now)?;
            let stalls_at = now.line_ms + STALL_MS;
            Some(Outgoing { seat, bytes: frame.bytes, done: 0, after: frame.after, stalls_at })
        })
    }

    fn written(&mut self, now: Now, frame: &Outgoing) -> Line {
        if let Some(seat) = self.seats.get_mut(frame.seat) {
            seat.device.written(now);
            // All the proof a device that never speaks can give.
            if seat.device.is_mute() {
                seat.trouble = None;
            }
        }
        let sent = i64::try_from(frame.bytes.len()).unwrap_or(i64::MAX / 20_000);
        match frame.after {
            After::Nothing => Line::Free,
            After::Pause => {
                let sent_by = Now { line_ms: now.line_ms + self.wire_ms(sent), ..now };
                self.pause(sent_by)
            }
            After::Answer => {
                let until = now.line_ms + self.wire_ms(sent + ANSWER_BYTES) + ANSWER_MS;
                Line::Answer { seat: frame.seat, until }
            }
        }
    }

    /// The silence by which devices tell frames apart, and in which the one that answered lets go of the wires.
    fn pause(&self, now: Now) -> Line {
        if self.seats.len() == 1 && !self.seats.iter().any(|seat| seat.device.is_mute()) {
            return Line::Free;
        }
        Line::Pause { until: now.line_ms + PAUSE_MS.max(self.wire_ms(PAUSE_CHARACTERS)) }
    }

    /// How long so many bytes take on the wire: 10 bits each.
    fn wire_ms(&self, bytes: i64) -> i64 {
        bytes * 10_000 / i64::from(self.settings.baud.max(1))
    }

    fn heard(&mut self, now: Now, bytes: &[u8]) {
        for seat in &mut self.seats {
            if seat.device.heard(now, bytes) {
                seat.trouble = None;
            }
        }
    }

    fn tell(&mut self, now: Now, seat: usize, told: Told) {
        if let Some(seat) = self.seats.get_mut(seat) {
            seat.device.take(now, told);
        }
    }

    fn tick(&mut self, now: Now) {
        self.seats.iter_mut().for_each(|seat| seat.device.tick(now));
    }

    /// The port is lost or cannot be opened.
    fn lose(&mut self, trouble: Trouble) {
        for seat in &mut self.seats {
            seat.device.gone(&trouble.detail);
            seat.trouble = Some(trouble.clone());
        }
        self.settle();
    }

    /// Hands on what the devices ask and how they are.
    fn settle(&mut self) {
        for seat in &mut self.seats {
            seat.unsent.extend(std::iter::from_fn(|| seat.device.next_request()));
            while let Some(request) = seat.unsent.pop_front() {
                // No room: the next news from the broker side finds some.
                if let Err(mpsc::error::TrySendError::Full(request)) = seat.requests.try_send(request) {
                    // Nobody is identified later: by then somebody else stands there.
                    if !matches!(request, Request::Identify(_)) {
                        seat.unsent.push_front(request);
                    }
                    break;
                }
            }
            let report = match &seat.trouble {
                Some(trouble) => trouble.report(),
                None => seat.device.health(),
            };
            seat.health.send_if_modified(|before| {
                let changed = before.as_ref() != Some(&report);
                if changed {
                    notice::health(&seat.name, before.as_ref(), &report);
                    *before = Some(report);
                }
                changed
            });
        }
    }

    fn next_look(&self, now: Now, line: Line, outgoing: Option<&Outgoing>) -> Option<i64> {
        let turn = match line {
            Line::Free => None,
            Line::Pause { until } | Line::Answer { until, .. } => Some(until),
        };
        let stall = outgoing.map(|frame| frame.stalls_at);
        // While the line is taken, a device that wants to send has to wait for its turn.
        let can_send = outgoing.is_none() && turn.is_none();
        let devices = self.seats.iter().filter_map(|seat| seat.device.next_look(now));
        devices.map(|at| if can_send { at } else { at.max(now.line_ms + PAUSE_MS) }).chain(turn).chain(stall).min()
    }

    fn names(&self) -> Vec<&str> {
        self.seats.iter().map(|seat| seat.name.as_str()).collect()
    }
}

async fn write(port: &Port, outgoing: Option<&Outgoing>) -> Result<usize, Gone> {
    match outgoing.and_then(|frame| frame.bytes.get(frame.done..)) {
        Some(bytes) if !bytes.is_empty() => port.write(bytes).await,
        Some(_) | None => std::future::pending().await,
    }
}

async fn sleep_until(time: &Time, now: Now, at: Option<i64>) {
    match at {
        Some(at) => time.sleep_ms((at - now.line_ms).max(0)).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod order;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;
