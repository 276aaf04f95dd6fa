//! The device host alone.

use anyhow::Context;
use client::Client;
use clock::Clock;
use device_host::Host;
use wire::Role;

use crate::cli::DevicesArgs;
use crate::failure::Failure;
use crate::hall::{runtime, wait_for_end};
use crate::roles::token;
use crate::setup::data_dir;
use crate::virtual_devices::{Pace, VirtualDevices};

/// Runs the devices of a hall until Ctrl-C. What the configuration calls virtual is simulated.
pub(crate) fn run(args: &DevicesArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Devices)?;
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    runtime()?.block_on(async {
        let client = Client::new(&args.broker.broker, token).map_err(Failure::input)?;
        let asked = client.devices().await.with_context(|| format!("asking {} for its devices", args.broker.broker));
        let mut devices = asked.map_err(Failure::Input)?;
        let _simulators =
            VirtualDevices::start(&data.join("ports"), &mut devices, Pace::AtOnce).map_err(Failure::Input)?;
        println!("{} 台设备 / devices: {}", devices.len(), data.join("ports").display());
        let host = Host::start(device_host::Options { client, devices, clock: Clock::system() });
        wait_for_end().await;
        host.stop().await;
        Ok(())
    })
}
