//! The host: which devices share a port, and the tasks that serve them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use client::Client;
use clock::Clock;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use wire::profile::Part;
use wire::{Condition, DeviceProfile, DeviceSpec, Flow, Place};

use crate::bus::{Bus, Seat};
use crate::courier::{Way, for_health, for_keypad, for_printer, for_reader, for_sign};
use crate::device::{Driver, Trouble, counter_of};
use crate::feed::Feed;
use crate::glyphs::Font;
use crate::keypad::{Keypad, PolledKeypad};
use crate::port::PortSettings;
use crate::printer::Printer;
use crate::reader::{CardReader, IdReader, Scanner};
use crate::sign::{Protocol, Sign};
use crate::time::Time;

/// News a bus may have waiting; who brings more waits.
const INBOX: usize = 64;
/// Requests a device may have waiting.
const REQUESTS: usize = 32;
/// How long stopping may take: a ticket under way, and then its report.
const STOP_BUSES: Duration = Duration::from_secs(5);
const STOP_REPORTS: Duration = Duration::from_secs(2);

/// What a host serves, and for whom.
#[derive(Clone, Debug)]
pub struct Options {
    /// The broker, with a token of the role `devices`.
    pub client: Client,
    /// The devices, each with the path of its port (`virtual` is no path: whoever starts the host has replaced it).
    /// Devices with the same path share a bus and have to agree on its speed.
    pub devices: Vec<DeviceSpec>,
    /// The hall's clock.
    pub clock: Clock,
    /// What images on tickets are drawn from.
    pub font: Font,
}

/// The running tasks of a host. Dropping it ends them at once, [`Host::stop`] in good order.
#[derive(Debug)]
pub struct Host {
    stop: watch::Sender<bool>,
    buses: JoinSet<()>,
    couriers: JoinSet<()>,
    feeds: JoinSet<()>,
}

impl Host {
    /// Starts serving the devices on the current tokio runtime (with I/O and time) and returns at once: ports that
    /// cannot be opened and a broker that is away are waited for.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(options: Options) -> Self {
        let Options { client, devices, clock, font } = options;
        let time = Time::new(clock);
        let feed = Arc::new(Feed::new(devices.iter().filter_map(|device| kiosk_of(&device.place))));
        let (stop, stopped) = watch::channel(false);
        let mut host = Self { stop, buses: JoinSet::new(), couriers: JoinSet::new(), feeds: JoinSet::new() };

        let has_keypads = devices.iter().any(|device| device.profile.is_keypad());
        for sharing in by_port(devices).into_values() {
            host.start_bus(
                &Shared { client: &client, feed: &feed, time: &time, stopped: &stopped, font: &font },
                sharing,
            );
        }
        host.feeds.spawn({
            let (feed, client) = (Arc::clone(&feed), client.clone());
            async move { feed.ask_signs(&client).await }
        });
        host.feeds.spawn({
            let (feed, client) = (Arc::clone(&feed), client.clone());
            async move { feed.keep_time(&client, &time).await }
        });
        if has_keypads {
            let (feed, client) = (Arc::clone(&feed), client.clone());
            host.feeds.spawn(async move { feed.ask_hall(&client).await });
        }
        host.feeds.spawn(async move { feed.follow(&client).await });
        host
    }

    /// Ends serving: a ticket whose bytes have begun to leave gets 3 s to come out, no new one begins, ports are closed,
    /// and what printers said is delivered if the broker is there.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if timeout(STOP_BUSES, all(&mut self.buses)).await.is_err() {
            tracing::warn!("a port did not close in time");
        }
        if timeout(STOP_REPORTS, all(&mut self.couriers)).await.is_err() {
            tracing::warn!("the broker did not take the last reports in time");
        }
        for tasks in [&mut self.buses, &mut self.couriers, &mut self.feeds] {
            tasks.shutdown().await;
        }
    }

    fn start_bus(&mut self, shared: &Shared<'_>, sharing: Vec<DeviceSpec>) {
        let Shared { client, feed, time, stopped, font } = *shared;
        let Some(first) = sharing.first() else { return };
        let path = first.port.clone();
        let settings = PortSettings { path, baud: first.profile.baud(), flow: flow_of(&first.profile) };
        let (sender, inbox) = mpsc::channel(INBOX);
        let mut seats = Vec::new();
        for spec in sharing {
            let health = watch::Sender::new(None);
            self.couriers.spawn(for_health(client.clone(), spec.name.clone(), health.subscribe(), feed.connected()));
            let (device, errand) =
                match driver(&spec, &settings, font).and_then(|device| Ok((device, Errand::of(&spec)?))) {
                    Ok(served) => served,
                    Err(why) => {
                        tracing::error!(device = spec.name, why, "this device cannot be served");
                        health.send_replace(Some(Trouble::new(Condition::PortError, why).report()));
                        // Kept, so that a broker that comes back is told again.
                        self.feeds.spawn(async move { health.closed().await });
                        continue;
                    }
                };
            let way = Way { bus: sender.clone(), seat: seats.len() };
            let (requests, asked) = mpsc::channel(REQUESTS);
            match errand {
                Errand::Prints(kiosk) => {
                    if let Some(jobs) = feed.jobs(&kiosk) {
                        self.couriers.spawn(for_printer(client.clone(), kiosk, way, asked, jobs));
                    }
                }
                Errand::Shows => {
                    self.feeds.spawn(for_sign(spec.place.clone(), way, feed.signs()));
                }
                Errand::Commands(counter) => {
                    self.couriers.spawn(for_keypad(client.clone(), counter, way, asked, feed.hall()));
                }
                Errand::Identifies(kiosk) => {
                    self.couriers.spawn(for_reader(client.clone(), kiosk, asked));
                }
            }
            seats.push(Seat { name: spec.name, device, requests, health, trouble: None, unsent: VecDeque::new() });
        }
        if !seats.is_empty() {
            let bus = Bus { settings, seats, inbox, time: time.clone(), stop: stopped.clone() };
            self.buses.spawn(bus.run());
        }
    }
}

/// What every bus of a host is given.
struct Shared<'h> {
    client: &'h Client,
    feed: &'h Feed,
    time: &'h Time,
    stopped: &'h watch::Receiver<bool>,
    font: &'h Font,
}

/// The devices of each port.
pub(crate) fn by_port(devices: Vec<DeviceSpec>) -> BTreeMap<String, Vec<DeviceSpec>> {
    let mut ports: BTreeMap<String, Vec<DeviceSpec>> = BTreeMap::new();
    for device in devices {
        // One port has several names; whoever is first gives the one it is opened by. What is not plugged in has its own only.
        let port = std::fs::canonicalize(&device.port).map_or(device.port.clone(), |real| real.display().to_string());
        ports.entry(port).or_default().push(device);
    }
    ports
}

/// The driver of a device, or why there is none.
pub(crate) fn driver(spec: &DeviceSpec, bus: &PortSettings, font: &Font) -> Result<Box<dyn Driver>, String> {
    let baud = spec.profile.baud();
    if baud != bus.baud || flow_of(&spec.profile) != bus.flow {
        return Err(format!("{} runs at {} baud for another device, this one needs {baud}", bus.path, bus.baud));
    }
    let sign = |protocol| Box::new(Sign::new(protocol, spec.place.clone()));
    let keypad =
        || u8::try_from(spec.address).map_err(|_| format!("a keypad's address is at most 255, not {}", spec.address));
    Ok(match &spec.profile {
        DeviceProfile::EscposPrinter(profile) => Box::new(Printer::new(profile.clone(), font.clone())),
        DeviceProfile::OnbonSign(profile) => sign(Protocol::onbon(profile, spec.address)),
        DeviceProfile::CpowerSign(profile) => sign(Protocol::cpower(profile, spec.address)),
        DeviceProfile::ModbusSign(profile) => sign(Protocol::modbus(profile, spec.address)),
        DeviceProfile::DigitSign(profile) => sign(Protocol::digits(profile, spec.address)),
        DeviceProfile::Keypad(profile) => Box::new(Keypad::new(profile, keypad()?)),
        DeviceProfile::PolledKeypad(profile) => Box::new(PolledKeypad::new(profile, keypad()?)),
        DeviceProfile::IdReader(profile) => Box::new(IdReader::new(profile)),
        DeviceProfile::CardReader(_) => Box::new(CardReader::new()),
        DeviceProfile::Scanner(profile) => Box::new(Scanner::new(profile)),
    })
}

/// What a device is to the broker: who is asked and told on its behalf.
enum Errand {
    /// It prints what a kiosk wants printed.
    Prints(String),
    /// It shows what its place is to show.
    Shows,
    /// Its keys command a counter.
    Commands(u16),
    /// It tells who stands before a kiosk.
    Identifies(String),
}

impl Errand {
    fn of(spec: &DeviceSpec) -> Result<Self, String> {
        let kiosk = |what: &str| {
            kiosk_of(&spec.place).ok_or_else(|| format!("{what} belongs to a kiosk, and this one's place is none"))
        };
        match spec.profile.part() {
            Part::Printer => kiosk("a ticket printer").map(Self::Prints),
            Part::Sign => Ok(Self::Shows),
            Part::Keypad => match counter_of(&spec.place) {
                Some(counter) => Ok(Self::Commands(counter)),
                None => Err("a keypad belongs to a counter, and this one's place is none".to_owned()),
            },
            Part::Reader => kiosk("a reader").map(Self::Identifies),
        }
    }
}

pub(crate) fn flow_of(profile: &DeviceProfile) -> Flow {
    match profile {
        DeviceProfile::EscposPrinter(profile) => profile.flow,
        DeviceProfile::OnbonSign(_)
        | DeviceProfile::CpowerSign(_)
        | DeviceProfile::ModbusSign(_)
        | DeviceProfile::DigitSign(_)
        | DeviceProfile::Keypad(_)
        | DeviceProfile::PolledKeypad(_)
        | DeviceProfile::IdReader(_)
        | DeviceProfile::CardReader(_)
        | DeviceProfile::Scanner(_) => Flow::None,
    }
}

fn kiosk_of(place: &Place) -> Option<String> {
    match place {
        Place::Kiosk(name) => Some(name.clone()),
        Place::Counter(_) | Place::Hall => None,
    }
}

async fn all(tasks: &mut JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a task of the device host died");
        }
    }
}
