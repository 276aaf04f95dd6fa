//! What devices cost: a ticket's time on the wire by printer, a call's way to its sign on a shared line, how soon an unplugged device is
//! served again, and what the device host takes while nothing happens.

mod idle;
mod reconnect;
mod signs;
mod tickets;

use std::path::Path;

use anyhow::Context;

use super::Row;
use crate::setup::Setup;

pub(super) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = tickets::measure(&dir.join("tickets")).await.context("measuring tickets by printer")?;
    for signs in [1, 8, 20] {
        let room = dir.join(format!("signs-{signs}"));
        rows.extend(signs::measure(&room, signs).await.with_context(|| format!("measuring {signs} signs"))?);
    }
    rows.extend(reconnect::measure(&dir.join("reconnect")).await.context("measuring how soon a device is back")?);
    rows.extend(idle::measure(&dir.join("idle")).await.context("measuring an idle device host")?);
    Ok(rows)
}

/// A hall of the sample with other devices, below `dir`. `devices` is TOML, as are whatever counters it adds.
fn hall_with(dir: &Path, devices: &str) -> anyhow::Result<Setup> {
    std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let (sample, _) = config::SAMPLE.split_once("[[device]]").context("the sample has devices")?;
    let file = dir.join("bench.toml");
    std::fs::write(&file, format!("{sample}{devices}")).with_context(|| format!("writing {}", file.display()))?;
    Setup::prepare(Some(dir), Some(&file), Some(([127, 0, 0, 1], 0).into()))
}
