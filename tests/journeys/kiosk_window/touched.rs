//! A customer touches, once or twice.

use super::*;

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn the_window_has_the_whole_screen_and_never_goes_dark_also_without_a_window_manager() {
    let hall = Hall::opens().await;
    assert_ne!(hall.visitor.goes_dark_after_s().expect("a display"), 0, "it would go dark by itself");
    let kiosk = hall.kiosk().await;
    let window = eventually("the window is as large as the screen", async || {
        let windows = hall.visitor.windows(TITLE).map_err(|error| format!("{error:#}"))?;
        let whole = windows.iter().find(|one| (one.x, one.y, one.width, one.height) == (0, 0, 1080, 1920));
        whole.copied().ok_or_else(|| format!("{windows:?}"))
    })
    .await;
    assert_eq!(window.pid, kiosk.window.pid);
    assert_eq!(hall.visitor.goes_dark_after_s().expect("a display"), 0);
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_card_and_confirm_give_one_number_however_often_they_are_touched() {
    let hall = Hall::opens().await;
    let kiosk = hall.kiosk().await;
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    for card in [GROUP, PAYMENT] {
        let before = kiosk.sees_still(CONTENT).await;
        kiosk.touches_twice(card).await;
        kiosk.looks_on();
        kiosk.sees_other_than(CONTENT, &before).await;
    }
    let confirming = kiosk.sees_still(NUMBER).await;
    kiosk.touches_twice(CONFIRM).await;
    kiosk.looks_on();
    kiosk.sees_other_than(NUMBER, &confirming).await;
    let ticket = hall.gives(1).await.remove(0);
    assert_eq!((ticket.number.as_str(), ticket.service.as_str()), ("A001", "payment"));
    // The second touch has had its time, and neither took another number nor left this one behind.
    let number = kiosk.sees_still(NUMBER).await;
    assert!(kiosk.alike(&kiosk.fresh_page().await) < ALIKE, "the ticket's page is gone");
    assert_eq!(kiosk.sees(NUMBER), number);
    assert_eq!(hall.waiting().await.expect("the hall").len(), 1);
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_screen_that_its_driver_cannot_turn_is_told_and_stays_as_it_is() {
    let hall = Hall::opens().await;
    let log = hall.home.path().join("kiosk.log");
    let mut args = hall.kiosk_args();
    args.extend(["--rotate", "0"].map(OsString::from));
    let mut upright = program().opens_window(&[("DISPLAY", hall.display.name())], &log, args.clone());
    eventually("the window opens as the screen is", async || {
        let windows = hall.visitor.windows(TITLE).map_err(|error| format!("{error:#}"))?;
        if windows.is_empty() { Err(fs::read_to_string(&log).unwrap_or_default()) } else { Ok(()) }
    })
    .await;
    upright.kill().await.expect("a process to kill");

    *args.last_mut().expect("arguments") = "90".into();
    let mut turned = program().opens_window(&[("DISPLAY", hall.display.name())], &log, args);
    let status = tokio::time::timeout(PATIENCE, turned.wait()).await.expect("an end").expect("an exit code");
    let said = fs::read_to_string(&log).expect("a log");
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("the X server's driver cannot turn a screen by 90°"), "{said}");
}
