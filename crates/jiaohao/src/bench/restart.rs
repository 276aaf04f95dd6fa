//! How long a broker with a full day needs until it answers again.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use client::Key;
use clock::Clock;
use wire::{Role, SignIn, TakeTicket};

use super::Row;
use crate::hall::start_broker;
use crate::setup::Setup;

/// A full day of a large hall.
const DAY: usize = 1000;

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let prepare = || Setup::prepare(Some(dir), None, Some(([127, 0, 0, 1], 0).into()));
    let setup = prepare()?;
    let broker =
        start_broker(&setup, setup.premises(vec![]), Clock::system()).await.map_err(|failure| failure.into_error())?;
    let url = format!("http://{}", broker.address());
    live_a_day(&url, &setup).await?;
    broker.stop().await;

    let setup = prepare()?;
    let begun = Instant::now();
    let broker =
        start_broker(&setup, setup.premises(vec![]), Clock::system()).await.map_err(|failure| failure.into_error())?;
    let client = client::Client::new(format!("http://{}", broker.address()), setup.secrets.role(Role::Supervisor)?)?;
    let seq = client.hall().await.context("asking the restarted broker")?.seq;
    let took = begun.elapsed();
    broker.stop().await;
    if (seq as usize) < DAY {
        bail!("the restarted broker knows {seq} events only");
    }
    Ok(vec![Row::new(format!("restart with {DAY} tickets ({seq} events)"), took.as_secs_f64() * 1000.0, "ms")])
}

/// A day's tickets, each called, started and completed.
pub(crate) async fn live_a_day(url: &str, setup: &Setup) -> anyhow::Result<()> {
    let teller = client::Client::new(url, setup.secrets.role(Role::Teller)?)?;
    let pin = setup.secrets.pin.get("1004").cloned().unwrap_or_default();
    teller.sign_in(4, &Key::new(), &SignIn { teller: "1004".to_owned(), pin }).await.context("signing in")?;
    for _ in 0..DAY {
        let wish = TakeTicket { service: "payment".to_owned(), ..TakeTicket::default() };
        teller.take_ticket(&Key::new(), &wish).await.context("taking a number")?;
        teller.call_next(4, &Key::new()).await.context("calling")?;
        teller.start(4, &Key::new()).await.context("starting")?;
    }
    Ok(())
}
