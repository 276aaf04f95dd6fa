//! A panel that hangs on its side, on an X server whose driver can turn the picture: Xephyr, which shows its screen in a window.

use std::io::{BufRead, BufReader};
use std::process::{Child as Server, Command};

use super::panel::Panel;
use super::*;

/// The panel is square, because Xephyr cannot exchange the sides of its screen; the page stands in its middle.
const SIDE: u32 = 1920;

/// An X server that turns pictures, and touches with them, as a panel with its touch sensor does.
struct Turning {
    server: Server,
    name: String,
}

impl Turning {
    fn on(display: &PrivateDisplay) -> Self {
        let mut server = Command::new("Xephyr")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-nocursor", "-screen"])
            .arg(format!("{SIDE}x{SIDE}"))
            .env("DISPLAY", display.name())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("Xephyr; tests/run installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("its output")).read_line(&mut number).expect("a display's number");
        Self { server, name: format!(":{}", number.trim()) }
    }
}

impl Drop for Turning {
    fn drop(&mut self) {
        // It has ended by itself otherwise.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[tokio::test]
#[ignore = "needs Xephyr; tests/run has it"]
async fn a_panel_on_its_side_shows_the_page_upright_and_takes_touches_where_it_shows_them() {
    let mut hall = Hall::before_a_screen_of((SIDE, SIDE));
    hall.comes_back().await;
    let server = Turning::on(&hall.display);
    let log = hall.home.path().join("kiosk.log");
    // Each time it is turned from where it was: also back, upside down and upright.
    for degrees in [90, 270, 180, 0] {
        let mut args = hall.kiosk_args();
        args.extend(["--rotate".into(), degrees.to_string().into()]);
        let mut kiosk = program().opens_window(&[("DISPLAY", &server.name)], &log, args);
        let panel = Panel { hall: &hall, glass: (SIDE, SIDE), degrees };
        panel.shows_its_page().await;
        assert_eq!(panel.gives_a_number().await, "payment");
        kiosk.kill().await.expect("a process to kill");
    }
}
