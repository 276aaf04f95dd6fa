//! Opening a window, and saying what is missing when there is none.

use crate::fontless::is_fontless;
use crate::fonts::{self, FontError};
use crate::fullscreen;
use crate::pulse::Pulse;
use crate::x11::{self, Server};
use slint::{ComponentHandle, PlatformError, Timer, TimerMode};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

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
    /// There is no display server to draw on.
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
    /// The display server refused, or is not there.
    #[error("opening a window on {display}")]
    Open {
        /// Which display.
        display: String,
        /// What the window library said.
        #[source]
        source: PlatformError,
    },
    /// fontconfig is installed and finds no font, which the window library does not survive.
    #[error("fontconfig is installed without any font; on Debian: apt install fonts-dejavu-core")]
    NoFonts,
    /// The window library gave up without saying why; its message went to the standard error output.
    #[error("the window library failed on {display}")]
    Panicked {
        /// Which display.
        display: String,
    },
    /// The bundled font was not accepted.
    #[error("preparing the fonts of the window")]
    Font(#[from] FontError),
    /// The window or its event loop failed.
    #[error("running the window")]
    Run(#[source] PlatformError),
    /// The X server did not turn its screen.
    #[error("turning the screen")]
    Rotate(#[source] x11::RotateError),
    /// The Wayland compositor did not turn its screen.
    #[cfg(feature = "wayland")]
    #[error("turning the screen")]
    RotateWayland(#[source] crate::wayland::TurnError),
    /// The command could not be started again with the screen turned.
    #[error("starting again with the screen turned")]
    StartAgain(#[source] io::Error),
}

impl WindowError {
    /// Whether it may be otherwise at the next try: an open window failed, or its display server is not there now.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Run(_) | Self::StartAgain(_) => true,
            Self::NoDisplay
            | Self::MissingLibraries { .. }
            | Self::Open { .. }
            | Self::NoFonts
            | Self::Panicked { .. }
            | Self::Font(_)
            | Self::Rotate(_) => false,
            #[cfg(feature = "wayland")]
            Self::RotateWayland(_) => false,
        }
    }
}

/// What windows open on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum System {
    /// The value of `DISPLAY`.
    X11(String),
    /// The value of `WAYLAND_DISPLAY`.
    Wayland(String),
    /// The graphics card itself.
    Kms,
}

impl System {
    /// What there is to open windows on, in the order of the window library.
    pub(crate) fn find() -> Result<Self, WindowError> {
        let named = |name| std::env::var(name).ok().filter(|name| !name.is_empty());
        Self::choose(named("WAYLAND_DISPLAY"), named("DISPLAY"))
    }

    fn choose(wayland: Option<String>, x11: Option<String>) -> Result<Self, WindowError> {
        match (wayland, x11) {
            (Some(display), _) if cfg!(feature = "wayland") => Ok(Self::Wayland(display)),
            (_, Some(display)) => Ok(Self::X11(display)),
            (_, None) if cfg!(feature = "kms") => Ok(Self::Kms),
            (_, None) => Err(WindowError::NoDisplay),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::X11(display) => format!("DISPLAY {display}"),
            Self::Wayland(display) => format!("WAYLAND_DISPLAY {display}"),
            Self::Kms => "the graphics card".to_owned(),
        }
    }

    fn backend(&self) -> &'static str {
        match self {
            Self::X11(_) | Self::Wayland(_) => "winit",
            Self::Kms => "linuxkms",
        }
    }
}

/// Whether there is a display server that windows can open on.
#[must_use]
pub fn has_display() -> bool {
    match System::find() {
        Ok(System::X11(_) | System::Wayland(_)) => true,
        // A hall does not take the console away from whoever works at it.
        Ok(System::Kms) | Err(_) => false,
    }
}

/// How large the window opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSize {
    /// The whole screen, without decoration, pointer or sleep; for the appliance. Without a display server always.
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
/// live as long as the window (models, timers) beside it. While the window is open, its loop tells whoever watches over this process
/// that it turns ([`Pulse`]), and a panic on any thread ends the process: a window of which half is dead must be started again.
///
/// # Errors
/// [`WindowError`]; a missing display or a missing library says what to do.
pub fn run_windowed<C, Keep, F>(size: WindowSize, build: F) -> Result<(), WindowError>
where
    C: ComponentHandle + 'static,
    F: FnOnce() -> Result<(C, Keep), PlatformError>,
{
    let system = System::find()?;
    open_platform(&system)?;
    fonts::register()?;
    let (component, _keep) = build().map_err(|source| WindowError::Open { display: system.name(), source })?;
    let _full = match size {
        WindowSize::FullScreen => fullscreen::fill(&component, &system),
        WindowSize::Logical { width, height } => {
            let (width, height) = fit((width, height), desktop());
            component.window().set_size(slint::LogicalSize::new(width as f32, height as f32));
            None
        }
    };
    let _true = crate::repaint::keep_true(&component);
    let _pulse = beat();
    end_with_any_thread();
    component.run().map_err(WindowError::Run)
}

/// Says that the window's loop turns, from its first turn on, for as long as the timer lives.
fn beat() -> Option<Timer> {
    let pulse = match Pulse::from_environment() {
        Ok(pulse) => Rc::new(pulse?),
        Err(error) => {
            tracing::warn!(%error, "nobody hears that this window lives");
            return None;
        }
    };
    Timer::single_shot(Duration::ZERO, {
        let pulse = Rc::clone(&pulse);
        move || {
            pulse.ready();
            pulse.alive();
        }
    });
    let timer = Timer::default();
    timer.start(TimerMode::Repeated, pulse.every(), move || pulse.alive());
    Some(timer)
}

fn end_with_any_thread() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        std::process::abort();
    }));
}

/// The size of the X11 desktop in pixels; `None` when it does not say.
fn desktop() -> Option<(u32, u32)> {
    Server::connect().ok()?.size_px().ok()
}

/// The largest size of the same shape that leaves a tenth of the desktop for the window manager, and is not above what was asked.
fn fit((width, height): (u32, u32), desktop: Option<(u32, u32)>) -> (u32, u32) {
    let Some((wide, high)) = desktop else { return (width, height) };
    let room = |side: u32, of: u32| f64::from(of) * 0.9 / f64::from(side.max(1));
    let scale = room(width, wide).min(room(height, high)).min(1.0);
    let scaled = |side: u32| (f64::from(side) * scale) as u32;
    (scaled(width).max(1), scaled(height).max(1))
}

fn open_platform(system: &System) -> Result<(), WindowError> {
    // winit's X11 code panics when one of its libraries is missing, so both ways out lead to the same question.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        slint::BackendSelector::new()
            .backend_name(system.backend().to_owned())
            .renderer_name("software".to_owned())
            .select()
    }));
    let failure = match opened {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(source)) => WindowError::Open { display: system.name(), source },
        Err(_panic) if is_fontless() => return Err(WindowError::NoFonts),
        Err(_panic) => WindowError::Panicked { display: system.name() },
    };
    if !matches!(system, System::X11(_)) {
        return Err(failure);
    }
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
    fn windows_open_on_what_this_program_was_built_for() {
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(System::choose(None, named(":0")).expect("a display"), System::X11(":0".to_owned()));
        let both = System::choose(named("wayland-0"), named(":0")).expect("a display");
        assert_eq!(matches!(both, System::Wayland(_)), cfg!(feature = "wayland"));
        assert_eq!(System::choose(None, None).is_ok(), cfg!(feature = "kms"));
    }

    #[test]
    fn a_library_that_nobody_has_is_not_installed() {
        assert!(!is_installed("libnosuchthing-jiaohao.so.9"));
    }
}
