//! What crosses the network between the broker and everybody else: requests, replies, events. JSON over HTTP, events as
//! Server-Sent Events. Version 1; fields are added, never changed; golden bytes hold it.

pub mod appointment;
pub mod device;
pub mod event;
pub mod event_id;
pub mod kiosk;
pub mod offer;
pub mod outlook;
pub mod passing;
pub mod problem;
pub mod profile;
pub mod reply;
pub mod request;
pub mod role;

/// The hall's own words that appear in these types, so that a client needs no dependency on the rules.
pub use hall::rules::{Documents, Names};
pub use hall::ticket::StepKind;
pub use hall::{Care, HoldKind, IdentityKind, TicketId, TicketState};

pub use appointment::{Appointment, AppointmentStanding, BookAppointment, FindAppointment};
pub use device::{
    Condition, DeviceHealth, DeviceReport, DeviceSpec, DeviceState, Place, PrintJob, PrintReport, PrintState, SignCall,
    SignWanted, Slip,
};
pub use event::{Event, EventKind, TicketRef};
pub use event_id::EventId;
pub use kiosk::{
    HIGHEST_PANEL_BOTTOM_MM, IdentifyBy, KioskPage, KioskRules, KioskSettings, OpenStaffCorner, ServiceGroup, Speech,
    StaffAct, StaffCorner, StaffDeed, TierName,
};
pub use offer::{ServiceOffer, TierOffer};
pub use outlook::{AdviceKind, AdviceView, Outlook, TicketOutlook, TierOutlook};
pub use passing::{Passing, PassingKind};
pub use problem::Problem;
pub use profile::{
    CardReaderProfile, CpowerSignProfile, CutCommand, DeviceProfile, DigitCommand, DigitSignProfile, DoubleByte, Flow,
    IdReaderProfile, ImageCommand, KeyAct, KeypadProfile, ModbusSignProfile, NumberStyle, OnbonSignProfile,
    PolledKeypadProfile, PrintConfirm, PrinterCharset, PrinterProfile, PrinterStatus, QrCommand, RegisterLayout,
    ScannerCharset, ScannerProfile, SignLines, SignUnits,
};
pub use reply::{
    Alarm, AlarmKind, Called, CounterStatus, CounterView, HallSnapshot, HistoryStep, Issued, LocalNames, Notice,
    PublicTicket, ServiceView, TicketView, TierView, Wait,
};
pub use request::{
    BusinessDay, CallTicket, Cancel, Complete, Hold, IdentityInput, OpenTicketing, Pause, Priority, Rating, Received,
    Rejoin, SignIn, TakeTicket, Transfer,
};
pub use role::Role;

/// The version of the wire format, in every event's `v`.
pub const VERSION: u32 = 1;
/// The header that carries a command's idempotency key.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
