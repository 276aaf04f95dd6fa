//! A ticket's bytes, and its time on the wire at the profile's speed, by printer.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use client::Key;
use clock::Clock;
use wire::{DeviceProfile, Role, TakeTicket};

use super::super::Row;
use super::hall_with;
use crate::hall::Hall;

pub(super) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, text) in config::BUILT_IN {
        let profile = config::parse_profile(name, text).ok().context("a built-in profile is right")?;
        if matches!(profile, DeviceProfile::EscposPrinter(_)) {
            rows.extend(of(&dir.join(name), name, profile.baud()).await.with_context(|| name.to_owned())?);
        }
    }
    Ok(rows)
}

async fn of(dir: &Path, name: &str, baud: u32) -> anyhow::Result<Vec<Row>> {
    let devices =
        format!("[[device]]\nname = \"printer-1\"\nprofile = \"{name}\"\nport = \"virtual\"\nkiosk = \"kiosk-1\"\n");
    let hall = Hall::start(hall_with(dir, &devices)?, Clock::system()).await.map_err(|failure| failure.into_error())?;
    let printer = hall.devices.printers.get("printer-1").context("the printer")?;
    let wish = TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() };
    let kiosk = hall.client(Role::Kiosk)?;
    kiosk.take_ticket(&Key::new(), &wish).await.context("taking a number")?;
    let bytes = bytes_of_a_ticket(printer).await?;
    hall.stop().await;
    let seconds = bytes as f64 * 10.0 / f64::from(baud);
    let at_19200 = bytes as f64 * 10.0 / 19_200.0;
    Ok(vec![
        Row::new(format!("a ticket of {name}, bytes"), bytes as f64, "B").beside(1000.0, "allowed"),
        Row::new(format!("a ticket of {name}, at its {baud} baud"), seconds, "s").beside(at_19200, "at 19200 baud"),
    ])
}

/// Everything the printer was sent once it is quiet: status requests of a quarter of a second are no ticket's, and few.
async fn bytes_of_a_ticket(printer: &device_sim::Printer) -> anyhow::Result<usize> {
    let printed = async {
        // Paper without a cutter comes out all the same: when the printer has been sent nothing new for a while.
        let (mut before, mut quiet) = (0, 0);
        while quiet < 10 || before < 100 {
            tokio::time::sleep(Duration::from_millis(25)).await;
            let now = printer.received().len();
            quiet = if now == before { quiet + 1 } else { 0 };
            before = now;
        }
        before
    };
    tokio::time::timeout(Duration::from_secs(20), printed).await.context("waiting for a ticket")
}
