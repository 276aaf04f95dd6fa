//! What is to be seen at a counter at a moment.

use std::time::Duration;

use wire::{CounterStatus, CounterView, HallSnapshot, TicketState, TicketView, TierView};

use crate::desk::{Asking, CHOICES, Choice, Desk, MESSAGE, Message};
use crate::reason::{HOLDS, PAUSES};

/// Tickets shown of those that come next.
pub const IN_SIGHT: usize = 3;
/// Held tickets shown; there is a key for each.
pub const HELD: usize = 3;
/// From this share of the limit on a ticket counts as soon late.
pub const SOON: f64 = 0.8;

/// The whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The hall's name.
    pub hall: String,
    /// The counter's number.
    pub counter: u16,
    /// The counter's name.
    pub counter_name: String,
    /// Who is signed in.
    pub teller: String,
    /// Local date.
    pub date: String,
    /// Local time.
    pub time: String,
    /// Whether the broker is out of reach.
    pub away: bool,
    /// Whether an answer is awaited.
    pub busy: bool,
    /// What the counter does.
    pub status: Status,
    /// Why it is paused.
    pub pause_reason: String,
    /// The ticket here.
    pub current: Option<TicketCard>,
    /// People this counter may call.
    pub waiting: usize,
    /// Number of the customer a free dedicated counter takes over with its next call (分流); empty when there is none.
    pub diverts: String,
    /// Who has come and is to be received, in the broker's words.
    pub arrival: Option<String>,
    /// How many have come beside.
    pub arrivals_more: usize,
    /// Whether the teller is to go about in the hall.
    pub walks: bool,
    /// At most [`IN_SIGHT`].
    pub next: Vec<TicketLine>,
    /// How many wait by tier.
    pub tiers: Vec<TierLine>,
    /// At most [`HELD`].
    pub held: Vec<TicketLine>,
    /// Held tickets not shown.
    pub held_more: usize,
    /// Which acts are possible.
    pub can: Possible,
    /// Whole seconds until a no-show may be marked; 0 when it may.
    pub no_show_in_s: u64,
    /// Whole seconds left to undo the call.
    pub undo_s: Option<u64>,
    /// A message that has not passed yet.
    pub message: Option<Message>,
    /// The open picker.
    pub picker: Option<PickerView>,
}

/// What a counter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody is signed in.
    SignedOut,
    /// No ticket.
    Idle,
    /// A customer is on the way.
    Called,
    /// A customer is served.
    Serving,
    /// Not calling.
    Paused,
}

/// Acts that would not be refused now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Possible {
    /// F8
    pub next: bool,
    /// F4, F7, F6
    pub ticket: bool,
    /// F5, F9
    pub called: bool,
    /// F10
    pub no_show: bool,
    /// F12
    pub pause: bool,
    /// Calling a held ticket.
    pub call: bool,
    /// F3
    pub receive: bool,
}

/// How a wait stands to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Below [`SOON`] of the limit.
    Within,
    /// 即将超时
    Soon,
    /// 已超时
    Late,
}

/// How a tier is told apart beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No shape: the lowest tier.
    Ordinary,
    /// ●
    GoTone,
    /// ★
    Gold,
    /// ◆
    Diamond,
}

/// The ticket at the counter.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketCard {
    /// What everybody else sees of it.
    pub line: TicketLine,
    /// Waited of the limit; above 1 when late.
    pub share: f64,
    /// The limit in whole minutes.
    pub limit_min: u32,
    /// Recalls at this counter.
    pub recalls: u8,
    /// Why it was called; empty when that is not known.
    pub because: String,
    /// The kiosk it was taken at; empty without one.
    pub kiosk: String,
    /// The counter that sent it on.
    pub came_from: Option<u16>,
    /// `zh`, `en`; empty when not told.
    pub language: String,
    /// Masked.
    pub identity: String,
    /// A colleague's note.
    pub note: String,
    /// What the business asks for.
    pub documents: String,
}

/// A ticket in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketLine {
    /// `A042`
    pub number: String,
    /// The business.
    pub business: String,
    /// The tier's name.
    pub tier: String,
    /// The tier's shape.
    pub shape: Shape,
    /// 优先
    pub care: bool,
    /// `12:34`
    pub waited: String,
    /// How the wait stands.
    pub limit: Limit,
}

/// How many of a tier wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierLine {
    /// The tier's name.
    pub name: String,
    /// The tier's shape.
    pub shape: Shape,
    /// How many wait.
    pub waiting: usize,
}

/// An open picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickerView {
    /// What it asks.
    pub asking: Asking,
    /// The choices of this page.
    pub choices: Vec<ChoiceView>,
    /// From 1.
    pub page: usize,
    /// Pages there are.
    pub pages: usize,
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceView {
    /// Reasons and businesses, in the page's language.
    Named(String),
    /// A counter.
    Counter(u16),
}

impl Desk {
    /// What is to be seen at a moment.
    pub fn view(&self, at: Duration) -> View {
        let counter = self.counter();
        let status = counter.map_or(Status::SignedOut, status);
        let local = self.hall.as_ref().map(|_| self.pace.time(at).to_zoned(self.zone.clone()));
        let format = |pattern| local.as_ref().map_or_else(String::new, |local| local.strftime(pattern).to_string());
        let held = self.held();
        let message = self.message.as_ref().filter(|(_, since)| at.saturating_sub(*since) < MESSAGE);
        View {
            hall: self.hall.as_ref().map_or_else(String::new, |hall| self.name(&hall.name)),
            counter: self.counter,
            counter_name: counter.map_or_else(String::new, |counter| self.name(&counter.names)),
            teller: counter.and_then(|counter| counter.teller.clone()).unwrap_or_default(),
            date: format("%Y-%m-%d"),
            time: format("%H:%M"),
            away: self.away,
            busy: self.pending.is_some(),
            status,
            pause_reason: counter.and_then(|counter| counter.reason.clone()).unwrap_or_default(),
            current: self.ticket().map(|ticket| self.card(ticket, at)),
            waiting: counter.map_or(0, |counter| counter.waiting),
            diverts: self.diverted().map(|ticket| ticket.number.clone()).unwrap_or_default(),
            arrival: self.arrival().map(|alarm| self.name(&alarm.text)),
            arrivals_more: self.arrivals.len().saturating_sub(1),
            walks: self.walks(status),
            next: self.in_sight().take(IN_SIGHT).map(|ticket| self.line(ticket, at)).collect(),
            tiers: self.tiers(),
            held: held.iter().take(HELD).map(|ticket| self.line(ticket, at)).collect(),
            held_more: held.len().saturating_sub(HELD),
            can: self.possible(status, at),
            no_show_in_s: self.no_show_in(at).as_secs_f64().ceil() as u64,
            undo_s: self.undo_left(at).map(|left| left.as_secs_f64().ceil() as u64),
            message: message.map(|(message, _)| message.clone()),
            picker: self.picker_view(),
        }
    }

    /// Whom a free dedicated counter takes over with its next call; there is one only while nobody waits whom it is for.
    fn diverted(&self) -> Option<&TicketView> {
        let number = self.counter()?.diverts.as_ref()?;
        self.hall.as_ref()?.waiting.iter().find(|ticket| ticket.number == *number)
    }

    /// Waiting tickets this counter may call, in the order of tiers and arrival. The routing profile may pick another one.
    fn in_sight(&self) -> impl Iterator<Item = &TicketView> {
        let reach = self.counter().zip(self.hall.as_ref());
        reach
            .into_iter()
            .flat_map(|(counter, hall)| hall.waiting.iter().filter(|ticket| may_call(hall, counter, ticket)))
            .chain(self.diverted())
    }

    fn card(&self, ticket: &TicketView, at: Duration) -> TicketCard {
        let (waited_s, limit_s) = self.wait(ticket, at);
        let told = |pair: &Option<(wire::TicketId, String)>| {
            pair.as_ref().filter(|(id, _)| *id == ticket.id).map(|(_, text)| text.clone())
        };
        TicketCard {
            line: self.line(ticket, at),
            share: waited_s / f64::from(limit_s.max(1)),
            limit_min: limit_s.div_ceil(60),
            recalls: ticket.recalls,
            because: told(&self.because).unwrap_or_default(),
            kiosk: ticket.kiosk.clone().unwrap_or_default(),
            came_from: self.came_from.filter(|(id, _)| *id == ticket.id).map(|(_, counter)| counter),
            language: ticket.language.clone().unwrap_or_default(),
            identity: ticket.identity.clone().unwrap_or_default(),
            note: ticket.note.clone().unwrap_or_default(),
            documents: self.documents.get(&ticket.service).cloned().unwrap_or_default(),
        }
    }

    fn line(&self, ticket: &TicketView, at: Duration) -> TicketLine {
        let hall = self.hall.as_ref();
        let service = hall.and_then(|hall| hall.services.iter().find(|service| service.id == ticket.service));
        let tiers = hall.map_or(&[][..], |hall| &hall.tiers);
        let tier = tiers.iter().find(|tier| tier.id == ticket.tier);
        let (waited_s, limit_s) = self.wait(ticket, at);
        let share = waited_s / f64::from(limit_s.max(1));
        let whole = waited_s.max(0.0) as u64;
        TicketLine {
            number: ticket.number.clone(),
            business: service.map_or_else(|| ticket.service.clone(), |service| self.name(&service.names)),
            tier: tier.map_or_else(|| ticket.tier.clone(), |tier| self.name(&tier.names)),
            shape: tier.map_or(Shape::Ordinary, |tier| shape(tiers, tier)),
            care: ticket.care.is_some(),
            waited: format!("{}:{:02}", whole / 60, whole % 60),
            limit: if share >= 1.0 {
                Limit::Late
            } else if share >= SOON {
                Limit::Soon
            } else {
                Limit::Within
            },
        }
    }

    /// Waited until now, or until service started, and the limit, in seconds; counted from the deadline, so that the figure, the
    /// bar and the warning never disagree.
    fn wait(&self, ticket: &TicketView, at: Duration) -> (f64, u32) {
        let tiers = self.hall.as_ref().map_or(&[][..], |hall| &hall.tiers);
        let limit_s = tiers.iter().find(|tier| tier.id == ticket.tier).map_or(0, |tier| tier.limit_s);
        let until = ticket.started_at.unwrap_or_else(|| self.pace.time(at));
        let left_s = ticket.deadline_at.duration_since(until).as_secs_f64();
        ((f64::from(limit_s) - left_s).max(0.0), limit_s)
    }

    fn tiers(&self) -> Vec<TierLine> {
        let tiers = self.hall.as_ref().map_or(&[][..], |hall| &hall.tiers);
        let line = |tier: &TierView| TierLine {
            name: self.name(&tier.names),
            shape: shape(tiers, tier),
            waiting: tier.waiting,
        };
        tiers.iter().map(line).collect()
    }

    fn possible(&self, status: Status, at: Duration) -> Possible {
        let reachable = !self.away && self.pending.is_none();
        let (free, called) = (status == Status::Idle, status == Status::Called);
        let ticket = called || status == Status::Serving;
        Possible {
            next: reachable && (free || ticket),
            ticket: reachable && ticket,
            called: reachable && called,
            no_show: reachable && called && self.no_show_in(at).is_zero(),
            pause: reachable && (free || status == Status::Paused),
            call: reachable && free,
            receive: reachable && self.arrival().is_some(),
        }
    }

    fn picker_view(&self) -> Option<PickerView> {
        let (asking, page) = self.picker?;
        let choices = self.choices();
        let word = |choice: &Choice| match choice {
            Choice::Hold(n) => ChoiceView::Named(HOLDS[*n].0.text(self.language).to_owned()),
            Choice::Pause(n) => ChoiceView::Named(PAUSES[*n].text(self.language).to_owned()),
            Choice::Counter(number) => ChoiceView::Counter(*number),
            Choice::Service(id) => {
                let services = self.hall.as_ref().map_or(&[][..], |hall| &hall.services);
                let known = services.iter().find(|service| service.id == *id);
                ChoiceView::Named(known.map_or_else(|| id.clone(), |service| self.name(&service.names)))
            }
        };
        Some(PickerView {
            asking,
            choices: choices.iter().skip(page * CHOICES).take(CHOICES).map(word).collect(),
            page: page + 1,
            pages: choices.len().div_ceil(CHOICES).max(1),
        })
    }
}

fn status(counter: &CounterView) -> Status {
    match (counter.state, &counter.ticket) {
        (CounterStatus::Closed, _) => Status::SignedOut,
        (CounterStatus::Paused, _) => Status::Paused,
        (CounterStatus::Open, Some(ticket)) if ticket.state == TicketState::Serving => Status::Serving,
        (CounterStatus::Open, Some(_)) => Status::Called,
        (CounterStatus::Open, None) => Status::Idle,
    }
}

fn may_call(hall: &HallSnapshot, counter: &CounterView, ticket: &TicketView) -> bool {
    if let Some(only) = ticket.only_counter {
        return only == counter.number;
    }
    let rank = |id: &str| hall.tiers.iter().position(|tier| tier.id == id);
    // A dedicated counter takes its tier and those that precede it; `general` is no tier's id and takes all.
    let welcome = rank(&counter.kind).is_none_or(|own| rank(&ticket.tier).is_some_and(|rank| rank <= own));
    welcome && counter.services.contains(&ticket.service)
}

fn shape(tiers: &[TierView], tier: &TierView) -> Shape {
    let lowest = tiers.last().is_some_and(|lowest| lowest.id == tier.id);
    match tier.id.as_str() {
        _ if lowest => Shape::Ordinary,
        id if id.contains("diamond") => Shape::Diamond,
        id if id.contains("gotone") => Shape::GoTone,
        _ => Shape::Gold,
    }
}
