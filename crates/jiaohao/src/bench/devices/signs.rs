//! From a teller's call, and from the broker's word of it to the device host, to the last byte at the window's sign, with many signs
//! on one line of 9600 baud.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use client::{Client, Key, Message};
use clock::Clock;
use device_sim::{Font, LineOptions, WindowOptions, WindowSign};
use tokio::sync::mpsc;
use wire::{Complete, PassingKind, Place, Role, SignIn, TakeTicket};

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
    let mut measured = Measured { teller, sign, words: words_for_the_sign(&hall.client(Role::Devices)?) };
    let mut rows = measured.rows(&format!("{count} signs on the line"), &[]).await?;
    if count > 1 {
        let others: Vec<u16> = STAFFED.filter(|counter| *counter != LAST).collect();
        rows.extend(measured.rows(&format!("{count} signs, five of them blinking"), &others).await?);
    }
    hall.stop().await;
    Ok(rows)
}

/// The numbers the measured sign is to show, and when a device host hears so.
fn words_for_the_sign(devices: &Client) -> mpsc::UnboundedReceiver<(String, Instant)> {
    let (told, words) = mpsc::unbounded_channel();
    let mut stream = devices.follow(None);
    tokio::spawn(async move {
        while let Some(message) = stream.recv().await {
            let Message::Passing(passing) = message else { continue };
            let PassingKind::SignWanted { sign } = passing.kind else { continue };
            if sign.place == Place::Counter(LAST)
                && let Some(call) = sign.calls.into_iter().next()
                && told.send((call.number, Instant::now())).is_err()
            {
                return;
            }
        }
    });
    words
}

struct Measured<'s> {
    teller: Client,
    sign: &'s WindowSign,
    words: mpsc::UnboundedReceiver<(String, Instant)>,
}

impl Measured<'_> {
    /// Calls at the measured counter again and again, while these others have just called too.
    async fn rows(&mut self, when: &str, others: &[u16]) -> anyhow::Result<Vec<Row>> {
        let (mut took, mut beyond, mut from_word, mut wire_ms) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
        for _ in 0..CALLS {
            for counter in others {
                call(&self.teller, *counter).await?;
            }
            settle(self.sign, others.is_empty()).await;
            let number = take(&self.teller).await?;
            let pressed = Instant::now();
            self.teller.call_next(LAST, &Key::new()).await.context("calling")?.context("nobody was called")?;
            let word = self.word_of(&number).await?;
            tokio::time::timeout(PATIENCE, self.sign.wait_for_shown(|shown| shown.trim() == number))
                .await
                .with_context(|| format!("waiting for {number}"))?;
            let shown = self.sign.last_frame_at().context("the sign's last byte")?;
            let bytes = self.sign.frames().last().map_or(0, |frame| frame.bytes.len());
            let wire = Duration::from_secs_f64(bytes as f64 * 10.0 / f64::from(BAUD));
            wire_ms = wire.as_secs_f64() * 1000.0;
            let at = shown.saturating_duration_since(pressed);
            took.push(at);
            beyond.push(at.saturating_sub(wire));
            from_word.push(shown.saturating_duration_since(word).saturating_sub(wire));
            for counter in others.iter().chain([&LAST]) {
                self.teller.complete(*counter, &Key::new(), &Complete::default()).await.context("completing")?;
            }
        }
        let limit = "the frame on the wire";
        let row = |what: &str, values: &mut [Duration], quantile, name| {
            Row::new(format!("{what}, {when}, {name}"), quantile_ms(values, quantile), "ms")
        };
        Ok(vec![
            row("call → window sign", &mut took, 0.5, "p50").beside(wire_ms, limit),
            row("call → window sign", &mut took, 0.99, "p99").beside(wire_ms, limit),
            row("… beyond the wire", &mut beyond, 0.5, "p50"),
            row("… beyond the wire", &mut beyond, 0.99, "p99"),
            row("… beyond the wire, from the device host's hearing of it", &mut from_word, 0.5, "p50"),
            row("… beyond the wire, from the device host's hearing of it", &mut from_word, 0.99, "p99"),
        ])
    }

    async fn word_of(&mut self, number: &str) -> anyhow::Result<Instant> {
        let heard = async {
            loop {
                match self.words.recv().await {
                    Some((called, at)) if called == number => return Ok(at),
                    Some(_) => {}
                    None => anyhow::bail!("the broker's stream ended"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.with_context(|| format!("waiting for the word of {number}"))?
    }
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
