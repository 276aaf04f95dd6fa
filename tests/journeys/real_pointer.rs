//! The whole program on a display, touched by a real pointer.

use std::path::Path;
use std::time::Duration;

use client::Client;
use hall_tests::eventually;
use jiaohao::access::token_from;
use jiaohao::display::kiosk::{CONFIRM, GROUP, PAGE, PAYMENT, TITLE};
use rustix::process::Signal;
use tokio::process::Command;
use wire::{PrintState, Role};

use crate::program;

/// Nobody touches a page before having seen it; touches that are faster are taken for the second half of a double one.
const READING: Duration = Duration::from_millis(800);

async fn xdotool(args: &[&str]) -> Result<String, String> {
    // Titles are written as UTF-8 only where the locale says so.
    let run = Command::new("xdotool").args(args).env("LC_ALL", "C.UTF-8").output().await;
    let output = run.map_err(|error| format!("xdotool: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{args:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// A window with its size in pixels.
struct Window {
    id: String,
    width: u32,
    height: u32,
}

impl Window {
    async fn find(title: &str) -> Result<Self, String> {
        // xdotool's patterns know no Chinese; its names do.
        let mut found = None;
        for id in xdotool(&["search", "--onlyvisible", "--name", "."]).await?.lines() {
            if xdotool(&["getwindowname", id]).await.is_ok_and(|name| name == title) {
                found = Some(id.to_owned());
            }
        }
        let id = found.ok_or("no such window")?;
        let geometry = xdotool(&["getwindowgeometry", "--shell", &id]).await?;
        let value = |name: &str| {
            let line = geometry.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.parse().ok()).ok_or_else(|| geometry.clone())
        };
        Ok(Self { id, width: value("WIDTH=")?, height: value("HEIGHT=")? })
    }

    /// Presses and releases the pointer's button over a place of the design. Pages keep their shape in any window.
    async fn click(&self, (x, y): (u32, u32)) {
        let scale = (f64::from(self.width) / f64::from(PAGE.0)).min(f64::from(self.height) / f64::from(PAGE.1));
        let left = (f64::from(self.width) - scale * f64::from(PAGE.0)) / 2.0;
        let top = (f64::from(self.height) - scale * f64::from(PAGE.1)) / 2.0;
        let at = |offset: f64, place: u32| format!("{:.0}", offset + scale * f64::from(place));
        xdotool(&["windowactivate", "--sync", &self.id]).await.expect("the window in front");
        let (x, y) = (at(left, x), at(top, y));
        xdotool(&["mousemove", "--sync", "--window", &self.id, &x, &y, "click", "1"]).await.expect("a click");
    }
}

#[tokio::test]
#[ignore = "needs a display; tests/run gives it one"]
async fn clicks_on_the_kiosks_window_give_one_number_on_paper() {
    let display = std::env::var("DISPLAY").expect("DISPLAY, with a window manager on it; tests/run starts both");
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let args = ["hall", "--listen", "127.0.0.1:0"];
    let mut hall = program()
        .start_with(&data, args, |command| {
            command.env("DISPLAY", display);
        })
        .await;
    let supervisor = client(hall.url(), &data);

    let window = eventually("the kiosk's window is there", async || {
        Window::find(TITLE).await.map_err(|error| format!("{error}\n{}{}", hall.printed(), hall.log()))
    })
    .await;
    // The page shows its cards once it has reached the broker; until then a click finds nothing to choose.
    let ticket = eventually("a number was given", async || {
        for part in [GROUP, PAYMENT, CONFIRM] {
            window.click(part.middle()).await;
            tokio::time::sleep(READING).await;
        }
        tokio::time::timeout(Duration::from_secs(2), first_waiting(&supervisor)).await.map_err(|_| hall.log())
    })
    .await;
    assert_eq!(
        (ticket.number.as_str(), ticket.service.as_str(), ticket.kiosk.as_deref()),
        ("A001", "payment", Some("kiosk-1"))
    );
    eventually("it is printed", async || {
        let print = supervisor.ticket(ticket.id).await.expect("the ticket").ticket.print;
        if print == Some(PrintState::Printed) { Ok(()) } else { Err(format!("{print:?}")) }
    })
    .await;
    // One customer, one number: a click beside everything takes none.
    window.click((540, 100)).await;
    assert_eq!(supervisor.hall().await.expect("the hall").waiting.len(), 1);

    let (status, took) = hall.ends_on(Signal::INT, Duration::from_secs(5)).await;
    assert_eq!(status.code(), Some(0), "after {took:?}\n{}", hall.log());
    eventually("its windows are closed", async || match Window::find(TITLE).await {
        Ok(window) => Err(format!("window {} is still there", window.id)),
        Err(_) => Ok(()),
    })
    .await;
}

fn client(url: &str, data: &Path) -> Client {
    let token = token_from(&data.join("access.toml"), Role::Supervisor).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

async fn first_waiting(supervisor: &Client) -> wire::TicketView {
    eventually("somebody waits", async || {
        let hall = supervisor.hall().await.map_err(|error| error.to_string())?;
        hall.waiting.into_iter().next().ok_or_else(|| "nobody".to_owned())
    })
    .await
}
