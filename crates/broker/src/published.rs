//! What everybody may read: the hall as committed, the tail of its events, how prints and devices are. Written by the loop
//! after a commit and by device reports; readers take a lock for as long as it takes to make an answer.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use hall::TicketId;
use store::Committed;
use tokio::sync::broadcast;
use wire::{
    Condition, DeviceHealth, DeviceReport, DeviceSpec, DeviceState, Event, EventId, Passing, PassingKind, PrintState,
    Role,
};

use crate::access::{GREET, RECEIVE, SEE_AHEAD};
use crate::arrivals::{Arrivals, Guest};
use crate::foreseen::Foreseen;
use crate::prospects;
use crate::world::World;

/// The published state, shared.
#[derive(Clone)]
pub(crate) struct Published {
    state: Arc<RwLock<State>>,
    frames: broadcast::Sender<Frame>,
    /// Whoever looks ahead is told here that something changed; the channel holds one word.
    changes: Arc<Mutex<Option<SyncSender<()>>>>,
}

/// The state itself.
pub(crate) struct State {
    pub(crate) epoch: String,
    pub(crate) seq: u64,
    pub(crate) world: World,
    /// The latest events, oldest first, for clients that resume.
    tail: VecDeque<Frame>,
    /// The latest print job of each ticket, and how it stands.
    pub(crate) prints: HashMap<TicketId, (u64, PrintState, i64)>,
    pub(crate) devices: BTreeMap<String, DeviceHealth>,
    /// Customers whom somebody is to receive.
    pub(crate) arrivals: Arrivals,
    /// When a host last reported each device; none since that was too long ago.
    heard: HashMap<String, Instant>,
    /// What was last foreseen.
    pub(crate) foreseen: Arc<Foreseen>,
    /// Since when no look ahead succeeds, UTC ms.
    pub(crate) blind_since_ms: Option<i64>,
    /// Since when the disk takes nothing, UTC ms.
    pub(crate) storage_since_ms: Option<i64>,
    /// Since when the clock stands where it cannot be, UTC ms.
    pub(crate) clock_since_ms: Option<i64>,
    /// Since when the list of customers cannot be taken up, UTC ms.
    pub(crate) list_since_ms: Option<i64>,
    /// Since when the directory in the network says nothing that can be used, UTC ms.
    pub(crate) silent_since_ms: Option<i64>,
}

/// One message of the event stream, formatted once for everybody.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// 0 for a passing event.
    pub(crate) seq: u64,
    /// Whom it is for, where not for everybody.
    only: Option<&'static [Role]>,
    pub(crate) text: bytes::Bytes,
}

impl Frame {
    /// Whether this role may read it.
    pub(crate) fn is_for(&self, role: Role) -> bool {
        self.only.is_none_or(|only| only.contains(&role))
    }
}

/// How long a device host may say nothing, in real time: three times what it takes to repeat itself.
const HOST_SILENT: Duration = Duration::from_secs(30);
/// Nobody reports a device.
fn no_host() -> DeviceReport {
    DeviceReport { state: DeviceState::Unknown, conditions: vec![Condition::NoHost], detail: None }
}

/// Events kept for clients that resume; who was away longer takes a new snapshot.
const TAIL: usize = 8192;
/// Frames a slow client may lag behind before its stream is cut; it resumes by itself.
const LAG: usize = 1024;

impl std::fmt::Debug for Published {
    /// Without the state, which is the whole hall.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Published").finish_non_exhaustive()
    }
}

impl Published {
    pub(crate) fn new(epoch: String, world: World, devices: &[DeviceSpec], now_ms: i64) -> Self {
        let unknown = |spec: &DeviceSpec| DeviceHealth {
            name: spec.name.clone(),
            place: spec.place.clone(),
            report: no_host(),
            since: wire::event::timestamp(now_ms),
        };
        let devices = devices.iter().map(|spec| (spec.name.clone(), unknown(spec))).collect();
        let state = State {
            epoch,
            seq: 0,
            world,
            tail: VecDeque::new(),
            prints: HashMap::new(),
            devices,
            arrivals: Arrivals::default(),
            heard: HashMap::new(),
            foreseen: Arc::default(),
            blind_since_ms: None,
            storage_since_ms: None,
            clock_since_ms: None,
            list_since_ms: None,
            silent_since_ms: None,
        };
        Self { state: Arc::new(RwLock::new(state)), frames: broadcast::channel(LAG).0, changes: Arc::default() }
    }

    /// A panic while the lock was held cannot have left half an event: applying does not fail.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies what a commit made durable, and tells it.
    pub(crate) fn publish(&self, _: &Committed, events: &[(u64, i64, hall::Event)], passing: &[Passing]) {
        let mut state = self.write();
        self.apply(&mut state, events);
        drop_word(&self.changes, events);
        for event in passing {
            if let PassingKind::PrintChanged { job, ticket: Some(ticket), state: print, .. } = &event.kind {
                state.prints.insert(*ticket, (*job, *print, event.at.as_millisecond()));
            }
            let _ = self.frames.send(passing_frame(event));
        }
        if let Some((_, at_ms, _)) = events.last() {
            self.tell_arrivals(&mut state, *at_ms);
        }
    }

    /// Somebody was identified at a kiosk; whether staff are told to receive them.
    pub(crate) fn greet(&self, guest: Guest, now_ms: i64) -> bool {
        let mut state = self.write();
        let State { world, arrivals, .. } = &mut *state;
        let told = arrivals.greet(world.hall.rules(), guest, now_ms);
        self.tell_arrivals(&mut state, now_ms);
        told
    }

    /// Somebody goes to the customer an alarm is about; whether there is one.
    pub(crate) fn receive(&self, about: &str, now_ms: i64) -> bool {
        let mut state = self.write();
        let found = state.arrivals.receive(about, now_ms);
        self.tell_arrivals(&mut state, now_ms);
        found
    }

    /// Time has passed: who has walked away is not told of any more.
    pub(crate) fn review_arrivals(&self, now_ms: i64) {
        if !self.read().arrivals.is_quiet() {
            self.tell_arrivals(&mut self.write(), now_ms);
        }
    }

    fn tell_arrivals(&self, state: &mut State, now_ms: i64) {
        let State { world, arrivals, .. } = state;
        if let Some(arrivals) = arrivals.news(world.hall.rules(), now_ms) {
            let _ = self.frames.send(passing_frame(&Passing::new(now_ms, PassingKind::ArrivalsChanged { arrivals })));
        }
    }

    /// Words that something changed, from now on; one waits at most, and there is one listener.
    pub(crate) fn changes(&self) -> Receiver<()> {
        let (tell, changes) = sync_channel(1);
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell);
        changes
    }

    /// Ends the words of [`Published::changes`], and with them whoever listens.
    pub(crate) fn end_changes(&self) {
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Notes what was foreseen, and tells it when alarms or advice are otherwise than before, or it is a minute ago.
    pub(crate) fn foresee(&self, foreseen: Foreseen, now_ms: i64) {
        let mut state = self.write();
        let before = std::mem::replace(&mut state.foreseen, Arc::new(foreseen));
        let now = &state.foreseen;
        if prospects::is_news(&before, now) {
            let outlook = prospects::outlook(&state.world.hall, now, now_ms);
            let _ = self.frames.send(passing_frame(&Passing::new(now_ms, PassingKind::OutlookChanged { outlook })));
        }
    }

    /// Applies what the journal says happened before this start.
    pub(crate) fn replay(&self, events: &[(u64, i64, hall::Event)]) {
        self.apply(&mut self.write(), events);
    }

    fn apply(&self, state: &mut State, events: &[(u64, i64, hall::Event)]) {
        for (seq, at_ms, event) in events {
            state.world.apply(*at_ms, event);
            state.arrivals.apply(&state.world.hall, *at_ms, event);
            state.seq = *seq;
            if let hall::Event::DayOpened { .. } = event {
                state.prints.clear();
            }
            let id = EventId { epoch: state.epoch.clone(), seq: *seq };
            let frame = durable(&id, &Event::of(&state.world.hall, *at_ms, event));
            if state.tail.len() == TAIL {
                state.tail.pop_front();
            }
            state.tail.push_back(frame.clone());
            // Nobody listening is not a fault.
            let _ = self.frames.send(frame);
        }
    }

    /// Notes whether looks ahead fail.
    pub(crate) fn note_blindness(&self, blind: bool, now_ms: i64) {
        // Rarely anything else than before: then nobody has to wait for a write lock.
        if blind != self.read().blind_since_ms.is_some() {
            self.write().blind_since_ms = blind.then_some(now_ms);
        }
    }

    /// Notes since when the disk takes nothing and the clock is doubted; `None` when all is well.
    pub(crate) fn note_trouble(&self, storage_since_ms: Option<i64>, clock_since_ms: Option<i64>) {
        let known = {
            let state = self.read();
            (state.storage_since_ms, state.clock_since_ms)
        };
        // Rarely anything else than before: then nobody has to wait for a write lock.
        if known != (storage_since_ms, clock_since_ms) {
            let mut state = self.write();
            state.storage_since_ms = storage_since_ms;
            state.clock_since_ms = clock_since_ms;
        }
    }

    /// Tells a passing event that changes nothing here.
    pub(crate) fn tell(&self, event: &Passing) {
        // Nobody listening is not a fault.
        let _ = self.frames.send(passing_frame(event));
    }

    /// Notes whether the list of customers can be taken up.
    pub(crate) fn note_list(&self, bad: bool, now_ms: i64) {
        if bad != self.read().list_since_ms.is_some() {
            self.write().list_since_ms = bad.then_some(now_ms);
        }
    }

    /// Notes whether the directory in the network has fallen silent.
    pub(crate) fn note_silence(&self, silent: bool, now_ms: i64) {
        if silent != self.read().silent_since_ms.is_some() {
            self.write().silent_since_ms = silent.then_some(now_ms);
        }
    }

    /// Notes how a print job of an earlier run stands, without telling anybody.
    pub(crate) fn remember_print(&self, ticket: TicketId, job: u64, print: PrintState, at_ms: i64) {
        self.write().prints.insert(ticket, (job, print, at_ms));
    }

    /// Notes a device report and tells it if anything changed. `None` when there is no such device.
    pub(crate) fn report_device(&self, name: &str, report: DeviceReport, now_ms: i64) -> Option<()> {
        let mut state = self.write();
        let health = state.devices.get_mut(name)?;
        if health.report != report {
            health.report = report;
            self.device_changed(health, now_ms);
        }
        state.heard.insert(name.to_owned(), Instant::now());
        Some(())
    }

    /// Devices whose host has said nothing for [`HOST_SILENT`] are unknown: what it said last may long be untrue. A host repeats
    /// itself every few seconds.
    pub(crate) fn doubt_silent_hosts(&self, now_ms: i64) {
        let is_silent = |heard: &Instant| heard.elapsed() >= HOST_SILENT;
        if !self.read().heard.values().any(is_silent) {
            return;
        }
        let mut state = self.write();
        let State { devices, heard, .. } = &mut *state;
        for (name, _) in heard.extract_if(|_, heard| is_silent(heard)) {
            if let Some(health) = devices.get_mut(&name) {
                health.report = no_host();
                self.device_changed(health, now_ms);
            }
        }
    }

    fn device_changed(&self, health: &mut DeviceHealth, now_ms: i64) {
        health.since = wire::event::timestamp(now_ms);
        let changed = PassingKind::DeviceChanged { device: health.clone() };
        let _ = self.frames.send(passing_frame(&Passing::new(now_ms, changed)));
    }

    /// Everything after `from`, then whatever comes. `None` when `from` is of another journal or too long ago.
    pub(crate) fn follow(&self, from: Option<&EventId>) -> Option<(Vec<Frame>, broadcast::Receiver<Frame>)> {
        let state = self.read();
        let missed = match from {
            None => vec![],
            Some(id) if id.epoch != state.epoch || id.seq > state.seq => return None,
            Some(id) if id.seq == state.seq => vec![],
            Some(id) => {
                let oldest = state.tail.front().map_or(u64::MAX, |frame| frame.seq);
                if id.seq + 1 < oldest {
                    return None;
                }
                state.tail.iter().filter(|frame| frame.seq > id.seq).cloned().collect()
            }
        };
        // Subscribed under the lock that publishing takes: nothing falls between the two.
        Some((missed, self.frames.subscribe()))
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whoever looks ahead that something changed; a word that waits already is enough.
fn drop_word(changes: &Mutex<Option<SyncSender<()>>>, events: &[(u64, i64, hall::Event)]) {
    if !events.is_empty()
        && let Some(tell) = &*changes.lock().unwrap_or_else(PoisonError::into_inner)
    {
        let _ = tell.try_send(());
    }
}

fn durable(id: &EventId, event: &Event) -> Frame {
    let data = serde_json::to_string(event).unwrap_or_default();
    Frame { seq: id.seq, only: None, text: format!("id: {id}\nevent: {}\ndata: {data}\n\n", event.name()).into() }
}

fn passing_frame(event: &Passing) -> Frame {
    let data = serde_json::to_string(event).unwrap_or_default();
    let only = match event.kind {
        PassingKind::OutlookChanged { .. } => Some(SEE_AHEAD),
        PassingKind::CustomerIdentified { .. } => Some(GREET),
        PassingKind::ArrivalsChanged { .. } => Some(RECEIVE),
        PassingKind::Say { .. }
        | PassingKind::SignWanted { .. }
        | PassingKind::PrintChanged { .. }
        | PassingKind::DeviceChanged { .. } => None,
    };
    Frame { seq: 0, only, text: format!("event: {}\ndata: {data}\n\n", event.name()).into() }
}
