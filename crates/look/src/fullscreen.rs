//! A window that has the screen to itself: as large as the screen with or without a window manager, without pointer, never dark.

use crate::window::System;
use crate::x11::Server;
use slint::{ComponentHandle, PhysicalPosition, PhysicalSize, Timer, TimerMode, Window};
use std::error::Error;
use std::time::Duration;
use x11rb::errors::ReplyError;

/// How soon a window follows a monitor that was plugged in or turned, or a window manager that came later.
const EVERY: Duration = Duration::from_secs(2);

/// Makes the window of this component as large as the screen and keeps it so, for as long as the timer lives.
pub(crate) fn fill<C: ComponentHandle + 'static>(component: &C, system: &System) -> Option<Timer> {
    match system {
        System::X11(_) => match Server::connect() {
            Ok(server) => Some(fill_x11(component, server)),
            Err(error) => {
                component.window().set_fullscreen(true);
                warn("hiding the pointer and keeping the screen lit", &error);
                None
            }
        },
        System::Wayland(_) => {
            component.window().set_fullscreen(true);
            hide_pointer_of_wayland(component)
        }
        // There is nothing beside the window, and no pointer.
        System::Kms => None,
    }
}

fn fill_x11<C: ComponentHandle + 'static>(component: &C, server: Server) -> Timer {
    if let Err(error) = server.hide_pointer() {
        warn("hiding the pointer", &error);
    }
    if let Err(error) = server.stay_lit() {
        warn("keeping the screen lit", &error);
    }
    let mut place = Place::Unknown;
    let mut keep = move |window: &Window| match place.follow(&server, window) {
        Ok(now) => place = now,
        Err(error) => warn("filling the screen", &error),
    };
    keep(component.window());
    let timer = Timer::default();
    let weak = component.as_weak();
    timer.start(TimerMode::Repeated, EVERY, move || {
        if let Some(component) = weak.upgrade() {
            keep(component.window());
        }
    });
    timer
}

/// Who sees to it that the window fills the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Unknown,
    /// The window manager.
    Managed,
    /// This process: the window lies over a screen of this size.
    Alone((u32, u32)),
}

impl Place {
    fn follow(self, server: &Server, window: &Window) -> Result<Self, ReplyError> {
        let now = if server.has_window_manager()? { Self::Managed } else { Self::Alone(server.size_px()?) };
        match now {
            Self::Managed if now != self => window.set_fullscreen(true),
            Self::Alone((width, height)) => {
                if now != self {
                    window.set_position(PhysicalPosition::new(0, 0));
                    window.set_size(PhysicalSize::new(width, height));
                }
                server.focus_own_window()?;
            }
            Self::Managed | Self::Unknown => {}
        }
        Ok(now)
    }
}

/// The pages ask for no other pointer than the usual one, so that hiding it once, when the window is there, is enough.
#[cfg(feature = "wayland")]
fn hide_pointer_of_wayland<C: ComponentHandle + 'static>(component: &C) -> Option<Timer> {
    use slint::winit_030::WinitWindowAccessor;

    let timer = Timer::default();
    let weak = component.as_weak();
    timer.start(TimerMode::Repeated, EVERY, move || {
        if let Some(component) = weak.upgrade() {
            component.window().with_winit_window(|window| window.set_cursor_visible(false));
        }
    });
    Some(timer)
}

#[cfg(not(feature = "wayland"))]
fn hide_pointer_of_wayland<C: ComponentHandle>(_component: &C) -> Option<Timer> {
    None
}

/// A screen with a pointer on it is worth showing.
fn warn(what: &str, error: &(dyn Error + 'static)) {
    tracing::warn!(error, "{what} did not work");
}
