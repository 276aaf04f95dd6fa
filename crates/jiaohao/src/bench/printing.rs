//! From the touch (the request leaves the kiosk) to the answer, which is durable, and to the first byte at the printer.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use client::Key;
use clock::Clock;
use store::Store;
use wire::{Role, TakeTicket};

use super::Row;
use super::stats::quantile_ms;
use crate::hall::Hall;
use crate::setup::Setup;

const TICKETS: usize = 60;

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let mut sync = sync_times(&dir.join("sync"))?;
    let sync_ms = quantile_ms(&mut sync, 0.5);
    let setup = Setup::prepare(Some(&dir.join("hall")), None, Some(([127, 0, 0, 1], 0).into()))?;
    let hall = Hall::start(setup, Clock::system()).await.map_err(|failure| failure.into_error())?;
    let kiosk = hall.client(Role::Kiosk)?;
    let name = hall.setup.config.kiosks.first().map(|kiosk| kiosk.name.clone());
    let printer = hall.devices.printers.values().next().context("the sample hall has a printer")?;
    let (mut durable, mut first_byte, mut bytes) = (Vec::new(), Vec::new(), 0);
    for n in 1..=TICKETS {
        let wish = TakeTicket { service: "payment".to_owned(), kiosk: name.clone(), ..TakeTicket::default() };
        let touched = Instant::now();
        kiosk.take_ticket(&Key::new(), &wish).await.context("taking a number")?;
        durable.push(touched.elapsed());
        let waited = tokio::time::timeout(Duration::from_secs(10), printer.wait_for_tickets(n)).await;
        let tickets = waited.context("waiting for a printed ticket")?;
        let ticket = tickets.last().context("a printed ticket")?;
        first_byte.push(ticket.first_byte_at.saturating_duration_since(touched));
        bytes = ticket.bytes.len();
    }
    let baud = hall
        .setup
        .config
        .devices
        .iter()
        .find(|device| device.profile_name.starts_with("generic"))
        .map(|device| device.profile.baud());
    hall.stop().await;
    let wire_ms = baud.map_or(0.0, |baud| bytes as f64 * 10_000.0 / f64::from(baud));
    let syncs = "one sync of this disk";
    let two_syncs = "two syncs: the number, and that it is being printed";
    Ok(vec![
        Row::new("touch → durable, p50", quantile_ms(&mut durable, 0.5), "ms").beside(sync_ms, syncs),
        Row::new("touch → durable, p99", quantile_ms(&mut durable, 0.99), "ms")
            .beside(quantile_ms(&mut sync, 0.99), syncs),
        Row::new("touch → first printer byte, p50", quantile_ms(&mut first_byte, 0.5), "ms")
            .beside(2.0 * sync_ms, two_syncs),
        Row::new("touch → first printer byte, p99", quantile_ms(&mut first_byte, 0.99), "ms")
            .beside(2.0 * quantile_ms(&mut sync, 0.99), two_syncs),
        Row::new("a ticket on the wire", bytes as f64, "B"),
        Row::new("a ticket's time on the wire", wire_ms, "ms"),
    ])
}

/// How long this disk takes for one durable row.
pub(crate) fn sync_times(dir: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut store = Store::open(dir).context("opening a store")?;
    (0..300)
        .map(|_| {
            let begun = Instant::now();
            let mut batch = store.begin()?;
            batch.append(0, &[b'x'; 300])?;
            let _committed = batch.commit()?;
            Ok(begun.elapsed())
        })
        .collect::<Result<_, store::StoreError>>()
        .context("measuring the disk")
}
