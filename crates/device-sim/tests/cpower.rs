//! What Lumen C-Power cards do with frames taken from the maker's protocol descriptions.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::{Host, font};
use device_sim::{CPowerOptions, CPowerSign, CPowerWindow, LineOptions, Verdict};
use tempfile::TempDir;

fn signs(ids: impl IntoIterator<Item = u8>) -> (Vec<CPowerSign>, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let line = LineOptions::new(directory.path(), "cpower");
    let options = ids.into_iter().map(|id| CPowerOptions::new(id, font()));
    let signs = CPowerSign::start_bus(&line, options).expect("setting the scene");
    let host = Host::open(signs[0].path());
    (signs, host, directory)
}

/// Basic Protocol, 1.2.9.1 and 1.2.9.2.
const IS_IT_ON: &[u8] = b"\xA5\x68\x32\x01\x76\x01\x01\x13\x01\xAE";
const OFF: &[u8] = b"\xA5\x68\x32\x01\x76\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x12\x01\xAE";
const ON: &[u8] = b"\xA5\x68\x32\x01\x76\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x13\x01\xAE";
/// External Calls, CC = 0x12, example 2: two lines.
const ABC_CBA: &[u8] = b"\xA5\x68\x32\x01\x7B\x01\x13\x00\x00\x00\x12\x00\x00\x01\x00\x00\x03\x02\xFF\x00\x00\
    \x61\x62\x63\x0D\x63\x62\x61\x00\x9A\x04\xAE";
/// Computed by hand from External Calls, 2.1.2: E8 + 32 + 01 + 7B + 00 + 01 + 12 = 1A9.
const DONE: &[u8] = b"\xA5\xE8\x32\x01\x7B\x00\x01\x00\x00\x00\x12\xA9\x01\xAE";

/// A frame with its sum and its escapes.
fn framed(plain: &[u8]) -> Vec<u8> {
    let sum: u32 = plain.iter().map(|byte| u32::from(*byte)).sum();
    let mut wire = vec![0xA5];
    for byte in plain.iter().chain(&[sum as u8, (sum >> 8) as u8]) {
        match byte {
            0xA5 => wire.extend(b"\xAA\x05"),
            0xAA => wire.extend(b"\xAA\x0A"),
            0xAE => wire.extend(b"\xAA\x0E"),
            byte => wire.push(*byte),
        }
    }
    wire.push(0xAE);
    wire
}

/// `text` for window `window` of card `id`, centred both ways, in letters of 16 dots.
fn text(id: u8, window: u8, text: &[u8]) -> Vec<u8> {
    let call = [b"\x12", &[window][..], b"\x00\x05\x01\x00\x05\x02\xFF\x80\x00", text, b"\x00"].concat();
    framed(&[b"\x68\x32", &[id][..], b"\x7B\x01", &(call.len() as u16).to_le_bytes(), b"\x00\x00", &call].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_makers_example_shows_two_lines_and_is_answered() {
    let (signs, host, _directory) = signs([1]);
    assert_eq!(host.ask(ABC_CBA, DONE.len()), DONE);
    assert_eq!(signs[0].shown(), "abc\ncba");
    assert_eq!((signs[0].texts()[0].letter, signs[0].texts()[0].stay_seconds), (16, 3));
    assert_eq!(signs[0].frames()[0].verdict, Verdict::Understood);
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_is_read_as_gb2312_and_what_that_lacks_shows_as_a_box() {
    let (signs, host, _directory) = signs([1]);
    // 请 A013 号, then 镕, which only GBK has.
    host.ask(&text(1, 0, b"\xC7\xEB A013 \xBA\xC5\xE9\x46"), DONE.len());
    assert_eq!(signs[0].shown(), "请 A013 号▯");
    assert_eq!(signs[0].texts()[0].colour, [255, 128, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_look_like_start_end_and_escape_travel_escaped_both_ways() {
    let (signs, host, _directory) = signs([0xA5]);
    // 亥 (BAA5), 锚 (C3AA), 伯 (B2AE): each second byte needs an escape.
    let answer = host.ask(&text(0xA5, 0, b"\xBA\xA5\xC3\xAA\xB2\xAE"), DONE.len() + 1);
    assert_eq!(answer[..5], *b"\xA5\xE8\x32\xAA\x05");
    assert_eq!(signs[0].shown(), "亥锚伯");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_switched_off_is_dark_and_says_so() {
    let (signs, host, _directory) = signs([1]);
    host.ask(ABC_CBA, DONE.len());
    let lit = signs[0].png();
    assert_eq!(host.ask(IS_IT_ON, 19)[4..8], [0x76, 0, 1, 1]);
    assert_eq!(host.ask(OFF, 11), b"\xA5\xE8\x32\x01\x76\x00\x00\x00\x91\x01\xAE");
    assert_eq!((signs[0].shown().as_str(), signs[0].is_on()), ("", false));
    assert_ne!(signs[0].png(), lit);
    host.ask(ON, 11);
    assert_eq!(signs[0].shown(), "abc\ncba");
    assert_eq!(signs[0].png(), lit);
}

#[tokio::test(flavor = "multi_thread")]
async fn brightness_is_set_for_each_hour() {
    let (signs, host, _directory) = signs([1]);
    let answer = host.ask(&framed(&[b"\x68\x32\x01\x46\x01\x00", &[7; 24][..]].concat()), 10);
    assert_eq!(answer[4..7], [0x46, 0, 1]);
    assert_eq!(signs[0].brightness(), [7; 24]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_sum_changes_nothing_and_is_answered_with_01() {
    let (signs, host, _directory) = signs([1, 2]);
    let mut frame = ABC_CBA.to_vec();
    frame[21] ^= 1;
    let answer = host.ask(&frame, 13);
    assert_eq!(answer[3..6], [0x01, 0x7B, 0x01]);
    assert_eq!(signs[0].shown(), "");
    assert_eq!((signs[0].damaged_frames(), signs[1].damaged_frames()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_on_a_line_take_their_own_frames_and_none_answers_a_broadcast() {
    let (signs, host, _directory) = signs([1, 3]);
    host.ask(&text(3, 0, b"A003"), DONE.len());
    assert_eq!((signs[0].shown().as_str(), signs[1].shown().as_str()), ("", "A003"));
    host.send(&text(0xFF, 0, b"ALL"));
    for sign in &signs {
        sign.wait_for_shown(|text| text == "ALL").await;
    }
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_several_packets_shows_once_it_is_complete_and_in_order() {
    let (signs, host, _directory) = signs([1]);
    let packet = |number: u8, content: &[u8]| {
        framed(&[b"\x68\x32\x01\x7B\x01", &[content.len() as u8, 0, number, 1][..], content].concat())
    };
    host.ask(&packet(0, b"\x12\x00\x00\x00\x01\x00\x03\x02\xFF\x00\x00A0"), DONE.len());
    assert_eq!(signs[0].shown(), "");
    host.ask(&packet(1, b"13\x00"), DONE.len());
    assert_eq!(signs[0].shown(), "A013");
    assert_eq!(host.ask(&packet(1, b"14\x00"), 13)[4..6], [0x7B, 0x02]);
    assert_eq!(signs[0].shown(), "A013");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_window_has_its_place_on_the_board() {
    let directory = tempfile::tempdir().unwrap();
    let mut options = CPowerOptions::sized(1, 64, 32, font());
    options.windows = [0, 16].map(|top| CPowerWindow { left: 0, top, width: 64, height: 16 }).to_vec();
    let sign = CPowerSign::start(&LineOptions::new(directory.path(), "led"), options).unwrap();
    let host = Host::open(sign.path());
    let dark = sign.png();
    host.ask(&text(1, 1, b"\xBA\xC5"), DONE.len());
    // 号 centred in the lower half: lamps 24 to 39 across, 16 to 31 down, 6 pixels a lamp.
    let lit = changed(&dark, &sign.png());
    assert!(!lit.is_empty());
    assert!(lit.iter().all(|(x, y)| (24..40).contains(&(x / 6)) && (16..32).contains(&(y / 6))), "{lit:?}");
    assert_eq!(host.ask(&text(1, 2, b"A"), 13)[5], 0x04);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_can_be_silent_dead_or_unwilling() {
    let (signs, host, _directory) = signs([1]);
    signs[0].refuse(Some(0x04));
    assert_eq!(host.ask(ABC_CBA, 13)[4..6], [0x7B, 0x04]);
    signs[0].refuse(None);
    signs[0].dead(true);
    host.send(ABC_CBA);
    assert_eq!(signs[0].wait_for_frames(2).await[1].verdict, Verdict::Dropped);
    signs[0].dead(false);
    signs[0].mute(true);
    host.send(ABC_CBA);
    signs[0].wait_for_shown(|text| text == "abc\ncba").await;
    assert!(host.hears_nothing());
}

/// The pixels that differ between two pictures of one size.
fn changed(one: &[u8], other: &[u8]) -> Vec<(usize, usize)> {
    let pixels = |bytes: &[u8]| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes.to_vec())).read_info().expect("a picture");
        let mut data = vec![0; reader.output_buffer_size().expect("a picture")];
        let info = reader.next_frame(&mut data).expect("a picture");
        (info.width as usize, data)
    };
    let ((width, one), (_, other)) = (pixels(one), pixels(other));
    let pairs = one.chunks(3).zip(other.chunks(3)).enumerate();
    pairs.filter(|(_, (one, other))| one != other).map(|(index, _)| (index % width, index / width)).collect()
}
