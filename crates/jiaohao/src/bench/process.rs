//! What a process takes of the machine, as Linux counts it.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context;

/// Linux counts a process's time for others to read in hundredths, whatever its own clock is (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Percent of a core that a process takes while `lasting` passes.
pub(super) async fn core_share(pid: u32, lasting: Duration) -> anyhow::Result<f64> {
    let (before, begun) = (ticks(pid)?, Instant::now());
    tokio::time::sleep(lasting).await;
    let used = ticks(pid)? - before;
    Ok(100.0 * used / TICKS_PER_SECOND / begun.elapsed().as_secs_f64())
}

/// User and system time of a process so far, in clock ticks (proc(5), `/proc/pid/stat`, fields 14 and 15).
fn ticks(pid: u32) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("reading a process's time")?;
    // The name in brackets may hold blanks.
    let (_, fields) = stat.rsplit_once(')').context("a process's time")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("a process's time");
    Ok(number(11)? + number(12)?)
}

/// The memory of a process that is in the machine's.
pub(super) fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("reading a process's memory")?;
    let kb = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|kb| kb.parse::<f64>().ok())
        .context("a process's resident memory")?;
    Ok(kb / 1024.0)
}
