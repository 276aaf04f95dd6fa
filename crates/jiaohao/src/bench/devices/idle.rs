//! What a device host in a process of its own takes of a core while nothing happens.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use clock::Clock;
use tokio::process::Command;

use super::super::Row;
use super::super::process::core_share;
use super::hall_with;
use crate::access;
use crate::hall::start_broker;
use crate::virtual_devices::{Pace, VirtualDevices};

/// All devices of the sample are there by then.
const WARM_UP: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(20);
/// Keys are asked for 20 times a second, and an identity card 3 times.
const BUSIEST: &str = "[[device]]\nname = \"keypad-4\"\nprofile = \"keypad-modbus-8\"\nport = \"virtual\"\naddress = 4\ncounter = 4\n\
                       [[device]]\nname = \"id-1\"\nprofile = \"id-reader-sdt\"\nport = \"virtual\"\nkiosk = \"kiosk-1\"\n";

pub(super) async fn measure(dir: &Path) -> anyhow::Result<Vec<Row>> {
    let (_, devices) = config::SAMPLE.split_once("[[device]]").context("the sample has devices")?;
    let devices = format!("[[device]]{devices}");
    let sample = share(&dir.join("sample"), &devices).await?;
    let busiest = share(&dir.join("polled"), &format!("{devices}\n{BUSIEST}")).await?;
    Ok(vec![
        Row::new("device host, idle, of a core", sample, "%").beside(1.0, "allowed"),
        Row::new("the same, with a polled keypad and an identity card reader", busiest, "%").beside(1.0, "allowed"),
    ])
}

/// Percent of a core that the device host takes; the simulated devices live in this process, not in its.
async fn share(dir: &Path, devices: &str) -> anyhow::Result<f64> {
    let setup = hall_with(dir, devices)?;
    let mut devices = setup.config.devices.clone();
    let _simulated = VirtualDevices::start(&dir.join("ports"), &mut devices, Pace::AtOnce)?;
    let broker =
        start_broker(&setup, setup.premises(devices), Clock::system()).await.map_err(|failure| failure.into_error())?;
    let mut host = Command::new(std::env::current_exe().context("finding this program")?)
        .args(["devices", "--broker", &format!("http://{}", broker.address()), "--token-file"])
        .arg(setup.data.join(access::FILE))
        .arg("--data")
        .arg(dir.join("host"))
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting a device host")?;
    let pid = host.id().context("the device host's process")?;
    tokio::time::sleep(WARM_UP).await;
    let used = core_share(pid, MEASURED).await?;
    host.kill().await.context("ending the device host")?;
    broker.stop().await;
    Ok(used)
}
