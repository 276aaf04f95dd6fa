//! The kiosk alone under cage, the compositor of its unit file: the whole screen, no pointer, and touches that count.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Child as Server, Command, Stdio};

use rustix::process::geteuid;

use super::panel::Panel;
use super::*;

/// Cage refuses to be run by root.
const NOBODY: u32 = 65_534;

/// A compositor whose screen is a window on an X server, drawn without a graphics card.
struct Cage {
    process: Server,
    room: TempDir,
}

impl Cage {
    /// On a display, its picture turned by so many quarters counter-clockwise.
    fn on(display: &PrivateDisplay, quarters: u16) -> Self {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::set_permissions(room.path(), Permissions::from_mode(0o700)).expect("a folder of its own");
        let mut command = if geteuid().is_root() {
            chown(room.path(), Some(NOBODY), Some(NOBODY)).expect("a folder of somebody else");
            let mut command = Command::new("setpriv");
            let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
            command.args(ids).arg("cage");
            command
        } else {
            Command::new("cage")
        };
        command.arg("-d").args(std::iter::repeat_n("-r", quarters.into())).args(["--", "sleep", "infinity"]);
        command.env("DISPLAY", display.name()).env("XDG_RUNTIME_DIR", room.path());
        command.env("WLR_BACKENDS", "x11").env("WLR_RENDERER", "pixman").env_remove("WAYLAND_DISPLAY");
        let log = fs::File::create(room.path().join("cage.log")).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self { process: command.spawn().expect("cage; tests/run installs it"), room }
    }

    /// The name of its display, once it is there.
    async fn display(&self) -> String {
        let socket = self.room.path().join("wayland-0");
        eventually("cage is there", async || {
            let said = || fs::read_to_string(self.room.path().join("cage.log")).unwrap_or_default();
            if socket.exists() { Ok(()) } else { Err(said()) }
        })
        .await;
        socket.to_str().expect("a path").to_owned()
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        // It has ended by itself otherwise.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The kiosk's page on a panel of this size, turned by cage, and a number that somebody takes there.
async fn a_number_is_taken(glass: (u32, u32), quarters: u16) {
    let mut hall = Hall::before_a_screen_of(glass);
    hall.comes_back().await;
    let cage = Cage::on(&hall.display, quarters);
    let display = cage.display().await;
    // Its screen is a window, and follows the size of that as if another panel were plugged in.
    eventually("cage has a screen", async || match hall.visitor.stretches_windows(glass.0, glass.1) {
        Ok(0) => Err("no window".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{error:#}")),
    })
    .await;
    let log = hall.home.path().join("kiosk.log");
    let mut kiosk = program().opens_window(&[("WAYLAND_DISPLAY", &display)], &log, hall.kiosk_args());
    let panel = Panel { hall: &hall, glass, degrees: (4 - quarters) % 4 * 90 };
    panel.shows_its_page().await;
    assert_eq!(panel.gives_a_number().await, "payment");
    assert_eq!(kiosk.try_wait().expect("a process"), None, "{}", fs::read_to_string(&log).unwrap_or_default());
    kiosk.kill().await.expect("a process to kill");
}

#[tokio::test]
#[ignore = "needs cage; tests/run has it"]
async fn a_portrait_panel_under_cage_shows_the_page_and_gives_a_number() {
    a_number_is_taken(PAGE, 0).await;
}

#[tokio::test]
#[ignore = "needs cage; tests/run has it"]
async fn a_landscape_panel_that_cage_turns_shows_the_page_upright_and_gives_a_number() {
    for quarters in [1, 3] {
        a_number_is_taken((PAGE.1, PAGE.0), quarters).await;
    }
}
