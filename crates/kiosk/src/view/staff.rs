//! The staff corner.

/// What staff see at a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Whether numbers are given out; nothing while the broker is away.
    pub ticketing_open: Option<bool>,
    /// The latest tickets, newest first.
    pub tickets: Vec<StaffTicket>,
    /// Whether the printer has no paper.
    pub paper_out: bool,
    /// The kiosk's devices.
    pub devices: Vec<StaffDevice>,
    /// The broker is away: only the way out works.
    pub unreached: bool,
    /// A deed is under way.
    pub busy: bool,
    /// What was done last, when it is done.
    pub done: Option<Deed>,
    /// Why the last deed was not done, in the broker's words; may be empty.
    pub trouble: String,
    /// Of 100; nothing where the kiosk does not speak.
    pub volume: Option<u8>,
}

/// A ticket that can be printed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffTicket {
    /// Its identity.
    pub id: u64,
    /// Such as `A001`.
    pub number: String,
    /// The business.
    pub service: String,
    /// When it was taken.
    pub at: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A look at how things stand.
    Look,
    /// A reprint was sent to the printer.
    Reprint,
    /// Ticketing was opened or closed.
    Ticketing,
    /// A test page was sent to the printer.
    TestPrint,
}

/// A device of the kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffDevice {
    /// Its name.
    pub name: String,
    /// How it is.
    pub word: DeviceWord,
}

/// How a device is, by what staff can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceWord {
    /// It said that it is well.
    Well,
    /// It works, and will soon not.
    Warning,
    /// It does not work.
    Fault,
    /// It says nothing.
    Unknown,
    /// No paper.
    PaperOut,
    /// Paper near its end.
    PaperLow,
    /// Paper is stuck.
    PaperJammed,
    /// The cover is open.
    CoverOpen,
}
