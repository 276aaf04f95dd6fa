//! A customer who does not see the page has a keypad with five keys, which is a keyboard to the machine.

use super::*;

/// `XK_Return`, `XK_Up` and `XK_Down` of X11.
const SELECT: u32 = 0xff0d;
const PREVIOUS: u32 = 0xff52;
const NEXT: u32 = 0xff54;

impl Kiosk<'_> {
    /// Presses a key, and waits until the page is at rest.
    async fn hears(&self, key: u32) {
        self.hall.visitor.presses_key(key).expect("a keyboard");
        self.sees_still(CONTENT).await;
    }
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn five_keys_lead_a_customer_through_the_real_window_to_a_number() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.looks_on();
    kiosk.shows_what_a_fresh_one_would("the businesses").await;

    eventually("the keys go to the kiosk's window", async || {
        let whose = hall.visitor.keys_go_to().map_err(|error| format!("{error:#}"))?;
        if whose == Some(kiosk.window.pid) { Ok(()) } else { Err(format!("{whose:?}")) }
    })
    .await;

    // The first press only shows where the keys are: at the page's first words.
    let before = kiosk.sees_still(CONTENT).await;
    kiosk.hears(NEXT).await;
    assert!(kiosk.sees(CONTENT) != before, "no ring is seen");
    // The group 办理, and its first business.
    for _card in 0..2 {
        kiosk.hears(NEXT).await;
        kiosk.hears(SELECT).await;
    }
    assert_eq!(hall.waiting().await.expect("the hall"), []);
    // Backwards over the bar, whose button for speech is there when the machine can speak, to what stands above it.
    let bar = 5 + usize::from(kiosk::speech::Programs::find().is_ok());
    for _step in 0..=bar {
        kiosk.hears(PREVIOUS).await;
    }
    let confirming = kiosk.sees_still(NUMBER).await;
    kiosk.hears(SELECT).await;
    kiosk.sees_other_than(NUMBER, &confirming).await;
    assert_eq!(hall.gives(1).await[0].service, "open_account");
}
