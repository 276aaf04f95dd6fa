//! Signs lit as a hall lights them, each with a number of its own, so that a person sees which is which.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use clock::Clock;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use wire::{DeviceReport, DeviceSpec, Place, SignCall, SignWanted};

use crate::bus::{Bus, Seat};
use crate::device::{Told, Trouble};
use crate::glyphs::Font;
use crate::host::{by_port, driver, flow_of};
use crate::port::PortSettings;
use crate::time::Time;

/// How long signs have to take the empty text at the end.
const DARK: Duration = Duration::from_millis(1_500);

/// A sign that was lit.
#[derive(Clone, Debug, PartialEq)]
pub struct SignLit {
    /// Its name.
    pub name: String,
    /// What it was to show.
    pub number: String,
    /// What its driver says of it; nothing when there was no time to.
    pub report: Option<DeviceReport>,
    /// It never acknowledges: only eyes can tell.
    pub is_mute: bool,
}

/// Lights every one of these signs for so long, then darkens them. Devices with the same port share it, as in a hall.
pub async fn light_signs(signs: Vec<DeviceSpec>, shown: Duration) -> Vec<SignLit> {
    let (stop, stopped) = watch::channel(false);
    let (mut buses, mut lines) = (JoinSet::new(), Vec::new());
    for (path, specs) in by_port(signs) {
        let Some(first) = specs.first() else { continue };
        let settings = PortSettings { path, baud: first.profile.baud(), flow: flow_of(&first.profile) };
        let (sender, inbox) = mpsc::channel(specs.len().max(1) * 2);
        let mut line = Line { sender, lit: Vec::new() };
        let seats = specs.into_iter().filter_map(|spec| line.seat(&spec, &settings)).collect();
        let bus = Bus { settings, seats, inbox, time: Time::new(Clock::system()), stop: stopped.clone() };
        line.tell(true).await;
        buses.spawn(bus.run());
        lines.push(line);
    }
    tokio::time::sleep(shown).await;
    let lit = lines.iter().flat_map(Line::told).collect();
    for line in &lines {
        line.tell(false).await;
    }
    tokio::time::sleep(DARK).await;
    stop.send_replace(true);
    while buses.join_next().await.is_some() {}
    lit
}

/// A port with its signs.
struct Line {
    sender: mpsc::Sender<(usize, Told)>,
    lit: Vec<Lit>,
}

struct Lit {
    name: String,
    place: Place,
    number: String,
    counter: u16,
    is_mute: bool,
    /// Its seat on the bus, where it has one.
    seat: Option<usize>,
    health: watch::Receiver<Option<DeviceReport>>,
}

impl Line {
    /// A seat for this sign; none when it cannot share the line.
    fn seat(&mut self, spec: &DeviceSpec, settings: &PortSettings) -> Option<Seat> {
        let counter = match spec.place {
            Place::Counter(number) => number,
            Place::Kiosk(_) | Place::Hall => spec.address,
        };
        let (health, healthy) = watch::channel(None);
        let device = driver(spec, settings, &Font::default());
        let taken = self.lit.iter().filter(|lit| lit.seat.is_some()).count();
        let mut lit = Lit {
            name: spec.name.clone(),
            place: spec.place.clone(),
            number: format!("{counter:03}"),
            counter,
            is_mute: false,
            seat: None,
            health: healthy,
        };
        let device = match device {
            Ok(device) => device,
            Err(why) => {
                health.send_replace(Some(Trouble::new(wire::Condition::PortError, why).report()));
                self.lit.push(lit);
                return None;
            }
        };
        lit.is_mute = device.is_mute();
        lit.seat = Some(taken);
        self.lit.push(lit);
        // Signs ask nothing of a broker.
        let (requests, _) = mpsc::channel(1);
        Some(Seat { name: spec.name.clone(), device, requests, health, trouble: None, unsent: VecDeque::new() })
    }

    /// Tells every sign to show its number, or nothing.
    async fn tell(&self, lit: bool) {
        for sign in &self.lit {
            let call = SignCall { number: sign.number.clone(), counter: sign.counter, calls: 1 };
            let wanted = SignWanted {
                place: sign.place.clone(),
                seq: 1 + u64::from(!lit),
                calls: if lit { vec![call] } else { Vec::new() },
                idle: BTreeMap::new(),
                brightness: None,
            };
            if let Some(seat) = sign.seat {
                // The bus outlives this; were it gone, nobody would be lit.
                self.sender.send((seat, Told::Sign(wanted))).await.ok();
            }
        }
    }

    fn told(&self) -> impl Iterator<Item = SignLit> + '_ {
        self.lit.iter().map(|lit| SignLit {
            name: lit.name.clone(),
            number: lit.number.clone(),
            report: lit.health.borrow().clone(),
            is_mute: lit.is_mute,
        })
    }
}
