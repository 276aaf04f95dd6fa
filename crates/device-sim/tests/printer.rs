//! What a thermal printer does with bytes taken from its manual.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::{ARE_YOU_ONLINE, FULL_CUT, HOW_MUCH_PAPER, TELL_WHEN_PRINTED, WHICH_ERROR, WHY_OFFLINE, rig, rig_with};
use device_sim::{Charset, Chinese, CutKind};

/// 请 A013 号, in double-byte mode.
const PLEASE_A013: &[u8] = b"\x1C\x26\xC7\xEB A013 \xBA\xC5\x0A";
const PARTIAL_CUT: &[u8] = b"\x1D\x56\x42\x00";

#[tokio::test(flavor = "multi_thread")]
async fn chinese_text_comes_out_as_it_was_sent() {
    let rig = rig();
    rig.host.send(b"\x1B\x40");
    rig.host.send(PLEASE_A013);
    rig.host.send(PARTIAL_CUT);
    let tickets = rig.printer.wait_for_tickets(1).await;
    let ticket = &tickets[0];
    assert_eq!(ticket.text_lines, ["请 A013 号"]);
    assert_eq!(ticket.cut, CutKind::Partial);
    assert_eq!(ticket.anomalies, Vec::<String>::new());
    assert_eq!(ticket.bytes.len(), 2 + PLEASE_A013.len() + PARTIAL_CUT.len());
    // One line of 30 dots at 8 dots a millimetre.
    assert_eq!(ticket.length_mm, 3.75);
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_text_without_double_byte_mode_is_spoilt_and_noticed() {
    let rig = rig();
    rig.host.send(b"\xC7\xEB\x0A\x1D\x56\x01");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.text_lines, ["▯▯"]);
    assert_eq!(ticket.anomalies.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_four_byte_character_is_not_in_the_printers_font() {
    let rig = rig();
    // 㐀
    rig.host.send(b"\x1C\x26\x81\x39\xEE\x39\x0A\x1D\x56\x01");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert!(!ticket.anomalies.is_empty());
    assert!(!ticket.text().contains('㐀'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_font_of_gb2312_lacks_what_only_gbk_has() {
    for (charset, name) in [(Charset::Gb18030, "朱镕"), (Charset::Gb2312, "朱▯")] {
        let rig = rig_with(|options| options.charset = charset);
        // 朱 D6EC, 镕 E946.
        rig.host.send(b"\x1C\x26\xD6\xEC\xE9\x46\x0A\x1D\x56\x01");
        let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
        assert_eq!(ticket.text(), name);
        assert_eq!(ticket.anomalies.len(), usize::from(charset == Charset::Gb2312));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_of_the_pos76_kind_reads_chinese_from_the_next_line_on() {
    let rig = rig_with(|options| options.chinese = Chinese::FromNextLine);
    rig.host.send(b"A\x1C\x26\xC7\xEB\x0A\xC7\xEB\x0A\x1D\x56\x01");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.text_lines, ["A▯▯", "请"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_powers_up_in_chinese_does_so_after_a_reset_too() {
    let rig = rig_with(|options| options.chinese = Chinese::FromPowerUp);
    rig.host.send(b"\x1C\x2E\x1B\x40\xC7\xEB\x0A\x1D\x56\x01");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!((ticket.text(), ticket.anomalies.len()), ("请".to_owned(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_commands_of_every_maker_end_a_ticket() {
    let rig = rig();
    let cuts: [(&[u8], CutKind); 7] = [
        (b"\x1D\x56\x00", CutKind::Full),
        (b"\x1D\x56\x31", CutKind::Partial),
        (b"\x1D\x56\x41\x01", CutKind::Full),
        (b"\x1D\x56\x42\x00", CutKind::Partial),
        (b"\x1D\x56\x01", CutKind::Partial),
        (b"\x1B\x69", CutKind::Full),
        (b"\x1B\x6D", CutKind::Partial),
    ];
    for (cut, _) in cuts {
        rig.host.send(b"A001\n");
        rig.host.send(cut);
    }
    let tickets = rig.printer.wait_for_tickets(cuts.len()).await;
    for (ticket, (bytes, kind)) in tickets.iter().zip(cuts) {
        assert_eq!(ticket.cut, kind, "{bytes:02X?}");
        assert!(ticket.anomalies.is_empty());
    }
    assert_eq!(tickets[6].number, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_is_an_anomaly_and_the_text_behind_it_prints() {
    let rig = rig();
    rig.host.send(b"\x1B\x01A001\n\x1D\x56\x00");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.anomalies, ["unknown: ESC 01"]);
    assert_eq!(ticket.text(), "A001");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_code_says_what_was_stored() {
    let rig = rig();
    let url = b"https://hall.example/t/A013";
    rig.host.send(b"\x1B\x61\x01");
    rig.host.send(b"\x1D\x28\x6B\x04\x00\x31\x41\x32\x00");
    rig.host.send(b"\x1D\x28\x6B\x03\x00\x31\x43\x06");
    rig.host.send(b"\x1D\x28\x6B\x03\x00\x31\x45\x31");
    rig.host.send(&[b"\x1D\x28\x6B", &[url.len() as u8 + 3, 0][..], b"\x31\x50\x30", url].concat());
    rig.host.send(b"\x1D\x28\x6B\x03\x00\x31\x51\x30");
    rig.host.send(FULL_CUT);
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.qr, ["https://hall.example/t/A013"]);
    assert!(ticket.anomalies.is_empty(), "{:?}", ticket.anomalies);
    // 27 bytes at level M: version 3, 29 modules of 6 dots.
    assert_eq!(ticket.length_mm, 29.0 * 6.0 / 8.0);
    let (width, rows) = picture(&ticket.png());
    let left = (width - 29 * 6) / 2;
    let dark = |x: usize, y: usize| rows[y][left + x];
    // The finder pattern: dark edge, light ring, dark heart.
    assert!(dark(0, 0) && dark(41, 41) && !dark(6, 6) && !dark(35, 35) && dark(12, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_burns_exactly_its_dots() {
    let rig = rig_with(|options| options.dots = 384);
    rig.host.send(b"\x1D\x76\x30\x00\x02\x00\x02\x00\x80\x01\x7F\xFE");
    rig.host.send(FULL_CUT);
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    let (width, rows) = picture(&ticket.png());
    assert_eq!((width, rows.len()), (384, 2));
    let dots = |row: &[bool]| row.iter().positions();
    assert_eq!(dots(&rows[0]), [0, 15]);
    assert_eq!(dots(&rows[1]), (1..15).collect::<Vec<_>>());
    assert!(ticket.anomalies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_time_command_inside_an_image_is_carried_out_and_noticed() {
    let rig = rig();
    rig.host.send(b"\x1D\x76\x30\x00\x03\x00\x01\x00");
    assert_eq!(rig.host.ask(b"\x10\x04\x01", 1), [0x12]);
    rig.host.send(FULL_CUT);
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.anomalies, ["real-time command 10 04 01 inside an image"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_logo_prints_again_and_again() {
    let rig = rig();
    // FS q: one logo of 8 × 8 dots, its first column dark.
    rig.host.send(b"\x1C\x71\x01\x01\x00\x01\x00\xFF\0\0\0\0\0\0\0\x1C\x70\x01\x00\x1C\x70\x01\x00");
    rig.host.send(FULL_CUT);
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    let (_, rows) = picture(&ticket.png());
    assert_eq!(rows.len(), 16);
    assert!(rows.iter().all(|row| row.iter().positions() == [0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn magnified_letters_are_enlarged_dot_by_dot() {
    let rig = rig();
    rig.host.send(b"8\n\x1D\x56\x00\x1D\x21\x118\n\x1D\x56\x00");
    let tickets = rig.printer.wait_for_tickets(2).await;
    let (_, small) = picture(&tickets[0].png());
    let (_, large) = picture(&tickets[1].png());
    for (y, row) in large.iter().enumerate() {
        for (x, dot) in row.iter().enumerate().take(24) {
            assert_eq!(*dot, small[y / 2][x / 2], "{x} {y}");
        }
    }
    assert!(small.iter().flatten().any(|dot| *dot));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_too_long_goes_on_in_the_next() {
    let rig = rig_with(|options| options.dots = 384);
    rig.host.send(&[b'7'; 40]);
    rig.host.send(b"\n\x1D\x56\x00");
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.text_lines, ["7".repeat(32), "7".repeat(8)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_printer_says_so() {
    let rig = rig();
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    assert_eq!(rig.host.ask(WHY_OFFLINE, 1), [0x12]);
    assert_eq!(rig.host.ask(WHICH_ERROR, 1), [0x12]);
    assert_eq!(rig.host.ask(HOW_MUCH_PAPER, 1), [0x12]);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_about_the_state_are_no_part_of_a_ticket() {
    let rig = rig();
    rig.host.ask(ARE_YOU_ONLINE, 1);
    let asked = rig.printer.last_byte_at().unwrap();
    rig.host.send(b"A0");
    rig.host.ask(HOW_MUCH_PAPER, 1);
    rig.host.send(b"01\n");
    rig.host.send(FULL_CUT);
    let ticket = rig.printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(ticket.bytes, b"A001\n\x1D\x56\x00");
    assert!(ticket.first_byte_at > asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_bits() {
    let rig = rig();
    rig.printer.near_end(true);
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    assert_eq!(rig.host.ask(HOW_MUCH_PAPER, 1), [0x12 | 0x0C]);
    rig.printer.run_out_of_paper();
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12 | 0x08]);
    assert_eq!(rig.host.ask(WHY_OFFLINE, 1), [0x12 | 0x20]);
    assert_eq!(rig.host.ask(HOW_MUCH_PAPER, 1), [0x12 | 0x0C | 0x60]);
    rig.printer.load_paper();
    rig.printer.open_cover(true);
    assert_eq!(rig.host.ask(WHY_OFFLINE, 1), [0x12 | 0x04]);
    rig.printer.open_cover(false);
    rig.printer.jam_cutter(true);
    assert_eq!(rig.host.ask(WHY_OFFLINE, 1), [0x12 | 0x40]);
    assert_eq!(rig.host.ask(WHICH_ERROR, 1), [0x12 | 0x08]);
    rig.printer.jam_cutter(false);
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
}

#[tokio::test(flavor = "multi_thread")]
async fn automatic_status_comes_when_asked_for_and_at_each_change() {
    let rig = rig();
    assert_eq!(rig.host.ask(b"\x1D\x61\x0F", 4), [0x10, 0, 0, 0]);
    rig.printer.open_cover(true);
    assert_eq!(rig.host.hear(4), [0x10 | 0x08 | 0x20, 0, 0, 0]);
    rig.printer.open_cover(false);
    assert_eq!(rig.host.hear(4), [0x10, 0, 0, 0]);
    rig.printer.run_out_of_paper();
    assert_eq!(rig.host.hear(4), [0x18, 0, 0x0F, 0]);
    rig.printer.load_paper();
    assert_eq!(rig.host.hear(4), [0x10, 0, 0, 0]);
    // ESC @ ends it.
    rig.host.send(b"\x1B\x40");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0]);
    rig.printer.jam_cutter(true);
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x1A]);
}

#[tokio::test(flavor = "multi_thread")]
async fn gs_r_is_answered_only_once_the_lines_before_it_are_on_paper() {
    let rig = rig();
    rig.printer.run_out_of_paper();
    rig.host.send(b"A001\n");
    rig.host.send(TELL_WHEN_PRINTED);
    // The real-time question behind it overtakes it.
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x1A]);
    assert!(rig.host.hears_nothing());
    rig.printer.load_paper();
    assert_eq!(rig.host.hear(1), [0x00]);
    assert_eq!(rig.printer.hanging_lines(), ["A001"]);
}

trait Positions {
    fn positions(self) -> Vec<usize>;
}

impl<'a, I: Iterator<Item = &'a bool>> Positions for I {
    fn positions(self) -> Vec<usize> {
        self.enumerate().filter_map(|(index, dot)| dot.then_some(index)).collect()
    }
}

/// Width and rows of a ticket's picture; true is black.
fn picture(bytes: &[u8]) -> (usize, Vec<Vec<bool>>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("setting the scene");
    let mut data = vec![0; reader.output_buffer_size().expect("setting the scene")];
    let info = reader.next_frame(&mut data).expect("setting the scene");
    assert_eq!(info.bit_depth, png::BitDepth::One);
    let width = info.width as usize;
    let rows = data
        .chunks(info.line_size)
        .take(info.height as usize)
        .map(|row| (0..width).map(|x| row[x / 8] & (0x80 >> (x % 8)) == 0).collect())
        .collect();
    (width, rows)
}
