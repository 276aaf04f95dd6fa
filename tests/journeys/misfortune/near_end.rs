//! The roll comes near its end: a warning in time, and tickets all the while.

use hall_tests::Rig;
use kiosk::view::Print;
use wire::{Condition, DeviceState, PrintState};

#[tokio::test]
async fn paper_near_its_end_warns_the_technician_and_the_customer_sees_nothing_of_it() {
    let rig = Rig::opens().await;
    rig.printer().near_end(true);
    let words = ("纸将用完，请准备纸卷", "paper low: have a roll ready");
    rig.device("printer-1").is_told(DeviceState::Warning, Condition::PaperLow, words).await;
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    let id = rig.hall().await.waiting.remove(0).id;
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Printed));
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&number), "{}", paper.text());

    rig.printer().near_end(false);
    rig.device("printer-1").is_mended().await;
}

#[tokio::test]
async fn a_roll_warns_first_and_is_told_to_be_out_when_it_is() {
    let rig = Rig::opens().await;
    let printer = rig.device("printer-1");
    rig.printer().near_end(true);
    printer.becomes(DeviceState::Warning, Condition::PaperLow).await;
    rig.printer().run_out_of_paper();
    let words = ("缺纸，请换纸卷", "out of paper: change the roll");
    printer.is_told(DeviceState::Fault, Condition::PaperOut, words).await;
    // Only the worse of the two: the roll is to be changed now, not to be ready some time.
    assert_eq!(printer.health().await.report.conditions, [Condition::PaperOut]);
    rig.printer().near_end(false);
    rig.printer().load_paper();
    printer.is_mended().await;
}
