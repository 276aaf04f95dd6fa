//! A printer with a presenter: the ticket is handed out, and the customer walks away without it.

use std::time::Duration;

use device_sim::Media;
use hall_tests::Rig;
use kiosk::view::Print;
use wire::{AlarmKind, Condition, DeviceState, PrintState};

/// A hall whose ticket printer has a presenter.
async fn opens() -> Rig {
    let profile = |sample: String| sample.replacen("profile = \"generic-80\"", "profile = \"custom-vkp80\"", 1);
    let rig = Rig::opens_like_the_sample_but(profile).await;
    rig.all_devices_are_well().await;
    rig
}

#[tokio::test]
async fn a_ticket_handed_out_is_printed_and_taking_it_is_nobody_s_news() {
    let rig = opens().await;
    let mut kiosk = rig.kiosk();
    for papers in [1, 2] {
        let number = kiosk.takes_number_and_stays("payment").await.number;
        kiosk.reads_of_paper(&rig, Print::Printed).await;
        let id = rig.hall().await.waiting.last().expect("a customer").id;
        assert_eq!(rig.ticket(id).await.print, Some(PrintState::Printed));
        let paper = rig.papers(papers).await.pop().expect("paper");
        assert!(paper.text().contains(&number), "{}", paper.text());
        assert_eq!(paper.anomalies, Vec::<String>::new());
        assert_eq!(rig.printer().media(), Media::Present);
        assert!(rig.printer().take_ticket());
        kiosk.leaves();
    }
    let report = rig.device("printer-1").health().await.report;
    assert_eq!((report.state, report.conditions), (DeviceState::Ok, vec![]));
}

#[tokio::test]
async fn a_ticket_nobody_takes_makes_room_for_the_next_and_is_no_fault() {
    let rig = opens().await;
    let mut kiosk = rig.kiosk();
    let left = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    kiosk.leaves();
    // The technician can read that it is there, and nobody is sent for.
    let printer = rig.device("printer-1");
    printer.becomes(DeviceState::Ok, Condition::MediaPresent).await;
    assert!(rig.alarms().await.iter().all(|alarm| alarm.about != "printer-1"));

    // The next customer gets their own paper and finds no other in the mouth.
    let number = kiosk.takes_number_and_stays("payment").await.number;
    kiosk.reads_of_paper(&rig, Print::Printed).await;
    let papers = rig.papers(2).await;
    assert_eq!((rig.printer().pushed_out_tickets(), rig.printer().media()), (1, Media::Present));
    assert!(papers[1].text().contains(&number) && papers[0].text().contains(&left));
    assert_eq!(papers[1].anomalies, Vec::<String>::new());
    assert!(rig.printer().take_ticket());
    printer.is_mended().await;
    rig.until("the mouth is empty to the technician", async || {
        let conditions = printer.health().await.report.conditions;
        if conditions.is_empty() { Ok(()) } else { Err(format!("{conditions:?}")) }
    })
    .await;
    // Both numbers wait, whoever has paper in their hand; the teller calls them in their order.
    let teller = rig.teller(3).signs_in().await;
    assert_eq!(teller.calls_next().await.ticket.number, left);
    assert_eq!(teller.calls_next().await.ticket.number, number);
}

#[tokio::test]
async fn paper_stuck_on_its_way_is_told_and_the_ticket_waits_until_it_is_taken_out() {
    let rig = opens().await;
    // The code on the ticket is an image, in which the paper jams.
    rig.printer().jam_in_next_image();
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    let words = ("卡纸，请取出卡住的纸", "paper jam: take the stuck paper out");
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::PaperJammed, words).await;
    let id = rig.hall().await.waiting.remove(0).id;
    kiosk.reads_of_paper(&rig, Print::Printing).await;
    assert_eq!(rig.ticket(id).await.print, Some(PrintState::Sending));
    // The number is good without paper.
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, number);
    // Longer than any printer that says nothing would be given.
    rig.pass(Duration::from_secs(60));
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperJammed).await;

    rig.printer().free_paper();
    // What comes out now may be half of it: staff look, and nothing prints it again by itself.
    rig.print_becomes(id, PrintState::Uncertain).await;
    rig.alarm_is_raised(AlarmKind::PrintUncertain, &number).await;
    rig.device("printer-1").is_mended().await;
    assert_eq!(rig.printer().finished_tickets(), 1);
}
