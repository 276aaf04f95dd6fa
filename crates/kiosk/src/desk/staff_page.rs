//! The staff corner, worded as a page.

use super::Desk;
use super::state::Staff;
use crate::view::{self, Page};
use wire::{Condition, DeviceHealth, DeviceState, TicketView};

impl Desk {
    pub(super) fn staff_page(&self, staff: &Staff) -> Page {
        match staff {
            Staff::Pin { typed, asked, trouble } => Self::pin_page(typed, *asked, *trouble),
            Staff::Open { corner, asking, done, trouble, unreached } => Page::Staff(view::Staff {
                ticketing_open: corner.as_ref().filter(|_| !unreached).map(|corner| corner.ticketing_open),
                tickets: corner.as_ref().map_or_else(Vec::new, |corner| {
                    corner.tickets.iter().map(|ticket| self.staff_ticket(ticket)).collect()
                }),
                paper_out: !self.paper_out.is_empty(),
                devices: corner
                    .as_ref()
                    .map_or_else(Vec::new, |corner| corner.devices.iter().map(staff_device).collect()),
                unreached: *unreached,
                busy: asking.is_some(),
                done: *done,
                trouble: trouble.clone().unwrap_or_default(),
                volume: self.volume,
            }),
        }
    }

    fn staff_ticket(&self, ticket: &TicketView) -> view::StaffTicket {
        view::StaffTicket {
            id: ticket.id.0,
            number: ticket.number.clone(),
            service: self.offer(&ticket.service).map(|offer| self.worded(&offer.names)).unwrap_or_default(),
            at: self.clock_time(ticket.issued_at),
        }
    }
}

/// A device by the one word that tells staff what to do.
fn staff_device(device: &DeviceHealth) -> view::StaffDevice {
    let has = |condition| device.report.conditions.contains(&condition);
    let word = if has(Condition::PaperOut) {
        view::DeviceWord::PaperOut
    } else if has(Condition::PaperJammed) {
        view::DeviceWord::PaperJammed
    } else if has(Condition::CoverOpen) {
        view::DeviceWord::CoverOpen
    } else if has(Condition::PaperLow) {
        view::DeviceWord::PaperLow
    } else {
        match device.report.state {
            DeviceState::Ok => view::DeviceWord::Well,
            DeviceState::Warning => view::DeviceWord::Warning,
            DeviceState::Fault => view::DeviceWord::Fault,
            DeviceState::Unknown => view::DeviceWord::Unknown,
        }
    };
    view::StaffDevice { name: device.name.clone(), word }
}
