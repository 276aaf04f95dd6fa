//! The broker is killed while a customer reads the confirm page, and while they read their number.

use super::*;

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_broker_that_dies_before_confirm_gives_one_number_once_it_is_back() {
    let mut hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.chooses().await;
    let Kiosk { child, window, .. } = kiosk;
    hall.is_killed().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    let before = kiosk.sees_still(NUMBER).await;
    kiosk.touches(CONFIRM);
    kiosk.looks_on();
    kiosk.sees_other_than(NUMBER, &before).await;
    let away = kiosk.sees_still(NUMBER).await;
    let Kiosk { child, window, .. } = kiosk;
    hall.comes_back().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    // The page asks again by itself.
    assert_eq!(hall.gives(1).await[0].number, "A001");
    kiosk.sees_other_than(NUMBER, &away).await;
    kiosk.sees_still(NUMBER).await;
    assert_eq!(hall.waiting().await.expect("the hall").len(), 1);
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_number_stays_on_the_window_when_the_broker_dies_and_is_in_the_journal_when_it_is_back() {
    let mut hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.asks_for_a_number().await;
    let given = hall.gives(1).await;
    let number = kiosk.sees_still(NUMBER).await;
    let Kiosk { child, window, .. } = kiosk;
    hall.is_killed().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    assert!(kiosk.sees_still(NUMBER).await == number, "the number is gone with the broker");
    let Kiosk { child, window, .. } = kiosk;
    hall.comes_back().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    assert_eq!(hall.gives(1).await[0].number, given[0].number);
    kiosk.touches(DONE);
    kiosk.looks_on();
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
}
