//! What the desk in memory hears: what the broker tells the window as well, and what is read from the window itself.

use hall_tests::Told;
use kiosk::desk::{Command, Identified, Lookup, News, StaffReply};
use wire::{FindAppointment, Passing, PassingKind, Role, TicketView};

use super::{KIOSK, PAGE_BELOW, Walk};

impl Walk {
    /// The desk in memory learns how things stand; whether its page is another now.
    pub async fn catches_up(&mut self) -> bool {
        let heard: Vec<_> = self.ears.heard().into_iter().skip(self.heard).collect();
        self.heard += heard.len();
        for news in heard.into_iter().filter_map(news_of) {
            self.hears(news);
        }
        let client = self.client.with_language(&self.language);
        self.hears(client.services().await.map_or(News::Unreached, News::Services));
        if let Some(attempt) = self.asked {
            let newest = self.rig.hall().await.waiting.into_iter().max_by_key(|ticket| ticket.id.0);
            let known = |ticket: &TicketView| self.tickets.iter().any(|one| one.id == ticket.id);
            let new = newest.filter(|ticket| ticket.kiosk.as_deref() == Some(KIOSK) && !known(ticket));
            // The address behind the code is told only to whom the number was given: here it is read from the window.
            let shown = new.map(|ticket| (ticket, self.reads_code()));
            if let Some((ticket, Some(url))) = shown {
                let mut issued = self.rig.client(Role::Supervisor).ticket(ticket.id).await.expect("the ticket");
                issued.ticket.url = Some(url);
                self.asked = None;
                self.tickets.push(ticket);
                self.hears(News::Issued { attempt, issued: Box::new(issued) });
            }
        }
        let commands = self.desk.tick(self.begun.elapsed());
        self.follows(commands);
        self.lays_out()
    }

    /// What the desk in memory wants done. The window does it; here is only what has to be heard of it.
    pub(super) fn follows(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::AskServices(language) => language.tag().clone_into(&mut self.language),
                Command::Take { attempt, .. } => self.asked = Some(attempt),
                Command::OpenStaffCorner { visit, .. } | Command::StaffAct { visit, .. } => {
                    let corner = self.corner.clone().expect("how the corner stands");
                    self.hears(News::Staff { visit, reply: StaffReply::Open(Box::new(corner)) });
                }
                Command::FindAppointment { visit, code } => {
                    let found = self.booked(&FindAppointment { code: code.reveal().to_owned() });
                    self.hears(News::Booked { visit, found });
                }
                Command::Exit => self.exits = true,
                Command::Abandon => self.asked = None,
                Command::TakeAgain { .. } | Command::Forget | Command::Identify { .. } | Command::SetVolume(_) => {}
            }
        }
    }

    /// What the code on the window says, as a phone before it reads it.
    fn reads_code(&self) -> Option<String> {
        let (width, height) = (PAGE_BELOW.size.0 as usize, PAGE_BELOW.size.1 as usize);
        let seen = self.sees(PAGE_BELOW);
        // Half as large: a module still has several dots.
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width / 2, height / 2, |x, y| {
            seen[(y * 2 * width + x * 2) * 4 + 1]
        });
        let (_, text) = image.detect_grids().first()?.decode().ok()?;
        Some(text)
    }

    fn booked(&self, find: &FindAppointment) -> Lookup {
        let found = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(self.client.find_appointment(KIOSK, find))
        });
        found.map_or(Lookup::Unknown, Lookup::Found)
    }
}

/// What the window's thread for the network makes of what it hears.
fn news_of(told: Told) -> Option<News> {
    let Told::Passing(Passing { kind, .. }) = told else { return None };
    match kind {
        PassingKind::PrintChanged { ticket: Some(ticket), state, .. } => {
            Some(News::Printing { ticket: ticket.0, state })
        }
        PassingKind::CustomerIdentified { key, kind, masked, tier, level, staff_told, appointment, .. } => {
            Some(News::Identified(Identified { key, kind, masked, tier, level, appointment, staff_told }))
        }
        PassingKind::PrintChanged { .. }
        | PassingKind::DeviceChanged { .. }
        | PassingKind::ArrivalsChanged { .. }
        | PassingKind::Say { .. }
        | PassingKind::SignWanted { .. }
        | PassingKind::OutlookChanged { .. } => None,
    }
}
