//! What an X server is asked for a window that has the screen to itself.

use crate::rotation::Rotation;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectError, ConnectionError, ReplyError};
use x11rb::protocol::randr::{self, ConnectionExt as _, GetCrtcInfoReply, SetConfig};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, Blanking, ConnectionExt as _, Exposures, InputFocus, MapState, Screen, Window,
};
use x11rb::protocol::{dpms, xfixes};
use x11rb::rust_connection::RustConnection;
use x11rb::{CURRENT_TIME, NONE};

/// A connection of its own to the X server. What it asks for lasts as long as the connection.
pub(crate) struct Server {
    connection: RustConnection,
    screen: usize,
}

/// Why the X server did not turn its screen.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The server is not there.
    #[error("connecting to the X server")]
    Connect(#[from] ConnectError),
    /// The connection broke.
    #[error("talking to the X server")]
    Connection(#[from] ConnectionError),
    /// The server refused a request.
    #[error("asking the X server to turn its screen")]
    Refused(#[from] ReplyError),
    /// No output of the server shows anything.
    #[error("the X server shows nothing on any output: see `xrandr`")]
    NothingLit,
    /// The driver of the graphics card cannot turn.
    #[error("the X server's driver cannot turn a screen by {degrees}°; hang the panel upright or use another driver")]
    CannotTurn {
        /// Degrees, clockwise.
        degrees: u16,
    },
    /// The server said no without saying why.
    #[error("the X server did not turn its screen: {0:?}")]
    Failed(SetConfig),
}

impl Server {
    pub(crate) fn connect() -> Result<Self, ConnectError> {
        let (connection, screen) = x11rb::connect(None)?;
        Ok(Self { connection, screen })
    }

    fn screen(&self) -> &Screen {
        &self.connection.setup().roots[self.screen]
    }

    fn root(&self) -> Window {
        self.screen().root
    }

    /// The screen's size in pixels as it is now: a monitor may have been plugged in since.
    pub(crate) fn size_px(&self) -> Result<(u32, u32), ReplyError> {
        let root = self.connection.get_geometry(self.root())?.reply()?;
        Ok((root.width.into(), root.height.into()))
    }

    /// Whether a window manager is there, which alone knows how to make a window as large as the screen and keep it so.
    pub(crate) fn has_window_manager(&self) -> Result<bool, ReplyError> {
        // It names a window of its own that names itself: one that died leaves the first name behind only.
        let name = self.connection.intern_atom(false, b"_NET_SUPPORTING_WM_CHECK")?.reply()?.atom;
        let Some(check) = self.number(self.root(), name, AtomEnum::WINDOW)? else { return Ok(false) };
        Ok(self.number(check, name, AtomEnum::WINDOW).is_ok_and(|named| named == Some(check)))
    }

    /// Keys go to the window of this process: without a window manager nobody else gives it the focus.
    pub(crate) fn focus_own_window(&self) -> Result<(), ReplyError> {
        let name = self.connection.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
        for window in self.connection.query_tree(self.root())?.reply()?.children {
            let seen = self.connection.get_window_attributes(window)?.reply();
            let visible = seen.is_ok_and(|seen| seen.map_state == MapState::VIEWABLE);
            if visible && self.number(window, name, AtomEnum::CARDINAL)? == Some(std::process::id()) {
                self.connection.set_input_focus(InputFocus::POINTER_ROOT, window, CURRENT_TIME)?.check()?;
            }
        }
        Ok(())
    }

    fn number(&self, window: Window, name: Atom, kind: AtomEnum) -> Result<Option<u32>, ReplyError> {
        let property = self.connection.get_property(false, window, name, kind, 0, 1)?.reply()?;
        Ok(property.value32().and_then(|mut values| values.next()))
    }

    /// Hides the pointer on the whole screen, over whatever window.
    pub(crate) fn hide_pointer(&self) -> Result<(), ReplyError> {
        xfixes::query_version(&self.connection, 4, 0)?.reply()?;
        xfixes::hide_cursor(&self.connection, self.root())?.check()
    }

    /// What shows something, and how.
    fn lit(&self, crtcs: &[randr::Crtc], at: u32) -> Result<Vec<(randr::Crtc, GetCrtcInfoReply)>, ReplyError> {
        let mut lit = Vec::new();
        for &crtc in crtcs {
            let shown = self.connection.randr_get_crtc_info(crtc, at)?.reply()?;
            if shown.mode != NONE {
                lit.push((crtc, shown));
            }
        }
        Ok(lit)
    }

    /// Neither the screen saver nor power saving darkens the screen: `xset s off -dpms`.
    pub(crate) fn stay_lit(&self) -> Result<(), ReplyError> {
        let saver = self.connection.set_screen_saver(0, 0, Blanking::NOT_PREFERRED, Exposures::NOT_ALLOWED)?;
        saver.check()?;
        let saves_power = self.connection.extension_information(dpms::X11_EXTENSION_NAME)?.is_some();
        if saves_power && dpms::capable(&self.connection)?.reply()?.capable {
            dpms::disable(&self.connection)?.check()?;
        }
        Ok(())
    }
}

/// Turns every output that shows something, and makes the screen as wide as what they show.
pub(crate) fn rotate(rotation: Rotation) -> Result<(), RotateError> {
    let server = Server::connect()?;
    let connection = &server.connection;
    connection.randr_query_version(1, 3)?.reply()?;
    let known = connection.randr_get_screen_resources_current(server.root())?.reply()?;
    let mut at = known.config_timestamp;
    let mut lit = server.lit(&known.crtcs, at)?;
    if lit.is_empty() {
        // A server that has not looked at its outputs yet; looking takes its time.
        let probed = connection.randr_get_screen_resources(server.root())?.reply()?;
        at = probed.config_timestamp;
        lit = server.lit(&probed.crtcs, at)?;
    }
    if lit.is_empty() {
        return Err(RotateError::NothingLit);
    }
    let wanted = of_randr(rotation);
    if lit.iter().all(|(_, shown)| shown.rotation == wanted) {
        return Ok(());
    }
    if !lit.iter().all(|(_, shown)| shown.rotations.contains(wanted)) {
        return Err(RotateError::CannotTurn { degrees: rotation.degrees() });
    }
    let root = server.screen();
    let before = (root.width_in_pixels, root.height_in_pixels);
    let turned = server.show(&lit, extent(&lit, rotation), at, |_| wanted);
    if turned.is_err() {
        // Better as it was than dark. What made the first attempt fail is the better message.
        let _ = server.show(&lit, before, at, |shown| shown.rotation);
    }
    turned
}

impl Server {
    /// Makes the screen of this size, and lights what was lit, turned as wanted.
    fn show(
        &self,
        lit: &[(randr::Crtc, GetCrtcInfoReply)],
        (width, height): (u16, u16),
        at: u32,
        turned: impl Fn(&GetCrtcInfoReply) -> randr::Rotation,
    ) -> Result<(), RotateError> {
        // An output must fit the screen at any moment, so they are dark while the screen changes its shape.
        for (crtc, _) in lit {
            configure(&self.connection, *crtc, at, 0, 0, NONE, randr::Rotation::ROTATE0, &[])?;
        }
        let screen = self.screen();
        let millimetres = |px: u16, of_px: u16, mm: u16| u32::from(px) * u32::from(mm) / u32::from(of_px.max(1));
        let mm_width = millimetres(width, screen.width_in_pixels, screen.width_in_millimeters);
        let mm_height = millimetres(height, screen.height_in_pixels, screen.height_in_millimeters);
        self.connection.randr_set_screen_size(screen.root, width, height, mm_width, mm_height)?.check()?;
        for (crtc, shown) in lit {
            configure(&self.connection, *crtc, at, shown.x, shown.y, shown.mode, turned(shown), &shown.outputs)?;
        }
        Ok(())
    }
}

#[expect(clippy::too_many_arguments, reason = "they are those of the request")]
fn configure(
    connection: &RustConnection,
    crtc: randr::Crtc,
    at: u32,
    x: i16,
    y: i16,
    mode: randr::Mode,
    rotation: randr::Rotation,
    outputs: &[randr::Output],
) -> Result<(), RotateError> {
    let answer =
        connection.randr_set_crtc_config(crtc, CURRENT_TIME, at, x, y, mode, rotation, outputs)?.reply()?.status;
    if answer == SetConfig::SUCCESS { Ok(()) } else { Err(RotateError::Failed(answer)) }
}

/// How wide and high the screen must be for all outputs once they are turned.
fn extent(lit: &[(randr::Crtc, GetCrtcInfoReply)], rotation: Rotation) -> (u16, u16) {
    let sides = lit.iter().map(|(_, shown)| {
        let is_sideways =
            shown.rotation.contains(randr::Rotation::ROTATE90) || shown.rotation.contains(randr::Rotation::ROTATE270);
        let (width, height) = if is_sideways == rotation.is_sideways() {
            (shown.width, shown.height)
        } else {
            (shown.height, shown.width)
        };
        (shown.x.unsigned_abs() + width, shown.y.unsigned_abs() + height)
    });
    sides.fold((1, 1), |(wide, high), (right, bottom)| (wide.max(right), high.max(bottom)))
}

/// `RandR` counts anticlockwise.
fn of_randr(rotation: Rotation) -> randr::Rotation {
    match rotation {
        Rotation::None => randr::Rotation::ROTATE0,
        Rotation::Quarter => randr::Rotation::ROTATE270,
        Rotation::Half => randr::Rotation::ROTATE180,
        Rotation::ThreeQuarters => randr::Rotation::ROTATE90,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(x: i16, width: u16, height: u16, rotation: randr::Rotation) -> (randr::Crtc, GetCrtcInfoReply) {
        let shown = GetCrtcInfoReply {
            status: SetConfig::SUCCESS,
            sequence: 0,
            length: 0,
            timestamp: 0,
            x,
            y: 0,
            width,
            height,
            mode: 1,
            rotation,
            rotations: rotation,
            outputs: Vec::new(),
            possible: Vec::new(),
        };
        (1, shown)
    }

    #[test]
    fn a_screen_takes_the_shape_of_the_panels_that_were_turned() {
        let flat = output(0, 1920, 1080, randr::Rotation::ROTATE0);
        assert_eq!(extent(std::slice::from_ref(&flat), Rotation::Quarter), (1080, 1920));
        assert_eq!(extent(std::slice::from_ref(&flat), Rotation::Half), (1920, 1080));
        let turned = output(0, 1080, 1920, randr::Rotation::ROTATE90);
        assert_eq!(extent(std::slice::from_ref(&turned), Rotation::ThreeQuarters), (1080, 1920));
        assert_eq!(extent(std::slice::from_ref(&turned), Rotation::None), (1920, 1080));
    }
}
