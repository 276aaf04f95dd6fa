//! What goes wrong with a thermal printer, and how slow one is.

#[expect(dead_code, reason = "each test file uses its part of the driver's side")]
mod common;

use std::time::{Duration, Instant};

use common::{ARE_YOU_ONLINE, FULL_CUT, HOW_MUCH_PAPER, TELL_WHEN_PRINTED, WHICH_ERROR, WHY_OFFLINE, rig, rig_with};
use device_sim::{Answers, CutKind, Overrun};

#[tokio::test(flavor = "multi_thread")]
async fn paper_ending_in_the_middle_leaves_two_pieces_and_prints_the_backlog() {
    let rig = rig();
    // Two lines of 30 dots and 4 dots of the third.
    rig.printer.run_out_after_mm(8.0);
    rig.host.send(b"one\ntwo\nthree\nfour\n\x1D\x56\x00");
    rig.printer.wait_for_backlog(1).await;
    assert_eq!(rig.printer.hanging_lines(), ["one", "two", "three"]);
    assert!(rig.printer.tickets().is_empty());
    rig.printer.load_paper();
    let tickets = rig.printer.wait_for_tickets(2).await;
    assert_eq!(tickets[0].cut, CutKind::PaperEnd);
    assert_eq!(tickets[0].length_mm, 8.0);
    assert_eq!(tickets[0].text_lines, ["one", "two", "three"]);
    assert_eq!(tickets[1].cut, CutKind::Full);
    assert_eq!(tickets[1].text_lines, ["four"]);
    assert_eq!(tickets[1].length_mm, 7.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_buffer_holds_the_driver_off_and_loses_nothing() {
    let rig = rig();
    rig.printer.run_out_of_paper();
    // 6000 bytes: the buffer's 4096 and what the kernel keeps.
    let line = b"0123456789012345678901234567890123456789012345678\n\x1B\x40";
    for _ in 0..115 {
        rig.host.send(line);
    }
    rig.printer.wait_for_backlog(4096).await;
    assert_eq!(rig.printer.waiting_bytes(), 4096);
    rig.printer.load_paper();
    rig.host.send(FULL_CUT);
    let tickets = rig.printer.wait_for_tickets(1).await;
    assert_eq!(tickets[0].text_lines.len(), 2 * 115);
    assert_eq!(rig.printer.lost_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_flow_control_drops_bytes_but_still_answers() {
    let rig = rig_with(|options| options.overrun = Overrun::DropBytes);
    rig.printer.run_out_of_paper();
    rig.host.send(&[b'x'; 2500]);
    rig.host.send(&[b'x'; 2500]);
    assert_eq!(rig.host.ask(HOW_MUCH_PAPER, 1), [0x7E]);
    assert_eq!(rig.printer.waiting_bytes(), 4096);
    assert_eq!(rig.printer.lost_bytes(), 5003 - 4096);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jam_at_the_cut_is_cleared_by_resuming_and_the_cut_is_made() {
    let rig = rig();
    rig.printer.jam_next_cut();
    rig.host.send(b"A001\n");
    rig.host.send(FULL_CUT);
    rig.host.send(TELL_WHEN_PRINTED);
    rig.printer.wait_for_backlog(TELL_WHEN_PRINTED.len()).await;
    assert_eq!(rig.host.ask(WHICH_ERROR, 1), [0x1A]);
    assert!(rig.printer.tickets().is_empty());
    rig.host.send(b"\x10\x05\x01");
    assert_eq!(rig.printer.wait_for_tickets(1).await[0].text(), "A001");
    assert_eq!(rig.host.hear(1), [0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn clearing_the_job_after_a_jam_forgets_what_was_not_printed() {
    let rig = rig();
    rig.printer.jam_next_cut();
    rig.host.send(b"A001\n\x1D\x56\x00A002\n");
    rig.printer.wait_for_backlog(5).await;
    rig.host.send(b"\x10\x05\x02");
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    rig.host.send(b"A003\n\x1D\x56\x00");
    let tickets = rig.printer.wait_for_tickets(1).await;
    // The line before the jam still hung in the printer.
    assert_eq!(tickets[0].text_lines, ["A001", "A003"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_printer_prints_and_says_nothing() {
    let rig = rig_with(|options| options.answers = Answers::Mute);
    rig.host.send(ARE_YOU_ONLINE);
    rig.host.send(b"\x1D\x61\x0FA001\n");
    rig.host.send(TELL_WHEN_PRINTED);
    rig.host.send(FULL_CUT);
    rig.printer.wait_for_tickets(1).await;
    assert!(rig.host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_answers_real_time_questions_only() {
    let rig = rig_with(|options| options.answers = Answers::RealTimeOnly);
    rig.host.send(TELL_WHEN_PRINTED);
    rig.host.send(b"\x1D\x61\x0F");
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    assert!(rig.host.hears_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_off_loses_what_is_not_on_paper() {
    let rig = rig();
    rig.printer.run_out_of_paper();
    rig.host.send(b"lost\n");
    rig.printer.wait_for_backlog(5).await;
    rig.printer.power_cycle();
    rig.printer.load_paper();
    rig.host.send(b"kept\n\x1D\x56\x00");
    assert_eq!(rig.printer.wait_for_tickets(1).await[0].text(), "kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roll_nears_its_end_by_its_length_and_then_ends() {
    let rig = rig_with(|options| options.near_end_mm = 10.0);
    // Four lines of 3.75 mm.
    rig.printer.load_roll(15.0);
    rig.host.send(b"one\n");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0x00]);
    rig.host.send(b"two\n");
    assert_eq!(rig.host.ask(TELL_WHEN_PRINTED, 1), [0x03]);
    assert_eq!(rig.printer.paper_left_mm(), Some(7.5));
    rig.host.send(b"three\nfour\nfive\n");
    // The fifth line is composed and finds no paper.
    rig.host.send(TELL_WHEN_PRINTED);
    rig.printer.wait_for_backlog(TELL_WHEN_PRINTED.len()).await;
    assert_eq!(rig.host.ask(HOW_MUCH_PAPER, 1), [0x7E]);
    rig.printer.load_roll(100.0);
    assert_eq!(rig.host.hear(1), [0x00]);
    let ticket = rig.printer.last_ticket().unwrap();
    assert_eq!((ticket.text_lines.len(), ticket.length_mm, ticket.cut), (4, 15.0, CutKind::PaperEnd));
}

/// An image of 16 rows of 8 dots, black, its bytes letters if they are not taken for an image.
fn image() -> Vec<u8> {
    [b"\x1D\x76\x30\x00\x01\x00\x10\x00", &[b'U'; 16][..]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_jammed_in_an_image_leaves_garbage_until_the_power_goes() {
    let rig = rig();
    rig.printer.jam_in_next_image();
    rig.host.send(&image());
    rig.host.send(FULL_CUT);
    rig.printer.wait_for_backlog(FULL_CUT.len()).await;
    assert_eq!(rig.host.ask(WHY_OFFLINE, 1), [0x12 | 0x40]);
    assert_eq!(rig.host.ask(WHICH_ERROR, 1), [0x12 | 0x20]);
    // No command clears it.
    assert_eq!(rig.host.ask(b"\x10\x05\x02\x10\x04\x01", 1), [0x1A]);
    rig.printer.free_paper();
    rig.host.send(b"\x1B\x40A001\n\x1D\x56\x00");
    let spoilt = rig.printer.wait_for_tickets(2).await;
    // The rows behind the jam are taken for text.
    assert!(spoilt[0].text().starts_with("▯▯▯"), "{:?}", spoilt[0].text());
    assert!(spoilt[0].anomalies.iter().any(|what| what.contains("broken off")));
    assert_eq!(spoilt[1].text(), "▯▯▯▯");
    rig.printer.power_cycle();
    rig.host.send(b"A002\n\x1D\x56\x00");
    assert_eq!(rig.printer.wait_for_tickets(3).await[2].text(), "A002");
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_that_ends_in_an_image_may_cost_the_image_or_not() {
    for lost in [false, true] {
        let rig = rig_with(|options| options.image_lost_at_paper_end = lost);
        rig.printer.run_out_after_mm(1.0);
        rig.host.send(&image());
        rig.host.send(FULL_CUT);
        rig.printer.wait_for_backlog(FULL_CUT.len()).await;
        rig.printer.load_paper();
        let tickets = rig.printer.wait_for_tickets(2).await;
        assert_eq!(tickets[0].length_mm, 1.0);
        assert_eq!(tickets[1].text().starts_with('▯'), lost, "{:?}", tickets[1].text());
        // Eight of the sixteen rows, 8 to the millimetre.
        assert_eq!(tickets[1].length_mm == 1.0, !lost);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_mechanism_prints_at_its_speed_and_answers_in_print_order() {
    let rig = rig_with(|options| options.mm_per_second = Some(37.5));
    let begun = Instant::now();
    // Eight lines of 3.75 mm, the last of which begins after 0.7 s.
    rig.host.send(&b"A001\n".repeat(8));
    rig.host.send(TELL_WHEN_PRINTED);
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    assert!(begun.elapsed() < Duration::from_millis(700), "a real-time answer waits for nothing");
    assert!(rig.printer.hanging_lines().len() < 8);
    assert_eq!(rig.host.hear(1), [0]);
    assert!(begun.elapsed() >= Duration::from_millis(800), "{:?}", begun.elapsed());
    assert_eq!(rig.printer.hanging_lines().len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_buffer_before_a_slow_mechanism_overflows_or_holds_the_driver_off() {
    for (overrun, loses) in [(Overrun::DropBytes, true), (Overrun::HoldOff, false)] {
        let rig = rig_with(|options| {
            (options.overrun, options.buffer_bytes, options.mm_per_second) = (overrun, 64, Some(300.0));
        });
        rig.host.send(&b"0123456789\n".repeat(20));
        rig.host.send(b"\n\x1D\x56\x00");
        if loses {
            // The mechanism has printed one line when all bytes are there.
            rig.printer.wait_for_backlog(64).await;
            while rig.printer.waiting_bytes() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert!(rig.printer.lost_bytes() > 100, "{}", rig.printer.lost_bytes());
        } else {
            assert_eq!(rig.printer.wait_for_tickets(1).await[0].text_lines, ["0123456789"; 20]);
            assert_eq!(rig.printer.lost_bytes(), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn power_brings_every_setting_back_and_keeps_the_logo() {
    let rig = rig();
    rig.host.send(b"\x1C\x71\x01\x01\x00\x01\x00\xFF\0\0\0\0\0\0\0");
    // Automatic status, double-byte mode, centred, twice as large, wide line spacing.
    rig.host.send(b"\x1D\x61\x0F\x1C\x26\x1B\x61\x01\x1D\x21\x11\x1B\x33\xFF");
    assert_eq!(rig.host.hear(4), [0x10, 0, 0, 0]);
    rig.printer.power_cycle();
    rig.printer.open_cover(true);
    rig.printer.open_cover(false);
    rig.host.send(b"8\n\xC7\xEB\n\x1D\x56\x00\x1C\x70\x01\x00\x1D\x56\x00");
    let tickets = rig.printer.wait_for_tickets(2).await;
    assert_eq!((tickets[0].length_mm, tickets[0].text_lines.as_slice()), (7.5, &["8".to_owned(), "▯▯".to_owned()][..]));
    assert_eq!((tickets[1].length_mm, tickets[1].anomalies.len()), (1.0, 0));
    // No status came by itself.
    assert_eq!(rig.host.ask(ARE_YOU_ONLINE, 1), [0x12]);
    assert!(rig.host.hears_nothing());
}
