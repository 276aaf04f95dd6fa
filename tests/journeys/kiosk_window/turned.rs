//! A panel that hangs on its side, on an X server whose driver can turn the picture: Xephyr, which shows its screen in a window.

use super::panel::Panel;
use super::*;

/// The panel is square, because Xephyr cannot exchange the sides of its screen; the page stands in its middle.
const SIDE: u32 = 1920;

#[tokio::test]
#[ignore = "needs Xephyr; tests/run has it"]
async fn a_panel_on_its_side_shows_the_page_upright_and_takes_touches_where_it_shows_them() {
    let mut hall = Hall::before_a_screen_of((SIDE, SIDE));
    hall.comes_back().await;
    let server = hall.display.nested(SIDE, SIDE).expect("Xephyr; tests/run installs it");
    let log = hall.home.path().join("kiosk.log");
    // Each time it is turned from where it was: also back, upside down and upright.
    for degrees in [90, 270, 180, 0] {
        let mut args = hall.kiosk_args();
        args.extend(["--rotate".into(), degrees.to_string().into()]);
        let mut kiosk = program().opens_window(&[("DISPLAY", server.name())], &log, args);
        let panel = Panel { hall: &hall, glass: (SIDE, SIDE), degrees };
        panel.shows_its_page().await;
        assert_eq!(panel.gives_a_number().await, "payment");
        kiosk.kill().await.expect("a process to kill");
    }
}
