//! The hall as a child would play it: cards in a row, looked through from the start every time. Written from the norms, not from
//! the rules' code.

use std::collections::BTreeMap;

use hall::command::{BookAppointment, CounterAct, TakeTicket};
use hall::rules::CounterKind;
use hall::{Command, Date, Destination, Rules, TicketState};

/// The whole play.
pub struct Model {
    rules: Rules,
    pub day: Option<Date>,
    latest: Option<Date>,
    ticketing: bool,
    issued_ever: u64,
    pub cards: Vec<Card>,
    pub windows: BTreeMap<u16, Window>,
    /// Appointments by their codes.
    pub book: BTreeMap<String, Entry>,
}

/// An appointment.
#[derive(Debug)]
pub struct Entry {
    service: String,
    at_ms: i64,
    day: Date,
    tier: Option<usize>,
    pub off: bool,
    pub card: Option<u64>,
}

/// A ticket.
#[derive(Debug)]
pub struct Card {
    pub id: u64,
    pub number: String,
    tier: usize,
    pub service: String,
    pub state: TicketState,
    /// The latest moment anybody had come by when this one came.
    came_ms: i64,
    /// The booked time they have kept.
    booked_ms: Option<i64>,
    head_start_ms: i64,
    pub only: Option<u16>,
    /// The window that last had it.
    pub last: Option<u16>,
    called_ms: i64,
    pub started_ms: Option<i64>,
    /// What `started_ms` was before the present call.
    started_before: Option<i64>,
    rated: bool,
    kiosk: bool,
}

/// A counter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    pub teller: Option<String>,
    pub paused: bool,
    pub card: Option<u64>,
}

impl Card {
    fn start(&mut self, at_ms: i64) {
        self.state = TicketState::Serving;
        self.started_ms.get_or_insert(at_ms);
    }
}

impl Model {
    pub fn new(rules: Rules) -> Self {
        let windows = rules.counters.iter().map(|counter| (counter.number.0, Window::default())).collect();
        let (cards, book) = (vec![], BTreeMap::new());
        Self { rules, day: None, latest: None, ticketing: true, issued_ever: 0, cards, windows, book }
    }

    /// Whom a counter has to call.
    pub fn pick(&self, window: u16) -> Option<u64> {
        self.queue().into_iter().find(|id| self.may_call(window, self.card(*id)))
    }

    /// Everybody who waits, the first first.
    pub fn queue(&self) -> Vec<u64> {
        let mut waiting: Vec<_> = self.cards.iter().filter(|card| card.state == TicketState::Waiting).collect();
        waiting.sort_by_key(|card| (card.tier, card.booked_ms.unwrap_or(card.came_ms) - card.head_start_ms, card.id));
        waiting.iter().map(|card| card.id).collect()
    }

    /// Plays a command; false when it is against the rules, and then nothing has changed.
    pub fn play(&mut self, now_ms: i64, command: &Command) -> bool {
        match command {
            Command::OpenDay { date } => {
                let new = self.latest.is_none_or(|latest| *date > latest);
                if new {
                    self.close();
                    self.turn_over_the_book(*date);
                    self.cards.clear();
                    (self.day, self.latest, self.ticketing) = (Some(*date), Some(*date), true);
                }
                new
            }
            Command::Learn(_) => self.day.is_some(),
            Command::CloseDay => self.day.take().is_some() && self.close(),
            Command::SetTicketing { open } => {
                self.ticketing = if self.day.is_some() { *open } else { self.ticketing };
                self.day.is_some()
            }
            Command::TakeTicket(wish) => self.take(now_ms, wish),
            Command::BookAppointment(wish) => self.book(now_ms, wish),
            Command::CancelAppointment { code } => {
                let free = self.is_free(code.as_str());
                self.book.get_mut(code.as_str()).filter(|_| free).map(|entry| entry.off = true).is_some()
            }
            Command::SignIn { counter, teller } => self.sign_in(counter.0, teller.as_str()),
            Command::AtCounter { counter, act } => self.day.is_some() && self.act(now_ms, counter.0, act),
            Command::Rate { ticket, score, .. } => {
                let fine = |card: &Card| card.state == TicketState::Completed && !card.rated;
                (1..=5).contains(score) && self.when(ticket.0, fine, |card| card.rated = true)
            }
            Command::Cancel { ticket, .. } => {
                let open = |card: &Card| !over(card.state) && card.state != TicketState::Serving;
                let gone = self.when(ticket.0, open, |card| card.state = TicketState::Cancelled);
                self.windows.values_mut().filter(|w| gone && w.card == Some(ticket.0)).for_each(|w| w.card = None);
                gone
            }
            Command::Prioritise { ticket, .. } => {
                let head_start_ms = self.head_start_ms();
                self.when(ticket.0, |card| !over(card.state), |card| card.head_start_ms = head_start_ms)
            }
            Command::Rejoin { ticket, same_counter } => {
                let windows = self.windows.clone();
                let staffed = |at: &u16| windows.get(at).is_some_and(|window| window.teller.is_some());
                self.when(
                    ticket.0,
                    |card| card.state == TicketState::Held,
                    |card| {
                        card.state = TicketState::Waiting;
                        card.only = card.last.filter(|_| *same_counter).filter(staffed);
                    },
                )
            }
            Command::Reprint { ticket } => self.when(ticket.0, |card| card.kiosk && !over(card.state), |_| {}),
        }
    }

    fn take(&mut self, now_ms: i64, wish: &TakeTicket) -> bool {
        let tiers = &self.rules.tiers;
        let tier = match &wish.tier {
            Some(id) => tiers.iter().position(|tier| tier.id == *id),
            None => Some(tiers.len() - 1),
        };
        let service = self.rules.services.iter().find(|service| service.id == wish.service);
        let (Some(mut tier), Some(service)) = (tier, service) else { return false };
        let mut booked_ms = None;
        if let Some(code) = &wish.appointment {
            let Some(entry) = self.book.get(code.as_str()).filter(|_| self.is_free(code.as_str())) else {
                return false;
            };
            let (early_ms, late_ms) = (30 * 60_000, 15 * 60_000);
            if now_ms < entry.at_ms - early_ms || entry.service != service.id.as_str() {
                return false;
            }
            booked_ms = Some(entry.at_ms).filter(|at_ms| now_ms <= at_ms + late_ms);
            tier = entry.tier.map_or(tier, |booked| booked.min(tier));
        }
        if self.day.is_none() || !self.ticketing || !self.anybody(tier, service.id.as_str()) {
            return false;
        }
        let prefix = service.prefix.clone().unwrap_or_else(|| tiers[tier].prefix.clone()).to_string();
        let letters = |card: &&Card| card.number.trim_end_matches(|c: char| c.is_ascii_digit()) == prefix;
        let number = format!("{prefix}{:03}", self.cards.iter().filter(letters).count() + 1);
        let came_ms = self.cards.iter().map(|card| card.came_ms).max().map_or(now_ms, |latest| latest.max(now_ms));
        self.issued_ever += 1;
        if let Some(entry) = wish.appointment.as_ref().and_then(|code| self.book.get_mut(code.as_str())) {
            entry.card = Some(self.issued_ever);
        }
        self.cards.push(Card {
            id: self.issued_ever,
            number,
            tier,
            service: wish.service.to_string(),
            state: TicketState::Waiting,
            came_ms,
            booked_ms,
            head_start_ms: if wish.care.is_some() { self.head_start_ms() } else { 0 },
            only: None,
            last: None,
            called_ms: 0,
            started_ms: None,
            started_before: None,
            rated: false,
            kiosk: wish.kiosk.is_some(),
        });
        true
    }

    fn book(&mut self, now_ms: i64, wish: &BookAppointment) -> bool {
        let tiers = &self.rules.tiers;
        let tier = wish.tier.as_ref().map(|id| tiers.iter().position(|tier| tier.id == *id));
        let Some(code) = wish.codes.iter().find(|code| !self.book.contains_key(code.as_str())) else { return false };
        let somebody = tier.is_none_or(|tier| tier.is_some_and(|tier| self.anybody(tier, wish.service.as_str())));
        if !somebody || !self.anybody(tiers.len() - 1, wish.service.as_str()) || wish.at.utc_ms < now_ms {
            return false;
        }
        let entry = Entry {
            service: wish.service.to_string(),
            at_ms: wish.at.utc_ms,
            day: wish.at.business_date(self.rules.cut_over_minute),
            tier: tier.flatten(),
            off: false,
            card: None,
        };
        self.book.insert(code.to_string(), entry);
        true
    }

    /// Whether an appointment is neither called off nor used; a number that was given up used nothing.
    pub fn is_free(&self, code: &str) -> bool {
        let kept = |id: u64| self.cards.iter().any(|card| card.id == id && card.state != TicketState::Cancelled);
        self.book.get(code).is_some_and(|entry| !entry.off && !entry.card.is_some_and(kept))
    }

    /// What is over is crossed out, what is done as well.
    fn turn_over_the_book(&mut self, date: Date) {
        let free: Vec<String> = self.book.keys().filter(|code| self.is_free(code)).cloned().collect();
        self.book.retain(|code, entry| free.contains(code) && entry.day >= date);
        self.book.values_mut().for_each(|entry| entry.card = None);
    }

    fn sign_in(&mut self, number: u16, teller: &str) -> bool {
        let known = self.rules.tellers.iter().any(|known| known.id.as_str() == teller);
        let elsewhere = self.windows.iter().any(|(at, w)| *at != number && w.teller.as_deref() == Some(teller));
        let Some(window) = self.windows.get_mut(&number) else { return false };
        let taken = window.teller.as_deref().is_some_and(|there| there != teller);
        if self.day.is_none() || !known || elsewhere || taken {
            return false;
        }
        window.teller = Some(teller.to_owned());
        true
    }

    fn act(&mut self, now_ms: i64, number: u16, act: &CounterAct) -> bool {
        let Some(window) = self.windows.get(&number).filter(|window| window.teller.is_some()) else { return false };
        let (ready, free, here) = (!window.paused, window.card.is_none(), window.card);
        let called = here.filter(|id| self.card(*id).state == TicketState::Called);
        let window = self.windows.entry(number).or_default();
        match act {
            CounterAct::SignOut if free => {
                *window = Window::default();
                let waiting = self.cards.iter_mut().filter(|card| card.state == TicketState::Waiting);
                waiting.filter(|card| card.only == Some(number)).for_each(|card| card.only = None);
            }
            CounterAct::Pause { .. } if free && ready => window.paused = true,
            CounterAct::Resume if !ready => window.paused = false,
            CounterAct::CallNext if ready => {
                let completed = here.is_some_and(|id| self.complete(now_ms, number, id));
                return self.pick(number).is_some_and(|id| self.call(now_ms, number, id)) || completed;
            }
            CounterAct::Call { ticket } if ready && free => {
                let callable = |card: &Card| {
                    [TicketState::Waiting, TicketState::Held, TicketState::NoShow].contains(&card.state)
                        && (self.does(number, &card.service) || card.only == Some(number))
                };
                let callable = self.cards.iter().any(|card| card.id == ticket.0 && callable(card));
                return callable && self.call(now_ms, number, ticket.0);
            }
            CounterAct::Recall => return called.is_some_and(|id| self.set(id, |card| card.called_ms = now_ms)),
            CounterAct::NoShow => return called.is_some_and(|id| self.leave(number, id, TicketState::NoShow)),
            CounterAct::Start => return called.is_some_and(|id| self.set(id, |card| card.start(now_ms))),
            CounterAct::Complete { .. } => return here.is_some_and(|id| self.complete(now_ms, number, id)),
            CounterAct::Hold { .. } => return here.is_some_and(|id| self.leave(number, id, TicketState::Held)),
            CounterAct::Transfer { to, keep_place, .. } => {
                let came_ms = self.cards.iter().map(|card| card.came_ms).max().map_or(now_ms, |came| came.max(now_ms));
                return here.is_some_and(|id| {
                    self.transfer(number, id, to)
                        && self.set(id, |card| {
                            if !*keep_place {
                                (card.came_ms, card.booked_ms) = (came_ms, None);
                            }
                        })
                });
            }
            CounterAct::Return => {
                return here.is_some_and(|id| {
                    self.set(id, |card| card.started_ms = card.started_before)
                        && self.leave(number, id, TicketState::Waiting)
                });
            }
            CounterAct::SignOut
            | CounterAct::Pause { .. }
            | CounterAct::Resume
            | CounterAct::CallNext
            | CounterAct::Call { .. } => return false,
        }
        true
    }

    fn transfer(&mut self, number: u16, id: u64, to: &Destination) -> bool {
        let (tier, service) = (self.card(id).tier, self.card(id).service.clone());
        let (service, only) = match to {
            Destination::Service(service) => (service.to_string(), None),
            Destination::Counter(only) => (service, Some(only.0)),
        };
        let possible = match only {
            Some(only) => {
                let staffed = self.windows.get(&only).is_some_and(|window| window.teller.is_some());
                staffed && self.does(only, &service)
            }
            None => self.anybody(tier, &service),
        };
        possible
            && self.set(id, |card| (card.service, card.only) = (service, only))
            && self.leave(number, id, TicketState::Waiting)
    }

    fn call(&mut self, now_ms: i64, number: u16, id: u64) -> bool {
        self.windows.entry(number).or_default().card = Some(id);
        self.set(id, |card| {
            (card.state, card.called_ms, card.started_before) = (TicketState::Called, now_ms, card.started_ms);
            card.last = Some(number);
        })
    }

    fn complete(&mut self, now_ms: i64, number: u16, id: u64) -> bool {
        let walk_ms = i64::from(self.rules.routing.walk_s) * 1000;
        self.set(id, |card| card.start(now_ms.min(card.called_ms + walk_ms)));
        self.leave(number, id, TicketState::Completed)
    }

    fn leave(&mut self, number: u16, id: u64, state: TicketState) -> bool {
        self.windows.entry(number).or_default().card = None;
        self.set(id, |card| card.state = state)
    }

    fn close(&mut self) -> bool {
        self.cards.iter_mut().filter(|card| !over(card.state)).for_each(|card| card.state = TicketState::Cancelled);
        self.windows.values_mut().for_each(|window| *window = Window::default());
        true
    }

    fn set(&mut self, id: u64, change: impl FnOnce(&mut Card)) -> bool {
        self.when(id, |_| true, change)
    }

    fn when(&mut self, id: u64, fine: impl Fn(&Card) -> bool, change: impl FnOnce(&mut Card)) -> bool {
        self.cards.iter_mut().find(|card| card.id == id && fine(card)).map(change).is_some()
    }

    pub fn card(&self, id: u64) -> &Card {
        self.cards.iter().find(|card| card.id == id).expect("a card of this day")
    }

    fn may_call(&self, window: u16, card: &Card) -> bool {
        match card.only {
            Some(only) => only == window,
            None => self.admits(window, card.tier) && self.does(window, &card.service),
        }
    }

    fn anybody(&self, tier: usize, service: &str) -> bool {
        self.windows.keys().any(|window| self.admits(*window, tier) && self.does(*window, service))
    }

    fn admits(&self, window: u16, tier: usize) -> bool {
        self.rules.counters.iter().any(|counter| {
            counter.number.0 == window
                && match &counter.kind {
                    CounterKind::General => true,
                    CounterKind::Dedicated(own) => self.rules.tiers.iter().skip(tier).any(|tier| tier.id == *own),
                }
        })
    }

    fn does(&self, window: u16, service: &str) -> bool {
        let mut services = self.rules.counters.iter().filter(|c| c.number.0 == window).flat_map(|c| &c.services);
        services.any(|known| known.as_str() == service)
    }

    fn head_start_ms(&self) -> i64 {
        i64::from(self.rules.routing.care_head_start_s) * 1000
    }
}

/// Nothing more is expected of it.
fn over(state: TicketState) -> bool {
    [TicketState::Completed, TicketState::NoShow, TicketState::Cancelled].contains(&state)
}
