//! From the moment an unplugged device is there again to its first byte, and to the broker's word that it is well.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use client::Client;
use clock::Clock;
use wire::{DeviceState, Role};

use super::super::Row;
use super::super::stats::quantile_ms;
use crate::hall::Hall;
use crate::setup::Setup;

const TIMES: usize = 10;
const SIGN: &str = "window-led-3";
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let setup = Setup::prepare(Some(dir), None, Some(([127, 0, 0, 1], 0).into()))?;
    let hall = Hall::start(setup, Clock::system()).await.map_err(|failure| failure.into_error())?;
    let watcher = hall.client(Role::Supervisor)?;
    let sign = hall.devices.window_signs.get(SIGN).context("the sample's sign")?;
    becomes(&watcher, |state| state == DeviceState::Ok).await?;
    let (mut byte, mut well) = (Vec::new(), Vec::new());
    for n in 0..TIMES {
        sign.unplug();
        becomes(&watcher, |state| state == DeviceState::Fault).await?;
        // Away for up to two seconds: how long the host waits between tries depends on it.
        tokio::time::sleep(Duration::from_millis(200 * n as u64)).await;
        sign.forget_received();
        sign.plug_back().context("plugging it in")?;
        let plugged = Instant::now();
        becomes(&watcher, |state| state == DeviceState::Ok).await?;
        well.push(plugged.elapsed());
        byte.push(sign.first_byte_at().context("its first byte")?.saturating_duration_since(plugged));
    }
    hall.stop().await;
    let limit = "the longest pause between two tries";
    Ok(vec![
        Row::new("plugged in again → first byte, p50", quantile_ms(&mut byte, 0.5), "ms").beside(3_000.0, limit),
        Row::new("plugged in again → first byte, longest", quantile_ms(&mut byte, 1.0), "ms").beside(3_000.0, limit),
        Row::new("plugged in again → said to be well, longest", quantile_ms(&mut well, 1.0), "ms"),
    ])
}

async fn becomes(watcher: &Client, is: impl Fn(DeviceState) -> bool) -> anyhow::Result<()> {
    let looked = async {
        loop {
            let hall = watcher.hall().await.context("asking for the hall")?;
            if hall.devices.iter().any(|device| device.name == SIGN && is(device.report.state)) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looked).await.context("waiting for the sign's state")?
}
