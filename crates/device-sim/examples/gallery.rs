//! Writes the pictures of tickets, signs, a window display and a digit board into a directory: `gallery DIRECTORY`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use device_sim::{
    CPowerOptions, CPowerSign, DigitBoard, Font, LineOptions, OnbonOptions, OnbonSign, Printer, PrinterOptions,
    WindowOptions, WindowSign,
};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let directory = PathBuf::from(std::env::args().nth(1).ok_or("gallery DIRECTORY")?);
    std::fs::create_dir_all(&directory)?;
    let fonts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");
    let font = Font::from_bytes(std::fs::read(format!("{fonts}/NotoSansSC-Regular.ttf"))?)?;
    for (name, dots) in [("ticket-80mm", 576), ("ticket-58mm", 384)] {
        let mut options = PrinterOptions::new(LineOptions::new(&directory, name), font.clone());
        options.dots = dots;
        let printer = Printer::start(options)?;
        send(printer.path(), &ticket(if dots == 576 { 0x33 } else { 0x22 }))?;
        for ticket in printer.wait_for_tickets(1).await {
            println!("{name}: {ticket:.0?}");
            std::fs::write(directory.join(format!("{name}.png")), ticket.png())?;
        }
    }
    let sign = OnbonSign::start(&LineOptions::new(&directory, "hall-sign"), OnbonOptions::new(1, font.clone()))?;
    send(sign.path(), &hall_sign())?;
    println!("{}", sign.wait_for_shown(|text| !text.is_empty()).await);
    std::fs::write(directory.join("hall-sign.png"), sign.png())?;
    let card = CPowerSign::start(&LineOptions::new(&directory, "hall-card"), CPowerOptions::new(1, font.clone()))?;
    send(card.path(), &hall_card())?;
    println!("{}", card.wait_for_shown(|text| !text.is_empty()).await);
    std::fs::write(directory.join("hall-card.png"), card.png())?;
    let board = DigitBoard::start_xunpeng(&LineOptions::new(&directory, "digits"))?;
    // 42: 3A + 00 + 2A + 00 + 01 = 65.
    send(board.path(), b"\x3A\x00\x2A\x00\x01\x65\x0A")?;
    board.wait_for_number(42).await;
    std::fs::write(directory.join("digits.png"), board.png())?;
    let window = WindowSign::start(&LineOptions::new(&directory, "window"), WindowOptions::new(1, font))?;
    // Value 13 in register 7 of unit 1.
    send(window.path(), b"\x01\x06\x00\x07\x00\x0D\xF9\xCE")?;
    println!("{}", window.wait_for_shown(|text| text == "13").await);
    std::fs::write(directory.join("window.png"), window.png())?;
    Ok(())
}

fn send(port: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).open(port)?.write_all(bytes)
}

fn ticket(size: u8) -> Vec<u8> {
    let url = b"https://hall.example/t/7Q2M9-A013?d=1122";
    let mut bytes = Vec::new();
    bytes.extend(b"\x1B\x40\x1C\x26\x1B\x61\x01");
    bytes.extend(chinese("城东路营业厅\n"));
    bytes.extend([0x1D, 0x21, size]);
    bytes.extend(b"A013\n\x1D\x21\x11");
    bytes.extend(chinese("缴费充值\n"));
    bytes.extend(b"\x1D\x21\x00");
    bytes.extend(chinese("您前面还有 12 位\n预计等候 15–25 分钟（打印时估计）\n"));
    bytes.extend(chinese("B 区  2026-11-22 09:41\n"));
    bytes.extend(b"\x1B\x61\x00\x1D\x21\x01");
    bytes.extend(chinese("请备好：身份证原件、经办人委托书\n"));
    bytes.extend(b"\x1D\x21\x00\x1B\x61\x01\x1B\x64\x01");
    bytes.extend(b"\x1D\x28\x6B\x04\x00\x31\x41\x32\x00\x1D\x28\x6B\x03\x00\x31\x43\x06");
    bytes.extend(b"\x1D\x28\x6B\x03\x00\x31\x45\x31\x1D\x28\x6B");
    bytes.extend([url.len() as u8 + 3, 0, 0x31, 0x50, 0x30]);
    bytes.extend(url);
    bytes.extend(b"\x1D\x28\x6B\x03\x00\x31\x51\x30\x1B\x64\x01\x1B\x45\x01");
    bytes.extend(chinese("过号请到咨询台重新排队\n"));
    bytes.extend(b"\x1B\x45\x00Queue for a new call if missed (0123456789)\n");
    bytes.extend(b"\x1D\x56\x42\x60");
    bytes
}

fn hall_sign() -> Vec<u8> {
    let text = chinese("请 A013 号到 3 号窗口\n请 V002 号到 1 号窗口");
    let mut data = vec![0xA3, 0x06, 0x02, 0, 0, 0, 1];
    data.extend((text.len() as u16 + 27).to_le_bytes());
    data.extend(b"\x00\x00\x00\x00\x00\x18\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x02\x01\x00\x01\x0A");
    data.extend((text.len() as u32).to_le_bytes());
    data.extend(text);
    let mut frame = vec![0xA5; 8];
    frame.extend(b"\x01\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02");
    frame.extend((data.len() as u16).to_le_bytes());
    frame.extend(data);
    frame.extend([0xFF, 0xFF, 0x5A]);
    frame
}

/// Two centred lines of 16 dots in window 0 of card 1; none of its bytes needs an escape.
fn hall_card() -> Vec<u8> {
    let text = chinese("请 A013 号到 3 号窗口\r请 V002 号到 1 号窗口");
    let mut frame = vec![0xA5, 0x68, 0x32, 0x01, 0x7B, 0x01];
    frame.extend((text.len() as u16 + 12).to_le_bytes());
    frame.extend(b"\x00\x00\x12\x00\x00\x05\x01\x00\x05\x02\xFF\x00\x00");
    frame.extend(text);
    frame.push(0);
    let sum = frame[1..].iter().fold(0, |sum: u16, byte| sum.wrapping_add(u16::from(*byte)));
    frame.extend(sum.to_le_bytes());
    frame.push(0xAE);
    frame
}

fn chinese(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
