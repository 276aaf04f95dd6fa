//! What a scripted hall leaves behind: every ticket as a picture and as bytes, every sign's frames, a picture of each window.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use device_sim::Ticket;
use tokio::process::Command;
use wire::Role;

use crate::access;
use crate::hall::Hall;

/// How long the printer may take for what is still in the outbox.
const LAST_PRINTS: Duration = Duration::from_secs(10);

/// Writes `out/` and says what is in it.
pub(super) async fn write(hall: &Hall, out: &Path) -> anyhow::Result<String> {
    // An earlier run's tickets would pass for this one's.
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| format!("emptying {}", out.display()))?;
    }
    let tickets = write_tickets(hall, &out.join("tickets")).await?;
    let led = out.join("led");
    hall.devices.record_signs(&led).with_context(|| format!("writing {}", led.display()))?;
    let windows = out.join("windows");
    draw_windows(hall, &windows).await?;
    let signs = hall.devices.hall_signs.len() + hall.devices.window_signs.len();
    Ok(format!("{tickets} 张号票 tickets · {signs} 块屏 signs · 3 个窗口 windows"))
}

async fn write_tickets(hall: &Hall, dir: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let outbox = hall.client(Role::Devices)?;
    let drained = async {
        while !outbox.print_jobs(None).await?.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok::<_, client::Error>(())
    };
    match tokio::time::timeout(LAST_PRINTS, drained).await {
        Ok(outcome) => outcome.context("asking for the last prints")?,
        Err(_late) => tracing::warn!("some tickets were not printed in time"),
    }
    let mut written = 0;
    for ticket in hall.devices.printers.values().flat_map(|printer| printer.tickets()) {
        let Some(number) = number(hall, &ticket) else {
            bail!("a printed ticket has no number on it: {:?}", ticket.text());
        };
        let write = |ending: &str, bytes: &[u8]| {
            let path = dir.join(format!("{number}.{ending}"));
            fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
        };
        write("escpos", &ticket.bytes)?;
        write("png", &ticket.png())?;
        written += 1;
    }
    Ok(written)
}

/// The number as it stands on the paper: a line that is a prefix of the hall and at least three digits.
fn number(hall: &Hall, ticket: &Ticket) -> Option<String> {
    let rules = &hall.setup.config.rules;
    let tiers = rules.tiers.iter().map(|tier| tier.prefix.as_str());
    let services = rules.services.iter().filter_map(|service| service.prefix.as_ref().map(|prefix| prefix.as_str()));
    let prefixes: Vec<&str> = tiers.chain(services).collect();
    ticket.text_lines.iter().map(|line| line.trim()).find_map(|line| {
        let own = prefixes.iter().find_map(|prefix| line.strip_prefix(prefix))?;
        (own.len() >= 3 && own.bytes().all(|byte| byte.is_ascii_digit())).then(|| line.to_owned())
    })
}

/// Each window is drawn by its own process, as it would be shown by one.
async fn draw_windows(hall: &Hall, dir: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let program = std::env::current_exe().context("finding this program")?;
    let secrets = hall.setup.data.join(access::FILE);
    let config = &hall.setup.config;
    let mut windows: Vec<(&str, Vec<String>)> = Vec::new();
    if let Some(kiosk) = config.kiosks.first() {
        let data = hall.setup.data.display().to_string();
        windows.push(("kiosk", vec!["--name".into(), kiosk.name.clone(), "--data".into(), data]));
    }
    if let Some(screen) = config.screens.first() {
        windows.push(("screen", vec!["--name".into(), screen.name.clone()]));
    }
    if let Some(counter) = config.rules.counters.iter().find(|rule| rule.kind == hall::rules::CounterKind::General) {
        windows.push(("teller", vec!["--counter".into(), counter.number.to_string()]));
    }
    for (role, more) in windows {
        let picture = dir.join(format!("{role}.png"));
        let status = Command::new(&program)
            .args([role, "--broker", &hall.url(), "--token-file"])
            .arg(&secrets)
            .arg("--picture")
            .arg(&picture)
            .args(more)
            .status()
            .await
            .with_context(|| format!("drawing the {role} window"))?;
        if !status.success() {
            bail!("drawing the {role} window ended with {status}");
        }
    }
    Ok(())
}
