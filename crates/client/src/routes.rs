//! One method a route.

use wire::{
    Appointment, BookAppointment, CallTicket, Called, Cancel, Complete, CounterView, DeviceReport, DeviceSpec,
    FindAppointment, HallSnapshot, Hold, IdentityInput, Issued, KioskSettings, OpenStaffCorner, OpenTicketing, Outlook,
    Pause, PrintJob, PrintReport, Priority, Rating, Received, Rejoin, ServiceOffer, SignIn, SignWanted, StaffAct,
    StaffCorner, TakeTicket, TicketId, Transfer,
};

use crate::error::Error;
use crate::http::Client;
use crate::key::Key;

/// The body of a command that needs none.
#[derive(serde::Serialize)]
struct Nothing {}

/// Questions.
impl Client {
    /// `GET /services`: what a kiosk may offer now.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn services(&self) -> Result<Vec<ServiceOffer>, Error> {
        self.get("asking for the services", &["services"], &[]).await
    }

    /// `GET /tickets/{id}`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn ticket(&self, id: TicketId) -> Result<Issued, Error> {
        self.get("asking for a ticket", &["tickets", &id.0.to_string()], &[]).await
    }

    /// `GET /hall`: everything at one moment.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn hall(&self) -> Result<HallSnapshot, Error> {
        self.get("asking for the hall", &["hall"], &[]).await
    }

    /// `GET /kiosks/{name}`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn kiosk(&self, name: &str) -> Result<KioskSettings, Error> {
        self.get("asking for the kiosk's settings", &["kiosks", name], &[]).await
    }

    /// `GET /devices`: every device of the hall.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn devices(&self) -> Result<Vec<DeviceSpec>, Error> {
        self.get("asking for the devices", &["devices"], &[]).await
    }

    /// `GET /print-jobs`: jobs queued or being sent, oldest first, of one kiosk or of all.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn print_jobs(&self, kiosk: Option<&str>) -> Result<Vec<PrintJob>, Error> {
        let query: Vec<(&str, &str)> = kiosk.map(|kiosk| ("kiosk", kiosk)).into_iter().collect();
        self.get("asking for the print jobs", &["print-jobs"], &query).await
    }

    /// `GET /signs`: what every sign is to show.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn signs(&self) -> Result<Vec<SignWanted>, Error> {
        self.get("asking what the signs are to show", &["signs"], &[]).await
    }
}

/// Commands about tickets.
impl Client {
    /// `POST /tickets`: takes a number.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn take_ticket(&self, key: &Key, ticket: &TakeTicket) -> Result<Issued, Error> {
        self.post("taking a ticket", &["tickets"], Some(key), ticket).await
    }

    /// `POST /tickets/abandon`: gives up a request for a number whose answer never came. If the request with this key
    /// got a number, the ticket is cancelled as long as it waits; if it did not, a late one gets none. The same key twice
    /// is the same.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn abandon(&self, key: &Key) -> Result<(), Error> {
        self.post_key("abandoning a request for a ticket", &["tickets", "abandon"], key).await
    }

    /// `POST /tickets/{id}/rating`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn rate(&self, id: TicketId, key: &Key, rating: &Rating) -> Result<Called, Error> {
        self.post("rating a service", &["tickets", &id.0.to_string(), "rating"], Some(key), rating).await
    }

    /// `POST /tickets/{id}/cancel`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn cancel(&self, id: TicketId, key: &Key) -> Result<Called, Error> {
        self.post("cancelling a ticket", &["tickets", &id.0.to_string(), "cancel"], Some(key), &Cancel {}).await
    }

    /// `POST /tickets/{id}/priority`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn prioritise(&self, id: TicketId, key: &Key, priority: &Priority) -> Result<Called, Error> {
        self.post("giving a ticket priority", &["tickets", &id.0.to_string(), "priority"], Some(key), priority).await
    }

    /// `GET /outlook`: trouble ahead, and what helps.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn outlook(&self) -> Result<Outlook, Error> {
        self.get("asking what is to come", &["outlook"], &[]).await
    }

    /// `POST /tickets/{id}/rejoin`: a held customer is back.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn rejoin(&self, id: TicketId, key: &Key, rejoin: &Rejoin) -> Result<Called, Error> {
        self.post("letting a ticket wait again", &["tickets", &id.0.to_string(), "rejoin"], Some(key), rejoin).await
    }

    /// `POST /tickets/{id}/reprint`: prints it again, marked as a copy.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn reprint(&self, id: TicketId, key: &Key) -> Result<Called, Error> {
        self.post("printing a ticket again", &["tickets", &id.0.to_string(), "reprint"], Some(key), &Nothing {}).await
    }

    /// `POST /hall/ticketing`: opens or closes the giving out of numbers.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn open_ticketing(&self, key: &Key, open: bool) -> Result<(), Error> {
        self.post_told("opening or closing ticketing", &["hall", "ticketing"], Some(key), &OpenTicketing { open }).await
    }
}

/// Commands of a counter; `n` is its number.
impl Client {
    /// `POST /counters/{n}/sign-in`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn sign_in(&self, n: u16, key: &Key, sign_in: &SignIn) -> Result<CounterView, Error> {
        self.counter("signing in", n, "sign-in", key, sign_in).await
    }

    /// `POST /counters/{n}/sign-out`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn sign_out(&self, n: u16, key: &Key) -> Result<CounterView, Error> {
        self.counter("signing out", n, "sign-out", key, &Nothing {}).await
    }

    /// `POST /counters/{n}/pause`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn pause(&self, n: u16, key: &Key, pause: &Pause) -> Result<CounterView, Error> {
        self.counter("pausing a counter", n, "pause", key, pause).await
    }

    /// `POST /counters/{n}/resume`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn resume(&self, n: u16, key: &Key) -> Result<CounterView, Error> {
        self.counter("resuming at a counter", n, "resume", key, &Nothing {}).await
    }

    /// `POST /counters/{n}/call-next`; none when nobody waits for this counter.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn call_next(&self, n: u16, key: &Key) -> Result<Option<Called>, Error> {
        let path = ["counters", &n.to_string(), "call-next"];
        self.post_maybe("calling the next ticket", &path, Some(key), &Nothing {}).await
    }

    /// `POST /counters/{n}/call`: calls this ticket.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn call(&self, n: u16, key: &Key, ticket: TicketId) -> Result<Called, Error> {
        self.counter("calling a ticket", n, "call", key, &CallTicket { ticket }).await
    }

    /// `POST /counters/{n}/recall`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn recall(&self, n: u16, key: &Key) -> Result<Called, Error> {
        self.counter("calling a ticket again", n, "recall", key, &Nothing {}).await
    }

    /// `POST /counters/{n}/no-show`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn no_show(&self, n: u16, key: &Key) -> Result<Called, Error> {
        self.counter("marking a no-show", n, "no-show", key, &Nothing {}).await
    }

    /// `POST /counters/{n}/start`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn start(&self, n: u16, key: &Key) -> Result<Called, Error> {
        self.counter("starting service", n, "start", key, &Nothing {}).await
    }

    /// `POST /counters/{n}/complete`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn complete(&self, n: u16, key: &Key, complete: &Complete) -> Result<Called, Error> {
        self.counter("completing service", n, "complete", key, complete).await
    }

    /// `POST /counters/{n}/hold`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn hold(&self, n: u16, key: &Key, hold: &Hold) -> Result<Called, Error> {
        self.counter("holding a ticket", n, "hold", key, hold).await
    }

    /// `POST /counters/{n}/transfer`
    ///
    /// # Errors
    /// [`Error`]
    pub async fn transfer(&self, n: u16, key: &Key, transfer: &Transfer) -> Result<Called, Error> {
        self.counter("transferring a ticket", n, "transfer", key, transfer).await
    }

    /// `POST /counters/{n}/return`: undoes the call.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn return_ticket(&self, n: u16, key: &Key) -> Result<Called, Error> {
        self.counter("returning a ticket", n, "return", key, &Nothing {}).await
    }

    async fn counter<T: serde::de::DeserializeOwned>(
        &self,
        act: &'static str,
        n: u16,
        command: &str,
        key: &Key,
        body: &impl serde::Serialize,
    ) -> Result<T, Error> {
        self.post(act, &["counters", &n.to_string(), command], Some(key), body).await
    }
}

/// Appointments.
impl Client {
    /// `POST /appointments`: books a time for a customer.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn book_appointment(&self, key: &Key, book: &BookAppointment) -> Result<Appointment, Error> {
        self.post("booking an appointment", &["appointments"], Some(key), book).await
    }

    /// `GET /appointments`: those of the open business day and later ones.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn appointments(&self) -> Result<Vec<Appointment>, Error> {
        self.get("asking for the appointments", &["appointments"], &[]).await
    }

    /// `POST /appointments/{code}/cancel`: calls an appointment off.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn cancel_appointment(&self, code: &str, key: &Key) -> Result<Appointment, Error> {
        self.post("calling an appointment off", &["appointments", code, "cancel"], Some(key), &Cancel {}).await
    }
}

/// A kiosk's own.
impl Client {
    /// `POST /kiosks/{name}/appointment`: the appointment of a code that a customer has typed.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_appointment(&self, kiosk: &str, find: &FindAppointment) -> Result<Appointment, Error> {
        self.post("looking an appointment up", &["kiosks", kiosk, "appointment"], None, find).await
    }

    /// `POST /kiosks/{name}/staff`: staff open the hidden corner.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn open_staff_corner(&self, kiosk: &str, open: &OpenStaffCorner) -> Result<StaffCorner, Error> {
        self.post("opening the staff corner", &["kiosks", kiosk, "staff"], None, open).await
    }

    /// `POST /kiosks/{name}/staff/act`: staff do something there.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn staff_act(&self, kiosk: &str, key: &Key, act: &StaffAct) -> Result<StaffCorner, Error> {
        self.post("acting in the staff corner", &["kiosks", kiosk, "staff", "act"], Some(key), act).await
    }
}

/// Reports of a device host. They are states, not commands, and need no key: the same one twice is the same.
impl Client {
    /// `POST /print-jobs/{id}`: how a job stands.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn report_print(&self, id: u64, report: &PrintReport) -> Result<(), Error> {
        self.post_told("reporting a print job", &["print-jobs", &id.to_string()], None, report).await
    }

    /// `POST /devices/{name}/state`: how a device is.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn report_device(&self, name: &str, report: &DeviceReport) -> Result<(), Error> {
        self.post_told("reporting a device", &["devices", name, "state"], None, report).await
    }

    /// `POST /kiosks/{name}/identity`: who stands before a kiosk.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn identify(&self, kiosk: &str, identity: &IdentityInput) -> Result<(), Error> {
        self.post_told("identifying a customer", &["kiosks", kiosk, "identity"], None, identity).await
    }

    /// `POST /hall/received`: somebody goes to the customer whom an alarm of the kind `vip_arrived` is about.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn receive(&self, about: &str) -> Result<(), Error> {
        let received = Received { about: about.to_owned() };
        self.post_told("receiving a customer", &["hall", "received"], None, &received).await
    }
}

#[cfg(test)]
mod tests;
