//! The pages before a number that may end a visit without one: how to do without a teller, and a wait that is long.

use hall_tests::Rig;
use kiosk::desk::Touch;
use kiosk::view::Page;

use super::walk::Walk;
use super::*;

/// So many services a hall must have measured before it tells a wait.
const MEASURED: usize = 12;
/// Numbers that wait before the customer comes.
const AHEAD: usize = 4;

/// Papers and how to do without a teller are shown, and a minute is long.
fn with_papers_and_no_patience(sample: String) -> String {
    let pages = "pages = [\"documents\", \"confirm\"]\nlong_wait_min = 1";
    let changed = sample.replacen("\npages = [\"confirm\"]", &format!("\n{pages}"), 1);
    assert_ne!(changed, sample, "the sample's pages are written otherwise");
    changed
}

/// A hall that has learnt yesterday how long a payment takes, with one counter open and some who wait.
async fn hall_that_tells_waits() -> Rig {
    let rig = Rig::opens_like_the_sample_but(with_papers_and_no_patience).await;
    rig.lives_through_a_day(MEASURED, "payment", Duration::from_secs(180)).await;
    for _customer in 0..AHEAD {
        rig.takes_number_only("payment").await;
    }
    rig.until("a long wait is told", async || {
        let offers = rig.client(Role::Kiosk).services().await.expect("the businesses");
        let wait = offers.into_iter().find(|offer| offer.id == "payment").expect("a business").wait;
        if wait.told_minutes().is_some() && wait.likely_s > 180 { Ok(()) } else { Err(format!("{wait:?}")) }
    })
    .await;
    rig
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn who_does_it_themselves_takes_no_number_and_a_long_wait_is_asked_about_once_more() {
    let mut walk = Walk::through(hall_that_tells_waits().await).await;
    walk.chooses("payment").await;
    assert!(matches!(walk.view().page, Page::Documents(_)), "{:?}", walk.view().page);
    walk.touches(Touch::Leave).await;

    walk.chooses("payment").await;
    walk.touches(Touch::Confirm).await;
    walk.touches(Touch::Confirm).await;
    assert!(matches!(walk.view().page, Page::LongWait(_)), "{:?}", walk.view().page);
    walk.touches(Touch::Back).await;
    walk.touches(Touch::Confirm).await;
    assert_eq!(walk.rig.hall().await.waiting.len(), AHEAD, "nobody has said yes");
    let ticket = walk.takes().await;
    assert_eq!(ticket.ahead, AHEAD);
    walk.has_paper(&ticket, 1).await;
}
