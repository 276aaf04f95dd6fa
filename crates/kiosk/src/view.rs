//! What the page shows, in terms of the customer and not of the pixels.

use look::Language;

/// Everything a page needs, but the time of day.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The page and its content.
    pub page: Page,
    /// The hall's name; empty until the broker told it.
    pub hall: String,
    /// The language in use.
    pub language: Language,
    /// Whether there is another language to choose.
    pub other_language: bool,
    /// 大字.
    pub large_text: bool,
    /// Pure black and white.
    pub high_contrast: bool,
    /// Whether the bar's first button does anything.
    pub can_go_back: bool,
    /// Nobody has touched the page for a while, and it closes in so many seconds.
    pub still_there_s: Option<u32>,
    /// Who was identified and chooses now.
    pub guest: Option<Guest>,
}

/// Somebody who was identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guest {
    /// Of a tier with a name to be greeted by: 大客户, 全球通客户, VIP.
    Honoured(String),
    /// By this number, masked.
    Known(String),
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The businesses.
    Welcome(Welcome),
    /// One business, before a number is taken.
    Confirm(Confirm),
    /// The broker was asked and has a moment to answer.
    Taking,
    /// The number.
    Ticket(Ticket),
    /// No number, and why.
    Notice(Notice),
}

/// The first page.
#[derive(Debug, Clone, PartialEq)]
pub struct Welcome {
    /// At most eight; at most seven when there are several pages.
    pub cards: Vec<Card>,
    /// Pages of businesses, at least 1.
    pub pages: usize,
    /// From 1.
    pub page: usize,
    /// People who wait for any business.
    pub waiting: usize,
    /// Today's hours; empty when numbers are given at any hour.
    pub hours: String,
}

/// One business.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The service's id.
    pub service: String,
    /// Its name.
    pub name: String,
    /// People ahead.
    pub ahead: usize,
    /// The range of the wait in minutes, when it may be told.
    pub wait: Option<(u32, u32)>,
    /// Why it cannot be chosen; empty when it can.
    pub closed: String,
    /// Whether it can be done without a teller.
    pub self_service: bool,
}

/// One business in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// Its name.
    pub name: String,
    /// People ahead.
    pub ahead: usize,
    /// The range of the wait in minutes, when it may be told.
    pub wait: Option<(u32, u32)>,
    /// Where one waits; may be empty.
    pub area: String,
    /// Papers to bring, at most [`MOST_DOCUMENTS`].
    pub documents: Vec<String>,
    /// Papers that found no room.
    pub more_documents: usize,
    /// How it is done without a teller; may be empty.
    pub self_service: String,
}

/// The papers a confirm page has room for.
pub const MOST_DOCUMENTS: usize = 5;

/// The papers it has room for when it also says how the business is done without a teller.
pub const MOST_DOCUMENTS_BESIDE_SELF_SERVICE: usize = 3;

/// A number that the broker confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Such as `A001`.
    pub number: String,
    /// The business.
    pub service: String,
    /// People ahead.
    pub ahead: usize,
    /// The range of the wait in minutes, when it may be told.
    pub wait: Option<(u32, u32)>,
    /// Where one waits; may be empty.
    pub area: String,
    /// How its paper is doing.
    pub print: Print,
    /// What its QR opens.
    pub url: Option<String>,
    /// Until the page closes.
    pub seconds_left: u32,
}

/// How a ticket's paper is doing, in the customer's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// This kiosk prints nothing.
    None,
    /// Under way.
    Printing,
    /// Out.
    Printed,
    /// The printer has no paper.
    NoPaper,
    /// It will not come out.
    Failed,
    /// It may have come out.
    Uncertain,
}

/// No number, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// In kind.
    pub kind: NoticeKind,
    /// What the broker said, in the customer's language; may be empty.
    pub reason: String,
    /// Today's hours; may be empty.
    pub hours: String,
    /// Whether there is another page to go to.
    pub dismissable: bool,
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// The broker does not answer; the kiosk keeps trying.
    NotReached,
    /// The hall gives out no numbers now.
    Closed,
    /// This business has none left today.
    Quota,
    /// Something else.
    Unavailable,
}
