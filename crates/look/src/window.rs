//! Opening a window, and saying what is missing when there is none.

use crate::fontless::is_fontless;
use crate::fonts::{self, FontError};
use slint::{ComponentHandle, PlatformError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use x11rb::connection::Connection;

/// What X11 windows load at run time: the file that is looked for, and the Debian package that has it.
const LIBRARIES: [(&str, &str); 5] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];

/// Where Debian keeps shared libraries, beside the loader's own cache.
const LIBRARY_FOLDERS: [&str; 6] = [
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/arm-linux-gnueabihf",
];

/// Why no window could be opened.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// `DISPLAY` is not set: there is no X server to draw on.
    #[error(
        "no display: DISPLAY is not set (start this from a graphical session, or use --picture FILE for a picture)"
    )]
    NoDisplay,
    /// Libraries that are loaded at run time are not installed.
    #[error("the libraries of X11 windows are not installed; on Debian: apt install {}", packages.join(" "))]
    MissingLibraries {
        /// Names of the Debian packages.
        packages: Vec<&'static str>,
    },
    /// The X server refused, or is not there.
    #[error("opening a window on DISPLAY {display}")]
    Open {
        /// The value of `DISPLAY`.
        display: String,
        /// What the window library said.
        #[source]
        source: PlatformError,
    },
    /// fontconfig is installed and finds no font, which the window library does not survive.
    #[error("fontconfig is installed without any font; on Debian: apt install fonts-dejavu-core")]
    NoFonts,
    /// The window library gave up without saying why; its message went to the standard error output.
    #[error("the window library failed on DISPLAY {display}")]
    Panicked {
        /// The value of `DISPLAY`.
        display: String,
    },
    /// The bundled font was not accepted.
    #[error("preparing the fonts of the window")]
    Font(#[from] FontError),
    /// The window or its event loop failed.
    #[error("running the window")]
    Run(#[source] PlatformError),
}

/// How large the window opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSize {
    /// The whole screen, without decoration; for the appliance. Needs a window manager.
    FullScreen,
    /// A window on a desktop, in logical pixels; the page scales to fit.
    Logical {
        /// Pixels before the desktop's scale.
        width: u32,
        /// Pixels before the desktop's scale.
        height: u32,
    },
}

/// Opens the window of an application and runs it until it is closed.
///
/// `build` creates the component after the platform and the fonts are ready, and connects it; it may hand back anything that must
/// live as long as the window (models, timers) beside it.
///
/// # Errors
/// [`WindowError`]; a missing display or a missing library says what to do.
pub fn run_windowed<C, Keep, F>(size: WindowSize, build: F) -> Result<(), WindowError>
where
    C: ComponentHandle + 'static,
    F: FnOnce() -> Result<(C, Keep), PlatformError>,
{
    let display = std::env::var("DISPLAY").ok().filter(|name| !name.is_empty()).ok_or(WindowError::NoDisplay)?;
    open_platform(&display)?;
    fonts::register()?;
    let (component, _keep) = build().map_err(|source| WindowError::Open { display, source })?;
    match size {
        WindowSize::FullScreen => component.window().set_fullscreen(true),
        WindowSize::Logical { width, height } => {
            let (width, height) = fit((width, height), desktop());
            component.window().set_size(slint::LogicalSize::new(width as f32, height as f32));
        }
    }
    let _true = crate::repaint::keep_true(&component);
    component.run().map_err(WindowError::Run)
}

/// The size of the X11 desktop in pixels; `None` when it does not say.
fn desktop() -> Option<(u32, u32)> {
    let (connection, screen) = x11rb::connect(None).ok()?;
    let root = connection.setup().roots.get(screen)?;
    Some((root.width_in_pixels.into(), root.height_in_pixels.into()))
}

/// The largest size of the same shape that leaves a tenth of the desktop for the window manager, and is not above what was asked.
fn fit((width, height): (u32, u32), desktop: Option<(u32, u32)>) -> (u32, u32) {
    let Some((wide, high)) = desktop else { return (width, height) };
    let room = |side: u32, of: u32| f64::from(of) * 0.9 / f64::from(side.max(1));
    let scale = room(width, wide).min(room(height, high)).min(1.0);
    let scaled = |side: u32| (f64::from(side) * scale) as u32;
    (scaled(width).max(1), scaled(height).max(1))
}

fn open_platform(display: &str) -> Result<(), WindowError> {
    // winit's X11 code panics when one of its libraries is missing, so both ways out lead to the same question.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        slint::BackendSelector::new().backend_name("winit".to_owned()).renderer_name("software".to_owned()).select()
    }));
    let failure = match opened {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(source)) => WindowError::Open { display: display.to_owned(), source },
        Err(_panic) if is_fontless() => return Err(WindowError::NoFonts),
        Err(_panic) => WindowError::Panicked { display: display.to_owned() },
    };
    let packages = missing_packages(is_installed);
    Err(if packages.is_empty() { failure } else { WindowError::MissingLibraries { packages } })
}

fn missing_packages(is_installed: impl Fn(&str) -> bool) -> Vec<&'static str> {
    LIBRARIES.iter().filter(|(file, _)| !is_installed(file)).map(|&(_, package)| package).collect()
}

/// Whether the loader would find the file: its cache lists names as plain text, and folders of its search path are looked into.
pub(crate) fn is_installed(file: &str) -> bool {
    let searched = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    if std::env::split_paths(&searched).any(|folder| folder.join(file).exists())
        || LIBRARY_FOLDERS.iter().any(|folder| Path::new(folder).join(file).exists())
    {
        return true;
    }
    std::fs::read("/etc/ld.so.cache")
        .is_ok_and(|cache| cache.windows(file.len()).any(|window| window == file.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_keeps_its_shape_and_fits_the_desktop() {
        assert_eq!(fit((540, 960), Some((1280, 720))), (364, 648));
        assert_eq!(fit((540, 960), Some((1920, 1200))), (540, 960));
        assert_eq!(fit((540, 960), None), (540, 960));
    }

    #[test]
    fn a_missing_library_is_named_by_its_debian_package() {
        assert_eq!(missing_packages(|file| file != "libXi.so.6"), ["libxi6"]);
        assert!(missing_packages(|_| true).is_empty());
        let error = WindowError::MissingLibraries { packages: missing_packages(|_| false) };
        assert_eq!(
            error.to_string(),
            "the libraries of X11 windows are not installed; on Debian: \
             apt install libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0"
        );
    }

    #[test]
    fn a_library_that_nobody_has_is_not_installed() {
        assert!(!is_installed("libnosuchthing-jiaohao.so.9"));
    }
}
