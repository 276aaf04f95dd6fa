//! The first page.

/// The first page.
#[derive(Debug, Clone, PartialEq)]
pub struct Welcome {
    /// Rows that there is room for, of two cards each.
    pub rows: usize,
    /// As many as there is room for, fewer beside the card "who are you" and that which turns the page.
    pub cards: Vec<Card>,
    /// The group whose businesses are shown.
    pub group: Option<String>,
    /// Pages of businesses, at least 1.
    pub pages: usize,
    /// From 1.
    pub page: usize,
    /// People who wait for any business.
    pub waiting: usize,
    /// Today's hours; empty when numbers are given at any hour.
    pub hours: String,
    /// A line of the hall's news; may be empty.
    pub news: String,
    /// The day's own greeting.
    pub greeting: Option<String>,
    /// The card "who are you".
    pub asks_who: Option<WhoCard>,
}

/// What the card beside the businesses offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoCard {
    /// To say who one is.
    Who,
    /// Priority care only: this hall asks nobody who they are.
    Care,
}

/// One business, or a group of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What a touch chooses.
    pub target: CardTarget,
    /// Its name.
    pub name: String,
    /// People ahead; of a group, all who wait. Nothing for whoever comes first: nobody knows it before they have a number.
    pub ahead: Option<usize>,
    /// The range of the wait in minutes, when it may be told.
    pub wait: Option<(u32, u32)>,
    /// No counter is open that could call for it; a number is given all the same.
    pub unstaffed: bool,
    /// Why it cannot be chosen; empty when it can.
    pub closed: String,
    /// Whether it can be done without a teller.
    pub self_service: bool,
    /// The businesses of a group, as many as fit on one line; empty of a business.
    pub holds: String,
    /// How many there are, when those are not all.
    pub holds_of: Option<usize>,
}

/// What a touch of a card chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardTarget {
    /// The service of this id.
    Service(String),
    /// The group, counted from 0.
    Group(usize),
}
