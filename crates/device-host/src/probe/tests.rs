//! Asking simulated printers, and one that hears a single speed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use device_sim::{Answers, LineOptions, Printer, PrinterOptions};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use wire::{CutCommand, Flow, PrintConfirm, PrintState, PrinterStatus};

use super::*;
use crate::Font;
use crate::printer::tests::{job, profile};

fn simulated(folder: &Path, answers: Answers) -> Printer {
    let font = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansSC-Regular.ttf"));
    let font = device_sim::Font::from_bytes(font.unwrap()).unwrap();
    let line = LineOptions::new(folder, "printer");
    Printer::start(PrinterOptions { answers, ..PrinterOptions::new(line, font) }).unwrap()
}

fn path_of(printer: &Printer) -> String {
    printer.path().display().to_string()
}

/// A printer that answers `DLE EOT` at one speed, and noise at any other.
struct OneSpeed {
    path: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl OneSpeed {
    fn start(baud: u32) -> Self {
        let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&device).unwrap();
        unlockpt(&device).unwrap();
        let path = ptsname(&device, Vec::new()).unwrap().into_string().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let tick = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
            let mut asked = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let mut ready = [PollFd::new(&device, PollFlags::IN)];
                poll(&mut ready, Some(&tick)).unwrap();
                let mut buffer = [0; 64];
                let is_there = ready[0].revents().contains(PollFlags::IN);
                let Some(count) = is_there.then(|| rustix::io::read(&device, &mut buffer).ok()).flatten() else {
                    // Nobody has the port open: a hang-up is told at once and again and again.
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                };
                // The master tells the speed the other side has set.
                let speed = rustix::termios::tcgetattr(&device).unwrap().output_speed();
                for byte in &buffer[..count] {
                    asked.push(*byte);
                    let answer: &[u8] = match asked[..] {
                        _ if speed != baud => &[0xFE],
                        // A byte of flow control comes among the answers.
                        [.., 0x10, 0x04, 1] => &[0x12, 0x13, 0x11],
                        [.., 0x10, 0x04, 2..=4] => &[0x12],
                        _ => &[],
                    };
                    rustix::io::write(&device, answer).unwrap();
                }
            }
        });
        Self { path, stop, thread: Some(thread) }
    }
}

impl Drop for OneSpeed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[tokio::test]
async fn a_printer_is_found_at_its_own_speed_and_at_no_other() {
    let printer = OneSpeed::start(38_400);
    let mut found = Vec::new();
    for speed in SPEEDS {
        found.extend(ask_printer(&printer.path, speed).await.unwrap().map(|answer| (answer.baud, answer.real_time)));
    }
    assert_eq!(found, [(38_400, true)]);
}

#[tokio::test]
async fn what_a_printer_answers_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (answers, automatic, confirms) in [(Answers::Full, true, true), (Answers::RealTimeOnly, false, false)] {
        let printer = simulated(folder.path(), answers);
        let path = path_of(&printer);
        let answer = ask_printer(&path, 19_200).await.unwrap().unwrap();
        assert_eq!((answer.baud, answer.real_time, answer.automatic), (19_200, true, automatic), "{answers:?}");
        assert_eq!(answer.state.condition(), Condition::Ok);
        assert_eq!(confirms_prints(&path, 19_200).await.unwrap(), confirms, "{answers:?}");
        assert!(holds_off_by_wire(&path, &answer).await.unwrap());
        assert!(!printer.is_open(), "the port is closed after each question");
    }
}

#[tokio::test]
async fn a_printer_that_is_out_of_paper_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let printer = simulated(folder.path(), Answers::Full);
    printer.run_out_of_paper();
    let answer = ask_printer(&path_of(&printer), 9_600).await.unwrap().unwrap();
    assert_eq!(answer.state.condition(), Condition::Fault(Fault::PaperOut));
}

#[tokio::test]
async fn a_mute_printer_gives_no_answer_and_a_missing_one_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let printer = simulated(folder.path(), Answers::Mute);
    let path = path_of(&printer);
    assert_eq!(ask_printer(&path, 9_600).await.unwrap(), None);
    assert!(!confirms_prints(&path, 9_600).await.unwrap());
    assert_eq!(clear_to_send(&path, 9_600).await, None, "a pseudo-terminal has no such wire");
    printer.unplug();
    let error = ask_printer(&path, 9_600).await.unwrap_err();
    assert!(error.to_string().contains("it is not there"), "{error}");
}

#[tokio::test]
async fn a_printer_that_has_no_name_to_give_gives_none() {
    let folder = tempfile::tempdir().unwrap();
    let printer = simulated(folder.path(), Answers::Full);
    assert_eq!(printer_name(&path_of(&printer), 9_600).await.unwrap(), None);
}

#[tokio::test]
async fn the_page_arrives_whole_and_shows_every_block() {
    let folder = tempfile::tempdir().unwrap();
    let printer = simulated(folder.path(), Answers::Mute);
    let path = path_of(&printer);
    send(&path, 115_200, Flow::None, &test_page()).await.unwrap();
    send(&path, 115_200, Flow::None, &cut_trial('H', CutCommand::PartialFeed, 12)).await.unwrap();
    let page = printer.wait_for_tickets(1).await.remove(0);
    let text = page.text();
    for line in ["B 中文正常", "C 中文正常", "D 镕堃", "G A001", "H ---"] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("A 中文"), "without a command this printer has no Chinese:\n{text}");
    assert_eq!(page.qr, ["JIAOHAO"]);
    let rulers: Vec<_> = page.text_lines.iter().filter(|line| line.ends_with('|')).collect();
    let lengths: Vec<_> = rulers.iter().map(|line| line.len()).collect();
    assert_eq!(lengths, [32, 33, 42, 48, 2], "what is wider than the paper goes on below");
}

#[tokio::test]
async fn a_ticket_comes_out_by_the_driver_of_the_hall() {
    let folder = tempfile::tempdir().unwrap();
    for (answers, status, confirm, state) in [
        (Answers::Full, PrinterStatus::RealTime, PrintConfirm::GsR, PrintState::Printed),
        (Answers::Full, PrinterStatus::Automatic, PrintConfirm::GsR, PrintState::Printed),
        (Answers::RealTimeOnly, PrinterStatus::RealTime, PrintConfirm::GsR, PrintState::Uncertain),
        (Answers::Mute, PrinterStatus::None, PrintConfirm::None, PrintState::Sent),
    ] {
        let printer = simulated(folder.path(), answers);
        let profile = profile(status, confirm);
        let attempt = print_ticket(&path_of(&printer), &profile, &Font::default(), job(1).slip).await.unwrap();
        assert_eq!(attempt.report.map(|report| report.state), Some(state), "{answers:?} {confirm:?}");
        let paper = printer.wait_for_tickets(1).await.remove(0);
        assert!(paper.anomalies.is_empty() && paper.text().contains("A001"), "{:?}", paper.anomalies);
    }
}

#[tokio::test]
async fn a_stored_logo_is_there_to_be_printed() {
    let folder = tempfile::tempdir().unwrap();
    let printer = simulated(folder.path(), Answers::Full);
    let path = path_of(&printer);
    let logo = logo_bytes((64, 32), 576, |x, y| (x / 8 + y / 8) % 2 == 0).unwrap();
    assert_eq!(store_logo(&path, 115_200, Flow::None, &logo).await.unwrap(), Some(true));
    send(&path, 115_200, Flow::None, &[0x1C, 0x70, 1, 0]).await.unwrap();
    send(&path, 115_200, Flow::None, &cut_trial('H', CutCommand::Partial, 12)).await.unwrap();
    let paper = printer.wait_for_tickets(1).await.remove(0);
    assert_eq!(paper.anomalies, Vec::<String>::new());
}
