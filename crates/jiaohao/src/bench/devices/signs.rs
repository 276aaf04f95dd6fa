//! From a teller's call to the last byte at the window's sign, with many signs on one line of 9600 baud.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use client::{Client, Key};
use clock::Clock;
use device_sim::{Font, LineOptions, WindowOptions, WindowSign};
use wire::{Complete, Role, SignIn, TakeTicket};

use super::super::Row;
use super::super::stats::quantile_ms;
use super::hall_with;
use crate::hall::Hall;

const BAUD: u32 = 9_600;
/// Counters of the sample that take every tier and pay bills.
const STAFFED: std::ops::RangeInclusive<u16> = 3..=8;
/// The sample's counters end here; more are added.
const LAST: u16 = 8;
const CALLS: usize = 25;
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn measure(dir: &Path, count: u16) -> anyhow::Result<Vec<Row>> {
    let font = Font::from_bytes(look::fonts::REGULAR.to_vec()).context("reading the bundled font")?;
    // The measured sign is that of counter 8; one line, addresses as counters.
    let counters: Vec<u16> = if count == 1 { vec![LAST] } else { (1..=count).collect() };
    let line = LineOptions::new(dir, "line").at_baud(BAUD);
    let units =
        counters.iter().map(|counter| WindowOptions::new(u8::try_from(*counter).unwrap_or(u8::MAX), font.clone()));
    std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let signs = WindowSign::start_bus(&line, units).context("starting the signs")?;
    let port = signs.first().context("a sign")?.path().display().to_string();
    let hall = Hall::start(hall_with(dir, &described(&counters, &port))?, Clock::system())
        .await
        .map_err(|failure| failure.into_error())?;
    let teller = hall.client(Role::Teller)?;
    for counter in STAFFED {
        let number = format!("100{counter}");
        let pin = hall.setup.secrets.pin.get(&number).cloned().unwrap_or_default();
        teller.sign_in(counter, &Key::new(), &SignIn { teller: number, pin }).await.context("signing in")?;
    }
    let sign = signs.iter().find(|sign| u16::from(sign.unit()) == LAST).context("the measured sign")?;
    let mut rows = rows_of(&teller, sign, &format!("{count} signs on the line"), &[]).await?;
    if count > 1 {
        let others: Vec<u16> = STAFFED.filter(|counter| *counter != LAST).collect();
        rows.extend(rows_of(&teller, sign, &format!("{count} signs, five of them blinking"), &others).await?);
    }
    hall.stop().await;
    Ok(rows)
}

/// Calls at the measured counter again and again, while these others have just called too.
async fn rows_of(teller: &Client, sign: &WindowSign, when: &str, others: &[u16]) -> anyhow::Result<Vec<Row>> {
    let (mut took, mut beyond, mut wire_ms) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..CALLS {
        for counter in others {
            call(teller, *counter).await?;
        }
        settle(sign, others.is_empty()).await;
        let number = take(teller).await?;
        let pressed = Instant::now();
        teller.call_next(LAST, &Key::new()).await.context("calling")?.context("nobody was called")?;
        tokio::time::timeout(PATIENCE, sign.wait_for_shown(|shown| shown.trim() == number))
            .await
            .with_context(|| format!("waiting for {number}"))?;
        let at = sign.last_frame_at().context("the sign's last byte")?.saturating_duration_since(pressed);
        let bytes = sign.frames().last().map_or(0, |frame| frame.bytes.len());
        let wire = Duration::from_secs_f64(bytes as f64 * 10.0 / f64::from(BAUD));
        wire_ms = wire.as_secs_f64() * 1000.0;
        took.push(at);
        beyond.push(at.saturating_sub(wire));
        for counter in others.iter().chain([&LAST]) {
            teller.complete(*counter, &Key::new(), &Complete::default()).await.context("completing")?;
        }
    }
    let limit = "the frame on the wire";
    Ok(vec![
        Row::new(format!("call → window sign, {when}, p50"), quantile_ms(&mut took, 0.5), "ms").beside(wire_ms, limit),
        Row::new(format!("call → window sign, {when}, p99"), quantile_ms(&mut took, 0.99), "ms").beside(wire_ms, limit),
        Row::new(format!("… beyond the wire, {when}, p50"), quantile_ms(&mut beyond, 0.5), "ms"),
        Row::new(format!("… beyond the wire, {when}, p99"), quantile_ms(&mut beyond, 0.99), "ms"),
    ])
}

async fn call(teller: &Client, counter: u16) -> anyhow::Result<()> {
    take(teller).await?;
    teller.call_next(counter, &Key::new()).await.context("calling")?.context("nobody was called")?;
    Ok(())
}

async fn take(teller: &Client) -> anyhow::Result<String> {
    let wish = TakeTicket { service: "payment".to_owned(), ..TakeTicket::default() };
    Ok(teller.take_ticket(&Key::new(), &wish).await.context("taking a number")?.ticket.number)
}

/// Waits until the line is free of the call before; where others blink it never is for long.
async fn settle(sign: &WindowSign, quiet: bool) {
    let pause = Duration::from_millis(if quiet { 120 } else { 700 });
    loop {
        let before = sign.received().len();
        tokio::time::sleep(pause).await;
        if !quiet || sign.received().len() == before {
            return;
        }
    }
}

/// Counters beyond the sample's, and a sign for each of these counters.
fn described(counters: &[u16], port: &str) -> String {
    let mut text = String::new();
    for counter in counters {
        if *counter > LAST {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "[[counter]]\nnumber = {counter}\nname = {{ zh = \"综合业务\", en = \"All services\" }}\nkind = \"general\"\nservices = \"all\""
            );
        }
        let _ = writeln!(
            text,
            "[[device]]\nname = \"sign-{counter}\"\nprofile = \"modbus-window-6\"\nport = \"{port}\"\naddress = {counter}\ncounter = {counter}"
        );
    }
    text
}
