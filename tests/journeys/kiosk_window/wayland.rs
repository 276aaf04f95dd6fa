//! The kiosk alone under cage, the compositor of its unit file: the whole screen, no pointer, and touches that count.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Child as Server, Command, Stdio};

use rustix::process::geteuid;

use super::panel::Panel;
use super::*;

/// Compositors refuse to be run by root.
const NOBODY: u32 = 65_534;
const SWAY_CONFIGURATION: &str = "sway.conf";

/// A compositor whose screen is a window on an X server, drawn without a graphics card.
struct Compositor {
    process: Server,
    room: TempDir,
}

impl Compositor {
    /// Cage, its picture turned by so many quarters counter-clockwise.
    fn cage(display: &PrivateDisplay, quarters: u16) -> Self {
        let turns = std::iter::repeat_n("-r", quarters.into());
        Self::start(display, "cage", ["-d"].into_iter().chain(turns).chain(["--", "sleep", "infinity"]))
    }

    /// Sway, which lets windows turn its screen, as later versions of cage do.
    fn sway(display: &PrivateDisplay) -> Self {
        Self::start(display, "sway", ["-c", SWAY_CONFIGURATION])
    }

    fn start<'a>(display: &PrivateDisplay, program: &str, args: impl IntoIterator<Item = &'a str>) -> Self {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::set_permissions(room.path(), Permissions::from_mode(0o700)).expect("a folder of its own");
        fs::write(room.path().join(SWAY_CONFIGURATION), "xwayland disable\ndefault_border none\n").expect("a file");
        let mut command = if geteuid().is_root() {
            chown(room.path(), Some(NOBODY), Some(NOBODY)).expect("a folder of somebody else");
            let mut command = Command::new("setpriv");
            let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
            command.args(ids).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(args).current_dir(room.path());
        command.env("DISPLAY", display.name()).env("XDG_RUNTIME_DIR", room.path());
        command.env("WLR_BACKENDS", "x11").env("WLR_RENDERER", "pixman").env_remove("WAYLAND_DISPLAY");
        let log = fs::File::create(room.path().join("log")).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self { process: command.spawn().expect("cage and sway; tests/run installs them"), room }
    }

    /// What it has in its folder once it is there: the only file whose name begins so and does not end so.
    async fn has(&self, beginning: &str, end: &str) -> String {
        let path = eventually(format!("{beginning} is there"), async || {
            let files = fs::read_dir(self.room.path()).expect("a folder").map(|file| file.expect("a file").path());
            let mut names = files.filter_map(|path| path.into_os_string().into_string().ok());
            let found = names.find(|path| path.contains(&format!("/{beginning}")) && !path.ends_with(end));
            found.ok_or_else(|| fs::read_to_string(self.room.path().join("log")).unwrap_or_default())
        });
        path.await
    }

    /// The name of its display.
    async fn display(&self) -> String {
        self.has("wayland-", ".lock").await
    }

    /// Sway is told something; its answer.
    async fn is_told(&self, words: &[&str]) -> String {
        let socket = self.has("sway-ipc.", ".lock").await;
        let told = Command::new("swaymsg").args(["-r", "-s", &socket]).args(words).output().expect("swaymsg");
        assert!(told.status.success(), "{told:?}");
        String::from_utf8(told.stdout).expect("text")
    }

    /// Waits until so many of sway's screens are turned so.
    async fn has_turned(&self, screens: usize, transform: &str) {
        let wanted = format!(r#""transform": "{transform}""#);
        eventually(format!("{screens} screens have {wanted}"), async || {
            let outputs = self.is_told(&["-t", "get_outputs"]).await;
            if outputs.matches(&wanted).count() == screens { Ok(()) } else { Err(outputs) }
        })
        .await;
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        // It has ended by itself otherwise.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether this cage turns its screen itself, and lets no window do so: 0.1.4 and earlier.
fn cage_turns_by_itself() -> bool {
    let told = Command::new("cage").arg("-h").output().expect("cage; tests/run installs it");
    [told.stdout, told.stderr].iter().any(|said| String::from_utf8_lossy(said).contains(" -r"))
}

/// The compositor's screen is a window, and follows the size of that as if another panel were plugged in.
async fn plugs_in(hall: &Hall, glass: (u32, u32)) {
    eventually("the compositor has a screen", async || match hall.visitor.stretches_windows(glass.0, glass.1) {
        Ok(0) => Err("no window".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{error:#}")),
    })
    .await;
}

/// The kiosk's page on a panel of this size, turned clockwise under cage, and a number that somebody takes there.
async fn a_number_is_taken_under_cage(glass: (u32, u32), degrees: u16) {
    let mut hall = Hall::before_a_screen_of(glass);
    hall.comes_back().await;
    let mut args = hall.kiosk_args();
    let quarters = if cage_turns_by_itself() {
        (360 - degrees) % 360 / 90
    } else {
        args.extend(["--rotate".into(), degrees.to_string().into()]);
        0
    };
    let cage = Compositor::cage(&hall.display, quarters);
    let display = cage.display().await;
    plugs_in(&hall, glass).await;
    let log = hall.home.path().join("kiosk.log");
    let mut kiosk = program().opens_window(&[("WAYLAND_DISPLAY", &display)], &log, args);
    let panel = Panel { hall: &hall, glass, degrees };
    panel.shows_its_page().await;
    assert_eq!(panel.gives_a_number().await, "payment");
    assert_eq!(kiosk.try_wait().expect("a process"), None, "{}", fs::read_to_string(&log).unwrap_or_default());
    kiosk.kill().await.expect("a process to kill");
}

#[tokio::test]
#[ignore = "needs cage; tests/run has it"]
async fn a_portrait_panel_under_cage_shows_the_page_and_gives_a_number() {
    a_number_is_taken_under_cage(PAGE, 0).await;
}

#[tokio::test]
#[ignore = "needs cage; tests/run has it"]
async fn a_landscape_panel_turned_under_cage_shows_the_page_upright_and_gives_a_number() {
    for degrees in [90, 270] {
        a_number_is_taken_under_cage((PAGE.1, PAGE.0), degrees).await;
    }
}

#[tokio::test]
#[ignore = "needs sway; tests/run has it"]
async fn a_compositor_that_lets_windows_turn_its_screen_is_told_to_also_when_another_is_plugged_in() {
    let glass = (PAGE.1, PAGE.0);
    let mut hall = Hall::before_a_screen_of(glass);
    hall.comes_back().await;
    let sway = Compositor::sway(&hall.display);
    let display = sway.display().await;
    plugs_in(&hall, glass).await;
    let log = hall.home.path().join("kiosk.log");
    let mut screens = 1;
    // Sway counts clockwise, as we do.
    for (degrees, transform) in [(90, "90"), (270, "270"), (0, "normal")] {
        let mut args = hall.kiosk_args();
        args.extend(["--rotate".into(), degrees.to_string().into()]);
        let mut kiosk = program().opens_window(&[("WAYLAND_DISPLAY", &display)], &log, args);
        let panel = Panel { hall: &hall, glass, degrees };
        if screens == 1 {
            panel.shows_its_page().await;
            assert_eq!(panel.gives_a_number().await, "payment");
        }
        sway.has_turned(screens, transform).await;
        sway.is_told(&["create_output"]).await;
        screens += 1;
        sway.has_turned(screens, transform).await;
        kiosk.kill().await.expect("a process to kill");
    }
}

#[tokio::test]
#[ignore = "needs cage; tests/run has it"]
async fn a_compositor_that_lets_nobody_turn_its_screen_is_told_of_with_the_mend() {
    if !cage_turns_by_itself() {
        println!("this cage lets windows turn its screen");
        return;
    }
    let hall = Hall::opens().await;
    let cage = Compositor::cage(&hall.display, 0);
    let display = cage.display().await;
    let log = hall.home.path().join("kiosk.log");
    let mut args = hall.kiosk_args();
    args.extend(["--rotate".into(), "90".into()]);
    let mut kiosk = program().opens_window(&[("WAYLAND_DISPLAY", &display)], &log, args);
    let status = tokio::time::timeout(PATIENCE, kiosk.wait()).await.expect("an end").expect("an exit code");
    let said = fs::read_to_string(&log).expect("a log");
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("lets no window turn its screen (cage before 0.1.5 turns it by -r)"), "{said}");
}
