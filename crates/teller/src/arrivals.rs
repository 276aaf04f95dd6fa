//! Customers who have come and are to be received: told to every teller until somebody goes.

use wire::{Alarm, AlarmKind};

use crate::desk::Desk;
use crate::view::Status;

impl Desk {
    /// Who is to be received now; whoever was before and is not among them is not any more.
    pub fn arrived(&mut self, arrivals: Vec<Alarm>) {
        self.arrivals = arrivals;
    }

    /// Who is shown: the one who has been there longest.
    pub(crate) fn arrival(&self) -> Option<&Alarm> {
        self.arrivals.first()
    }

    /// Of a snapshot's alarms, those about somebody who has come.
    pub(crate) fn take_arrivals(&mut self, alarms: &[Alarm]) {
        let arrivals = alarms.iter().filter(|alarm| alarm.kind == AlarmKind::VipArrived);
        self.arrivals = arrivals.cloned().collect();
    }

    /// Somebody goes to whom this is about.
    pub(crate) fn is_received(&mut self, about: &str) {
        self.arrivals.retain(|alarm| alarm.about != about);
    }

    /// Whether the teller is to go about in the hall: at the desk of the highest tier, with nobody to call (norm: VIP staff with nobody
    /// waiting walk the floor).
    pub(crate) fn walks(&self, status: Status) -> bool {
        let (Some(hall), Some(counter)) = (&self.hall, self.counter()) else { return false };
        let own = hall.tiers.first().is_some_and(|highest| hall.tiers.len() > 1 && highest.id == counter.kind);
        own && status == Status::Idle && counter.waiting == 0 && counter.diverts.is_none()
    }
}
