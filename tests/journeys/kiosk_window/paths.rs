//! The ways from the first page to a number, each through the real window and onto real paper.

use kiosk::desk::Touch;
use kiosk::language::Language;
use wire::IdentifyBy;

use super::walk::Walk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_card_and_confirm_give_a_number_that_window_paper_and_hall_agree_on() {
    let mut walk = Walk::begins().await;
    walk.chooses("payment").await;
    let ticket = walk.takes().await;
    assert_eq!(
        (ticket.number.as_str(), ticket.service.as_str(), ticket.tier.as_str()),
        ("A001", "payment", "ordinary")
    );
    walk.has_paper(&ticket, 1).await;
    walk.touches(Touch::Done).await;
    assert_eq!(walk.rig.hall().await.waiting.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn language_size_and_contrast_change_in_the_middle_and_are_gone_with_the_customer() {
    let mut walk = Walk::begins().await;
    walk.touches(Touch::Language).await;
    walk.touches(Touch::Group(0)).await;
    walk.touches(Touch::TextSize).await;
    walk.touches(Touch::Choose("payment".to_owned())).await;
    walk.touches(Touch::Contrast).await;
    walk.touches(Touch::Help).await;
    walk.touches(Touch::Back).await;
    let ticket = walk.takes().await;
    assert_eq!(ticket.language.as_deref(), Some("en"));
    let paper = walk.has_paper(&ticket, 1).await;
    assert!(paper.contains("Pay a bill"), "{paper}");
    walk.touches(Touch::Done).await;
    let view = walk.view();
    assert_eq!((view.language, view.large_text, view.high_contrast), (Language::CHINESE, false, false));
}

/// The kiosk asks who somebody is and shows papers before it confirms.
fn with_every_page(sample: String) -> String {
    let changed = sample.replacen("\npages = [\"confirm\"]", "\npages = [\"who\", \"documents\", \"confirm\"]", 1);
    assert_ne!(changed, sample, "the sample's pages are written otherwise");
    changed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn every_page_between_card_and_number_has_its_way_back_and_without_paper_none_comes() {
    let mut walk = Walk::begins_where(with_every_page).await;
    walk.touches(Touch::Group(1)).await;
    walk.touches(Touch::Back).await;
    walk.chooses("sim_change").await;
    for way in [Touch::Way(IdentifyBy::Phone), Touch::Way(IdentifyBy::Appointment), Touch::CareWay] {
        walk.touches(way).await;
        walk.touches(Touch::Back).await;
    }
    walk.touches(Touch::Confirm).await;
    // The papers of another kind of customer, and back to the cards of the group.
    walk.touches(Touch::Customer(1)).await;
    walk.touches(Touch::Back).await;
    walk.touches(Touch::Choose("sim_change".to_owned())).await;
    walk.touches(Touch::Confirm).await;
    walk.touches(Touch::Confirm).await;
    walk.touches(Touch::Papers).await;
    walk.touches(Touch::Back).await;
    walk.touches(Touch::Paperless(true)).await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.service.as_str(), ticket.print), ("sim_change", None));
    walk.touches(Touch::Done).await;

    // Who does not say who they are waits like everybody. Their paper is the first: nothing of the number before comes.
    walk.chooses("payment").await;
    walk.touches(Touch::Confirm).await;
    walk.touches(Touch::Confirm).await;
    let printed = walk.takes().await;
    assert_eq!((printed.care, printed.identity.as_deref(), printed.tier.as_str()), (None, None, "ordinary"));
    walk.has_paper(&printed, 1).await;
    walk.touches(Touch::Done).await;

    // Who comes for somebody else reads on paper what they have to bring, and not what the owner would.
    walk.chooses("sim_change").await;
    walk.touches(Touch::Confirm).await;
    walk.touches(Touch::Customer(1)).await;
    walk.touches(Touch::Confirm).await;
    let agent = walk.takes().await;
    let paper = walk.has_paper(&agent, 2).await;
    assert!(paper.contains("代办请备好：代办人身份证件原件"), "{paper}");
}
