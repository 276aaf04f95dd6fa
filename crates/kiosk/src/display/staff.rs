//! The staff corner.

use super::words;
use crate::ui::{Deed, DeviceWord, Main, StaffDevice, StaffPage, StaffTicket};
use crate::view;
use slint::ComponentHandle;

pub(super) fn show_staff(ui: &Main, page: &view::Staff) {
    let staff = ui.global::<StaffPage>();
    staff.set_unreached(page.unreached);
    staff.set_ticketing_open(page.ticketing_open.unwrap_or(true));
    let tickets = page.tickets.iter().map(|ticket| StaffTicket {
        id: ticket.id.to_string().into(),
        number: words(&ticket.number),
        service: words(&ticket.service),
        at: words(&ticket.at),
    });
    look::fill(&staff.get_tickets(), tickets, |rows| staff.set_tickets(rows));
    let devices = page.devices.iter().map(|device| StaffDevice {
        name: words(&device.name),
        word: match device.word {
            view::DeviceWord::Well => DeviceWord::Well,
            view::DeviceWord::Warning => DeviceWord::Warning,
            view::DeviceWord::Fault => DeviceWord::Fault,
            view::DeviceWord::Unknown => DeviceWord::Unknown,
            view::DeviceWord::PaperOut => DeviceWord::PaperOut,
            view::DeviceWord::PaperLow => DeviceWord::PaperLow,
            view::DeviceWord::PaperJammed => DeviceWord::PaperJammed,
            view::DeviceWord::CoverOpen => DeviceWord::CoverOpen,
        },
    });
    look::fill(&staff.get_devices(), devices, |rows| staff.set_devices(rows));
    staff.set_paper_out(page.paper_out);
    staff.set_busy(page.busy);
    staff.set_done(match page.done {
        None => Deed::None,
        Some(view::Deed::Look) => Deed::Look,
        Some(view::Deed::Reprint) => Deed::Reprint,
        Some(view::Deed::Ticketing) => Deed::Ticketing,
        Some(view::Deed::TestPrint) => Deed::TestPrint,
    });
    staff.set_trouble(words(&page.trouble));
    staff.set_volume(page.volume.map_or(-1, i32::from));
}
