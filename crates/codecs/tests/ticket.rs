//! The ticket, byte by byte: what a printer receives, taken apart again by a reader of its own.

use codecs::escpos::{Confirm, Cut, DoubleByte, EncodeError, NoGlyphs, PrinterTraits, Qr, Slip, StatusKind, ticket};
use encoding_rs::GB18030;
use proptest::prelude::*;

fn slip() -> Slip {
    Slip {
        hall: "中国移动人民路营业厅".to_owned(),
        greeting: None,
        number: "A042".to_owned(),
        service: "缴费充值".to_owned(),
        ahead_line: Some("您前面还有 3 位".to_owned()),
        wait_line: Some("预计等候 5–15 分钟（打印时估计）".to_owned()),
        area_line: Some("请到 B 区等候".to_owned()),
        time_line: "2026-11-22 09:41".to_owned(),
        documents: vec!["身份证原件".to_owned(), "手机号码".to_owned(), "缴费单".to_owned()],
        qr_url: Some("https://hall.example.cn/t/8f3kq2m9x7".to_owned()),
        rule_line: Some("过号不作废，请到咨询台重新排队。".to_owned()),
        copy_mark: None,
    }
}

fn job(slip: &Slip, traits: &PrinterTraits) -> Result<Vec<u8>, EncodeError> {
    ticket(slip, traits, &NoGlyphs)
}

fn narrow() -> PrinterTraits {
    PrinterTraits { dots: 384, ..PrinterTraits::default() }
}

#[test]
fn the_default_ticket_reads_like_this() {
    let traits = PrinterTraits { confirm: Confirm::GsR, ..PrinterTraits::default() };
    let bytes = job(&slip(), &traits).unwrap();
    insta::assert_snapshot!("ticket_80mm", dump(&bytes));
}

#[test]
fn a_58_mm_ticket_with_everything_on_it_reads_like_this() {
    let traits = PrinterTraits {
        double_byte: DoubleByte::FromNextLine,
        status: StatusKind::Automatic,
        cut: Cut::EscM,
        ..narrow()
    };
    let slip = Slip {
        greeting: Some("上午好，欢迎光临".to_owned()),
        copy_mark: Some("补打".to_owned()),
        documents: vec!["身份证原件及复印件，代办须带双方身份证".to_owned(), "手机".to_owned(), "授权书".to_owned()],
        ..slip()
    };
    insta::assert_snapshot!("ticket_58mm", dump(&job(&slip, &traits).unwrap()));
}

#[test]
fn the_default_ticket_fits_in_1000_bytes() {
    let bytes = job(&slip(), &PrinterTraits::default()).unwrap();
    assert!(bytes.len() <= 1000, "{} bytes", bytes.len());
}

#[test]
fn the_default_ticket_fits_in_120_mm() {
    let bytes = job(&slip(), &PrinterTraits::default()).unwrap();
    let length = parse(&bytes).iter().map(Part::tenths_of_mm).sum::<u32>();
    assert!((900..=1200).contains(&length), "{length} tenths of a millimetre");
}

#[test]
fn no_line_is_wider_than_the_paper() {
    let long = Slip {
        hall: "中国移动通信集团某某有限公司人民路与解放路交叉口旗舰营业厅".to_owned(),
        number: "VIP-A0042-0007".to_owned(),
        service: "国际漫游与跨境业务办理及咨询服务".to_owned(),
        rule_line: Some("过号不作废".repeat(30)),
        documents: vec!["Original passport and residence permit, with a photocopy of each".to_owned()],
        ..slip()
    };
    for (traits, columns) in [(PrinterTraits::default(), 48), (narrow(), 32)] {
        for part in parse(&job(&long, &traits).unwrap()) {
            if let Part::Text { text, width, .. } = part {
                let used: u32 = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
                assert!(used * width <= columns, "{text:?} × {width} on {columns}");
            }
        }
    }
}

#[test]
fn the_number_is_as_large_as_the_paper_allows() {
    let number_size = |number: &str, traits: &PrinterTraits| {
        let slip = Slip { number: number.to_owned(), ..slip() };
        parse(&job(&slip, traits).unwrap()).into_iter().find_map(|part| match part {
            Part::Text { text, width, height } if text == number => Some((width, height)),
            Part::Text { .. } | Part::Command { .. } => None,
        })
    };
    assert_eq!(number_size("A042", &PrinterTraits::default()), Some((8, 8)));
    assert_eq!(number_size("A042", &narrow()), Some((6, 6)));
    assert_eq!(number_size("VIP0042", &narrow()), Some((4, 4)));
    assert_eq!(number_size("贵宾A042", &narrow()), Some((4, 4)));
}

#[test]
fn documents_never_take_more_than_three_lines() {
    let slip = Slip { documents: (1..=9).map(|n| format!("第{n}份证件原件及复印件")).collect(), ..slip() };
    let lines = parse(&job(&slip, &PrinterTraits::default()).unwrap())
        .into_iter()
        .filter(|part| matches!(part, Part::Text { width: 1, height: 2, .. }))
        .count();
    assert_eq!(lines, 3);
}

#[test]
fn every_cut_is_the_makers_own() {
    for (cut, expected) in [
        (Cut::PartialGsV66, &[0x1D, 0x56, 0x42, 0x00][..]),
        (Cut::PartialGsV1, &[0x1D, 0x56, 0x01]),
        (Cut::EscI, &[0x1B, 0x69]),
        (Cut::EscM, &[0x1B, 0x6D]),
        (Cut::None, &[0x1B, 0x64, 0x03]),
    ] {
        let traits = PrinterTraits { cut, ..PrinterTraits::default() };
        let bytes = job(&slip(), &traits).unwrap();
        assert!(bytes.ends_with(expected), "{cut:?}");
    }
}

#[test]
fn the_job_ends_by_asking_whether_it_was_printed() {
    let traits = PrinterTraits { confirm: Confirm::GsR, ..PrinterTraits::default() };
    assert!(job(&slip(), &traits).unwrap().ends_with(&[0x1D, 0x72, 0x01]));
}

#[test]
fn the_chinese_mode_is_entered_as_the_profile_says() {
    let begins = |double_byte| {
        let traits = PrinterTraits { double_byte, ..PrinterTraits::default() };
        job(&slip(), &traits).unwrap()[..5].to_vec()
    };
    assert_eq!(begins(DoubleByte::EnterWithFsAmp), [0x1B, 0x40, 0x1C, 0x26, 0x1B]);
    assert_eq!(begins(DoubleByte::FromNextLine), [0x1B, 0x40, 0x1C, 0x26, 0x0A]);
    assert_eq!(begins(DoubleByte::AlwaysOn), [0x1B, 0x40, 0x1B, 0x61, 0x01]);
}

#[test]
fn a_text_cannot_smuggle_a_command() {
    let slip = Slip { service: "缴费\u{1d}V\0\u{10}\u{14}".to_owned(), ..slip() };
    let clean = Slip { service: "缴费 V".to_owned(), ..self::slip() };
    let traits = PrinterTraits::default();
    assert_eq!(job(&slip, &traits).unwrap(), job(&clean, &traits).unwrap());
}

#[test]
fn a_character_outside_the_font_is_marked() {
    let slip = Slip { hall: "㐀𠮷营业厅".to_owned(), ..slip() };
    assert!(dump(&job(&slip, &PrinterTraits::default()).unwrap()).contains("〓〓营业厅"));
}

#[test]
fn what_cannot_be_printed_is_refused_by_name() {
    let traits = PrinterTraits::default();
    let refused = |slip: Slip, traits: &PrinterTraits| job(&slip, traits).unwrap_err();
    assert!(matches!(refused(Slip { number: " ".to_owned(), ..slip() }, &traits), EncodeError::NoNumber));
    assert!(matches!(
        refused(Slip { qr_url: Some("h".repeat(43)), ..slip() }, &traits),
        EncodeError::QrTooLong { len: 43 }
    ));
    assert!(matches!(
        refused(Slip { qr_url: Some("https://例.cn".to_owned()), ..slip() }, &traits),
        EncodeError::QrNotAscii
    ));
    assert!(matches!(
        refused(slip(), &PrinterTraits { dots: 100, ..PrinterTraits::default() }),
        EncodeError::PaperTooNarrow { dots: 100 }
    ));
}

#[test]
fn a_printer_without_qr_leaves_it_out() {
    let traits = PrinterTraits { qr: Qr::None, ..PrinterTraits::default() };
    let without = Slip { qr_url: None, ..slip() };
    assert_eq!(job(&slip(), &traits).unwrap(), job(&without, &traits).unwrap());
}

proptest! {
    /// `parse` fails on any byte that is neither text nor a command of the ticket.
    #[test]
    fn whatever_the_words_the_job_is_only_text_and_known_commands(
        hall in "\\PC{0,60}", number in "[A-Z贵宾]{0,3}[0-9]{1,9}", service in any::<String>(),
        documents in proptest::collection::vec(any::<String>(), 0..5), rule in any::<String>(), wide in any::<bool>(),
    ) {
        let slip = Slip { hall, number, service, documents, rule_line: Some(rule), ..slip() };
        let traits = if wide { PrinterTraits::default() } else { narrow() };
        let columns = if wide { 48 } else { 32 };
        for part in parse(&job(&slip, &traits).expect("every text prints")) {
            if let Part::Text { text, width, .. } = part {
                let used: u32 = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
                prop_assert!(used * width <= columns, "{text:?} × {width}");
            }
        }
    }
}

/// One piece of a job.
enum Part {
    Text { text: String, width: u32, height: u32 },
    Command { bytes: Vec<u8>, name: &'static str },
}

impl Part {
    /// Paper it takes: lines as tall as their characters, 4.2 mm at least, feeds and a 21.75 mm QR code.
    fn tenths_of_mm(&self) -> u32 {
        match self {
            Self::Text { height, .. } => (height * 30).max(42),
            Self::Command { bytes, name: "feed lines" } => 42 * u32::from(bytes[2]),
            // Eight dots are a millimetre.
            Self::Command { bytes, name: "feed dots" } => 10 * u32::from(bytes[2]) / 8,
            Self::Command { name: "QR print", .. } => 218,
            Self::Command { name: "empty line", .. } => 42,
            Self::Command { .. } => 0,
        }
    }
}

/// Reads a job by the command table of Epson's ESC/POS reference. An unknown command fails the test.
fn parse(job: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut width, mut height) = (1, 1);
    let mut rest = job;
    while let [first, ..] = rest {
        let (name, length) = match rest {
            [0x0A, ..] => ("empty line", 1),
            [0x1B, 0x40, ..] => ("reset", 2),
            [0x1B, 0x4A, ..] => ("feed dots", 3),
            [0x1B, 0x61, ..] => ("align", 3),
            [0x1B, 0x64, ..] => ("feed lines", 3),
            [0x1B, 0x69, ..] => ("partial cut ESC i", 2),
            [0x1B, 0x6D, ..] => ("partial cut ESC m", 2),
            [0x1C, 0x26, ..] => ("double-byte mode", 2),
            [0x1D, 0x21, n, ..] => {
                (width, height) = (u32::from(n >> 4) + 1, u32::from(n & 7) + 1);
                ("size", 3)
            }
            [0x1D, 0x61, ..] => ("automatic status", 3),
            [0x1D, 0x72, ..] => ("ask when printed", 3),
            [0x1D, 0x56, 0x42, ..] => ("partial cut GS V 66", 4),
            [0x1D, 0x56, 0x01, ..] => ("partial cut GS V 1", 3),
            [0x1D, 0x28, 0x6B, low, high, _, function, ..] => {
                let name = match function {
                    0x41 => "QR model",
                    0x43 => "QR module dots",
                    0x45 => "QR level",
                    0x50 => "QR data",
                    0x51 => "QR print",
                    other => panic!("unknown QR function {other:02X}"),
                };
                (name, 5 + usize::from(*low) + 256 * usize::from(*high))
            }
            _ if *first >= 0x20 => {
                let end = rest.iter().position(|b| *b == 0x0A).expect("a line ends");
                let (text, _, bad) = GB18030.decode(&rest[..end]);
                assert!(!bad && !text.contains(char::is_control), "{text:?}");
                parts.push(Part::Text { text: text.into_owned(), width, height });
                rest = &rest[end + 1..];
                continue;
            }
            unknown => panic!("unknown command {unknown:02X?}"),
        };
        parts.push(Part::Command { bytes: rest[..length].to_vec(), name });
        rest = &rest[length..];
    }
    parts
}

fn dump(job: &[u8]) -> String {
    let mut out = format!("{} bytes\n", job.len());
    for part in parse(job) {
        let line = match part {
            Part::Text { text, width, height } => format!("{width}×{height} │ {text}"),
            Part::Command { bytes, name } => {
                let hex: Vec<String> = bytes.iter().map(|b| format!("{b:02X}")).collect();
                format!("{name:<20} {}", hex.join(" "))
            }
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}
