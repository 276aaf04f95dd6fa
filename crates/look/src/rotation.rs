//! A screen that hangs on its side: the picture is turned here, touches by `LIBINPUT_CALIBRATION_MATRIX`
//! (`firmware-config/udev/61-jiaohao-touch.rules`), which X11, Wayland and KMS all keep to.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::str::FromStr;

use crate::window::{System, WindowError};
use crate::x11;

/// How far the picture is turned clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// As the panel is.
    #[default]
    None,
    /// A quarter: the panel's left edge is up.
    Quarter,
    /// Upside down.
    Half,
    /// Three quarters: the panel's right edge is up.
    ThreeQuarters,
}

/// What a rotation may be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a screen is turned by 0, 90, 180 or 270 degrees")]
pub struct NoRotation;

impl Rotation {
    /// Degrees, clockwise.
    #[must_use]
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// Whether width and height change places.
    #[must_use]
    pub fn is_sideways(self) -> bool {
        match self {
            Self::None | Self::Half => false,
            Self::Quarter | Self::ThreeQuarters => true,
        }
    }
}

impl FromStr for Rotation {
    type Err = NoRotation;

    fn from_str(text: &str) -> Result<Self, NoRotation> {
        [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters]
            .into_iter()
            .find(|rotation| rotation.degrees().to_string() == text)
            .ok_or(NoRotation)
    }
}

/// How Slint's KMS backend is told, before it starts.
const OF_KMS: &str = "SLINT_KMS_ROTATION";

/// Turns the screen that windows will open on. To be called before [`crate::run_windowed`], while the process has one thread: where
/// there is no display server, it starts the same command again.
///
/// # Errors
/// [`WindowError`] when there is no display, or when its server cannot turn it; how to turn it otherwise is said.
pub fn rotate(rotation: Rotation) -> Result<(), WindowError> {
    match System::find()? {
        System::X11(_) => x11::rotate(rotation).map_err(WindowError::Rotate),
        #[cfg(feature = "wayland")]
        System::Wayland(_) => crate::wayland::rotate(rotation).map_err(WindowError::RotateWayland),
        #[cfg(not(feature = "wayland"))]
        System::Wayland(_) => Err(WindowError::NoDisplay),
        System::Kms => start_again_turned(rotation),
    }
}

fn start_again_turned(rotation: Rotation) -> Result<(), WindowError> {
    let degrees = rotation.degrees().to_string();
    let told = env::var(OF_KMS).unwrap_or_else(|_| Rotation::None.degrees().to_string());
    if told == degrees {
        return Ok(());
    }
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_default();
    let program = env::current_exe().map_err(WindowError::StartAgain)?;
    Err(WindowError::StartAgain(Command::new(program).arg0(name).args(arguments).env(OF_KMS, degrees).exec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_all_the_rotations_there_are() {
        for (text, rotation) in [
            ("0", Rotation::None),
            ("90", Rotation::Quarter),
            ("180", Rotation::Half),
            ("270", Rotation::ThreeQuarters),
        ] {
            assert_eq!(text.parse(), Ok(rotation));
        }
        for text in ["", "45", "-90", "360", "left", "090"] {
            assert_eq!(text.parse::<Rotation>(), Err(NoRotation), "{text}");
        }
    }
}
