//! Small digit boards, with the frames of their command sheets.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use common::Host;
use device_sim::{DigitBoard, LineOptions, Verdict};
use tempfile::TempDir;

fn boards(ids: impl IntoIterator<Item = u8>) -> (Vec<DigitBoard>, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let boards = DigitBoard::start_bus(&LineOptions::new(directory.path(), "digits"), ids).expect("setting the scene");
    let host = Host::open(boards[0].path());
    (boards, host, directory)
}

fn xunpeng() -> (DigitBoard, Host, TempDir) {
    let directory = tempfile::tempdir().expect("setting the scene");
    let board = DigitBoard::start_xunpeng(&LineOptions::new(directory.path(), "digits")).expect("setting the scene");
    let host = Host::open(board.path());
    (board, host, directory)
}

const SHOW_999_ON_5: &[u8] = b"\x05\x03\xE7\xEF";
const SHOW_888: &[u8] = b"\x3A\x00\x78\x03\x01\xB6\x0A";

#[tokio::test(flavor = "multi_thread")]
async fn each_board_of_twenty_takes_its_own_number_and_none_answers() {
    let (boards, host, _directory) = boards(1..=20);
    assert!(boards.iter().all(|board| board.shows().is_none()));
    host.send(SHOW_999_ON_5);
    boards[4].wait_for_number(999).await;
    host.send(b"\x14\x00\x0D\x21");
    boards[19].wait_for_number(13).await;
    let others = boards.iter().filter(|board| board.shows().is_some()).count();
    assert_eq!(others, 2);
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_sum_shows_nothing_and_is_counted() {
    let (boards, host, _directory) = boards([5]);
    host.send(b"\x05\x03\xE7\xEE");
    host.send(SHOW_999_ON_5);
    boards[0].wait_for_number(999).await;
    assert_eq!(boards[0].damaged_frames(), 1);
    let verdicts: Vec<_> = boards[0].frames().into_iter().map(|frame| frame.verdict).collect();
    assert_eq!(verdicts, [Verdict::Damaged("sum EE instead of EF".to_owned()), Verdict::Understood]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_lost_count_finds_the_next_frame_after_a_silence() {
    let (boards, host, _directory) = boards([5]);
    host.send(b"\x05\x03");
    boards[0].wait_for_frames(1).await;
    host.send(SHOW_999_ON_5);
    boards[0].wait_for_number(999).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_four_digits_is_refused() {
    let (boards, host, _directory) = boards([5]);
    host.send(b"\x05\x03\xE8\xF0");
    assert!(matches!(boards[0].wait_for_frames(1).await[0].verdict, Verdict::Refused(_)));
    assert_eq!(boards[0].shows(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_xunpeng_board_shows_its_makers_example() {
    let (board, host, _directory) = xunpeng();
    host.send(b"\x0A\x0A");
    host.send(SHOW_888);
    board.wait_for_number(888).await;
    assert_eq!((board.id(), board.colour_and_info()), (None, Some((0, 1))));
    // Noise before the start byte is told from the frame behind it.
    assert_eq!(board.damaged_frames(), 1);
    host.send(b"\x3A\x00\x78\x03\x01\xB7\x0A");
    board.wait_for_frames(3).await;
    assert_eq!((board.damaged_frames(), board.shows()), (2, Some(888)));
    assert!(host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eight_lights_all_segments_of_a_place_and_a_one_lights_two() {
    let (board, host, _directory) = xunpeng();
    let dark = lit_pixels(&board.png());
    host.send(SHOW_888);
    board.wait_for_number(888).await;
    let all = lit_pixels(&board.png());
    // 1: 3A + 00 + 01 + 00 + 01 = 3C.
    host.send(b"\x3A\x00\x01\x00\x01\x3C\x0A");
    board.wait_for_number(1).await;
    let one = lit_pixels(&board.png());
    assert_eq!(dark, [0, 0, 0]);
    assert!(all[0] > 0 && all.iter().all(|lit| *lit == all[0]));
    assert!(one[..2] == [0, 0] && one[2] > 0 && one[2] < all[2] / 2, "{one:?}");
}

/// Lit pixels in each third of a picture.
fn lit_pixels(bytes: &[u8]) -> [usize; 3] {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes.to_vec())).read_info().expect("a picture");
    let mut data = vec![0; reader.output_buffer_size().expect("a picture")];
    let width = reader.next_frame(&mut data).expect("a picture").width as usize;
    let mut lit = [0; 3];
    for (index, _) in data.chunks(3).enumerate().filter(|(_, pixel)| pixel[0] == 0xFF) {
        lit[(index % width) * 3 / width] += 1;
    }
    lit
}
