//! A hall of several boxes: broker and device host are processes of their own, and each is killed in turn.

use std::path::Path;
use std::time::Duration;

use client::{Client, Key};
use hall_tests::{Running, eventually};
use jiaohao::access::token_from;
use rustix::process::Signal;
use wire::{DeviceState, PrintState, Role, TakeTicket, TicketId};

use crate::program;

const LISTEN: [&str; 3] = ["broker", "--listen", "127.0.0.1:0"];

struct Boxes<'p> {
    data: &'p Path,
    supervisor: Client,
}

impl<'p> Boxes<'p> {
    fn at(url: &str, data: &'p Path) -> Self {
        Self { data, supervisor: client(url, data, Role::Supervisor) }
    }

    async fn takes(&self, url: &str) -> TicketId {
        let wish =
            TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() };
        client(url, self.data, Role::Kiosk).take_ticket(&Key::new(), &wish).await.expect("a number").ticket.id
    }

    async fn print_becomes(&self, ticket: TicketId, wanted: PrintState) {
        eventually(format!("the print of ticket {ticket} is {wanted:?}"), async || {
            let print = self.supervisor.ticket(ticket).await.map_err(|error| error.to_string())?.ticket.print;
            if print == Some(wanted) { Ok(()) } else { Err(format!("{print:?}")) }
        })
        .await;
    }
}

fn client(url: &str, data: &Path, role: Role) -> Client {
    let token = token_from(&data.join("access.toml"), role).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

async fn device_box(url: &str, secrets: &Path, data: &Path) -> Running {
    let secrets = secrets.join("access.toml").display().to_string();
    program().start_role(data, ["devices", "--broker", url, "--token-file", &secrets]).await
}

#[tokio::test]
async fn tickets_print_across_boxes_and_outlive_the_death_of_each() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let (data, devices) = (home.path().join("hall"), home.path().join("devices"));
    let broker = program().start(&data, LISTEN).await;
    let (url, address) = (broker.url().to_owned(), broker.address().to_owned());
    let boxes = Boxes::at(&url, &data);

    let host = device_box(&url, &data, &devices).await;
    let first = boxes.takes(&url).await;
    boxes.print_becomes(first, PrintState::Printed).await;

    // The device box loses its power; a number taken meanwhile is printed when it is back.
    host.is_killed().await;
    let second = boxes.takes(&url).await;
    assert_eq!(boxes.supervisor.ticket(second).await.expect("the ticket").ticket.print, Some(PrintState::Queued));
    let mut host = device_box(&url, &data, &devices).await;
    boxes.print_becomes(second, PrintState::Printed).await;

    // The broker does; the device box finds it again and says how its devices are.
    broker.is_killed().await;
    let _broker = program().start(&data, ["broker", "--listen", &address]).await;
    let third = boxes.takes(&url).await;
    boxes.print_becomes(third, PrintState::Printed).await;
    eventually("the broker knows the devices again", async || {
        let hall = boxes.supervisor.hall().await.map_err(|error| error.to_string())?;
        let printer = hall.devices.into_iter().find(|device| device.name == "printer-1").ok_or("no printer")?;
        if printer.report.state == DeviceState::Ok { Ok(()) } else { Err(format!("{printer:?}")) }
    })
    .await;
    for ticket in [first, second, third] {
        assert_eq!(boxes.supervisor.ticket(ticket).await.expect("the ticket").ticket.print, Some(PrintState::Printed));
    }

    let (status, took) = host.ends_on(Signal::TERM, Duration::from_secs(5)).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", host.log());
}
