//! What LED signs do with frames taken from the protocol descriptions.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::{Host, font};
use device_sim::{LineOptions, OnbonOptions, OnbonSign, Verdict, WindowOptions, WindowRegisters, WindowSign};
use tempfile::TempDir;

fn line(name: &str) -> (LineOptions, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    (LineOptions::new(directory.path(), name), directory)
}

fn hall_sign() -> (OnbonSign, Host, TempDir) {
    let (line, directory) = line("led");
    let sign = OnbonSign::start(&line, OnbonOptions::new(1, font())).expect("setting the scene");
    let host = Host::open(sign.path());
    (sign, host, directory)
}

/// Frames of the Onbon BX-5K/6K protocol description, between eight A5 and one 5A.
const PING: &[u8] = b"\x01\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02\x05\x00\xA2\x00\x01\x00\x00\x68\xF8";
const CLEAR: &[u8] = b"\x01\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02\x05\x00\xA3\x10\x01\x00\x00\x51\xF8";
/// Group A0, command 00, error 0, from card 1 to 8000; its check sum by an independent calculation.
const DONE: &[u8] = b"\x00\x80\x01\x00\x00\x00\x00\x00\x00\x00\xFE\x02\x05\x00\xA0\x00\x00\x00\x00";

fn framed(body: &[u8]) -> Vec<u8> {
    [&[0xA5; 8][..], body, &[0x5A]].concat()
}

/// An unchecked (FF FF) update of area `id` at 0, 0, 192 × 32 dots. No byte of it needs an escape.
fn update(to: [u8; 2], id: u8, text: &[u8]) -> Vec<u8> {
    let area = [
        &b"\x00\x00\x00\x00\x00\x18\x00\x20\x00"[..],
        &[id],
        b"\x00\x00\x00\x00\x00\x00\x00\x02\x02\x01\x00\x01\x0A",
        &(text.len() as u32).to_le_bytes(),
        text,
    ]
    .concat();
    let data = [b"\xA3\x06\x01\x00\x00\x00\x01", &(area.len() as u16).to_le_bytes()[..], &area].concat();
    let body =
        [&to, &b"\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02"[..], &(data.len() as u16).to_le_bytes(), &data, b"\xFF\xFF"]
            .concat();
    framed(&body)
}

/// 请 A013 号 in GB2312.
const PLEASE_A013: &[u8] = b"\xC7\xEB A013 \xBA\xC5";

#[tokio::test(flavor = "multi_thread")]
async fn a_card_answers_a_ping() {
    let (sign, host, _directory) = hall_sign();
    let answer = host.ask(&framed(PING), 8 + DONE.len() + 2 + 1);
    assert_eq!(answer[..8], [0xA5; 8]);
    assert_eq!(answer[8..8 + DONE.len()], *DONE);
    assert_eq!(answer.last(), Some(&0x5A));
    assert_eq!(sign.frames()[0].verdict, Verdict::Understood);
    assert_eq!(sign.frames()[0].bytes, framed(PING));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_shows_the_text_of_an_area_until_it_is_cleared() {
    let (sign, host, _directory) = hall_sign();
    host.send(&update([1, 0], 0, PLEASE_A013));
    assert_eq!(sign.wait_for_shown(|text| !text.is_empty()).await, "请 A013 号");
    let area = sign.areas().remove(0);
    assert_eq!((area.x, area.y, area.width, area.height), (0, 0, 192, 32));
    host.send(&framed(CLEAR));
    sign.wait_for_shown(str::is_empty).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_without_counts_before_it_is_read_too() {
    let (sign, host, _directory) = hall_sign();
    let body = b"\x01\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02\x22\x00\xA3\x06\x02\x00\x00\
        \x00\x00\x00\x00\x00\x18\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x02\x01\x00\x01\x0A\x02\x00\x00\x00\xBA\xC5\xFF\xFF";
    host.send(&framed(body));
    assert_eq!(sign.wait_for_shown(|text| !text.is_empty()).await, "号");
}

#[tokio::test(flavor = "multi_thread")]
async fn font_and_colour_orders_in_the_text_are_not_shown() {
    let (sign, host, _directory) = hall_sign();
    host.send(&update([1, 0], 0, b"\\F1032\\C1\\B0A001\\n\\path"));
    let text = sign.wait_for_shown(|text| !text.is_empty()).await;
    assert_eq!(text, "A001\n\\path");
}

#[tokio::test(flavor = "multi_thread")]
async fn escaped_bytes_are_read_and_answered_by_card_5a() {
    let (line, _directory) = line("led");
    let sign = OnbonSign::start(&line, OnbonOptions::new(0x5A, font())).unwrap();
    let host = Host::open(sign.path());
    // The address 5A travels as 5B 02, in both directions.
    let ping = b"\x5B\x02\x00\x00\x80\x00\x00\x00\x00\x00\x00\xFE\x02\x05\x00\xA2\x00\x01\x00\x00\xFF\xFF";
    let answer = host.ask(&framed(ping), 12);
    assert_eq!(answer[8..12], [0x00, 0x80, 0x5B, 0x02]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_check_sum_is_refused_with_error_5_and_changes_nothing() {
    let (sign, host, _directory) = hall_sign();
    let mut frame = framed(CLEAR);
    frame[8 + 15] ^= 0x01;
    let answer = host.ask(&frame, 8 + 19);
    assert_eq!(answer[8 + 14..], [0xA0, 0x01, 0x05, 0, 0]);
    assert!(matches!(sign.frames()[0].verdict, Verdict::Damaged(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_card_on_a_line_takes_its_own_frames_and_all_take_broadcasts() {
    let (line, _directory) = line("led");
    let signs = OnbonSign::start_bus(&line, [1, 2].map(|address| OnbonOptions::new(address, font()))).unwrap();
    let host = Host::open(signs[0].path());
    host.send(&update([2, 0], 0, b"A002"));
    signs[1].wait_for_shown(|text| text == "A002").await;
    assert_eq!(signs[0].shown(), "");
    host.hear(8 + 19 + 3);
    host.send(&update([0xFF, 0xFF], 0, b"ALL"));
    for sign in &signs {
        sign.wait_for_shown(|text| text == "ALL").await;
    }
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_card_are_silence_loss_and_being_busy() {
    let (sign, host, _directory) = hall_sign();
    sign.drop_next(1);
    host.send(&update([1, 0], 0, b"lost"));
    sign.mute(true);
    host.send(&update([1, 0], 0, b"shown"));
    sign.wait_for_shown(|text| text == "shown").await;
    assert!(host.hears_nothing());
    sign.mute(false);
    sign.busy(true);
    let answer = host.ask(&framed(CLEAR), 8 + 19);
    assert_eq!(answer[8 + 14..], [0xA0, 0x01, 0x03, 0, 0]);
    assert_eq!(sign.shown(), "shown");
    let verdicts: Vec<_> = sign.frames().into_iter().map(|frame| frame.verdict).collect();
    assert_eq!(verdicts, [Verdict::Dropped, Verdict::Understood, Verdict::Refused("busy".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_cut_off_in_the_middle_is_given_up_and_the_next_one_read() {
    let (sign, host, _directory) = hall_sign();
    host.send(&framed(PING)[..15]);
    // Given up after a silence, which the wait below lasts until.
    let frames = sign.wait_for_frames(1).await;
    assert!(matches!(frames[0].verdict, Verdict::Damaged(_)));
    host.send(&framed(PING));
    assert_eq!(sign.wait_for_frames(2).await[1].verdict, Verdict::Understood);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_raw_bytes_of_every_frame_can_be_kept() {
    let (sign, host, directory) = hall_sign();
    host.ask(&framed(PING), 1);
    let file = sign.record_to(&directory.path().join("out")).unwrap();
    assert_eq!(file.file_name().unwrap(), "led.bin");
    assert_eq!(std::fs::read(file).unwrap(), framed(PING));
}

fn window(units: impl IntoIterator<Item = u8>) -> (Vec<WindowSign>, Host, TempDir) {
    let (line, directory) = line("window");
    let options = units.into_iter().map(|unit| WindowOptions::new(unit, font()));
    let signs = WindowSign::start_bus(&line, options).expect("setting the scene");
    let host = Host::open(signs[0].path());
    (signs, host, directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_echoes_one_register_and_reads_it_back() {
    let (_signs, host, _directory) = window([1]);
    let write = b"\x01\x06\x00\x00\x00\x0D\x48\x0F";
    assert_eq!(host.ask(write, 8), write);
    assert_eq!(host.ask(b"\x01\x03\x00\x00\x00\x02\xC4\x0B", 9), b"\x01\x03\x04\x00\x0D\x00\x00\x6B\xF0");
}

/// `bytes` with its Modbus check sum, computed with the table-free reference algorithm of the standard.
fn summed(bytes: &[u8]) -> Vec<u8> {
    let mut sum: u16 = 0xFFFF;
    for byte in bytes {
        sum ^= u16::from(*byte);
        for _ in 0..8 {
            let carry = sum & 1;
            sum >>= 1;
            if carry == 1 {
                sum ^= 0xA001;
            }
        }
    }
    [bytes, &sum.to_le_bytes()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_shows_six_characters_written_at_once() {
    let (signs, host, _directory) = window([3]);
    let write = summed(b"\x03\x10\x00\x00\x00\x06\x0C\x00\x20\x00A\x000\x001\x003\x00\x20");
    assert_eq!(host.ask(&write, 8), summed(b"\x03\x10\x00\x00\x00\x06"));
    assert_eq!(signs[0].shown(), "A013");
    assert_eq!(*signs[0].watch().borrow(), " A013 ");
    let number = summed(b"\x03\x06\x00\x07\x00\x2A");
    assert_eq!(host.ask(&number, 8), number);
    assert_eq!(signs[0].shown(), "42");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_with_two_characters_a_register_reads_the_high_byte_first() {
    let (line, _directory) = line("ditel");
    let mut options = WindowOptions::new(1, font());
    options.registers = WindowRegisters::TwoCharacters;
    let sign = WindowSign::start(&line, options).unwrap();
    let host = Host::open(sign.path());
    host.ask(&summed(b"\x01\x10\x00\x00\x00\x02\x04A013"), 8);
    assert_eq!(sign.shown(), "A013");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_of_another_width_has_its_registers_where_its_maker_put_them() {
    let (line, _directory) = line("four");
    let options = WindowOptions { first: 16, digits: 4, ..WindowOptions::new(1, font()) };
    let sign = WindowSign::start(&line, options).unwrap();
    let host = Host::open(sign.path());
    let write = summed(b"\x01\x10\x00\x10\x00\x04\x08\x00A\x000\x001\x003");
    assert_eq!(host.ask(&write, 8), summed(b"\x01\x10\x00\x10\x00\x04"));
    assert_eq!(sign.shown(), "A013");
    let outside = summed(b"\x01\x06\x00\x00\x00\x41");
    assert_eq!(host.ask(&outside, 5), summed(b"\x01\x86\x02"));
    let number = summed(b"\x01\x06\x00\x15\x00\x2A");
    assert_eq!(host.ask(&number, 8), number);
    assert_eq!(*sign.watch().borrow(), "  42");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_refuses_registers_values_and_functions_it_has_not() {
    let (signs, host, _directory) = window([1]);
    let refusals: [(&[u8], &[u8]); 4] = [
        (b"\x01\x06\x00\x06\x00\x30", b"\x01\x86\x02"),
        (b"\x01\x10\x00\x05\x00\x02\x04\x00\x31\x00\x32", b"\x01\x90\x02"),
        (b"\x01\x03\x00\x00\x00\x00", b"\x01\x83\x03"),
        (b"\x01\x01\x00\x00\x00\x01", b"\x01\x81\x01"),
    ];
    for (request, refusal) in refusals {
        assert_eq!(host.ask(&summed(request), 5), summed(refusal));
    }
    assert_eq!(signs[0].shown(), "");
    assert!(signs[0].frames().iter().all(|frame| matches!(frame.verdict, Verdict::Refused(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_on_one_line_answer_to_their_own_unit_and_never_to_broadcasts() {
    let (signs, host, _directory) = window([1, 2]);
    let write = summed(b"\x02\x06\x00\x00\x00\x37");
    assert_eq!(host.ask(&write, 8), write);
    assert_eq!((signs[0].shown(), signs[1].shown()), (String::new(), "7".to_owned()));
    host.send(&summed(b"\x00\x06\x00\x01\x00\x38"));
    signs[0].wait_for_shown(|text| text == "8").await;
    signs[1].wait_for_shown(|text| text == "78").await;
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_before_a_frame_does_not_hide_it() {
    let (signs, host, _directory) = window([1]);
    let write = b"\x01\x06\x00\x00\x00\x0D\x48\x0F";
    host.send(b"\x00\x55");
    assert_eq!(host.ask(write, 8), write);
    let frames = signs[0].frames();
    assert_eq!(frames[0].bytes, b"\x00\x55");
    assert!(matches!(frames[0].verdict, Verdict::Damaged(_)));
    assert_eq!(frames[1].bytes, write);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_hides_the_frame_it_is_written_in() {
    let (signs, host, _directory) = window([1]);
    for number in 0..1000_u16 {
        let digits = format!("A{number:03}");
        let mut write = b"\x01\x10\x00\x00\x00\x04\x08".to_vec();
        for digit in digits.bytes() {
            write.extend([0, digit]);
        }
        assert_eq!(host.ask(&summed(&write), 8), summed(b"\x01\x10\x00\x00\x00\x04"));
        assert_eq!(signs[0].shown(), digits);
    }
}
