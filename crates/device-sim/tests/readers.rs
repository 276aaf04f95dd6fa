//! Readers of identity cards, magnetic cards and QR codes.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::Host;
use device_sim::{
    IdCardData, IdCardReader, LineOptions, QrScanner, ScannerCharset, ScannerOptions, TrackCard, TrackOptions,
    TrackReader, Verdict,
};
use tempfile::TempDir;

fn line() -> (LineOptions, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    (LineOptions::new(directory.path(), "reader"), directory)
}

fn id_reader() -> (IdCardReader, Host, TempDir) {
    let (line, directory) = line();
    let reader = IdCardReader::start(&line).expect("setting the scene");
    let host = Host::open(reader.path());
    (reader, host, directory)
}

/// The SDT/SAM exchange, request and answer, as programs in use send and hear it.
const IS_IT_READY: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x03\x11\xFF\xED";
const READY: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x04\x00\x00\x90\x94";
const FIND: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x03\x20\x01\x22";
const FOUND: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x08\x00\x00\x9F\x00\x00\x00\x00\x97";
const NO_CARD: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x04\x00\x00\x80\x84";
const SELECT: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x03\x20\x02\x21";
const SELECTED: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x0C\x00\x00\x90\x00\x00\x00\x00\x00\x00\x00\x00\x9C";
const NOT_SELECTED: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x04\x00\x00\x81\x85";
const READ: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x03\x30\x01\x32";
const NOT_READ: &[u8] = b"\xAA\xAA\xAA\x96\x69\x00\x04\x00\x00\x41\x45";

/// Start, length, status, two lengths, text, photograph, check byte.
const WHOLE_CARD: usize = 5 + 2 + 3 + 4 + 256 + 1024 + 1;

fn li_lei() -> IdCardData {
    IdCardData::new("李雷", "11010519491231002X")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_without_a_card_is_ready_and_finds_none() {
    let (reader, host, _directory) = id_reader();
    assert_eq!(host.ask(IS_IT_READY, READY.len()), READY);
    assert_eq!(host.ask(FIND, NO_CARD.len()), NO_CARD);
    assert_eq!(host.ask(SELECT, NOT_SELECTED.len()), NOT_SELECTED);
    assert_eq!(host.ask(READ, NOT_READ.len()), NOT_READ);
    assert!(!reader.has_card());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_found_selected_and_read() {
    let (reader, host, _directory) = id_reader();
    reader.lay_on(li_lei());
    assert_eq!(host.ask(READ, NOT_READ.len()), NOT_READ);
    assert_eq!(host.ask(FIND, FOUND.len()), FOUND);
    assert_eq!(host.ask(SELECT, SELECTED.len()), SELECTED);
    let card = host.ask(READ, WHOLE_CARD);
    assert_eq!(card[5..14], [0x05, 0x08, 0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00]);
    assert_eq!(card[5..].iter().fold(0, |sum, byte| sum ^ byte), 0);
    let field = |at: usize, bytes: usize| {
        let units: Vec<_> =
            card[14 + at..14 + at + bytes].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).expect("text").trim_end().to_owned()
    };
    assert_eq!(
        [field(0, 30), field(30, 2), field(32, 4), field(36, 16), field(122, 36), field(204, 16)],
        ["李雷", "2", "01", "19491231", "11010519491231002X", "20400101"]
    );
    assert_eq!(reader.cards_read(), 1);
    reader.take_off();
    assert_eq!(host.ask(FIND, NO_CARD.len()), NO_CARD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_read_may_have_to_be_taken_off_first() {
    let (reader, host, _directory) = id_reader();
    reader.reads_again(false);
    reader.lay_on(li_lei());
    host.ask(FIND, FOUND.len());
    host.ask(SELECT, SELECTED.len());
    host.ask(READ, WHOLE_CARD);
    assert_eq!(host.ask(FIND, NO_CARD.len()), NO_CARD);
    reader.take_off();
    reader.lay_on(li_lei());
    assert_eq!(host.ask(FIND, FOUND.len()), FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_slips_is_not_selected_or_not_read() {
    let (reader, host, _directory) = id_reader();
    reader.lay_on(li_lei());
    host.ask(FIND, FOUND.len());
    reader.slip_next();
    assert_eq!(host.ask(SELECT, NOT_SELECTED.len()), NOT_SELECTED);
    assert_eq!(host.ask(SELECT, SELECTED.len()), SELECTED);
    reader.slip_next();
    assert_eq!(host.ask(READ, NOT_READ.len()), NOT_READ);
    host.ask(READ, WHOLE_CARD);
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_and_silence_are_faults_and_a_wrong_check_byte_is_heard() {
    let (reader, host, _directory) = id_reader();
    reader.garble_next();
    assert_ne!(host.ask(FIND, NO_CARD.len()), NO_CARD);
    reader.garbage(true);
    assert!(!host.ask(FIND, NO_CARD.len()).contains(&0xAA));
    reader.garbage(false);
    host.send(b"\xAA\xAA\xAA\x96\x69\x00\x03\x20\x01\x23");
    host.send(b"\xAA\xAA");
    // Two start bytes too many are noise before the frame.
    assert_eq!(host.ask(FIND, NO_CARD.len()), NO_CARD);
    assert_eq!(reader.damaged_frames(), 3);
    reader.mute(true);
    host.send(FIND);
    assert_eq!(reader.wait_for_frames(7).await[6].verdict, Verdict::Refused("no card".to_owned()));
    assert!(host.hears_nothing());
}

fn track_reader(lrc: bool) -> (TrackReader, Host, TempDir) {
    let (line, directory) = line();
    let reader = TrackReader::start(&line, TrackOptions { lrc, ..TrackOptions::default() }).expect("a line");
    let host = Host::open(reader.path());
    (reader, host, directory)
}

/// A track that readers' manuals show, with its check character 3.
const TRACK: &str = ";5301250070000191=08051010912345678901?";

fn card() -> TrackCard {
    let mut card = TrackCard::new("5301250070000191", "0805");
    card.service = "101".to_owned();
    card.discretionary = "0912345678901".to_owned();
    card
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_drawn_through_is_its_second_track_with_its_check_character() {
    let (reader, host, _directory) = track_reader(true);
    reader.swipe(&card());
    assert_eq!(String::from_utf8(host.hear(42)).unwrap(), format!("{TRACK}3\r\n"));
    assert_eq!(reader.swipes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_without_check_characters_sends_none() {
    let (reader, host, _directory) = track_reader(false);
    reader.swipe(&card());
    assert_eq!(String::from_utf8(host.hear(41)).unwrap(), format!("{TRACK}\r\n"));
    reader.swipe_misread(&card());
    assert_eq!(String::from_utf8(host.hear(41)).unwrap(), ";5301250070000192=08051010912345678901?\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swipe_can_be_misread_unreadable_or_lost() {
    let (reader, host, _directory) = track_reader(true);
    reader.swipe_misread(&card());
    let misread = host.hear(42);
    assert_eq!(misread[..39], *TRACK.as_bytes());
    assert_ne!(misread[39], b'3');
    reader.swipe_unreadable();
    assert_eq!(host.hear(5), b";E?\r\n");
    reader.mute(true);
    reader.swipe(&card());
    assert!(host.hears_nothing());
    assert_eq!(reader.swipes(), 2);
}

fn scanner(options: ScannerOptions) -> (QrScanner, Host, TempDir) {
    let (line, directory) = line();
    let scanner = QrScanner::start(&line, options).expect("a line");
    let host = Host::open(scanner.path());
    (scanner, host, directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_sends_chinese_as_gbk_and_lacks_what_gbk_lacks() {
    let (scanner, host, _directory) = scanner(ScannerOptions::default());
    scanner.scan("号 A013 𠮷");
    assert_eq!(host.hear(11), b"\xBA\xC5 A013 ?\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_can_send_utf8_ended_by_a_line_feed_alone() {
    let options = ScannerOptions { charset: ScannerCharset::Utf8, terminator: b"\n".to_vec() };
    let (scanner, host, _directory) = scanner(options);
    scanner.scan("号𠮷");
    assert_eq!(host.hear(8), "号𠮷\n".as_bytes());
    scanner.scan_half(b"12345678");
    assert_eq!(host.hear(4), b"1234");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kilobytes_arrive_whole_though_the_drivers_input_holds_less() {
    let (scanner, host, _directory) = scanner(ScannerOptions::default());
    let content: Vec<u8> = (0..10_240_u32).map(|index| (index % 251) as u8).collect();
    scanner.scan_bytes(&content);
    let heard = host.hear(content.len() + 2);
    assert!(heard[..content.len()] == content && heard.ends_with(b"\r\n"));
    assert_eq!(scanner.scans(), 1);
}
