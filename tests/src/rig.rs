//! The hall itself: its parts, their lives, and its time.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use broker::Broker;
use client::Client;
use clock::{Clock, Stepper};
use device_host::Host;
use jiaohao::setup::Setup;
use jiaohao::virtual_devices::{Pace, VirtualDevices};
use tempfile::TempDir;
use wire::{DeviceSpec, Role};

/// Real time an effect may take on a busy machine before a journey fails.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// While an effect is waited for, so much of the hall's time passes …
const STEP: Duration = Duration::from_millis(20);
/// … in so much real time. Devices answer in real time, so the hall must not run far ahead of them.
const PAUSE: Duration = Duration::from_millis(5);

/// The hall's time an effect may take: longer than the slowest timer of a device, the refreshing of a sign's text every 30 s.
const HALL_PATIENCE: Duration = Duration::from_secs(60);

/// 2026-11-23, a Monday, 09:30 in Shanghai: the hall opens.
const OPENS_MS: i64 = 1_795_397_400_000;

/// A whole hall of real parts.
pub struct Rig {
    pub(crate) setup: Setup,
    pub(crate) devices: VirtualDevices,
    clock: Clock,
    pub(crate) stepper: Arc<Stepper>,
    /// Time passes by itself, see [`Rig::keeps_real_time`].
    pub(crate) keeps_time: Arc<AtomicBool>,
    specs: Vec<DeviceSpec>,
    broker: Option<Broker>,
    host: Option<Host>,
    address: SocketAddr,
    home: TempDir,
}

impl Rig {
    /// A hall on its first morning: sample configuration, all devices simulated and well, nobody signed in.
    pub async fn opens() -> Self {
        let rig = Self::opens_unattended().await;
        rig.all_devices_are_well().await;
        rig
    }

    /// The same, without waiting for the devices.
    pub async fn opens_unattended() -> Self {
        Self::opens_like_the_sample_but(|sample| sample).await
    }

    /// A hall whose configuration is the sample's with changes, without waiting for the devices.
    pub async fn opens_like_the_sample_but(change: impl FnOnce(String) -> String) -> Self {
        Self::opens_in(tempfile::tempdir().expect("a temporary directory"), change).await
    }

    /// The same, with a device profile of the site's own.
    pub async fn opens_with_profile(name: &str, profile: &str, change: impl FnOnce(String) -> String) -> Self {
        let home = tempfile::tempdir().expect("a temporary directory");
        let profiles = home.path().join("devices");
        std::fs::create_dir(&profiles).expect("a directory of profiles");
        std::fs::write(profiles.join(format!("{name}.toml")), profile).expect("a profile");
        Self::opens_in(home, change).await
    }

    async fn opens_in(home: TempDir, change: impl FnOnce(String) -> String) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let file = home.path().join("hall.toml");
        std::fs::write(&file, change(config::SAMPLE.to_owned())).expect("a configuration file");
        let setup = Setup::prepare(Some(home.path()), Some(&file), Some(listen)).expect("a good hall");
        let mut specs = setup.config.devices.clone();
        let ports = home.path().join("ports");
        let devices = VirtualDevices::start(&ports, &mut specs, Pace::AtOnce).expect("pseudo-terminals");
        let (clock, stepper) = Clock::stepped(OPENS_MS);
        let mut rig = Self {
            setup,
            devices,
            clock,
            stepper: Arc::new(stepper),
            keeps_time: Arc::default(),
            specs,
            broker: None,
            host: None,
            address: listen,
            home,
        };
        rig.broker_comes_back().await;
        rig.device_host_comes_back();
        rig
    }

    /// So much of the hall's time passes, at once.
    pub fn pass(&self, duration: Duration) {
        self.stepper.pass(duration);
    }

    /// A technician sets the hall's clock, forwards or back.
    pub fn sets_clock(&self, now_ms: i64) {
        self.stepper.set(now_ms);
    }

    /// The hall's time, in UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Where the broker is to be reached, also while it is away.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its devices, with the ports they have.
    pub(crate) fn specs(&self) -> &[DeviceSpec] {
        &self.specs
    }

    /// The directory of the hall's state.
    pub fn data(&self) -> &std::path::Path {
        self.home.path()
    }

    /// A client of a role.
    pub fn client(&self, role: Role) -> Client {
        self.client_at(&self.url(), role)
    }

    /// A client of a role that goes another way to the broker.
    pub fn client_at(&self, url: &str, role: Role) -> Client {
        Client::new(url, self.token(role)).expect("an address")
    }

    /// The token of a role.
    pub fn token(&self, role: Role) -> &str {
        self.setup.secrets.role(role).expect("a token for every role")
    }

    /// The PIN of a teller, by work number.
    pub fn pin(&self, teller: &str) -> &str {
        self.setup.secrets.pin.get(teller).expect("a PIN for every teller")
    }

    /// The PIN of a kiosk's staff corner.
    pub fn kiosk_pin(&self, kiosk: &str) -> &str {
        self.setup.secrets.kiosk_pin.get(kiosk).expect("a PIN for every kiosk")
    }

    /// The broker ends in good order.
    pub async fn broker_goes_away(&mut self) {
        if let Some(broker) = self.broker.take() {
            broker.stop().await;
        }
    }

    /// The broker starts again on the same journal, at the same address.
    pub async fn broker_comes_back(&mut self) {
        let options = broker::Options {
            listen: self.address,
            data: self.home.path().to_owned(),
            rules: self.setup.config.rules.clone().into(),
            premises: self.setup.premises(self.specs.clone()),
            access: self.setup.access(),
            clock: self.clock.clone(),
        };
        let broker = Broker::start(options).await.expect("a broker that starts");
        self.address = broker.address();
        self.broker = Some(broker);
    }

    /// The device host ends in good order.
    pub async fn device_host_goes_away(&mut self) {
        if let Some(host) = self.host.take() {
            host.stop().await;
        }
    }

    /// The device host is gone from one moment to the next, as when its power fails.
    pub fn device_host_dies(&mut self) {
        self.host = None;
    }

    /// The device host starts.
    pub fn device_host_comes_back(&mut self) {
        let client = self.client(Role::Devices);
        let font = jiaohao::devices::ticket_font().expect("the bundled font");
        let options = device_host::Options { client, devices: self.specs.clone(), clock: self.clock.clone(), font };
        self.host = Some(Host::start(options));
    }

    /// Waits, while the hall's time passes in small steps, until `look` finds what it looks for. `look` says what it saw
    /// instead.
    ///
    /// # Panics
    /// When it has not come about after [`PATIENCE`] and after a minute of the hall's time.
    pub async fn until<T>(&self, what: impl Display, look: impl AsyncFnMut() -> Result<T, String>) -> T {
        let begun_ms = self.now_ms();
        let step = || {
            if self.keeps_time.load(Ordering::SeqCst) {
                return true;
            }
            self.stepper.pass(STEP);
            // On a starved machine the hall's time passes slowly, too.
            u128::from((self.now_ms() - begun_ms).unsigned_abs()) >= HALL_PATIENCE.as_millis()
        };
        wait(what, look, step).await
    }

    /// Lets the hall's time pass in small steps until this has come about.
    pub async fn passing<T>(&self, happens: impl Future<Output = T>) -> T {
        let steps = async {
            loop {
                self.stepper.pass(STEP);
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            happened = happens => happened,
            () = steps => unreachable!("time passes without an end"),
        }
    }
}

/// Waits in real time until `look` finds what it looks for. `look` says what it saw instead.
///
/// # Panics
/// When it does not come about within [`PATIENCE`].
pub async fn eventually<T>(what: impl Display, look: impl AsyncFnMut() -> Result<T, String>) -> T {
    wait(what, look, || true).await
}

/// `step` lets time pass and says whether that was enough of it.
async fn wait<T>(what: impl Display, mut look: impl AsyncFnMut() -> Result<T, String>, step: impl Fn() -> bool) -> T {
    let begun = Instant::now();
    loop {
        let seen = match look().await {
            Ok(found) => return found,
            Err(seen) => seen,
        };
        let late = step() && begun.elapsed() >= PATIENCE;
        assert!(!late, "{what}: not within {:.1?}; seen last: {seen}", begun.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
}
