//! The power goes between a number and its paper: the whole hall is killed, and the printer is off and on with it.

use std::path::Path;
use std::time::Duration;

use client::{Client, Key};
use device_sim::{Printer, PrinterOptions};
use hall_tests::{Running, Wires, at_port, eventually, lettering};
use jiaohao::access::token_from;
use wire::{AlarmKind, DeviceState, PrintState, Role, TakeTicket, TicketView};

use crate::program;

/// So slow that a ticket takes about a second to come out, and can be caught half printed.
const MM_PER_SECOND: f32 = 100.0;

/// When the power goes.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// The kiosk has just got its answer.
    Answered,
    /// So long after it.
    Later(Duration),
    /// The first lines are on paper.
    HalfPrinted,
    /// The ticket has just been cut.
    Cut,
}

const MOMENTS: [Moment; 9] = [
    Moment::Answered,
    Moment::HalfPrinted,
    Moment::Cut,
    Moment::Answered,
    Moment::Later(Duration::from_millis(1)),
    Moment::Later(Duration::from_millis(2)),
    Moment::Later(Duration::from_millis(4)),
    Moment::Later(Duration::from_millis(8)),
    Moment::Answered,
];

fn client(url: &str, data: &Path, role: Role) -> Client {
    let token = token_from(&data.join("access.toml"), role).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

async fn hall(data: &Path, file: &Path, listen: &str) -> Running {
    let file = file.display().to_string();
    program().start(data, ["hall", "--headless", "--listen", listen, "--config", &file]).await
}

async fn printer_is_well(supervisor: &Client) {
    eventually("the printer is well", async || {
        let hall = supervisor.hall().await.map_err(|error| error.to_string())?;
        let printer = hall.devices.into_iter().find(|device| device.name == "printer-1").ok_or("no printer")?;
        if printer.report.state == DeviceState::Ok { Ok(()) } else { Err(format!("{:?}", printer.report)) }
    })
    .await;
}

/// Waits for the moment at which the power is to go.
async fn comes(moment: Moment, printer: &Printer, finished: usize) {
    match moment {
        Moment::Answered => {}
        Moment::Later(later) => tokio::time::sleep(later).await,
        Moment::HalfPrinted => {
            eventually("the first lines are on paper", async || {
                if printer.hanging_lines().is_empty() { Err("no line") } else { Ok(()) }.map_err(str::to_owned)
            })
            .await;
        }
        Moment::Cut => {
            printer.wait_for_tickets(finished + 1).await;
        }
    }
}

/// How the print of a ticket stands once it does not change any more.
async fn settled(supervisor: &Client, ticket: &TicketView) -> PrintState {
    eventually(format!("the print of {} is settled", ticket.number), async || {
        let print = supervisor.ticket(ticket.id).await.map_err(|error| error.to_string())?.ticket.print;
        match print.ok_or("it is not to be printed")? {
            settled @ (PrintState::Printed | PrintState::Uncertain | PrintState::Expired | PrintState::Failed) => {
                Ok(settled)
            }
            under_way @ (PrintState::Queued | PrintState::Sending | PrintState::Sent) => Err(format!("{under_way:?}")),
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_between_the_number_and_its_paper_prints_the_ticket_once_or_tells_that_nobody_knows() {
    let wires = Wires::laid();
    let mut options = PrinterOptions::new(wires.line(), lettering());
    options.mm_per_second = Some(MM_PER_SECOND);
    let printer = Printer::start(options).expect("a printer");
    let home = tempfile::tempdir().expect("a temporary directory");
    let (data, file) = (home.path().join("hall"), home.path().join("hall.toml"));
    std::fs::write(&file, at_port(config::SAMPLE, "printer-1", &wires.port())).expect("a configuration");

    let mut running = hall(&data, &file, "127.0.0.1:0").await;
    let (url, address) = (running.url().to_owned(), running.address().to_owned());
    let (kiosk, supervisor) = (client(&url, &data, Role::Kiosk), client(&url, &data, Role::Supervisor));
    let mut uncertain = Vec::new();
    let mut taken = Vec::new();
    for moment in MOMENTS {
        printer_is_well(&supervisor).await;
        let finished = printer.finished_tickets();
        let wish =
            TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() };
        let ticket = kiosk.take_ticket(&Key::new(), &wish).await.expect("a number").ticket;
        comes(moment, &printer, finished).await;
        running.is_killed().await;
        printer.power_cycle();

        running = hall(&data, &file, &address).await;
        let print = settled(&supervisor, &ticket).await;
        let text = format!("{}\n{}", all_text(&printer), printer.hanging_lines().join("\n"));
        let on_paper = text.matches(&ticket.number).count();
        eprintln!("{moment:?}: {} is {print:?}, {on_paper} times on paper", ticket.number);
        match print {
            PrintState::Printed => assert_eq!(on_paper, 1, "{moment:?}: {text}"),
            PrintState::Uncertain => {
                assert!(on_paper <= 1, "{moment:?}: {text}");
                uncertain.push(ticket.number.clone());
            }
            PrintState::Queued | PrintState::Sending | PrintState::Sent | PrintState::Expired | PrintState::Failed => {
                panic!("{moment:?}: {print:?}, a few seconds after it was taken")
            }
        }
        taken.push((ticket, print));
    }
    // What was caught half printed is for a person to judge: staff are told which, in both languages.
    assert!(!uncertain.is_empty(), "no kill hit a ticket on its way");
    let hall = supervisor.hall().await.expect("the hall");
    let alarm = hall.alarms.iter().find(|alarm| alarm.kind == AlarmKind::PrintUncertain).expect("an alarm");
    assert_eq!(alarm.about, uncertain.join("、"));
    assert!(
        alarm.text.zh.contains("请问顾客，需要时补打") && alarm.text.en.contains("ask the customer, reprint if needed")
    );
    // Every number stands, in its order, and none changed its mind.
    assert_eq!(
        hall.waiting.iter().map(|ticket| &ticket.number).collect::<Vec<_>>(),
        taken.iter().map(|(ticket, _)| &ticket.number).collect::<Vec<_>>()
    );
    for (ticket, print) in &taken {
        assert_eq!(supervisor.ticket(ticket.id).await.expect("the ticket").ticket.print, Some(*print));
        let on_paper = all_text(&printer).matches(&ticket.number).count();
        assert!(on_paper <= 1, "{} is {on_paper} times on paper", ticket.number);
    }
}

fn all_text(printer: &Printer) -> String {
    printer.tickets().iter().map(|paper| paper.text()).collect::<Vec<_>>().join("\n")
}
