//! What the hall screen shows at any moment. Pure: snapshots, events and moments in, a [`View`] out.
//!
//! Every call is queued and shown in order, so that no number is lost between two glances. A moment (`at`) is the time since
//! the program started; how long a call stands is counted in the hall's own time, which a scripted hall lives faster.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use look::Language;
use wire::{Event, EventId, EventKind, HallSnapshot, LocalNames, Notice, ServiceView, TicketId, TicketRef};

/// A call stands in the band at least this long while others wait for their turn.
pub const DWELL: Duration = Duration::from_secs(3);
/// A new call flashes this long (WCAG 2.2.2 asks for less than five seconds).
pub const FLASH: Duration = Duration::from_secs(4);
/// A new call stays marked at least this long.
pub const MARKED: Duration = Duration::from_secs(15);
/// A page of businesses stands this long, in real time: people do not read faster in a fast hall.
pub const PAGE: Duration = Duration::from_secs(8);
/// Calls shown beside the newest.
pub const EARLIER: usize = 6;
/// Businesses on a page.
pub const BUSINESSES: usize = 4;
/// Calls that may wait for the band; beyond it the oldest goes straight to the earlier calls.
pub const QUEUE: usize = 64;

/// Half a period of the flashing: 1 Hz, a third of what WCAG 2.3.1 allows.
const HALF_FLASH_MS: u128 = 500;

/// The state behind the screen.
#[derive(Debug)]
pub struct Board {
    language: Language,
    zone: TimeZone,
    hall: Option<Facts>,
    seen: Option<EventId>,
    /// The hall's time of the latest call that was queued or shown.
    latest_call: Option<Timestamp>,
    queue: VecDeque<Call>,
    newest: Option<Shown>,
    earlier: VecDeque<Shown>,
    away: bool,
}

/// What snapshots tell beside the calls.
#[derive(Debug)]
struct Facts {
    name: LocalNames,
    day_open: bool,
    speed: f64,
    now: Timestamp,
    taken_at: Duration,
    services: Vec<ServiceView>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    ticket: TicketId,
    number: String,
    counter: u16,
    again: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    call: Call,
    /// When it came into the band; `None` for one that was called before this screen started.
    since: Option<Duration>,
}

/// What is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The hall's name.
    pub hall: String,
    /// Local date, `2026-11-22`; empty before the first snapshot.
    pub date: String,
    /// Local time, `09:41`; empty before the first snapshot.
    pub time: String,
    /// Whether the broker is out of reach.
    pub away: bool,
    /// Whether no business day is open.
    pub closed: bool,
    /// The newest call.
    pub newest: Option<(CallView, Emphasis)>,
    /// At most [`EARLIER`] calls, newest first.
    pub earlier: Vec<CallView>,
    /// One page of at most [`BUSINESSES`].
    pub businesses: Vec<BusinessView>,
    /// The page shown, from 1; 0 without any.
    pub page: usize,
    /// Pages there are.
    pub pages: usize,
}

/// How the newest call stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// Ink on yellow.
    Marked,
    /// Yellow on ink: the other half of the flashing.
    Inverted,
    /// Like any other.
    Calm,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    /// `A042`
    pub number: String,
    /// The window.
    pub counter: u16,
    /// It was called before.
    pub again: bool,
    /// New enough to be marked.
    pub marked: bool,
}

/// One business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessView {
    /// Its name in the screen's language.
    pub name: String,
    /// How many wait.
    pub waiting: usize,
    /// The honest range in minutes, where enough was measured.
    pub wait: Option<(u32, u32)>,
}

impl Board {
    /// An empty screen. `zone` counts until the hall tells its own.
    pub fn new(language: Language, zone: TimeZone) -> Self {
        Self {
            language,
            zone,
            hall: None,
            seen: None,
            latest_call: None,
            queue: VecDeque::new(),
            newest: None,
            earlier: VecDeque::new(),
            away: true,
        }
    }

    /// The first snapshot, or one after the events could not be resumed. Calls this screen has not seen are queued like events;
    /// on the first snapshot, when all are old, they stand there without flashing.
    pub fn restart(&mut self, snapshot: &HallSnapshot, at: Duration) {
        let another = self.seen.as_ref().is_some_and(|seen| seen.epoch != snapshot.epoch);
        if another {
            self.clear();
            self.latest_call = None;
        }
        let known = self.latest_call;
        let in_band = self.newest.take();
        self.queue.clear();
        let marks: Vec<Shown> = in_band.into_iter().chain(self.earlier.drain(..)).collect();
        for notice in &snapshot.recent {
            let call = Call::of(notice);
            if known.is_some_and(|known| notice.at > known) {
                self.queue.push_front(call);
            } else {
                let since = marks.iter().find(|shown| shown.call.ticket == call.ticket).and_then(|shown| shown.since);
                self.earlier.push_back(Shown { call, since });
            }
        }
        self.newest = self.earlier.pop_front();
        self.earlier.truncate(EARLIER);
        self.latest_call = snapshot.recent.iter().map(|notice| notice.at).max().max(known);
        self.seen = Some(EventId { epoch: snapshot.epoch.clone(), seq: snapshot.seq });
        self.refresh(snapshot, at);
        self.advance(at);
    }

    /// A later snapshot of the same hall: the businesses, the clock. Calls come by events.
    pub fn refresh(&mut self, snapshot: &HallSnapshot, at: Duration) {
        // A zone this machine does not know is no reason to show no time.
        if let Ok(zone) = TimeZone::get(&snapshot.time_zone) {
            self.zone = zone;
        }
        self.hall = Some(Facts {
            name: snapshot.name.clone(),
            day_open: snapshot.day.is_some(),
            speed: if snapshot.speed > 0.0 { snapshot.speed } else { 1.0 },
            now: snapshot.now,
            taken_at: at,
            services: snapshot.services.clone(),
        });
    }

    /// A durable event. One that a snapshot contained already is ignored.
    pub fn event(&mut self, id: &EventId, event: &Event, at: Duration) {
        if self.seen.as_ref().is_some_and(|seen| seen.epoch == id.epoch && seen.seq >= id.seq) {
            return;
        }
        self.seen = Some(id.clone());
        match &event.kind {
            EventKind::TicketCalled { ticket, counter, .. } => self.call(ticket, *counter, false, event.at),
            EventKind::TicketRecalled { ticket, counter, .. } => self.call(ticket, *counter, true, event.at),
            EventKind::TicketNoShow { ticket, .. }
            | EventKind::TicketHeld { ticket, .. }
            | EventKind::TicketTransferred { ticket, .. }
            | EventKind::TicketReturned { ticket, .. }
            | EventKind::TicketCancelled { ticket } => self.leave(ticket.id),
            EventKind::TicketCompleted { ticket, .. } => self.arrived(ticket.id),
            EventKind::DayOpened { .. } => self.day(true),
            EventKind::DayClosed { .. } => self.day(false),
            // Whoever sits down was called and stays among the calls; the rest is not about calls.
            EventKind::TicketStarted { .. }
            | EventKind::TicketIssued { .. }
            | EventKind::HallLearnt {}
            | EventKind::AppointmentBooked { .. }
            | EventKind::AppointmentCancelled { .. }
            | EventKind::TicketRated { .. }
            | EventKind::TicketPrioritised { .. }
            | EventKind::TicketReprinted { .. }
            | EventKind::TicketRejoined { .. }
            | EventKind::TicketingChanged { .. }
            | EventKind::CounterOpened { .. }
            | EventKind::CounterClosed { .. }
            | EventKind::CounterPaused { .. }
            | EventKind::CounterResumed { .. } => {}
        }
        self.advance(at);
    }

    /// The broker is out of reach, or back.
    pub fn set_away(&mut self, away: bool) {
        self.away = away;
    }

    /// Where the events are to be resumed from.
    pub fn seen(&self) -> Option<&EventId> {
        self.seen.as_ref()
    }

    /// Lets time pass: the next queued call comes into the band when the present one has stood long enough.
    pub fn advance(&mut self, at: Duration) {
        let stands = self.newest.as_ref().and_then(|newest| newest.since);
        if stands.is_some_and(|since| self.hall_time(since, at) < DWELL) {
            return;
        }
        let Some(call) = self.queue.pop_front() else { return };
        // A number stands on the screen once.
        self.earlier.retain(|shown| shown.call.ticket != call.ticket);
        let previous = self.newest.replace(Shown { call, since: Some(at) });
        let is_new = |shown: &Shown| self.newest.as_ref().is_none_or(|newest| newest.call.ticket != shown.call.ticket);
        if let Some(previous) = previous.filter(is_new) {
            self.show_earlier(previous);
        }
    }

    /// What is to be seen at a moment.
    pub fn view(&self, at: Duration) -> View {
        let local = self.hall.as_ref().map(|hall| hall.now_at(at).to_zoned(self.zone.clone()));
        let format = |pattern| local.as_ref().map_or_else(String::new, |local| local.strftime(pattern).to_string());
        let (businesses, page, pages) = self.businesses(at);
        View {
            hall: self.hall.as_ref().map_or_else(String::new, |hall| self.name(&hall.name)),
            date: format("%Y-%m-%d"),
            time: format("%H:%M"),
            away: self.away,
            closed: self.hall.as_ref().is_some_and(|hall| !hall.day_open),
            newest: self.newest.as_ref().map(|newest| (self.call_view(newest, at), self.emphasis(newest, at))),
            earlier: self.earlier.iter().map(|shown| self.call_view(shown, at)).collect(),
            businesses,
            page,
            pages,
        }
    }

    /// How often the screen has to look at the clock, so that flashing is even and a fast hall does not fall behind.
    pub fn tick(&self) -> Duration {
        if self.speed() > 1.0 { Duration::from_millis(16) } else { Duration::from_millis(100) }
    }

    fn call(&mut self, ticket: &TicketRef, counter: u16, again: bool, called_at: Timestamp) {
        self.latest_call = self.latest_call.max(Some(called_at));
        self.queue.push_back(Call { ticket: ticket.id, number: ticket.number.clone(), counter, again });
        if self.queue.len() > QUEUE
            && let Some(call) = self.queue.pop_front()
        {
            self.show_earlier(Shown { call, since: None });
        }
    }

    /// Not to come any more: nobody may follow this number to the window.
    fn leave(&mut self, ticket: TicketId) {
        self.queue.retain(|call| call.ticket != ticket);
        self.earlier.retain(|shown| shown.call.ticket != ticket);
        if self.newest.as_ref().is_some_and(|newest| newest.call.ticket == ticket) {
            self.newest = if self.queue.is_empty() { self.earlier.pop_front() } else { None };
        }
    }

    /// Served already: calls of it that still wait for the band need nobody's attention any more.
    fn arrived(&mut self, ticket: TicketId) {
        let waiting = self.queue.iter().rposition(|call| call.ticket == ticket);
        if let Some(call) = waiting.and_then(|place| self.queue.remove(place)) {
            self.queue.retain(|call| call.ticket != ticket);
            let in_band = self.newest.as_ref().is_some_and(|newest| newest.call.ticket == ticket);
            if !in_band {
                self.show_earlier(Shown { call, since: None });
            }
        }
    }

    fn day(&mut self, open: bool) {
        self.clear();
        if let Some(hall) = &mut self.hall {
            hall.day_open = open;
        }
    }

    fn clear(&mut self) {
        self.queue.clear();
        self.newest = None;
        self.earlier.clear();
    }

    fn show_earlier(&mut self, shown: Shown) {
        self.earlier.retain(|other| other.call.ticket != shown.call.ticket);
        self.earlier.push_front(shown);
        self.earlier.truncate(EARLIER);
    }

    fn emphasis(&self, shown: &Shown, at: Duration) -> Emphasis {
        let Some(since) = shown.since else { return Emphasis::Calm };
        let real = at.saturating_sub(since);
        // In a hall that lives faster calls change so quickly that inverting them would flash above 3 Hz (WCAG 2.3.1).
        let flashes = self.speed() <= 1.0 && real < FLASH;
        if flashes && real.as_millis() / HALF_FLASH_MS % 2 == 1 {
            Emphasis::Inverted
        } else if self.hall_time(since, at) < MARKED {
            Emphasis::Marked
        } else {
            Emphasis::Calm
        }
    }

    fn call_view(&self, shown: &Shown, at: Duration) -> CallView {
        CallView {
            number: shown.call.number.clone(),
            counter: shown.call.counter,
            again: shown.call.again,
            marked: shown.since.is_some_and(|since| self.hall_time(since, at) < MARKED),
        }
    }

    fn businesses(&self, at: Duration) -> (Vec<BusinessView>, usize, usize) {
        let services = self.hall.as_ref().map_or(&[][..], |hall| &hall.services);
        let pages: Vec<&[ServiceView]> = services.chunks(BUSINESSES).collect();
        let turn = usize::try_from(at.as_secs() / PAGE.as_secs()).unwrap_or_default();
        let Some(index) = turn.checked_rem(pages.len()) else { return (vec![], 0, 0) };
        let lines = pages[index].iter().map(|service| BusinessView {
            name: self.name(&service.names),
            waiting: service.waiting,
            wait: service.wait.told_minutes().filter(|_| service.waiting > 0),
        });
        (lines.collect(), index + 1, pages.len())
    }

    fn name(&self, names: &LocalNames) -> String {
        match self.language {
            Language::English if !names.en.is_empty() => names.en.clone(),
            Language::English | Language::Chinese => names.zh.clone(),
        }
    }

    fn speed(&self) -> f64 {
        self.hall.as_ref().map_or(1.0, |hall| hall.speed)
    }

    fn hall_time(&self, since: Duration, at: Duration) -> Duration {
        at.saturating_sub(since).mul_f64(self.speed())
    }
}

impl Facts {
    fn now_at(&self, at: Duration) -> Timestamp {
        let passed = at.saturating_sub(self.taken_at).mul_f64(self.speed);
        self.now.checked_add(passed).unwrap_or(self.now)
    }
}

impl Call {
    fn of(notice: &Notice) -> Self {
        Self { ticket: notice.ticket, number: notice.number.clone(), counter: notice.counter, again: false }
    }
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
