//! A real pointer and real eyes on an X display: what a customer does to a window and sees of it, for the bench and the journeys.

pub mod kiosk;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConfigureWindowAux, ConnectionExt as _, ImageFormat,
    KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::{CURRENT_TIME, NONE};

/// The first button of a pointer, and what a touch counts as.
const BUTTON: u8 = 1;
/// Between two looks at the screen.
const GLANCE: Duration = Duration::from_millis(1);

/// An X server for one measurement or journey alone, without window manager. Dropped, it ends.
#[derive(Debug)]
pub struct PrivateDisplay {
    server: Child,
    name: String,
}

impl PrivateDisplay {
    /// Whether this machine has the server: Debian's package `xvfb`.
    #[must_use]
    pub fn is_installed() -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join("Xvfb").is_file())
    }

    /// A screen of so many pixels, in memory.
    ///
    /// # Errors
    /// When the server is not installed or does not start.
    pub fn start(width: u32, height: u32) -> anyhow::Result<Self> {
        let mut server = Command::new("Xvfb");
        server.args(["-screen", "0"]).arg(format!("{width}x{height}x24"));
        Self::of(server).context("Xvfb (Debian's package xvfb)")
    }

    /// A screen of so many pixels in a window on this one. Its server can turn the picture, and touches with it, as a panel with its
    /// touch sensor does.
    ///
    /// # Errors
    /// When the server is not installed or does not start.
    pub fn nested(&self, width: u32, height: u32) -> anyhow::Result<Self> {
        let mut server = Command::new("Xephyr");
        server.arg("-nocursor").arg("-screen").arg(format!("{width}x{height}")).env("DISPLAY", self.name());
        Self::of(server).context("Xephyr (Debian's package xserver-xephyr)")
    }

    fn of(mut server: Command) -> anyhow::Result<Self> {
        server.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"]);
        server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = server.spawn().context("starting the X server")?;
        let mut number = String::new();
        let said = server.stdout.take().context("the X server's output")?;
        // Written once the server listens; an end without it is an end of the server.
        BufReader::new(said).read_line(&mut number).context("waiting for the X server")?;
        let display = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().is_empty() {
            bail!("the X server did not start");
        }
        Ok(display)
    }

    /// What `DISPLAY` must be for its clients.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for PrivateDisplay {
    fn drop(&mut self) {
        // It has ended by itself otherwise.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Somebody who sits before a display.
pub struct Visitor {
    connection: RustConnection,
    root: Window,
}

/// A window on the screen, in pixels of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenWindow {
    /// Its process.
    pub pid: u32,
    /// The left edge.
    pub x: i16,
    /// The upper edge.
    pub y: i16,
    /// From left to right.
    pub width: u16,
    /// From top to bottom.
    pub height: u16,
}

/// A part of the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The left edge.
    pub x: i16,
    /// The upper edge.
    pub y: i16,
    /// From left to right.
    pub width: u16,
    /// From top to bottom.
    pub height: u16,
}

impl SeenWindow {
    /// Where a place of the page's design is on the screen. Pages keep their shape in any window and stand in its middle.
    #[must_use]
    pub fn place(&self, (x, y): (u32, u32), (page_width, page_height): (u32, u32)) -> (i16, i16) {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let scale = self.scale((page_width, page_height));
        let left = (width - scale * f64::from(page_width)) / 2.0;
        let top = (height - scale * f64::from(page_height)) / 2.0;
        let at =
            |edge: i16, margin: f64, place: u32| (f64::from(edge) + margin + scale * f64::from(place)).round() as i16;
        (at(self.x, left, x), at(self.y, top, y))
    }

    /// The part of the screen that shows a part of the page's design.
    #[must_use]
    pub fn area(&self, corner: (u32, u32), (width, height): (u32, u32), page: (u32, u32)) -> Area {
        let (x, y) = self.place(corner, page);
        let scale = self.scale(page);
        let side = |length: u32| (f64::from(length) * scale).round().max(1.0) as u16;
        Area { x, y, width: side(width), height: side(height) }
    }

    fn scale(&self, (page_width, page_height): (u32, u32)) -> f64 {
        (f64::from(self.width) / f64::from(page_width)).min(f64::from(self.height) / f64::from(page_height))
    }
}

impl Visitor {
    /// Sits down before a display such as `:99`.
    ///
    /// # Errors
    /// When it is not there, or lets nobody move its pointer.
    pub fn before(display: &str) -> anyhow::Result<Self> {
        let (connection, screen) =
            x11rb::connect(Some(display)).with_context(|| format!("connecting to the X server {display}"))?;
        let root = connection.setup().roots.get(screen).context("a screen of the X server")?.root;
        connection.xtest_get_version(2, 2)?.reply().context("the X server has no XTEST extension")?;
        Ok(Self { connection, root })
    }

    /// The visible windows of this title, the uppermost last.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn windows(&self, title: &str) -> anyhow::Result<Vec<SeenWindow>> {
        let name = self.connection.intern_atom(false, b"_NET_WM_NAME")?.reply()?.atom;
        let pid = self.connection.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
        let mut found = Vec::new();
        let mut unseen = vec![self.root];
        while let Some(window) = unseen.pop() {
            // A window that closes while it is looked at is not there.
            let Ok(tree) = self.connection.query_tree(window)?.reply() else { continue };
            unseen.extend(tree.children);
            let named = self.connection.get_property(false, window, name, AtomEnum::ANY, 0, 256)?.reply();
            if !named.is_ok_and(|named| named.value == title.as_bytes()) {
                continue;
            }
            let owner = self.connection.get_property(false, window, pid, AtomEnum::CARDINAL, 0, 1)?.reply();
            let owner = owner.ok().and_then(|owner| owner.value32()?.next()).unwrap_or(0);
            found.extend(self.look_at(window, owner)?);
        }
        Ok(found)
    }

    fn look_at(&self, window: Window, pid: u32) -> anyhow::Result<Option<SeenWindow>> {
        let seen = self.connection.get_window_attributes(window)?.reply();
        if !seen.is_ok_and(|seen| seen.map_state == MapState::VIEWABLE) {
            return Ok(None);
        }
        let Ok(size) = self.connection.get_geometry(window)?.reply() else { return Ok(None) };
        let Ok(place) = self.connection.translate_coordinates(window, self.root, 0, 0)?.reply() else {
            return Ok(None);
        };
        Ok(Some(SeenWindow { pid, x: place.dst_x, y: place.dst_y, width: size.width, height: size.height }))
    }

    /// Makes every window that lies on the screen itself so large, as a window manager may; how many there are.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn stretches_windows(&self, width: u32, height: u32) -> anyhow::Result<usize> {
        let size = ConfigureWindowAux::new().width(width).height(height);
        let windows = self.connection.query_tree(self.root)?.reply()?.children;
        for window in &windows {
            self.connection.configure_window(*window, &size)?.check()?;
        }
        Ok(windows.len())
    }

    /// Touches the screen and keeps the finger there.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn press(&self, (x, y): (i16, i16)) -> anyhow::Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, (x, y))?;
        self.fake(BUTTON_PRESS_EVENT, BUTTON, (0, 0))
    }

    /// Lifts the finger where it is.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn release(&self) -> anyhow::Result<()> {
        self.fake(BUTTON_RELEASE_EVENT, BUTTON, (0, 0))
    }

    /// Touches a place of the screen and lets go.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn tap(&self, place: (i16, i16)) -> anyhow::Result<()> {
        self.press(place)?;
        self.release()
    }

    /// Moves the finger, if it is down, or the pointer.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn move_to(&self, place: (i16, i16)) -> anyhow::Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, place)
    }

    /// The process whose window the keys go to; none when they go to whatever is under the pointer.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn keys_go_to(&self) -> anyhow::Result<Option<u32>> {
        let focus = self.connection.get_input_focus()?.reply()?.focus;
        let pid = self.connection.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
        let owner = self.connection.get_property(false, focus, pid, AtomEnum::CARDINAL, 0, 1)?.reply();
        Ok(owner.ok().and_then(|owner| owner.value32()?.next()))
    }

    /// Presses a key of the keyboard, by its symbol (`XK_Down` is 0xff54), and lets go.
    ///
    /// # Errors
    /// When the keyboard has no such key, or the X server is gone.
    pub fn presses_key(&self, symbol: u32) -> anyhow::Result<()> {
        let setup = self.connection.setup();
        let first = setup.min_keycode;
        let count = setup.max_keycode.saturating_sub(first).saturating_add(1);
        let keys = self.connection.get_keyboard_mapping(first, count)?.reply()?;
        let mut symbols = keys.keysyms.chunks(usize::from(keys.keysyms_per_keycode).max(1));
        let key = symbols.position(|key| key.first() == Some(&symbol));
        let code = key.and_then(|key| first.checked_add(u8::try_from(key).ok()?));
        let code = code.with_context(|| format!("a keyboard with the symbol {symbol:#x}"))?;
        self.fake(KEY_PRESS_EVENT, code, (0, 0))?;
        self.fake(KEY_RELEASE_EVENT, code, (0, 0))
    }

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> anyhow::Result<()> {
        self.connection.xtest_fake_input(kind, detail, CURRENT_TIME, NONE, x, y, 0)?.check()?;
        Ok(())
    }

    /// What a part of the screen shows, four bytes a pixel.
    ///
    /// # Errors
    /// When the part is not all on the screen, or the X server is gone.
    pub fn sees(&self, area: Area) -> anyhow::Result<Vec<u8>> {
        let Area { x, y, width, height } = area;
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?;
        Ok(image.reply().with_context(|| format!("looking at {area:?}"))?.data)
    }

    /// After how many seconds without a touch the screen goes dark; 0 when it never does.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn goes_dark_after_s(&self) -> anyhow::Result<u16> {
        Ok(self.connection.get_screen_saver()?.reply()?.timeout)
    }

    /// Looks at a part of the screen until it is as wanted; what it shows then.
    ///
    /// # Errors
    /// When it has not become so within `limit`.
    pub fn watches(
        &self,
        area: Area,
        limit: Duration,
        mut wanted: impl FnMut(&[u8]) -> bool,
    ) -> anyhow::Result<Vec<u8>> {
        let begun = Instant::now();
        loop {
            let seen = self.sees(area)?;
            if wanted(&seen) {
                return Ok(seen);
            }
            if begun.elapsed() > limit {
                bail!("{area:?} did not change as expected within {limit:?}");
            }
            std::thread::sleep(GLANCE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: (u32, u32) = (1080, 1920);

    #[test]
    fn a_place_of_the_design_is_found_in_a_window_of_any_shape() {
        let whole = SeenWindow { pid: 1, x: 0, y: 0, width: 1080, height: 1920 };
        assert_eq!(whole.place((540, 1630), PAGE), (540, 1630));
        let wide = SeenWindow { pid: 1, x: 10, y: 20, width: 1920, height: 960 };
        // Half as large, in the middle of the window.
        assert_eq!(wide.place((0, 0), PAGE), (10 + 690, 20));
        assert_eq!(wide.area((540, 960), (100, 50), PAGE), Area { x: 10 + 960, y: 20 + 480, width: 50, height: 25 });
    }
}
