//! Ten thousand touches anywhere, with news at random: no panic, no page without a way out, no number that is nobody's.

use crate::common::{issued, problem, rich_settings, seconds, services};
use crate::guests::{appointment, who};
use crate::pages::corner;
use crate::rig::Rig;
use i_slint_backend_testing::{AccessibleRole, ElementQuery};
use kiosk::desk::{Command, Lookup, News, STILL_THERE_LIMIT, StaffReply, TICKET_SHOWN_WITHOUT_PAPER, TOUCH_LIMIT};
use kiosk::view::Page;
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::{AppointmentStanding, IdentifyBy, IdentityKind, KioskPage, PrintState};

const TOUCHES: u32 = 10_000;
/// Kinds of [`news`].
const BOOKED: u64 = 11;
const STAFF: u64 = 12;
/// The hidden corner, and how often somebody who knows it touches it.
const CORNER: LogicalPosition = LogicalPosition { x: 1000.0, y: 60.0 };
const CORNER_TOUCHES: u32 = 5;
/// Pages that ten thousand touches find dozens of times.
const USUAL: [&str; 13] = [
    "welcome",
    "who",
    "keys",
    "show",
    "care",
    "documents",
    "confirm",
    "long wait",
    "taking",
    "ticket",
    "notice",
    "help",
    "staff",
];

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// What became of an attempt to take a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Written down and sent; the answer is to come.
    Asked,
    /// The answer was shown and the request forgotten.
    Settled,
    /// The customer left before: the broker is told that nobody wants it.
    Abandoned,
}

/// The broker's side of the monkey's touches: who waits for which answer.
#[derive(Default)]
struct Books {
    attempts: BTreeMap<u64, Fate>,
    current: Option<u64>,
    found: Vec<u64>,
    corners: Vec<u64>,
    exits: u32,
}

impl Books {
    fn note(&mut self, command: &Command) {
        match command {
            Command::Take { attempt, .. } => {
                assert_eq!(self.current, None, "a second request while one is under way");
                assert_eq!(self.attempts.insert(*attempt, Fate::Asked), None, "an attempt is made once");
                self.current = Some(*attempt);
            }
            Command::TakeAgain { attempt } => {
                assert_eq!(self.current, Some(*attempt), "only what is under way is sent again")
            }
            Command::Forget => self.settle(Fate::Settled),
            Command::Abandon => self.settle(Fate::Abandoned),
            Command::FindAppointment { visit, .. } => self.found.push(*visit),
            Command::OpenStaffCorner { visit, .. } | Command::StaffAct { visit, .. } => self.corners.push(*visit),
            Command::Exit => self.exits += 1,
            Command::AskServices(_) | Command::Identify { .. } | Command::SetVolume(_) => {}
        }
    }

    fn settle(&mut self, fate: Fate) {
        let attempt = self.current.take().expect("a request is under way");
        assert_eq!(self.attempts.insert(attempt, fate), Some(Fate::Asked));
    }
}

/// Something that the broker, a reader or the printer might say now: as a rule the answer, when something was asked.
fn news(dice: &mut Dice, books: &mut Books) -> News {
    let attempt = books.current.unwrap_or_else(|| dice.roll(50));
    let about = match dice.roll(3) {
        0 => dice.roll(16),
        _ if !books.found.is_empty() => BOOKED,
        _ if !books.corners.is_empty() => STAFF,
        _ => dice.roll(16),
    };
    match about {
        0..4 => {
            News::Issued { attempt, issued: issued([None, Some("queued"), Some("printed")][dice.roll(3) as usize]) }
        }
        4 => News::Refused { attempt, problem: problem("quota_exhausted", "该业务今日号票已发完") },
        5 => News::Unanswered { attempt },
        6 => News::Unable { attempt, problem: problem("storage", "") },
        7 => News::Printing {
            ticket: 7,
            state: [PrintState::Printed, PrintState::Failed, PrintState::Uncertain][dice.roll(3) as usize],
        },
        8 => News::Paper { device: "printer-1".to_owned(), out: dice.roll(2) == 0 },
        9 => {
            let mut guest = who(["vip", "gotone", "ordinary"][dice.roll(3) as usize]);
            guest.kind = [IdentityKind::Phone, IdentityKind::Card, IdentityKind::Code][dice.roll(3) as usize];
            if dice.roll(4) == 0 {
                guest.appointment = Some(appointment(AppointmentStanding::Due));
            }
            News::Identified(guest)
        }
        10 => News::Unreached,
        BOOKED => {
            let found = match dice.roll(4) {
                0 => Lookup::Unknown,
                1 => Lookup::Unreached,
                2 => Lookup::Found(appointment(AppointmentStanding::Late)),
                _ => Lookup::Found(appointment(AppointmentStanding::Due)),
            };
            News::Booked { visit: books.found.pop().unwrap_or(0), found }
        }
        STAFF => {
            let reply = match dice.roll(4) {
                0 => StaffReply::WrongPin,
                1 => StaffReply::Unreached,
                _ => StaffReply::Open(corner()),
            };
            News::Staff { visit: books.corners.pop().unwrap_or(0), reply }
        }
        13 => {
            let mut services = services();
            let closed = dice.roll(20) as usize;
            if let Some(offer) = services.get_mut(closed) {
                offer.open = false;
            }
            services.truncate(1 + dice.roll(13) as usize);
            News::Services(services)
        }
        14 => {
            let mut settings = rich_settings();
            settings.pages = [KioskPage::Who, KioskPage::Documents, KioskPage::Confirm]
                .into_iter()
                .filter(|_| dice.roll(2) == 0)
                .collect();
            settings.identify.retain(|_| dice.roll(4) > 0);
            if dice.roll(2) == 0 {
                settings.groups.clear();
            }
            settings.long_wait_min = Some(10);
            if !settings.identify.contains(&IdentifyBy::Phone) {
                settings.care = dice.roll(2) == 0;
            }
            News::Settings(settings)
        }
        _ => News::Services(services()),
    }
}

fn is_start(page: &Page) -> bool {
    matches!(page, Page::Welcome(_)) || matches!(page, Page::Notice(notice) if !notice.dismissable)
}

/// How often the controls of each label were touched.
#[derive(Default)]
struct Tried(BTreeMap<String, u32>);

impl Tried {
    /// The middle of one of the page's controls: of two taken by chance, the one that was tried less. So the monkey comes
    /// further than a control that leads back lets it.
    fn aim(&mut self, rig: &Rig, dice: &mut Dice) -> LogicalPosition {
        let controls = ElementQuery::from_root(&rig.ui).match_accessible_role(AccessibleRole::Button).find_all();
        assert!(!controls.is_empty(), "nothing can be touched on {:?}", rig.view().page);
        let mut draw = || {
            let control = &controls[dice.roll(controls.len() as u64) as usize];
            let label = control.accessible_label().unwrap_or_default().to_string();
            (self.0.get(&label).copied().unwrap_or(0), label, control)
        };
        let (one, other) = (draw(), draw());
        let (_, label, control) = if one.0 <= other.0 { one } else { other };
        *self.0.entry(label).or_default() += 1;
        let (at, size) = (control.absolute_position(), control.size());
        LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
    }
}

/// Touches a place of the window, as a finger does.
fn touch_at(rig: &Rig, at: LogicalPosition) {
    let button = PointerEventButton::Left;
    for event in [
        WindowEvent::PointerMoved { position: at },
        WindowEvent::PointerPressed { position: at, button },
        WindowEvent::PointerReleased { position: at, button },
        WindowEvent::PointerExited,
    ] {
        rig.ui.window().dispatch_event(event);
    }
}

#[test]
fn ten_thousand_touches_anywhere_lead_nowhere_that_has_no_way_out() {
    let seed = std::env::var("JIAOHAO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(1, |since| since.as_secs())
    });
    println!("JIAOHAO_SEED={seed}");
    let mut dice = Dice(seed);
    let mut rig = Rig::with(crate::pages::rich());
    let mut books = Books::default();
    let mut seen: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut tried = Tried::default();
    let mut corner_left = 0;
    for _ in 0..TOUCHES {
        let at = if corner_left > 0 {
            corner_left -= 1;
            CORNER
        } else {
            match dice.roll(80) {
                0 => {
                    corner_left = CORNER_TOUCHES - 1;
                    CORNER
                }
                // Half of the touches are aimed at a control, the others at anything.
                1..40 => tried.aim(&rig, &mut dice),
                _ => LogicalPosition::new(dice.roll(1080) as f32, dice.roll(1920) as f32),
            }
        };
        // Whoever knows the corner touches it quickly.
        rig.now += Duration::from_millis(dice.roll(if corner_left > 0 { 300 } else { 1500 }));
        touch_at(&rig, at);
        for command in rig.take_touches() {
            books.note(&command);
        }
        if dice.roll(3) == 0 {
            let news = news(&mut dice, &mut books);
            for command in rig.desk.borrow_mut().hear(rig.now, news) {
                books.note(&command);
            }
        }
        for command in rig.desk.borrow_mut().tick(rig.now) {
            books.note(&command);
        }
        rig.refresh();
        *seen.entry(name_of(&rig.view().page)).or_default() += 1;
        if dice.roll(40) == 0 {
            assert_alone_it_returns(&mut rig, &mut books);
        }
    }
    assert_alone_it_returns(&mut rig, &mut books);
    println!("{seen:?}; numbers asked for: {}", books.attempts.len());
    assert_eq!(books.current, None);
    assert!(books.attempts.values().all(|fate| *fate != Fate::Asked), "{:?}", books.attempts);
    assert!(books.attempts.len() > 50 && books.exits < TOUCHES, "the monkey found no numbers");
    for page in USUAL {
        assert!(seen.contains_key(page), "the monkey never came to {page:?}, only to {seen:?}");
    }
}

/// Whatever is on the page, somebody who walks away leaves a fresh first page behind, within the time-outs.
fn assert_alone_it_returns(rig: &mut Rig, books: &mut Books) {
    let from = rig.view().page;
    let longest = 2 * (TOUCH_LIMIT + STILL_THERE_LIMIT) + 3 * TICKET_SHOWN_WITHOUT_PAPER;
    let until = rig.now + longest;
    while rig.now < until {
        rig.now += seconds(1);
        for command in rig.desk.borrow_mut().tick(rig.now) {
            books.note(&command);
        }
    }
    rig.refresh();
    let view = rig.view();
    assert!(is_start(&view.page), "{from:?} ends in {:?}", view.page);
    assert!(view.guest.is_none() && !view.can_go_back && !view.large_text, "something of the last customer stays");
}

fn name_of(page: &Page) -> &'static str {
    match page {
        Page::Welcome(_) => "welcome",
        Page::Who(_) => "who",
        Page::Keys(_) => "keys",
        Page::Show(_) => "show",
        Page::Care => "care",
        Page::Booked(_) => "booked",
        Page::Documents(_) => "documents",
        Page::Confirm(_) => "confirm",
        Page::LongWait(_) => "long wait",
        Page::Taking => "taking",
        Page::Ticket(_) => "ticket",
        Page::Notice(_) => "notice",
        Page::Help => "help",
        Page::Languages => "languages",
        Page::Staff(_) => "staff",
    }
}
