//! What the page shows, in terms of the customer and not of the pixels.

mod aid;
mod card;
mod staff;
mod ticket;
mod who;

pub use aid::Aid;
pub use card::{Card, CardTarget, Welcome, WhoCard};
pub use staff::{Deed, DeviceWord, Staff, StaffDevice, StaffTicket};
pub use ticket::{Notice, NoticeKind, Print, Ticket};
pub use who::{Booked, Keys, KeysFor, KeysHint, Typing, Who};

use crate::language::Language;
use wire::{Care, IdentifyBy};

/// Everything a page needs, but the time of day.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The page and its content.
    pub page: Page,
    /// The hall's name; empty until the broker told it.
    pub hall: String,
    /// The language in use.
    pub language: Language,
    /// The others that the hall offers.
    pub other_languages: Vec<Language>,
    /// 大字.
    pub large_text: bool,
    /// Pure black and white.
    pub high_contrast: bool,
    /// Speech and keys.
    pub aid: Aid,
    /// Whether the bar's first button does anything.
    pub can_go_back: bool,
    /// Whether the bar's help is offered.
    pub can_ask_help: bool,
    /// Nobody has touched the page for a while, and it closes in so many seconds.
    pub still_there_s: Option<u32>,
    /// Who was identified and chooses now.
    pub guest: Option<Guest>,
    /// How a guest of a tier with a name is received.
    pub reception: Option<Reception>,
    /// They said who they are and are not known in time: served like everybody.
    pub unknown: bool,
    /// A poster is up: which, counted from the first.
    pub poster: Option<usize>,
    /// How many design pixels the page is drawn to the right of its place, and below.
    pub shift: (i32, i32),
    /// Where controls begin, in design pixels from the top.
    pub controls_from_px: u32,
}

/// Somebody who was identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guest {
    /// Of a tier with a name to be greeted by: 大客户, 全球通客户, VIP.
    Honoured(String),
    /// By this number, masked.
    Known(String),
}

/// How a guest of a tier with a name is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reception {
    /// Their level within the tier; may be empty.
    pub level: String,
    /// Where they are expected; may be empty.
    pub way: String,
    /// Staff know that they are here.
    pub staff_told: bool,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The businesses.
    Welcome(Welcome),
    /// The ways to say who one is.
    Who(Who),
    /// Keys to type a number with.
    Keys(Keys),
    /// Something is to be shown to a reader.
    Show(IdentifyBy),
    /// Why somebody comes first.
    Care,
    /// An appointment that cannot simply be checked in with.
    Booked(Booked),
    /// Papers to bring, and how to do without a teller.
    Documents(Documents),
    /// One business, before a number is taken.
    Confirm(Confirm),
    /// The wait is long.
    LongWait(LongWait),
    /// The broker was asked and has a moment to answer.
    Taking,
    /// The number.
    Ticket(Ticket),
    /// No number, and why.
    Notice(Notice),
    /// What to do, and where staff are.
    Help,
    /// The languages.
    Languages,
    /// What staff may do.
    Staff(Staff),
}

/// Papers to bring, and how to do without a teller.
#[derive(Debug, Clone, PartialEq)]
pub struct Documents {
    /// The business.
    pub name: String,
    /// The kinds of customer, when there are several.
    pub customers: Vec<String>,
    /// Whose papers are shown.
    pub customer: usize,
    /// Their papers, at most [`MOST_DOCUMENTS`].
    pub documents: Vec<String>,
    /// Papers that found no room.
    pub more_documents: usize,
    /// How it is done without a teller; may be empty.
    pub self_service: String,
    /// Opened from the confirm page: the button leads back there.
    pub aside: bool,
}

/// One business in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// Its name.
    pub name: String,
    /// People ahead; nothing for whoever comes first: nobody knows it before they have a number.
    pub ahead: Option<usize>,
    /// The range of the wait in minutes, when it may be told.
    pub wait: Option<(u32, u32)>,
    /// No counter is open that could call for it.
    pub unstaffed: bool,
    /// Where one waits; may be empty.
    pub area: String,
    /// Papers to bring, as many as fit on one line; of several kinds of customer, the kinds.
    pub documents: String,
    /// Those are not all.
    pub more_documents: bool,
    /// Those are kinds of customer.
    pub documents_by_kind: bool,
    /// How many papers there are.
    pub documents_count: usize,
    /// How it is done without a teller; may be empty.
    pub self_service: String,
    /// Whether its papers have a page that can be opened.
    pub papers: bool,
    /// Without paper; nothing where the hall does not offer it.
    pub paperless: Option<bool>,
    /// Priority care.
    pub care: Option<Care>,
    /// The booked time; may be empty.
    pub booked_at: String,
}

/// The papers a page has room for.
pub const MOST_DOCUMENTS: usize = 5;

/// The papers it has room for when it also says how the business is done without a teller.
pub const MOST_DOCUMENTS_BESIDE_SELF_SERVICE: usize = 4;

/// The wait is long: a number all the same?
#[derive(Debug, Clone, PartialEq)]
pub struct LongWait {
    /// The business.
    pub name: String,
    /// People ahead; nothing for whoever comes first.
    pub ahead: Option<usize>,
    /// The range of the wait in minutes.
    pub wait: Option<(u32, u32)>,
    /// How it is done without a teller; may be empty.
    pub self_service: String,
}
