//! The conversation, without a printer.

use device_host::probe::Fault;
use wire::{
    CutCommand, DoubleByte, Flow, ImageCommand, NumberStyle, PrintConfirm, PrinterCharset, PrinterProfile,
    PrinterStatus, QrCommand,
};

use super::interview::{Act, Came, Interview, Step, Why, Word};
use super::learnt::Found;
use super::{BASE, profile};

const WELL: Found =
    Found { baud: 38_400, real_time: true, automatic: true, confirms: true, held_off_by_wire: true, fault: None };

fn base(name: &str) -> PrinterProfile {
    profile(std::path::Path::new("/nonexistent"), name).unwrap()
}

/// Goes through a conversation: what a search finds, then answers, one a question.
fn talk(mut interview: Interview, found: Came, answers: &[&str], word: Word) -> (Step, Vec<Act>) {
    let (mut answers, mut acts) = (answers.iter(), Vec::new());
    for _ in 0..64 {
        match interview.step() {
            Step::Ask(question) => {
                let answer = answers.next().unwrap_or_else(|| panic!("nothing answers {}", question.text));
                assert!(interview.answered(answer), "{answer} answers {}", question.text);
            }
            Step::Act(act) => {
                let came = match act {
                    Act::Find(_) => found.clone(),
                    Act::PrintSpeeds(_) | Act::PrintPage(_) | Act::TryCut { .. } => Came::Sent,
                    Act::PrintTicket(_) => Came::Ticket(word),
                };
                acts.push(act);
                interview.came(came);
            }
            end @ (Step::Proposed(_) | Step::GaveUp(_)) => {
                assert_eq!(answers.next(), None, "all answers were wanted");
                return (end, acts);
            }
        }
    }
    panic!("the conversation does not end");
}

fn interview() -> Interview {
    Interview::new(base(BASE), None, false)
}

fn proposed(step: Step) -> PrinterProfile {
    match step {
        Step::Proposed(profile) => *profile,
        other @ (Step::Act(_) | Step::Ask(_) | Step::GaveUp(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_printer_that_answers_and_can_do_everything_gets_it_all() {
    let answers = ["", "bc", "y", "y", "y", "y", "4", "y", "y"];
    let (end, acts) = talk(interview(), Came::Found(WELL), &answers, Word::Printed);
    assert_eq!(proposed(end), PrinterProfile { baud: 38_400, ..base(BASE) });
    assert_eq!(acts[0], Act::Find(vec![115_200, 9_600, 19_200, 38_400]), "the profile's own speed first");
    assert_eq!(acts[1], Act::PrintPage(38_400));
}

#[test]
fn a_printer_that_can_do_little_gets_what_it_can_do() {
    let answers = ["", "2", "c", "n", "n", "n", "n", "1", "n", "n", "n", "n", "y"];
    let silent = Came::Silent { clear_to_send: false };
    let profile = proposed(talk(interview(), silent, &answers, Word::Sent).0);
    let little = PrinterProfile {
        baud: 19_200,
        flow: Flow::None,
        dots: 384,
        double_byte: DoubleByte::FsAmpNextLine,
        cut: CutCommand::None,
        qr: QrCommand::None,
        status: PrinterStatus::None,
        confirm: PrintConfirm::None,
        charset: PrinterCharset::Gb2312,
        image: ImageCommand::None,
        number: NumberStyle::Text,
        ..base(BASE)
    };
    assert_eq!(profile, little);
}

#[test]
fn what_it_cannot_draw_comes_as_an_image_where_it_takes_images() {
    let answers = ["", "a", "y", "y", "n", "n", "4", "n", "n", "t", "y"];
    let (end, acts) = talk(interview(), Came::Found(WELL), &answers, Word::Printed);
    let profile = proposed(end);
    assert_eq!((profile.qr, profile.number), (QrCommand::Raster, NumberStyle::Raster));
    assert_eq!((profile.double_byte, profile.cut), (DoubleByte::Always, CutCommand::EscI));
    assert_eq!(profile.feed_before_cut_mm, 20, "the cut went through the line");
    let letters: Vec<char> = acts
        .iter()
        .filter_map(|act| match act {
            Act::TryCut { letter, .. } => Some(*letter),
            Act::Find(_) | Act::PrintSpeeds(_) | Act::PrintPage(_) | Act::PrintTicket(_) => None,
        })
        .collect();
    assert_eq!(letters, ['H', 'I', 'J']);
}

#[test]
fn a_line_that_is_no_answer_changes_nothing() {
    let mut interview = interview();
    interview.answered("");
    interview.came(Came::Found(WELL));
    interview.came(Came::Sent);
    let asked = interview.step();
    for line in ["x", "ad", "y"] {
        assert!(!interview.answered(line), "{line}");
    }
    interview.came(Came::Sent);
    assert_eq!(interview.step(), asked);
}

#[test]
fn defaults_are_what_the_profile_says() {
    for name in ["xprinter-80", "sprt-pos76", "sprt-sp", "epson-tm", "generic-58"] {
        let told = base(name);
        let found = Found {
            baud: told.baud,
            confirms: told.confirm == PrintConfirm::GsR,
            held_off_by_wire: told.flow == Flow::Hardware,
            ..WELL
        };
        let came = match told.status {
            PrinterStatus::None => Came::Silent { clear_to_send: told.flow == Flow::Hardware },
            PrinterStatus::RealTime | PrinterStatus::Automatic | PrinterStatus::Full => Came::Found(found),
        };
        let speed = usize::from(told.status == PrinterStatus::None);
        let cuts = match told.cut {
            CutCommand::PartialFeed => 1,
            CutCommand::Partial => 2,
            CutCommand::EscI => 3,
            CutCommand::EscM | CutCommand::None => 4,
        };
        let answers = vec![""; 8 + speed + cuts];
        let (end, _) = talk(Interview::new(told.clone(), None, true), came, &answers, Word::Printed);
        assert_eq!(proposed(end), told, "{name}");
    }
}

#[test]
fn a_printer_without_paper_is_asked_again_when_it_has_some() {
    let mut interview = interview();
    interview.answered("");
    interview.came(Came::Found(Found { fault: Some(Fault::PaperOut), ..WELL }));
    let Step::Ask(question) = interview.step() else { panic!("{:?}", interview.step()) };
    assert!(question.text.zh.contains("缺纸") && question.text.en.contains("no paper"));
    interview.answered("");
    assert!(matches!(interview.step(), Step::Act(Act::Find(_))));
    interview.came(Came::Found(Found { fault: Some(Fault::PaperOut), ..WELL }));
    interview.answered("q");
    assert_eq!(interview.step(), Step::GaveUp(Why::Broken(Fault::PaperOut)));
}

#[test]
fn where_nobody_is_there_to_load_paper_it_ends() {
    let mut interview = Interview::new(base(BASE), None, true);
    interview.answered("");
    interview.came(Came::Found(Found { fault: Some(Fault::CoverOpen), ..WELL }));
    interview.answered("");
    assert_eq!(interview.step(), Step::GaveUp(Why::Broken(Fault::CoverOpen)));
}

#[test]
fn a_printer_without_chinese_or_speed_or_a_good_ticket_is_given_up() {
    let silent = || Came::Silent { clear_to_send: false };
    assert_eq!(talk(interview(), silent(), &["", "0"], Word::Sent).0, Step::GaveUp(Why::NoSpeed));
    assert_eq!(talk(interview(), silent(), &["", "1", "0"], Word::Sent).0, Step::GaveUp(Why::NoChinese));
    let page = ["", "b", "y", "y", "y", "y", "4", "y"];
    let failed = talk(interview(), Came::Found(WELL), &page, Word::Failed).0;
    assert_eq!(failed, Step::GaveUp(Why::NoTicket));
    let wrong = [&page[..], &["n"]].concat();
    assert_eq!(talk(interview(), Came::Found(WELL), &wrong, Word::Sent).0, Step::GaveUp(Why::WrongTicket));
}

#[test]
fn a_printer_that_breaks_its_word_is_not_believed() {
    let answers = ["", "b", "y", "y", "y", "y", "4", "y", "y"];
    let profile = proposed(talk(interview(), Came::Found(WELL), &answers, Word::Unconfirmed).0);
    assert_eq!(profile.confirm, PrintConfirm::None);
}

#[test]
fn what_paper_swallowed_is_printed_again() {
    let silent = Came::Silent { clear_to_send: false };
    let answers = ["", "r", "2", "r", "b", "y", "y", "y", "y", "4", "y", "y"];
    let (end, acts) = talk(interview(), silent, &answers, Word::Sent);
    assert_eq!(proposed(end).baud, 19_200);
    let speeds = acts.iter().filter(|act| matches!(act, Act::PrintSpeeds(_))).count();
    let pages = acts.iter().filter(|act| **act == Act::PrintPage(19_200)).count();
    assert_eq!((speeds, pages), (2, 2));
}

#[test]
fn flow_control_that_was_asked_for_is_used() {
    let answers = ["", "b", "y", "y", "y", "y", "4", "y", "y"];
    let interview = Interview::new(base(BASE), Some(Flow::Software), false);
    assert_eq!(proposed(talk(interview, Came::Found(WELL), &answers, Word::Printed).0).flow, Flow::Software);
}
