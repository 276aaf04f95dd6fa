//! The device host alone.

use std::time::Duration;

use anyhow::{Context, anyhow};
use client::Client;
use clock::Clock;
use device_host::{Font, Host};
use wire::{DeviceSpec, Role};

use crate::cli::DevicesArgs;
use crate::failure::Failure;
use crate::hall::{End, runtime};
use crate::roles::token;
use crate::setup::data_dir;
use crate::virtual_devices::{Pace, VirtualDevices};

/// How often a broker that is not there yet is asked again: after a power cut the boxes of a hall start in any order.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// The hall's devices, as soon as the broker can be asked; `None` when this process is ended before.
async fn ask(client: &Client, broker: &str, end: &mut End) -> Result<Option<Vec<DeviceSpec>>, Failure> {
    let mut told = false;
    loop {
        match client.devices().await {
            Ok(devices) => return Ok(Some(devices)),
            Err(error) if error.is_passing() => {
                if !told {
                    println!("等待 {broker} / waiting for {broker}");
                    tracing::warn!(error = client::with_causes(&error), "the broker cannot be asked yet");
                    told = true;
                }
            }
            Err(error) => {
                return Err(Failure::Input(anyhow!(error).context(format!("asking {broker} for its devices"))));
            }
        }
        tokio::select! {
            () = tokio::time::sleep(ASK_AGAIN) => {}
            () = end.asked_for() => return Ok(None),
        }
    }
}

/// Runs the devices of a hall until Ctrl-C. What the configuration calls virtual is simulated.
pub(crate) fn run(args: &DevicesArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Devices)?;
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let client = Client::new(&args.broker.broker, token).map_err(Failure::input)?;
        let Some(mut devices) = ask(&client, &args.broker.broker, &mut end).await? else { return Ok(()) };
        let _simulators =
            VirtualDevices::start(&data.join("ports"), &mut devices, Pace::AtOnce).map_err(Failure::Input)?;
        println!("{} 台设备 / devices: {}", devices.len(), data.join("ports").display());
        let font = ticket_font().map_err(Failure::Input)?;
        let host = Host::start(device_host::Options { client, devices, clock: Clock::system(), font });
        end.asked_for().await;
        host.stop().await;
        Ok(())
    })
}

/// What images on tickets are drawn from: the font that the windows have too.
///
/// # Errors
/// When the bundled bytes are no font.
pub fn ticket_font() -> anyhow::Result<Font> {
    Font::from_bytes(look::fonts::REGULAR.to_vec()).context("reading the bundled font")
}
