//! The hall watches over its windows.

use super::*;

/// What was promised: a crashed window is there again within this.
const BACK_WITHIN: Duration = Duration::from_secs(3);
/// A window that has said nothing for so long is killed.
const SILENT: Duration = Duration::from_secs(5);

/// A hall with its windows.
async fn with_windows() -> Hall {
    let mut hall = Hall::before_opening();
    let name = hall.display.name().to_owned();
    let running = program()
        .start_with(&hall.data(), ["hall", "--listen", "127.0.0.1:0"], |command| {
            command.env("DISPLAY", name);
        })
        .await;
    hall.listen = running.address().to_owned();
    hall.running = Some(running);
    hall
}

/// The kiosk's window of another process than `before`.
async fn window_after(hall: &Hall, before: Option<u32>, limit: Duration) -> (SeenWindow, Duration) {
    let begun = Instant::now();
    loop {
        let windows = hall.visitor.windows(TITLE).expect("a display");
        if let Some(window) = windows.iter().find(|window| Some(window.pid) != before) {
            return (*window, begun.elapsed());
        }
        assert!(begun.elapsed() < limit, "after {:?}: {windows:?}\n{}", begun.elapsed(), hall.running().log());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_window_that_crashes_or_hangs_is_there_again_on_its_first_page() {
    let mut hall = with_windows().await;
    let (window, _) = window_after(&hall, None, PATIENCE).await;
    let kiosk = Kiosk { hall: &hall, child: None, window };
    // The hall's other windows may lie over this one, and over none that opens after them.
    kiosk.is_sent(Signal::KILL);
    let (window, took) = window_after(&hall, Some(kiosk.window.pid), PATIENCE).await;
    assert!(took < BACK_WITHIN, "it took {took:?}");
    let kiosk = Kiosk { hall: &hall, child: None, window };
    kiosk.shows_what_a_fresh_one_would("the businesses").await;

    // Its loop stands still; the window is still there, and dead.
    kiosk.is_sent(Signal::STOP);
    let (window, took) = window_after(&hall, Some(kiosk.window.pid), SILENT + BACK_WITHIN + PATIENCE).await;
    assert!(took > SILENT - Duration::from_secs(2), "it was given {took:?} only");
    assert!(took < SILENT + BACK_WITHIN, "it took {took:?}");
    let kiosk = Kiosk { hall: &hall, child: None, window };
    kiosk.shows_what_a_fresh_one_would("the businesses").await;
    assert!(hall.running().printed().contains("window failed, opened again"), "{}", hall.running().printed());

    let running = hall.running.as_mut().expect("a running hall");
    let (status, took) = running.ends_on(Signal::INT, PATIENCE).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", running.log());
    eventually("its windows are closed", async || {
        let windows = hall.visitor.windows(TITLE).map_err(|error| format!("{error:#}"))?;
        if windows.is_empty() { Ok(()) } else { Err(format!("{windows:?}")) }
    })
    .await;
}
