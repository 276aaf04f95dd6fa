//! A technician with an unknown printer and no manual: `doctor` asks, they look at the paper, and the profile prints tickets.

mod technician;

use std::path::Path;

use device_host::Font;
use device_host::port::{Port, PortSettings};
use device_host::probe::print_ticket;
use device_sim::{
    Answers, Charset, Chinese, CutKind, Key, Keypad, LineOptions, Outlet, Printer, PrinterOptions, WindowOptions,
    WindowSign,
};
use rustix::process::Signal;
use wire::{
    CutCommand, DeviceProfile, DoubleByte, Flow, ImageCommand, NumberStyle, PrintConfirm, PrintState, PrinterCharset,
    PrinterProfile, PrinterStatus, QrCommand, Slip,
};

use technician::{Conversation, Technician, doctor};

const FONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/fonts/NotoSansSC-Regular.ttf");

fn plug(folder: &Path, change: impl FnOnce(&mut PrinterOptions)) -> Printer {
    let font = device_sim::Font::from_bytes(std::fs::read(FONT).expect("the font")).expect("a font");
    let mut options = PrinterOptions::new(LineOptions::new(folder, "unknown"), font);
    change(&mut options);
    Printer::start(options).expect("a printer")
}

/// A ticket with Chinese that every printer has, and rare characters.
fn slip() -> Slip {
    Slip {
        hall: "东湖路营业厅".to_owned(),
        greeting: Some("镕堃".to_owned()),
        number: "A042".to_owned(),
        service: "缴费".to_owned(),
        ahead: Some("您前面还有 3 位".to_owned()),
        wait: None,
        area: None,
        time: "2026-11-22 09:00".to_owned(),
        documents: Vec::new(),
        qr_url: Some("http://127.0.0.1:8080/t/abc".to_owned()),
        rule: None,
        copy_mark: None,
    }
}

/// The profile `doctor` proposed, as the hall would read it.
fn proposed(data: &Path, said: &str) -> (String, PrinterProfile) {
    let line =
        said.lines().find(|line| line.starts_with("profile = ")).unwrap_or_else(|| panic!("no profile in\n{said}"));
    let name = line.split('"').nth(1).expect("a name").to_owned();
    let own = std::fs::read_to_string(data.join("devices").join(format!("{name}.toml"))).ok();
    let built_in = config::BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    let text = own.or(built_in).expect("a profile of this name");
    match config::parse_profile(&name, &text) {
        Ok(DeviceProfile::EscposPrinter(profile)) => (name, profile),
        other => panic!("{other:?}"),
    }
}

/// A profile that comes with the product.
fn built_in(name: &str) -> PrinterProfile {
    let text = config::BUILT_IN.iter().find(|(known, _)| *known == name).expect("a profile of this name").1;
    match config::parse_profile(name, text) {
        Ok(DeviceProfile::EscposPrinter(profile)) => profile,
        other => panic!("{other:?}"),
    }
}

/// Another ticket in the proposed profile comes out as the hall would print it.
async fn prints_a_ticket(printer: &Printer, profile: &PrinterProfile, state: PrintState) {
    let before = printer.tickets().len();
    let font = Font::from_bytes(std::fs::read(FONT).expect("the font")).expect("a font");
    let path = printer.path().display().to_string();
    let attempt = print_ticket(&path, profile, &font, slip()).await.expect("a port");
    assert_eq!(attempt.report.map(|report| report.state), Some(state));
    let papers = printer.wait_for_tickets(before + 1).await;
    let paper = papers.last().expect("a ticket");
    assert_eq!(paper.anomalies, Vec::<String>::new());
    for line in ["东湖路营业厅", "缴费", "您前面还有 3 位"] {
        assert!(paper.text().contains(line), "{line} in\n{}", paper.text());
    }
    assert!(!paper.text().contains('▯'), "{}", paper.text());
}

#[tokio::test]
async fn a_printer_that_answers_and_can_do_everything_gets_a_built_in_profile_where_one_fits() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let said = Technician::default().goes_through(&printer, data.path(), &[]).await;
    let (name, profile) = proposed(data.path(), &said);
    assert_eq!(name, "generic-80", "{said}");
    assert!(said.contains("√ 打印机自己确认：票已印出"), "{said}");
    assert!(!data.path().join("devices").exists(), "nothing was to be written");
    prints_a_ticket(&printer, &profile, PrintState::Printed).await;
    let report = std::fs::read_to_string(data.path().join("out/doctor-printer.txt")).expect("a report");
    assert!(report.contains("哪几行印出了“中文正常”") && report.contains("profile = \"generic-80\""), "{report}");
}

#[tokio::test]
async fn a_mute_printer_that_obeys_from_the_next_line_and_draws_nothing() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| {
        options.answers = Answers::Mute;
        options.chinese = Chinese::FromNextLine;
        options.charset = Charset::Gb2312;
        options.dots = 400;
    });
    let technician = Technician { speed: '2', image: false, qr: false, cut: 'K', ..Technician::default() };
    let said = technician.goes_through(&printer, data.path(), &[]).await;
    let (name, profile) = proposed(data.path(), &said);
    assert_eq!(name, "site-printer");
    let expected = PrinterProfile {
        baud: 19_200,
        flow: Flow::None,
        dots: 400,
        double_byte: DoubleByte::FsAmpNextLine,
        cut: CutCommand::EscM,
        qr: QrCommand::None,
        status: PrinterStatus::None,
        confirm: PrintConfirm::None,
        charset: PrinterCharset::Gb2312,
        image: ImageCommand::None,
        number: NumberStyle::Text,
        ..built_in("generic-80")
    };
    assert_eq!(profile, expected);
    prints_a_ticket(&printer, &profile, PrintState::Sent).await;
}

#[tokio::test]
async fn a_narrow_printer_that_reads_chinese_from_power_up_and_tells_only_its_state() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| {
        options.answers = Answers::RealTimeOnly;
        options.chinese = Chinese::FromPowerUp;
        options.dots = 384;
    });
    let technician = Technician { cut: 'J', ..Technician::default() };
    let said = technician.goes_through(&printer, data.path(), &["--name", "west-wall"]).await;
    let (name, profile) = proposed(data.path(), &said);
    assert_eq!(name, "west-wall");
    assert_eq!((profile.double_byte, profile.dots), (DoubleByte::Always, 384));
    assert_eq!((profile.status, profile.confirm), (PrinterStatus::RealTime, PrintConfirm::None));
    prints_a_ticket(&printer, &profile, PrintState::Sent).await;
    assert_eq!(printer.tickets().last().expect("a ticket").cut, CutKind::Full);
}

#[tokio::test]
async fn a_printer_that_lacks_characters_enlargement_and_codes_gets_them_as_images() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| {
        options.chinese = Chinese::ByCommand;
        options.charset = Charset::Gb2312;
    });
    let technician = Technician { qr: false, large: false, cut: 'I', ..Technician::default() };
    let said = technician.goes_through(&printer, data.path(), &[]).await;
    let (_, profile) = proposed(data.path(), &said);
    assert_eq!((profile.qr, profile.number), (QrCommand::Raster, NumberStyle::Raster));
    assert_eq!((profile.charset, profile.cut), (PrinterCharset::Gb2312, CutCommand::Partial));
    prints_a_ticket(&printer, &profile, PrintState::Printed).await;
}

#[tokio::test]
async fn a_printer_with_a_tear_bar_is_not_told_to_cut() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| {
        options.answers = Answers::Mute;
        options.outlet = Outlet::TearBar;
        options.dots = 384;
    });
    let technician = Technician { speed: '1', ..Technician::default() };
    let said = technician.goes_through(&printer, data.path(), &[]).await;
    let (name, profile) = proposed(data.path(), &said);
    assert_eq!((profile.cut, profile.dots, profile.baud), (CutCommand::None, 384, 9_600));
    assert_eq!(name, "generic-58", "the commonest narrow printer");
    assert!(printer.tear(), "a ticket hangs at the bar");
    let paper = printer.last_ticket().expect("a piece of paper");
    assert!(paper.text().contains("您前面还有 3 位"), "{}", paper.text());
}

#[tokio::test]
async fn a_printer_of_a_known_kind_is_told_by_its_defaults_alone() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| options.dots = 512);
    let path = printer.path().display().to_string();
    let outcome = doctor(data.path(), &["printer", &path, "--profile", "epson-tm", "--yes"], "").await;
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let (name, profile) = proposed(data.path(), &outcome.stdout);
    assert_eq!(name, "epson-tm");
    prints_a_ticket(&printer, &profile, PrintState::Printed).await;
}

#[tokio::test]
async fn a_printer_without_paper_is_told_and_goes_on_when_it_has_some() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let path = printer.path().display().to_string();
    printer.run_out_of_paper();
    let alone = doctor(data.path(), &["printer", &path, "--yes"], "").await;
    assert_eq!(alone.code, Some(2));
    assert!(alone.stderr.contains("缺纸") && alone.stderr.contains("no paper"), "{alone:?}");
    assert!(!data.path().join("devices").exists() && printer.received().iter().all(|byte| *byte != b'\n'));

    let mut talk = Conversation::start(&printer, data.path(), &[]);
    talk.asks("关掉再打开").await;
    talk.answers("").await;
    talk.asks("缺纸").await;
    printer.load_paper();
    talk.answers("").await;
    talk.asks("A、B、C").await;
}

#[tokio::test]
async fn what_is_no_answer_is_asked_again_and_a_script_that_ends_early_is_told() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let path = printer.path().display().to_string();
    let outcome = doctor(data.path(), &["printer", &path], "\nwhat?\nb\n").await;
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stdout.contains("请用括号里的字母"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("--yes"), "{}", outcome.stderr);
}

#[tokio::test]
async fn ctrl_c_leaves_the_port_to_the_next() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |options| options.answers = Answers::Mute);
    let mut talk = Conversation::start(&printer, data.path(), &[]);
    talk.asks("关掉再打开").await;
    talk.answers("").await;
    // In the middle of a question to the printer, with the port open.
    talk.says("9600").await;
    let (code, rest) = talk.ends_on(Signal::INT).await;
    assert_eq!(code, Some(1), "{rest}");
    let settings = PortSettings { path: printer.path().display().to_string(), baud: 9_600, flow: Flow::None };
    Port::open(&settings).await.expect("the port is free").close().await;
}

#[tokio::test]
async fn a_port_that_somebody_has_or_nobody_plugged_in_is_told_with_its_mend() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let path = printer.path().display().to_string();
    let settings = PortSettings { path: path.clone(), baud: 9_600, flow: Flow::None };
    let ours = Port::open(&settings).await.expect("a port");
    let busy = doctor(data.path(), &["printer", &path, "--yes"], "").await;
    assert_eq!(busy.code, Some(2));
    assert!(
        busy.stderr.contains("被别的程序占用") && busy.stderr.contains(&std::process::id().to_string()),
        "{busy:?}"
    );
    let listed = doctor(data.path(), &["ports", &path], "").await;
    assert!(listed.stdout.contains(&format!("进程 {}", std::process::id())), "{}", listed.stdout);
    ours.close().await;
    printer.unplug();
    let gone = doctor(data.path(), &["printer", &path, "--yes"], "").await;
    assert!(gone.code == Some(2) && gone.stderr.contains("jiaohao doctor ports"), "{gone:?}");
    let gone = doctor(data.path(), &["ports", &path], "").await;
    assert!(gone.code == Some(2) && gone.stdout.contains("不存在"), "{gone:?}");
}

#[tokio::test]
async fn ports_are_written_to_only_when_that_is_asked_for() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let path = printer.path().display().to_string();
    let listed = doctor(data.path(), &["ports", &path], "").await;
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(printer.received().is_empty());
    let asked = doctor(data.path(), &["ports", &path, "--probe", "printer", "--speed", "19200"], "").await;
    assert!(asked.stdout.contains("19200 打印机有回答"), "{}", asked.stdout);
    assert!(!printer.received().is_empty());
}

#[tokio::test]
async fn a_logo_is_stored_and_stands_above_the_ticket() {
    let data = tempfile::tempdir().expect("a directory");
    let printer = plug(data.path(), |_| {});
    let path = printer.path().display().to_string();
    let image = data.path().join("logo.png");
    let mut encoder = png::Encoder::new(std::fs::File::create(&image).expect("a file"), 160, 80);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let dark: Vec<u8> = (0..160 * 80).map(|at| if at % 160 < 80 { 0 } else { 255 }).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&dark)).expect("an image");
    let image = image.display().to_string();
    let args = ["printer", &path, "--store-logo", &image, "--profile", "generic-80"];
    let refused = doctor(data.path(), &args, "n\n").await;
    assert!(refused.code == Some(0) && refused.stdout.contains("没有存"), "{refused:?}");
    assert!(printer.received().is_empty());
    let stored = doctor(data.path(), &args, "y\n").await;
    assert!(stored.code == Some(0) && stored.stdout.contains("存储器写多了会坏"), "{stored:?}");
    prints_a_ticket(&printer, &PrinterProfile { logo: 1, ..built_in("generic-80") }, PrintState::Printed).await;
}

/// A hall whose two counters have a sign and a keypad at these ports.
fn hall(data: &Path, sign: &Path, keypad: &Path) -> String {
    let mut text = config::SAMPLE.to_owned();
    for (name, port) in [("window-led-1", sign), ("window-led-2", sign), ("keypad-3", keypad)] {
        let at = text.find(&format!("name = \"{name}\"")).expect("a device of the sample");
        let port_at = at + text[at..].find("port = \"virtual\"").expect("its port");
        text.replace_range(port_at..port_at + "port = \"virtual\"".len(), &format!("port = \"{}\"", port.display()));
    }
    let file = data.join("hall.toml");
    std::fs::write(&file, text).expect("a file");
    file.display().to_string()
}

#[tokio::test]
async fn signs_are_lit_with_their_numbers_and_the_one_that_is_away_is_told() {
    let data = tempfile::tempdir().expect("a directory");
    let font = device_sim::Font::from_bytes(std::fs::read(FONT).expect("the font")).expect("a font");
    let sign = WindowSign::start(&LineOptions::new(data.path(), "signs"), WindowOptions::new(1, font)).expect("a sign");
    let config = hall(data.path(), sign.path(), Path::new("/nonexistent/keypad"));
    let mut shown = sign.watch();
    let lit = tokio::spawn(async move { shown.wait_for(|text| text.trim() == "001").await.is_ok() });
    let outcome = doctor(data.path(), &["sign", "--config", &config, "--seconds", "4"], "").await;
    assert!(lit.await.expect("a look"), "the sign shows its number");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stdout.contains("√ window-led-1（地址 1）应显示 001：已应答"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("× window-led-2（地址 2）应显示 002：没有应答"), "{}", outcome.stdout);
    let named = doctor(data.path(), &["sign", "window-led-1", "--config", &config, "--seconds", "1"], "").await;
    assert!(named.code == Some(0) && !named.stdout.contains("window-led-2"), "{named:?}");
    let port = sign.path().display().to_string();
    let asked =
        doctor(data.path(), &["ports", &port, "--probe", "sign", "--address", "1", "--speed", "9600"], "").await;
    assert!(asked.stdout.contains("√ 9600，地址 1 有显示屏回答，型号 modbus-window-6"), "{asked:?}");
    let unknown = doctor(data.path(), &["sign", "hall-led", "--config", &config], "").await;
    assert!(unknown.code == Some(2) && unknown.stderr.contains("window-led-1, window-led-2"), "{unknown:?}");
}

#[tokio::test]
async fn keys_are_told_by_counter_and_meaning() {
    let data = tempfile::tempdir().expect("a directory");
    let keypad = Keypad::start(&LineOptions::new(data.path(), "pads"), 3).expect("a keypad");
    let config = hall(data.path(), Path::new("/nonexistent/signs"), keypad.path());
    let mut talk = Conversation::begin(data.path(), &["keys", "--config", &config]);
    while !keypad.is_open() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    keypad.press(Key::Recall);
    talk.says("√ keypad-3（3 号窗口）：键 0D 重呼").await;
    let (code, said) = talk.ends_on(Signal::INT).await;
    assert_eq!(code, Some(0), "whoever has seen enough ends it: {said}");
    assert!(keypad.unanswered().is_empty());
}
