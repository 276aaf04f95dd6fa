//! A number, or none.

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
    /// The customer is of a tier that is expected there.
    pub expected: bool,
    /// How its paper is doing.
    pub print: Print,
    /// The customer goes without paper.
    pub paperless: bool,
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
    /// The business they wanted; may be empty.
    pub name: String,
    /// How that is done without a teller, and so without a number; may be empty.
    pub self_service: String,
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
    /// This business has none left at this time of day.
    WindowQuota,
    /// Nothing can be stored: neither here nor at the broker is a number safe.
    Storage,
    /// This kiosk cannot write on its own disk.
    KioskStorage,
    /// The hall's clock cannot be right, so its day does not begin.
    Clock,
    /// Something else.
    Unavailable,
}
