//! The kiosk cannot write on its disk: nothing is asked that could not be asked again.

use hall_tests::has_room;

use super::*;

/// More than the kiosk writes in a day.
const ROOM: u64 = 64 << 20;

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_kiosk_whose_disk_is_full_takes_no_number_and_goes_on_once_there_is_room() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk_of(program().on_a_disk_of(ROOM)).await;
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    // Also its log.
    has_room(kiosk.pid(), Some(0));
    kiosk.asks_for_a_number().await;
    let refused = kiosk.sees_still(NUMBER).await;
    assert_eq!(hall.waiting().await.expect("the hall"), []);

    has_room(kiosk.pid(), None);
    kiosk.touches(CONFIRM);
    kiosk.looks_on();
    kiosk.sees_other_than(NUMBER, &refused).await;
    kiosk.asks_for_a_number().await;
    assert_eq!(hall.gives(1).await[0].number, "A001");
    let log = fs::read_to_string(hall.home.path().join("kiosk.log")).expect("a log");
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_kiosk_that_cannot_write_takes_no_number_and_goes_on_once_it_can() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    // Its disk is gone from one moment to the next, as when a card comes loose.
    let elsewhere = hall.home.path().join("elsewhere");
    fs::rename(hall.kiosk_data(), &elsewhere).expect("a folder that goes");
    kiosk.asks_for_a_number().await;
    let refused = kiosk.sees_still(NUMBER).await;
    assert_eq!(hall.waiting().await.expect("the hall"), []);

    fs::rename(&elsewhere, hall.kiosk_data()).expect("a folder that comes back");
    kiosk.touches(CONFIRM);
    kiosk.looks_on();
    kiosk.sees_other_than(NUMBER, &refused).await;
    kiosk.asks_for_a_number().await;
    assert_eq!(hall.gives(1).await[0].number, "A001");
}
