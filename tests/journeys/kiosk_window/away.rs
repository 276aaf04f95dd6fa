//! The broker goes while the page shows, and the window goes while the broker is asked.

use super::*;

/// What was promised: the page says within this that the broker is away.
const SAID_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_broker_that_is_killed_is_told_within_two_seconds_and_taken_up_again_by_itself() {
    let mut hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    let Kiosk { child, window, .. } = kiosk;
    hall.is_killed().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    let took = kiosk.shows_what_a_fresh_one_would("that the broker is away").await;
    assert!(took < SAID_WITHIN, "it took {took:?}");
    let away = kiosk.sees_still(NUMBER).await;

    let Kiosk { child, window, .. } = kiosk;
    hall.comes_back().await;
    let kiosk = Kiosk { hall: &hall, child, window };
    kiosk.sees_other_than(NUMBER, &away).await;
    kiosk.asks_for_a_number().await;
    assert_eq!(hall.gives(1).await[0].number, "A001");
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_broker_that_answers_no_more_is_told_within_two_seconds_on_the_first_page_too() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    let cards = kiosk.sees_still(GROUP).await;
    // As with a cable that is pulled: no connection breaks.
    hall.running().is_sent(Signal::STOP);
    let took = kiosk.sees_other_than(GROUP, &cards).await;
    assert!(took < SAID_WITHIN, "it took {took:?}");
    hall.running().is_sent(Signal::CONT);
    eventually("the businesses are back", async || {
        if kiosk.sees(GROUP) == cards { Ok(()) } else { Err("they are not".to_owned()) }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_window_that_is_killed_in_the_middle_of_a_request_takes_no_second_number() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.chooses().await;
    // The broker stands still with the request in its hands.
    hall.running().is_sent(Signal::STOP);
    kiosk.touches(CONFIRM);
    let written = hall.kiosk_data().join("kiosk-kiosk-1-pending.json");
    eventually(
        "the request is written down",
        async || {
            if written.exists() { Ok(()) } else { Err("it is not".to_owned()) }
        },
    )
    .await;
    kiosk.crashes().await;
    let kiosk = hall.kiosk().await;
    hall.running().is_sent(Signal::CONT);

    let ticket = hall.gives(1).await.remove(0);
    eventually("the answer was shown and the request forgotten", async || {
        if written.exists() { Err("it is still there".to_owned()) } else { Ok(()) }
    })
    .await;
    kiosk.sees_still(NUMBER).await;
    let waiting: Vec<_> = hall.waiting().await.expect("the hall").into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(waiting, [ticket.number]);
}
