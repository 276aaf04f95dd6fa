//! What the kiosk does: touches, answers and time in; a view and commands out. No clock, no window, no network.

mod exchange;
mod guest;
mod page;

pub use exchange::{Command, Identified, News, Touch};
pub use guest::GREETED_FOR;

use crate::hall_time::HallTime;
use crate::view::{NoticeKind, Print, View};
use guest::Guest;
use look::Language;
use page::{notice_kind, print_of};
use std::time::Duration;
use wire::{Issued, KioskSettings, LocalNames, PrintState, ServiceOffer, TakeTicket};

/// Monotonic time since the kiosk started.
pub type Moment = Duration;

/// After so long without a touch the page asks whether anybody is there (WCAG 2.2.1).
pub const TOUCH_LIMIT: Duration = Duration::from_secs(60);
/// So long the question stands before everything is wiped.
pub const STILL_THERE_LIMIT: Duration = Duration::from_secs(30);
/// So long a ticket is shown once its paper is out.
pub const TICKET_SHOWN: Duration = Duration::from_secs(15);
/// So long a ticket is shown whose only copy is the page itself.
pub const TICKET_SHOWN_WITHOUT_PAPER: Duration = Duration::from_secs(60);
/// A printer that has said nothing for so long is not waited for any more.
pub const PRINT_LIMIT: Duration = Duration::from_secs(10);
/// So long a refusal is shown.
pub const REFUSAL_SHOWN: Duration = Duration::from_secs(30);
/// A broker that has not answered by then is said to be out of reach.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// Between two tries of the same request.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
/// Cards on a page.
pub const CARDS: usize = 8;

#[derive(Debug, Clone, PartialEq)]
enum State {
    Welcome,
    Confirm {
        service: String,
    },
    Taking {
        service: String,
        since: Moment,
        try_again_at: Option<Moment>,
    },
    Ticket {
        issued: Box<Issued>,
        print: Option<PrintState>,
        /// What the page last said of the paper.
        told: Print,
        issued_at: Moment,
        close_at: Moment,
    },
    Refused {
        kind: NoticeKind,
        reason: String,
        close_at: Moment,
    },
}

/// The state of one kiosk.
#[derive(Debug)]
pub struct Desk {
    kiosk: Option<String>,
    settings: Option<KioskSettings>,
    hall_time: Option<HallTime>,
    services: Vec<ServiceOffer>,
    /// `None` until the first answer: then the kiosk is still starting.
    reached: Option<bool>,
    paper_out: bool,
    state: State,
    language: Language,
    large_text: bool,
    high_contrast: bool,
    list_page: usize,
    touched_at: Moment,
    started_at: Moment,
    attempt: u64,
    guest: Option<Guest>,
}

impl Desk {
    /// A kiosk that has just started. `kiosk` is its name in the hall's configuration; without one nothing prints.
    #[must_use]
    pub fn new(now: Moment, kiosk: Option<String>) -> Self {
        Self {
            kiosk,
            settings: None,
            hall_time: None,
            services: Vec::new(),
            reached: None,
            paper_out: false,
            state: State::Welcome,
            language: Language::Chinese,
            large_text: false,
            high_contrast: false,
            list_page: 0,
            touched_at: now,
            started_at: now,
            attempt: 0,
            guest: None,
        }
    }

    /// A request was found written down: the kiosk was restarted before its answer was shown. It asks again.
    pub fn resume(&mut self, now: Moment, request: &TakeTicket) -> Vec<Command> {
        self.attempt += 1;
        self.touched_at = now;
        if request.language.as_deref() == Some(Language::English.tag()) {
            self.language = Language::English;
        }
        self.state = State::Taking { service: request.service.clone(), since: now, try_again_at: None };
        vec![Command::TakeAgain { attempt: self.attempt }]
    }

    /// A customer touched something.
    pub fn touch(&mut self, now: Moment, touch: Touch) -> Vec<Command> {
        self.touched_at = now;
        if let State::Ticket { close_at, .. } = &mut self.state {
            *close_at = (*close_at).max(now + TICKET_SHOWN);
        }
        match touch {
            Touch::Choose(service) => self.choose(service),
            Touch::More => {
                self.list_page = (self.list_page + 1) % self.list_pages();
                Vec::new()
            }
            Touch::Confirm => self.confirm(now),
            Touch::Back => self.back(),
            Touch::Language => {
                if self.offers_other_language() {
                    self.language = self.language.other();
                }
                vec![Command::AskServices(self.language)]
            }
            Touch::TextSize => {
                self.large_text = !self.large_text;
                Vec::new()
            }
            Touch::Contrast => {
                self.high_contrast = !self.high_contrast;
                Vec::new()
            }
            Touch::Stay => Vec::new(),
            Touch::Leave | Touch::Done => self.leave(),
        }
    }

    /// The hall's local time; `None` until the broker told it.
    pub fn local_time(&self, now: Moment) -> Option<jiff::civil::DateTime> {
        self.hall_time.as_ref().map(|time| time.at(now))
    }

    /// Something came from the broker.
    pub fn hear(&mut self, now: Moment, news: News) -> Vec<Command> {
        match news {
            News::Settings(settings) => {
                self.hall_time = Some(HallTime::new(&settings, now));
                self.settings = Some(settings);
                Vec::new()
            }
            News::Services(services) => {
                self.reached = Some(true);
                self.services = services;
                self.list_page = self.list_page.min(self.list_pages() - 1);
                Vec::new()
            }
            News::Unreached => {
                self.reached = Some(false);
                Vec::new()
            }
            News::Issued { attempt, issued } if self.awaits(attempt) => {
                self.reached = Some(true);
                self.show_ticket(now, issued);
                vec![Command::Forget, Command::AskServices(self.language)]
            }
            News::Refused { attempt, problem } if self.awaits(attempt) => {
                self.reached = Some(true);
                let kind = notice_kind(&problem);
                self.state = State::Refused { kind, reason: problem.title, close_at: now + REFUSAL_SHOWN };
                vec![Command::Forget, Command::AskServices(self.language)]
            }
            News::Unanswered { attempt } if self.awaits(attempt) => {
                self.reached = Some(false);
                if let State::Taking { try_again_at, .. } = &mut self.state {
                    *try_again_at = Some(now + RETRY_AFTER);
                }
                Vec::new()
            }
            // An answer to a customer who has left.
            News::Issued { .. } | News::Refused { .. } | News::Unanswered { .. } => Vec::new(),
            News::Printing { ticket, state } => {
                self.print_changed(now, ticket, state);
                Vec::new()
            }
            News::Paper { out } => {
                self.paper_out = out;
                self.look_at_paper(now);
                Vec::new()
            }
            News::Identified(who) => {
                self.meet(now, who);
                Vec::new()
            }
        }
    }

    /// Time has passed. To be called a few times a second.
    pub fn tick(&mut self, now: Moment) -> Vec<Command> {
        self.look_at_paper(now);
        self.forget_old_guest(now);
        match &mut self.state {
            State::Taking { try_again_at, .. } => {
                if try_again_at.is_some_and(|at| now >= at) {
                    *try_again_at = None;
                    return vec![Command::TakeAgain { attempt: self.attempt }];
                }
            }
            State::Ticket { close_at, .. } | State::Refused { close_at, .. } => {
                if now >= *close_at {
                    return self.leave();
                }
                return Vec::new();
            }
            State::Welcome | State::Confirm { .. } => {}
        }
        let untouched = now.saturating_sub(self.touched_at);
        let asks = matches!(self.state, State::Confirm { .. } | State::Taking { .. });
        let limit = if asks { TOUCH_LIMIT + STILL_THERE_LIMIT } else { TOUCH_LIMIT };
        if untouched >= limit && !self.is_fresh() { self.leave() } else { Vec::new() }
    }

    /// What the page shows at this moment.
    #[must_use]
    pub fn view(&self, now: Moment) -> View {
        View {
            page: self.page(now),
            hall: self.settings.as_ref().map(|settings| self.worded(&settings.hall)).unwrap_or_default(),
            language: self.language,
            other_language: self.offers_other_language(),
            large_text: self.large_text,
            high_contrast: self.high_contrast,
            can_go_back: match self.state {
                State::Welcome => self.list_page > 0,
                State::Confirm { .. } | State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } => true,
            },
            still_there_s: self.still_there_s(now),
            guest: self.welcome_of_guest(now),
        }
    }

    fn choose(&mut self, service: String) -> Vec<Command> {
        let open = self.services.iter().any(|offer| offer.id == service && offer.open);
        if open && self.state == State::Welcome {
            self.state = State::Confirm { service };
        }
        Vec::new()
    }

    fn confirm(&mut self, now: Moment) -> Vec<Command> {
        // A second touch of the button finds another page: one customer, one request.
        let State::Confirm { service } = &self.state else { return Vec::new() };
        let service = service.clone();
        self.attempt += 1;
        let request = TakeTicket {
            service: service.clone(),
            language: Some(self.language.tag().to_owned()),
            kiosk: self.kiosk.clone(),
            identified: self.guest_key(now),
            ..TakeTicket::default()
        };
        self.state = State::Taking { service, since: now, try_again_at: None };
        vec![Command::Take { attempt: self.attempt, request }]
    }

    fn back(&mut self) -> Vec<Command> {
        match self.state {
            State::Welcome => {
                self.list_page = self.list_page.saturating_sub(1);
                Vec::new()
            }
            State::Confirm { .. } => {
                self.state = State::Welcome;
                Vec::new()
            }
            State::Taking { .. } | State::Ticket { .. } | State::Refused { .. } => self.leave(),
        }
    }

    /// The customer has left: nothing of theirs stays, neither on the page nor on the disk.
    fn leave(&mut self) -> Vec<Command> {
        let mut commands = Vec::new();
        if matches!(self.state, State::Taking { .. }) {
            commands.push(Command::Abandon);
            self.attempt += 1;
        }
        if self.language != Language::Chinese {
            commands.push(Command::AskServices(Language::Chinese));
        }
        self.state = State::Welcome;
        self.language = Language::Chinese;
        self.large_text = false;
        self.high_contrast = false;
        self.list_page = 0;
        self.guest = None;
        commands
    }

    fn is_fresh(&self) -> bool {
        self.state == State::Welcome
            && self.language == Language::Chinese
            && !self.large_text
            && !self.high_contrast
            && self.list_page == 0
            && self.guest.is_none()
    }

    fn awaits(&self, attempt: u64) -> bool {
        attempt == self.attempt && matches!(self.state, State::Taking { .. })
    }

    fn show_ticket(&mut self, now: Moment, issued: Box<Issued>) {
        let print = issued.ticket.print;
        let told = Print::None;
        self.state = State::Ticket { issued, print, told, issued_at: now, close_at: now + TICKET_SHOWN };
        self.look_at_paper(now);
    }

    fn print_changed(&mut self, now: Moment, ticket: u64, state: PrintState) {
        if let State::Ticket { issued, print, .. } = &mut self.state
            && issued.ticket.id.0 == ticket
        {
            *print = Some(state);
            self.look_at_paper(now);
        }
    }

    /// When the word about the paper changes, the page stays long enough to act on it: longer where the page is the only copy.
    fn look_at_paper(&mut self, now: Moment) {
        let paper_out = self.paper_out;
        if let State::Ticket { print, told, issued_at, close_at, .. } = &mut self.state {
            let word = print_of(*print, paper_out, *issued_at, now);
            if word == *told {
                return;
            }
            *told = word;
            let shown = match word {
                Print::None | Print::Printing | Print::Printed => TICKET_SHOWN,
                Print::NoPaper | Print::Failed | Print::Uncertain => TICKET_SHOWN_WITHOUT_PAPER,
            };
            *close_at = (*close_at).max(now + shown);
        }
    }

    fn still_there_s(&self, now: Moment) -> Option<u32> {
        let untouched = now.saturating_sub(self.touched_at);
        let asks = matches!(self.state, State::Confirm { .. } | State::Taking { .. });
        (asks && untouched >= TOUCH_LIMIT).then(|| seconds_up(TOUCH_LIMIT + STILL_THERE_LIMIT, untouched))
    }

    fn offer(&self, service: &str) -> Option<&ServiceOffer> {
        self.services.iter().find(|offer| offer.id == service)
    }

    fn hours(&self) -> String {
        self.settings.as_ref().map(|settings| settings.hours_today.clone()).unwrap_or_default()
    }

    fn offers_other_language(&self) -> bool {
        self.settings.as_ref().is_none_or(|settings| settings.languages.len() > 1)
    }

    fn list_pages(&self) -> usize {
        if self.services.len() <= CARDS { 1 } else { self.services.len().div_ceil(CARDS - 1) }
    }

    fn worded(&self, names: &LocalNames) -> String {
        match self.language {
            Language::English if !names.en.is_empty() => names.en.clone(),
            Language::English | Language::Chinese => names.zh.clone(),
        }
    }
}

fn seconds_up(until: Duration, now: Duration) -> u32 {
    let left = until.saturating_sub(now).as_millis().div_ceil(1000);
    u32::try_from(left).unwrap_or(u32::MAX)
}
