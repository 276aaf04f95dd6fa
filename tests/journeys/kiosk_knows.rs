//! What a kiosk knows of its hall while it stays connected: the day, and whether anybody could call.

use std::time::Duration;

use hall_tests::Rig;
use kiosk::Headless;
use kiosk::desk::Touch;
use kiosk::view::{CardTarget, Page};
use wire::Role;

fn kiosk(rig: &Rig) -> Headless {
    Headless::start(rig.client(Role::Kiosk), "kiosk-1", rig.data()).expect("a kiosk")
}

/// Whether the page has this business without a window that could call for it; nothing on other pages.
fn is_unstaffed(page: &Page, service: &str) -> Option<bool> {
    let Page::Welcome(page) = page else { return None };
    let card = page.cards.iter().find(|card| card.target == CardTarget::Service(service.to_owned()))?;
    Some(card.unstaffed)
}

#[tokio::test]
async fn a_business_that_no_open_window_does_says_so_until_one_opens() {
    let rig = Rig::opens_unattended().await;
    let mut kiosk = kiosk(&rig);
    kiosk.until(|page| matches!(page, Page::Welcome(page) if !page.cards.is_empty())).await.expect("the cards");
    kiosk.touch(Touch::Group(0));
    kiosk.until(|page| is_unstaffed(page, "payment") == Some(true)).await.expect("no window");
    rig.teller(3).signs_in().await;
    kiosk.until(|page| is_unstaffed(page, "payment") == Some(false)).await.expect("a window");
}

#[tokio::test]
async fn a_kiosk_that_stays_connected_greets_by_the_day_that_has_begun() {
    let rig = Rig::opens_unattended().await;
    let mut kiosk = kiosk(&rig);
    kiosk.until(|page| matches!(page, Page::Welcome(page) if !page.cards.is_empty())).await.expect("the cards");
    let greets = |page: &Page| matches!(page, Page::Welcome(page) if page.greeting.as_deref() == Some("周末愉快"));
    let begins_at_weekend = greets(&kiosk.view().page);
    let mut days = 0;
    while greets(&kiosk.view().page) == begins_at_weekend {
        days += 1;
        assert!(days <= 6, "a week, and the greeting is the same");
        rig.pass(Duration::from_secs(24 * 3600));
        // Most days are like the one before.
        let other = kiosk.until(|page| greets(page) != begins_at_weekend);
        let _ = tokio::time::timeout(Duration::from_secs(3), other).await;
    }
}
