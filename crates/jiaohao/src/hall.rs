//! A whole hall in one process: broker, device host, virtual devices; windows beside it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, anyhow};
use broker::{Broker, Options};
use client::Client;
use clock::Clock;
use device_host::Host;
use device_sim::ControlServer;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use wire::{DeviceProfile, Place, Role};

use crate::access;
use crate::cli::HallArgs;
use crate::devices::ticket_font;
use crate::failure::Failure;
use crate::pulse;
use crate::said::say;
use crate::setup::Setup;
use crate::virtual_devices::{self, Pace, VirtualDevices};
use crate::windows::{self, Window};

/// A running hall without windows.
pub(crate) struct Hall {
    pub(crate) broker: Broker,
    pub(crate) host: Host,
    pub(crate) devices: VirtualDevices,
    pub(crate) setup: Setup,
    /// Open as long as the hall runs.
    _control: Option<ControlServer>,
}

/// Runs a hall until Ctrl-C.
pub(crate) fn run(args: &HallArgs) -> Result<(), Failure> {
    let place = &args.place;
    let setup = Setup::prepare(place.data.as_deref(), place.config.as_deref(), place.listen).map_err(Failure::Input)?;
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let hall = Hall::start(setup, Clock::system()).await?;
        let url = hall.url();
        hall.greet();
        let stop = CancellationToken::new();
        let open = if args.headless {
            None
        } else if look::has_display() {
            let windows = hall.windows(&url);
            Some(tokio::spawn(windows::keep_open(windows, stop.clone())))
        } else {
            say!("没有显示器，不打开窗口 / no display (DISPLAY is not set), so no windows open; the hall runs on");
            None
        };
        let telling = pulse::keep_telling(hall.reachable());
        let fault = until_end(&mut end, &hall.broker).await;
        say!("正在结束 / ending");
        if let Some(telling) = telling {
            telling.abort();
        }
        stop.cancel();
        if let Some(windows) = open {
            // A window task that panicked has nothing left to close.
            let _ = windows.await;
        }
        hall.stop().await;
        fault
    })
}

/// Runs the broker alone until Ctrl-C.
pub(crate) fn run_broker(setup: Setup) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let premises = setup.premises(setup.config.devices.clone());
        let broker = start_broker(&setup, premises, Clock::system()).await?;
        say!("接口 / API        http://{}/api/v1   (/openapi.json)", broker.address());
        let telling = pulse::keep_telling(reachable(broker.address()));
        let fault = until_end(&mut end, &broker).await;
        if let Some(telling) = telling {
            telling.abort();
        }
        broker.stop().await;
        fault
    })
}

impl Hall {
    /// Starts broker, virtual devices and device host. The broker lives by `clock`; devices by real time.
    pub(crate) async fn start(setup: Setup, clock: Clock) -> Result<Self, Failure> {
        Self::start_at(setup, clock, Pace::AtOnce).await
    }

    /// The same, with virtual lines of this pace.
    pub(crate) async fn start_at(setup: Setup, clock: Clock, pace: Pace) -> Result<Self, Failure> {
        let mut devices = setup.config.devices.clone();
        let ports = setup.data.join("ports");
        // The broker takes the address and the lock first: a second hall must not touch the ports of the one that runs.
        let mut known = devices.clone();
        virtual_devices::name_ports(&ports, &mut known);
        let broker = start_broker(&setup, setup.premises(known), clock).await?;
        let virtual_devices = VirtualDevices::start(&ports, &mut devices, pace).map_err(Failure::Input)?;
        let token = setup.secrets.role(Role::Devices).map_err(Failure::Input)?;
        let client = Client::new(format!("http://{}", broker.address()), token).map_err(Failure::input)?;
        let font = ticket_font().map_err(Failure::Input)?;
        let host = Host::start(device_host::Options { client, devices, clock: Clock::system(), font });
        let control = virtual_devices.control(&ports);
        Ok(Self { broker, host, devices: virtual_devices, setup, _control: control })
    }

    /// The broker's address for clients of this machine.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.reachable())
    }

    fn reachable(&self) -> SocketAddr {
        reachable(self.broker.address())
    }

    /// A client of some role.
    pub(crate) fn client(&self, role: Role) -> anyhow::Result<Client> {
        Client::new(self.url(), self.setup.secrets.role(role)?).context("making a client")
    }

    /// Ends it in order: devices first, so that the last print is reported.
    pub(crate) async fn stop(self) {
        self.host.stop().await;
        self.broker.stop().await;
    }

    fn greet(&self) {
        let url = self.url();
        let data = self.setup.data.display();
        say!("叫号 Jiaohao · {}", self.setup.config.rules.names.zh);
        say!("接口 / API        {url}/api/v1   ({url}/openapi.json)");
        say!("数据 / data       {data}");
        say!("令牌密码 / secrets {data}/{}", access::FILE);
        say!("虚拟设备 / devices {data}/ports/");
        if self.setup.config.public_url.starts_with("http://127.0.0.1") {
            say!(
                "号票二维码仅本机可打开；请在 hall.toml 中设置 public_url / ticket QRs open on this machine only; set public_url in hall.toml"
            );
        }
        say!("Ctrl-C 结束 / ends it");
    }

    /// The windows of a one-box hall: each kiosk and screen, and one teller at the first general counter without a keypad.
    fn windows(&self, url: &str) -> Vec<Window> {
        let config = &self.setup.config;
        let secrets = self.setup.data.join(access::FILE);
        let window = |role: &str, name: String, mut more: Vec<String>| {
            let mut args = vec![role.to_owned(), "--broker".to_owned(), url.to_owned()];
            args.extend(["--token-file".to_owned(), path_text(&secrets)]);
            args.append(&mut more);
            Window { name: format!("{role} {name}"), args }
        };
        let named = |name: &str| vec!["--name".to_owned(), name.to_owned()];
        let mut windows = Vec::new();
        for kiosk in &config.kiosks {
            let data = ["--data".to_owned(), path_text(&self.setup.data)];
            windows.push(window("kiosk", kiosk.name.clone(), [named(&kiosk.name), data.to_vec()].concat()));
        }
        for screen in &config.screens {
            windows.push(window("screen", screen.name.clone(), named(&screen.name)));
        }
        if let Some(counter) = self.teller_counter() {
            let more = vec!["--counter".to_owned(), counter.to_string()];
            windows.push(window("teller", counter.to_string(), more));
        }
        windows
    }

    fn teller_counter(&self) -> Option<u16> {
        let config = &self.setup.config;
        let keypads: Vec<u16> = config
            .devices
            .iter()
            .filter(|device| matches!(device.profile, DeviceProfile::Keypad(_)))
            .filter_map(|device| match device.place {
                Place::Counter(number) => Some(number),
                Place::Kiosk(_) | Place::Hall => None,
            })
            .collect();
        let general =
            config.rules.counters.iter().filter(|counter| counter.kind == ::hall::rules::CounterKind::General);
        general.map(|counter| counter.number.0).find(|number| !keypads.contains(number))
    }
}

/// Where clients of this machine reach a broker that listens here.
fn reachable(listens: SocketAddr) -> SocketAddr {
    if listens.ip().is_unspecified() { (Ipv4Addr::LOCALHOST, listens.port()).into() } else { listens }
}

/// Starts a broker on a prepared hall.
pub(crate) async fn start_broker(setup: &Setup, premises: broker::Premises, clock: Clock) -> Result<Broker, Failure> {
    let options = Options {
        listen: setup.listen,
        data: setup.data.clone(),
        rules: setup.config.rules.clone().into(),
        premises,
        access: setup.access(),
        clock,
    };
    Broker::start(options).await.map_err(Failure::input)
}

/// Waits for the end: somebody asks for it, or the broker has ended by itself, which is a fault.
async fn until_end(end: &mut End, broker: &Broker) -> Result<(), Failure> {
    tokio::select! {
        () = end.asked_for() => Ok(()),
        () = broker.ended() => Err(Failure::Run(anyhow!("the broker's loop ended by itself; see the log"))),
    }
}

/// How a process is asked to end: Ctrl-C, or the service manager's TERM. Made before anything answers from outside, for until
/// then either of them kills the process on the spot.
pub(crate) struct End {
    interrupted: Signal,
    terminated: Signal,
}

impl End {
    /// Listens from now on; within a runtime.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).context("listening for Ctrl-C and TERM");
        Ok(Self { interrupted: listen(SignalKind::interrupt())?, terminated: listen(SignalKind::terminate())? })
    }

    /// Waits until somebody has asked.
    pub(crate) async fn asked_for(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}

/// The runtime of this process's tasks.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Run(anyhow!(error).context("starting the runtime")))
}

fn path_text(path: &Path) -> String {
    path.display().to_string()
}
