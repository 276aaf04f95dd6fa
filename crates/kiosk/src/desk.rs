//! What the kiosk does: touches, answers and time in; a view and commands out. No clock, no window, no network.

mod aid;
mod exchange;
mod flow;
mod guest;
mod idle;
mod list;
mod number;
mod page;
mod staff;
mod staff_page;
mod state;
mod who;
mod who_page;

pub use aid::{SHOWN_SPOKEN, STILL_THERE_LIMIT_SPOKEN, TOUCH_LIMIT_SPOKEN};
pub use exchange::{Command, Identified, Lookup, News, StaffReply, Touch};
pub use idle::{NEWS_SHOWN, POSTER_SHOWN, POSTERS_AFTER, SHIFTED_EVERY};
pub use number::{ANSWER_LIMIT, PRINT_LIMIT, REFUSAL_SHOWN, RETRY_AFTER, TICKET_SHOWN, TICKET_SHOWN_WITHOUT_PAPER};
pub use staff::{CORNER_LIMIT, CORNER_TOUCHES, CORNER_WITHIN};
pub use state::IDENTIFY_LIMIT;

use crate::hall_time::HallTime;
use crate::language::Language;
use crate::reach;
use crate::typed::Typed;
use crate::view::View;
use aid::Aid;

use state::{Over, State, Visit};
use std::collections::BTreeSet;
use std::time::Duration;
use wire::{KioskSettings, LocalNames, ServiceOffer, TakeTicket};

/// Monotonic time since the kiosk started.
pub type Moment = Duration;

/// After so long without a touch the page asks whether anybody is there (WCAG 2.2.1).
pub const TOUCH_LIMIT: Duration = Duration::from_secs(60);
/// So long the question stands before everything is wiped.
pub const STILL_THERE_LIMIT: Duration = Duration::from_secs(30);

/// The state of one kiosk.
#[derive(Debug)]
pub struct Desk {
    kiosk: Option<String>,
    settings: Option<KioskSettings>,
    hall_time: Option<HallTime>,
    services: Vec<ServiceOffer>,
    /// `None` until the first answer: then the kiosk is still starting.
    reached: Option<bool>,
    /// The devices of this kiosk that ask for paper.
    paper_out: BTreeSet<String>,
    state: State,
    /// What lies over the page.
    over: Option<Over>,
    language: Language,
    large_text: bool,
    high_contrast: bool,
    aid: Aid,
    list_page: usize,
    group: Option<usize>,
    touched_at: Moment,
    started_at: Moment,
    attempt: u64,
    /// Counts the visitors, so that an answer to one who left is known.
    visits: u64,
    visit: Visit,
    guest: Option<Identified>,
    posters: bool,
    poster_since: Option<Moment>,
    /// Latest touches of the hidden corner.
    corner: Vec<Moment>,
    /// The PIN that the broker has accepted since this kiosk started.
    known_pin: Option<Typed>,
    /// Of 100; `None` where nothing speaks.
    volume: Option<u8>,
    /// The broker doubts its clock.
    clock_doubted: bool,
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
            paper_out: BTreeSet::new(),
            state: State::Welcome,
            over: None,
            language: Language::CHINESE,
            large_text: false,
            high_contrast: false,
            aid: Aid::default(),
            list_page: 0,
            group: None,
            touched_at: now,
            started_at: now,
            attempt: 0,
            visits: 0,
            visit: Visit::default(),
            guest: None,
            posters: false,
            poster_since: None,
            corner: Vec::new(),
            known_pin: None,
            volume: None,
            clock_doubted: false,
        }
    }

    /// A request was found written down: the kiosk was restarted before its answer was shown. It asks again.
    pub fn resume(&mut self, now: Moment, request: &TakeTicket) -> Vec<Command> {
        self.attempt += 1;
        self.touched_at = now;
        if let Some(language) = request.language.as_deref().and_then(Language::of) {
            self.language = language;
        }
        self.visit.service = Some(request.service.clone());
        self.visit.paperless = request.paperless;
        self.state = State::Taking { since: now, try_again_at: None, unable: None };
        vec![Command::TakeAgain { attempt: self.attempt }]
    }

    /// A customer, or staff, touched something.
    pub fn touch(&mut self, now: Moment, touch: Touch) -> Vec<Command> {
        if !self.is_answering(now, &touch) {
            self.touched_at = now;
        }
        // A poster covers the page: while it is up the only touch is the one that takes it away.
        self.poster_since = None;
        self.prolong_ticket(now);
        match touch {
            Touch::Choose(service) => return self.choose(now, service),
            Touch::Group(group) => self.open_group(group),
            Touch::More => self.turn_page(),
            Touch::Who => self.ask_who(),
            Touch::Way(way) => self.choose_way(way),
            Touch::CareWay => self.choose_care_way(),
            Touch::Care(care) => return self.choose_care(now, care),
            Touch::Digit(digit) => return self.digit(now, digit),
            Touch::Erase => self.erase(),
            Touch::Reveal(shown) => self.reveal(shown),
            Touch::Enter => return self.enter_typed(now),
            Touch::Customer(kind) => self.choose_customer(kind),
            Touch::Papers => self.open_papers(),
            Touch::Paperless(paperless) => self.choose_paperless(paperless),
            Touch::Confirm => return self.go_on(now),
            Touch::Back => return self.back(now),
            Touch::Language => return self.change_language(),
            Touch::Speak(tag) => return self.speak(&tag),
            Touch::TextSize => self.large_text = !self.large_text,
            Touch::Contrast => self.high_contrast = !self.high_contrast,
            Touch::Speech => self.change_speech(),
            Touch::Key => self.take_keys(),
            Touch::Finger => self.lay_keys_down(),
            Touch::Help => self.over = if self.over == Some(Over::Help) { None } else { Some(Over::Help) },
            Touch::Stay | Touch::Wake => {}
            Touch::Leave | Touch::Done => return self.leave(now),
            Touch::Corner => return self.touch_corner(now),
            Touch::Deed(deed) => return self.deed(deed),
            Touch::Louder => return self.change_volume(true),
            Touch::Quieter => return self.change_volume(false),
            Touch::Exit => return self.exit(),
        }
        Vec::new()
    }

    /// The hall's local time; `None` until the broker told it.
    pub fn local_time(&self, now: Moment) -> Option<jiff::civil::DateTime> {
        self.hall_time.as_ref().map(|time| time.at(now))
    }

    /// Something came from outside.
    pub fn hear(&mut self, now: Moment, news: News) -> Vec<Command> {
        match news {
            News::Settings(settings) => {
                self.hall_time = Some(HallTime::new(&settings, now));
                self.settings = Some(settings);
                self.keep_list_in_bounds();
            }
            News::Services(services) => {
                self.reached = Some(true);
                self.services = services;
                self.keep_list_in_bounds();
            }
            News::Unreached => self.reached = Some(false),
            News::Issued { attempt, issued } => return self.hear_issued(now, attempt, issued),
            News::Refused { attempt, problem } => return self.hear_refused(now, attempt, problem),
            News::Unanswered { attempt } => self.hear_unanswered(now, attempt, None),
            News::Unable { attempt, problem } => self.hear_unanswered(now, attempt, Some(&problem)),
            News::Printing { ticket, state } => self.print_changed(now, ticket, state),
            News::Paper { device, out } => {
                if out {
                    self.paper_out.insert(device);
                } else {
                    self.paper_out.remove(&device);
                }
                self.look_at_paper(now);
            }
            News::Identified(who) => return self.meet(now, who),
            News::Booked { visit, found } => self.looked_up(visit, found),
            News::Staff { visit, reply } => self.hear_of_staff(visit, reply),
            News::Posters(there) => self.posters = there,
            News::Volume(volume) => self.volume = Some(volume),
            News::ClockDoubted(doubted) => self.clock_doubted = doubted,
        }
        Vec::new()
    }

    /// Time has passed. To be called a few times a second.
    pub fn tick(&mut self, now: Moment) -> Vec<Command> {
        self.look_at_paper(now);
        let known = self.wait_to_be_known(now);
        if !known.is_empty() {
            return known;
        }
        match &mut self.state {
            State::Taking { try_again_at, .. } => {
                if try_again_at.is_some_and(|at| now >= at) {
                    *try_again_at = None;
                    return vec![Command::TakeAgain { attempt: self.attempt }];
                }
            }
            State::Ticket { close_at, .. } | State::Refused { close_at, .. } => {
                let left = now >= *close_at;
                return if left { self.leave(now) } else { Vec::new() };
            }
            State::Staff(_) => return self.tick_staff(now),
            State::Welcome
            | State::Who(_)
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait => {}
        }
        let (touch_limit, still_there_limit) = self.limits();
        let limit = if self.asks_still_there() { touch_limit + still_there_limit } else { touch_limit };
        if self.untouched(now) >= limit && !self.is_fresh() {
            return self.leave(now);
        }
        self.look_for_posters(now);
        Vec::new()
    }

    /// What the page shows at this moment.
    #[must_use]
    pub fn view(&self, now: Moment) -> View {
        View {
            page: self.page(now),
            hall: self.settings.as_ref().map(|settings| self.worded(&settings.hall)).unwrap_or_default(),
            language: self.language,
            other_languages: self.languages().into_iter().filter(|language| *language != self.language).collect(),
            large_text: self.large_text,
            high_contrast: self.high_contrast,
            aid: self.aid_of(),
            can_go_back: self.over.is_some()
                || match self.state {
                    State::Welcome => self.list_page > 0 || self.group.is_some(),
                    State::Who(_)
                    | State::Booked
                    | State::Documents { .. }
                    | State::Confirm
                    | State::LongWait
                    | State::Taking { .. }
                    | State::Ticket { .. }
                    | State::Refused { .. }
                    | State::Staff(_) => true,
                },
            can_ask_help: !matches!(self.state, State::Staff(_)),
            still_there_s: self.still_there_s(now),
            guest: self.welcome_of_guest(),
            reception: self.reception(),
            unknown: self.visit.unknown && self.is_before_number(),
            poster: self.poster(now),
            shift: self.shift(now),
            controls_from_px: self.controls_from_px(),
        }
    }

    /// The customer has left: nothing of theirs stays, neither on the page nor on the disk.
    fn leave(&mut self, now: Moment) -> Vec<Command> {
        let mut commands = Vec::new();
        if matches!(self.state, State::Taking { .. }) {
            commands.push(Command::Abandon);
            self.attempt += 1;
        }
        if self.language != Language::CHINESE {
            commands.push(Command::AskServices(Language::CHINESE));
        }
        self.state = State::Welcome;
        self.over = None;
        self.language = Language::CHINESE;
        self.large_text = false;
        self.high_contrast = false;
        self.aid = Aid::default();
        self.list_page = 0;
        self.group = None;
        self.guest = None;
        self.visit = Visit::default();
        self.visits += 1;
        self.poster_since = None;
        self.touched_at = now;
        commands
    }

    fn is_fresh(&self) -> bool {
        self.state == State::Welcome
            && self.over.is_none()
            && self.language == Language::CHINESE
            && !self.is_aided()
            && self.list_page == 0
            && self.group.is_none()
            && self.guest.is_none()
            && self.visit == Visit::default()
    }

    fn untouched(&self, now: Moment) -> Duration {
        now.saturating_sub(self.touched_at)
    }

    /// Whether somebody has begun what would be a pity to lose.
    fn asks_still_there(&self) -> bool {
        match self.state {
            State::Welcome => {
                self.over.is_some() || self.guest.is_some() || self.visit.care.is_some() || self.is_aided()
            }
            State::Who(_)
            | State::Booked
            | State::Documents { .. }
            | State::Confirm
            | State::LongWait
            | State::Taking { .. } => true,
            State::Ticket { .. } | State::Refused { .. } | State::Staff(_) => false,
        }
    }

    /// Whether the page is made easier for somebody.
    fn is_aided(&self) -> bool {
        self.large_text || self.high_contrast || self.aid != Aid::default()
    }

    fn still_there_s(&self, now: Moment) -> Option<u32> {
        let untouched = self.untouched(now);
        let (touch_limit, still_there_limit) = self.limits();
        (self.asks_still_there() && untouched >= touch_limit)
            .then(|| seconds_up(touch_limit + still_there_limit, untouched))
    }

    /// The bar's button: with two languages the other one, with more a page of them.
    fn change_language(&mut self) -> Vec<Command> {
        let others: Vec<Language> =
            self.languages().into_iter().filter(|language| *language != self.language).collect();
        match others[..] {
            [] => Vec::new(),
            [other] => self.speak(other.tag()),
            [..] => {
                self.over = if self.over == Some(Over::Languages) { None } else { Some(Over::Languages) };
                Vec::new()
            }
        }
    }

    fn speak(&mut self, tag: &str) -> Vec<Command> {
        if let Some(language) = self.languages().into_iter().find(|language| language.tag() == tag) {
            self.language = language;
        }
        if self.over == Some(Over::Languages) {
            self.over = None;
        }
        vec![Command::AskServices(self.language)]
    }

    /// The languages offered: those of the hall that the pages have.
    fn languages(&self) -> Vec<Language> {
        match &self.settings {
            None => vec![Language::CHINESE, Language::ENGLISH],
            Some(settings) => settings.languages.iter().filter_map(|tag| Language::of(tag)).collect(),
        }
    }

    /// Where controls begin: by how high the panel hangs.
    fn controls_from_px(&self) -> u32 {
        self.settings
            .as_ref()
            .map_or(reach::USUAL_CONTROLS_FROM_PX, |settings| reach::controls_from_px(settings.panel_bottom_mm))
    }

    fn offer(&self, service: &str) -> Option<&ServiceOffer> {
        self.services.iter().find(|offer| offer.id == service)
    }

    fn worded(&self, names: &LocalNames) -> String {
        // The hall's own names come in two languages; whoever reads neither is likelier to read the second.
        if self.language == Language::CHINESE || names.en.is_empty() { names.zh.clone() } else { names.en.clone() }
    }
}

fn seconds_up(until: Duration, now: Duration) -> u32 {
    let left = until.saturating_sub(now).as_millis().div_ceil(1000);
    u32::try_from(left).unwrap_or(u32::MAX)
}
