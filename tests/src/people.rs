//! Customers and tellers.

use std::time::Duration;

use client::{Client, Key};
use kiosk::Headless;
use kiosk::desk::Touch;
use kiosk::view::{Page, Print, Ticket};
use wire::{
    Alarm, Called, Complete, CounterStatus, CounterView, HallSnapshot, Rating, Role, SignIn, TakeTicket, TicketId,
    TicketView,
};

use crate::rig::Rig;

/// The kiosk of the sample hall.
const KIOSK: &str = "kiosk-1";

impl Rig {
    /// A customer takes a number for a service at the kiosk's place in the API; it prints there.
    pub async fn takes_ticket(&self, service: &str) -> TicketView {
        self.takes(&TakeTicket { service: service.to_owned(), kiosk: Some(KIOSK.to_owned()), ..TakeTicket::default() })
            .await
    }

    /// A customer who reads English does.
    pub async fn takes_ticket_in_english(&self, service: &str) -> TicketView {
        let (service, kiosk, language) = (service.to_owned(), Some(KIOSK.to_owned()), Some("en".to_owned()));
        self.takes(&TakeTicket { service, kiosk, language, ..TakeTicket::default() }).await
    }

    /// A customer takes a number that prints nowhere.
    pub async fn takes_number_only(&self, service: &str) -> TicketView {
        self.takes(&TakeTicket { service: service.to_owned(), ..TakeTicket::default() }).await
    }

    /// A number is asked for.
    pub async fn takes(&self, wish: &TakeTicket) -> TicketView {
        self.client(Role::Kiosk).take_ticket(&Key::new(), wish).await.expect("a number").ticket
    }

    /// The kiosk's own adapter, touched by a program instead of a finger. `url` is its way to the broker.
    pub fn kiosk_at(&self, url: &str) -> AtKiosk {
        let client = self.client_at(url, Role::Kiosk);
        AtKiosk(Headless::start(client, KIOSK, self.data()).expect("a kiosk"))
    }

    /// The kiosk's own adapter.
    pub fn kiosk(&self) -> AtKiosk {
        self.kiosk_at(&self.url())
    }

    /// A teller at a counter, not yet signed in.
    pub fn teller(&self, counter: u16) -> Teller<'_> {
        Teller { rig: self, counter, client: self.client(Role::Teller) }
    }

    /// The hall as its supervisor sees it.
    pub async fn hall(&self) -> HallSnapshot {
        self.client(Role::Supervisor).hall().await.expect("the hall")
    }

    /// A ticket as the supervisor sees it.
    pub async fn ticket(&self, id: TicketId) -> TicketView {
        self.client(Role::Supervisor).ticket(id).await.expect("the ticket").ticket
    }

    /// What needs somebody's attention.
    pub async fn alarms(&self) -> Vec<Alarm> {
        self.hall().await.alarms
    }

    /// Counter 3 serves so many customers, each for so long, and the hall goes on into the next day, which has learnt from it. The
    /// counter is open then.
    pub async fn lives_through_a_day(&self, customers: usize, service: &str, takes: Duration) {
        let ears = self.listens().await;
        let teller = self.teller(3).signs_in().await;
        for _customer in 0..customers {
            self.takes_number_only(service).await;
            teller.calls_next().await;
            teller.starts().await;
            self.pass(takes);
            teller.completes().await;
        }
        self.pass(Duration::from_secs(24 * 3600));
        self.until("the new day has learnt", async || {
            let learnt = ears.events().iter().any(|(_, event)| event.name() == "hall.learnt");
            if learnt { Ok(()) } else { Err(format!("{:?}", ears.events().last())) }
        })
        .await;
        self.teller(3).signs_in().await;
    }

    /// The supervisor prints a ticket again.
    pub async fn reprints(&self, id: TicketId) {
        self.client(Role::Supervisor).reprint(id, &Key::new()).await.expect("a copy");
    }
}

/// A customer in front of the kiosk.
pub struct AtKiosk(Headless);

impl AtKiosk {
    /// Touches a service and confirm, and waits for the number, also through notices that the kiosk does not reach the
    /// broker; leaves.
    pub async fn takes_number(&mut self, service: &str) -> Ticket {
        self.touches(service).await;
        self.sees_number().await
    }

    /// Touches a service and confirm, and has no answer yet.
    pub async fn touches(&mut self, service: &str) {
        let cards = |page: &Page| matches!(page, Page::Welcome(welcome) if !welcome.cards.is_empty());
        self.0.until(cards).await.expect("the cards");
        self.0.touch(Touch::Choose(service.to_owned()));
        self.0.touch(Touch::Confirm);
    }

    /// Waits for the number, and leaves.
    pub async fn sees_number(&mut self) -> Ticket {
        let page = self.0.until(|page| matches!(page, Page::Ticket(_))).await.expect("a number");
        self.0.touch(Touch::Done);
        let Page::Ticket(ticket) = page else { unreachable!("it was waited for") };
        ticket
    }

    /// Touches a service and confirm, and stays before the page with the number.
    pub async fn takes_number_and_stays(&mut self, service: &str) -> Ticket {
        self.touches(service).await;
        let page = self.0.until(|page| matches!(page, Page::Ticket(_))).await.expect("a number");
        let Page::Ticket(ticket) = page else { unreachable!("it was waited for") };
        ticket
    }

    /// Stays before the page with the number until it says this of the paper, while the hall's time passes.
    pub async fn reads_of_paper(&mut self, rig: &Rig, print: Print) {
        let read = |page: &Page| matches!(page, Page::Ticket(ticket) if ticket.print == print);
        let seen = rig.passing(self.0.until(read)).await;
        assert!(seen.is_ok(), "the page never said {print:?}, but {:?}", self.0.view().page);
    }

    /// Leaves the page with the number.
    pub fn leaves(&mut self) {
        self.0.touch(Touch::Done);
    }

    /// Waits until the page tells that the broker is not reached.
    pub async fn sees_a_notice(&mut self) {
        self.0.until(|page| matches!(page, Page::Notice(_))).await.expect("a notice");
    }
}

/// A teller at a counter.
pub struct Teller<'r> {
    rig: &'r Rig,
    counter: u16,
    client: Client,
}

impl Teller<'_> {
    /// The work number the sample has for whoever sits at this counter.
    pub fn work_number(&self) -> String {
        format!("{}", 1000 + self.counter)
    }

    /// Signs in.
    pub async fn signs_in(self) -> Self {
        let teller = self.work_number();
        let pin = self.rig.pin(&teller).to_owned();
        let view = self.client.sign_in(self.counter, &Key::new(), &SignIn { teller, pin }).await.expect("signing in");
        assert_eq!(view.state, CounterStatus::Open);
        self
    }

    /// Calls the next ticket, which must be there.
    pub async fn calls_next(&self) -> Called {
        self.calls_whoever_waits().await.expect("somebody who waits")
    }

    /// Calls the next ticket, if there is one.
    pub async fn calls_whoever_waits(&self) -> Option<Called> {
        self.client.call_next(self.counter, &Key::new()).await.expect("a call")
    }

    /// Begins to serve.
    pub async fn starts(&self) -> Called {
        self.client.start(self.counter, &Key::new()).await.expect("a start")
    }

    /// Is done.
    pub async fn completes(&self) -> Called {
        self.client.complete(self.counter, &Key::new(), &Complete::default()).await.expect("a completion")
    }

    /// The customer rates the service.
    pub async fn is_rated(&self, ticket: TicketId, score: u8) -> Called {
        self.client.rate(ticket, &Key::new(), &Rating { score, comment: None }).await.expect("a rating")
    }

    /// The counter as its teller sees it.
    pub async fn counter(&self) -> CounterView {
        let hall = self.client.hall().await.expect("the hall");
        hall.counters.into_iter().find(|view| view.number == self.counter).expect("the counter")
    }
}
