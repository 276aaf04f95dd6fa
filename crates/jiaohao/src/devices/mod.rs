//! The device host alone, and the view of its virtual devices.

mod view;

use std::io::{IsTerminal, stdout};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use client::Client;
use clock::Clock;
use device_host::{Font, Host};
use wire::{DeviceSpec, Role};

use crate::access;
use crate::cli::{BrokerAt, DevicesArgs};
use crate::failure::Failure;
use crate::hall::{End, runtime};
use crate::roles::token;
use crate::said::say;
use crate::setup::data_dir;
use crate::virtual_devices::{Pace, VIRTUAL, VirtualDevices, are_played_by_another};

/// How often a broker that is not there yet is asked again: after a power cut the boxes of a hall start in any order.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// Runs the devices of a hall until Ctrl-C. What the configuration calls virtual is simulated; with `--virtual` everything is, and
/// a terminal shows it.
pub(crate) fn run(args: &DevicesArgs) -> Result<(), Failure> {
    match &args.attach {
        Some(dir) => attach(args, dir),
        None => host(args),
    }
}

/// What images on tickets are drawn from: the font that the windows have too.
///
/// # Errors
/// When the bundled bytes are no font.
pub fn ticket_font() -> anyhow::Result<Font> {
    Font::from_bytes(look::fonts::REGULAR.to_vec()).context("reading the bundled font")
}

fn host(args: &DevicesArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Devices)?;
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    let ports = data.join("ports");
    if args.all_virtual && are_played_by_another(&ports) {
        let data = data.display();
        return Err(Failure::Input(anyhow!(
            "another process has the virtual devices of {data}; look at them with --attach {data}, or choose another place with --data DIR"
        )));
    }
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let client = Client::new(&args.broker.broker, token).map_err(Failure::input)?;
        let Some(mut devices) = ask(&client, &args.broker.broker, &mut end).await? else { return Ok(()) };
        if args.all_virtual {
            devices.iter_mut().for_each(|device| VIRTUAL.clone_into(&mut device.port));
        }
        let simulators = VirtualDevices::start(&ports, &mut devices, Pace::AtOnce).map_err(Failure::Input)?;
        let _control = simulators.control(&ports);
        say!("{} 台设备 / devices: {}", devices.len(), ports.display());
        if args.all_virtual {
            devices.iter().for_each(|device| say!("{}  {}", device.name, device.port));
        }
        let font = ticket_font().map_err(Failure::Input)?;
        let specs = devices.clone();
        let host = Host::start(device_host::Options { client: client.clone(), devices, clock: Clock::system(), font });
        let shown = if args.all_virtual && stdout().is_terminal() {
            let source = view::Source::Own(simulators.controlled());
            let hall = view::Premises { broker: args.broker.broker.clone(), client, specs, data };
            view::run(source, hall, &mut end).await
        } else {
            end.asked_for().await;
            Ok(())
        };
        host.stop().await;
        shown.map_err(Failure::Run)
    })
}

/// Shows the virtual devices that another process has, until Ctrl-C.
fn attach(args: &DevicesArgs, data: &Path) -> Result<(), Failure> {
    if !stdout().is_terminal() {
        return Err(Failure::Input(anyhow!("--attach shows devices on a terminal, and standard output is none")));
    }
    let secrets = args.broker.token_file.clone().unwrap_or_else(|| data.join(access::FILE));
    let token = token(&BrokerAt { token_file: Some(secrets), ..args.broker.clone() }, Role::Devices)?;
    let ports = data.join("ports");
    if !are_played_by_another(&ports) {
        return Err(Failure::Input(anyhow!(
            "no hall with virtual devices runs on {}; name the directory it was given with --data",
            data.display()
        )));
    }
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let client = Client::new(&args.broker.broker, token).map_err(Failure::input)?;
        let Some(specs) = ask(&client, &args.broker.broker, &mut end).await? else { return Ok(()) };
        let source = view::Source::other(&ports);
        let hall = view::Premises { broker: args.broker.broker.clone(), client, specs, data: data.to_owned() };
        view::run(source, hall, &mut end).await.map_err(Failure::Run)
    })
}

/// The hall's devices, as soon as the broker can be asked; `None` when this process is ended before.
async fn ask(client: &Client, broker: &str, end: &mut End) -> Result<Option<Vec<DeviceSpec>>, Failure> {
    let mut told = false;
    loop {
        match client.devices().await {
            Ok(devices) => return Ok(Some(devices)),
            Err(error) if error.is_passing() => {
                if !told {
                    say!("等待 {broker} / waiting for {broker}");
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
