//! The real broker: what its journal brings back is what was there.

use std::net::SocketAddr;
use std::time::Duration;

use broker::{Broker, Options};
use client::{Client, Error, Key};
use clock::{Clock, Stepper};
use hall::command::CounterAct;
use hall::{AppointmentCode, At, Command, Destination};
use jiaohao::setup::Setup;
use wire::{
    AlarmKind, BookAppointment, Complete, HallSnapshot, Hold, Issued, Pause, Priority, Rating, Rejoin, Role, SignIn,
    TakeTicket, TicketId, Transfer, Wait,
};

use crate::dice::Dice;
use crate::rules::sample;
use crate::{Seed, seeds};

/// 2026-11-23 09:00 in Shanghai.
const OPENS_MS: i64 = 1_795_395_600_000;
const COMMANDS: u32 = 400;

#[tokio::test]
async fn a_broker_that_starts_again_has_the_same_hall() {
    for seed in seeds(&[42]) {
        let _named = Seed(seed);
        let home = tempfile::tempdir().expect("a temporary directory");
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let setup = Setup::prepare(Some(home.path()), None, Some(listen)).expect("the sample hall");
        let (clock, stepper) = Clock::stepped(OPENS_MS);
        let broker = start(&setup, listen, &clock).await;
        let address = broker.address();
        let client = client(&setup, address);

        let mut dice = Dice::new(seed, &sample());
        let mut granted = 0;
        for _ in 0..COMMANDS {
            move_clock(&stepper, &clock, dice.time_ms());
            let newest = client.hall().await.expect("a snapshot").waiting.iter().map(|ticket| ticket.id.0).max();
            let at = At { utc_ms: clock.now_ms(), offset_s: 28_800 };
            let command = dice.command(at, TicketId(1), TicketId(newest.unwrap_or(1)));
            match ask(&client, &setup, &command).await {
                Ok(()) => granted += 1,
                Err(Error::Refused(_)) => {}
                Err(error) => panic!("{command:?}: {error:?}"),
            }
        }
        assert!(granted > COMMANDS / 8, "only {granted} commands were granted: too dull");

        let hall = snapshot(&client).await;
        let tickets = all_tickets(&client).await;
        assert!(tickets.len() > 20, "{} tickets", tickets.len());
        let appointments = client.appointments().await.expect("a list");
        assert!(!appointments.is_empty());
        broker.stop().await;

        let broker = start(&setup, address, &clock).await;
        assert_eq!(snapshot(&client).await, hall);
        assert_eq!(all_tickets(&client).await, tickets);
        assert_eq!(client.appointments().await.expect("a list"), appointments);
        broker.stop().await;
    }
}

async fn start(setup: &Setup, listen: SocketAddr, clock: &Clock) -> Broker {
    let options = Options {
        listen,
        data: setup.data.clone(),
        rules: setup.config.rules.clone().into(),
        premises: setup.premises(vec![]),
        access: setup.access(),
        clock: clock.clone(),
    };
    Broker::start(options).await.expect("a broker that starts")
}

fn client(setup: &Setup, address: SocketAddr) -> Client {
    let token = &setup.secrets.token[&Role::Admin];
    Client::new(format!("http://{address}"), token).expect("a client")
}

fn move_clock(stepper: &Stepper, clock: &Clock, by_ms: i64) {
    match u64::try_from(by_ms) {
        Ok(forward) => stepper.pass(Duration::from_millis(forward)),
        Err(_) => stepper.set(clock.now_ms() + by_ms),
    }
}

const NO_WAIT: Wait = Wait { likely_s: 0, low_s: 0, high_s: 0, samples: 0 };

/// The hall without what was foreseen, which depends on when somebody looked.
async fn snapshot(client: &Client) -> HallSnapshot {
    let mut hall = client.hall().await.expect("a snapshot");
    hall.services.iter_mut().for_each(|service| service.wait = NO_WAIT);
    hall.alarms.retain(|alarm| alarm.kind != AlarmKind::LimitAtRisk);
    hall
}

/// Every ticket of the day with its history, in order of issue; without how it printed, which is not the journal's to tell, and
/// how long it will wait.
async fn all_tickets(client: &Client) -> Vec<Issued> {
    let mut tickets = vec![];
    for id in 1.. {
        match client.ticket(TicketId(id)).await {
            Ok(mut issued) => {
                issued.ticket.print = None;
                issued.wait = NO_WAIT;
                tickets.push(issued);
            }
            Err(Error::Refused(problem)) if problem.status == 404 => break,
            Err(error) => panic!("asking for ticket {id}: {error}"),
        }
    }
    tickets
}

/// Asks over HTTP what the command says.
async fn ask(client: &Client, setup: &Setup, command: &Command) -> Result<(), Error> {
    let key = &Key::new();
    match command {
        // The broker opens days by itself.
        Command::OpenDay { .. } | Command::CloseDay | Command::Learn(_) => {}
        Command::SetTicketing { open } => client.open_ticketing(key, *open).await?,
        Command::TakeTicket(wish) => {
            let wish = TakeTicket {
                service: wish.service.to_string(),
                tier: wish.tier.as_ref().map(ToString::to_string),
                identity: None,
                identified: None,
                care: wish.care,
                booked_at: None,
                appointment: match &wish.appointment {
                    Some(code) => Some(real_code(client, code).await?),
                    None => None,
                },
                paperless: wish.paperless,
                language: wish.language.clone(),
                customer: wish.customer.clone(),
                kiosk: wish.kiosk.clone(),
            };
            client.take_ticket(key, &wish).await?;
        }
        Command::BookAppointment(wish) => {
            let (service, tier) = (wish.service.to_string(), wish.tier.as_ref().map(ToString::to_string));
            let at = wire::event::timestamp(wish.at.utc_ms);
            client.book_appointment(key, &BookAppointment { service, at, tier }).await?;
        }
        Command::CancelAppointment { code } => {
            let code = real_code(client, code).await?;
            client.cancel_appointment(&code, key).await?;
        }
        Command::SignIn { counter, teller } => {
            // A teller without a PIN cannot even try.
            if let Some(pin) = setup.secrets.pin.get(teller.as_str()) {
                let sign_in = SignIn { teller: teller.to_string(), pin: pin.clone() };
                client.sign_in(counter.0, key, &sign_in).await?;
            }
        }
        Command::AtCounter { counter, act } => at_counter(client, key, counter.0, act).await?,
        Command::Rate { ticket, score, comment } => {
            client.rate(*ticket, key, &Rating { score: *score, comment: comment.clone() }).await?;
        }
        Command::Cancel { ticket, .. } => drop(client.cancel(*ticket, key).await?),
        Command::Prioritise { ticket, care } => {
            client.prioritise(*ticket, key, &Priority { care: *care }).await?;
        }
        Command::Rejoin { ticket, same_counter } => {
            client.rejoin(*ticket, key, &Rejoin { same_counter: Some(*same_counter) }).await?;
        }
        Command::Reprint { ticket } => drop(client.reprint(*ticket, key).await?),
    }
    Ok(())
}

/// The broker makes codes of its own: the one that stands where this one points, or this one while there is none.
async fn real_code(client: &Client, code: &AppointmentCode) -> Result<String, Error> {
    let codes: Vec<String> = client.appointments().await?.into_iter().map(|one| one.code).collect();
    let wanted: usize = code.as_str().parse().expect("digits");
    Ok(codes.get(wanted % codes.len().max(1)).cloned().unwrap_or_else(|| code.to_string()))
}

async fn at_counter(client: &Client, key: &Key, n: u16, act: &CounterAct) -> Result<(), Error> {
    match act {
        CounterAct::SignOut => drop(client.sign_out(n, key).await?),
        CounterAct::Pause { reason } => drop(client.pause(n, key, &Pause { reason: reason.clone() }).await?),
        CounterAct::Resume => drop(client.resume(n, key).await?),
        CounterAct::CallNext => drop(client.call_next(n, key).await?),
        CounterAct::Call { ticket } => {
            client.call(n, key, *ticket).await?;
        }
        CounterAct::Recall => drop(client.recall(n, key).await?),
        CounterAct::NoShow => drop(client.no_show(n, key).await?),
        CounterAct::Start => drop(client.start(n, key).await?),
        CounterAct::Complete { outcome } => {
            client.complete(n, key, &Complete { outcome: outcome.clone() }).await?;
        }
        CounterAct::Hold { reason, kind } => {
            client.hold(n, key, &Hold { reason: reason.clone(), kind: *kind }).await?;
        }
        CounterAct::Transfer { to, keep_place, note } => {
            let (service, counter) = match to {
                Destination::Service(service) => (Some(service.to_string()), None),
                Destination::Counter(counter) => (None, Some(counter.0)),
            };
            client
                .transfer(n, key, &Transfer { service, counter, note: note.clone(), keep_place: Some(*keep_place) })
                .await?;
        }
        CounterAct::Return => drop(client.return_ticket(n, key).await?),
    }
    Ok(())
}
