//! Our bytes judged by software that is not ours: an ESC/POS parser reads tickets, pymodbus is a window sign, and minimalmodbus
//! asks our simulators. What it is and how it is started: `tests/strangers`.
//!
//! `JIAOHAO_STRANGERS` names the directory where `tests/run` has put it.

mod parser;
mod pty;
mod stranger;

use device_sim::{PolledKeypad, PolledKeypadOptions, WindowOptions, WindowRegisters, WindowSign};
use hall_tests::{Paper, Rig, Wires, lettering};
use parser::ReadTicket;
use pty::PtyPair;
use stranger::{Stranger, asks};
use wire::{
    CutCommand, DeviceProfile, NumberStyle, PrintConfirm, PrintState, PrinterProfile, PrinterStatus, QrCommand,
};

#[tokio::test]
#[ignore = "needs programs of other people; tests/run installs them"]
async fn a_ticket_of_every_printer_is_clean_to_a_parser_of_somebody_else() {
    let mut printers = 0;
    for (name, text) in config::BUILT_IN {
        let Ok(DeviceProfile::EscposPrinter(profile)) = config::parse_profile(name, text) else { continue };
        printers += 1;
        let line = format!("profile = \"{name}\"");
        let rig = Rig::opens_like_the_sample_but(|sample| sample.replacen("profile = \"generic-80\"", &line, 1)).await;
        let paper = first_ticket(&rig, &profile).await;
        let read = ReadTicket::of(&rig.printer().received()).await;

        assert!(read.says("东湖路营业厅") && read.says("缴费"), "{name}: {read:?}");
        assert_eq!(read.says("A001"), profile.number == NumberStyle::Text, "{name}: {read:?}");
        // Word for word what our simulated printer has on its paper; the two share nothing.
        assert_eq!(read.lines, paper.text_lines, "{name}");
        assert_eq!(read.codes, paper.qr, "{name}");
        assert_eq!(read.images.is_empty(), profile.qr != QrCommand::Raster, "{name}: {read:?}");
        // To this parser every ESC i is a partial cut, as it is to Epson's printers.
        let cuts: &[&str] = if profile.cut == CutCommand::None { &[] } else { &["partial"] };
        assert_eq!(read.cuts, cuts, "{name}: {read:?}");
        for command in &read.unknown {
            assert!(is_meant(&profile, command), "{name}: the parser does not know {command}, and nobody meant it");
        }
    }
    assert_eq!(printers, 8);
}

/// The first ticket of a day, on paper: cut, or torn off where nothing cuts.
async fn first_ticket(rig: &Rig, profile: &PrinterProfile) -> Paper {
    let ticket = rig.takes_ticket("payment").await;
    // By its own word, or because the ticket showed in its presenter's mouth.
    let confirmed = profile.confirm == PrintConfirm::GsR || profile.status == PrinterStatus::Full;
    rig.print_becomes(ticket.id, if confirmed { PrintState::Printed } else { PrintState::Sent }).await;
    if profile.cut == CutCommand::None {
        rig.until("the ticket is fed out", async || {
            let (received, waiting) = (rig.printer().received(), rig.printer().waiting_bytes());
            // ESC d n, up to the bar where it is torn off.
            let last = received.last_chunk().copied().unwrap_or([0; 3]);
            let fed_out = last.starts_with(b"\x1Bd") && waiting == 0;
            if fed_out { Ok(()) } else { Err(format!("{last:02x?}, {waiting} bytes wait")) }
        })
        .await;
        assert!(rig.printer().tear());
    }
    rig.papers(1).await.remove(0)
}

/// Whether we sent this on purpose, though the parser does not follow it: Chinese on and off, air between lines, and what this
/// printer's profile asks for.
fn is_meant(profile: &PrinterProfile, command: &str) -> bool {
    let (name, arguments) = command.split_at(4.min(command.len()));
    match name {
        // FS &, FS .
        "1c26" | "1c2e" => arguments.is_empty(),
        // ESC J n
        "1b4a" => arguments == "0a",
        // FS p n m
        "1c70" => profile.logo > 0 && arguments == format!("{:02x}00", profile.logo),
        // GS a n
        "1d61" => profile.status == PrinterStatus::Automatic && arguments.len() == 2,
        // GS e n
        "1d65" => profile.eject > 0 && arguments == format!("{:02x}", profile.eject),
        // DLE EOT 20, the whole state of a printer with a presenter
        "1004" => profile.status == PrinterStatus::Full && arguments == "14",
        // GS r n
        "1d72" => profile.confirm == PrintConfirm::GsR && arguments == "01",
        _ => false,
    }
}

#[tokio::test]
#[ignore = "needs programs of other people; tests/run installs them"]
async fn a_sign_that_is_pymodbus_holds_the_number_that_is_called() {
    let pair = PtyPair::joined();
    let sign = Stranger::starts("window.py", &[pair.far(), "3"]).await;
    assert_eq!(sign.last_said(), "ready");
    let virtual_port = "name = \"window-led-3\"\nprofile = \"modbus-window-6\"\nport = \"virtual\"";
    let rig = Rig::opens_like_the_sample_but(|sample| {
        assert!(sample.contains(virtual_port), "the sample has no such sign");
        sample.replacen(virtual_port, &virtual_port.replace("virtual", pair.near()), 1)
    })
    .await;
    rig.device("window-led-3").becomes_well().await;
    let teller = rig.teller(3).signs_in().await;
    for _ in 0..2 {
        let number = rig.takes_number_only("payment").await.number;
        teller.calls_next().await;
        rig.until(format!("pymodbus holds {number}"), async || {
            let said = sign.last_said();
            if characters(&said) == number { Ok(()) } else { Err(format!("`{said}`")) }
        })
        .await;
    }
}

/// The six text registers as characters, without blanks at both ends.
fn characters(registers: &str) -> String {
    let code = |value: &str| value.parse::<u8>().map_or('?', char::from);
    registers.split(' ').take(6).map(code).collect::<String>().trim_matches([' ', '\0']).to_owned()
}

#[tokio::test]
#[ignore = "needs programs of other people; tests/run installs them"]
async fn minimalmodbus_reads_back_from_a_simulated_sign_what_it_wrote() {
    let wires = Wires::laid();
    let one = WindowOptions::new(1, lettering());
    let two = WindowOptions { registers: WindowRegisters::TwoCharacters, ..WindowOptions::new(2, lettering()) };
    let signs = WindowSign::start_bus(&wires.line(), [one, two]).expect("a line");

    assert_eq!(asks(&wires.port(), 1, &["write", "0", "65", "48", "48", "49", "32", "32"]).await, "written");
    assert_eq!(asks(&wires.port(), 1, &["read", "0", "6"]).await, "65 48 48 49 32 32");
    assert_eq!(signs[0].shown(), "A001");
    assert_eq!(asks(&wires.port(), 1, &["write-one", "3", "50"]).await, "written");
    assert_eq!(asks(&wires.port(), 1, &["read", "2", "2"]).await, "48 50");
    assert_eq!(signs[0].shown(), "A002");

    // "B017" in two characters a register, the first in the high byte.
    assert_eq!(asks(&wires.port(), 2, &["write", "0", "16944", "12599", "8224"]).await, "written");
    assert_eq!(asks(&wires.port(), 2, &["read", "0", "3"]).await, "16944 12599 8224");
    assert_eq!(signs[1].shown(), "B017");
    assert_eq!(signs[0].shown(), "A002");

    assert_eq!(asks(&wires.port(), 2, &["read", "3", "1"]).await, "refused");
    assert_eq!(asks(&wires.port(), 1, &["inputs", "0", "1"]).await, "refused");
    assert_eq!(asks(&wires.port(), 3, &["read", "0", "1"]).await, "no answer");
}

#[tokio::test]
#[ignore = "needs programs of other people; tests/run installs them"]
async fn minimalmodbus_sees_the_keys_that_are_pressed_on_a_simulated_keypad() {
    let wires = Wires::laid();
    let options = PolledKeypadOptions { registers: 3, ..PolledKeypadOptions::new(5) };
    let keypad = PolledKeypad::start(&wires.line(), options).expect("a line");

    assert_eq!(asks(&wires.port(), 5, &["inputs", "0", "8"]).await, "0 0 0 0 0 0 0 0");
    assert!(keypad.hold(0) && keypad.hold(6));
    assert_eq!(asks(&wires.port(), 5, &["inputs", "0", "8"]).await, "1 0 0 0 0 0 1 0");
    assert_eq!(asks(&wires.port(), 5, &["inputs", "5", "3"]).await, "0 1 0");
    keypad.release(0);
    assert_eq!(asks(&wires.port(), 5, &["inputs", "0", "8"]).await, "0 0 0 0 0 0 1 0");
    assert_eq!(asks(&wires.port(), 5, &["inputs", "8", "1"]).await, "refused");

    assert_eq!(asks(&wires.port(), 5, &["write-one", "0", "12"]).await, "written");
    assert_eq!(asks(&wires.port(), 5, &["write", "1", "17", "1"]).await, "written");
    assert_eq!(keypad.registers(), [12, 17, 1]);
    assert_eq!(asks(&wires.port(), 5, &["read", "0", "3"]).await, "12 17 1");
}
