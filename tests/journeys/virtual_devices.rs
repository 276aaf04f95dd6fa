//! A hall of virtual devices on a terminal: a key is pressed, a plug is pulled, and the hall hears of it.

mod terminal;

use std::fs;
use std::path::Path;

use client::{Client, Key};
use hall_tests::eventually;
use jiaohao::access::token_from;
use rustix::process::Signal;
use wire::{Condition, CounterView, DeviceHealth, DeviceState, Role, SignIn, TakeTicket};

use crate::program;
use terminal::Terminal;

const DOWN: &str = "\x1b[B";
const HOME: &str = "\x1b[H";
const END: &str = "\x1b[F";
const CTRL_C: &str = "\x03";

struct Hall<'h> {
    url: &'h str,
    data: &'h Path,
}

impl Hall<'_> {
    fn client(&self, role: Role) -> Client {
        let token = token_from(&self.data.join("access.toml"), role).expect("the hall's secrets");
        Client::new(self.url, &token).expect("an address")
    }

    async fn takes(&self) -> String {
        let wish =
            TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() };
        self.client(Role::Kiosk).take_ticket(&Key::new(), &wish).await.expect("a number").ticket.number
    }

    async fn signs_in(&self, counter: u16) {
        let secrets: toml::Table =
            fs::read_to_string(self.data.join("access.toml")).expect("secrets").parse().expect("TOML");
        let pin = secrets["pin"]["1001"].as_str().expect("a PIN").to_owned();
        let who = SignIn { teller: "1001".to_owned(), pin };
        self.client(Role::Teller).sign_in(counter, &Key::new(), &who).await.expect("signing in");
    }

    async fn counter(&self, number: u16) -> CounterView {
        let hall = self.client(Role::Supervisor).hall().await.expect("a snapshot");
        hall.counters.into_iter().find(|counter| counter.number == number).expect("the counter")
    }

    async fn device_becomes(&self, name: &str, is: impl Fn(&DeviceHealth) -> bool) {
        let supervisor = self.client(Role::Supervisor);
        eventually(format!("{name} becomes so"), async || {
            let hall = supervisor.hall().await.map_err(|error| error.to_string())?;
            let device = hall.devices.into_iter().find(|device| device.name == name).ok_or("no such device")?;
            if is(&device) { Ok(()) } else { Err(format!("{device:?}")) }
        })
        .await;
    }

    fn secrets(&self) -> String {
        self.data.join("access.toml").display().to_string()
    }
}

fn is_well(device: &DeviceHealth) -> bool {
    device.report.state == DeviceState::Ok
}

fn has(condition: Condition) -> impl Fn(&DeviceHealth) -> bool {
    move |device| device.report.conditions.contains(&condition)
}

#[tokio::test]
async fn on_a_terminal_a_ticket_comes_out_a_key_calls_it_and_a_pulled_plug_is_a_fault() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let (data, devices) = (home.path().join("hall"), home.path().join("devices"));
    let broker = program().start(&data, ["broker", "--listen", "127.0.0.1:0"]).await;
    let hall = Hall { url: broker.url(), data: &data };
    let place = devices.display().to_string();
    let args = ["devices", "--virtual", "--broker", hall.url, "--token-file", &hall.secrets(), "--data", &place]
        .map(str::to_owned);
    let mut terminal = Terminal::start(&devices, args);
    terminal.shows("已连接 connected").await;
    hall.device_becomes("printer-1", is_well).await;

    // The printer is chosen first; its ticket comes out on the screen.
    let number = hall.takes().await;
    let letters: Vec<_> = number.chars().map(String::from).collect();
    terminal.shows(&letters.join(" ")).await;
    terminal.shows("已出票 tickets 1").await;

    // The keypad is the last.
    hall.signs_in(3).await;
    terminal.types(END);
    terminal.shows("keypad-3 · 呼叫器").await;
    terminal.types("c");
    terminal.shows_row(&["✓", "keypad-3", "呼叫 call next"]).await;
    eventually("counter 3 has the customer", async || {
        let ticket = hall.counter(3).await.ticket.map(|ticket| ticket.number);
        if ticket.as_ref() == Some(&number) { Ok(()) } else { Err(format!("{ticket:?}")) }
    })
    .await;

    // The hall's sign, second in the list, shows it in lamps, and below them in letters.
    terminal.types(HOME);
    terminal.types(DOWN);
    terminal.shows("hall-led · 点阵屏").await;
    terminal.shows_lamps().await;
    terminal.shows(&number).await;

    terminal.types(HOME);
    terminal.types("u");
    hall.device_becomes("printer-1", has(Condition::NoDevice)).await;
    terminal.shows_row(&["○", "printer-1", "▲"]).await;
    terminal.shows("the hall hears: port not there").await;
    terminal.types("u");
    hall.device_becomes("printer-1", is_well).await;
    terminal.shows_row(&["●", "printer-1", "✓"]).await;

    terminal.types("q");
    assert_eq!(terminal.ends().await.code(), Some(0));
    terminal.is_given_back().await;
    assert!(!devices.join("ports/printer-1").exists(), "the ports are gone with their devices");
}

#[tokio::test]
async fn a_running_hall_can_be_looked_at_and_goes_on_when_nobody_looks_any_more() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let mut running = program().start(&data, ["hall", "--headless", "--listen", "127.0.0.1:0"]).await;
    let url = running.url().to_owned();
    let hall = Hall { url: &url, data: &data };
    hall.device_becomes("printer-1", is_well).await;
    let place = data.display().to_string();
    let mut terminal = Terminal::start(&data, ["devices", "--virtual", "--attach", &place, "--broker", &url]);
    terminal.shows("printer-1 · 打印机").await;
    terminal.types("o");
    hall.device_becomes("printer-1", has(Condition::PaperOut)).await;
    terminal.shows("缺纸 out of paper").await;
    terminal.types("l");
    hall.device_becomes("printer-1", is_well).await;

    // A question is answered with what it offers.
    terminal.types("L");
    terminal.shows("换定长纸卷 roll of mm（毫米 mm）: 50").await;
    terminal.types("\r");
    terminal.shows("余纸 paper left 50 mm").await;

    // The window becomes smaller, and everything moves into it.
    terminal.becomes(24, 80);
    terminal.shows_at_row(24, "退出 quit").await;

    terminal.types(CTRL_C);
    assert_eq!(terminal.ends().await.code(), Some(0));
    terminal.is_given_back().await;
    hall.device_becomes("printer-1", is_well).await;
    assert!(data.join("ports/control").exists());

    // When the hall ends, whoever looks is told.
    let mut terminal = Terminal::start(&data, ["devices", "--virtual", "--attach", &place, "--broker", &url]);
    terminal.shows("已连接 connected").await;
    running.ends_on(Signal::TERM, std::time::Duration::from_secs(5)).await;
    terminal.shows("未连接 not connected").await;
    terminal.shows("无法询问 cannot be asked").await;
    terminal.types("q");
    assert_eq!(terminal.ends().await.code(), Some(0));
}

#[tokio::test]
async fn without_a_terminal_every_device_of_a_real_hall_is_virtual_too() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let (data, devices) = (home.path().join("hall"), home.path().join("devices"));
    let mut real = config::SAMPLE.to_owned();
    let mut ports = 0;
    while real.contains("port = \"virtual\"") {
        ports += 1;
        real = real.replacen("port = \"virtual\"", &format!("port = \"/dev/serial/by-path/{ports}\""), 1);
    }
    assert!(ports > 1, "the sample has virtual devices");
    let config = home.path().join("real.toml");
    fs::write(&config, real).expect("a configuration");
    let config = config.display().to_string();
    let broker = program().start(&data, ["broker", "--listen", "127.0.0.1:0", "--config", &config]).await;
    let hall = Hall { url: broker.url(), data: &data };
    let secrets = hall.secrets();
    let args = ["devices", "--virtual", "--broker", hall.url, "--token-file", &secrets];
    let running = program().start_role(&devices, args).await;
    hall.device_becomes("printer-1", is_well).await;
    hall.device_becomes("hall-led", is_well).await;
    let port = devices.join("ports/printer-1").display().to_string();
    eventually("it prints the ports", async || {
        let printed = running.printed();
        if printed.contains(&format!("printer-1  {port}")) { Ok(()) } else { Err(printed) }
    })
    .await;

    // A second one would take the ports away from the first.
    let place = devices.display().to_string();
    let second = program().run(args.into_iter().chain(["--data", &place])).await;
    assert_eq!(second.code, Some(2), "{second:?}");
    assert!(second.stderr.contains(&format!("--attach {place}")), "{second:?}");
    hall.device_becomes("printer-1", is_well).await;
}
