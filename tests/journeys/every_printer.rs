//! A ticket on every kind of printer that has a profile, and characters that a printer's font lacks.

use std::ops::Range;

use device_sim::{CutKind, Ticket};
use hall_tests::Rig;
use wire::{DeviceProfile, NumberStyle, PrintConfirm, PrintState, PrinterStatus, QrCommand};

/// A hall whose ticket printer is of this kind.
async fn hall_with(profile: &str, change: impl FnOnce(String) -> String) -> Rig {
    let line = format!("profile = \"{profile}\"");
    Rig::opens_like_the_sample_but(|sample| change(sample.replacen("profile = \"generic-80\"", &line, 1))).await
}

/// The first ticket of a day, on paper.
async fn first_ticket(rig: &Rig, confirmed: bool) -> Ticket {
    let ticket = rig.takes_ticket("payment").await;
    rig.print_becomes(ticket.id, if confirmed { PrintState::Printed } else { PrintState::Sent }).await;
    let paper = rig.papers(1).await.remove(0);
    assert_eq!(paper.anomalies, Vec::<String>::new());
    paper
}

#[tokio::test]
async fn every_printer_with_a_profile_prints_a_ticket_it_understands() {
    let mut printers = 0;
    for (name, text) in config::BUILT_IN {
        let Ok(DeviceProfile::EscposPrinter(profile)) = config::parse_profile(name, text) else { continue };
        printers += 1;
        let rig = hall_with(name, |sample| sample).await;
        if profile.cut == wire::CutCommand::None {
            let paper = torn_ticket(&rig).await;
            assert!(paper.text().contains("缴费") && paper.text().contains("A001"), "{name}: {}", paper.text());
            assert!(paper.bytes.len() <= 1000, "{name}: {} bytes", paper.bytes.len());
            continue;
        }
        // A presenter shows that the ticket came.
        let shows = profile.status == PrinterStatus::Full;
        let paper = first_ticket(&rig, profile.confirm == PrintConfirm::GsR || shows).await;
        let text = paper.text();
        assert!(text.contains("缴费"), "{name}: {text}");
        assert_eq!(text.contains("A001"), profile.number == NumberStyle::Text, "{name}: {text}");
        let qr = usize::from(profile.qr == QrCommand::Native);
        assert_eq!(paper.qr.len(), qr, "{name}");
        let cut = if profile.eject > 0 { CutKind::Full } else { CutKind::Partial };
        assert_eq!(paper.cut, cut, "{name}");
        assert!(paper.bytes.len() <= 1000, "{name}: {} bytes", paper.bytes.len());
    }
    assert_eq!(printers, 8);
}

/// A ticket of a printer without a cutter, as the customer tears it off.
async fn torn_ticket(rig: &Rig) -> Ticket {
    let ticket = rig.takes_ticket("payment").await;
    rig.print_becomes(ticket.id, PrintState::Sent).await;
    rig.until("the ticket can be torn off", async || {
        if rig.printer().tear() { Ok(()) } else { Err("it has not come out".to_owned()) }
    })
    .await;
    let paper = rig.papers(1).await.remove(0);
    assert_eq!((paper.cut, &paper.anomalies), (CutKind::Torn, &Vec::<String>::new()));
    paper
}

#[tokio::test]
async fn a_number_drawn_as_an_image_is_as_large_as_one_in_the_printers_font() {
    let rig = hall_with("xprinter-80", |sample| sample).await;
    let text = first_ticket(&rig, false).await;
    let profile = config::BUILT_IN.iter().find(|(name, _)| *name == "xprinter-80").expect("a profile").1;
    let drawing = profile.replacen("number = \"text\"", "number = \"raster\"", 1);
    assert_ne!(drawing, profile);
    let rig = Rig::opens_with_profile("drawing-80", &drawing, |sample| {
        sample.replacen("profile = \"generic-80\"", "profile = \"drawing-80\"", 1)
    })
    .await;
    let drawn = first_ticket(&rig, false).await;
    assert!(text.text().contains("A001") && !drawn.text().contains("A001"), "{}", drawn.text());
    // The number stands among the first lines of both, and is what makes them black.
    let black = |paper: &Ticket| dots(paper, 0..200).len();
    let (text, drawn) = (black(&text), black(&drawn));
    assert!(drawn * 10 > text * 7 && text * 10 > drawn * 7, "{drawn} dots drawn, {text} in the printer's font");
}

#[tokio::test]
async fn a_code_that_the_printer_cannot_draw_is_sent_as_an_image_a_reader_reads() {
    let rig = hall_with("sprt-sp", |sample| sample).await;
    let paper = first_ticket(&rig, false).await;
    let (image, width) = grey(&paper);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, image.len() / width, |x, y| image[y * width + x]);
    let codes = picture.detect_grids();
    let (_, says) = codes.first().expect("a code").decode().expect("it can be read");
    assert!(says.starts_with("http") && says.contains("/t/"), "{says}");
}

#[tokio::test]
async fn a_character_that_the_font_lacks_is_drawn_and_looks_like_the_others() {
    // 镕 is in GBK and not in GB 2312; 㙍 has a four-byte code and is in no printer's font.
    let named = |name: &'static str| {
        move |sample: String| {
            sample.replacen("name = { zh = \"东湖路营业厅\"", &format!("name = {{ zh = \"{name}\""), 1)
        }
    };
    let rig = hall_with("sprt-sp", named("镕城营业厅")).await;
    let drawn = first_ticket(&rig, false).await;
    assert!(!drawn.text().contains("营业厅") && !drawn.text().contains('〓'), "{}", drawn.text());
    let rig = hall_with("xprinter-80", named("镕城营业厅")).await;
    let printed = first_ticket(&rig, false).await;
    assert!(printed.text().starts_with("镕城营业厅"), "{}", printed.text());
    // The first line of both: five characters of 24 dots, in the middle of 576.
    let (drawn, printed) = (dots(&drawn, 0..24), dots(&printed, 0..24));
    let both = drawn.iter().filter(|dot| printed.contains(dot)).count();
    assert!(printed.len() > 400, "{} dots", printed.len());
    assert!(both * 10 > printed.len() * 6, "{both} of {} and {} dots are the same", drawn.len(), printed.len());

    let rig = hall_with("xprinter-80", named("㙍城营业厅")).await;
    let drawn = first_ticket(&rig, false).await;
    assert!(!drawn.text().contains("营业厅") && !drawn.text().contains('〓'), "{}", drawn.text());
    assert!(dots(&drawn, 0..24).len() > 400);
}

#[tokio::test]
async fn a_character_that_nobody_has_becomes_a_sign() {
    // An Egyptian hieroglyph: in no font here.
    let change =
        |sample: String| sample.replacen("name = { zh = \"东湖路营业厅\"", "name = { zh = \"示范\u{13000}厅\"", 1);
    let rig = hall_with("xprinter-80", change).await;
    let paper = first_ticket(&rig, false).await;
    assert!(paper.text().starts_with("示范〓厅"), "{}", paper.text());
}

/// The paper in grey, and its width.
fn grey(paper: &Ticket) -> (Vec<u8>, usize) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(paper.png())).read_info().expect("a picture");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a frame");
    let (width, depth) = (info.width as usize, info.bit_depth as usize);
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    let of = |y: usize, x: usize| {
        bytes[y * info.line_size + x * depth / 8] >> (8 - depth - x * depth % 8) & (0xFF >> (8 - depth))
    };
    let rows = info.height as usize;
    let full = 0xFF_u8 >> (8 - depth);
    ((0..rows * width).map(|at| if of(at / width, at % width) == full { 255 } else { 0 }).collect(), width)
}

/// The black dots of some rows.
fn dots(paper: &Ticket, rows: Range<usize>) -> Vec<(usize, usize)> {
    let (image, width) = grey(paper);
    let black = rows.flat_map(|y| (0..width).map(move |x| (x, y))).filter(|(x, y)| image[y * width + x] == 0);
    black.collect()
}
