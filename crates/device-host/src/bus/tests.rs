//! A bus with a printer behind a pseudo-terminal. Time is stepped; the other end is the test.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use clock::{Clock, Stepper};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tokio::time::timeout;
use wire::{
    DeviceState, DoubleByte, Flow, PrintConfirm, PrintJob, PrintState, PrinterProfile, PrinterStatus, Slip, TicketId,
};

use super::*;
use crate::glyphs::Font;
use crate::printer::{self, Printer, tests::profile};

const SOON: Duration = Duration::from_secs(10);

struct Rig {
    link: PathBuf,
    device: Option<File>,
    told: mpsc::Sender<(usize, Told)>,
    asked: mpsc::Receiver<Request>,
    health: watch::Receiver<Option<DeviceReport>>,
    stop: watch::Sender<bool>,
    stepper: Stepper,
    bus: Option<Bus>,
}

impl Rig {
    /// A printer that never says anything, not plugged in yet.
    fn new(name: &str) -> Self {
        let profile =
            PrinterProfile { double_byte: DoubleByte::Always, ..profile(PrinterStatus::None, PrintConfirm::None) };
        let link = std::env::temp_dir().join(format!("jiaohao-bus-{}-{name}", std::process::id()));
        let (clock, stepper) = Clock::stepped(0);
        let (told, inbox) = mpsc::channel(8);
        let (requests, asked) = mpsc::channel(8);
        let (health, healthy) = watch::channel(None);
        let (stop, stopped) = watch::channel(false);
        let seat = Seat {
            name: "printer".to_owned(),
            device: Box::new(Printer::new(profile, Font::default())),
            requests,
            health,
            trouble: None,
            unsent: VecDeque::new(),
        };
        let settings = PortSettings { path: link.to_string_lossy().into_owned(), baud: 19_200, flow: Flow::None };
        let bus = Bus { settings, seats: vec![seat], inbox, time: Time::new(clock), stop: stopped };
        Self { link, device: None, told, asked, health: healthy, stop, stepper, bus: Some(bus) }
    }

    fn plug(&mut self) {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&master).expect("granting it");
        unlockpt(&master).expect("unlocking it");
        let name = ptsname(&master, Vec::new()).expect("its name").into_string().expect("a name in UTF-8");
        symlink(name, &self.link).expect("linking it");
        self.device = Some(File::from(master));
    }

    fn unplug(&mut self) {
        std::fs::remove_file(&self.link).ok();
        self.device = None;
    }

    fn run(&mut self) -> tokio::task::JoinHandle<()> {
        tokio::spawn(self.bus.take().expect("a bus runs once").run())
    }

    async fn is(&mut self, state: DeviceState, conditions: &[Condition]) {
        let wanted = |report: &Option<DeviceReport>| {
            report.as_ref().is_some_and(|report| report.state == state && report.conditions == conditions)
        };
        let now = timeout(SOON, self.health.wait_for(wanted)).await.map(|found| found.is_ok());
        assert_eq!(now, Ok(true), "it is {:?}", self.health.borrow().clone());
    }

    async fn tell(&self, told: printer::Told) {
        self.told.send((0, Told::Printer(told))).await.expect("the bus lives");
    }

    async fn asks(&mut self) -> printer::Request {
        match timeout(SOON, self.asked.recv()).await {
            Ok(Some(Request::Printer(request))) => request,
            other => panic!("not asked but {other:?}"),
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        std::fs::remove_file(&self.link).ok();
    }
}

fn job(id: u64) -> PrintJob {
    let slip = Slip {
        hall: "示范营业厅".to_owned(),
        greeting: None,
        number: format!("A{id:03}"),
        service: "缴费".to_owned(),
        ahead: None,
        wait: None,
        area: None,
        time: "09:00".to_owned(),
        documents: vec!["身份证".repeat(6); 3],
        qr_url: None,
        rule: None,
        copy_mark: None,
    };
    let expires_at = wire::event::timestamp(i64::from(u32::MAX));
    PrintJob {
        id,
        kiosk: "east".to_owned(),
        ticket: Some(TicketId(id)),
        copy: false,
        state: PrintState::Queued,
        expires_at,
        slip,
    }
}

#[tokio::test]
async fn a_printer_unplugged_and_plugged_in_again_prints_again() {
    let mut rig = Rig::new("replug");
    let bus = rig.run();
    rig.is(DeviceState::Fault, &[Condition::NoDevice]).await;
    rig.plug();
    rig.stepper.pass(Duration::from_millis(200));
    rig.is(DeviceState::Unknown, &[]).await;
    rig.unplug();
    rig.is(DeviceState::Fault, &[Condition::NoDevice]).await;
    rig.tell(printer::Told::Jobs(vec![job(1)])).await;
    rig.plug();
    rig.stepper.pass(Duration::from_secs(3));
    assert_eq!(rig.asks().await, printer::Request::Claim(1));
    rig.tell(printer::Told::Claimed(1)).await;
    let printer::Request::Report(1, report) = rig.asks().await else { panic!("no report of job 1") };
    assert_eq!(report.state, PrintState::Sent);
    let mut ticket = [0; 2];
    rig.device.as_mut().unwrap().read_exact(&mut ticket).unwrap();
    assert_eq!(ticket, [0x1B, 0x40]);
    rig.stop.send_replace(true);
    timeout(SOON, bus).await.expect("the bus went on").unwrap();
}

#[tokio::test]
async fn a_printer_that_takes_no_bytes_is_stalled_after_three_seconds_and_its_ticket_uncertain() {
    let mut rig = Rig::new("stall");
    rig.plug();
    let _bus = rig.run();
    rig.is(DeviceState::Unknown, &[]).await;
    rig.tell(printer::Told::Jobs((1..=200).map(job).collect())).await;
    // Nobody reads at the other end: sooner or later the kernel is full.
    let stalled = loop {
        let printer::Request::Claim(id) = rig.asks().await else { panic!("a report nobody expected") };
        rig.tell(printer::Told::Claimed(id)).await;
        match timeout(Duration::from_millis(500), rig.asks()).await {
            Ok(printer::Request::Report(this, report)) => assert_eq!((this, report.state), (id, PrintState::Sent)),
            Ok(other) => panic!("{other:?}"),
            Err(_) => break id,
        }
    };
    rig.stepper.pass(Duration::from_millis(2_900));
    assert!(timeout(Duration::from_millis(100), rig.asked.recv()).await.is_err(), "given up too early");
    rig.stepper.pass(Duration::from_millis(100));
    let printer::Request::Report(id, report) = rig.asks().await else { panic!("no report of the stalled job") };
    assert_eq!((id, report.state), (stalled, PrintState::Uncertain));
    rig.is(DeviceState::Fault, &[Condition::Stalled]).await;
}
