//! What has been learnt of a printer: a profile that fills up.

use device_host::probe::Fault;
use wire::{Flow, PrintConfirm, PrinterProfile, PrinterStatus};

/// What a printer answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The speed it answers at.
    pub(super) baud: u32,
    /// It answers `DLE EOT`.
    pub(super) real_time: bool,
    /// It reports after `GS a`.
    pub(super) automatic: bool,
    /// It answers `GS r`.
    pub(super) confirms: bool,
    /// The wire `CTS` is connected.
    pub(super) held_off_by_wire: bool,
    /// What it says is wrong; then the rest was not asked.
    pub(super) fault: Option<Fault>,
}

/// The profile that began the conversation, and what became of it.
#[derive(Debug)]
pub(super) struct Learnt {
    pub(super) base: PrinterProfile,
    pub(super) profile: PrinterProfile,
    flow: Option<Flow>,
}

impl Learnt {
    pub(super) fn new(base: PrinterProfile, flow: Option<Flow>) -> Self {
        Self { profile: base.clone(), base, flow }
    }

    /// It answers: the profile's own way where it knows that one.
    pub(super) fn heard(&mut self, found: Found) {
        self.profile.baud = found.baud;
        self.profile.status = match (found.real_time, found.automatic) {
            (true, automatic) if self.is_base_status_known(automatic) => self.base.status,
            (true, _) => PrinterStatus::RealTime,
            (false, true) => PrinterStatus::Automatic,
            (false, false) => PrinterStatus::None,
        };
        self.profile.confirm = if found.confirms { PrintConfirm::GsR } else { PrintConfirm::None };
        self.set_flow(found.held_off_by_wire);
    }

    /// Whether a printer that answers in real time may well tell its state in the profile's way.
    fn is_base_status_known(&self, automatic: bool) -> bool {
        let status = self.base.status;
        status != PrinterStatus::None && (automatic || status != PrinterStatus::Automatic)
    }

    /// It never answers.
    pub(super) fn is_mute(&mut self, clear_to_send: bool) {
        self.profile.status = PrinterStatus::None;
        self.confirms_nothing();
        self.set_flow(clear_to_send);
    }

    pub(super) fn confirms_nothing(&mut self) {
        self.profile.confirm = PrintConfirm::None;
    }

    /// A wire that is not there would stop every byte, so it is used only where it was seen to work.
    fn set_flow(&mut self, by_wire: bool) {
        let found = match self.base.flow {
            _ if by_wire => Flow::Hardware,
            Flow::Software => Flow::Software,
            Flow::None | Flow::Hardware => Flow::None,
        };
        self.profile.flow = self.flow.unwrap_or(found);
    }
}
