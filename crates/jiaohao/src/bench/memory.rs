//! What a broker of its own process takes, idle and after a full day.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::Row;
use super::process::resident_mb;
use super::restart::live_a_day;
use crate::setup::Setup;

pub(crate) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let setup = Setup::prepare(Some(dir), None, None)?;
    let mut broker = Command::new(std::env::current_exe().context("finding this program")?)
        .args(["broker", "--listen", "127.0.0.1:0", "--data"])
        .arg(dir)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("starting a broker")?;
    let out = broker.stdout.take().context("the broker's output")?;
    let mut lines = BufReader::new(out).lines();
    let url = loop {
        let line = tokio::time::timeout(Duration::from_secs(20), lines.next_line())
            .await
            .context("waiting for the broker")??;
        let Some(line) = line else { bail!("the broker ended at start") };
        if let Some(url) = line.split_whitespace().find_map(|word| word.strip_suffix("/api/v1")) {
            break url.to_owned();
        }
    };
    let pid = broker.id().context("the broker's process")?;
    let idle = resident_mb(pid)?;
    live_a_day(&url, &setup).await?;
    let after = resident_mb(pid)?;
    broker.kill().await.context("ending the broker")?;
    Ok(vec![Row::new("broker resident, idle", idle, "MB"), Row::new("broker resident, after a full day", after, "MB")])
}
