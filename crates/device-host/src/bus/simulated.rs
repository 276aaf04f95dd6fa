//! Drivers against simulated devices, which read the manuals on their own. The broker's side is the test.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use clock::Clock;
use device_sim::{Font, LineOptions, OnbonOptions, OnbonSign, PrinterOptions, WindowOptions, WindowSign};
use tempfile::TempDir;
use tokio::time::timeout;
use wire::{
    DeviceState, Flow, OnbonSignProfile, Place, PrintConfirm, PrintJob, PrintState, PrinterStatus, SignCall, SignUnits,
    SignWanted, Slip, TicketId,
};

use super::*;
use crate::keypad::{self, Command, Keypad};
use crate::printer::{self, Printer, tests::profile};
use crate::sign::tests::window_profile;
use crate::sign::{Protocol, Sign};

const SOON: Duration = Duration::from_secs(15);

struct Rig {
    told: mpsc::Sender<(usize, Told)>,
    asked: Vec<mpsc::Receiver<Request>>,
    health: Vec<watch::Receiver<Option<DeviceReport>>>,
    _stop: watch::Sender<bool>,
}

impl Rig {
    fn start(path: &Path, baud: u32, devices: Vec<Box<dyn Driver>>) -> Self {
        let (told, inbox) = mpsc::channel(16);
        let (stop, stopped) = watch::channel(false);
        let (mut asked, mut health, mut seats) = (Vec::new(), Vec::new(), Vec::new());
        for device in devices {
            let (requests, receiver) = mpsc::channel(16);
            let (sender, healthy) = watch::channel(None);
            asked.push(receiver);
            health.push(healthy);
            let name = format!("device {}", seats.len());
            seats.push(Seat { name, device, requests, health: sender, trouble: None, unsent: VecDeque::new() });
        }
        let settings = PortSettings { path: path.to_string_lossy().into_owned(), baud, flow: Flow::None };
        tokio::spawn(Bus { settings, seats, inbox, time: Time::new(Clock::system()), stop: stopped }.run());
        Self { told, asked, health, _stop: stop }
    }

    async fn tell(&self, seat: usize, told: Told) {
        self.told.send((seat, told)).await.expect("the bus lives");
    }

    async fn asks(&mut self, seat: usize) -> Request {
        timeout(SOON, self.asked[seat].recv()).await.expect("nothing asked").expect("the bus lives")
    }

    async fn report(&mut self, id: u64) -> PrintState {
        let request = self.asks(0).await;
        let Request::Printer(printer::Request::Report(this, report)) = request else { panic!("asked {request:?}") };
        assert_eq!(this, id, "{report:?}");
        report.state
    }

    /// Lets the printer have a job and the claim it asks for.
    async fn print(&mut self, id: u64) {
        self.tell(0, Told::Printer(printer::Told::Jobs(vec![job(id)]))).await;
        assert_eq!(self.asks(0).await, Request::Printer(printer::Request::Claim(id)));
        self.tell(0, Told::Printer(printer::Told::Claimed(id))).await;
    }

    async fn is(&mut self, seat: usize, state: DeviceState, conditions: &[Condition]) {
        let health = &mut self.health[seat];
        let wanted = |report: &Option<DeviceReport>| {
            report.as_ref().is_some_and(|report| report.state == state && report.conditions == conditions)
        };
        let found = timeout(SOON, health.wait_for(wanted)).await.is_ok();
        assert!(found, "it is {:?}", health.borrow());
    }
}

fn font() -> Font {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts/NotoSansSC-Regular.ttf");
    Font::from_bytes(std::fs::read(path).expect("the bundled font")).expect("a font")
}

fn printer(confirm: PrintConfirm, status: PrinterStatus) -> Box<dyn Driver> {
    Box::new(Printer::new(profile(status, confirm), crate::Font::default()))
}

fn job(id: u64) -> PrintJob {
    let slip = Slip {
        hall: "示范营业厅".to_owned(),
        greeting: None,
        number: format!("A{id:03}"),
        service: "缴费".to_owned(),
        ahead: Some("您前面还有 3 位".to_owned()),
        wait: None,
        area: None,
        time: "09:00".to_owned(),
        documents: Vec::new(),
        qr_url: None,
        rule: None,
        copy_mark: None,
    };
    let expires_at = wire::event::timestamp(i64::from(u32::MAX) * 1_000);
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

fn wanted(place: Place, calls: &[(&str, u16)]) -> Told {
    let call = |(number, counter): &(&str, u16)| SignCall { number: (*number).to_owned(), counter: *counter, calls: 1 };
    let idle = BTreeMap::from([("zh".to_owned(), "欢迎光临".to_owned())]);
    Told::Sign(SignWanted { place, seq: 1, calls: calls.iter().map(call).collect(), idle, brightness: None })
}

fn window(unit: u16) -> Box<dyn Driver> {
    Box::new(Sign::new(Protocol::modbus(&window_profile(), unit), Place::Counter(unit)))
}

fn hall_sign(profile: &OnbonSignProfile) -> Box<dyn Driver> {
    Box::new(Sign::new(Protocol::onbon(profile, 1), Place::Hall))
}

fn line() -> (TempDir, LineOptions) {
    let directory = TempDir::new().expect("a directory");
    let options = LineOptions::new(directory.path(), "line");
    (directory, options)
}

#[tokio::test]
async fn a_ticket_comes_out_as_it_was_worded_and_is_confirmed() {
    for status in [PrinterStatus::RealTime, PrinterStatus::Automatic] {
        let (_directory, options) = line();
        let paper = device_sim::Printer::start(PrinterOptions::new(options, font())).unwrap();
        let mut rig = Rig::start(paper.path(), 19_200, vec![printer(PrintConfirm::GsR, status)]);
        rig.is(0, DeviceState::Ok, &[]).await;
        rig.print(32).await;
        assert_eq!(rig.report(32).await, PrintState::Printed);
        let tickets = paper.tickets();
        assert_eq!(tickets.len(), 1);
        let text = tickets[0].text();
        assert!(text.contains("A032") && text.contains("您前面还有 3 位"), "{text}");
        assert_eq!(tickets[0].anomalies, Vec::<String>::new());
    }
}

#[tokio::test]
async fn paper_that_runs_out_in_the_middle_is_mended_and_the_ticket_confirmed_once() {
    let (_directory, options) = line();
    let paper = device_sim::Printer::start(PrinterOptions::new(options, font())).unwrap();
    let mut rig = Rig::start(paper.path(), 19_200, vec![printer(PrintConfirm::GsR, PrinterStatus::Automatic)]);
    rig.is(0, DeviceState::Ok, &[]).await;
    paper.run_out_after_mm(20.0);
    rig.print(32).await;
    rig.is(0, DeviceState::Fault, &[Condition::PaperOut]).await;
    assert!(rig.asked[0].try_recv().is_err(), "it was given up");
    paper.load_paper();
    assert_eq!(rig.report(32).await, PrintState::Printed);
    rig.is(0, DeviceState::Ok, &[]).await;
}

#[tokio::test]
async fn a_printer_unplugged_in_the_middle_prints_the_next_ticket_and_not_this_one_again() {
    let (_directory, options) = line();
    let paper = device_sim::Printer::start(PrinterOptions::new(options, font())).unwrap();
    let mut rig = Rig::start(paper.path(), 19_200, vec![printer(PrintConfirm::GsR, PrinterStatus::RealTime)]);
    rig.is(0, DeviceState::Ok, &[]).await;
    paper.run_out_after_mm(20.0);
    rig.print(32).await;
    rig.is(0, DeviceState::Fault, &[Condition::PaperOut]).await;
    paper.unplug();
    assert_eq!(rig.report(32).await, PrintState::Uncertain);
    paper.power_cycle();
    paper.load_paper();
    paper.plug_back().unwrap();
    rig.is(0, DeviceState::Ok, &[]).await;
    rig.print(33).await;
    assert_eq!(rig.report(33).await, PrintState::Printed);
    let whole: Vec<String> = paper.tickets().iter().map(|ticket| ticket.text()).collect();
    assert_eq!(whole.iter().filter(|text| text.contains("A033")).count(), 1, "{whole:?}");
}

#[tokio::test]
async fn the_hall_sign_shows_the_latest_calls_and_says_so() {
    let (_directory, options) = line();
    let lamps = OnbonSign::start(&options, OnbonOptions::new(1, font())).unwrap();
    let profile = OnbonSignProfile { baud: 57_600, width: 192, height: 32, vertical: SignUnits::Pixels };
    let mut rig = Rig::start(lamps.path(), 57_600, vec![hall_sign(&profile)]);
    rig.tell(0, wanted(Place::Hall, &[("A032", 3), ("V001", 1)])).await;
    timeout(SOON, lamps.wait_for_shown(|text| text == "A032 → 3号窗口\nV001 → 1号窗口")).await.expect("not shown");
    rig.is(0, DeviceState::Ok, &[]).await;
    rig.tell(0, wanted(Place::Hall, &[])).await;
    timeout(SOON, lamps.wait_for_shown(|text| text == "欢迎光临")).await.expect("not idle");
}

#[tokio::test]
async fn a_busy_card_is_asked_until_it_shows_the_number() {
    let (_directory, options) = line();
    let lamps = OnbonSign::start(&options, OnbonOptions::new(1, font())).unwrap();
    let profile = OnbonSignProfile { baud: 57_600, width: 192, height: 16, vertical: SignUnits::Pixels };
    let mut rig = Rig::start(lamps.path(), 57_600, vec![hall_sign(&profile)]);
    lamps.busy(true);
    rig.tell(0, wanted(Place::Hall, &[("A032", 3)])).await;
    rig.is(0, DeviceState::Fault, &[Condition::Refused]).await;
    lamps.busy(false);
    timeout(SOON, lamps.wait_for_shown(|text| text == "A032 → 3号窗口")).await.expect("not shown");
    rig.is(0, DeviceState::Ok, &[]).await;
}

#[tokio::test]
async fn a_dead_window_on_the_wires_delays_the_others_by_one_answer_at_most() {
    let (_directory, options) = line();
    let units = [1, 2, 3].map(|unit| WindowOptions::new(unit, font()));
    let windows = WindowSign::start_bus(&options.at_baud(9_600), units).unwrap();
    let mut rig = Rig::start(windows[0].path(), 9_600, vec![window(1), window(2), window(3)]);
    windows[0].mute(true);
    for seat in 0..3 {
        rig.tell(seat, wanted(Place::Counter(1), &[("A001", 1)])).await;
    }
    rig.is(1, DeviceState::Ok, &[]).await;
    rig.is(2, DeviceState::Ok, &[]).await;
    rig.is(0, DeviceState::Unknown, &[Condition::NoAnswer]).await;
    for number in ["A032", "A033", "A034"] {
        let called = Instant::now();
        rig.tell(1, wanted(Place::Counter(2), &[(number, 2)])).await;
        timeout(SOON, windows[1].wait_for_shown(|text| text.contains(number))).await.expect("not shown");
        // A frame of 21 bytes and an answer are 31 ms on the wire, the wait for the dead one 160 ms at most.
        assert!(called.elapsed() < Duration::from_millis(700), "{:?}", called.elapsed());
    }
}

#[tokio::test]
async fn keys_of_two_keypads_on_the_same_wires_become_commands_of_their_counters() {
    let (_directory, options) = line();
    let pads = device_sim::Keypad::start_bus(&options, [1, 2]).unwrap();
    let devices = [1, 2].map(|address| Box::new(Keypad::new(&keypad::tests::profile(), address)));
    let mut rig = Rig::start(pads[0].path(), 9_600, devices.map(|keypad| keypad as Box<dyn Driver>).into());
    rig.is(1, DeviceState::Unknown, &[]).await;
    pads[1].press(device_sim::Key::Call);
    assert_eq!(rig.asks(1).await, Request::Keypad(Command::CallNext));
    timeout(SOON, pads[1].wait_for_acknowledged(1)).await.expect("not acknowledged");
    let view = r#"{"number":2,"names":{"zh":"2 号窗口","en":"Counter 2"},"kind":"general","services":[],"state":"open","waiting":7,
        "ticket":{"id":7,"number":"A042","tier":"ordinary","service":"payment","state":"called","issued_at":"2026-11-22T01:00:00Z",
        "deadline_at":"2026-11-22T01:30:00Z","ahead":0,"waited_s":60}}"#;
    let told = keypad::Told::Changed(serde_json::from_str(view).unwrap());
    rig.tell(1, Told::Keypad(Box::new(told))).await;
    let shown = timeout(SOON, pads[1].wait_for_shown(|shown| shown.ticket == "042")).await.expect("not shown");
    assert_eq!(shown.waiting, "007");
    assert!(rig.asked[0].try_recv().is_err(), "the other keypad asked too");
    rig.tell(1, Told::Keypad(Box::new(keypad::Told::No))).await;
    let beeped = async {
        while pads[1].beeps() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, beeped).await.expect("no beep");
}
